"""Tasks of notebook 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, numbers, task


@task
def optimal_discriminator(answer: Callable[..., Any]) -> str:
    """D*(x) of densities p and q at some places (Goodfellow et al. 2014, proposition 1)."""
    p, q = np.array([0.1, 0.5, 2.0, 0.3]), np.array([0.3, 0.5, 0.5, 0.0])
    with np.errstate(divide="ignore", invalid="ignore"):
        given = numbers(answer(p, q), p.shape)
    if not np.isfinite(given).all() or given.max() > 1:
        raise Wrong("where q is 0 a probability has to come out: D* is a share, between 0 and 1")
    if close(given, q / (p + q)):
        raise Wrong("that is the probability of “generated”: p, the real density, belongs on top")
    if not close(given, p / (p + q)):
        raise Wrong(f"at p = {p[0]}, q = {q[0]} it should be {p[0] / (p[0] + q[0]):.2f}, not {given[0]:.2f}")
    return "D* = p / (p + q): one half where both are equally dense, 1 where only real points lie"
