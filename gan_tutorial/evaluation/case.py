"""One set of images to grade, with all that grading them may need."""

import functools

import numpy as np

from ..sampling import generate_images
from ..training.settings import num_attributes_of, num_classes_of
from .distances import frechet_deviation
from .features import cached_look, digest
from .intervals import mean_estimate
from .neighbours import region_values
from .shapes import measure_shapes


class Case:
    """Images to grade; what metrics share is made when first asked for, and once.

    Args:
        images, labels: float32 (n, height, width, channels) in [-1, 1] and
            what was asked for (n,), or None.
        train, test: the real data, two `Dataset`s; test None if there is one set only.
        judge: a `Judge`.
        attributes: dict of continuous wishes, each (n,).
        generator: if the images come from one.
        seed: of everything random.
    """

    def __init__(self, images, labels, train, test, judge, attributes=None, generator=None, seed=0):
        self.images, self.labels, self.generator, self.seed = images, labels, generator, seed
        self.train, self.test, self.judge, self.attributes = train, test, judge, attributes or {}
        #: Generated images are compared with real ones that no training has seen, if there are any.
        self.reference = train if test is None else test

    @functools.cached_property
    def offers(self):
        """What there is for metrics to work with."""
        probabilities = self.real[1]
        facts = {
            "labels": self.labels is not None,
            "classifier": probabilities is not None and probabilities.shape[1] == self.reference.num_classes,
            "held-out images": self.test is not None,
            "a generator": self.generator is not None,
            "drawn shapes": self.train.name == "shapes",
            **dict.fromkeys(self.attributes, True),
        }
        return {fact for fact, holds in facts.items() if holds}

    @functools.cached_property
    def fake(self):
        return self.judge(self.images)

    @functools.cached_property
    def real(self):
        return cached_look(self.judge, self.reference.images)

    @functools.cached_property
    def training(self):
        return cached_look(self.judge, self.train.images)

    @functools.cached_property
    def features(self):
        """Of the reference and of the images, both cut to the same number."""
        n = min(len(self.real[0]), len(self.fake[0]))
        return self.real[0][:n], self.fake[0][:n]

    @functools.cached_property
    def groups(self):
        """Labels of the images; all the same where there are none."""
        return np.zeros(len(self.images), int) if self.labels is None else self.labels

    @functools.cached_property
    def frechet_deviation(self):
        return frechet_deviation(*self.features, seed=self.seed)

    @functools.cached_property
    def region(self):
        """What precision, recall, density and coverage are the means of."""
        return region_values(*self.features)

    @functools.cached_property
    def measured(self):
        return measure_shapes(self.images)

    @functools.cached_property
    def key(self):
        """Changes whenever a number about this case would; None if that cannot be known."""
        if self.judge.key is None:
            return None
        parts = [self.reference.images, self.images, self.groups, *self.attributes.values()]
        return self.judge.key, self.seed, *map(digest, parts)

    def estimate(self, values):
        """Mean of one value a sample, with its interval."""
        return mean_estimate(values, self.seed)


def case_of_generator(generator, train, test, judge, n=10_000, attributes=(), seed=0, codes=False):
    """A `Case` of n images by a generator, asked for what the real reference shows.

    Labels and attributes are those of the reference, so that a perfect
    generator would have its distribution. `attributes` are their names. The
    codes of an InfoGAN mean nothing known: with `codes` they are drawn at
    random, and the case has no labels.
    """
    if n < 100:
        raise ValueError(f"n must be at least 100, not {n}: fewer images say nothing")
    if codes:
        images = generate_images(generator, n, *_random_codes(generator, n, seed), seed=seed)
        return Case(images, None, train, test, judge, generator=generator, seed=seed)
    reference = train if test is None else test
    wishes = {name: np.resize(reference.attributes[name], n) for name in attributes}
    labels = np.resize(reference.labels, n) if num_classes_of(generator) else None
    values = np.stack(list(wishes.values()), 1) if wishes else None
    images = generate_images(generator, n, labels, values, seed=seed)
    return Case(images, labels, train, test, judge, wishes, generator, seed)


def _random_codes(generator, n, seed):
    rng = np.random.default_rng(seed)
    num_classes, num_attributes = num_classes_of(generator), num_attributes_of(generator)
    labels = rng.integers(num_classes, size=n) if num_classes else None
    return labels, rng.random((n, num_attributes)) if num_attributes else None


def real_case(case, kind):
    """The same case with real images in place of the generated ones: "training" or "reference" ones."""
    if kind == "reference":
        chosen = case.reference
    else:
        n = min(len(case.images), len(case.train))
        chosen = case.train.take(np.random.default_rng(case.seed).permutation(len(case.train))[:n])
    labels = None if case.labels is None else chosen.labels
    attributes = {name: chosen.attributes[name] for name in case.attributes}
    return Case(chosen.images, labels, case.train, case.test, case.judge, attributes, seed=case.seed)
