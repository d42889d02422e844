"""Metrics of single samples and of kernels, and the Fréchet distance of singular sets, against literal formulas."""

import math

import numpy as np
import pytest
import scipy.linalg

from gan_tutorial import evaluation as ev, metrics
from gan_tutorial.data import Dataset
from gan_tutorial.evaluation import METRICS, EvaluationContext, FeatureExtractor
from gan_tutorial.metrics import distances, diversity


def gaussian(n, k, seed, shift=0.0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, k)) @ rng.normal(size=(k, k)) + shift


# Fréchet distance: closed forms where covariances commute, and slow versions where they do not.


def with_moments(n, mean, deviations, rotation, seed):
    """Samples whose mean and covariance are exactly those: covariance = R diag(deviations²) Rᵀ."""
    k = len(deviations)
    x = np.random.default_rng(seed).standard_normal((n, k))
    white = np.linalg.qr(x - x.mean(0))[0] * np.sqrt(n - 1)
    return (white * deviations) @ rotation.T + mean


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("zeros", [0, 1, 5])
def test_frechet_of_commuting_covariances(size, turned, zeros):
    """d² = |shift|² + Σ (s_r - s_f)², also where some deviations are 0, in one set or in both."""
    rng, k = np.random.default_rng(zeros), 8
    rotation = np.linalg.qr(rng.normal(size=(k, k)))[0] if turned else np.eye(k)
    s_real, s_fake, shift = (size * rng.uniform(0.5, 2, k) for _ in range(3))
    s_real[:zeros] = 0
    s_fake[: max(0, zeros - 2)] = 0
    real, fake = with_moments(300, 0 * shift, s_real, rotation, 1), with_moments(200, shift, s_fake, rotation, 2)
    expected = shift @ shift + ((s_real - s_fake) ** 2).sum()
    assert metrics.frechet_distance(real, fake) == pytest.approx(expected, rel=1e-9)


def literal_root(c):
    values, vectors = np.linalg.eigh(c)
    return (vectors * np.sqrt(values.clip(0))) @ vectors.T


def literal_frechet(real, fake):
    c_r, c_f = np.cov(real, rowvar=False), np.cov(fake, rowvar=False)
    root = literal_root(c_r)
    return ((real.mean(0) - fake.mean(0)) ** 2).sum() + np.trace(c_r + c_f - 2 * literal_root(root @ c_f @ root))


def qr_frechet(real, fake):
    """The square roots by QR decompositions, for all sets."""
    roots = [np.linalg.qr((x - x.mean(0)) / np.sqrt(len(x) - 1), mode="r") for x in (real, fake)]
    cross = np.linalg.svd(roots[0] @ roots[1].T, compute_uv=False).sum()
    return ((real.mean(0) - fake.mean(0)) ** 2).sum() + sum((r**2).sum() for r in roots) - 2 * cross


def singular_sets():
    real, fake = gaussian(400, 12, 0), gaussian(300, 12, 1, shift=0.5)
    dead, copied, summed = real.copy(), real.copy(), fake.copy()
    dead[:, [0, 5]] = 0
    copied[:, 3] = copied[:, 4]
    summed[:, 2] = summed[:, 6] - summed[:, 9]
    constant = np.hstack([real[:, 1:], np.full((400, 1), 0.1)])
    return {
        "regular": (real, fake),
        "dead feature": (dead, fake),
        "dead in both": (dead, np.where(np.arange(12) == 5, 0, fake)),
        "constant feature": (constant, fake),
        "equal features": (copied, fake),
        "dependent features": (copied, summed),
        "few": (real[:9], fake),
        "few in both": (real[:7], fake[:9]),
        "as many as features": (real[:12], fake[:13]),
    }


@pytest.mark.parametrize("name", singular_sets())
def test_frechet_of_singular_sets(name):
    real, fake = singular_sets()[name]
    value = metrics.frechet_distance(real, fake)
    # A square root of a singular matrix has half the digits; QR has nearly all.
    assert value == pytest.approx(literal_frechet(real, fake), rel=1e-6)
    assert value == pytest.approx(qr_frechet(real, fake), rel=1e-10)
    assert metrics.frechet_distance(fake, real) == pytest.approx(value, rel=1e-9)
    assert metrics.frechet_distance(real, real) == pytest.approx(0, abs=1e-12 * (real**2).sum())


def test_dead_and_few_features_need_no_slow_decomposition(monkeypatch):
    sets = {name: pair for name, pair in singular_sets().items() if "dead" in name or "few" in name}
    expected = {name: qr_frechet(*pair) for name, pair in sets.items()}
    monkeypatch.delattr(np.linalg, "qr")
    assert {name: metrics.frechet_distance(*pair) for name, pair in sets.items()} == pytest.approx(expected)


