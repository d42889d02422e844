"""Tasks of notebook 6."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, numbers, recognize, task


@task
def kl_to_normal(answer: Callable[..., Any]) -> str:
    """Kullback–Leibler divergence of a diagonal Gaussian to the standard normal (Kingma & Welling 2014, appendix B)."""
    rng = np.random.default_rng(0)
    mean, log_variance = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    terms = np.exp(log_variance) + mean**2 - 1 - log_variance
    wanted = terms.sum(1) / 2
    # Other mistakes may return other shapes: say so before anything else.
    returned = numbers(answer(mean.copy(), log_variance.copy()))
    if returned.shape == terms.shape:
        raise Wrong("that is one number per coordinate of the noise: the divergence of an image is their sum")
    if returned.shape == ():
        raise Wrong(
            "that is one number for all images: one for each is wanted, summed over the coordinates (axis 1) only"
        )
    given = numbers(returned, wanted.shape)
    as_deviation = log_variance**2 + mean**2 - 1 - np.log(log_variance**2)
    as_variance = np.abs(log_variance) + mean**2 - 1 - np.log(np.abs(log_variance))
    mistakes = {
        "the sign is the wrong way round: a divergence is never negative": -wanted,
        "that is twice as much: the factor ½ is missing": 2 * wanted,
        "that is the mean over the coordinates; their sum is wanted": wanted / 3,
        "that is the mean over the coordinates, without the factor ½; half their sum is wanted": terms.mean(1),
        "the other way round: that is the divergence of the standard normal to the Gaussian": (
            ((1 + mean**2) / np.exp(log_variance) - 1 + log_variance).sum(1) / 2
        ),
        "the second argument is the logarithm of the variance, not the standard deviation": as_deviation.sum(1) / 2,
        "the second argument is the logarithm of the variance, not the variance": as_variance.sum(1) / 2,
        "exp of the log-variance is the variance: it is not to be squared again": (
            (np.exp(2 * log_variance) + mean**2 - 1 - log_variance).sum(1) / 2
        ),
    }
    recognize(given, mistakes.items())
    if not close(given, wanted):
        raise Wrong(
            f"for mean {mean[0].round(2)} and log-variance {log_variance[0].round(2)} it should be {wanted[0]:.3f}"
        )
    return "0 only for mean 0 and variance 1: it pulls what the encoder says towards the noise that you sample from"


@task
def roc_area(answer: Callable[..., Any]) -> str:
    """How often one of the first gets a higher value than one of the second: the area under the ROC curve."""
    # Whole numbers, so that there are ties; and unequal in number.
    members, others = np.array([3.0, 1.0, 2.0, 5.0, 2.0]), np.array([0.0, 2.0, 1.0])
    above = (members[:, None] > others).mean()
    ties = (members[:, None] == others).mean()
    given = float(numbers(answer(members.copy(), others.copy()), ()))
    mistakes = {
        "turned round: that is how often the other value is the higher one": 1 - above - ties / 2,
        "in a tie it is a toss-up: count it as one half, not as nothing": above,
        "in a tie it is a toss-up: count it as one half, not as a whole": above + ties,
        "that is a number of pairs: divide by how many there are": (above + ties / 2) * 15,
        "divide by the number of pairs, members times others": (above + ties / 2) * 15 / 5,
        "that is the difference of the means, not how often one is above the other": members.mean() - others.mean(),
    }
    recognize(given, mistakes.items())
    if not close(given, above + ties / 2):
        raise Wrong(
            f"of the 15 pairs {above * 15:.0f} are won and {ties * 15:.0f} tied: {above + ties / 2:.3f}, not {given:.3f}"
        )
    return "0.5 for an attack that might as well toss a coin, 1 for one that is never wrong; no threshold is needed"
