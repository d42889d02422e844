"""Adversarial losses, as functions of logits.

Each takes the discriminator's logits of real and of generated images, shape
(b, 1), and returns one loss an example, shape (b, 1). With D = sigmoid(logit),
-log D = softplus(-logit) and -log(1 - D) = softplus(logit): no logarithm of a
rounded zero ever appears.
"""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf


class Loss(NamedTuple):
    """A game: what the discriminator minimizes and what the generator minimizes.

    discriminator(real_logits, fake_logits, smoothing) and
    generator(real_logits, fake_logits) return one value an example.
    """

    discriminator: Callable
    generator: Callable


def cross_entropy(real_logits, fake_logits, smoothing=0.0):
    """-log D(x) - log(1 - D(G(z))), Goodfellow et al. 2014, equation 1.

    One-sided label smoothing (Salimans et al. 2016) moves the target for real
    images, and only for them, from 1 to 1 - smoothing.
    """
    real = (1 - smoothing) * tf.nn.softplus(-real_logits) + smoothing * tf.nn.softplus(real_logits)
    return real + tf.nn.softplus(fake_logits)


def minimax_generator(real_logits, fake_logits):
    """log(1 - D(G(z))): the zero-sum game as it is derived, Goodfellow et al. 2014, equation 1."""
    return -tf.nn.softplus(fake_logits)


def non_saturating_generator(real_logits, fake_logits):
    """-log D(G(z)): the same fixed point, strong gradients early, Goodfellow et al. 2014, section 3."""
    return tf.nn.softplus(-fake_logits)


LOSSES = {
    "minimax": Loss(cross_entropy, minimax_generator),
    "non_saturating": Loss(cross_entropy, non_saturating_generator),
}


def get_loss(loss):
    """A `Loss` by name, or the one given; ValueError names the choices."""
    if isinstance(loss, Loss):
        return loss
    if loss not in LOSSES:
        raise ValueError(f"no loss is called {loss!r}; choose one of: {', '.join(LOSSES)}")
    return LOSSES[loss]