def test_frechet_of_regular_sets_equals_scipys_square_root():
    real, fake = gaussian(400, 12, 0), gaussian(300, 12, 1, shift=0.5)
    c_r, c_f = np.cov(real, rowvar=False), np.cov(fake, rowvar=False)
    trace = np.trace(c_r + c_f - 2 * scipy.linalg.sqrtm(c_r @ c_f).real)
    expected = ((real.mean(0) - fake.mean(0)) ** 2).sum() + trace
    assert metrics.frechet_distance(real, fake) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("condition", [1e2, 1e5, 1e8])
def test_frechet_of_badly_conditioned_sets(condition):
    rng, k = np.random.default_rng(0), 30
    scales = np.geomspace(1, 1 / condition, k)
    rotation = np.linalg.qr(rng.normal(size=(k, k)))[0]
    s_fake = scales * rng.uniform(0.8, 1.25, k)
    real, fake = with_moments(500, 0, scales, rotation, 1), with_moments(400, 0, s_fake, rotation, 2)
    assert metrics.frechet_distance(real, fake) == pytest.approx(((scales - s_fake) ** 2).sum(), rel=1e-9)


# Gaussian MMD.


def reference_mmd(x, y, sigma):
    """As the authors' code has it: all pairs, also those of a sample with itself; times 1000."""

    def mean_kernel(a, b):
        return np.mean([[math.exp(-(math.dist(p, q) ** 2) / (2 * sigma**2)) for q in b] for p in a])

    return 1000 * (mean_kernel(x, x) + mean_kernel(y, y) - 2 * mean_kernel(x, y))


@pytest.mark.parametrize("n, m", [(40, 40), (30, 50)])
@pytest.mark.parametrize("sigma", [0.5, 10])
def test_gaussian_mmd_equals_the_reference(n, m, sigma, monkeypatch):
    monkeypatch.setattr("gan_tutorial.metrics.neighbours._BLOCK", 300)  # several blocks
    x, y = gaussian(n, 4, 0), gaussian(m, 4, 1, shift=0.3)
    assert metrics.gaussian_mmd(x, y, sigma) == pytest.approx(reference_mmd(x, y, sigma), rel=1e-9)


def test_bandwidth_is_the_median_distance_of_different_samples():
    x, y = gaussian(40, 4, 0), gaussian(40, 4, 1)
    median = np.median([math.dist(x[i], x[j]) for i in range(40) for j in range(i)])
    assert metrics.gaussian_mmd(x, y) == pytest.approx(reference_mmd(x, y, median), rel=1e-9)
    # So the unit of the features does not matter.
    assert metrics.gaussian_mmd(1e4 * x, 1e4 * y) == pytest.approx(metrics.gaussian_mmd(x, y), rel=1e-9)
    repeated = np.repeat([[0.0, 0.0], [3.0, 4.0]], [90, 10], axis=0)
    assert metrics.gaussian_mmd(repeated, y[:, :2]) == pytest.approx(reference_mmd(repeated, y[:, :2], 5))
    assert metrics.gaussian_mmd(np.ones((5, 2)), np.ones((5, 2))) == 0
    with pytest.raises(ValueError, match="bandwidth must be positive, not 0"):
        metrics.gaussian_mmd(x, y, 0)


def test_gaussian_mmd_of_equal_and_of_distant_sets():
    x = gaussian(300, 5, 0)
    assert metrics.gaussian_mmd(x, x) == pytest.approx(0, abs=1e-9)
    assert metrics.gaussian_mmd(x, x[::-1]) == pytest.approx(0, abs=1e-9)
    # Far apart nothing is alike between the sets: what remains are the two means within them.
    expected = reference_mmd(x[:50], x[:50] + 1e6, 1.0)
    assert metrics.gaussian_mmd(x[:50], x[:50] + 1e6, 1.0) == pytest.approx(expected, rel=1e-6)


# Monge distance.


def literal_monge(x, y, axes):
    n, k = x.shape
    total = 0.0
    for u in axes:
        pairs = zip(sorted(float(u @ row) for row in x), sorted(float(u @ row) for row in y))
        total += sum((p - q) ** 2 for p, q in pairs)
    return 3 * k * total / (n * len(axes))


