"""A slider for the number of samples: what it does to the two distances."""

from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from ..metrics.distances import frechet_distance, frechet_infinity, kernel_distance
from ..plots import BLUE, GREEN, ORANGE, PURPLE, RED, figure_bytes
from .strings import STRINGS

_SIZES = (50, 100, 200, 500, 1000, 2000, 5000)
_CHOICES = 8
_COLOURS, _MARKS = (BLUE, ORANGE, GREEN, RED, PURPLE), "o^sDv"


def sample_size(real: np.ndarray, others: dict[str, np.ndarray], value: int = 200) -> widgets.VBox:
    """Fréchet and kernel distance of several sets to the real one, from as many samples as the slider says.

    Each dot is one random choice; the line marks what all samples give: `frechet_infinity`, and the kernel distance.
    `real` are features (n, k), `others` features (m, k) by name; `value` is the number of samples at first. Returns a
    widget; its `controls` hold "size" and "picture".
    """
    least = min(map(len, (real, *others.values())))
    sizes = [size for size in _SIZES if size <= least]
    if not sizes:
        raise ValueError(f"at least {_SIZES[0]} samples of each are needed, but there are {least}")
    fakes, part = list(others.values()), least // 4
    limits = [(frechet_infinity(real, fake), kernel_distance(real, fake, subset_size=part)[0]) for fake in fakes]
    slider = widgets.SelectionSlider(
        options=sizes, value=min(value, sizes[-1]), description=STRINGS["sample_size"], layout={"width": "420px"}
    )
    picture = widgets.Image(format="png", layout={"max_width": "800px"})

    def redraw(change: Any = None) -> None:
        chosen = [_measure(real, fake, slider.value) for fake in fakes]
        picture.value = figure_bytes(_plot(list(others), chosen, limits))

    slider.observe(redraw, "value")
    redraw()
    box = widgets.VBox([slider, picture])
    box.controls = {"size": slider, "picture": picture}
    return box


def _measure(real: np.ndarray, fake: np.ndarray, size: int) -> np.ndarray:
    """Both distances (choices, 2) from random samples of a size."""
    rng, distances = np.random.default_rng(size), []
    for _ in range(_CHOICES):
        r, f = (features[rng.choice(len(features), size, replace=False)] for features in (real, fake))
        distances.append((frechet_distance(r, f), kernel_distance(r, f, subset_size=size)[0]))
    return np.array(distances)


def _plot(names: list[str], chosen: list[np.ndarray], limits: list[tuple[float, float]]) -> Figure:
    figure = Figure(figsize=(9, 0.7 + 0.6 * len(names)), dpi=85, layout="constrained")
    axes = figure.subplots(1, 2, sharey=True)
    for i, (axis, title) in enumerate(zip(axes, ("distance_frechet", "distance_kernel"))):
        for row, (points, limit) in enumerate(zip(chosen, limits)):
            colour, mark = _COLOURS[row % 5], _MARKS[row % 5]
            axis.plot([limit[i]] * 2, [row - 0.35, row + 0.35], color=colour, linewidth=2)
            axis.scatter(points[:, i], np.full(_CHOICES, row), s=22, color=colour, marker=mark, alpha=0.7)
        axis.set_title(STRINGS[title], fontsize=9)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_yticks(range(len(names)), names)
    axes[0].set_ylim(len(names) - 0.5, -0.5)
    return figure
