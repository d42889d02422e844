"""Translations next to the true image of the same thing."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .inputs import check_features
from .neighbours import nearest_neighbours


class TranslationScores(NamedTuple):
    """Values for each of n things, for `mean_estimate`."""

    pixels: np.ndarray  #: float (n,): mean absolute difference to the true image, from 0 to 2
    features: np.ndarray  #: float (n,): Euclidean distance to the features of the true image
    found: np.ndarray  #: bool (n,): is the true image the nearest of all true images, by the features?


def translation_scores(
    made: ArrayLike, truth: ArrayLike, made_features: ArrayLike, true_features: ArrayLike
) -> TranslationScores:
    """How close each translation is to the true image of its thing, and whether it leads there.

    `found` tells a translation of the thing from a plausible image of another one, to which a distance is blind.

    Args:
        made, truth: images (n, height, width, channels) in [-1, 1]; row by row the same thing.
        made_features, true_features: features (n, k) of both.

    Raises ValueError for sets of different shapes, fewer than two things, or features that are not finite.

    Example:
        >>> truth = np.array([-1.0, 0.0, 1.0]).reshape(3, 1, 1, 1)
        >>> made = np.array([-0.5, 0.9, 1.0]).reshape(3, 1, 1, 1)
        >>> scores = translation_scores(made, truth, made.reshape(3, 1), truth.reshape(3, 1))
        >>> scores.pixels.tolist(), scores.found.tolist()
        ([0.5, 0.9, 0.0], [True, False, True])
    """
    made, truth = np.asarray(made, np.float64), np.asarray(truth, np.float64)
    made_features, true_features = check_features(made_features, true_features)
    if made.shape != truth.shape or not len(made) == len(made_features) == len(true_features):
        counts = f"features of {len(made_features)} and {len(true_features)}"
        raise ValueError(f"row by row the same thing: images {made.shape} and {truth.shape}, {counts}, do not fit")
    return TranslationScores(
        np.abs(made - truth).reshape(len(made), -1).mean(1),
        np.linalg.norm(made_features - true_features, axis=1),
        nearest_neighbours(made_features, true_features)[1] == np.arange(len(made)),
    )
