"""What every metric requires of its input."""

import numpy as np
from numpy.typing import ArrayLike


def check_features(real: ArrayLike, fake: ArrayLike, least: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Both as float64 matrices with equally many columns; ValueError says what is wrong."""
    real, fake = check_matrix(real, "real", least), check_matrix(fake, "generated", least)
    if real.shape[1] != fake.shape[1]:
        raise ValueError(f"real features have {real.shape[1]} columns, generated ones {fake.shape[1]}")
    return real, fake


def check_matrix(features: ArrayLike, name: str, least: int = 2) -> np.ndarray:
    """Features as a finite float64 matrix of at least `least` rows; ValueError says what is wrong with the `name` ones."""
    features = np.asarray(features, np.float64)
    if features.ndim != 2 or not features.shape[1]:
        raise ValueError(f"{name} features must be a matrix, a row for each sample, not of shape {features.shape}")
    if len(features) < least:
        raise ValueError(f"at least {least} {name} samples are needed, but there are {len(features)}")
    bad = np.flatnonzero(~np.isfinite(features).all(1))
    if len(bad):
        raise ValueError(f"{name} features must be finite, but {len(bad)} rows are not; the first is row {bad[0]}")
    return features


def check_probabilities(probabilities: ArrayLike) -> np.ndarray:
    """Probabilities as a float64 matrix whose rows sum to 1; ValueError says what is wrong."""
    probabilities = np.asarray(probabilities, np.float64)
    if probabilities.ndim != 2 or not len(probabilities):
        raise ValueError(f"probabilities must be a matrix, a row for each image, not of shape {probabilities.shape}")
    if not (np.isfinite(probabilities).all() and (probabilities >= 0).all()):
        raise ValueError("probabilities must be finite and not negative")
    if np.abs(probabilities.sum(1) - 1).max() > 1e-3:
        raise ValueError("each row of probabilities must sum to 1; apply softmax to logits")
    return probabilities
