"""Tasks of notebook 5."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, numbers, recognize, task


@task
def r1_penalty(answer: Callable[..., Any]) -> str:
    """Mean of |∇ logit|² over real points (Mescheder et al. 2018, section 4.1)."""
    import tensorflow as tf

    points = np.random.default_rng(0).normal(size=(5, 2)).astype(np.float32)

    def discriminator(x: tf.Tensor, training: bool | None = None) -> tf.Tensor:
        return tf.square(x[:, :1]) + 3 * x[:, 1:]

    squares = 4 * points[:, 0].astype(np.float64) ** 2 + 9
    lengths = np.sqrt(squares)
    try:
        returned = answer(discriminator, tf.constant(points))
    except (TypeError, ValueError) as problem:
        if "None" not in str(problem):
            raise
        raise Wrong(
            "the gradient is None: a tape follows weights by itself, inputs only if it is told to watch"
        ) from None
    array = numbers(returned)
    if array.shape == squares.shape and close(array, squares):
        raise Wrong("these are the squared lengths, one per point; their mean should come back")
    given = float(numbers(array, ()))
    mistakes = {
        "that is the mean length of the gradient: R1 takes the square of the length": lengths.mean(),
        "the lengths are to be squared before the mean is taken, not after it": lengths.mean() ** 2,
        "that is the gradient penalty of WGAN-GP, which wants the length 1; R1 wants it to be 0": (
            (lengths - 1) ** 2
        ).mean(),
        "that is half of it: a squared length is a sum over the coordinates, no mean; and γ/2 comes later": squares.mean()
        / 2,
        "that is the sum over the points: divide by their number": squares.sum(),
        "take the gradient of the logits themselves: if they are averaged first, every point's share is divided by n": (
            squares.mean() / len(points) ** 2
        ),
    }
    recognize(given, mistakes.items())
    if not close(given, squares.mean()):
        text = "for the logit x₁² + 3 x₂ the gradient is (2 x₁, 3)"
        raise Wrong(f"{text}, and the mean of its squared length at these points {squares.mean():.2f}, not {given:.2f}")
    return "R1 asks for flat logits at the real points: no pull towards them or away once the generator is there"


@task
def holm(answer: Callable[..., Any]) -> str:
    """Holm's adjusted p values (Holm 1979)."""
    p = np.array([0.03, 0.01, 0.035, 0.55, 0.6])
    given = numbers(answer(p.copy()), p.shape)
    order, factors = np.argsort(p), np.arange(len(p), 0, -1)
    single, uncapped, wanted = np.empty(5), np.empty(5), np.empty(5)
    single[order] = factors * p[order]
    uncapped[order] = np.maximum.accumulate(factors * p[order])
    wanted[order] = np.minimum(1, uncapped[order])
    if close(given, wanted):
        return "the smallest p value is multiplied by the number of comparisons, the next by one less: among many, some are lucky"
    mistakes = {
        "that is Bonferroni's correction, the same factor for all; Holm's gets smaller, from the smallest p value on": (
            len(p) * p,
            np.minimum(1, len(p) * p),
        ),
        "these are the p values as they were": (p,),
        "the values are right, but sorted: give them back in the order in which they came": (wanted[order],),
        "a probability cannot be above 1: cut it off there": (uncapped,),
        "a larger p value must not become smaller than one before it: take the largest so far": (
            single,
            np.minimum(1, single),
        ),
        "the factors run the wrong way: the smallest p value gets the largest": (
            np.arange(1, 6) * p,
            np.minimum(1, _placed(order, np.arange(1, 6) * p[order])),
            np.minimum(1, _placed(order, np.maximum.accumulate(np.arange(1, 6) * p[order]))),
        ),
    }
    recognize(given, ((message, value) for message, values in mistakes.items() for value in values))
    raise Wrong(f"for p = {p.tolist()} it should be {wanted.round(3).tolist()}, not {given.round(3).tolist()}")


def _placed(order: np.ndarray, values: np.ndarray) -> np.ndarray:
    placed = np.empty(len(values))
    placed[order] = values
    return placed
