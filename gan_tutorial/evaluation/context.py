"""One set of images to evaluate, with all that metrics may need."""

import dataclasses
from collections.abc import Sized
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from keras import Model

from ..data import Dataset
from ..metrics import distances, geometry, neighbours
from ..models.interface import conditions
from ..sampling import generate_images
from .features import Extraction, FeatureExtractor, cached_features, digest

#: Images of a class without which classes are not compared one by one.
_LEAST = 5


@dataclass(eq=False, repr=False)
class EvaluationContext:
    """Images to evaluate; what several metrics share is computed when first needed, and once.

    `fake`, `real` and `training` are features and probabilities of the images, the reference and the training images.

    Args:
        images: float32 (n, height, width, channels) in [-1, 1].
        labels, attributes: what was asked for, each (n,), the attributes by name.
        train, test: the real data; test None if there is one set only.
        generator: if the images come from one.
        seed: of everything random, such as which real images are compared with where there are more.
    """

    images: np.ndarray
    labels: np.ndarray | None
    train: Dataset
    test: Dataset | None
    extractor: FeatureExtractor
    attributes: dict[str, np.ndarray] = field(default_factory=dict)
    generator: Model | None = None
    seed: int = 0

    @property
    def reference(self) -> Dataset:
        """The real images to compare with: those that no training has seen, if there are any."""
        return self.train if self.test is None else self.test

    @property
    def asked(self) -> dict[str, np.ndarray]:
        """All that was asked for, by the conditions' names."""
        return ({} if self.labels is None else {self.train.label_name: self.labels}) | self.attributes

    @cached_property
    def available(self) -> set[str]:
        """What there is for metrics to work with; compare `Metric.needs`."""
        probabilities = self.real.probabilities
        facts = {
            "labels": self.labels is not None,
            "classifier": probabilities is not None and probabilities.shape[1] == self.reference.num_classes,
            "images of each class": self._has_images_of_each_class,
            "held-out images": self.test is not None,
            "images": self.images.ndim == 4,
            "a generator": self.generator is not None,
            "drawn shapes": self.train.name == "shapes",
        }
        told = self.real.by_condition
        facts["a classifier of all"] = len(told) > 1 and told.keys() <= self.asked.keys()
        facts |= {f"a classifier of {name}": name in self.asked for name in told if len(told) > 1}
        return {fact for fact, holds in facts.items() if holds} | self.asked.keys()

    @property
    def _has_images_of_each_class(self) -> bool:
        """Whether there are enough to compare within classes, of real images and in their baseline."""
        parts = (data.labels[self._part(data)] for data in (self.reference, self.train))
        real, training = (np.bincount(labels, minlength=self.train.num_classes) for labels in parts)
        return bool((np.minimum(real, training)[real > 0] >= _LEAST).all())

    @cached_property
    def fake(self) -> Extraction:
        return self.extractor(self.images)

    @cached_property
    def real(self) -> Extraction:
        return cached_features(self.extractor, self.reference.images)

    @cached_property
    def training(self) -> Extraction:
        return cached_features(self.extractor, self.train.images)

    def _part(self, images: Sized) -> np.ndarray:
        """Row numbers of as many of some images as are evaluated, at random; of all, if there are fewer."""
        return random_order(len(images), self.seed)[: len(self.images)]

    @property
    def equal_parts(self) -> tuple[np.ndarray, np.ndarray]:
        """Row numbers of equally many images: of the reference and of those to evaluate, each at random."""
        return self._part(self.reference), self._part(self.images)[: len(self.reference)]

    @property
    def equal_features(self) -> tuple[np.ndarray, np.ndarray]:
        """Features of the reference and of the images: of `equal_parts` of both."""
        real, fake = self.equal_parts
        return self.real.features[real], self.fake.features[fake]

    @property
    def groups(self) -> np.ndarray:
        """Labels of the images; all the same where there are none."""
        return np.zeros(len(self.images), int) if self.labels is None else self.labels

    @cached_property
    def frechet_deviation(self) -> float:
        """Standard deviation of the Fréchet distance, by the bootstrap."""
        return distances.frechet_deviation(*self.equal_features, seed=self.seed)

    @cached_property
    def prdc(self) -> neighbours.PRDC:
        return neighbours.prdc(*self.equal_features)

    @cached_property
    def shapes(self) -> geometry.ShapeMeasurements:
        return geometry.measure_shapes(self.images)

    @cached_property
    def key(self) -> tuple | None:
        """Changes whenever a metric of this context would; None if that cannot be known."""
        if self.extractor.key is None:
            return None
        sets = [{"images": data.images, **data.values} for data in (self.reference, self.train)]
        sets.append({"images": self.images, **self.asked})
        digests = [(name, digest(np.asarray(values))) for arrays in sets for name, values in arrays.items()]
        return self.extractor.key, self.seed, self.train.conditions, digests

    def with_real_images(self, kind: str) -> "EvaluationContext":
        """The same context with as many real images, "training" or "reference", in place of the generated ones."""
        data = self.train if kind == "training" else self.reference
        chosen = data.take(self._part(data))
        labels = None if self.labels is None else chosen.labels
        attributes = {name: chosen.attributes[name] for name in self.attributes}
        return dataclasses.replace(self, images=chosen.images, labels=labels, attributes=attributes, generator=None)


def random_order(n: int, seed: int) -> np.ndarray:
    """A random order of n images: real ones often come class by class, and the first of them would be of few classes."""
    return np.random.default_rng(seed).permutation(n)


def context_for_generator(
    generator: Model, train: Dataset, test: Dataset | None, extractor: FeatureExtractor, n: int = 10_000,
    seed: int = 0, codes: bool = False,
) -> EvaluationContext:  # fmt: skip
    """A context of n images by a generator, asked for the conditions of the reference in random order.

    So a perfect generator would have the distribution of the reference. The codes of an InfoGAN have no known meaning:
    with `codes` they are sampled at random, and the context has no labels.
    """
    if n < 100:
        raise ValueError(f"n must be at least 100, not {n}: fewer images say nothing")
    known, reference = conditions(generator), train if test is None else test
    if codes:
        rng = np.random.default_rng(seed)
        sampled: dict[str, Any] = {name: code.sample(rng, n) for name, code in known.items()}
        images = generate_images(generator, n, seed=seed, **sampled)
        return EvaluationContext(images, None, train, test, extractor, generator=generator, seed=seed)
    if strange := [name for name in known if name not in reference.values]:
        raise ValueError(
            f"{reference.name} does not say which {strange[0]} its images have, but this generator asks for it"
        )
    order = random_order(len(reference), seed)
    asked: dict[str, Any] = {name: np.resize(reference.values[name][order], n) for name in known}
    images = generate_images(generator, n, seed=seed, **asked)
    labels = asked.pop(reference.label_name, None)
    return EvaluationContext(images, labels, train, test, extractor, asked, generator, seed)
