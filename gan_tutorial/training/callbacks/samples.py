"""Pictures of the same noise as a training goes on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from ...files import write_whole
from ...plots import save_images
from ...sampling import generate_images

if TYPE_CHECKING:
    from ..reports import Report, Result

_MAX_FRAMES = 60


class Pace:
    """Tells, for a report, whether a multiple of `every` steps was reached since the one before, resumed or not."""

    def __init__(self, every: int) -> None:
        if every < 1:
            raise ValueError(f"once in every {every} steps is not possible: at least 1")
        self._every = every

    def is_due(self, report: Report) -> bool:
        """Whether it is time for what is done every so many steps."""
        before = report.history["step"][-2] if len(report.history["step"]) > 1 else 0
        return report.step // self._every > before // self._every


class SamplePictures:
    """A callback that writes samples/step_000250.png and so on, and at the end training.webp, an animation of them.

    Args:
        folder: to write into.
        noise, conditions: what to generate, again and again; conditions by name.
        every: steps between two pictures.
        columns: images side by side.
    """

    def __init__(
        self,
        folder: Path,
        noise: np.ndarray,
        conditions: Mapping[str, Any] | None = None,
        every: int = 250,
        columns: int | None = None,
    ) -> None:
        self.folder, self.noise, self.columns = Path(folder), noise, columns
        self.conditions = dict(conditions or {})
        self._pace = Pace(every)

    def __call__(self, report: Report) -> None:
        if self._pace.is_due(report):
            self._draw(report)

    def finish(self, result: Result) -> None:
        """Write the last picture and the animation."""
        if result.step:
            self._draw(result)
            animate(self.folder)

    def _draw(self, state: Report | Result) -> None:
        images = generate_images(state.generator, noise=self.noise, seed=0, **self.conditions)
        save_images(images, self.folder / "samples" / f"step_{state.step:06d}.png", self.columns)


def animate(folder: Path) -> None:
    """Make training.webp of the pictures in samples/."""
    files = sorted((folder / "samples").glob("step_*.png"))
    chosen = [files[i] for i in np.unique(np.linspace(0, len(files) - 1, min(len(files), _MAX_FRAMES)).astype(int))]
    frames = []
    for file in chosen:
        with Image.open(file) as image:
            frames.append(image.convert("RGB"))
    with write_whole(folder / "training.webp") as temporary:
        frames[0].save(temporary, save_all=True, append_images=frames[1:], duration=200, loop=0)
