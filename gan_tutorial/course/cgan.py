"""Tasks of notebook 3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, compare, numbers, task


@task
def join_condition(answer: Callable[..., Any]) -> None:
    """Noise with the label next to it, as a vector with a single 1 (Mirza & Osindero 2014)."""
    # Without the last class, so that its column is missed where classes are taken from the labels.
    noise, labels = np.random.default_rng(0).normal(size=(4, 3)), np.array([2, 0, 3, 2])
    right = np.concatenate([noise, np.eye(5)[labels]], 1)
    given = numbers(answer(noise.copy(), labels.copy(), 5))
    if given.ndim == 2 and len(given) == 4:
        columns = given.shape[1]
        if columns == 4:
            raise Wrong("label_as_number")
        if columns == 5:
            raise Wrong("no_noise")
        if columns == 3:
            raise Wrong("no_label")
        if columns in (6, 7):
            raise Wrong("missing_classes")
    given = numbers(given, right.shape)
    if close(given, np.concatenate([np.eye(5)[labels], noise], 1)):
        raise Wrong("label_first")
    if not close(given[:, :3], noise):
        raise Wrong("changed_noise")
    if not close(given[:, 3:].sum(1), 1):
        raise Wrong("not_one_hot")
    if not close(given, right):
        raise Wrong("wrong_column")


@task
def projection_logits(answer: Callable[..., Any]) -> None:
    """The logit of the projection discriminator (Miyato & Koyama 2018, equation 3)."""
    rng = np.random.default_rng(1)
    features, weights, bias, table = rng.normal(size=(4, 3)), rng.normal(size=3), 0.7, rng.normal(size=(5, 3))
    labels = np.array([2, 0, 4, 2])
    given = numbers(answer(features.copy(), labels.copy(), weights.copy(), bias, table.copy()))
    if given.shape == (4, 1):
        given = given[:, 0]
    if given.shape == (4, 5):
        raise Wrong("all_classes")
    if given.shape in ((4, 3), (4, 4)):
        raise Wrong("no_sum")
    given = numbers(given, (4,))
    alone, match = features @ weights + bias, (features * table[labels]).sum(1)
    mistakes = {
        "blind": alone,
        "match_alone": match,
        "no_bias": alone + match - bias,
        "mean": alone + (features * table[labels]).mean(1),
        "not_compared": alone + table[labels].sum(1),
        "product": alone * match,
    }
    compare(given, alone + match, mistakes)


@task
def wrong_labels(answer: Callable[..., Any]) -> None:
    """Labels for a mismatch batch, in which none keeps its own (after Reed et al. 2016)."""
    labels = np.random.default_rng(2).integers(0, 5, 2000)
    kept = labels.copy()
    given = numbers(answer(labels, 5, np.random.default_rng(3)), labels.shape)
    if not np.array_equal(labels, kept):
        raise Wrong("changed_in_place")
    if not close(given, given.round()) or given.min() < 0 or given.max() > 4:
        raise Wrong("no_such_class")
    same = (given == labels).mean()
    if same == 1:
        raise Wrong("all_right")
    if same > 0:
        raise Wrong("some_right", same=same)
    shares = np.array([[(given[labels == own] == other).mean() for other in range(5)] for own in range(5)])
    off = shares[~np.eye(5, dtype=bool)]
    if off.min() == 0:
        raise Wrong("never")
    if off.min() < 0.17 or off.max() > 0.33:
        raise Wrong("uneven")
    again = numbers(answer(labels, 5, np.random.default_rng(4)), labels.shape)
    if np.array_equal(given, again):
        raise Wrong("own_rng")
