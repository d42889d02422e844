"""What the logits of a training warn of.

Losses do not measure quality: both players may stand still while the samples are poor, and whatever one of them wins
moves the other's scale. Three things in the logits are worth watching: whether the discriminator is so sure that hardly any
gradient of its loss is left, whether it only guesses, and whether the two chase each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ..reports import Report

#: Reports that are looked at together; the first ones of a training are left to settle.
WINDOW = 15

ALERTS = {
    "saturated": (
        "the discriminator is sure of {saturation:.0%} of all samples and learns almost nothing from them; with the minimax loss, "
        "nor does the generator. If the samples are poor, try R1, or lower the discriminator's learning rate if it is more than "
        "four times the generator's."
    ),
    "guessing": (
        "the discriminator hardly tells real from generated samples ({discriminator_accuracy:.0%} right, a coin 50%; logits "
        "{gap:+.2f} apart). Either the generated ones are as good as real ones, or it learns too slowly: look at them, and raise "
        "its learning rate if they are poor."
    ),
    "swinging": (
        "the gap between real and generated logits swings by ±{swing:.1f}: the players may be chasing each other. "
        "Lower the generator's learning rate, or Adam's beta_1."
    ),
}


def find_alerts(history: Mapping[str, Sequence[float]]) -> dict[str, str]:
    """Names and texts of what the newest reports of a training warn of.

    Args:
        history: dict of sequences, as `train` returns or fills it.

    Returns a dict, empty if all is well, the training has just begun, or its algorithm reports no logits.
    """
    if len(history.get("step", ())) < 2 * WINDOW or not all(name in history for name in _WATCHED):
        return {}
    recent = {name: np.asarray(history[name][-WINDOW:]) for name in _WATCHED}
    gaps = recent["real_logit"] - recent["fake_logit"]
    numbers = {
        "saturation": recent["saturation"].mean(),
        "discriminator_accuracy": recent["discriminator_accuracy"].mean(),
        "gap": gaps.mean(),
        # A gap that only grows is no swing.
        "swing": (gaps - _line_through(gaps)).std(),
    }
    found = {
        "saturated": numbers["saturation"] > 0.8,
        "guessing": numbers["discriminator_accuracy"] < 0.55 and abs(numbers["gap"]) < 0.2,
        "swinging": numbers["swing"] > 3,
    }
    return {name: ALERTS[name].format(**numbers) for name, holds in found.items() if holds}


def _line_through(values: np.ndarray) -> np.ndarray:
    places = np.arange(len(values))
    return np.polyval(np.polyfit(places, values, 1), places)


_WATCHED = ("real_logit", "fake_logit", "discriminator_accuracy", "saturation")


class Alerts:
    """A callback that keeps what the logits warned of, each kind once."""

    def __init__(self, logits_are_log_odds: bool = True) -> None:
        self._readable = logits_are_log_odds
        self._found: dict[str, str] = {}
        self._told = 0

    def __call__(self, report: Report) -> None:
        for name, text in find_alerts(report.history if self._readable else {}).items():
            self._found.setdefault(name, f"step {report.step}: {text}")

    @property
    def texts(self) -> tuple[str, ...]:
        """All of them, with the step of the first time."""
        return tuple(self._found.values())

    def take_new(self) -> list[str]:
        """Those that came up since the last call."""
        new = list(self.texts[self._told :])
        self._told = len(self._found)
        return new
