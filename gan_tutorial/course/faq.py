"""Tasks of notebook 5."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, compare, numbers, task


@task
def r1_penalty(answer: Callable[..., Any]) -> None:
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
        raise Wrong("not_watched") from None
    array = numbers(returned)
    if array.shape == squares.shape and close(array, squares):
        raise Wrong("one_per_point")
    mistakes = {
        "length": lengths.mean(),
        "mean_first": lengths.mean() ** 2,
        "wgan_gp": ((lengths - 1) ** 2).mean(),
        "half": squares.mean() / 2,
        "sum": squares.sum(),
        "averaged_logits": squares.mean() / len(points) ** 2,
    }
    compare(numbers(array, ()), squares.mean(), mistakes)


@task
def holm(answer: Callable[..., Any]) -> None:
    """Holm's adjusted p values (Holm 1979)."""
    p = np.array([0.03, 0.01, 0.035, 0.55, 0.6])
    given = numbers(answer(p.copy()), p.shape)
    order, factors = np.argsort(p), np.arange(len(p), 0, -1)
    single, uncapped, wanted = np.empty(5), np.empty(5), np.empty(5)
    single[order] = factors * p[order]
    uncapped[order] = np.maximum.accumulate(factors * p[order])
    wanted[order] = np.minimum(1, uncapped[order])
    mistakes = {
        "bonferroni": (len(p) * p, np.minimum(1, len(p) * p)),
        "unchanged": p,
        "sorted": wanted[order],
        "above_one": uncapped,
        "smaller": (single, np.minimum(1, single)),
        "wrong_way": (
            np.arange(1, 6) * p,
            np.minimum(1, _placed(order, np.arange(1, 6) * p[order])),
            np.minimum(1, _placed(order, np.maximum.accumulate(np.arange(1, 6) * p[order]))),
        ),
    }
    shown = {"p": p.tolist(), "given": given.round(3).tolist(), "wanted": wanted.round(3).tolist()}
    compare(given, wanted, mistakes, **shown)


def _placed(order: np.ndarray, values: np.ndarray) -> np.ndarray:
    placed = np.empty(len(values))
    placed[order] = values
    return placed
