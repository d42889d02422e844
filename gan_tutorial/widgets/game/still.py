"""Frames as a figure, for places where nothing moves."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from ...plots import BLUE, ORANGE
from ...translations import figure_words
from .engine import CURVES
from .view import LIMIT

#: The page's colours: where D says generated, nothing, real.
LANDSCAPE = LinearSegmentedColormap.from_list("landscape", ["#e9a06b", "#f8f7f5", "#6baed6"])


def draw(frames: list[dict[str, np.ndarray]], captions: list[str]) -> Figure:
    """Real and generated points over each discriminator's landscape, and the distance over time.

    `frames` are as `Engine.look` returns them; each has a caption.
    """
    words = figure_words()
    curves = [frame["curves"] for frame in frames]
    with_curves = any(curve.shape[1] > 1 for curve in curves)
    figure = Figure(figsize=(3.4 * (len(frames) + with_curves), 3.6), dpi=100, layout="constrained")
    axes = figure.subplots(1, len(frames) + with_curves, squeeze=False)[0]
    for axis, frame, caption in zip(axes, frames, captions):
        probability = 1 / (1 + np.exp(-np.clip(frame["landscape"], -30, 30)))
        axis.imshow(
            probability, LANDSCAPE, vmin=0, vmax=1, extent=(-LIMIT, LIMIT) * 2, origin="lower", interpolation="bicubic"
        )
        axis.scatter(*frame["real"].T, s=6, color=BLUE, linewidth=0, alpha=0.7, label=words["pg_real"])
        axis.scatter(*frame["fake"].T, s=9, color=ORANGE, linewidth=0.3, edgecolor="k", label=words["pg_generated"])
        axis.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT), xticks=[], yticks=[])
        axis.set_title(caption, fontsize=9)
        axis.spines[:].set_visible(False)
        axis.legend(loc="lower center", ncols=2, frameon=False, fontsize=8, bbox_to_anchor=(0.5, -0.12))
    if with_curves:
        for curve, caption, style in zip(curves, captions, ("-", "--")):
            axes[-1].plot(curve[0], curve[CURVES.index("distance")], style, color=ORANGE, label=caption)
        axes[-1].set(xlabel=words["pg_step"], ylim=(0, None))
        axes[-1].set_title(words["pg_distance"], fontsize=9)
        axes[-1].spines[["top", "right"]].set_visible(False)
        if len(frames) > 1:
            axes[-1].legend(frameon=False, fontsize=7)
    return figure
