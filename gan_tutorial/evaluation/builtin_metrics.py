"""The metrics that come with the package.

A metric's `needs` ensure that what it uses is not None, which type checkers cannot know.
"""
# mypy: disable-error-code="union-attr, index, operator, arg-type, misc"

import numpy as np

from ..metrics import conditional, distances, diversity
from ..metrics.geometry import rotation_errors
from ..metrics.intervals import Estimate, bootstrap, resample
from ..metrics.neighbours import authenticity, nearest_neighbours
from .classification import classification_accuracy_score
from .context import EvaluationContext, random_order
from .registry import register_metric

#: Images whose nearest training image is searched for.
_MEMORIZATION_SAMPLES = 500
#: Images whose authenticity is asked for; training sets are large.
_AUTHENTICITY_SAMPLES = 2000
#: Images that a new classifier is trained on.
_TRAINING_SAMPLES = 5000
#: Paths between images whose length is measured.
_PATHS = 1000


def _inception_score(c: EvaluationContext) -> Estimate:
    def score(probabilities: np.ndarray) -> float:
        return conditional.inception_score(probabilities)[0]

    p = c.fake.probabilities
    return Estimate.around(score(p), np.std(resample(score, p, resamples=40, seed=c.seed), ddof=1))


def _intra_class_frechet(c: EvaluationContext) -> Estimate:
    (real, fake), (real_rows, fake_rows) = c.equal_features, c.equal_parts
    real_labels, fake_labels = c.reference.labels[real_rows], np.asarray(c.labels)[fake_rows]
    value, each = conditional.intra_class_frechet(real, real_labels, fake, fake_labels)
    pairs = ((real[real_labels == label], fake[fake_labels == label]) for label in np.unique(real_labels))
    deviations = [distances.frechet_deviation(*pair, 12, c.seed) for pair in pairs]
    return Estimate.around(value, float(np.linalg.norm(deviations)) / len(each))


def _classification_accuracy(c: EvaluationContext) -> np.ndarray:
    rows = _some(c, _TRAINING_SAMPLES)
    images, labels = _shrink(c.images[rows]), np.asarray(c.labels)[rows]
    return classification_accuracy_score(images, labels, _shrink(c.test.images), c.test.labels, seed=c.seed)


def _some(c: EvaluationContext, n: int) -> np.ndarray:
    """Row numbers of at most n of the images, at random."""
    return random_order(len(c.images), c.seed)[:n]


