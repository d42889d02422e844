"""Distances between two sets of features: Fréchet and kernel.

Both compare whole distributions: they grow when images are worse and when
there is less variety, and do not say which of the two it was.
"""

import numpy as np
from scipy.special import stdtrit

from .checks import check_features
from .intervals import Estimate


def frechet_distance(real, fake):
    """Fréchet distance between two Gaussians fitted to features, Heusel et al. 2017, equation 6.

    d² = |m_r - m_f|² + tr(C_r + C_f - 2 (C_r C_f)^½). (Like the literature, it
    reports d², and calls it the distance.) With n samples of k features it is
    biased upwards, by an amount that falls like 1/n: compare only distances
    that were taken with the same n, or use `frechet_infinity`.

    Args:
        real, fake: features (n, k) and (m, k).

    Returns a float, 0 for identical sets. Raises ValueError for fewer than two
    rows, unequal columns, or values that are not finite.
    """
    real, fake = check_features(real, fake)
    shift = real.mean(0) - fake.mean(0)
    # With C = AᵀA, the eigenvalues of C_r C_f are the squared singular values
    # of A_r A_fᵀ; no square root of a nearly singular matrix is taken.
    real_root, fake_root = (np.linalg.qr(_centred(features), mode="r") for features in (real, fake))
    cross = np.linalg.svd(real_root @ fake_root.T, compute_uv=False).sum()
    distance = shift @ shift + (real_root**2).sum() + (fake_root**2).sum() - 2 * cross
    return float(max(distance, 0.0))


def _centred(features):
    return (features - features.mean(0)) / np.sqrt(len(features) - 1)


def frechet_infinity(real, fake, points=8, seed=0):
    """The Fréchet distance that infinitely many samples would give, Chong & Forsyth 2020.

    The bias falls like 1/n; so the distance is taken for several n, and the
    line through the points (1/n, distance) is followed to 1/n = 0. Here both
    sets are cut to the same share, because both bring a bias. It may come out
    slightly negative where the true distance is 0.
    """
    return _extrapolate(*check_features(real, fake, least=20), points, seed)[0]


def _extrapolate(real, fake, points, seed):
    """Intercept of the line, and its standard error."""
    from scipy import stats

    rng = np.random.default_rng(seed)
    # Evenly spaced in 1/n, from all samples to a fifth of them.
    shares = 1 / np.linspace(1, 5, points)
    real, fake = rng.permutation(real), rng.permutation(fake)
    distances = [_mean_part_distance(real, fake, share) for share in shares]
    line = stats.linregress(1 / shares, distances)
    return float(line.intercept), float(line.intercept_stderr)


def _mean_part_distance(real, fake, share):
    # Disjoint parts use every sample; their mean wavers less than one part.
    parts = int(1 / share + 1e-9)
    pieces = [(_part(real, share, i), _part(fake, share, i)) for i in range(parts)]
    return np.mean([frechet_distance(r, f) for r, f in pieces])


def _part(features, share, i):
    size = int(len(features) * share)
    return features[i * size : (i + 1) * size]


def frechet_estimate(real, fake, resamples=60, seed=0):
    """`frechet_distance` with a bootstrap interval, an `Estimate`.

    Both sets are resampled. A resampled set holds duplicates, so its distance
    is biased once more: only the spread of the resamples is used.
    """
    real, fake = check_features(real, fake)
    return Estimate.around(frechet_distance(real, fake), frechet_deviation(real, fake, resamples, seed))


def frechet_infinity_estimate(real, fake, deviation, seed=0):
    """`frechet_infinity` with an interval, an `Estimate`: the spread of the distance and of the line, together."""
    value, error = _extrapolate(*check_features(real, fake, least=20), 8, seed)
    return Estimate.around(value, np.hypot(deviation, error))


def frechet_deviation(real, fake, resamples=60, seed=0):
    """Standard deviation of `frechet_distance` over bootstrap resamples of both sets."""
    rng = np.random.default_rng(seed)
    distances = [_moments_distance(_resampled(real, rng), _resampled(fake, rng)) for _ in range(resamples)]
    return float(np.std(distances, ddof=1))


def _resampled(features, rng):
    """Mean and covariance of features drawn with replacement."""
    n = len(features)
    counts = rng.multinomial(n, np.full(n, 1 / n))[:, np.newaxis]
    mean = (counts * features).sum(0) / n
    centred = features - mean
    return mean, (counts * centred).T @ centred / (n - 1)


def _moments_distance(real, fake):
    (real_mean, real_cov), (fake_mean, fake_cov) = real, fake
    values, vectors = np.linalg.eigh(real_cov)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    cross = np.sqrt(np.linalg.eigvalsh(root @ fake_cov @ root).clip(0)).sum()
    return ((real_mean - fake_mean) ** 2).sum() + np.trace(real_cov) + np.trace(fake_cov) - 2 * cross


def kernel_distance(real, fake, subset_size=1000, subsets=None, seed=0):
    """Kernel distance, Bińkowski et al. 2018: unbiased MMD² with the kernel (x·y/k + 1)³.

    MMD² = mean of k(x, x') over pairs of real samples + the same over pairs of
    generated ones - 2 · mean of k(x, y); pairs of a sample with itself are left
    out, so it has no bias at any n, and may come out slightly negative.

    Args:
        real, fake: features (n, k) and (m, k).
        subset_size: samples of each set that are compared at once.
        subsets: how many; default as many as there are without using a sample
            twice. More begin again with a new shuffle.
        seed: of the shuffles.

    Returns two floats: the mean over the subsets, and their standard deviation.
    """
    values = _subset_distances(*check_features(real, fake), subset_size, subsets, seed)
    return float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else 0.0


def kernel_estimate(real, fake, subset_size=1000, seed=0):
    """`kernel_distance` with Student's interval over disjoint, hence independent, subsets."""
    real, fake = check_features(real, fake, least=8)
    size = min(subset_size, len(real) // 4, len(fake) // 4)
    values = _subset_distances(real, fake, size, None, seed)
    factor = stdtrit(len(values) - 1, 0.975)
    return Estimate.around(values.mean(), values.std(ddof=1) / np.sqrt(len(values)), factor)


def _subset_distances(real, fake, size, subsets, seed):
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


def _squared_mmd(x, y):
    def kernel(a, b):
        return (a @ b.T / a.shape[1] + 1) ** 3

    within_x, within_y = (_mean_off_diagonal(kernel(a, a)) for a in (x, y))
    return within_x + within_y - 2 * kernel(x, y).mean()


def _mean_off_diagonal(matrix):
    n = len(matrix)
    return (matrix.sum() - np.trace(matrix)) / (n * (n - 1))


def sliced_wasserstein(real, fake, directions=64, seed=0):
    """Sliced Wasserstein-1 distance of two sets of the same size: the mean over random directions of the distance
    of the sets' shadows, which is the mean difference of their sorted values.

    Args:
        real, fake: (n, k) each.

    Returns a float, in the unit of the data; 0 for identical sets.
    """
    real, fake = check_features(real, fake)
    if len(real) != len(fake):
        raise ValueError(f"both sets must have the same number of samples, not {len(real)} and {len(fake)}")
    axes = np.random.default_rng(seed).standard_normal((real.shape[1], directions))
    axes /= np.linalg.norm(axes, axis=0)
    return float(np.abs(np.sort(real @ axes, 0) - np.sort(fake @ axes, 0)).mean())
