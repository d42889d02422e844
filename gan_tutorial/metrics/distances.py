"""Distances between two sets of features: Fréchet, kernel and sliced Wasserstein.

All compare whole distributions, features (n, k) and (m, k): they grow when images are worse and when there is less
diversity, and do not say which of the two it was.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from .inputs import check_features
from .intervals import Estimate

Array = np.ndarray


def frechet_distance(real: ArrayLike, fake: ArrayLike) -> float:
    """Fréchet distance between two Gaussians fitted to features, Heusel et al. 2017, equation 6.

    d² = |m_r - m_f|² + tr(C_r + C_f - 2 (C_r C_f)^½). (Like the literature, it reports d², and calls it the distance.)
    With n samples of k features it is biased upwards, by an amount that falls like 1/n: compare only distances that
    were taken with the same n, or use `frechet_infinity`.

    Raises ValueError for fewer than two rows, unequal columns, or values that are not finite.
    """
    real, fake = check_features(real, fake)
    shift = real.mean(0) - fake.mean(0)
    # With C = AᵀA, the eigenvalues of C_r C_f are the squared singular values of A_r A_fᵀ; no square root of a nearly
    # singular matrix is taken.
    scaled = ((x - x.mean(0)) / np.sqrt(len(x) - 1) for x in (real, fake))
    real_root, fake_root = (np.asarray(np.linalg.qr(x, mode="r")) for x in scaled)
    cross = np.linalg.svd(real_root @ fake_root.T, compute_uv=False).sum()
    distance = shift @ shift + (real_root**2).sum() + (fake_root**2).sum() - 2 * cross
    return float(max(distance, 0.0))


def frechet_infinity(real: ArrayLike, fake: ArrayLike, seed: int = 0) -> float:
    """The Fréchet distance that infinitely many samples would give, Chong & Forsyth 2020.

    The bias falls like 1/n; so the distance is computed for several n, and the line through the points (1/n, distance)
    is extrapolated to 1/n = 0. Both sets are cut to the same share, because both bring a bias. The result may be
    slightly negative where the true distance is 0.
    """
    return frechet_infinity_estimate(real, fake, seed=seed).value


def frechet_infinity_estimate(real: ArrayLike, fake: ArrayLike, deviation: float = 0.0, seed: int = 0) -> Estimate:
    """`frechet_infinity` with an interval, from the deviation of the distance and that of the line."""
    from scipy import stats

    rng = np.random.default_rng(seed)
    real, fake = (rng.permutation(features) for features in check_features(real, fake, least=20))
    # Evenly spaced in 1/n, from all samples to a fifth of them.
    shares = 1 / np.linspace(1, 5, 8)
    line = stats.linregress(1 / shares, [_mean_distance_of_parts(real, fake, share) for share in shares])
    return Estimate.around(line.intercept, np.hypot(deviation, line.intercept_stderr))


def _mean_distance_of_parts(real: Array, fake: Array, share: float) -> float:
    # Disjoint parts use every sample; their mean varies less than a single part.
    parts, n, m = range(int(1 / share + 1e-9)), int(len(real) * share), int(len(fake) * share)
    return float(np.mean([frechet_distance(real[i * n : (i + 1) * n], fake[i * m : (i + 1) * m]) for i in parts]))


def frechet_deviation(real: Array, fake: Array, resamples: int = 60, seed: int = 0) -> float:
    """Standard deviation of `frechet_distance` over bootstrap resamples of both sets."""
    rng, distances = np.random.default_rng(seed), []
    for _ in range(resamples):
        (real_mean, real_cov), (fake_mean, fake_cov) = (_resampled_moments(features, rng) for features in (real, fake))
        values, vectors = np.linalg.eigh(real_cov)
        root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
        cross = np.sqrt(np.linalg.eigvalsh(root @ fake_cov @ root).clip(0)).sum()
        shift = ((real_mean - fake_mean) ** 2).sum()
        distances.append(shift + np.trace(real_cov) + np.trace(fake_cov) - 2 * cross)
    return float(np.std(distances, ddof=1))


def _resampled_moments(features: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Mean and covariance of features drawn with replacement."""
    n = len(features)
    counts = rng.multinomial(n, np.full(n, 1 / n))[:, np.newaxis]
    mean = (counts * features).sum(0) / n
    centred = features - mean
    return mean, (counts * centred).T @ centred / (n - 1)


def kernel_distance(
    real: ArrayLike, fake: ArrayLike, subset_size: int = 1000, subsets: int | None = None, seed: int = 0
) -> tuple[float, float]:
    """Kernel distance, Bińkowski et al. 2018: unbiased MMD² with the kernel (x·y/k + 1)³.

    MMD² = mean of k(x, x') over pairs of real samples + the same over pairs of generated ones - 2 · mean of k(x, y);
    pairs of a sample with itself are left out, so it has no bias at any n, and may be slightly negative.

    Returns the mean over shuffled subsets of `subset_size` samples of each set, and the standard deviation. `subsets`
    is how many; None for as many as there are without using a sample twice. More of them start over with a new shuffle.
    """
    values = _subset_distances(*check_features(real, fake), subset_size, subsets, seed)
    return float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else 0.0


def kernel_estimate(real: ArrayLike, fake: ArrayLike, subset_size: int = 1000, seed: int = 0) -> Estimate:
    """`kernel_distance` with Student's interval over disjoint, hence independent, subsets."""
    real, fake = check_features(real, fake, least=8)
    values = _subset_distances(real, fake, min(subset_size, len(real) // 4, len(fake) // 4), None, seed)
    factor = stdtrit(len(values) - 1, 0.975)
    return Estimate.around(values.mean(), values.std(ddof=1) / np.sqrt(len(values)), factor)


def _subset_distances(real: Array, fake: Array, size: int, subsets: int | None, seed: int) -> Array:
    size = min(size, len(real), len(fake))
    if size < 2:
        raise ValueError(f"subset_size must be at least 2, not {size}")
    whole = min(len(real), len(fake)) // size
    rng, values = np.random.default_rng(seed), []
    for i in range(subsets or whole):
        if i % whole == 0:
            order_real, order_fake = rng.permutation(len(real)), rng.permutation(len(fake))
        part = slice(i % whole * size, (i % whole + 1) * size)
        values.append(_squared_mmd(real[order_real[part]], fake[order_fake[part]]))
    return np.array(values)


def _squared_mmd(x: Array, y: Array) -> float:
    n = len(x)  # and of y, too
    xx, yy, xy = ((a @ b.T / a.shape[1] + 1) ** 3 for a, b in ((x, x), (y, y), (x, y)))
    within_x, within_y = ((kernel.sum() - np.trace(kernel)) / (n * (n - 1)) for kernel in (xx, yy))
    return within_x + within_y - 2 * xy.mean()


def sliced_wasserstein(real: ArrayLike, fake: ArrayLike, directions: int = 64, seed: int = 0) -> float:
    """Sliced Wasserstein-1 distance of two sets (n, k) of the same size, in the unit of the data.

    The mean, over random directions, of the distance of the sets' projections, which is the mean difference of their
    sorted values.
    """
    real, fake = check_features(real, fake)
    if len(real) != len(fake):
        raise ValueError(f"both sets must have the same number of samples, not {len(real)} and {len(fake)}")
    axes = np.random.default_rng(seed).standard_normal((real.shape[1], directions))
    axes /= np.linalg.norm(axes, axis=0)
    return float(np.abs(np.sort(real @ axes, 0) - np.sort(fake @ axes, 0)).mean())
