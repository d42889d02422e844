"""Tasks of notebook 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, compare, numbers, task


@task
def optimal_discriminator(answer: Callable[..., Any]) -> None:
    """D*(x) of densities p and q at some places (Goodfellow et al. 2014, proposition 1)."""
    p, q = np.array([0.1, 0.5, 2.0, 0.3]), np.array([0.3, 0.5, 0.5, 0.0])
    with np.errstate(divide="ignore", invalid="ignore"):
        given = numbers(answer(p, q), p.shape)
    if not np.isfinite(given).all():
        raise Wrong("not_finite")
    worst = np.abs(given - 0.5).argmax()
    if not 0 <= given[worst] <= 1:
        raise Wrong("no_probability", p=p[worst], q=q[worst], given=given[worst])
    compare(given, p / (p + q), {"of_generated": q / (p + q)}, p=p[0], q=q[0])


@task
def non_saturating_loss(answer: Callable[..., Any]) -> None:
    """The generator's mean loss -log D of logits (Goodfellow et al. 2014, section 3)."""
    logits = np.array([-3.0, 0.0, 1.0], np.float32)
    wanted = np.logaddexp(0, -logits)
    given = numbers(answer(logits))
    if given.shape == logits.shape and close(given, wanted):
        raise Wrong("one_per_point")
    if given.shape:
        raise Wrong("array", shape=given.shape)
    mistakes = {
        "sign": np.logaddexp(0, logits).mean(),
        "minimax": -np.logaddexp(0, logits).mean(),
        "sum": wanted.sum(),
        "probabilities": (1 / (1 + np.exp(-logits))).mean(),
    }
    compare(given, wanted.mean(), mistakes)
    with np.errstate(over="ignore", divide="ignore"):
        far = numbers(answer(np.array([-200.0], np.float32)))
    if not close(far, 200):
        raise Wrong("overflow")
