"""Tasks of notebook 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, numbers, recognize, task


@task
def optimal_discriminator(answer: Callable[..., Any]) -> str:
    """D*(x) of densities p and q at some places (Goodfellow et al. 2014, proposition 1)."""
    p, q = np.array([0.1, 0.5, 2.0, 0.3]), np.array([0.3, 0.5, 0.5, 0.0])
    with np.errstate(divide="ignore", invalid="ignore"):
        given = numbers(answer(p, q), p.shape)
    if not np.isfinite(given).all():
        raise Wrong("where q is 0 a probability has to come out: D* is a share, between 0 and 1")
    worst = np.abs(given - 0.5).argmax()
    if not 0 <= given[worst] <= 1:
        raise Wrong(
            f"D* is a probability, between 0 and 1; at p = {p[worst]}, q = {q[worst]} you return {given[worst]:.2f}"
        )
    if close(given, q / (p + q)):
        raise Wrong("that is the probability of “generated”: p, the real density, belongs on top")
    if not close(given, p / (p + q)):
        raise Wrong(f"at p = {p[0]}, q = {q[0]} it should be {p[0] / (p[0] + q[0]):.2f}, not {given[0]:.2f}")
    return "D* = p / (p + q): one half where both are equally dense, 1 where only real points lie"


@task
def non_saturating_loss(answer: Callable[..., Any]) -> str:
    """The generator's mean loss -log D of logits (Goodfellow et al. 2014, section 3)."""
    logits = np.array([-3.0, 0.0, 1.0], np.float32)
    wanted = np.logaddexp(0, -logits)
    given = numbers(answer(logits))
    if given.shape == logits.shape and close(given, wanted):
        raise Wrong("right for each point; a loss is one number: take the mean")
    if given.shape:
        raise Wrong(f"a loss is one number; an array of shape {given.shape} came back")
    known = {
        "that is softplus of +logit, so it falls while the points look more generated: which sign makes it −log σ(logit)?": (
            np.logaddexp(0, logits).mean()
        ),
        "that is the minimax loss, log(1 − D): it saturates where D is sure": -np.logaddexp(0, logits).mean(),
        "the sum grows with the batch: take the mean": wanted.sum(),
        "those are probabilities; the loss is minus their logarithm": (1 / (1 + np.exp(-logits))).mean(),
    }
    recognize(given, known.items())
    if not close(given, wanted.mean()):
        raise Wrong(f"for the logits −3, 0 and 1 it should be {wanted.mean():.3f}, not {float(given):.3f}")
    with np.errstate(over="ignore", divide="ignore"):
        far = numbers(answer(np.array([-200.0], np.float32)))
    if not close(far, 200):
        raise Wrong("right for small logits; at −200 it should be 200: softplus works on logits and never overflows")
    return "softplus(−logit): large where D is sure that the points are generated, so the pull is strong there"
