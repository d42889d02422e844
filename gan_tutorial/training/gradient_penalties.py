"""Penalties on gradients: of the logit by the image, which keep a discriminator from being too sure, and of the image by its style.

They return one value per example, (b,). `critic` is a callable, images to logits (b, 1).
"""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

Critic = Callable[[tf.Tensor], tf.Tensor]


def zero_centred_gradient_penalty(critic: Critic, images: tf.Tensor) -> tf.Tensor:
    """|∇ D(x)|² at each image, Mescheder et al. 2018, section 4.1: at real images R1, at generated ones R2."""
    return _squared_norm(_gradient(critic, images))


def gradient_penalty(critic: Critic, real: tf.Tensor, fake: tf.Tensor, mix: tf.Tensor) -> tf.Tensor:
    """(|∇ D(x)| - 1)² between real and generated images, Gulrajani et al. 2017, equation 3.

    `mix` (b,) in [0, 1] says where between the two.
    """
    mix = tf.reshape(mix, [-1] + [1] * (real.shape.rank - 1))
    squares = _squared_norm(_gradient(critic, real + mix * (fake - real)))
    # The root has no derivative at 0.
    return tf.square(tf.sqrt(squares + 1e-12) - 1)


def path_lengths(synthesis: Callable[[tf.Tensor], tf.Tensor], styles: tf.Tensor, directions: tf.Tensor) -> tf.Tensor:
    """|Jᵀy| at each style w, for the Jacobian J of the images g(w), Karras et al. 2020b, section 3.2: (b,).

    Args:
        synthesis: callable, styles (b, style_dim) to images (b, h, w, channels).
        directions: y, normal noise of the images' shape. Its deviation is divided by √(h w) here, so that the length does not grow
            with the number of pixels.
    """
    with tf.GradientTape() as tape:
        tape.watch(styles)
        images = synthesis(styles)
        scale = tf.sqrt(float(images.shape[1] * images.shape[2]))
        product = tf.reduce_sum(tf.cast(images, tf.float32) * directions) / scale
    # The root has no derivative at 0.
    return tf.sqrt(_squared_norm(tf.cast(tape.gradient(product, styles), tf.float32)) + 1e-12)


def _squared_norm(gradient: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(tf.square(gradient), axis=list(range(1, gradient.shape.rank)))


def _gradient(critic: Critic, images: tf.Tensor) -> tf.Tensor:
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = critic(images)
    return tf.cast(tape.gradient(logits, images), tf.float32)
