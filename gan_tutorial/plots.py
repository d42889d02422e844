"""Pictures of images: grids, files, animations, figures."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from .files import write_whole

#: Okabe & Ito's colours for lines, which colour-blind readers can tell apart.
BLUE, ORANGE, GREEN, RED, PURPLE = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7"


def image_grid(images, columns=None, scale=1, gap=2):
    """Lay images out in a grid.

    Args:
        images: (n, height, width, channels) in [-1, 1]; 1 or 3 channels.
        columns: how many side by side; default about a square.
        scale: each pixel becomes scale×scale.
        gap: width of the white lines between images, in pixels.

    Returns uint8 (height, width) or (height, width, 3).
    """
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[-1] not in (1, 3):
        raise ValueError(f"images must have the shape (n, height, width, 1 or 3), not {images.shape}")
    n, height, width, channels = images.shape
    columns = min(n, columns or int(np.ceil(np.sqrt(n))))
    rows = -(-n // columns)
    # NaN would become an arbitrary colour; black shows that something is wrong.
    pixels = np.clip(np.nan_to_num(images, nan=-1) * 127.5 + 127.5, 0, 255).round().astype(np.uint8)
    pixels = pixels.repeat(scale, 1).repeat(scale, 2)
    grid = np.full((rows, height * scale + gap, columns, width * scale + gap, channels), 255, np.uint8)
    for i, picture in enumerate(pixels):
        grid[i // columns, : height * scale, i % columns, : width * scale] = picture
    grid = grid.reshape(rows * (height * scale + gap), columns * (width * scale + gap), channels)
    grid = grid[: grid.shape[0] - gap, : grid.shape[1] - gap]
    return grid[..., 0] if channels == 1 else grid


def png_bytes(images, columns=None, scale=1, gap=2):
    """A grid of images as the bytes of a PNG file, for `ipywidgets.Image`."""
    buffer = io.BytesIO()
    # Least compression: a slider wants speed, and the bytes stay on this machine.
    Image.fromarray(image_grid(images, columns, scale, gap)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def figure_bytes(figure):
    """A matplotlib figure as the bytes of a PNG file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def save_images(images, path, columns=None, scale=1, milliseconds=150):
    """Save images as a grid, or grids over time as an animation.

    Args:
        images: (n, height, width, channels) in [-1, 1] for a picture;
            (frames, n, height, width, channels) for an animation.
        path: file to write; .png for a picture, .gif or .webp for an animation.
        columns, scale: as for `image_grid`.
        milliseconds: how long each frame of an animation is shown; the last
            one stays ten times as long.

    Returns the path. The file is written whole or not at all.
    """
    path, images = Path(path), np.asarray(images)
    endings = (".gif", ".webp") if images.ndim == 5 else (".png",)
    if path.suffix.lower() not in endings:
        what = "an animation" if images.ndim == 5 else "a picture"
        raise ValueError(f"{path} must end in {' or '.join(endings)} to hold {what}")
    frames = [
        Image.fromarray(image_grid(frame, columns, scale)) for frame in (images if images.ndim == 5 else [images])
    ]
    with write_whole(path) as temporary:
        if images.ndim == 5:
            durations = [milliseconds] * (len(frames) - 1) + [10 * milliseconds]
            frames[0].save(temporary, save_all=True, append_images=frames[1:], duration=durations, loop=0)
        else:
            frames[0].save(temporary, optimize=True)
    return path


def display_images(images, titles=None, columns=None, size=1.0, title=None):
    """Show images in a matplotlib figure, each with its title.

    Args:
        images: (n, height, width, channels) in [-1, 1], grey or colour, any n.
        titles: one text an image; None for none.
        columns: how many side by side; default at most 10.
        size: inches of one image's side.
        title: of the whole figure.

    Returns the figure.
    """
    import matplotlib.pyplot as plt

    images = np.asarray(images)
    if images.ndim != 4 or not len(images):
        raise ValueError(f"images must have the shape (n, height, width, channels), not {images.shape}")
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"there are {len(images)} images but {len(titles)} titles")
    columns = min(len(images), columns or 10)
    rows = -(-len(images) // columns)
    line = 0.22 if titles is not None else 0.04
    figure, axes = plt.subplots(
        rows, columns, figsize=(columns * size, rows * (size + line) + (0.35 if title else 0)),
        squeeze=False, layout="constrained",
    )  # fmt: skip
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02, wspace=0, hspace=0)
    for axis in axes.flat:
        axis.axis("off")
    for i, (axis, image) in enumerate(zip(axes.flat, images)):
        axis.imshow(np.clip(image / 2 + 0.5, 0, 1).squeeze(), cmap="gray", vmin=0, vmax=1)
        if titles is not None:
            axis.set_title(titles[i], fontsize=8, pad=2)
    if title:
        figure.suptitle(title, fontsize=11)
    return figure


def plot_history(history):
    """Draw a training's losses and logits over its steps; returns the figure."""
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
    left.plot(history["step"], history["discriminator_loss"], color=BLUE, label="discriminator")
    left.plot(history["step"], history["generator_loss"], color=ORANGE, linestyle="--", label="generator")
    left.set(xlabel="step", ylabel="loss", title="Losses")
    right.plot(history["step"], history["real_logit"], color=GREEN, label="real images")
    right.plot(history["step"], history["fake_logit"], color=RED, linestyle="--", label="generated images")
    right.axhline(0, color="gray", linewidth=0.8)
    right.set(xlabel="step", ylabel="mean logit", title="What the discriminator says")
    for axis in (left, right):
        axis.legend(frameon=False)
        axis.spines[["top", "right"]].set_visible(False)
    return figure


def plot_points(axis, real=None, fake=None, labels=None, title=None, limit=1.15):
    """Scatter real points (grey) and generated ones (orange, or coloured by label)."""
    if real is not None:
        axis.scatter(*np.asarray(real)[:1500].T, s=3, color="0.35", alpha=0.5, linewidth=0, label="real")
    if fake is not None:
        colours = {"color": ORANGE} if labels is None else {"c": np.asarray(labels), "cmap": "tab10"}
        axis.scatter(*np.asarray(fake).T, s=9, linewidth=0.3, edgecolor="k", label="generated", **colours)
    axis.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", xticks=[], yticks=[])
    axis.set_title(title or "", fontsize=9)


def plot_landscape(axis, discriminator, real, fake, label=None, title=None, limit=1.15):
    """What a discriminator of 2-D points says everywhere, with real and generated points.

    The colour is D(x), the probability of "real": violet where it is sure of
    "real", orange-brown where it is sure of "generated", white at one half.
    """
    ticks = np.linspace(-limit, limit, 81, dtype=np.float32)
    places = np.stack(np.meshgrid(ticks, ticks), -1).reshape(-1, 2)
    inputs = places if label is None else [places, np.full(len(places), label, np.int32)]
    logits = np.asarray(discriminator(inputs, training=False)).reshape(81, 81)
    image = axis.imshow(
        1 / (1 + np.exp(-logits)), origin="lower", extent=(-limit, limit) * 2, cmap="PuOr", vmin=0, vmax=1,
        interpolation="bilinear",
    )  # fmt: skip
    plot_points(axis, real, None, title=title, limit=limit)
    axis.scatter(*np.asarray(fake).T, s=9, color="white", edgecolor="k", linewidth=0.5)
    return image