def test_monge_equals_the_literal_formula(monkeypatch):
    monkeypatch.setattr(distances, "_DIRECTIONS", 7)  # several blocks
    x, y = gaussian(30, 5, 0), gaussian(30, 5, 1, shift=0.5)
    axes = distances._random_axes(20, 5, seed=3)
    assert np.linalg.norm(axes, axis=1) == pytest.approx(1)
    assert metrics.monge_distance(x, y, directions=20, seed=3) == pytest.approx(literal_monge(x, y, axes), rel=1e-12)
    assert metrics.monge_distance(y, x) == pytest.approx(metrics.monge_distance(x, y), rel=1e-12)


def test_monge_of_known_sets():
    x, shift = gaussian(500, 6, 0), np.array([1.0, 2, 0, 0, -1, 3])
    assert metrics.monge_distance(x, x[::-1]) == pytest.approx(0, abs=1e-12)
    # (u · shift)² is |shift|² / k on average.
    assert metrics.monge_distance(x, x + shift, directions=20_000) == pytest.approx(3 * 15, rel=0.03)
    # In one dimension all directions are alike.
    assert metrics.monge_distance(x[:, :1], 2 * x[:, :1] + 1) == pytest.approx(3 * ((x[:, 0] + 1) ** 2).mean())
    with pytest.raises(ValueError, match="same number of samples, not 500 and 400"):
        metrics.monge_distance(x, x[:400])


def test_monge_sees_what_means_and_covariances_do_not():
    """Two points or a Gaussian, of the same mean and variance."""
    rng = np.random.default_rng(0)
    gauss, points = rng.normal(size=(2000, 1)), rng.choice([-1.0, 1.0], (2000, 1))
    gauss, points = ((x - x.mean()) / x.std(ddof=1) for x in (gauss, points))
    assert metrics.frechet_distance(gauss, points) < 1e-9
    # E (|z| - 1)² = 2 - 2 √(2/π).
    assert metrics.monge_distance(gauss, points) == pytest.approx(3 * (2 - 2 * math.sqrt(2 / math.pi)), rel=0.1)


# Vendi score.


def literal_vendi(x):
    unit = [row / math.sqrt(sum(row * row)) for row in x]
    similarity = np.array([[float(a @ b) for b in unit] for a in unit])
    eigenvalues = scipy.linalg.eigvalsh(similarity / len(x))
    return math.exp(-sum(value * math.log(value) for value in eigenvalues if value > 0))


@pytest.mark.parametrize("n, k", [(60, 5), (20, 50), (30, 30), (31, 30)])
def test_vendi_equals_the_literal_formula(n, k):
    x = gaussian(n, k, 0, shift=0.5)
    assert metrics.vendi_score(x) == pytest.approx(literal_vendi(x), rel=1e-9)


@pytest.mark.parametrize("k", [6, 40])
def test_vendi_identities(k):
    axes = np.eye(k)[:6]
    assert metrics.vendi_score(np.ones((20, k))) == pytest.approx(1)
    assert metrics.vendi_score(3 * axes) == pytest.approx(6)
    # Equal groups, of different lengths: only directions count.
    lengths = np.random.default_rng(0).uniform(1, 9, (60, 1))
    assert metrics.vendi_score(lengths * np.repeat(axes, 10, 0)) == pytest.approx(6)
    # Groups of shares 1/2, 1/4, 1/4.
    uneven = np.repeat(axes[:3], [20, 10, 10], 0)
    assert metrics.vendi_score(uneven) == pytest.approx(2**1.5)
    # Samples of zeros are a group, too.
    assert metrics.vendi_score(np.repeat([axes[0], 0 * axes[0]], 10, 0)) == pytest.approx(2)
    with pytest.raises(ValueError, match="generated features must be finite"):
        metrics.vendi_score(np.full((5, k), np.inf))


# Authenticity.


def literal_authenticity(training, fake):
    result = []
    for f in fake:
        i = min(range(len(training)), key=lambda i: math.dist(f, training[i]))
        other = min(math.dist(training[i], training[j]) for j in range(len(training)) if j != i)
        result.append(math.dist(f, training[i]) > other)
    return result


@pytest.mark.parametrize("n, m, k", [(80, 60, 4), (50, 120, 1), (2, 9, 3)])
def test_authenticity_equals_the_literal_formula(n, m, k, monkeypatch):
    monkeypatch.setattr("gan_tutorial.metrics.neighbours._BLOCK", 500)  # several blocks
    training, fake = gaussian(n, k, 0, shift=1000), gaussian(m, k, 1, shift=1000.1)
    found = metrics.authenticity(training, fake)
    assert found.dtype == bool and found.tolist() == literal_authenticity(training, fake)


