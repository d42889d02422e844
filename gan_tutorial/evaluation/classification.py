"""A small classifier of our own, whose features and class probabilities images are evaluated by.

The features do not come from Inception: a Fréchet distance over them is a Fréchet *classifier* distance, which compares
generators of this course with each other, not with published FIDs.
"""

import functools

import keras
import numpy as np
from keras import Model
from numpy.typing import ArrayLike

from ..data import Dataset
from ..models import build_classifier

_BATCH_SIZE = 64


def train_classifier(
    train_data: Dataset, test_data: Dataset, epochs: int = 10, width: int = 32, seed: int = 0
) -> tuple[Model, float]:
    """Train a classifier; returns the model and its test accuracy."""
    images, labels, num_classes = train_data.images, train_data.labels, train_data.num_classes
    classifier = fit_classifier(images, labels, num_classes, epochs, width, seed, "auto")
    _, probabilities = classifier_outputs(classifier, test_data.images)
    return classifier, float((probabilities.argmax(1) == test_data.labels).mean())


def fit_classifier(
    images: np.ndarray, labels: ArrayLike, num_classes: int, epochs: int, width: int, seed: int, verbose: str | int = 0
) -> Model:
    """A classifier trained on images float32 (n, height, width, channels) and labels (n,)."""
    keras.utils.set_random_seed(seed)
    classifier = build_classifier(images.shape[1:], num_classes, width, seed)
    steps = epochs * -(-len(images) // _BATCH_SIZE)
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-3, steps))
    classifier.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    classifier.fit(images, np.asarray(labels), batch_size=_BATCH_SIZE, epochs=epochs, verbose=verbose)
    return classifier


def classification_accuracy_score(
    images: np.ndarray, labels: ArrayLike, test_images: np.ndarray, test_labels: ArrayLike, epochs: int = 5,
    width: int = 16, seed: int = 0,
) -> np.ndarray:  # fmt: skip
    """Classification accuracy score, Ravuri & Vinyals 2019: train on generated images, test on real ones.

    High only if the generated images have what a classifier must learn: right labels, and the diversity of the real
    ones. Compare it with the score of equally many real images in place of the generated ones. Returns booleans: which
    test images the new classifier gets right. Their mean is the score.
    """
    num_classes = int(max(np.max(labels), np.max(test_labels))) + 1
    classifier = fit_classifier(images, labels, num_classes, epochs, width, seed)
    return classifier_outputs(classifier, test_images)[1].argmax(1) == test_labels


def classifier_outputs(classifier: Model, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Features (n, 128) and class probabilities (n, num_classes) of images, float32."""
    return tuple(_with_features(classifier).predict(images, batch_size=500, verbose=0))


@functools.lru_cache(maxsize=4)
def _with_features(classifier: Model) -> Model:
    # Cached, so that Keras compiles it once per classifier and not at each call.
    probabilities = keras.ops.softmax(classifier.output)
    return Model(classifier.input, [classifier.get_layer("features").output, probabilities])
