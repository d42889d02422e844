"""All metrics by name, and what grades a `Case` with them."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from tqdm.auto import tqdm

from ..data.shapes import COLOURS
from . import variety
from .case import real_case
from .classifier import classification_accuracy_score
from .conditional import inception_score, intra_class_frechet
from .distances import frechet_deviation, frechet_distance, frechet_infinity_estimate, kernel_estimate
from .features import cached
from .intervals import Estimate, bootstrap
from .neighbours import nearest_neighbours
from .shapes import rotation_errors

#: Images whose nearest training image is looked for.
_MEMORY_SAMPLES = 500
#: Images that a new classifier is trained on.
_TRAINING_SAMPLES = 5000


class Metric(NamedTuple):
    """How a metric is called in tables, how it is read, and how it is taken.

    Attributes:
        title: for tables.
        better: "low", "high", or "real": the nearer to real images' value, the better.
        compute: callable, `Case` to `Estimate`.
        needs: what a case must offer.
        yardstick: which real images in place of the generated ones show what a
            perfect generator would score: "training" for what compares with the
            reference, "reference" for what does not (a classifier knows its
            training images too well), None if neither makes sense.
    """

    title: str
    better: str
    compute: Callable
    needs: frozenset = frozenset()
    yardstick: str | None = "training"


def _frechet(case):
    return Estimate.around(frechet_distance(*case.features), case.frechet_deviation)


def _frechet_infinity(case):
    return frechet_infinity_estimate(*case.features, case.frechet_deviation, case.seed)


def _kernel(case):
    return kernel_estimate(*case.features, seed=case.seed)


def _intra_class(case):
    real, fake = case.features
    real_labels, fake_labels = case.reference.labels[: len(real)], np.asarray(case.labels)[: len(fake)]
    value, distances = intra_class_frechet(real, real_labels, fake, fake_labels)
    deviations = [
        frechet_deviation(real[real_labels == c], fake[fake_labels == c], 12, case.seed) for c in np.unique(real_labels)
    ]
    return Estimate.around(value, np.linalg.norm(deviations) / len(distances))


def _inception_score(case):
    p = case.fake[1]
    rng = np.random.default_rng(case.seed)
    resampled = [inception_score(p[rng.integers(len(p), size=len(p))])[0] for _ in range(40)]
    return Estimate.around(inception_score(p)[0], np.std(resampled, ddof=1))


def _conditional_accuracy(case):
    return case.estimate(case.fake[1].argmax(1) == case.labels)


def _classification_accuracy(case):
    score = classification_accuracy_score(
        _halved(case.images[:_TRAINING_SAMPLES]), case.labels[:_TRAINING_SAMPLES],
        _halved(case.test.images), case.test.labels, seed=case.seed,
    )  # fmt: skip
    return case.estimate(score)


def _halved(images):
    """Images of at most 32 pixels: larger ones are halved by averaging, which keeps the training short."""
    while images.shape[1] > 32 and images.shape[1] % 2 == 0:
        n, height, width, channels = images.shape
        images = images.reshape(n, height // 2, 2, width // 2, 2, channels).mean((2, 4))
    return images


def _pair_distance(case):
    return case.estimate(variety.pairwise_distances(case.fake[0], case.groups, seed=case.seed))


def _structural_similarity(case):
    return case.estimate(variety.structural_similarities(case.images, case.groups, seed=case.seed))


def _path_length(case):
    n = min(1000, len(case.images))
    labels = None if case.labels is None else case.labels[:n]
    attributes = np.stack([values[:n] for values in case.attributes.values()], 1) if case.attributes else None
    lengths = variety.path_lengths(
        case.generator, lambda images: case.judge(images)[0], n, labels, attributes, seed=case.seed
    )
    return case.estimate(lengths)


def _nearest_features(case):
    return _nearest(case, case.fake[0], case.real[0], case.training[0])


def _nearest_pixels(case):
    return _nearest(case, case.images, case.test.images, case.train.images)


def _nearest(case, fake, held_out, training):
    """How far samples are from the nearest training image; 1 is what new real images are.

    Compared are the nearest tenths: a generator need not copy always to be a copier.
    """
    rng = np.random.default_rng(case.seed)
    parts = (part[rng.permutation(len(part))[:_MEMORY_SAMPLES]] for part in (fake, held_out))
    fake, held_out = (nearest_neighbours(part, training)[0] for part in parts)

    new_images = np.quantile(held_out, 0.1)

    def ratio(distances, axis=-1):
        return np.quantile(distances, 0.1, axis) / new_images

    return bootstrap(fake, ratio, case.seed)


def _shape_kind(case):
    return case.estimate(case.measured.kinds == case.labels // len(COLOURS))


def _shape_colour(case):
    return case.estimate(case.measured.colours == case.labels % len(COLOURS))


def _shape_size(case):
    return case.estimate(np.abs(case.measured.sizes - case.attributes["size"]))


def _shape_rotation(case):
    return case.estimate(rotation_errors(case.measured.rotations, case.attributes["rotation"]))


_OBEYING = frozenset({"labels", "classifier"})
_SHAPE = frozenset({"labels", "drawn shapes"})

METRICS = {
    "frechet": Metric("Fréchet distance", "low", _frechet),
    "frechet_infinity": Metric("Fréchet distance, n → ∞", "low", _frechet_infinity),
    "kernel": Metric("kernel distance", "low", _kernel),
    "precision": Metric("precision", "real", lambda case: case.estimate(case.region[0])),
    "recall": Metric("recall", "real", lambda case: case.estimate(case.region[1])),
    "density": Metric("density", "real", lambda case: case.estimate(case.region[2])),
    "coverage": Metric("coverage", "high", lambda case: case.estimate(case.region[3])),
    "inception_score": Metric(
        "Inception-style score", "real", _inception_score, frozenset({"classifier"}), "reference"
    ),
    "conditional_accuracy": Metric("conditional accuracy", "real", _conditional_accuracy, _OBEYING, "reference"),
    "intra_class_frechet": Metric("Fréchet distance within classes", "low", _intra_class, _OBEYING),
    "classification_accuracy": Metric(
        "classification accuracy score", "high", _classification_accuracy, _OBEYING | {"held-out images"}
    ),
    "pair_distance": Metric("feature distance of pairs", "real", _pair_distance, yardstick="reference"),
    "structural_similarity": Metric("MS-SSIM of pairs", "real", _structural_similarity, yardstick="reference"),
    "path_length": Metric(
        "perceptual path length", "low", _path_length, frozenset({"a generator"}), yardstick=None
    ),
    "nearest_features": Metric(
        "nearest training image, features", "real", _nearest_features, frozenset({"held-out images"}), yardstick=None
    ),
    "nearest_pixels": Metric(
        "nearest training image, pixels", "real", _nearest_pixels, frozenset({"held-out images"}), yardstick=None
    ),
    "shape_kind": Metric("kind of shape right", "high", _shape_kind, _SHAPE, "reference"),
    "shape_colour": Metric("colour right", "high", _shape_colour, _SHAPE, "reference"),
    "shape_size": Metric("error of the size", "low", _shape_size, _SHAPE | {"size"}, "reference"),
    "shape_rotation": Metric("error of the rotation", "low", _shape_rotation, _SHAPE | {"rotation"}, "reference"),
}  # fmt: skip


def choose_metrics(case, metrics=None):
    """Names of the metrics to take: those asked for, or all that are possible.

    Raises ValueError for a name that is unknown, or a metric that this case
    cannot be graded with.
    """
    if metrics is None:
        return [name for name, metric in METRICS.items() if metric.needs <= case.offers]
    for name in metrics:
        if name not in METRICS:
            raise ValueError(f"no metric is called {name!r}; there are: {', '.join(METRICS)}")
        missing = METRICS[name].needs - case.offers
        if missing:
            raise ValueError(f"the metric {name} needs {' and '.join(sorted(missing))}, which there is not here")
    return list(dict.fromkeys(metrics))


def grade(case, metrics=None, progress=False):
    """Take metrics of a `Case`: a dict of `Estimate`s by name.

    Args and raises as `choose_metrics`; `progress` shows a bar.
    """
    results = {}
    with tqdm(choose_metrics(case, metrics), disable=not progress, leave=False) as bar:
        for name in bar:
            bar.set_description(METRICS[name].title)
            results[name] = METRICS[name].compute(case)
    return results


def grade_real_images(case, metrics=None, progress=False):
    """What real images would score in the place of the generated ones: a yardstick, kept on disk.

    Returns a dict like `grade`, without the metrics for which that makes no sense.
    """
    results, cases = {}, {}
    wanted = [name for name in choose_metrics(case, metrics) if METRICS[name].yardstick]
    for name in tqdm(wanted, "real images, as a yardstick", disable=not progress, leave=False):
        kind = METRICS[name].yardstick
        if kind == "training" and case.test is None:
            continue
        real = cases.setdefault(kind, real_case(case, kind))
        results[name] = _kept(name, real)
    return results


def _kept(name, case):
    """One metric of a case of real images, from the disk if it is there."""

    def compute():
        return {"estimate": np.array(METRICS[name].compute(case))}

    arrays = compute() if case.key is None else cached(("grade", name, case.key), compute)
    return Estimate(*arrays["estimate"].tolist())
