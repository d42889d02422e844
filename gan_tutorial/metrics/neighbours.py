"""Metrics of nearest neighbours: fidelity and diversity separately, and memorization.

A set of features (n, d) represents the region that its samples span: around each sample lies a ball that reaches to
its k-th nearest neighbour in the same set. Distance matrices are computed in blocks, so memory stays bounded.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .inputs import check_features

#: Entries of a distance matrix that are held at once (64 MB of float64).
_BLOCK = 8_000_000


class PRDC(NamedTuple):
    """Values per sample, n real and m generated, whose means are precision, recall, density and coverage."""

    precision: np.ndarray  #: bool (m,): does a generated sample lie within a real ball?
    recall: np.ndarray  #: bool (n,): does a real sample lie within a generated ball?
    density: np.ndarray  #: float (m,): in how many real balls a generated sample lies, divided by k
    coverage: np.ndarray  #: bool (n,): does a real sample have a generated one in its ball?


def precision_recall(real: ArrayLike, fake: ArrayLike, k: int = 3) -> tuple[float, float]:
    """Improved precision and recall, Kynkäänniemi et al. 2019, equations 1 and 2.

    Precision: the share of generated samples within the ball of a real one (fidelity). Recall: the share of real
    samples within the ball of a generated one (diversity).
    """
    values = prdc(real, fake, k, k)
    return float(values.precision.mean()), float(values.recall.mean())


def density_coverage(real: ArrayLike, fake: ArrayLike, k: int = 5) -> tuple[float, float]:
    """Density and coverage, Naeem et al. 2020, equations 3 and 4.

    Density: in how many real balls a generated sample lies, divided by k, on average: about 1 for a perfect generator,
    and not bounded by it. Coverage: the share of real samples that have a generated one in their ball. Only balls of
    real samples count, so outliers among the generated ones do not inflate it.
    """
    values = prdc(real, fake, k, k)
    return float(values.density.mean()), float(values.coverage.mean())


def prdc(real: ArrayLike, fake: ArrayLike, k: int = 3, density_k: int = 5) -> PRDC:
    """All four metrics at once, per sample, with k neighbours for precision and recall, density_k for the others."""
    real, fake = check_features(real, fake, least=max(k, density_k) + 1)
    real_radii, density_radii = _squared_radii(real, k, density_k)
    (fake_radii,) = _squared_radii(fake, k)
    precision, counts = np.zeros(len(fake), bool), np.zeros(len(fake), np.int64)
    recall, coverage = np.zeros(len(real), bool), np.zeros(len(real), bool)
    for rows, squared, slack in squared_distances(real, fake):
        precision |= (squared <= real_radii[rows, None] + slack).any(0)
        recall[rows] = (squared <= fake_radii + slack).any(1)
        inside = squared <= density_radii[rows, None] + slack
        counts += inside.sum(0)
        coverage[rows] = inside.any(1)
    return PRDC(precision, recall, counts / density_k, coverage)


def _squared_radii(features: np.ndarray, *ks: int) -> np.ndarray:
    """Squared distance of each sample to its k-th nearest neighbour among the others, for each k: (ks, n)."""
    radii = np.empty((len(ks), len(features)))
    for rows, squared, _ in squared_distances(features, features):
        # Place 0 is the sample itself.
        radii[:, rows] = np.partition(squared, ks, axis=1)[:, ks].T
    return radii


def squared_distances(a: np.ndarray, b: np.ndarray) -> Iterator[tuple[slice, np.ndarray, float]]:
    """Blocks of rows of the matrix of squared distances: (slice, block, slack).

    |a - b|² = |a|² + |b|² - 2 a·b is one matrix product, of a row (-2a, |a|², 1) with a column (b, 1, |b|²), and loses
    a few of the last digits. `slack` bounds that loss: samples at equal distances are treated as equal, as exact
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


def nearest_neighbours(queries: np.ndarray, training: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest row of `training` to each row of `queries`, both (n, d) or images.

    Returns Euclidean distances float32 (n,), and row numbers (n,).
    """
    queries, training = (np.asarray(a, np.float32).reshape(len(a), -1) for a in (queries, training))
    if queries.shape[1] != training.shape[1]:
        raise ValueError(f"queries have {queries.shape[1]} values each, training samples {training.shape[1]}")
    nearest = _nearest_rows(queries, training)
    return np.linalg.norm(queries - training[nearest], axis=1), nearest


def _nearest_rows(queries: np.ndarray, training: np.ndarray, itself: np.ndarray | None = None) -> np.ndarray:
    """Number (n,) of the row of `training` nearest to each query; never the row that `itself` (n,) names."""
    squares = np.einsum("ij,ij->i", training, training)
    nearest = np.empty(len(queries), np.int64)
    step = max(1, _BLOCK // len(training))
    for start in range(0, len(queries), step):
        rows = slice(start, start + step)
        # |q|² is the same along a row: it does not change which is nearest.
        squared = squares - 2 * (queries[rows] @ training.T)
        if itself is not None:
            squared[np.arange(len(squared)), itself[rows]] = np.inf
        nearest[rows] = squared.argmin(1)
    return nearest


def authenticity(training: ArrayLike, fake: ArrayLike) -> np.ndarray:
    """Which generated samples are authentic, and not copies: bool (m,), Alaa et al. 2022.

    A generated sample belongs to its nearest training sample. It is authentic if it is farther from that one than the
    nearest other training sample is. Copies are not; but neither are all new samples of the same distribution, and
    samples far from all real ones are. So compare the share with that of held-out real images.

    Args:
        training: features (n, k) of the images that the generator was trained on.
        fake: features (m, k) of generated images.

    Raises ValueError for fewer than two rows, unequal columns, or values that are not finite.
    """
    real, generated = check_features(training, fake)
    # Near the origin the squares are small, and few digits are lost.
    centre = real.mean(0)
    real, generated = real - centre, generated - centre
    nearest = _nearest_rows(generated, real)
    chosen, place = np.unique(nearest, return_inverse=True)
    others = _nearest_rows(real[chosen], real, itself=chosen)
    radii = np.linalg.norm(real[chosen] - real[others], axis=1)
    return np.linalg.norm(generated - real[nearest], axis=1) > radii[place]