def _shrink(images: np.ndarray) -> np.ndarray:
    """Images of at most 32 pixels: larger ones are halved by averaging, which keeps the training short."""
    while images.shape[1] > 32 and images.shape[1] % 2 == 0:
        n, height, width, channels = images.shape
        images = images.reshape(n, height // 2, 2, width // 2, 2, channels).mean((2, 4))
    return images


def _path_length(c: EvaluationContext) -> np.ndarray:
    rows = _some(c, _PATHS)
    asked = {name: np.asarray(values)[rows] for name, values in c.asked.items()}
    return diversity.path_lengths(c.generator, lambda x: c.extractor(x).features, len(rows), asked, seed=c.seed)


def _accuracy(name: str, c: EvaluationContext) -> np.ndarray:
    """Which images show, to the classifier, the condition that was asked for."""
    return c.fake.by_condition[name].argmax(1) == c.reference.conditions[name].nearest(c.asked[name])


def _nearest(fake: np.ndarray, held_out: np.ndarray, training: np.ndarray, seed: int) -> Estimate:
    """How far samples are from the nearest training image, relative to held-out real images.

    The nearest tenths are compared: a generator need not always copy to be a copier.
    """
    rng = np.random.default_rng(seed)
    parts = (part[rng.permutation(len(part))[:_MEMORIZATION_SAMPLES]] for part in (fake, held_out))
    fake_distances, held_out_distances = (nearest_neighbours(part, training)[0] for part in parts)
    held_out_tenth = np.quantile(held_out_distances, 0.1)
    return bootstrap(fake_distances, lambda values: np.quantile(values, 0.1) / held_out_tenth, seed)


def _authenticity(c: EvaluationContext) -> np.ndarray:
    return authenticity(c.training.features, c.fake.features[_some(c, _AUTHENTICITY_SAMPLES)])


_CONDITIONAL, _HELD_OUT = {"labels", "classifier"}, {"held-out images"}
_RELATIVE = "the number is relative to held-out real images, which are at 1"
_NO_BASELINE = {"path_length": "a generator is needed", "nearest_features": _RELATIVE, "nearest_pixels": _RELATIVE}
# Name, title, better, needs, real baseline, function of a context.
for _name, _title, _better, _needs, _baseline, _compute in [
    ("frechet", "Fréchet distance", "low", (), "training",
     lambda c: Estimate.around(distances.frechet_distance(*c.equal_features), c.frechet_deviation)),
    ("frechet_infinity", "Fréchet distance, n → ∞", "low", (), "training",
     lambda c: distances.frechet_infinity_estimate(*c.equal_features, deviation=c.frechet_deviation, seed=c.seed)),
    ("kernel", "kernel distance", "low", (), "training",
     lambda c: distances.kernel_estimate(*c.equal_features, seed=c.seed)),
    ("gaussian_mmd", "Gaussian MMD", "low", (), "training", lambda c: distances.gaussian_estimate(*c.equal_features)),
    ("monge", "Monge distance", "low", (), "training",
     lambda c: distances.monge_estimate(*c.equal_features, seed=c.seed)),
    ("precision", "precision", "real", (), "training", lambda c: c.prdc.precision),
    ("recall", "recall", "real", (), "training", lambda c: c.prdc.recall),
    ("density", "density", "real", (), "training", lambda c: c.prdc.density),
    ("coverage", "coverage", "high", (), "training", lambda c: c.prdc.coverage),
    ("inception_score", "Inception-style score", "real", {"classifier"}, "reference", _inception_score),
    ("conditional_accuracy", "conditional accuracy", "real", _CONDITIONAL, "reference",
     lambda c: c.fake.probabilities.argmax(1) == c.labels),
    *((f"{name}_accuracy", f"{name} right", "real", {f"a classifier of {name}"}, "reference",
       lambda c, name=name: _accuracy(name, c)) for name in ("role", "style", "gender", "tone", "group", "kind", "colour")),
    ("all_accuracy", "all conditions right", "real", {"a classifier of all"}, "reference",
     lambda c: np.logical_and.reduce([_accuracy(name, c) for name in c.fake.by_condition])),
    ("intra_class_frechet", "Fréchet distance within classes", "low", _CONDITIONAL | {"images of each class"}, "training",
     _intra_class_frechet),
    ("classification_accuracy", "classification accuracy score", "high", _CONDITIONAL | _HELD_OUT, "training",
     _classification_accuracy),
    ("pair_distance", "feature distance of pairs", "real", (), "reference",
     lambda c: diversity.pairwise_distances(c.fake.features, c.groups, seed=c.seed)),
    ("vendi", "Vendi score", "real", (), "reference", lambda c: diversity.vendi_estimate(c.fake.features)),
    ("structural_similarity", "MS-SSIM of pairs", "real", {"images"}, "reference",
     lambda c: diversity.structural_similarities(c.images, c.groups, seed=c.seed)),
    ("path_length", "perceptual path length", "low", {"a generator"}, None, _path_length),
    ("nearest_features", "nearest training image, features", "real", _HELD_OUT, None,
     lambda c: _nearest(c.fake.features, c.real.features, c.training.features, c.seed)),
    ("nearest_pixels", "nearest training image, pixels", "real", _HELD_OUT, None,
     lambda c: _nearest(c.images, c.test.images, c.train.images, c.seed)),
    ("authenticity", "authenticity", "real", _HELD_OUT, "reference", _authenticity),
    ("shape_kind", "kind right, by geometry", "high", {"drawn shapes", "kind"}, "reference",
     lambda c: c.shapes.kinds == c.asked["kind"]),
    ("shape_colour", "colour right, by geometry", "high", {"drawn shapes", "colour"}, "reference",
     lambda c: c.shapes.colours == c.asked["colour"]),
    ("shape_size", "error of the size", "low", {"drawn shapes", "size"}, "reference",
     lambda c: np.abs(c.shapes.sizes - c.asked["size"])),
    ("shape_rotation", "error of the rotation", "low", {"drawn shapes", "rotation"}, "reference",
     lambda c: rotation_errors(c.shapes.rotations, c.asked["rotation"])),
]:  # fmt: skip
    _baselines = {"real_baseline": _baseline, "no_baseline": _NO_BASELINE.get(_name, "")}
    register_metric(_name, title=_title, better=_better, needs=_needs, **_baselines)(_compute)
