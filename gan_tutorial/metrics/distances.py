"""Distances between two sets of features: Fréchet, two kernels, and sliced Wasserstein with its relative, Monge.

All compare whole distributions, features (n, k) and (m, k): they grow when images are worse and when there is less
diversity, and do not say which of the two it was.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from .inputs import check_features
from .intervals import Estimate, resample
from .neighbours import squared_distances

Array = np.ndarray

#: A covariance counts as regular if each feature keeps this share of its deviation once those before it are known.
_REGULAR = 1e-4
#: Real samples whose distances give the bandwidth of the Gaussian kernel.
_BANDWIDTH_SAMPLES = 1000
#: Directions that are projected on at once.
_DIRECTIONS = 100


def frechet_distance(real: ArrayLike, fake: ArrayLike) -> float:
    """Fréchet distance between two Gaussians fitted to features, Heusel et al. 2017, equation 6.

    d² = |m_r - m_f|² + tr(C_r + C_f - 2 (C_r C_f)^½). (Like the literature, it reports d², and calls it the distance.)
    With n samples of k features it is biased upwards, by an amount that falls like 1/n: compare only distances that
    were taken with the same n, or use `frechet_infinity`.

    Raises ValueError for fewer than two rows, unequal columns, or values that are not finite.
    """
    real, fake = check_features(real, fake)
    real_mean, fake_mean = real.mean(0), fake.mean(0)
    shift = real_mean - fake_mean
    # With C = AᵀA, the eigenvalues of C_r C_f are the squared singular values of A_r A_fᵀ; no square root of a nearly
    # singular matrix is taken.
    real_root, fake_root = _covariance_root(real - real_mean), _covariance_root(fake - fake_mean)
    cross = np.linalg.svd(real_root @ fake_root.T, compute_uv=False).sum()
    distance = shift @ shift + (real_root**2).sum() + (fake_root**2).sum() - 2 * cross
    return float(max(distance, 0.0))


def _covariance_root(centred: Array) -> Array:
    """A matrix A with AᵀA = covariance of centred features (n, k)."""
    n, k = centred.shape
    if n <= k:
        return centred / np.sqrt(n - 1)
    covariance = centred.T @ centred / (n - 1)
    deviations = np.sqrt(covariance.diagonal())
    # Features that are always 0 are common after ReLU, and no obstacle.
    varying = np.flatnonzero(deviations)
    root = np.zeros((len(varying), k))
    try:
        root[:, varying] = np.linalg.cholesky(covariance[np.ix_(varying, varying)]).T
        if (root[np.arange(len(varying)), varying] > _REGULAR * deviations[varying]).all():
            return root
    except np.linalg.LinAlgError:
        pass
    # Singular, or nearly so. The QR decomposition takes longer, but does not square the numbers.
    return np.asarray(np.linalg.qr(centred, mode="r")) / np.sqrt(n - 1)


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
    divisors, means = np.linspace(1, 5, 8), []
    for divisor in divisors:
        # Disjoint parts use every sample; their mean varies less than a single part.
        n, m = int(len(real) / divisor), int(len(fake) / divisor)
        parts = [(real[i * n : (i + 1) * n], fake[i * m : (i + 1) * m]) for i in range(int(divisor))]
        means.append(np.mean([frechet_distance(*part) for part in parts]))
    line = stats.linregress(divisors, means)
    return Estimate.around(line.intercept, np.hypot(deviation, line.intercept_stderr))


def frechet_deviation(real: Array, fake: Array, resamples: int = 60, seed: int = 0) -> float:
    """Standard deviation of `frechet_distance` over bootstrap resamples of both sets."""
    return float(np.std(resample(frechet_distance, real, fake, resamples=resamples, seed=seed), ddof=1))


def kernel_distance(
    real: ArrayLike, fake: ArrayLike, subset_size: int = 1000, subsets: int | None = None, seed: int = 0
) -> tuple[float, float]:
    """Kernel distance, Bińkowski et al. 2018: unbiased MMD² with the kernel (x·y/k + 1)³.

    MMD² = mean of k(x, x') over pairs of real samples + the same over pairs of generated ones - 2 · mean of k(x, y);
    pairs of a sample with itself are left out, so it has no bias at any n, and may be slightly negative.

    Returns the mean over shuffled subsets of `subset_size` samples of each set, and the standard deviation. `subsets`
    is how many; None for as many as there are without using a sample twice. More of them start over with a new shuffle.
    """
    real, fake = check_features(real, fake)
    smaller = min(len(real), len(fake))
    size = min(subset_size, smaller)
    if size < 2:
        raise ValueError(f"subset_size must be at least 2, not {subset_size}")
    whole, values, rng = smaller // size, [], np.random.default_rng(seed)
    for i in range(subsets or whole):
        if i % whole == 0:
            order_real, order_fake = rng.permutation(len(real)), rng.permutation(len(fake))
        part = slice(i % whole * size, (i % whole + 1) * size)
        values.append(_squared_mmd(real[order_real[part]], fake[order_fake[part]]))
    return float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0


def kernel_estimate(real: ArrayLike, fake: ArrayLike, subset_size: int = 1000, seed: int = 0) -> Estimate:
    """`kernel_distance` with Student's interval over disjoint, hence independent, subsets; there are at least four."""
    real, fake = check_features(real, fake, least=8)
    smaller = min(len(real), len(fake))
    size = min(subset_size, smaller // 4)
    value, deviation = kernel_distance(real, fake, size, seed=seed)
    subsets = smaller // size
    return Estimate.around(value, deviation / np.sqrt(subsets), stdtrit(subsets - 1, 0.975))


def _squared_mmd(x: Array, y: Array) -> float:
    n = len(x)  # and of y, too
    xx, yy, xy = ((a @ b.T / a.shape[1] + 1) ** 3 for a, b in ((x, x), (y, y), (x, y)))
    within_x, within_y = ((kernel.sum() - np.trace(kernel)) / (n * (n - 1)) for kernel in (xx, yy))
    return within_x + within_y - 2 * xy.mean()


def gaussian_mmd(real: ArrayLike, fake: ArrayLike, bandwidth: float | None = None) -> float:
    """1000 · MMD² with the Gaussian kernel exp(-|x - y|² / 2σ²), Jayasumana et al. 2024.

    MMD² = mean of k(x, x') over all pairs of real samples + the same over generated ones - 2 · mean of k(x, y). It is
    the estimator of the authors' code: pairs of a sample with itself are counted, which adds up to 1000/n for each set.
    So it is never negative, and comparable only at the same n. Their metric, CMMD, is this one on normalized CLIP
    embeddings with σ = 10; on other features it is another metric, with numbers of its own.

    Args:
        real, fake: features (n, k) and (m, k).
        bandwidth: σ, in the unit of the features; None for the median distance of different real samples (the median
            heuristic), so that the kernel suits features of any size.
    """
    return gaussian_estimate(real, fake, bandwidth).value


def gaussian_estimate(real: ArrayLike, fake: ArrayLike, bandwidth: float | None = None) -> Estimate:
    """`gaussian_mmd` with an interval from how much the samples' shares in it vary (the jackknife, to first order)."""
    real, fake = check_features(real, fake)
    sigma = _median_distance(real) if bandwidth is None else bandwidth
    if sigma <= 0:
        raise ValueError(f"bandwidth must be positive, not {bandwidth}")
    # How much more each sample is like its own set than like the other; the two means add up to MMD².
    pairs = (real, fake), (fake, real)
    shares = [_mean_kernel(own, own, sigma) - _mean_kernel(own, other, sigma) for own, other in pairs]
    # Each sample is in twice as many pairs as its share says.
    deviation = 2 * np.sqrt(sum(share.var(ddof=1) / len(share) for share in shares))
    return Estimate.around(1000 * sum(share.mean() for share in shares), 1000 * deviation)


def _mean_kernel(x: Array, y: Array, sigma: float) -> Array:
    """Mean of the Gaussian kernel over y, for each row of x."""
    return np.concatenate([np.exp(block / (-2 * sigma**2)).mean(1) for _, block, _ in squared_distances(x, y)])


def _median_distance(features: Array) -> float:
    from scipy.spatial.distance import pdist  # takes a while to import

    distances = pdist(features[:: -(-len(features) // _BANDWIDTH_SAMPLES)])
    different = distances[distances > 0]
    return float(np.median(different)) if len(different) else 1.0


def sliced_wasserstein(real: ArrayLike, fake: ArrayLike, directions: int = 64, seed: int = 0) -> float:
    """Sliced Wasserstein-1 distance of two sets (n, k) of the same size, in the unit of the data.

    The mean, over random directions, of the distance of the sets' projections, which is the mean difference of their
    sorted values.
    """
    real, fake = _check_equal_numbers(real, fake)
    axes = _random_axes(directions, real.shape[1], seed).T
    return float(np.abs(np.sort(real @ axes, 0) - np.sort(fake @ axes, 0)).mean())


def _check_equal_numbers(real: ArrayLike, fake: ArrayLike) -> tuple[Array, Array]:
    real, fake = check_features(real, fake)
    if len(real) != len(fake):
        raise ValueError(f"both sets must have the same number of samples, not {len(real)} and {len(fake)}")
    return real, fake


def _random_axes(directions: int, k: int, seed: int) -> Array:
    """Unit vectors (directions, k)."""
    axes = np.random.default_rng(seed).standard_normal((k, directions)).T
    return axes / np.linalg.norm(axes, axis=1, keepdims=True)


def monge_distance(real: ArrayLike, fake: ArrayLike, directions: int = 1000, seed: int = 0) -> float:
    """Monge distance: MIND, the Monge Inception Distance of Berthet et al. 2026, on any features.

    3k · mean, over random directions u and over the n places in the order, of (u·x - u·y)², where the projections u·x
    and u·y are sorted: the squared sliced Wasserstein-2 distance, scaled. It looks at whole distributions, where the
    Fréchet distance looks at means and covariances. Like that one, it is biased upwards: compare only at the same n.

    Args:
        real, fake: features (n, k), equally many.
        directions: how many.
        seed: of the directions.

    Raises ValueError for sets of unequal size or unfit features.
    """
    return monge_estimate(real, fake, directions, seed).value


def monge_estimate(real: ArrayLike, fake: ArrayLike, directions: int = 1000, seed: int = 0) -> Estimate:
    """`monge_distance` with an interval, from the potentials of optimal transport and the choice of directions.

    The potential of a sample is what the distance grows by with more of its like; so the variance of the mean potential
    is that of the distance.
    """
    real, fake = _check_equal_numbers(real, fake)
    n, k = real.shape
    distances, potentials = [], np.zeros((2, n))
    for axes in np.split(_random_axes(directions, k, seed), range(_DIRECTIONS, directions, _DIRECTIONS)):
        (x, x_order), (y, y_order) = _sorted_projections(real, axes), _sorted_projections(fake, axes)
        squares = (x - y) ** 2
        # The slope of x's potential is 2 (x - y); both potentials of a pair add up to its (x - y)².
        steps = (x[:, 1:] - y[:, 1:] + x[:, :-1] - y[:, :-1]) * np.diff(x, axis=1)
        of_x = np.pad(np.cumsum(steps, 1), ((0, 0), (1, 0)))
        # Each sample's potentials, over these directions, added up.
        potentials[0] += np.bincount(x_order.ravel(), of_x.ravel())
        potentials[1] += np.bincount(y_order.ravel(), (squares - of_x).ravel())
        distances.append(squares.mean(1))
    each = np.concatenate(distances)
    variance = (potentials / directions).var(1, ddof=1).sum() / n + each.var() / directions
    return Estimate.around(3 * k * each.mean(), 3 * k * np.sqrt(variance))


def _sorted_projections(features: Array, axes: Array) -> tuple[Array, Array]:
    """Projections (directions, n) in order, and which sample each is."""
    projections = axes @ features.T
    order = projections.argsort(1)
    return np.take_along_axis(projections, order, 1), order
