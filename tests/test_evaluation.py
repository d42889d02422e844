"""Metrics against closed forms, against slow literal versions of the papers' formulas, and on bad input."""

import dataclasses
import math
import random
import re
import subprocess
import sys

import keras
import numpy as np
import pytest
import scipy.linalg
import tensorflow as tf
from click.testing import CliRunner
from hypothesis import given, settings, strategies as st
from PIL import Image

import gan_tutorial as gt
from gan_tutorial import evaluation as ev, metrics, sampling
from gan_tutorial.cli.evaluate import evaluate as evaluate_command
from gan_tutorial.data import draw_shapes, load_fashion_mnist, make_points, make_shapes
from gan_tutorial.data.conditions import as_condition
from gan_tutorial.data.shapes import SYMMETRY_DEGREES
from gan_tutorial.evaluation import EvaluationContext, FeatureExtractor, classification, features, registry, report
from gan_tutorial.metrics import Estimate, distances, diversity
from gan_tutorial.models import build_generator


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_TUTORIAL_CACHE", str(tmp_path / "cache"))


def gaussian(n, k, seed, shift=0.0, scale=1.0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, k)) @ rng.normal(scale=scale, size=(k, k)) + shift


# Slow and literal: every formula as its paper writes it, in float64.


def literal_frechet(real, fake):
    m_r, m_f, c_r, c_f = real.mean(0), fake.mean(0), np.cov(real, rowvar=False), np.cov(fake, rowvar=False)
    return ((m_r - m_f) ** 2).sum() + np.trace(c_r + c_f - 2 * scipy.linalg.sqrtm(c_r @ c_f).real)


