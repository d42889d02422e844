"""The metric bench: real images are damaged by sliders, and every metric tells what it notices."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.ndimage import gaussian_filter

from ..data import Dataset
from ..evaluation import METRICS, EvaluationContext, evaluate
from ..evaluation.features import find_extractor
from ..metrics.distances import frechet_deviation
from ..metrics.intervals import Estimate
from ..translations import figure_words
from .benches import Bench, bench
from .figures import show_grid

WORDS = figure_words()

#: Those that answer at once, in the order of the registry.
QUICK = (
    "frechet", "kernel", "gaussian_mmd", "monge", "precision", "recall", "density", "coverage", "inception_score",
    "conditional_accuracy", "pair_distance", "vendi", "nearest_features", "nearest_pixels", "authenticity",
)  # fmt: skip
_RESAMPLES = 8  # of the Fréchet distance: a slider cannot wait for more
_KNOWN = 8  # training images for each one to evaluate
_SHOWN = 48


class _QuickContext(EvaluationContext):
    @cached_property
    def frechet_deviation(self) -> float:
        return frechet_deviation(*self.equal_features, resamples=_RESAMPLES, seed=self.seed)


def metric_bench(
    train: Dataset, test: Dataset, n: int = 200, metrics: Iterable[str] | None = None, features: Any = None
) -> Bench:
    """Damage real images and see which metrics move, and how far beyond the 95 % interval of undamaged images.

    Args:
        train, test: real images with labels; those of `test` are compared and damaged, those of `train` are copied.
        n: how many images are evaluated, against as many others.
        metrics: names, None for those that are quick.
        features: as for `evaluation.find_extractor`.
    """
    if len(test) < 2 * n:
        raise ValueError(
            f"{2 * n} test images are needed, n to damage and n to compare with, but there are {len(test)}"
        )
    extractor = find_extractor(features, train.name, train.image_shape)
    reference, pool, known = test.take(slice(0, n)), test.take(slice(n, None)), train.take(slice(0, _KNOWN * n))

    def measure(data: Dataset) -> dict[str, Estimate]:
        context = _QuickContext(data.images, data.labels, known, reference, extractor)
        possible = [name for name in QUICK if METRICS[name].needs <= context.available]
        return evaluate(context, metrics or possible)

    usual = measure(pool.take(slice(0, n)))

    def draw(
        sigma: float = 0.0, blur: float = 0.0, missing: int = 0, repeats: int = 0, copies: int = 0
    ) -> tuple[Figure, str]:
        kept = pool.take(np.flatnonzero(pool.labels >= missing))
        rows = np.arange(n) % max(1, min(len(kept), round(n * (1 - repeats / 100))))
        data, count = kept.take(rows), round(n * copies / 100)
        images, labels = data.images.copy(), data.labels.copy()
        images[:count], labels[:count] = known.images[:count], known.labels[:count]
        images = gaussian_filter(images, (0, blur, blur, 0)) if blur else images
        noise = np.random.default_rng(0).normal(0, 1, images.shape).astype(np.float32)
        images = np.clip(images + sigma * noise, -1, 1)
        found = measure(Dataset(data.name, images, labels, data.class_names))
        figure = Figure(figsize=(10.4, 0.8 + 0.27 * len(found)))
        left, right = figure.subplots(1, 2, width_ratios=(1, 1.1))
        figure.subplots_adjust(left=0.01, right=0.87, wspace=0.95, bottom=0.11, top=0.93)
        order = np.random.default_rng(1).permutation(n)[:_SHOWN]
        show_grid(left, images[order], 6, WORDS["lab_damaged"])
        moved = _plot(right, usual, found)
        return figure, WORDS["lab_metrics_moved" if moved else "lab_metrics_still"].format(
            moved=WORDS["list_comma"].join(moved)
        )

    controls = {"sigma": (0.0, 0.6, 0.02), "blur": (0.0, 2.0, 0.1), "repeats": (0, 99, 1), "copies": (0, 100, 5)}
    if train.num_classes > 1:
        controls["missing"] = (0, train.num_classes - 1, 1)
    return bench(WORDS["lab_metrics"], draw, **controls)


def _plot(axis: Axes, usual: dict[str, Estimate], found: dict[str, Estimate]) -> list[str]:
    """Each metric's way from its undamaged value, in half-widths of that one's interval; returns those that left it."""
    moved = []
    axis.axvspan(_squeeze(-1), _squeeze(1), color="C5", alpha=0.15, linewidth=0)
    for row, (name, now) in enumerate(found.items()):
        before = usual[name]
        half = max((before.high - before.low) / 2, 1e-9)
        place, low, high = (_squeeze((each - before.value) / half) for each in (now.value, now.low, now.high))
        apart = now.low > before.high or now.high < before.low
        colour = "C1" if apart else "C0"
        axis.plot([low, high], [row, row], color=colour, linewidth=2.5, alpha=0.45)
        axis.plot(place, row, "D" if apart else "o", color=colour, markersize=6)
        told = f"{before.value:.3g} → {now.value:.3g}"
        axis.annotate(told, (1.02, row), xycoords=("axes fraction", "data"), va="center", fontsize=8)
        if apart:
            moved.append(METRICS[name].title)
    ticks = (-1000, -100, -10, 0, 10, 100, 1000)
    axis.set_yticks(range(len(found)), [METRICS[name].title for name in found])
    axis.set_xticks([_squeeze(tick) for tick in ticks], [f"{tick:+d}" if tick else "0" for tick in ticks], fontsize=8)
    axis.set(ylim=(len(found) - 0.4, -0.6), xlim=(_squeeze(-300), _squeeze(1000)), title=WORDS["lab_moved_by"])
    return moved


def _squeeze(x: float) -> float:
    """Linear near 0, logarithmic far away."""
    return float(np.arcsinh(x))
