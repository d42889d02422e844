"""Tasks of notebook 6."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, compare, numbers, task


@task
def kl_to_normal(answer: Callable[..., Any]) -> None:
    """Kullback–Leibler divergence of a diagonal Gaussian to the standard normal (Kingma & Welling 2014, appendix B)."""
    rng = np.random.default_rng(0)
    mean, log_variance = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    terms = np.exp(log_variance) + mean**2 - 1 - log_variance
    wanted = terms.sum(1) / 2
    # Other mistakes may return other shapes: say so before anything else.
    returned = numbers(answer(mean.copy(), log_variance.copy()))
    if returned.shape == terms.shape:
        raise Wrong("one_per_coordinate")
    if returned.shape == ():
        raise Wrong("one_for_all")
    as_deviation = log_variance**2 + mean**2 - 1 - np.log(log_variance**2)
    as_variance = np.abs(log_variance) + mean**2 - 1 - np.log(np.abs(log_variance))
    mistakes = {
        "sign": -wanted,
        "twice": 2 * wanted,
        "mean": wanted / 3,
        "mean_twice": terms.mean(1),
        "other_way_round": ((1 + mean**2) / np.exp(log_variance) - 1 + log_variance).sum(1) / 2,
        "as_deviation": as_deviation.sum(1) / 2,
        "as_variance": as_variance.sum(1) / 2,
        "squared": (np.exp(2 * log_variance) + mean**2 - 1 - log_variance).sum(1) / 2,
    }
    first = {"mean": mean[0].round(2), "log_variance": log_variance[0].round(2)}
    compare(numbers(returned, wanted.shape), wanted, mistakes, **first)


@task
def roc_area(answer: Callable[..., Any]) -> None:
    """How often one of the first gets a higher value than one of the second: the area under the ROC curve."""
    # Whole numbers, so that there are ties; and unequal in number.
    members, others = np.array([3.0, 1.0, 2.0, 5.0, 2.0]), np.array([0.0, 2.0, 1.0])
    above = (members[:, None] > others).mean()
    ties = (members[:, None] == others).mean()
    wanted = above + ties / 2
    mistakes = {
        "turned_round": 1 - wanted,
        "ties_as_nothing": above,
        "ties_as_whole": above + ties,
        "number": wanted * 15,
        "divisor": wanted * 15 / 5,
        "means": members.mean() - others.mean(),
    }
    given = numbers(answer(members.copy(), others.copy()), ())
    compare(given, wanted, mistakes, won=above * 15, tied=ties * 15)