def literal_mmd(x, y):
    def k(a, b):
        return (sum(p * q for p, q in zip(a, b)) / len(a) + 1) ** 3

    m, n = len(x), len(y)
    within_x = sum(k(x[i], x[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    within_y = sum(k(y[i], y[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    return within_x + within_y - 2 * sum(k(a, b) for a in x for b in y) / (m * n)


def literal_radius(points, i, k):
    return sorted(math.dist(points[i], points[j]) for j in range(len(points)) if j != i)[k - 1]


def literal_precision(real, fake, k):
    radii = [literal_radius(real, i, k) for i in range(len(real))]
    return sum(any(math.dist(f, r) <= radius for r, radius in zip(real, radii)) for f in fake) / len(fake)


def literal_density_coverage(real, fake, k):
    radii = [literal_radius(real, i, k) for i in range(len(real))]
    density = sum(math.dist(f, r) <= radius for f in fake for r, radius in zip(real, radii)) / (k * len(fake))
    coverage = sum(any(math.dist(f, r) <= radius for f in fake) for r, radius in zip(real, radii)) / len(real)
    return density, coverage


@pytest.mark.parametrize("n, m, k", [(200, 150, 5), (40, 300, 12)])
def test_frechet_equals_the_literal_formula(n, m, k):
    real, fake = gaussian(n, k, 0), gaussian(m, k, 1, shift=0.3)
    assert metrics.frechet_distance(real, fake) == pytest.approx(literal_frechet(real, fake), rel=1e-6)


def test_kernel_equals_the_literal_formula():
    real, fake = gaussian(30, 6, 0), gaussian(25, 6, 1, shift=0.5)
    # Subsets are random; of all samples there is one subset, in another order.
    x, y = real[:25], fake
    assert metrics.kernel_distance(x, y, subset_size=25)[0] == pytest.approx(literal_mmd(x, y), rel=1e-6)
    parts = metrics.kernel_distance(x, y, subset_size=5, subsets=12)
    assert parts[1] > 0 and np.isfinite(parts[0])


@pytest.mark.parametrize("k", [1, 3, 5])
@pytest.mark.parametrize("seed", [0, 1])
def test_neighbour_metrics_equal_the_literal_formulas(k, seed, monkeypatch):
    monkeypatch.setattr("gan_tutorial.metrics.neighbours._BLOCK", 500)  # several blocks
    real, fake = gaussian(80, 4, seed), gaussian(60, 4, seed + 10, shift=0.4)
    assert metrics.precision_recall(real, fake, k) == (
        literal_precision(real, fake, k),
        literal_precision(fake, real, k),
    )
    assert metrics.density_coverage(real, fake, k) == pytest.approx(literal_density_coverage(real, fake, k), abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_neighbour_metrics_are_exact_on_ties_and_duplicates(seed, k):
    """On a coarse lattice many distances are equal, and many samples too."""
    rng = np.random.default_rng(seed)
    real, fake = rng.integers(0, 3, (2, 15, 2)) + 1000.5
    assert metrics.precision_recall(real, fake, k) == (
        literal_precision(real, fake, k),
        literal_precision(fake, real, k),
    )
    assert metrics.density_coverage(real, fake, k) == pytest.approx(literal_density_coverage(real, fake, k), abs=1e-12)


def test_frechet_between_known_gaussians():
    n, k = 200_000, 3
    rng = np.random.default_rng(0)
    real, fake = rng.normal(0, 1, (n, k)), rng.normal(0.5, 2, (n, k))
    # Round Gaussians: |shift|² + k (s_r - s_f)².
    assert metrics.frechet_distance(real, fake) == pytest.approx(k * 0.25 + k * 1.0, rel=0.01)


def test_frechet_of_shifted_and_scaled_samples():
    x = gaussian(500, 6, 0)
    assert metrics.frechet_distance(x, x + 2) == pytest.approx(4 * 6)
    # Scaling by c: d² = (1 - c)² (|m|² + tr C).
    size = (x.mean(0) ** 2).sum() + x.var(0, ddof=1).sum()
    assert metrics.frechet_distance(x, 3 * x) == pytest.approx(4 * size)
    other = gaussian(400, 6, 1)
    assert metrics.frechet_distance(x, other) == pytest.approx(metrics.frechet_distance(other, x))


def test_identical_sets():
    x = gaussian(300, 8, 0)
    assert metrics.frechet_distance(x, x) == pytest.approx(0, abs=1e-9)
    assert metrics.precision_recall(x, x) == (1.0, 1.0)
    # A ball holds its centre and the k neighbours.
    assert metrics.density_coverage(x, x, k=5) == pytest.approx((6 / 5, 1.0))
    assert (
        abs(metrics.kernel_distance(x, x, subset_size=300)[0])
        < 0.3 * metrics.kernel_distance(x, x + 1, subset_size=300)[0]
    )


def test_disjoint_sets():
    x = gaussian(300, 8, 0)
    assert metrics.precision_recall(x, x + 1000) == (0.0, 0.0)
    assert metrics.density_coverage(x, x + 1000) == (0.0, 0.0)


def test_lost_diversity_costs_recall_and_lost_quality_costs_precision():
    rng = np.random.default_rng(0)
    real, narrow, wide = rng.normal(size=(3, 1000, 4)) * np.array([1, 0.3, 3])[:, None, None]
    for metric in (metrics.precision_recall, metrics.density_coverage):
        fidelity, diversity_share = metric(real, narrow)
        assert fidelity > 0.9 and diversity_share < 0.7
    assert metrics.precision_recall(real, wide)[0] < 0.5 and metrics.precision_recall(real, wide)[1] > 0.9


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(-50, 50))
def test_order_and_place_do_not_matter(seed, shift):
    rng = np.random.default_rng(seed)
    real, fake = gaussian(60, 5, seed), gaussian(50, 5, seed + 1)
    shuffled = rng.permutation(real) + shift, rng.permutation(fake) + shift
    assert metrics.frechet_distance(*shuffled) == pytest.approx(metrics.frechet_distance(real, fake), rel=1e-6)
    assert metrics.precision_recall(*shuffled) == metrics.precision_recall(real, fake)
    assert metrics.density_coverage(*shuffled) == pytest.approx(metrics.density_coverage(real, fake))
    size = {"subset_size": 50}
    assert metrics.kernel_distance(rng.permutation(real[:50]), fake, **size)[0] == pytest.approx(
        metrics.kernel_distance(real[:50], fake, **size)[0], rel=1e-9
    )


def test_frechet_with_fewer_samples_than_features_and_singular_covariances():
    rng = np.random.default_rng(0)
    few, line = rng.normal(size=(10, 50)), np.outer(np.arange(30.0), np.ones(50))
    assert metrics.frechet_distance(few, few) == pytest.approx(0, abs=1e-9)
    assert np.isfinite(metrics.frechet_distance(few, line)) and metrics.frechet_distance(few, line) > 0
    # Constant features: the distance of two points, squared.
    assert metrics.frechet_distance(np.zeros((5, 3)), np.full((6, 3), 2.0)) == pytest.approx(12)
    assert metrics.frechet_distance(np.ones((5, 3)), np.ones((5, 3))) == 0
    assert metrics.precision_recall(np.ones((5, 3)), np.ones((5, 3))) == (1.0, 1.0)


@pytest.mark.slow
def test_extrapolated_distance_has_less_bias():
    k, plain, limit = 20, [], []
    for seed in range(8):
        x, y = np.random.default_rng(seed).normal(size=(2, 1000, k))
        plain.append(metrics.frechet_distance(x, y))
        limit.append(metrics.frechet_infinity(x, y))
    # The truth is 0; the plain distance is biased by about k²/(4n) + ... each way.
    assert np.mean(plain) > 0.1 and abs(np.mean(limit)) < 0.2 * np.mean(plain)


def test_kernel_distance_is_unbiased():
    values = []
    for seed in range(40):
        x, y = np.random.default_rng(seed).normal(size=(2, 200, 6))
        values.append(metrics.kernel_distance(x, y, subset_size=50)[0])
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(40)


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    k, truth, covered = 4, 4 * 0.25, {"frechet": 0, "kernel": 0, "mean": 0}
    for seed in range(40):
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=(2, 800, k))
        deviation = distances.frechet_deviation(x, y + 0.5, resamples=40, seed=seed)
        estimate = Estimate.around(metrics.frechet_distance(x, y + 0.5), deviation)
        covered["frechet"] += estimate.low <= truth <= estimate.high
        estimate = distances.kernel_estimate(x, y, 100, seed)
        covered["kernel"] += estimate.low <= 0 <= estimate.high
        estimate = metrics.mean_estimate(x[:, 0], seed, 200)
        covered["mean"] += estimate.low <= 0 <= estimate.high
    assert all(34 <= count <= 40 for count in covered.values()), covered


def test_wilson_interval():
    # Agresti & Coull's textbook case: no success in ten.
    assert metrics.wilson_interval(0, 10) == pytest.approx((0, 0, 0.2775), abs=1e-4)
    p, n, z = 0.3, 50, 1.959964
    middle, half = (
        (p + z * z / (2 * n)) / (1 + z * z / n),
        z * math.sqrt(p * 0.7 / n + z * z / (4 * n * n)) / (1 + z * z / n),
    )
    assert metrics.wilson_interval(15, 50) == pytest.approx((p, middle - half, middle + half), abs=1e-6)
    with pytest.raises(ValueError, match="11 successes in 10"):
        metrics.wilson_interval(11, 10)


@pytest.mark.parametrize(
    "metric", [metrics.frechet_distance, metrics.kernel_distance, metrics.precision_recall, metrics.density_coverage]
)
@pytest.mark.parametrize(
    "real, fake, message",
    [
        (np.zeros((1, 3)), np.zeros((9, 3)), "at least . real samples are needed, but there are 1"),
        (np.zeros((9, 3)), np.zeros((9, 4)), "real features have 3 columns, generated ones 4"),
        (np.zeros((9, 3)), np.full((9, 3), np.nan), "generated features must be finite, but 9 rows"),
        (np.zeros((9, 3, 3)), np.zeros((9, 3)), "real features must be a matrix"),
        (np.zeros((9, 0)), np.zeros((9, 0)), "must be a matrix"),
    ],
)
def test_unfit_features_are_explained(metric, real, fake, message):
    with pytest.raises(ValueError, match=message):
        metric(real, fake)


def test_inception_score():
    sure = np.eye(10)[np.arange(1000) % 10]
    assert metrics.inception_score(sure)[0] == pytest.approx(10)
    assert metrics.inception_score(np.full((50, 10), 0.1))[0] == pytest.approx(1)
    assert metrics.inception_score(np.eye(10)[np.zeros(50, int)])[0] == pytest.approx(1)
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(5), 60)
    kl = [sum(a * math.log(a / b) for a, b in zip(row, p.mean(0))) for row in p]
    assert metrics.inception_score(p)[0] == pytest.approx(math.exp(np.mean(kl)), rel=1e-9)
    with pytest.raises(ValueError, match="must sum to 1"):
        metrics.inception_score(np.ones((5, 3)))


def test_conditional_metrics():
    asked, seen = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2])
    p = np.eye(3)[seen] * 0.7 + 0.1
    assert metrics.conditional_accuracy(p, asked) == 0.75
    assert metrics.confusion_table(p, asked).tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 1]]
    with pytest.raises(ValueError, match="label 5 is out of range"):
        metrics.conditional_accuracy(p, [0, 0, 1, 5])


