"""Figures of a training: what the monitor leaves on paper, and generated points."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from ..plots import ORANGE
from .figures import as_picture, on_paper, themed

#: What stands in one chart, by the word that is its title.
CHARTS = {
    "losses": ("discriminator_loss", "generator_loss", "reconstruction_loss"),
    "logits": ("real_logit", "fake_logit"),
    "accuracy": ("discriminator_accuracy",),
    "divergence": ("kl_divergence",),
}


def training_figure(
    moments: Sequence[Mapping], frames: Sequence[Mapping], words: Mapping[str, str], metrics: Sequence[str] = ()
) -> bytes:
    """PNG bytes of a training's last pictures, and its curves: those of `CHARTS`, and one for each metric."""
    titles = {words[title]: names for title, names in CHARTS.items()} | {name: (name,) for name in metrics}
    there = {name for moment in moments for name, value in moment.items() if value is not None}
    charts = {title: lines for title, names in titles.items() if (lines := [n for n in names if n in there])}
    with themed():
        figure = Figure(figsize=(10, 1.2 + 1.4 * max(2, len(charts))), layout="constrained")
        left, right = figure.subfigures(1, 2, squeeze=False).flat
        axis = left.subplots()
        axis.axis("off")
        if frames:
            with Image.open(io.BytesIO(frames[-1]["png"])) as image:
                axis.imshow(image.convert("RGBA"), interpolation="nearest" if frames[-1]["crisp"] else "antialiased")
            axis.set_title(words["at"].format(step=frames[-1]["step"], steps=moments[-1]["steps"]))
        axes = right.subplots(len(charts) or 1, 1, squeeze=False, sharex=True).flat
        for axis, (title, names) in zip(axes, charts.items()):
            for name, style in zip(names, ("-", "--", ":")):
                points = [(moment["step"], moment[name]) for moment in moments if moment.get(name) is not None]
                axis.plot(*np.array(points).T, style, label=words.get(name, name))
            axis.set_title(title, loc="left")
            if title != names[0]:  # else the title names the line
                axis.legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0, ncols=3, fontsize=8)
        axes[-1].set_xlabel(words["step"])
        return on_paper(as_picture(figure).png)


def points_figure(points: np.ndarray) -> Figure:
    """Points (n, 2) in the square of the data."""
    figure = Figure(figsize=(3.6, 3.6))
    axis = figure.add_axes((0.02, 0.02, 0.96, 0.96))
    axis.scatter(points[:, 0], points[:, 1], s=8, color=ORANGE, linewidth=0)
    axis.set(xlim=(-1.15, 1.15), ylim=(-1.15, 1.15), xticks=[], yticks=[])
    axis.spines[:].set(visible=True, color="0.5")
    figure.patch.set_alpha(0)
    axis.patch.set_alpha(0)
    return figure
