"""Tasks of notebook 3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, numbers, recognize, task


@task
def join_condition(answer: Callable[..., Any]) -> str:
    """Noise with the label next to it, as a vector with a single 1 (Mirza & Osindero 2014)."""
    # Without the last class, so that its column is missed where classes are taken from the labels.
    noise, labels = np.random.default_rng(0).normal(size=(4, 3)), np.array([2, 0, 3, 2])
    right = np.concatenate([noise, np.eye(5)[labels]], 1)
    given = numbers(answer(noise.copy(), labels.copy(), 5))
    if given.ndim == 2 and len(given) == 4:
        columns = given.shape[1]
        if columns == 4:
            raise Wrong("one column is the label as a number: then class 4 is twice class 2. Each class needs a column")
        if columns == 5:
            raise Wrong("the labels are there, the noise is not: without it each class has one image only")
        if columns == 3:
            raise Wrong("only the noise comes back: the generator cannot know what it was asked for")
        if columns in (6, 7):
            raise Wrong("there are num_classes columns for the label, also for classes that are not in this batch")
    given = numbers(given, right.shape)
    if close(given, np.concatenate([np.eye(5)[labels], noise], 1)):
        raise Wrong("the label stands before the noise; here the noise comes first")
    if not close(given[:, :3], noise):
        raise Wrong("the first columns should be the noise as it was given")
    if not close(given[:, 3:].sum(1), 1):
        raise Wrong("each row needs one 1 among its label columns, and zeros besides")
    if not close(given, right):
        raise Wrong("the 1 stands in the wrong column: label 0 belongs in the first, label 4 in the last")
    return "noise and label side by side: the first layer can now treat every class in a way of its own"


@task
def projection_logits(answer: Callable[..., Any]) -> str:
    """The logit of the projection discriminator (Miyato & Koyama 2018, equation 3)."""
    rng = np.random.default_rng(1)
    features, weights, bias, table = rng.normal(size=(4, 3)), rng.normal(size=3), 0.7, rng.normal(size=(5, 3))
    labels = np.array([2, 0, 4, 2])
    given = numbers(answer(features.copy(), labels.copy(), weights.copy(), bias, table.copy()))
    if given.shape == (4, 1):
        given = given[:, 0]
    if given.shape == (4, 5):
        raise Wrong("five logits per image, one for each class: only the class that was asked for counts")
    if given.shape in ((4, 3), (4, 4)):
        raise Wrong("an inner product ends in one number per image: multiply entry by entry, and sum over the features")
    given = numbers(given, (4,))
    alone, match = features @ weights + bias, (features * table[labels]).sum(1)
    mistakes = {
        "the label has no influence: that is the blind discriminator": alone,
        "only the match with the label counts; whether the image looks real at all is missing": match,
        "nearly: the bias is missing": alone + match - bias,
        "an inner product is a sum over the features, not a mean": alone + (features * table[labels]).mean(1),
        "the label moves the logit by the same amount for every image: it is not compared with the features": (
            alone + table[labels].sum(1)
        ),
        "the two parts are added: a product of densities is a sum of logarithms": alone * match,
    }
    recognize(given, mistakes.items())
    if not close(given, alone + match):
        raise Wrong(f"the first logit should be {alone[0] + match[0]:.3f}, not {given[0]:.3f}")
    return "one part asks whether the image is real, the other whether it is real as what was asked for"


@task
def wrong_labels(answer: Callable[..., Any]) -> str:
    """Labels for a mismatch batch, in which none keeps its own (after Reed et al. 2016)."""
    labels = np.random.default_rng(2).integers(0, 5, 2000)
    kept = labels.copy()
    given = numbers(answer(labels, 5, np.random.default_rng(3)), labels.shape)
    if not np.array_equal(labels, kept):
        raise Wrong("the labels that were given are changed as well; the real batch still needs them")
    if not close(given, given.round()) or given.min() < 0 or given.max() > 4:
        raise Wrong("a label that does not exist came back: there are the classes 0 to num_classes − 1")
    same = (given == labels).mean()
    if same == 1:
        raise Wrong("all labels are still right")
    if same > 0:
        raise Wrong(
            f"{same:.0%} of the images keep their own label, and the discriminator would be told that it is wrong"
        )
    shares = np.array([[(given[labels == own] == other).mean() for other in range(5)] for own in range(5)])
    off = shares[~np.eye(5, dtype=bool)]
    if off.min() == 0:
        raise Wrong(
            "never right, but some wrong labels never occur either: with them the discriminator gets no practice"
        )
    if off.min() < 0.17 or off.max() > 0.33:
        raise Wrong("never right, but some wrong labels come more often than others: all four should be equally likely")
    again = numbers(answer(labels, 5, np.random.default_rng(4)), labels.shape)
    if np.array_equal(given, again):
        raise Wrong("another rng should bring other labels: use the one that is given")
    return "each image gets a label that is wrong, and each wrong label is equally likely"
