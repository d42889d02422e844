"""A small classifier of our own: what it sees in an image is what images are measured by.

The features do not come from Inception: a Fréchet distance over them is a
Fréchet *classifier* distance, which compares generators of this course with
each other, not with published FIDs.
"""

import functools

import keras
import numpy as np

from ..models import build_classifier


def train_classifier(train_data, test_data, epochs=10, width=32, seed=0, verbose="auto"):
    """Train a classifier on a `Dataset`; returns the model and its test accuracy."""
    classifier = fit_classifier(
        train_data.images, train_data.labels, train_data.num_classes, epochs, width, seed, verbose
    )
    _, probabilities = classifier_outputs(classifier, test_data.images)
    return classifier, float((probabilities.argmax(1) == test_data.labels).mean())


def fit_classifier(images, labels, num_classes, epochs, width=32, seed=0, verbose=0, batch_size=64):
    """A classifier trained on images float32 (n, height, width, channels) and labels (n,)."""
    keras.utils.set_random_seed(seed)
    classifier = build_classifier(images.shape[1:], num_classes, width, seed)
    steps = epochs * -(-len(images) // batch_size)
    classifier.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-3, steps)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    classifier.fit(images, labels, batch_size=batch_size, epochs=epochs, verbose=verbose)
    return classifier


def classification_accuracy_score(images, labels, test_images, test_labels, epochs=5, width=16, seed=0):
    """Classification accuracy score, Ravuri & Vinyals 2019: train on generated images, test on real ones.

    High only if the generated images have what a classifier must learn: right
    labels, and the variety of the real ones. Compare it with the score of as
    many real images in place of the generated ones.

    Args:
        images, labels: generated images (n, height, width, channels) and what was asked for (n,).
        test_images, test_labels: real ones.

    Returns booleans (len(test_images),): which test images the new classifier
    sees right. Their mean is the score.
    """
    num_classes = int(max(np.max(labels), np.max(test_labels))) + 1
    classifier = fit_classifier(images, labels, num_classes, epochs, width, seed)
    _, probabilities = classifier_outputs(classifier, test_images)
    return probabilities.argmax(1) == test_labels


def classifier_outputs(classifier, images, batch_size=500):
    """Features (n, 128) and class probabilities (n, num_classes) of images, float32."""
    return _two_headed(classifier).predict(images, batch_size=batch_size, verbose=0)


@functools.lru_cache(maxsize=4)
def _two_headed(classifier):
    # Kept, so that Keras compiles it once for each classifier and not at each call.
    probabilities = keras.ops.softmax(classifier.output)
    return keras.Model(classifier.input, [classifier.get_layer("features").output, probabilities])
