"""Pictures of experiments: runs on the ring, comparisons with the baseline, grids of learning rates."""

import numpy as np

from ..data import make_points
from ..plots import BLUE, GREEN, ORANGE, RED, plot_landscape, plot_points
from ..sampling import generate_images
from .conclusions import BASELINE, compare, means

_MOMENTS = 4
_COLOURS = {"better": BLUE, "worse": RED, "diverged": RED, BASELINE: "black"}
_LABELS = {
    "hopping": "points that change their mode in 100 steps (share)",
    "distance": "sliced Wasserstein distance",
    "frechet": "Fréchet classifier distance",
    "error": "share of mistakes",
}


def plot_ring_runs(runs, figure=None):
    """A row for each run: its points at four moments, the discriminator's landscape, and the logits over time.

    Args:
        runs: dict from a title to a `RingRun`.
        figure: a matplotlib figure to draw into; None for a new one.

    Returns the figure.
    """
    if figure is None:
        import matplotlib.pyplot as plt

        figure = plt.figure(figsize=(10.5, 1.95 * len(runs)), layout="constrained")
    ring = make_points("ring", 1500).images
    grid = figure.subplots(len(runs), _MOMENTS + 2, squeeze=False, width_ratios=(*[1] * (_MOMENTS + 1), 1.5))
    for axes, (title, run) in zip(grid, runs.items()):
        moments = np.linspace(0, len(run.frames) - 1, _MOMENTS + 1).astype(int)[1:]
        for axis, moment in zip(axes, moments):
            plot_points(axis, ring, run.frames[moment][:400], title=f"step {run.steps[moment]}")
        plot_landscape(axes[-2], run.discriminator, run.data[:1500], run.frames[-1][:150], title="D(x) at the end")
        axes[0].set_ylabel(title, fontsize=9)
        _plot_logits(axes[-1], run)
    return figure


def plot_pull(pulls, generator, discriminator, figure):
    """What `generator_pull` found: the discriminator's landscape, and how hard each loss pulls the generator."""
    left, right = figure.subplots(1, 2, width_ratios=(1, 2))
    points = generate_images(generator, 150, seed=0)
    plot_landscape(left, discriminator, make_points("ring", 1500).images, points, title="D(x); generated points white")
    names = [name.replace("_", "-") for name in pulls]
    right.barh(names, list(pulls.values()), color=[BLUE, ORANGE], height=0.5)
    for row, value in enumerate(pulls.values()):
        right.text(value, row, f" {value:.2g}", va="center", fontsize=9)
    right.set(xscale="log", xlim=(1e-4, 1e3))
    right.set_title("length of the generator's gradient", fontsize=9)
    right.invert_yaxis()
    right.spines[["top", "right"]].set_visible(False)
    return figure


def _plot_logits(axis, run):
    axis.plot(run.steps, run.history["real_logit"], color=GREEN, label="real")
    axis.plot(run.steps, run.history["fake_logit"], color=ORANGE, linestyle="--", label="generated")
    axis.set_title(
        f"mean logits; modes {run.metrics['modes']:.1f}, hopping {run.metrics['hopping']:.0%}", fontsize=8
    )  # fmt: skip
    axis.tick_params(labelsize=7)
    axis.legend(frameon=False, fontsize=7)
    axis.spines[["top", "right"]].set_visible(False)


def plot_comparisons(axis, result, number=None, title=None):
    """A row for each variant, the best on top: a dot for each seed, a bar at their mean, the baseline as a line.

    Blue: better than the baseline beyond doubt (see `compare`); red: worse; grey: no clear difference.
    """
    number = number or result["answer"]
    comparisons = compare(result, number)
    for row, c in enumerate(comparisons):
        values = [r[number] for r in result["rows"] if r["variant"] == c.variant and number in r]
        colour = _COLOURS.get(c.verdict, "0.55")
        axis.scatter(values, [row] * len(values), s=14, color=colour, alpha=0.6, linewidth=0)
        axis.plot([c.value] * 2, [row - 0.32, row + 0.32], color=colour, linewidth=2.5)
        if c.variant == BASELINE:
            axis.axvline(c.value, color="black", linewidth=0.7, linestyle=":")
    marks = {"better": "+ ", "worse": "− ", "diverged": "✗ "}
    axis.set_yticks(range(len(comparisons)), [marks.get(c.verdict, "") + c.variant for c in comparisons], fontsize=8)
    axis.set_ylim(len(comparisons) - 0.5, -0.5)
    axis.set_xlabel(_LABELS.get(number, number), fontsize=8)
    axis.tick_params(axis="x", labelsize=8)
    axis.set_title(title or result["question"], fontsize=9)
    axis.spines[["top", "right"]].set_visible(False)


def plot_rates(axis, result, number=None):
    """The grid of learning rates as a map: one square for each pair, its number in it. Returns the image."""
    number = number or result["answer"]
    pairs = {
        (changes["generator_rate"], changes["discriminator_rate"]): means(result, number)[name]
        for name, changes in result["variants"].items()
        if "generator_rate" in changes
    }
    rates = [sorted({pair[i] for pair in pairs}) for i in range(2)]
    table = np.array([[pairs[g, d] for d in rates[1]] for g in rates[0]])
    image = axis.imshow(table, origin="lower", cmap="cividis_r")
    for i, j in np.ndindex(table.shape):
        dark = table[i, j] > np.nanmean(table)
        axis.text(j, i, f"{table[i, j]:.2f}", ha="center", va="center", fontsize=8, color="white" if dark else "black")
    for place, names in ((axis.set_xticks, rates[1]), (axis.set_yticks, rates[0])):
        place(range(len(names)), [f"{rate:g}" for rate in names], fontsize=8)
    axis.set(xlabel="discriminator's rate", ylabel="generator's rate")
    return image