def test_intra_class_distance_sees_swapped_labels():
    x = np.concatenate([gaussian(100, 3, 0), gaussian(100, 3, 0) + 50])
    labels = np.repeat([0, 1], 100)
    assert metrics.intra_class_frechet(x, labels, x, labels)[0] == pytest.approx(0, abs=1e-6)
    assert metrics.frechet_distance(x, x) == pytest.approx(0, abs=1e-6)
    assert metrics.intra_class_frechet(x, labels, x, 1 - labels)[0] == pytest.approx(7500, rel=0.01)
    with pytest.raises(ValueError, match="no generated samples of the classes 1"):
        metrics.intra_class_frechet(x, labels, x, labels * 0)


@pytest.mark.slow
def test_classification_accuracy_score_wants_right_labels():
    data = load_fashion_mnist("test")
    train, test = data.take(slice(0, 1200)), data.take(slice(1200, 1600))
    right = ev.classification_accuracy_score(train.images, train.labels, test.images, test.labels, epochs=3, width=8)
    wrong = ev.classification_accuracy_score(
        train.images, (train.labels + 1) % 10, test.images, test.labels, epochs=3, width=8
    )
    assert right.dtype == bool and right.shape == (400,)
    assert right.mean() > 0.6 and wrong.mean() < 0.2


def test_path_length_of_a_known_map(monkeypatch):
    """With images that are the noise itself, the path is the arc between the two noises."""

    class Identity:
        input_names, latent_dim = ("noise",), 6

    monkeypatch.setattr(sampling, "generate_images", lambda generator, noise, **_: noise)
    lengths = metrics.path_lengths(Identity, lambda images: images, n=300, epsilon=1e-2, seed=1)
    start, end = np.split(sampling.generate_noise(600, 6, seed=1).astype(np.float64), 2)
    # |d slerp/dt| follows by differentiating in double precision.
    t = np.random.default_rng(1).uniform(0, 1 - 1e-2, 300)
    here, there = (arc(start, end, t + h) for h in (0.005 - 1e-5, 0.005 + 1e-5))
    assert lengths == pytest.approx((((there - here) / 2e-5) ** 2).sum(1), rel=0.02)


def arc(start, end, t):
    angle = np.arccos((start * end).sum(1) / np.linalg.norm(start, axis=1) / np.linalg.norm(end, axis=1))
    return (np.sin((1 - t) * angle)[:, None] * start + np.sin(t * angle)[:, None] * end) / np.sin(angle)[:, None]


def test_interpolation_takes_a_row_for_each_step():
    start, end = np.random.default_rng(0).normal(size=(2, 5, 8))
    t = np.linspace(0.1, 0.9, 5)
    single = np.concatenate([sampling.interpolate(s, e, x) for s, e, x in zip(start, end, t)])
    assert sampling.interpolate(start, end, t) == pytest.approx(single)


def test_diversity_within_classes():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 50)
    first, second = diversity.pair_within_classes(labels, 300, seed=0)
    assert (labels[first] == labels[second]).all() and (first != second).all()
    spread = np.concatenate([rng.normal(size=(50, 4)) * s for s in (1, 2, 3)])
    assert metrics.pairwise_distances(2 * spread, labels).mean() == pytest.approx(
        2 * metrics.pairwise_distances(spread, labels).mean()
    )
    same = np.repeat(load_fashion_mnist("test").images[:3], 50, 0)
    assert metrics.structural_similarities(same, labels, pairs=100) == pytest.approx(1, abs=1e-4)
    other = load_fashion_mnist("test")
    assert metrics.structural_similarities(other.images, other.labels, pairs=200).mean() < 0.5
    with pytest.raises(ValueError, match="no class has two samples"):
        metrics.pairwise_distances(spread[:3], [0, 1, 2])


def test_modes_covered():
    points = make_points("ring", 4000).images
    modes, near = metrics.modes_covered(points, "ring")
    # A round Gaussian in the plane has 1 - exp(-9/2) within three sigma.
    assert modes == 8 and near == pytest.approx(1 - math.exp(-4.5), abs=0.005)
    assert metrics.modes_covered(points[points[:, 0] > 0.4], "ring")[0] == 3
    assert metrics.modes_covered(np.zeros((10, 2)), "ring") == (0, 0.0)


