"""A slider for the number of samples: what it does to the two distances."""

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from ..captions import CAPTIONS
from ..evaluation.distances import frechet_distance, frechet_infinity, kernel_distance
from ..plots import BLUE, GREEN, ORANGE, PURPLE, RED, figure_bytes

_SIZES = (50, 100, 200, 500, 1000, 2000, 5000)
_DRAWS = 8
_MARKS = "o^sDv"


def sample_size(real, others, value=200):
    """Fréchet and kernel distance of several sets to the real one, from as many samples as the slider says.

    Each dot is one random draw; the line marks what all samples give:
    `frechet_infinity`, and the kernel distance.

    Args:
        real: features (n, k).
        others: dict from name to features (m, k).
        value: number of samples at first.

    Returns a widget; its `controls` hold "size" and "picture".
    """
    least = min(map(len, (real, *others.values())))
    sizes = [size for size in _SIZES if size <= least]
    if not sizes:
        raise ValueError(f"at least {_SIZES[0]} samples of each are needed, but there are {least}")
    limits = {
        name: (frechet_infinity(real, fake), kernel_distance(real, fake, subset_size=least // 4)[0])
        for name, fake in others.items()
    }
    slider = widgets.SelectionSlider(
        options=sizes, value=min(value, sizes[-1]), description=CAPTIONS["sample_size"], layout={"width": "420px"}
    )
    picture = widgets.Image(format="png", layout={"max_width": "800px"})

    def redraw(change=None):
        picture.value = _draw(real, others, limits, slider.value)

    slider.observe(redraw, "value")
    redraw()
    box = widgets.VBox([slider, picture])
    box.controls = {"size": slider, "picture": picture}
    return box


def _draw(real, others, limits, size):
    figure = Figure(figsize=(9, 0.7 + 0.6 * len(others)), dpi=85, layout="constrained")
    axes = figure.subplots(1, 2, sharey=True)
    for axis, place, title in zip(axes, (0, 1), ("distance_frechet", "distance_kernel")):
        for row, (name, fake) in enumerate(others.items()):
            colour = (BLUE, ORANGE, GREEN, RED, PURPLE)[row % 5]
            values = _draws(real, fake, size)[:, place]
            axis.plot([limits[name][place]] * 2, [row - 0.35, row + 0.35], color=colour, linewidth=2)
            axis.scatter(values, np.full(_DRAWS, row), s=22, color=colour, marker=_MARKS[row % 5], alpha=0.7)
        axis.set_title(CAPTIONS[title], fontsize=9)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_yticks(range(len(others)), list(others))
    axes[0].set_ylim(len(others) - 0.5, -0.5)
    return figure_bytes(figure)


def _draws(real, fake, size):
    """Both distances (draws, 2) from random samples of a size."""
    rng = np.random.default_rng(size)
    pairs = ((_pick(real, size, rng), _pick(fake, size, rng)) for _ in range(_DRAWS))
    return np.array([(frechet_distance(r, f), kernel_distance(r, f, subset_size=size)[0]) for r, f in pairs])


def _pick(features, size, rng):
    return features[rng.choice(len(features), size, replace=False)]
