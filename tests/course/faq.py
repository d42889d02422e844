"""Wrong answers to the tasks of notebook 5."""

import numpy as np
import tensorflow as tf


def gradient(discriminator, points, of=lambda logits: logits):
    with tf.GradientTape() as tape:
        tape.watch(points)
        value = of(discriminator(points))
    return tape.gradient(value, points)


def lengths(discriminator, points):
    return tf.norm(gradient(discriminator, points), axis=1)


def without_watching(discriminator, points):
    with tf.GradientTape() as tape:
        logits = discriminator(points)
    return tf.reduce_mean(tf.reduce_sum(tf.square(tape.gradient(logits, points)), 1))


def in_order(p, factors, stepped=True, capped=True, sort_back=True):
    order = np.argsort(p)
    values = factors * p[order]
    values = np.maximum.accumulate(values) if stepped else values
    values = np.minimum(1, values) if capped else values
    if not sort_back:
        return values
    result = np.empty(len(p))
    result[order] = values
    return result


WRONG = {
    "r1_penalty": [
        (lambda discriminator, points: ..., "replace the dots"),
        (without_watching, "told to watch"),
        (lambda discriminator, points: tf.reduce_mean(lengths(discriminator, points)), "the square of the length"),
        (lambda discriminator, points: tf.square(lengths(discriminator, points)), "one per point"),
        (lambda discriminator, points: tf.reduce_mean(lengths(discriminator, points)) ** 2, "before the mean is taken"),
        (lambda discriminator, points: tf.reduce_mean((lengths(discriminator, points) - 1) ** 2), "WGAN-GP"),
        (
            lambda discriminator, points: tf.reduce_mean(gradient(discriminator, points) ** 2),
            "a sum over the coordinates",
        ),
        (lambda discriminator, points: tf.reduce_sum(gradient(discriminator, points) ** 2), "sum over the points"),
        (
            lambda discriminator, points: tf.reduce_mean(
                tf.reduce_sum(gradient(discriminator, points, tf.reduce_mean) ** 2, 1)
            ),
            "averaged first",
        ),
    ],
    "holm": [
        (lambda p: ..., "replace the dots"),
        (lambda p: p, "as they were"),
        (lambda p: np.minimum(1, len(p) * p), "Bonferroni"),
        (lambda p: in_order(p, np.arange(len(p), 0, -1), sort_back=False), "in the order in which they came"),
        (lambda p: in_order(p, np.arange(len(p), 0, -1), stepped=False), "largest so far"),
        (lambda p: in_order(p, np.arange(len(p), 0, -1), capped=False), "above 1"),
        (lambda p: in_order(p, 1 + np.arange(len(p))), "the wrong way"),
        (lambda p: 0 * p, "it should be"),
    ],
}