def test_nearest_neighbours_are_the_nearest(monkeypatch):
    monkeypatch.setattr("gan_tutorial.metrics.neighbours._BLOCK", 100)
    rng = np.random.default_rng(0)
    queries, training = rng.normal(size=(20, 2, 3)), rng.normal(size=(50, 2, 3))
    found, index = metrics.nearest_neighbours(queries, training)
    every = np.linalg.norm((queries[:, None] - training).reshape(20, 50, -1), axis=2)
    assert (index == every.argmin(1)).all() and found == pytest.approx(every.min(1), rel=1e-5)
    assert metrics.nearest_neighbours(training[:5], training)[0] == pytest.approx(0, abs=1e-6)


def test_shapes_are_measured_exactly():
    data = make_shapes(600, "test")
    seen = metrics.measure_shapes(data.images)
    assert (seen.kinds == data.labels).all() and (seen.colours == data.attributes["colour"]).all()
    assert np.abs(seen.sizes - data.attributes["size"]).max() < 0.02
    symmetry = np.array(list(SYMMETRY_DEGREES.values()))[data.labels]
    degrees = metrics.rotation_errors(seen.rotations, data.attributes["rotation"]) * symmetry
    assert degrees[data.labels > 0].max() < 2  # a circle has no angle


def test_shapes_are_measured_under_noise():
    kinds, colours = np.divmod(np.arange(24), 6)
    sizes = np.full(24, 0.7)
    noise = np.random.default_rng(0).normal(0, 0.05, (24, 64, 64, 3))
    seen = metrics.measure_shapes(draw_shapes(kinds, colours, sizes, sizes / 2) + noise)
    assert ((seen.kinds == kinds) & (seen.colours == colours)).mean() > 0.9


# Feature extractors, the cache, contexts.


def test_feature_extractors():
    images = load_fashion_mnist("test").images[:60]
    shipped = ev.find_extractor(None, "fashion_mnist", (28, 28, 1))
    seen, probabilities = shipped(images)
    assert seen.shape == (60, 128) and probabilities.sum(1) == pytest.approx(1, abs=1e-4)
    unknown = ev.find_extractor(None, "my_photos", (28, 28, 1))
    assert unknown.name == "random network" and unknown(images).probabilities is None
    own = ev.find_extractor(lambda pictures: pictures.reshape(len(pictures), -1)[:, :5], "x", (28, 28, 1))
    assert own(images).features.shape == (60, 5)
    with pytest.raises(ValueError, match="no classifier ships for my_photos"):
        ev.find_extractor("classifier", "my_photos", (28, 28, 1))
    with pytest.raises(ValueError, match="not 'vgg'"):
        ev.find_extractor("vgg", "fashion_mnist", (28, 28, 1))


def test_inception_extractor_scales_and_says_when_its_weights_are_missing(monkeypatch):
    # Without trained weights the network is the same: shapes and scaling can be seen.
    features_of = features.inception_extractor(weights=None)
    grey = np.linspace(-1, 1, 2 * 28 * 28, dtype="float32").reshape(2, 28, 28, 1)
    assert features_of(grey).features.shape == (2, 2048)

    def no_internet(**_):
        raise Exception("URL fetch failure")

    monkeypatch.setattr(keras.applications, "InceptionV3", no_internet)
    features.inception_extractor.cache_clear()
    with pytest.raises(ConnectionError, match="InceptionV3's weights are not in .*Connect to the internet once"):
        features.inception_extractor()


def test_features_are_kept_and_recomputed_when_something_changes(tmp_path):
    calls = []

    def extract(images):
        calls.append(len(images))
        return images.reshape(len(images), -1)

    images = np.random.default_rng(0).normal(size=(9, 4, 4, 1)).astype("float32")
    extractor = FeatureExtractor("test", extract, "key 1")
    first = features.cached_features(extractor, images).features
    assert np.array_equal(features.cached_features(extractor, images).features, first) and len(calls) == 1
    features.cached_features(extractor, images + 1)
    features.cached_features(extractor._replace(key="key 2"), images)
    assert len(calls) == 3
    # A damaged file is no harm.
    for file in features.cache_folder().iterdir():
        file.write_bytes(file.read_bytes()[:100])
    assert np.array_equal(features.cached_features(extractor, images).features, first) and len(calls) == 4
    # Without a key nothing is kept.
    for _ in range(2):
        features.cached_features(extractor._replace(key=None), images)
    assert len(calls) == 6


