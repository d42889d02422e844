"""A slider for the cause of a failure on the ring: move it, and the GAN is trained again."""

import time
from typing import Any

import ipywidgets as widgets
from matplotlib.figure import Figure

from .. import experiments
from ..data.validation import find
from ..plots import figure_bytes
from .strings import STRINGS

#: A failure of the loss rather than of a training: see `generator_gradient_norms`.
_VANISHING = "vanishing"


def ring_lab(name: str, value: float | None = None, steps: int = 2000) -> widgets.VBox:
    """Train on the ring with the cause of a failure as the slider says; see `experiments.FAILURES`.

    `name` is "oscillation", "collapse", "vanishing", "winning" or "memorization"; `value` the slider's first position, None
    for the most harmful. A training of `steps` steps takes a few seconds; what was trained once is kept. Returns a widget;
    its `controls` hold "cause", "state" and "picture".
    """
    causes = {key: (failure.setting, failure.values) for key, failure in experiments.FAILURES.items()}
    causes[_VANISHING] = ("head_start", experiments.HEAD_STARTS)
    setting, values = find("failure", name, causes)
    drawn: dict[float, tuple[bytes, float]] = {}
    cause = widgets.SelectionSlider(
        options=values, value=values[-1] if value is None else value, description=STRINGS[setting], continuous_update=False,
        style={"description_width": "130px"}, layout={"width": "460px"},
    )  # fmt: skip
    state = widgets.Label()
    picture = widgets.Image(format="png", layout={"max_width": "1000px"})

    def redraw(change: Any = None) -> None:
        chosen = cause.value
        if chosen not in drawn:
            state.value = STRINGS["training"]
            start = time.perf_counter()
            drawn[chosen] = figure_bytes(_draw(name, chosen, steps)), time.perf_counter() - start
        picture.value, seconds = drawn[chosen]
        state.value = STRINGS["trained"].format(steps=chosen if name == _VANISHING else steps, seconds=seconds)

    cause.observe(redraw, "value")
    redraw()
    box = widgets.VBox([widgets.HBox([cause, state]), picture])
    box.controls = {"cause": cause, "state": state, "picture": picture}
    return box


def _draw(name: str, value: Any, steps: int) -> Figure:
    if name == _VANISHING:
        figure = Figure(figsize=(7.5, 2.3), dpi=90, layout="constrained")
        return experiments.plot_gradient_norms(*experiments.generator_gradient_norms(value), figure)
    figure = Figure(figsize=(10.5, 2.1), dpi=90, layout="constrained")
    return experiments.plot_ring_runs({f"{value:g}": experiments.ring_failure(name, value, steps)}, figure)
