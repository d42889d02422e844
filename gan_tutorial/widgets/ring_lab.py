"""A slider for the cause of a failure on the ring: move it, and the GAN is trained anew."""

import time

import ipywidgets as widgets
from matplotlib.figure import Figure

from ..captions import CAPTIONS
from ..experiments import FAILURES, HEAD_STARTS, generator_pull, plot_pull, plot_ring_runs, ring_failure
from ..plots import figure_bytes

#: A failure of the loss rather than of a training: see `generator_pull`.
_VANISHING = "vanishing"


def ring_lab(name, value=None, steps=2000):
    """Train on the ring with the cause of a failure as the slider says; see `experiments.FAILURES`.

    A training takes a few seconds; what was trained once is kept.

    Args:
        name: "oscillation", "collapse", "vanishing", "winning" or "memory".
        value: where the slider stands at first; None for the most harmful.
        steps: of each training.

    Returns a widget; its `controls` hold "cause", "state" and "picture".
    """
    setting, values = _cause(name)
    drawn = {}
    cause = widgets.SelectionSlider(
        options=values, value=values[-1] if value is None else value, description=CAPTIONS[setting], continuous_update=False,
        style={"description_width": "130px"}, layout={"width": "460px"},
    )  # fmt: skip
    state = widgets.Label()
    picture = widgets.Image(format="png", layout={"max_width": "1000px"})

    def redraw(change=None):
        chosen = cause.value
        if chosen not in drawn:
            state.value = CAPTIONS["training"]
            start = time.perf_counter()
            drawn[chosen] = figure_bytes(_draw(name, chosen, steps)), time.perf_counter() - start
        picture.value, seconds = drawn[chosen]
        done = chosen if name == _VANISHING else steps
        state.value = CAPTIONS["trained"].format(steps=done, seconds=seconds)

    cause.observe(redraw, "value")
    redraw()
    box = widgets.VBox([widgets.HBox([cause, state]), picture])
    box.controls = {"cause": cause, "state": state, "picture": picture}
    return box


def _cause(name):
    """Which setting the slider moves, and its values from harmless to harmful."""
    if name == _VANISHING:
        return "head_start", HEAD_STARTS
    if name not in FAILURES:
        raise ValueError(f"no failure is called {name!r}; there are: {', '.join([*FAILURES, _VANISHING])}")
    return FAILURES[name].setting, FAILURES[name].values


def _draw(name, value, steps):
    if name == _VANISHING:
        figure = Figure(figsize=(7.5, 2.3), dpi=90, layout="constrained")
        return plot_pull(*generator_pull(value), figure)
    figure = Figure(figsize=(10.5, 2.1), dpi=90, layout="constrained")
    return plot_ring_runs({f"{value:g}": ring_failure(name, value, steps)}, figure)
