"""Tasks of notebook 2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, compare, numbers, recognize, task


@task
def discriminator_loss(answer: Callable[..., Any]) -> None:
    """Mean of -log D(x) - log(1 - D(G(z))) of logits (Goodfellow et al. 2014, algorithm 1)."""
    real, fake = np.array([[2.0], [0.0]], np.float32), np.array([[-1.5], [4.0]], np.float32)
    real_part, fake_part = np.logaddexp(0, -real).mean(), np.logaddexp(0, fake).mean()
    given = numbers(answer(real, fake))
    if given.shape:
        raise Wrong("array", shape=given.shape)
    mistakes = {
        "exchanged": np.logaddexp(0, real).mean() + np.logaddexp(0, -fake).mean(),
        "no_generated": real_part,
        "no_real": fake_part,
        "sign_of_generated": real_part + np.logaddexp(0, -fake).mean(),
        "half": (real_part + fake_part) / 2,
        "value": -(real_part + fake_part),
    }
    compare(given, real_part + fake_part, mistakes)
    with np.errstate(over="ignore", divide="ignore"):
        far = numbers(answer(np.array([[-150.0]], np.float32), np.array([[150.0]], np.float32)))
    if not close(far, 300):
        raise Wrong("overflow")


@task
def spherical_interpolation(answer: Callable[..., Any]) -> None:
    """A point on the arc between two vectors (Shoemake 1985): sin((1 - t) w) a / sin w + sin(t w) b / sin w."""
    start, end, t = _on_circle(0), _on_circle(90), 0.25
    given, wanted = numbers(answer(start, end, t), (2,)), _on_circle(t * 90)
    line = (1 - t) * start + t * end
    mistakes = {
        "straight": line,
        "other_way": wanted[::-1],
        "unit_vectors": wanted / 2,
        "stretched": 2 * line / np.linalg.norm(line),
    }
    compare(given, wanted, mistakes, given=_pair(given), wanted=_pair(wanted))
    # At right angles the sine of the angle is 1, so one pair does not show whether it was divided by.
    end = _on_circle(60)
    given, wanted = numbers(answer(start, end, t), (2,)), _on_circle(t * 60)
    recognize(given, [("sine", wanted * 0.75**0.5)])
    if not close(given, wanted):
        raise Wrong("right_angles", end=_pair(end), given=_pair(given), wanted=_pair(wanted))


def _on_circle(degrees: float) -> np.ndarray:
    """The vector of length 2 in this direction."""
    return 2 * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])


def _pair(vector: np.ndarray) -> tuple[float, ...]:
    return tuple(vector.round(3).tolist())