@pytest.mark.parametrize("k, expected", [(1, 1 / 3), (2, 0.3785), (3, 11 / 27)])
def test_authenticity_of_new_samples_of_the_same_distribution(k, expected):
    """1 - the chance that nearest neighbours are each other's: 2/3 in one dimension, 6π / (8π + 3√3), 16/27, …"""
    training, new = np.random.default_rng(k).uniform(size=(2, 6000, k))
    assert metrics.authenticity(training, new).mean() == pytest.approx(expected, abs=0.03)


def test_authenticity_finds_planted_copies_in_proportion():
    training, new = np.random.default_rng(0).normal(size=(2, 3000, 6))
    noise = 1e-4 * np.random.default_rng(1).normal(size=training.shape)
    honest = metrics.authenticity(training, new).mean()
    assert 0.4 < honest < 0.6
    assert (
        metrics.authenticity(training, training).mean() == metrics.authenticity(training, training + noise).mean() == 0
    )
    for share in (0.25, 0.75):
        copies = int(share * 3000)
        mixture = np.concatenate([training[:copies] + noise[:copies], new[copies:]])
        assert metrics.authenticity(training, mixture).mean() == pytest.approx((1 - share) * honest, abs=0.02)


def test_a_copy_of_a_repeated_training_sample_is_not_authentic():
    training = np.repeat(gaussian(30, 5, 0, shift=100), 2, axis=0)
    assert not metrics.authenticity(training, training[::3]).any()
    assert metrics.authenticity(training, training[::2] + 1e-9).all()
    assert not metrics.authenticity(np.ones((4, 2)), np.ones((3, 2))).any()


# Intervals: what they say, against how much the metric varies over new samples.


@pytest.mark.parametrize(
    "estimate", [distances.gaussian_estimate, distances.monge_estimate, lambda _, fake: diversity.vendi_estimate(fake)]
)
def test_intervals_are_as_wide_as_metrics_vary(estimate):
    found = []
    for seed in range(60):
        real, fake = np.random.default_rng(seed).normal(size=(2, 300, 4))
        found.append(estimate(real, 3 * fake + 1))
    halves = [(high - low) / 2 / 1.96 for _, low, high in found]
    assert np.mean(halves) == pytest.approx(np.std([value for value, _, _ in found], ddof=1), rel=0.3)


@pytest.mark.parametrize("metric", [metrics.gaussian_mmd, metrics.monge_distance, metrics.authenticity])
def test_unfit_features_are_explained(metric):
    with pytest.raises(ValueError, match="at least 2 real samples are needed, but there are 1"):
        metric(np.zeros((1, 3)), np.zeros((9, 3)))
    with pytest.raises(ValueError, match="real features have 3 columns, generated ones 4"):
        metric(np.zeros((9, 3)), np.zeros((9, 4)))
    with pytest.raises(ValueError, match="generated features must be finite, but 9 rows"):
        metric(np.zeros((9, 3)), np.full((9, 3), np.nan))


# By name.

NEW = ["gaussian_mmd", "monge", "vendi", "authenticity"]


def points_dataset(points):
    return Dataset("points", points.astype(np.float32), np.zeros(len(points), np.int32), ("all",))


def test_the_metrics_by_name_and_their_baselines():
    train, test, new = np.random.default_rng(0).normal(size=(3, 400, 16))
    extractor = FeatureExtractor("coordinates", lambda points: points)
    data = points_dataset(train), points_dataset(test)
    honest = EvaluationContext(new.astype(np.float32), None, *data, extractor)
    copier = EvaluationContext(train.astype(np.float32) + 1e-4, None, *data, extractor)
    lost = EvaluationContext(0.3 * new.astype(np.float32), None, *data, extractor)
    values = {name: ev.evaluate(context, NEW) for name, context in (("a", honest), ("b", copier), ("c", lost))}
    baseline = ev.evaluate_real_images(honest, NEW)
    assert list(values["a"]) == list(baseline) == NEW
    for estimate in [*values["a"].values(), *baseline.values()]:
        assert estimate.low <= estimate.value <= estimate.high
    # Only one of these metrics sees that all images are copies.
    assert values["b"]["authenticity"].high < 0.05 < 0.3 < baseline["authenticity"].low < 0.7
    assert values["b"]["monge"].value == pytest.approx(baseline["monge"].value, rel=0.01)
    for name in ("gaussian_mmd", "monge"):
        assert METRICS[name].better == "low" and values["c"][name].low > 2 * values["a"][name].high
    assert "authenticity" not in ev.evaluate(EvaluationContext(new, None, data[0], None, extractor))
