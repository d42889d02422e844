"""Penalties on the discriminator's slope: what keeps it from winning too surely.

All are functions of the gradient of the logit by the image. They return one
value an example, (b,).
"""

import tensorflow as tf


def penalty(judge, real, fake, share, settings):
    """The weighted penalties that the settings ask for, (b,)."""
    total = tf.zeros(len(real))
    if settings.r1:
        total += settings.r1 / 2 * squared_slope(judge, real)
    if settings.r2:
        total += settings.r2 / 2 * squared_slope(judge, fake)
    if settings.gradient_penalty:
        total += settings.gradient_penalty * distance_from_slope_one(judge, real, fake, share)
    return total


def squared_slope(judge, images):
    """|∇ D(x)|² at each image: the zero-centred penalty of Mescheder et al. 2018, section 4.1.

    Taken at real images it is R1, at generated ones R2. `judge` is a callable,
    images to logits (b, 1).
    """
    return tf.reduce_sum(tf.square(_slope(judge, images)), axis=[1, 2, 3] if images.shape.rank == 4 else 1)


def distance_from_slope_one(judge, real, fake, share):
    """(|∇ D(x)| - 1)² between real and generated images, Gulrajani et al. 2017, equation 3.

    `share` (b,) in [0, 1] says where between the two.
    """
    share = tf.reshape(share, [-1] + [1] * (real.shape.rank - 1))
    slope = _slope(judge, real + share * (fake - real))
    squares = tf.reduce_sum(tf.square(slope), axis=[1, 2, 3] if real.shape.rank == 4 else 1)
    # The root has no derivative at 0.
    return tf.square(tf.sqrt(squares + 1e-12) - 1)


def _slope(judge, images):
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = judge(images)
    return tf.cast(tape.gradient(logits, images), tf.float32)
