"""What every metric asks of its input."""

import numpy as np


def check_features(real, fake, least=2):
    """Both as float64 matrices with the same columns; ValueError says what is wrong."""
    real, fake = (_check_one(features, name, least) for features, name in ((real, "real"), (fake, "generated")))
    if real.shape[1] != fake.shape[1]:
        raise ValueError(f"real features have {real.shape[1]} columns, generated ones {fake.shape[1]}")
    return real, fake


def _check_one(features, name, least):
    features = np.asarray(features, np.float64)
    if features.ndim != 2 or not features.shape[1]:
        raise ValueError(f"{name} features must be a matrix, a row for each sample, not of shape {features.shape}")
    if len(features) < least:
        raise ValueError(f"at least {least} {name} samples are needed, but there are {len(features)}")
    if not np.isfinite(features).all():
        bad = np.flatnonzero(~np.isfinite(features).all(1))
        raise ValueError(f"{name} features must be finite, but {len(bad)} rows are not; the first is row {bad[0]}")
    return features


def check_probabilities(probabilities):
    """Probabilities as a float64 matrix whose rows sum to 1; ValueError says what is wrong."""
    probabilities = np.asarray(probabilities, np.float64)
    if probabilities.ndim != 2 or not len(probabilities):
        raise ValueError(f"probabilities must be a matrix, a row for each image, not of shape {probabilities.shape}")
    if not (np.isfinite(probabilities).all() and (probabilities >= 0).all()):
        raise ValueError("probabilities must be finite and not negative")
    if np.abs(probabilities.sum(1) - 1).max() > 1e-3:
        raise ValueError("each row of probabilities must sum to 1; logits become so by softmax")
    return probabilities
