"""A small classifier of our own, whose features and class probabilities images are evaluated by.

The features do not come from Inception: a Fréchet distance over them is a Fréchet *classifier* distance, which compares
generators of this course with each other, not with published FIDs.
"""

import functools
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import Model
from numpy.typing import ArrayLike

from ..data import Dataset
from ..data.conditions import Specification, as_condition
from ..data.validation import find
from ..models import build_classifier

_BATCH_SIZE = 64
#: Images that are classified in one go.
_PART = 5000


def train_classifier(
    train_data: Dataset, test_data: Dataset, names: Sequence[str] = (), epochs: int = 10, seed: int = 0,
    shifted: int = 0, **options: Any,
) -> tuple[Model, dict[str, float]]:  # fmt: skip
    """Train a classifier of some of the data's conditions, its label by default.

    Sets the random seeds of Python, NumPy and TensorFlow.

    Args:
        names: of the conditions.
        shifted: move each image by up to so many pixels each way, differently in every epoch; what is left free shows the rim.
        options: `width` and `stages` of `build_classifier`.

    Returns the model and its test accuracies by name.
    """
    names, known = tuple(names) or (train_data.label_name,), train_data.conditions
    conditions = {name: find(f"condition of {train_data.name}", name, known).specification for name in names}
    targets = {name: train_data.values[name] for name in names}
    keras.utils.set_random_seed(seed)
    # Keras's bar is for terminals; a file gets a line for each epoch.
    verbose = 1 if sys.stdout.isatty() else 2
    classifier = fit_classifier(
        train_data.images, targets, conditions, epochs, seed, shifted, verbose, own_order=False, **options
    )
    met = conditions_met(dict(zip(names, classifier_heads(classifier, test_data.images)[1])), test_data)
    return classifier, {name: float(each.mean()) for name, each in met.items()}


def fit_classifier(
    images: np.ndarray, targets: Mapping[str, ArrayLike], conditions: Mapping[str, Specification], epochs: int,
    seed: int, shifted: int = 0, verbose: int = 0, own_order: bool = True, **options: Any,
) -> Model:  # fmt: skip
    """A classifier trained on images float32 (n, height, width, channels) and, by name, the conditions that they show.

    The order of the images comes from the seed; without `own_order` from TensorFlow's global one, as Keras has it. So
    were the classifiers trained that ship; but an evaluation leaves the caller's random numbers alone.
    """
    classifier = build_classifier(images.shape[1:], conditions=conditions, seed=seed, **options)
    steps = epochs * -(-len(images) // _BATCH_SIZE)
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-3, steps))
    losses = [keras.losses.SparseCategoricalCrossentropy(from_logits=True) for _ in conditions]
    answers = [as_condition(name, written).nearest(targets[name]) for name, written in conditions.items()]
    model = classifier
    if shifted:
        # The same classifier, which sees each training image moved a little.
        reach = shifted / images.shape[1]
        move = keras.layers.RandomTranslation(reach, reach, fill_mode="nearest", interpolation="nearest", seed=seed)
        model = Model(classifier.input, classifier(move(classifier.input)))
    model.compile(optimizer, losses)
    if not own_order:
        model.fit(images, answers, _BATCH_SIZE, epochs, verbose)
        return classifier
    rng = np.random.default_rng(seed)
    for epoch in range(epochs):
        order = rng.permutation(len(images))
        shuffled = images[order], [answer[order] for answer in answers]
        model.fit(*shuffled, _BATCH_SIZE, epoch + 1, verbose, initial_epoch=epoch, shuffle=False)
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
    classifier = fit_classifier(images, {"label": labels}, {"label": num_classes}, epochs, seed, width=width)
    return classifier_outputs(classifier, test_images)[1].argmax(1) == test_labels


def classifier_outputs(classifier: Model, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Features (n, 128) and class probabilities (n, num_classes) of images, float32; of the first of several conditions."""
    features, probabilities = classifier_heads(classifier, images)
    return features, probabilities[0]


def classifier_heads(classifier: Model, images: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """Features (n, 128) of images, and the probabilities (n, categories) of each condition that the classifier tells.

    Example:
        >>> import gan_tutorial as gt
        >>> judge, card = gt.load_pretrained("classifier_portraits")
        >>> features, guesses = classifier_heads(judge, np.zeros((2, 64, 64, 3)))
        >>> features.shape, [guess.shape for guess in guesses]
        ((2, 128), [(2, 43), (2, 4), (2, 3), (2, 6)])
    """
    model = _with_features(classifier)
    # In parts: `predict` copies what it is given.
    parts = [model.predict(images[i : i + _PART], batch_size=500, verbose=0) for i in range(0, len(images), _PART)]
    features, *probabilities = (np.concatenate(part) for part in zip(*parts))
    return features, probabilities


def conditions_met(probabilities: Mapping[str, np.ndarray], wanted: Dataset) -> dict[str, np.ndarray]:
    """Which images show, to a classifier, the conditions of `wanted`, in its order: by name, bool (n,).

    `probabilities` are those of each condition that the classifier tells, (n, categories).

    Example:
        >>> import gan_tutorial as gt
        >>> dots = gt.Dataset("dots", np.zeros((2, 16, 16, 1)), np.int32([0, 1]), ("black", "white"))
        >>> conditions_met({"label": np.array([[0.9, 0.1], [0.6, 0.4]])}, dots)["label"].tolist()
        [True, False]
    """
    known, values = wanted.conditions, wanted.values
    return {name: p.argmax(1) == known[name].nearest(values[name]) for name, p in probabilities.items()}


@functools.lru_cache(maxsize=4)
def _with_features(classifier: Model) -> Model:
    # Cached, so that Keras compiles it once per classifier and not at each call.
    probabilities = [keras.ops.softmax(logits) for logits in classifier.outputs]
    return Model(classifier.input, [classifier.get_layer("features").output, *probabilities])
