"""Class probabilities of a classifier: does a conditional generator show the class it was asked for?"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import rel_entr

from ..data.validation import check_labels
from .distances import frechet_distance
from .inputs import check_probabilities


def conditional_accuracy(probabilities: ArrayLike, labels: ArrayLike) -> float:
    """Share of images in which a classifier sees the class that was asked for."""
    probabilities = check_probabilities(probabilities)
    return float((probabilities.argmax(1) == check_labels(labels, *probabilities.shape)).mean())


def confusion_table(probabilities: ArrayLike, labels: ArrayLike) -> np.ndarray:
    """Counts of the class asked for (rows) and the class a classifier sees (columns): int (c, c)."""
    probabilities = check_probabilities(probabilities)
    table = np.zeros((probabilities.shape[1],) * 2, np.int64)
    np.add.at(table, (check_labels(labels, *probabilities.shape), probabilities.argmax(1)), 1)
    return table


def intra_class_frechet(
    real: np.ndarray, real_labels: ArrayLike, fake: np.ndarray, fake_labels: ArrayLike
) -> tuple[float, np.ndarray]:
    """Fréchet distance within each class: the mean, and an array with the distance of each class.

    A generator that ignores its label may have a small distance over all classes, but not within each. Classes have
    fewer samples than the whole, so this has the greater bias: compare only at equal numbers.
    """
    real_labels, fake_labels = np.asarray(real_labels), np.asarray(fake_labels)
    classes = np.unique(real_labels)
    absent = np.setdiff1d(classes, fake_labels)
    if len(absent):
        raise ValueError(f"there are no generated samples of the classes {', '.join(map(str, absent))}")
    distances = np.array([frechet_distance(real[real_labels == c], fake[fake_labels == c]) for c in classes])
    return float(distances.mean()), distances


def inception_score(probabilities: ArrayLike, splits: int = 1) -> tuple[float, float]:
    """exp(mean KL(p(y|x) ‖ p(y))), Salimans et al. 2016, section 4; 1 (worst) to the number of classes.

    High if each image clearly shows one class and all classes occur. It never looks at a real image: one perfect image
    per class, repeated for ever, gets the highest score. With another classifier than Inception it is only comparable
    with itself. Returns mean and standard deviation over `splits` groups; more of them bias it downwards.
    """
    parts = np.array_split(check_probabilities(probabilities), splits)
    scores = [np.exp(rel_entr(p, p.mean(0)).sum(1).mean()) for p in parts]
    return float(np.mean(scores)), float(np.std(scores))
