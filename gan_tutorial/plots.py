"""Pictures of images: grids, files, animations, figures."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

from .files import write_whole
from .translations import figure_name, figure_words

if TYPE_CHECKING:
    from keras import Model
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

#: Okabe & Ito's colours for lines, which colour-blind readers can tell apart.
BLUE, ORANGE, GREEN, RED, PURPLE = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7"

#: Plots of 2-D points show the square from -_LIMIT to _LIMIT.
_LIMIT = 1.15


def image_grid(images: ArrayLike, columns: int | None = None, scale: int = 1, gap: int = 2) -> np.ndarray:
    """Lay images out in a grid: uint8 (height, width) or (height, width, 3).

    Args:
        images: (n, height, width, channels) in [-1, 1]; 1 or 3 channels.
        columns: how many side by side; default about a square.
        scale, gap: each pixel becomes scale×scale; the white lines between images are `gap` pixels wide.
    """
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[-1] not in (1, 3):
        raise ValueError(f"images must have the shape (n, height, width, 1 or 3), not {images.shape}")
    n, channels = len(images), images.shape[-1]
    columns = min(n, columns or int(np.ceil(np.sqrt(n))))
    rows = -(-n // columns)
    # NaN would become an arbitrary colour; black shows that something is wrong.
    pixels = np.clip(np.nan_to_num(images, nan=-1) * 127.5 + 127.5, 0, 255).round().astype(np.uint8)
    pixels = pixels.repeat(scale, 1).repeat(scale, 2)
    pixels = np.pad(pixels, ((0, rows * columns - n), (0, gap), (0, gap), (0, 0)), constant_values=255)
    height, width = pixels.shape[1:3]
    grid = pixels.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    grid = grid.reshape(rows * height, columns * width, channels)[: rows * height - gap, : columns * width - gap]
    return grid[..., 0] if channels == 1 else grid


def png_bytes(images: ArrayLike, columns: int | None = None, scale: int = 1, gap: int = 2) -> bytes:
    """A grid of images as the bytes of a PNG file, for `ipywidgets.Image`."""
    buffer = io.BytesIO()
    # Least compression: a slider wants speed, and the bytes stay on this machine.
    Image.fromarray(image_grid(images, columns, scale, gap)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def figure_bytes(figure: Figure) -> bytes:
    """A matplotlib figure as the bytes of a PNG file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def save_images(
    images: ArrayLike, path: str | Path, columns: int | None = None, scale: int = 1, milliseconds: int = 150
) -> Path:
    """Save images as a grid, or grids over time as an animation; returns the path.

    Args:
        images: (n, height, width, channels) in [-1, 1], or (frames, n, height, width, channels) for an animation.
        path: file to write, whole or not at all; .png for a picture, .gif or .webp for an animation.
        columns, scale: as for `image_grid`.
        milliseconds: how long each frame of an animation is shown; the last one stays ten times as long.

    Example:
        >>> import tempfile, gan_tutorial as gt
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     gt.save_images(np.zeros((4, 8, 8, 1)), f"{folder}/grey.png", columns=2).name
        'grey.png'
    """
    path, images = Path(path), np.asarray(images)
    animated = images.ndim == 5
    endings, what = ((".gif", ".webp"), "an animation") if animated else ((".png",), "a picture")
    if path.suffix.lower() not in endings:
        raise ValueError(f"{path} must end in {' or '.join(endings)} to hold {what}")
    frames = [Image.fromarray(image_grid(frame, columns, scale)) for frame in (images if animated else [images])]
    durations = [milliseconds] * (len(frames) - 1) + [10 * milliseconds]
    movie = {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": 0}
    with write_whole(path) as temporary:
        frames[0].save(temporary, **(movie if animated else {"optimize": True}))
    return path


def display_images(
    images: ArrayLike, titles: Sequence[str] | None = None, columns: int | None = None, size: float = 1, title: str = ""
) -> Figure:
    """Show images in a matplotlib figure and return it.

    Args:
        images: (n, height, width, channels) in [-1, 1], grey or colour, any n.
        titles: one text per image; None for none. Names of the course's categories, such as "bag", speak the course's language.
        columns, size: how many side by side, at most 10 by default; inches of one image's side.
        title: of the whole figure.

    Example:
        >>> import gan_tutorial as gt
        >>> figure = gt.display_images(np.zeros((2, 8, 8, 1)), ["this", "that"])
        >>> [axis.get_title() for axis in figure.axes]
        ['this', 'that']
    """
    import matplotlib.pyplot as plt
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    images = np.asarray(images)
    if images.ndim != 4 or not len(images):
        raise ValueError(f"images must have the shape (n, height, width, channels), not {images.shape}")
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"there are {len(images)} images but {len(titles)} titles")
    columns = min(len(images), columns or 10)
    rows = -(-len(images) // columns)
    texts = [figure_name(str(text)) for text in titles] if titles is not None else [""] * len(images)
    # A row's titles get the space that they need: none if all are empty, more if one has several lines.
    lines = [max(len(text.splitlines()) for text in texts[i : i + columns]) for i in range(0, len(images), columns)]
    # In inches: a line of 8 points, and the padding around it.
    figsize = (columns * size, rows * (size + 0.04) + sum(0.05 + 0.13 * n for n in lines if n) + (0.35 if title else 0))
    tight = ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.02, wspace=0, hspace=0)
    figure, axes = plt.subplots(rows, columns, figsize=figsize, squeeze=False, layout=tight)
    for axis in axes.flat:
        axis.axis("off")
    for i, (axis, image) in enumerate(zip(axes.flat, images)):
        axis.imshow(np.clip(image / 2 + 0.5, 0, 1).squeeze(), cmap="gray", vmin=0, vmax=1)
        if texts[i]:
            axis.set_title(texts[i], fontsize=8, pad=2)
    if title:
        figure.suptitle(title, fontsize=11)
    return figure


