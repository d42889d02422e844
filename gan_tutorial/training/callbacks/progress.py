"""The bar that shows how far a training is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tqdm.auto import tqdm

if TYPE_CHECKING:
    from ..reports import Report

#: How the names of frequent losses are shown.
_SHORT = {"discriminator_loss": "D", "generator_loss": "G"}
_SHOWN = 4


class ProgressBar:
    """A callback that shows steps, losses, speed and time left, in a terminal or a notebook."""

    def __init__(self, steps: int, show: bool = True) -> None:
        self._bar, self._show = tqdm(total=steps, unit="step", disable=not show), show

    def __call__(self, report: Report) -> None:
        losses = {_SHORT.get(name, name): value for name, value in report.metrics.items() if name.endswith("_loss")}
        chosen = [f"{name} {value:.2f}" for name, value in losses.items() if value or name in ("D", "G")][:_SHOWN]
        self._bar.set_postfix_str("  ".join([*chosen, f"{report.images_per_second:,.0f} images/s"]), refresh=False)
        if not self._bar.n and len(steps := report.history["step"]) > 1:
            self._bar.n = self._bar.initial = int(steps[-2])  # a resumed training: time left is for what is new
        self._bar.update(report.step - self._bar.n)

    def write(self, lines: list[str]) -> None:
        """Write lines above the bar."""
        for line in lines if self._show else ():
            self._bar.write(line)

    def close(self) -> None:
        """Leave the bar as it stands."""
        self._bar.close()
