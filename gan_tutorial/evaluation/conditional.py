"""Does a conditional generator do as it is told?"""

import numpy as np

from ..training.settings import check_labels
from .checks import check_probabilities
from .distances import frechet_distance


def conditional_accuracy(probabilities, labels):
    """Share of images in which a classifier sees the class that was asked for."""
    return float(_obeyed(probabilities, labels).mean())


def _obeyed(probabilities, labels):
    probabilities = check_probabilities(probabilities)
    return probabilities.argmax(1) == check_labels(labels, *probabilities.shape)


def confusion_table(probabilities, labels):
    """Counts of what was asked for (rows) against what a classifier sees (columns): int (c, c)."""
    probabilities = check_probabilities(probabilities)
    table = np.zeros((probabilities.shape[1],) * 2, np.int64)
    np.add.at(table, (check_labels(labels, *probabilities.shape), probabilities.argmax(1)), 1)
    return table


def intra_class_frechet(real, real_labels, fake, fake_labels):
    """Fréchet distance within each class; returns their mean, and an array with one a class.

    A generator that ignores its label may have a small distance over all
    classes, but not within each. Classes have fewer samples than the whole, so
    this has the greater bias: compare only at equal numbers.
    """
    classes = np.unique(real_labels)
    absent = np.setdiff1d(classes, fake_labels)
    if len(absent):
        raise ValueError(f"there are no generated samples of the classes {', '.join(map(str, absent))}")
    distances = np.array([
        frechet_distance(real[np.asarray(real_labels) == c], fake[np.asarray(fake_labels) == c]) for c in classes
    ])  # fmt: skip
    return float(distances.mean()), distances


def inception_score(probabilities, splits=1):
    """exp(mean KL(p(y|x) ‖ p(y))), Salimans et al. 2016, section 4; 1 (worst) to the number of classes.

    High if each image is clearly of one class and all classes occur. It never
    looks at a real image: one perfect image a class, repeated for ever, gets
    the highest score. With another classifier than Inception it is only
    comparable with itself.

    Args:
        probabilities: of a classifier, (n, classes), rows sum to 1.
        splits: groups in which it is computed; more bias it downwards.

    Returns two floats: mean and standard deviation over the splits.
    """
    scores = [_split_score(part) for part in np.array_split(check_probabilities(probabilities), splits)]
    return float(np.mean(scores)), float(np.std(scores))


def _split_score(p):
    # 0 log 0 = 0.
    log = np.log(np.maximum(p, np.finfo(float).tiny))
    marginal = p.mean(0)
    entropy = -(marginal * np.log(np.maximum(marginal, np.finfo(float).tiny))).sum()
    return np.exp(entropy + (p * log).sum(1).mean())