def plot_history(history: Mapping[str, ArrayLike]) -> Figure:
    """Plot the losses of any training over its steps and, of a GAN, the mean logits; returns the figure.

    Example:
        >>> import gan_tutorial as gt
        >>> figure = gt.plot_history({"step": [1, 2], "generator_loss": [0.9, 0.7], "discriminator_loss": [1.4, 1.3]})
        >>> [line.get_label() for line in figure.axes[0].lines]
        ['discriminator', 'generator']
    """
    import matplotlib.pyplot as plt

    words = figure_words()
    players = {n: n.removesuffix("_loss") for n in sorted(history) if n.endswith("_loss") and np.any(history[n])}
    losses = {name: words.get(f"figure_{player}", player) for name, player in players.items()}
    panels = [(words["figure_losses"], words["figure_loss"], losses)]
    if "real_logit" in history:
        logits = {"real_logit": words["figure_real_images"], "fake_logit": words["figure_generated_images"]}
        panels.append((words["figure_says"], words["figure_mean_logit"], logits))
    figure, axes = plt.subplots(1, len(panels), figsize=(4.5 * len(panels), 3), squeeze=False, layout="constrained")
    colours = {"discriminator_loss": BLUE, "generator_loss": RED, "real_logit": BLUE, "fake_logit": RED}
    for axis, (title, ylabel, lines) in zip(axes.flat, panels):
        for (name, label), style in zip(lines.items(), ("-", "--", ":", "-.", "-")):
            axis.plot(history["step"], history[name], style, color=colours.get(name, PURPLE), label=label)
        if "real_logit" in lines:
            axis.axhline(0, color="gray", linewidth=0.8)
        axis.set(xlabel=words["figure_step"], ylabel=ylabel, title=title)
        axis.legend(frameon=False)
        axis.spines[["top", "right"]].set_visible(False)
    return figure


def plot_points(
    axis: Axes, real: ArrayLike | None, fake: ArrayLike | None = None, labels: ArrayLike | None = None, title: str = ""
) -> None:
    """Scatter real points (grey) and generated ones (orange, or coloured by label)."""
    if real is not None:
        x, y = np.asarray(real)[:1500].T
        axis.scatter(x, y, s=3, color="0.35", alpha=0.5, linewidth=0, label=figure_words()["figure_real"])
    if fake is not None:
        colours = {"color": ORANGE} if labels is None else {"c": np.asarray(labels), "cmap": "tab10"}
        x, y = np.asarray(fake).T
        word = figure_words()["figure_generated"]
        axis.scatter(x, y, s=9, linewidth=0.3, edgecolor="k", label=word, **colours)
    axis.set(xlim=(-_LIMIT, _LIMIT), ylim=(-_LIMIT, _LIMIT), aspect="equal", xticks=[], yticks=[])
    axis.set_title(title, fontsize=9)


def plot_landscape(
    axis: Axes, discriminator: Model, real: ArrayLike | None, fake: ArrayLike, label: int | None = None, title: str = ""
) -> AxesImage:
    """What a discriminator of 2-D points says everywhere, with real and generated points.

    The colour is D(x), the probability of "real": from orange-brown (surely generated) through white (one half) to violet.
    """
    ticks = np.linspace(-_LIMIT, _LIMIT, 81, dtype=np.float32)
    places = np.stack(np.meshgrid(ticks, ticks), -1).reshape(-1, 2)
    inputs = places if label is None else [places, np.full(len(places), label, np.int32)]
    probability = 1 / (1 + np.exp(-np.asarray(discriminator(inputs, training=False)).reshape(81, 81)))
    image = axis.imshow(
        probability, "PuOr", vmin=0, vmax=1, extent=(-_LIMIT, _LIMIT) * 2, origin="lower", interpolation="bilinear"
    )
    plot_points(axis, real, title=title)
    x, y = np.asarray(fake).T
    axis.scatter(x, y, s=9, color="white", edgecolor="k", linewidth=0.5)
    return image
