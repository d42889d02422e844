"""A slider for the number of samples: what it does to the two distances."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from ..metrics.distances import frechet_distance, frechet_infinity, kernel_distance
from ..translations import figure_words
from .benches import Bench, bench

WORDS = figure_words()

_SIZES = (50, 100, 200, 500, 1000, 2000, 5000)
_CHOICES = 8
_MARKS = "o^sDv"


def sample_size(real: np.ndarray, others: dict[str, np.ndarray], value: int = 200) -> Bench:
    """Fréchet and kernel distance of several sets to the real one, from as many samples as the slider says.

    Each dot is one random choice; the line marks what all samples give: `frechet_infinity`, and the kernel distance.

    Args:
        real: features (n, k).
        others: features (m, k) by name.
        value: the number of samples at first.

    Raises ValueError for fewer than 50 samples of any.
    """
    least = min(map(len, (real, *others.values())))
    sizes = [size for size in _SIZES if size <= least]
    if not sizes:
        raise ValueError(f"at least {_SIZES[0]} samples of each are needed, but there are {least}")
    fakes, part = list(others.values()), least // 4
    limits = [(frechet_infinity(real, fake), kernel_distance(real, fake, subset_size=part)[0]) for fake in fakes]

    def draw(samples: int = min(value, sizes[-1])) -> tuple[Figure, str]:
        chosen = [_measure(real, fake, samples) for fake in fakes]
        means = WORDS["list_comma"].join(f"{name} {points[:, 0].mean():.3g}" for name, points in zip(others, chosen))
        return _plot(list(others), chosen, limits), WORDS["lab_sample_size_text"].format(samples=samples, means=means)

    return bench(WORDS["lab_sample_size"], draw, samples=sizes)


def _measure(real: np.ndarray, fake: np.ndarray, size: int) -> np.ndarray:
    """Both distances (choices, 2) from random samples of a size."""
    rng, distances = np.random.default_rng(size), []
    for _ in range(_CHOICES):
        r, f = (features[rng.choice(len(features), size, replace=False)] for features in (real, fake))
        distances.append((frechet_distance(r, f), kernel_distance(r, f, subset_size=size)[0]))
    return np.array(distances)


def _plot(names: list[str], chosen: list[np.ndarray], limits: list[tuple[float, float]]) -> Figure:
    figure = Figure(figsize=(10.4, 0.9 + 0.5 * len(names)), layout="constrained")
    axes = figure.subplots(1, 2, sharey=True)
    for i, (axis, title) in enumerate(zip(axes, ("lab_frechet", "lab_kernel"))):
        for row, (points, limit) in enumerate(zip(chosen, limits)):
            colour, mark = f"C{row % 5}", _MARKS[row % 5]
            axis.plot([limit[i]] * 2, [row - 0.35, row + 0.35], color=colour)
            axis.scatter(points[:, i], np.full(_CHOICES, row), s=24, color=colour, marker=mark, alpha=0.7)
        axis.set_title(WORDS[title])
    axes[0].set_yticks(range(len(names)), names)
    axes[0].set_ylim(len(names) - 0.5, -0.5)
    return figure
