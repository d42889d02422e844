"""Pictures that change in place while a network is being trained."""

import numpy as np
from IPython.display import Image as Picture
from IPython.display import display
from matplotlib.figure import Figure

from ..plots import figure_bytes, plot_landscape, plot_points, png_bytes
from ..sampling import generate_images


def live_pictures(noise, labels=None, attributes=None, every=100, columns=None, scale=2):
    """A callback for `train` that shows the same noise, drawn anew every so many steps.

    The picture stands under the cell and changes in place; the last one stays.
    `callback.frames` keeps all of them, (frames, n, height, width, channels),
    for an animation by `save_images`.
    """

    def draw(report):
        images = generate_images(report.generator, noise=noise, labels=labels, attributes=attributes)
        return images, png_bytes(images, columns, scale)

    return _live(draw, every)


def live_landscape(discriminator, real, noise, every=100, label=None):
    """A callback for `train` on 2-D points: the discriminator's landscape and the samples, side by side.

    `callback.frames` keeps (step, samples) of every picture.
    """
    labels = None if label is None else np.full(len(noise), label)

    def draw(report):
        fake = generate_images(report.generator, noise=noise, labels=labels)
        return (report.step, fake), _landscape_png(discriminator, real, fake, label, report.step)

    return _live(draw, every)


def _live(draw, every):
    """A callback that shows what draw(report) gives, (frame to keep, PNG bytes), in one place."""
    handle = None

    def callback(report):
        nonlocal handle
        if report.step % every and report.step < report.steps:
            return
        frame, png = draw(report)
        callback.frames.append(frame)
        if handle is None:
            handle = display(Picture(png), display_id=True)
        else:
            handle.update(Picture(png))

    callback.frames = []
    return callback


def _landscape_png(discriminator, real, fake, label, step):
    # A figure of its own, outside pyplot, so that nothing is shown twice.
    figure = Figure(figsize=(8, 3.9), dpi=80, layout="constrained")
    left, right = figure.subplots(1, 2)
    image = plot_landscape(left, discriminator, real, fake, label, f"step {step}: what the discriminator says")
    figure.colorbar(image, ax=left, shrink=0.8, label="D(x), the probability of “real”")
    plot_points(right, real, fake, title="real points (grey) and generated ones (orange)")
    return figure_bytes(figure)
