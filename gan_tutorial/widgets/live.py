"""Pictures that change in place while a network is being trained."""

from .. import quiet

quiet.import_tensorflow()

from collections.abc import Callable
from typing import Any

import numpy as np
from IPython.display import DisplayHandle, Image, display
from keras import Model
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from .. import plots
from ..sampling import generate_images
from ..training import Report
from ..translations import figure_words


class LivePicture:
    """A callback for a training that shows a picture under the cell and changes it in place; the last one stays.

    `draw` makes of a report a frame, kept in `frames`, and a PNG; `every` is the number of steps between two pictures.
    """

    def __init__(self, draw: Callable[[Report], tuple[Any, bytes]], every: int) -> None:
        self.frames: list[Any] = []
        self._draw, self._every = draw, every
        self._handle: DisplayHandle | None = None

    def __call__(self, report: Report) -> None:
        if report.step % self._every and report.step < report.steps:
            return
        frame, png = self._draw(report)
        self.frames.append(frame)
        if self._handle is None:
            self._handle = display(Image(png), display_id=True)
        else:
            self._handle.update(Image(png))


def live_pictures(
    noise: np.ndarray, labels: ArrayLike | None = None, every: int = 100, columns: int | None = None, scale: int = 2,
    **conditions: Any,
) -> LivePicture:  # fmt: skip
    """A callback for `train` that shows what the generator makes of the same noise, every so many steps.

    Its `labels` and `conditions` are as for `generate_images`. Its `frames` keep all pictures, (frames, n, height, width, channels), for an animation by `save_images`.
    """

    def draw(report: Report) -> tuple[np.ndarray, bytes]:
        images = generate_images(report.generator, labels=labels, seed=0, noise=noise, **conditions)
        return images, plots.png_bytes(images, columns, scale)

    return LivePicture(draw, every)


def live_landscape(
    discriminator: Model, real: np.ndarray, noise: np.ndarray, every: int = 100, label: int | None = None
) -> LivePicture:
    """A callback for `train` on 2-D points: the discriminator's landscape and the samples, side by side.

    `label` is the one to show, if the networks take labels. Its `frames` keep (step, samples) of every picture.
    """

    def draw(report: Report) -> tuple[tuple[int, np.ndarray], bytes]:
        fake = generate_images(report.generator, noise=noise, labels=label)
        # A figure of its own, outside pyplot, so that nothing is shown twice.
        figure = Figure(figsize=(8, 3.9), dpi=80, layout="constrained")
        left, right = figure.subplots(1, 2)
        words = figure_words()
        title = words["figure_step_says"].format(step=report.step)
        image = plots.plot_landscape(left, discriminator, real, fake, label, title)
        figure.colorbar(image, ax=left, shrink=0.8, label=words["figure_probability"])
        plots.plot_points(right, real, fake, title=words["figure_points"])
        return (report.step, fake), plots.figure_bytes(figure)

    return LivePicture(draw, every)
