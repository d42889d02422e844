"""How good are generated images: a classifier's features, distances, conditional accuracy.

The features come from a small classifier of our own, not from Inception, so
the Fréchet distance here is a Fréchet *classifier* distance: it compares
generators of this course with each other, not with published FIDs.
"""

import functools
import itertools

import keras
import numpy as np
from keras import layers

from .data.shapes import PALETTE


def build_classifier(image_shape=(28, 28, 1), num_classes=10, seed=0):
    """A small convolutional classifier; its layer "features" (b, 128) serves as a measure.

    Returns a Keras model: images float32 in [-1, 1] to logits (b, num_classes).
    """
    init = (keras.initializers.HeNormal(seed=seed + i) for i in itertools.count())
    x = image = keras.Input(image_shape, name="image")
    for stage, channels in enumerate((32, 64, 128), start=1):
        conv = layers.Conv2D(channels, 3, padding="same", kernel_initializer=next(init), name=f"conv_{stage}")
        x = layers.ReLU(name=f"relu_{stage}")(conv(x))
        x = layers.MaxPooling2D(2, name=f"pool_{stage}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(128, activation="relu", kernel_initializer=next(init), name="features")(x)
    x = layers.Dropout(0.3, seed=seed, name="dropout")(x)
    return keras.Model(
        image, layers.Dense(num_classes, kernel_initializer=next(init), name="logits")(x), name="classifier"
    )


def train_classifier(train_data, test_data, epochs=10, seed=0, verbose="auto"):
    """Train a classifier on a `Dataset`; returns the model and its test accuracy."""
    keras.utils.set_random_seed(seed)
    classifier = build_classifier(train_data.image_shape, train_data.num_classes, seed)
    steps = epochs * -(-len(train_data) // 64)
    classifier.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-3, steps)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    classifier.fit(train_data.images, train_data.labels, batch_size=64, epochs=epochs, verbose=verbose)
    _, accuracy = classifier.evaluate(test_data.images, test_data.labels, batch_size=500, verbose=0)
    return classifier, float(accuracy)


def classifier_outputs(classifier, images, batch_size=500):
    """Features (n, 128) and class probabilities (n, num_classes) of images, float32."""
    return _two_headed(classifier).predict(images, batch_size=batch_size, verbose=0)


@functools.lru_cache(maxsize=4)
def _two_headed(classifier):
    # Kept, so that Keras compiles it once for each classifier and not at each call.
    probabilities = keras.ops.softmax(classifier.output)
    return keras.Model(classifier.input, [classifier.get_layer("features").output, probabilities])


def frechet_distance(real, fake):
    """Fréchet distance between two Gaussians fitted to features, Heusel et al. 2017, equation 6.

    d² = |m_r - m_f|² + tr(C_r + C_f - 2 (C_r C_f)^½). (Like the literature, it
    reports d², and calls it the distance.)

    Args:
        real, fake: features (n, k) and (m, k).

    Returns a float, 0 for identical sets.
    """
    real, fake = (np.asarray(features, np.float64) for features in (real, fake))
    for features in (real, fake):
        if features.ndim != 2 or len(features) < 2:
            raise ValueError(f"features must be a matrix with at least two rows, not of shape {features.shape}")
    if real.shape[1] != fake.shape[1]:
        raise ValueError(f"real features have {real.shape[1]} columns, generated ones {fake.shape[1]}")
    if not (np.isfinite(real).all() and np.isfinite(fake).all()):
        raise ValueError("features must be finite numbers, but some are NaN or infinite")
    shift = real.mean(0) - fake.mean(0)
    # With C = AᵀA, the eigenvalues of C_r C_f are the squared singular values
    # of A_r A_fᵀ; no square root of a nearly singular matrix is taken.
    real_root, fake_root = (np.linalg.qr(_centred(features), mode="r") for features in (real, fake))
    cross = np.linalg.svd(real_root @ fake_root.T, compute_uv=False).sum()
    distance = shift @ shift + (real_root**2).sum() + (fake_root**2).sum() - 2 * cross
    return float(max(distance, 0.0))


def _centred(features):
    return (features - features.mean(0)) / np.sqrt(len(features) - 1)


def measure_shapes(images):
    """Area in pixels and number of the colour of drawn or generated shapes, by geometry.

    A pixel belongs to the shape if it is nearer to the shape's own colour than
    to the background's. Args: images of the `shapes` data (n, 64, 64, 3).
    Returns areas (n,) and colours (n,), places in `data.shapes.COLOURS`.
    """
    background = np.median(images[:, :4].reshape(len(images), -1, 3), 1)[:, None, None]
    distance = np.linalg.norm(images - background, axis=-1)
    inside = distance > distance.max((1, 2), keepdims=True) / 2
    areas = inside.sum((1, 2))
    paint = (images * inside[..., None]).sum((1, 2)) / areas[:, None]
    return areas, np.linalg.norm(paint[:, None] - PALETTE, axis=-1).argmin(1)


def conditional_accuracy(probabilities, labels):
    """Share of images in which a classifier sees the class that was asked for."""
    return float((np.argmax(probabilities, 1) == np.asarray(labels)).mean())