def test_a_cache_that_cannot_be_written_is_done_without(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GAN_TUTORIAL_CACHE", str(tmp_path / "file"))
    assert features.cached("key", lambda: {"a": np.ones(2)})["a"].tolist() == [1, 1]


@pytest.fixture(scope="module")
def real_sets():
    data = load_fashion_mnist("test")
    return data.take(slice(0, 600)), data.take(slice(600, 1000))


@pytest.mark.slow
def test_a_context_is_evaluated_by_what_it_has(real_sets):
    train, test = real_sets
    generator = build_generator(8, num_classes=10, width=4)
    extractor = ev.find_extractor("classifier", "fashion_mnist", (28, 28, 1))
    context = ev.context_for_generator(generator, train, test, extractor, n=400)
    quick = ["frechet", "kernel", "precision", "coverage", "conditional_accuracy", "path_length", "nearest_pixels"]
    results = ev.evaluate(context, quick)
    assert list(results) == quick
    for estimate in results.values():
        assert estimate.low <= estimate.value <= estimate.high
    # An untrained generator is found out, real images are not.
    real_baseline = ev.evaluate_real_images(context, quick)
    assert set(real_baseline) == {"frechet", "kernel", "precision", "coverage", "conditional_accuracy"}
    assert results["frechet"].low > 10 * real_baseline["frechet"].high
    assert results["conditional_accuracy"].high < 0.3 < 0.8 < real_baseline["conditional_accuracy"].low
    assert (np.sort(context.labels) == np.sort(test.labels)).all()


#: A condition of each kind: names, a number of categories, a range.
PORTRAITS = {"role": ("cook", "pilot"), "style": 3, "tone": (1, 3)}


def portraits(n, seed):
    """Images whose quarters show role, style and tone."""
    rng = np.random.default_rng(seed)
    role, style, tone = rng.integers(0, 2, n), rng.integers(0, 3, n), rng.integers(2, 7, n) / 2
    images = rng.uniform(-0.1, 0.1, (n, 16, 16, 1)).astype("float32")
    images[:, :8, :8] += (role - 0.5)[:, None, None, None]
    images[:, 8:, :8] += (style / 2 - 0.5)[:, None, None, None]
    images[:, :, 8:] += (tone / 2 - 1)[:, None, None, None]
    attributes = {"style": style.astype("int32"), "tone": tone.astype("float32")}
    scales = {"style": ("flat", "glossy", "drawn"), "tone": PORTRAITS["tone"]}
    return gt.Dataset("portraits", images, role.astype("int32"), PORTRAITS["role"], attributes, scales, "role")


@pytest.fixture(scope="module")
def portrait_sets():
    return portraits(400, seed=0), portraits(120, seed=1)


def exact(data):
    """An extractor that reads the conditions off a data set's images, as sure as can be."""

    def extract(images):
        parts = images[:, :8, :8], images[:, 8:, :8], images[:, :, 8:]
        means = np.stack([part.mean((1, 2, 3)) for part in parts], 1)
        told = zip(data.conditions.items(), means.T, (1, 2, 4))
        exact = {name: np.eye(len(c.knots))[np.rint((m + 0.5) * s).astype(int)] for (name, c), m, s in told}
        return means, exact["role"], exact

    return FeatureExtractor("exact", extract, key="exact")


def test_a_classifier_s_answer_is_the_nearest_knot():
    assert as_condition("role", ("cook", "pilot")).nearest(["pilot", "cook"]).tolist() == [1, 0]
    assert as_condition("tone", (1, 5)).nearest([1, 2.2, 3.8, 5]).tolist() == [0, 1, 3, 4]
    size = as_condition("size", (0, 1)).nearest([[0, 0.2], [0.6, 1]])
    assert size.tolist() == [[0, 1], [2, 4]] and size.dtype == np.int32
    with pytest.raises(ValueError, match="size 2 is out of range"):
        as_condition("size", (0, 1)).nearest(2)


@pytest.mark.slow
@pytest.mark.parametrize("shifted", [0, 1])
def test_a_classifier_of_several_conditions(portrait_sets, shifted):
    train, test = portrait_sets
    options = {"epochs": 12, "shifted": shifted, "width": 4, "stages": 2}
    classifier, accuracies = ev.train_classifier(train, test, ("tone", "role"), **options)
    assert list(accuracies) == ["tone", "role"] and min(accuracies.values()) > 0.9
    features_, (tone, role) = classification.classifier_heads(classifier, test.images)
    assert features_.shape == (120, 128) and tone.shape == (120, 5) and role.shape == (120, 2)
    assert tone.sum(1) == pytest.approx(1, abs=1e-5) and role.sum(1) == pytest.approx(1, abs=1e-5)
    # Of a range it tells the nearest knot: 1, 1.5, 2, 2.5 or 3.
    assert accuracies["tone"] == pytest.approx((1 + tone.argmax(1) / 2 == test.attributes["tone"]).mean())
    assert accuracies["role"] == pytest.approx((role.argmax(1) == test.labels).mean())
    # Of several conditions, the first stands for the class.
    assert np.array_equal(ev.classifier_outputs(classifier, test.images)[1], tone)


@pytest.mark.slow
def test_a_classifier_tells_the_label_unless_it_is_told_otherwise(portrait_sets, capsys):
    train, test = portrait_sets
    classifier, accuracies = ev.train_classifier(train, test, epochs=8, width=4)
    again, _ = ev.train_classifier(train, test, epochs=8, width=4)
    assert list(accuracies) == ["role"] and accuracies["role"] > 0.9
    assert classifier.output_names == ["logits"] and classifier.output_shape == (None, 2)
    assert all(np.array_equal(a, b) for a, b in zip(classifier.get_weights(), again.get_weights()))
    assert "Epoch 8/8" in (printed := capsys.readouterr().out) and "\x1b" not in printed and "\b" not in printed


def test_an_unknown_condition_is_named(portrait_sets):
    expected = "no condition of portraits is called 'rolle'; there are: role, style, tone. Did you mean 'role'?"
    with pytest.raises(ValueError, match=re.escape(expected)):
        ev.train_classifier(*portrait_sets, ("tone", "rolle"))


@pytest.mark.slow
def test_a_classifier_within_an_evaluation_leaves_the_random_state_alone(portrait_sets):
    train, test = portrait_sets

    def draw():
        return random.random(), np.random.random(), float(tf.random.normal(())), float(keras.random.normal(()))

    def score():
        few = train.take(slice(0, 100))
        options = {"epochs": 2, "width": 4, "seed": 3}
        return ev.classification_accuracy_score(few.images, few.labels, test.images, test.labels, **options)

    keras.utils.set_random_seed(7)
    expected, first = [draw(), draw()], score()
    keras.utils.set_random_seed(7)
    found = [draw()]
    again = score()
    assert [*found, draw()] == expected
    # Its own numbers come from its seed alone.
    keras.utils.set_random_seed(8)
    assert np.array_equal(first, again) and np.array_equal(first, score())


def test_a_generator_is_asked_for_all_conditions_of_the_reference(portrait_sets):
    train, test = portrait_sets
    generator = build_generator(8, (16, 16, 1), conditions=train.conditions, width=4)
    context = ev.context_for_generator(generator, train, test, exact(train), n=150, seed=2)
    # The reference in random order, and again from its start.
    rows = context.equal_parts[0]
    for name, values in test.values.items():
        assert np.array_equal(context.asked[name], np.concatenate([values[rows], values[rows[:30]]])), name
    assert np.array_equal(np.sort(rows), np.arange(120)) and not np.array_equal(rows, np.arange(120))
    assert list(context.asked) == ["role", "style", "tone"] and list(context.attributes) == ["style", "tone"]
    assert np.array_equal(context.labels, context.asked["role"])
    assert np.array_equal(context.images, sampling.generate_images(generator, 150, seed=2, **context.asked))
    # Some of the conditions are enough, in the order of the generator.
    two = build_generator(8, (16, 16, 1), conditions={"tone": (1, 3), "role": PORTRAITS["role"]}, width=4)
    context = ev.context_for_generator(two, train, test, exact(train), n=120)
    assert context.asked.keys() == {"role", "tone"} and np.array_equal(
        np.sort(context.asked["tone"]), np.sort(test.attributes["tone"])
    )
    assert "a classifier of role" in context.available and "a classifier of style" not in context.available
    strange = build_generator(8, (16, 16, 1), conditions={"role": 2, "hair": 4}, width=4)
    with pytest.raises(ValueError, match="portraits does not say which hair its images have, but this generator asks"):
        ev.context_for_generator(strange, train, test, exact(train), n=120)


def test_a_part_of_an_ordered_reference_is_a_random_one(portrait_sets):
    """Images that come role by role and style by style, as from a folder."""
    train, test = portrait_sets
    ordered = train.take(np.lexsort((train.attributes["style"], train.labels)))
    assert len(set(ordered.labels[:100])) == 1
    calls, extractor = [], exact(train)
    counted = extractor._replace(extract=lambda images: calls.append(len(images)) or extractor.extract(images))
    generator = build_generator(8, (16, 16, 1), conditions=train.conditions, width=4)
    parts = []
    for seed in (0, 1):
        context = ev.context_for_generator(generator, train, ordered, counted, n=100, seed=seed)
        real, fake = context.equal_parts
        parts.append(set(real))
        assert len(parts[-1]) == 100 and np.array_equal(np.sort(fake), np.arange(100))
        # It has the shares of the whole, and each image its own features and conditions.
        for name, values in ordered.values.items():
            for value in np.unique(values):
                share = (values == value).mean()
                assert (values[real] == value).mean() == pytest.approx(share, abs=4 * np.sqrt(share / 100))
            assert np.array_equal(context.asked[name], values[real])
        assert np.array_equal(context.equal_features[0], extractor(ordered.images[real]).features)
        assert np.array_equal(context.equal_features[1], context.fake.features[fake])
    assert parts[0] != parts[1] and calls.count(400) == 1  # the features of the whole are cached for all seeds
    many = EvaluationContext(train.images, train.labels, train, test, counted)
    real, fake = many.equal_parts
    assert np.array_equal(np.sort(real), np.arange(120)) and len(set(fake)) == 120 < fake.max()


def test_the_baseline_is_taken_of_as_many_images():
    """Scores that grow with the number of images would else look worse than those of real images."""
    noise = np.random.default_rng(0).normal(size=(1200, 64)).astype("float32")
    data = gt.Dataset("noise", noise, np.zeros(1200, "int32"), ("any",))
    extractor = FeatureExtractor("coordinates", lambda points: points)
    context = EvaluationContext(noise[::12], None, data, data, extractor)
    baseline = ev.evaluate_real_images(context, ["vendi"])["vendi"].value
    chosen = context.with_real_images("reference").images
    assert len(np.unique(chosen, axis=0)) == 100
    assert baseline == metrics.vendi_score(chosen) < 0.9 * metrics.vendi_score(noise)
    # All of them, where there are fewer.
    few = EvaluationContext(noise, None, data, data.take(slice(0, 50)), extractor)
    assert len(few.with_real_images("reference").images) == 50


def test_codes_are_no_conditions_of_the_data(portrait_sets):
    train, test = portrait_sets
    generator = build_generator(8, (16, 16, 1), conditions={"label": 5, "turn_1": (0, 1)}, width=4)
    context = ev.context_for_generator(generator, train, test, exact(train), n=120, codes=True)
    assert context.labels is None and context.asked == {} and "labels" not in context.available
    assert not {"role_accuracy", "all_accuracy", "conditional_accuracy"} & set(registry.choose_metrics(context))


def test_real_images_show_all_that_they_are_asked_for(portrait_sets):
    train, test = portrait_sets
    context = EvaluationContext(test.images, test.labels, train, test, exact(train), test.attributes)
    names = ["role_accuracy", "style_accuracy", "tone_accuracy", "all_accuracy"]
    assert [estimate.value for estimate in ev.evaluate(context, names).values()] == [1, 1, 1, 1]
    assert [estimate.value for estimate in ev.evaluate_real_images(context, names).values()] == [1, 1, 1, 1]
    # The nearest knot counts; another does not.
    near = {**test.attributes, "tone": np.clip(test.attributes["tone"] + 0.2, 1, 3)}
    asked_for_near = EvaluationContext(test.images, test.labels, train, test, exact(train), near)
    assert ev.evaluate(asked_for_near, names)["tone_accuracy"].value == 1
    shifted = {**test.attributes, "tone": 4 - test.attributes["tone"] - (test.attributes["tone"] == 2)}
    wrong = EvaluationContext(test.images, test.labels, train, test, exact(train), shifted)
    assert [ev.evaluate(wrong, names)[name].value for name in names] == [1, 1, 0, 0]
    assert wrong.key != context.key
    training = context.with_real_images("training")
    assert training.asked.keys() == test.values.keys() and len(training.images) == 120
    assert [estimate.value for estimate in ev.evaluate(training, names).values()] == [1, 1, 1, 1]


def test_probabilities_of_each_condition_are_cached(portrait_sets):
    train, _ = portrait_sets
    calls, extractor = [], exact(train)
    counted = extractor._replace(extract=lambda images: calls.append(1) or extractor.extract(images))
    first, again = (features.cached_features(counted, train.images) for _ in range(2))
    assert len(calls) == 1 and list(first.by_condition) == list(again.by_condition) == ["role", "style", "tone"]
    for name, probabilities in extractor(train.images).by_condition.items():
        assert np.array_equal(again.by_condition[name], probabilities)
    assert np.array_equal(again.features, first.features) and np.array_equal(again.probabilities, first.probabilities)


def test_a_context_says_what_it_lacks(real_sets):
    train, _ = real_sets
    context = EvaluationContext(
        train.images[:150], None, train, None, FeatureExtractor("pixels", lambda x: x.reshape(len(x), -1)[:, ::50])
    )
    possible = registry.choose_metrics(context)
    assert "frechet" in possible and "pair_distance" in possible
    assert not {"conditional_accuracy", "path_length", "nearest_pixels", "shape_kind"} & set(possible)
    with pytest.raises(ValueError, match="conditional_accuracy needs classifier and labels"):
        ev.evaluate(context, ["conditional_accuracy"])
    with pytest.raises(ValueError, match="no metric is called 'fid'"):
        ev.evaluate(context, ["fid"])
    with pytest.raises(ValueError, match="n must be at least 100"):
        ev.context_for_generator(build_generator(8, width=4), train, None, context.extractor, n=5)


def test_every_metric_can_be_computed_for_drawn_shapes():
    """The data itself in place of a generator: everything as asked for."""
    train, test = make_shapes(300), make_shapes(200, "test")

    def extract(images):
        seen = metrics.measure_shapes(images)
        told = {"kind": np.eye(4)[seen.kinds], "colour": np.eye(6)[seen.colours]}
        return features.Extraction(images[:, ::16, ::16].reshape(len(images), -1), told["kind"], told)

    context = EvaluationContext(
        test.images, test.labels, train, test, FeatureExtractor("geometry", extract), test.attributes
    )
    right = ["conditional_accuracy", "kind_accuracy", "colour_accuracy", "all_accuracy", "shape_kind", "shape_colour"]
    names = ["frechet", "inception_score", "structural_similarity", "nearest_features", "shape_size", "shape_rotation"]
    results = ev.evaluate(context, [*names, *right])
    assert results["frechet"].value == pytest.approx(0, abs=1e-6)
    assert [results[name].value for name in right] == [1] * len(right)
    # Another colour is asked for than there is: only what is about colours notices.
    attributes = {**test.attributes, "colour": (test.attributes["colour"] + 1) % 6}
    wrong = ev.evaluate(dataclasses.replace(context, attributes=attributes), right)
    assert [wrong[name].value for name in right] == [1, 1, 0, 0, 1, 0]
    # Of a generator that is asked for the colour alone, nothing else is measured.
    colours = {"colour": test.attributes["colour"]}
    possible = registry.choose_metrics(dataclasses.replace(context, labels=None, attributes=colours))
    about_conditions = [name for name in possible if name in right or name.startswith("shape_")]
    assert about_conditions == ["colour_accuracy", "shape_colour"]
    assert results["shape_size"].high < 0.01 and results["nearest_features"].value == pytest.approx(1)


def test_points_are_evaluated_by_all_that_needs_no_images():
    ring = make_points("ring", 300)
    context = EvaluationContext(ring.images, None, ring, None, FeatureExtractor("coordinates", lambda points: points))
    assert {"frechet", "pair_distance"} <= ev.evaluate(context).keys()


def test_whatever_a_metric_may_depend_on_changes_the_key(portrait_sets):
    train, test = portrait_sets
    images, labels, attributes = test.images, test.labels, test.attributes

    def key(train=train, test=test, attributes=attributes, **changes):
        return EvaluationContext(images, labels, train, test, exact(train), attributes, **changes).key

    assert key() == key(test=test.take(slice(None)))
    renamed = {"tone": attributes["style"].astype("float32"), "style": attributes["tone"].astype("int32")}
    swapped = {"tone": attributes["style"], "style": attributes["tone"]}
    other_roles = dataclasses.replace(train, class_names=("pilot", "cook"))
    changed = [
        key(seed=1), key(test=None), key(attributes=swapped), key(attributes={}), key(train=other_roles),
        key(test=dataclasses.replace(test, labels=1 - labels)), key(test=dataclasses.replace(test, attributes=renamed)),
        key(train=dataclasses.replace(train, labels=1 - train.labels)),
    ]  # fmt: skip
    assert all(other != key() for other in changed)
    # Only what the values are called.
    same = {"tone": attributes["tone"], "style": attributes["tone"]}
    assert key(attributes=same) != key(attributes={"mood": same["tone"], "style": same["style"]})


def test_labels_change_the_key_of_a_context(real_sets):
    train, test = real_sets
    extractor = ev.find_extractor("classifier", "fashion_mnist", (28, 28, 1))
    with_labels = EvaluationContext(test.images, test.labels, train, test, extractor)
    without = EvaluationContext(test.images, None, train, test, extractor)
    assert with_labels.key != without.key
    assert with_labels.key == EvaluationContext(test.images.copy(), test.labels, train, test, extractor).key


@pytest.fixture
def own_metric():
    """A metric registered as a user would, and removed again."""

    @gt.register_metric("ink", title="mean ink", better="real", needs=["held-out images"], real_baseline="reference")
    def ink(context):
        return (context.images.mean((1, 2, 3)) + 1) / 2

    yield ink
    del gt.METRICS["ink"]


def pixels(images):
    return images.reshape(len(images), -1)[:, ::50]


def test_a_metric_of_ones_own_is_evaluated_and_tabulated(real_sets, own_metric):
    train, test = real_sets
    context = EvaluationContext(train.images[:150], None, train, test, FeatureExtractor("pixels", pixels))
    assert "ink" in gt.evaluate(context) and own_metric(context).shape == (150,)
    estimate = gt.evaluate(context, ["ink"])["ink"]
    assert estimate.low < estimate.value < estimate.high
    assert estimate.value == pytest.approx((train.images[:150].mean() + 1) / 2)
    (line,) = report.format_table(report.evaluate_with_baseline(context, ["ink"]))[1:]
    real = context.with_real_images("reference").images
    assert line.startswith("mean ink") and f"{(real.mean() + 1) / 2:.3f}" in line and len(real) == 150
    context.test = None
    with pytest.raises(ValueError, match="ink needs held-out images, which this evaluation lacks"):
        gt.evaluate(context.with_real_images("reference"), ["ink"])


def test_a_metric_of_ones_own_is_checked(real_sets, own_metric):
    with pytest.raises(ValueError, match="a metric is called 'ink' already"):
        gt.register_metric("ink", title="another", better="low")
    with pytest.raises(ValueError, match="better must be low, high or real, not 'lower'"):
        gt.register_metric("new", title="new", better="lower")
    with pytest.raises(ValueError, match="real_baseline must be training, reference or None, not 'test'"):
        gt.register_metric("new", title="new", better="low", real_baseline="test")
    gt.METRICS["ink"] = gt.METRICS["ink"]._replace(compute=lambda context: 0.5)
    context = EvaluationContext(real_sets[1].images, None, *real_sets, FeatureExtractor("pixels", pixels))
    with pytest.raises(ValueError, match="the metric ink must return an Estimate or one value per sample, not 0.5"):
        gt.evaluate(context, ["ink"])


def test_the_baseline_of_a_metric_that_was_redefined_is_computed_again(real_sets, own_metric):
    extractor = FeatureExtractor("pixels", pixels, "a key, so that results may be cached")
    context = EvaluationContext(real_sets[0].images, None, *real_sets, extractor)
    before = ev.evaluate_real_images(context, ["ink"])["ink"].value
    gt.METRICS["ink"] = gt.METRICS["ink"]._replace(compute=lambda context: own_metric(context) + 1)
    assert ev.evaluate_real_images(context, ["ink"])["ink"].value == pytest.approx(before + 1)


def test_every_dash_in_the_table_has_its_reason(real_sets):
    """Without held-out images, and for metrics of which real images cannot have a value."""
    train, test = real_sets
    generator = build_generator(8, width=4)
    extractor = FeatureExtractor("pixels", pixels)
    for held_out, chosen in (
        (None, ["frechet", "pair_distance", "path_length"]),
        (test, ["path_length", "nearest_pixels"]),
    ):
        context = ev.context_for_generator(generator, train, held_out, extractor, 100)
        lines = report.format_table(report.evaluate_with_baseline(context, chosen))
        rows, notes = lines[1 : len(chosen) + 1], lines[len(chosen) + 1 :]
        marks = [row.split("–")[1][:4] for row in rows if "–" in row]
        assert marks == [" (1)", " (2)"] and len(notes) == 2
        assert len({len(row.split("  as ")[0].split("  lower")[0]) for row in rows}) == 1  # columns are aligned
        expected = (
            "– (1): data has no held-out images to compare with" if held_out is None else "– (2): no baseline: the"
        )
        assert any(note.startswith(expected) for note in notes)
        assert any("no baseline: a generator is needed" in note for note in notes)
    complete = report.format_table({"frechet": (Estimate(2, 1, 3), Estimate(1, 1, 1))})
    assert len(complete) == 2 and "–" not in "".join(complete)


def test_evaluate_explains_dashes_and_random_features(tmp_path):
    rng = np.random.default_rng(0)
    (tmp_path / "photos").mkdir()
    for i in range(12):
        pixels = rng.integers(0, 255, (16, 16, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "photos" / f"{i}.png")
    options = {"latent_dim": 4, "image_shape": (16, 16, 3), "width": 4}
    card = gt.ModelCard("build_generator", options, data=str(tmp_path / "photos"))
    gt.save_model(build_generator(**options), tmp_path / "run" / "generator", card)
    arguments = [str(tmp_path / "run"), "--n", "100", "--metrics", "frechet,path_length"]
    done = CliRunner().invoke(evaluate_command, arguments)
    assert done.exit_code == 0, done.output
    assert "compared with 12 training images of photos; features: random network" in done.output
    assert "– (1): data has no held-out images" in done.output and "– (2): no baseline: a generator" in done.output
    for words in ("never trained", "only generators of the same data", "no class probabilities", "not with published"):
        assert words in done.output
    shipped = ev.find_extractor(None, "fashion_mnist", (28, 28, 1))
    assert "not with published FIDs" in shipped.note and "never trained" not in shipped.note


@pytest.mark.parametrize(
    "code, printed",
    [
        ("import gan_tutorial.metrics, sys; print('tensorflow' in sys.modules, 'keras' in sys.modules)", "False False"),
        ("from gan_tutorial.evaluation import METRICS; print(len(METRICS) > 10)", "True"),
    ],
)
@pytest.mark.slow
def test_first_imports_are_quiet(code, printed):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.stdout.strip(), done.stderr) == (printed, "")


def test_classes_are_compared_one_by_one_only_where_each_has_images():
    """Some roles of the portraits have two held-out drawings, and none that a random choice is sure to hold."""
    train, test = gt.load_dataset("portraits"), gt.load_dataset("portraits", "test")
    extractor = ev.find_extractor(None, "portraits", train.image_shape)
    context = EvaluationContext(test.images, test.labels, train, test, extractor, test.attributes)
    possible = registry.choose_metrics(context)
    assert "intra_class_frechet" not in possible and {"role_accuracy", "all_accuracy", "frechet"} <= set(possible)
    many = train.take(np.flatnonzero(train.labels == 1)), train.take(np.flatnonzero(train.labels == 2))
    assert all(len(part) > 50 for part in many)
    two = EvaluationContext(many[0].images, many[0].labels, train, many[0], extractor)
    assert "intra_class_frechet" not in registry.choose_metrics(two)  # their baseline would hold one or two
    real = gt.evaluate(context, ["role_accuracy", "style_accuracy", "gender_accuracy", "tone_accuracy"])
    assert all(estimate.value > 0.9 for estimate in real.values())
