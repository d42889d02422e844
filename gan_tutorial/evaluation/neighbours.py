"""Metrics that look at nearest neighbours: fidelity and variety apart, and memorization.

A set of features stands for the region that its samples span: around each
sample lies a ball that reaches to its k-th nearest neighbour in the same set.
All distance matrices are made in blocks, so memory stays bounded.
"""

import numpy as np

from .checks import check_features

#: Entries of a distance matrix that are held at once (64 MB of float64).
_BLOCK = 8_000_000


def precision_recall(real, fake, k=3):
    """Improved precision and recall, Kynkäänniemi et al. 2019, equations 1 and 2.

    Precision: the share of generated samples within the ball of a real one
    (fidelity). Recall: the share of real samples within the ball of a
    generated one (variety).

    Args:
        real, fake: features (n, d) and (m, d).
        k: a ball reaches to the k-th nearest neighbour.

    Returns two floats in [0, 1].
    """
    precise, recalled, _, _ = region_values(real, fake, k, k)
    return float(precise.mean()), float(recalled.mean())


def density_coverage(real, fake, k=5):
    """Density and coverage, Naeem et al. 2020, equations 3 and 4.

    Density: in how many real balls a generated sample lies, divided by k, on
    average: about 1 for a perfect generator, and not bounded by it. Coverage:
    the share of real samples that have a generated one in their ball. Only
    balls of real samples count, so outliers among the generated ones do not
    inflate it.

    Args and raises as `precision_recall`. Returns two floats.
    """
    _, _, densities, covered = region_values(real, fake, k, k)
    return float(densities.mean()), float(covered.mean())


def region_values(real, fake, k=3, balls=5):
    """What precision, recall, density and coverage are the means of.

    Args:
        k: neighbours for precision and recall.
        balls: neighbours for density and coverage.

    Returns bool (m,), bool (n,), float (m,), bool (n,): for each generated
    sample whether it is precise, for each real one whether it is recalled, the
    generated ones' densities, and whether each real one is covered.
    """
    real, fake = check_features(real, fake, least=max(k, balls) + 1)
    real_radii, real_balls = _squared_radii(real, k, balls)
    (fake_radii,) = _squared_radii(fake, k)
    precise, counts = np.zeros(len(fake), bool), np.zeros(len(fake), np.int64)
    recalled, covered = np.zeros(len(real), bool), np.zeros(len(real), bool)
    for rows, squared, slack in _squared_distances(real, fake):
        precise |= (squared <= real_radii[rows, None] + slack).any(0)
        recalled[rows] = (squared <= fake_radii + slack).any(1)
        inside = squared <= real_balls[rows, None] + slack
        counts += inside.sum(0)
        covered[rows] = inside.any(1)
    return precise, recalled, counts / balls, covered


def _squared_radii(features, *ks):
    """Squared distance of each sample to its k-th nearest neighbour among the others, for each k: (ks, n)."""
    radii = np.empty((len(ks), len(features)))
    for rows, squared, _ in _squared_distances(features, features):
        # Place 0 is the sample itself.
        radii[:, rows] = np.partition(squared, ks, axis=1)[:, ks].T
    return radii


def _squared_distances(a, b):
    """Blocks of rows of the matrix of squared distances: (slice, block, slack).

    |a - b|² = |a|² + |b|² - 2 a·b is one matrix product, of a row (-2a, |a|², 1)
    with a column (b, 1, |b|²), and loses a few of the last digits. `slack`
    bounds that loss: samples at equal distances are treated as equal, as exact
    arithmetic would.
    """
    # Near the origin the squares are small, and so is the loss.
    centre = a.mean(0)
    a, b = a - centre, b - centre
    a_squares, b_squares = (a * a).sum(1, keepdims=True), (b * b).sum(1, keepdims=True)
    left = np.hstack([-2 * a, a_squares, np.ones_like(a_squares)])
    right = np.hstack([b, np.ones_like(b_squares), b_squares]).T
    slack = 1e-13 * (a_squares.max() + b_squares.max())
    step = max(1, _BLOCK // len(b))
    for start in range(0, len(a), step):
        rows = slice(start, start + step)
        yield rows, left[rows] @ right, slack


def nearest_neighbours(queries, training):
    """The nearest row of `training` to each row of `queries`, both (n, d) or images.

    Returns distances float32 (n,), Euclidean, and row numbers (n,).
    """
    queries, training = (np.asarray(a, np.float32).reshape(len(a), -1) for a in (queries, training))
    if queries.shape[1] != training.shape[1]:
        raise ValueError(f"queries have {queries.shape[1]} values each, training samples {training.shape[1]}")
    squares = np.einsum("ij,ij->i", training, training)
    nearest = np.empty(len(queries), np.int64)
    step = max(1, _BLOCK // len(training))
    for start in range(0, len(queries), step):
        rows = slice(start, start + step)
        # |q|² is the same along a row: it does not change which is nearest.
        nearest[rows] = (squares - 2 * (queries[rows] @ training.T)).argmin(1)
    return np.linalg.norm(queries - training[nearest], axis=1), nearest
