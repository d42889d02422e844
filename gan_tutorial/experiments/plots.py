"""Plots of experiments: runs on the ring, comparisons with the baseline, grids of learning rates."""

from typing import Any

import numpy as np
from keras import Model
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from ..data import make_points
from ..plots import BLUE, GREEN, ORANGE, RED, plot_landscape, plot_points
from ..sampling import generate_images
from ..translations import figure_words
from .analysis import BASELINE, RATIOS, Comparison, compare, means
from .ring import RingRun

_MOMENTS = 4
_COLOURS = {"better": BLUE, "worse": RED, "diverged": RED, BASELINE: "black"}
_MARKS = {"better": "+ ", "worse": "− ", "diverged": "✗ "}


def plot_ring_runs(runs: dict[str, RingRun], figure: Figure | None = None) -> Figure:
    """A row for each run, by its title: its points at four moments, the discriminator's landscape, the logits over time.

    `figure` is the matplotlib figure to draw into, None for a new one.
    """
    if figure is None:
        import matplotlib.pyplot as plt

        figure = plt.figure(figsize=(10.5, 1.95 * len(runs)), layout="constrained")
    ring, words = make_points("ring", 1500).images, figure_words()
    grid = figure.subplots(len(runs), _MOMENTS + 2, squeeze=False, width_ratios=(*[1] * (_MOMENTS + 1), 1.5))
    for axes, (title, run) in zip(grid, runs.items()):
        moments = np.linspace(0, len(run.frames) - 1, _MOMENTS + 1).astype(int)[1:]
        for axis, moment in zip(axes, moments):
            plot_points(
                axis, ring, run.frames[moment][:400], title=words["figure_at_step"].format(step=run.steps[moment])
            )
        plot_landscape(axes[-2], run.discriminator, run.data[:1500], run.frames[-1][:150], title=words["figure_end"])
        axes[0].set_ylabel(title, fontsize=9)
        _plot_logits(axes[-1], run)
    return figure


def _plot_logits(axis: Axes, run: RingRun) -> None:
    words = figure_words()
    axis.plot(run.steps, run.history["real_logit"], color=GREEN, label=words["figure_real"])
    axis.plot(run.steps, run.history["fake_logit"], color=ORANGE, linestyle="--", label=words["figure_generated"])
    axis.set_title(words["figure_ring_logits"].format(**run.metrics), size=8)
    low, high = axis.get_ylim()
    axis.set_ylim(low, high + 0.2 * (high - low))  # room for the legend above the curves
    axis.legend(frameon=False, fontsize=7, loc="upper right", ncols=2)
    axis.set_xlabel(words["figure_step"], size=7)
    axis.tick_params(labelsize=7)
    axis.spines[["top", "right"]].set_visible(False)


def plot_gradient_norms(norms: dict[str, float], generator: Model, discriminator: Model, figure: Figure) -> Figure:
    """What `generator_gradient_norms` found: the discriminator's landscape, and the norm of each loss's gradient."""
    left, right = figure.subplots(1, 2, width_ratios=(1, 2))
    points = generate_images(generator, 150, seed=0)
    words = figure_words()
    plot_landscape(left, discriminator, make_points("ring", 1500).images, points, title=words["figure_white"])
    names = [name.replace("_", "-") for name in norms]
    bars = right.barh(names, list(norms.values()), color=[BLUE, ORANGE], height=0.5)
    right.bar_label(bars, fmt=" %.2g", fontsize=9)
    right.set(xscale="log", xlim=(1e-4, 1e3))
    right.set_title(words["figure_gradient_norm"], fontsize=9)
    right.invert_yaxis()
    right.spines[["top", "right"]].set_visible(False)
    return figure


def plot_comparisons(axis: Axes, result: dict[str, Any], number: str | None = None, title: str | None = None) -> None:
    """A row for each variant, the best on top: a dot for each seed, a bar at their mean, the baseline as a line.

    Blue: better than the baseline by the rule of `compare`; red: worse; grey: unclear, or too small to matter. A thin line
    is the interval at the level at which Holm's correction tests the comparison: where it crosses the baseline, nothing is
    coloured. For distances the mean is the geometric one.
    """
    number = number or result["answer"]
    comparisons = compare(result, number)
    base = next(c.value for c in comparisons if c.verdict == BASELINE)
    everything = [r[number] for r in result["rows"] if number in r]
    low, high = min(everything), max(everything)
    # An interval may leave the picture.
    margin = (high / low) ** 0.04 if number in RATIOS else 0.04 * (high - low) or 1.0
    axis.set_xlim((low / margin, high * margin) if number in RATIOS else (low - margin, high + margin))
    for row, c in enumerate(comparisons):
        values = [r[number] for r in result["rows"] if r["variant"] == c.variant and number in r]
        colour = _COLOURS.get(c.verdict, "0.55")
        axis.scatter(values, [row] * len(values), s=14, color=colour, alpha=0.6, linewidth=0)
        if c.verdict not in (BASELINE, "diverged"):
            axis.plot(_interval(c, base, number), [row, row], color=colour, linewidth=0.9)
        axis.plot([c.value] * 2, [row - 0.32, row + 0.32], color=colour, linewidth=2.5)
    axis.axvline(base, color="black", linewidth=0.7, linestyle=":")
    axis.set_yticks(range(len(comparisons)), [_MARKS.get(c.verdict, "") + c.variant for c in comparisons], fontsize=8)
    axis.set_ylim(len(comparisons) - 0.5, -0.5)
    axis.set_xlabel(figure_words().get(f"figure_{number}", number), fontsize=8)
    axis.tick_params(axis="x", labelsize=8)
    axis.set_title(title or result["question"], fontsize=9)
    axis.spines[["top", "right"]].set_visible(False)


def _interval(c: Comparison, base: float, number: str) -> tuple[float, float]:
    return (base * c.low, base * c.high) if number in RATIOS else (base + c.low, base + c.high)


def plot_rates(axis: Axes, result: dict[str, Any], number: str | None = None) -> AxesImage:
    """The grid of learning rates as a map: one square for each pair, its number in it."""
    pairs = {}
    for name, value in means(result, number or result["answer"]).items():
        if name != BASELINE:
            changes = result["variants"][name]
            pairs[changes["generator_learning_rate"], changes["discriminator_learning_rate"]] = value
    g_rates, d_rates = (sorted(set(rates)) for rates in zip(*pairs))
    table = np.array([[pairs[g, d] for d in d_rates] for g in g_rates])
    image = axis.imshow(table, origin="lower", cmap="cividis_r")
    for (i, j), value in np.ndenumerate(table):
        colour = "white" if value > np.nanmean(table) else "black"
        axis.text(j, i, f"{value:.2f}", ha="center", va="center", fontsize=8, color=colour)
    axis.set_xticks(range(len(d_rates)), [f"{rate:g}" for rate in d_rates], fontsize=8)
    axis.set_yticks(range(len(g_rates)), [f"{rate:g}" for rate in g_rates], fontsize=8)
    words = figure_words()
    axis.set(xlabel=words["figure_discriminator_rate"], ylabel=words["figure_generator_rate"])
    return image
