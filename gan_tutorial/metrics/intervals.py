"""How sure a number is: 95 % intervals.

scipy.stats takes most of a second to import: it is imported when first used.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

#: Half-width of the interval of a normal distribution, in standard deviations.
_NORMAL = float(ndtri(0.975))


class Estimate(NamedTuple):
    """A number with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def around(cls, value: float, deviation: float, factor: float = _NORMAL) -> "Estimate":
        """value ± factor · deviation."""
        return cls(float(value), float(value - factor * deviation), float(value + factor * deviation))


def wilson_interval(successes: int, n: int) -> Estimate:
    """Share of successes with Wilson's score interval, which holds at 0 and 1 and for small n.

    The bounds are those shares p for which the observed share lies 1.96 standard deviations √(p(1-p)/n) away.
    """
    from scipy import stats

    if not 0 <= successes <= n or n < 1:
        raise ValueError(f"there cannot be {successes} successes in {n} trials")
    bounds = stats.binomtest(int(successes), int(n)).proportion_ci(method="wilson")
    return Estimate(float(successes / n), float(bounds.low), float(bounds.high))


def mean_estimate(values: ArrayLike, seed: int = 0, resamples: int = 1000) -> Estimate:
    """Mean of one value per sample: Wilson's interval for booleans, else a percentile bootstrap."""
    values = np.asarray(values)
    if values.dtype == bool:
        return wilson_interval(values.sum(), len(values))
    return bootstrap(values, np.mean, seed, resamples)


def bootstrap(values: ArrayLike, statistic: Callable, seed: int = 0, resamples: int = 1000) -> Estimate:
    """A statistic of one value per sample, with its percentile bootstrap."""
    values = np.asarray(values, np.float64)
    low, high = np.quantile(resample(statistic, values, resamples=resamples, seed=seed), (0.025, 0.975))
    return Estimate(float(statistic(values)), float(low), float(high))


def resample(statistic: Callable, *sets: np.ndarray, resamples: int, seed: int = 0) -> list[float]:
    """What statistic(*sets) is, again and again, when the rows of each set are sampled with replacement."""
    rng = np.random.default_rng(seed)
    return [statistic(*(rows[rng.integers(len(rows), size=len(rows))] for rows in sets)) for _ in range(resamples)]
