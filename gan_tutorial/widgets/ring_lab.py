"""A slider for the cause of a failure on the ring: move it, and the GAN is trained anew."""

import time

import ipywidgets as widgets
from matplotlib.figure import Figure

from ..captions import CAPTIONS
from ..experiments import FAILURES, plot_ring_runs, ring_failure
from ..plots import figure_bytes


def ring_lab(name, value=None, steps=2000):
    """Train on the ring with the cause of a failure as the slider says; see `experiments.FAILURES`.

    A training takes a few seconds; what was trained once is kept.

    Args:
        name: "oscillation", "collapse", "winning" or "memory".
        value: where the slider stands at first; None for the most harmful.
        steps: of each training.

    Returns a widget; its `controls` hold "cause", "state" and "picture".
    """
    if name not in FAILURES:
        raise ValueError(f"no failure is called {name!r}; there are: {', '.join(FAILURES)}")
    failure, drawn = FAILURES[name], {}
    cause = widgets.SelectionSlider(
        options=failure.values, value=failure.values[-1] if value is None else value,
        description=CAPTIONS[failure.setting], continuous_update=False,
        style={"description_width": "130px"}, layout={"width": "460px"},
    )  # fmt: skip
    state = widgets.Label()
    picture = widgets.Image(format="png", layout={"max_width": "1000px"})

    def redraw(change=None):
        chosen = cause.value
        if chosen not in drawn:
            state.value = CAPTIONS["training"]
            start = time.perf_counter()
            figure = Figure(figsize=(10.5, 2.1), dpi=90, layout="constrained")
            plot_ring_runs({f"{chosen:g}": ring_failure(name, chosen, steps)}, figure)
            drawn[chosen] = figure_bytes(figure), time.perf_counter() - start
        picture.value, seconds = drawn[chosen]
        state.value = CAPTIONS["trained"].format(steps=steps, seconds=seconds)

    cause.observe(redraw, "value")
    redraw()
    box = widgets.VBox([widgets.HBox([cause, state]), picture])
    box.controls = {"cause": cause, "state": state, "picture": picture}
    return box
