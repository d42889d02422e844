"""Tasks of notebook 2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, numbers, recognize, task


@task
def discriminator_loss(answer: Callable[..., Any]) -> str:
    """Mean of -log D(x) - log(1 - D(G(z))) of logits (Goodfellow et al. 2014, algorithm 1)."""
    real, fake = np.array([[2.0], [0.0]], np.float32), np.array([[-1.5], [4.0]], np.float32)
    real_part, fake_part = np.logaddexp(0, -real).mean(), np.logaddexp(0, fake).mean()
    given = numbers(answer(real, fake))
    if given.shape:
        raise Wrong(f"a loss is one number; an array of shape {given.shape} came back: take the mean over the batch")
    known = {
        "real and generated are exchanged: real images should get high logits": (
            np.logaddexp(0, real).mean() + np.logaddexp(0, -fake).mean()
        ),
        "the part of the generated images is missing": real_part,
        "the part of the real images is missing": fake_part,
        "the generated images, too, are rewarded for high logits: their sign is wrong": (
            real_part + np.logaddexp(0, -fake).mean()
        ),
        "that is half of it: the loss is the sum of the two means": (real_part + fake_part) / 2,
        "that is the value V, which the discriminator wants large; a loss is minus that": -(real_part + fake_part),
    }
    recognize(given, known.items())
    if not close(given, real_part + fake_part):
        raise Wrong(f"for these logits it should be {real_part + fake_part:.3f}, not {float(given):.3f}")
    with np.errstate(over="ignore", divide="ignore"):
        far = numbers(answer(np.array([[-150.0]], np.float32), np.array([[150.0]], np.float32)))
    if not close(far, 300):
        raise Wrong(
            "right for small logits; where the discriminator is very wrong, your loss overflows or is cut off: it should be "
            "300 for the logits −150 and 150; use softplus on the logits"
        )
    return "softplus(−real) + softplus(fake): log 4 where D says one half everywhere"


@task
def spherical_interpolation(answer: Callable[..., Any]) -> str:
    """A point on the arc between two vectors (Shoemake 1985): sin((1 - t) w) a / sin w + sin(t w) b / sin w."""
    start, end, t = _on_circle(0), _on_circle(90), 0.25
    given, wanted = numbers(answer(start, end, t), (2,)), _on_circle(t * 90)
    line = (1 - t) * start + t * end
    mistakes = {
        "that is the straight line: its middle is too short": line,
        "at t = 0 it should be start, at t = 1 end: yours goes the other way": wanted[::-1],
        "the direction is right, the length is not: the sines weigh start and end, not unit vectors": wanted / 2,
        "that is the straight line, stretched: the length is right, but it does not turn evenly": (
            2 * line / np.linalg.norm(line)
        ),
    }
    recognize(given, mistakes.items())
    if not close(given, wanted):
        raise Wrong(f"a quarter of the way from (2, 0) to (0, 2) lies {_pair(wanted)}, not {_pair(given)}")
    # At right angles the sine of the angle is 1, so one pair does not show whether it was divided by.
    end = _on_circle(60)
    given, wanted = numbers(answer(start, end, t), (2,)), _on_circle(t * 60)
    only = "right only where the two are at right angles"
    too_short = f"{only}; at 60° your vector is too short: divide by the sine of the angle"
    recognize(given, [(too_short, wanted * 0.75**0.5)])
    if not close(given, wanted):
        place = f"a quarter of the way from (2, 0) to {_pair(end)}"
        raise Wrong(f"{only}; {place} lies {_pair(wanted)}, not {_pair(given)}")
    return "it turns evenly and keeps its length"


def _on_circle(degrees: float) -> np.ndarray:
    """The vector of length 2 in this direction."""
    return 2 * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])


def _pair(vector: np.ndarray) -> tuple[float, ...]:
    return tuple(vector.round(3).tolist())
