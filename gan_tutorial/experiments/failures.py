"""How a GAN on the ring fails, each failure with the one setting that brings it about."""

from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from keras import Model

from ..data import make_points
from ..data.validation import find
from ..losses import LOSSES
from ..models import build_points_discriminator, build_points_generator
from ..sampling import generate_noise
from ..training import train
from .ring import RingRun, train_ring


class Failure(NamedTuple):
    """setting: the argument of `train_ring` that causes it; values: from harmless to harmful; base: the others."""

    setting: str
    values: tuple[float, ...]
    base: dict[str, Any]


_SLOW_GENERATOR = {"beta_1": 0.5, "generator_learning_rate": 3e-4}
_OVERFITTING = {"discriminator_learning_rate": 3e-3, "width": 128, "batch_size": 16}

FAILURES = {
    "oscillation": Failure("beta_1", (0.0, 0.5, 0.8, 0.9, 0.95), {"generator_learning_rate": 5e-4}),
    "collapse": Failure("generator_learning_rate", (3e-4, 1e-3, 3e-3, 1e-2), {"beta_1": 0.5}),
    "winning": Failure("discriminator_learning_rate", (1e-3, 3e-3, 1e-2, 5e-2), _SLOW_GENERATOR),
    "memorization": Failure("n", (20_000, 256, 64, 16), {**_SLOW_GENERATOR, **_OVERFITTING}),
}

#: Steps that only the discriminator is trained, for `generator_gradient_norms`.
HEAD_STARTS = (10, 100, 300, 1000, 3000)


def ring_failure(name: str, value: float, steps: int = 2000, seed: int = 0) -> RingRun:
    """One training on the ring, with the cause of a failure set to a value."""
    failure = find("failure", name, FAILURES)
    return train_ring(seed, **{**failure.base, failure.setting: value, "steps": steps})


def generator_gradient_norms(head_start: int, seed: int = 0) -> tuple[dict[str, float], Model, Model]:
    """How strong the generator's gradient is when the discriminator had a head start of so many steps.

    Returns (dict from "minimax" and "non_saturating" to the norm of the gradient of that loss by the generator's weights,
    generator, discriminator).
    """
    generator, discriminator = build_points_generator(seed=10 * seed), build_points_discriminator(seed=10 * seed)
    train(
        generator, discriminator, make_points("ring", 20_000).images, steps=head_start, batch_size=256, seed=seed,
        generator_learning_rate=0.0, discriminator_learning_rate=3e-3, decay_steps=0, progress=False,
        steps_per_call=min(100, head_start),
    )  # fmt: skip
    noise, norms = generate_noise(2000, 2, seed=0), {}
    for name in ("minimax", "non_saturating"):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(LOSSES[name].generator(None, discriminator(generator(noise))))
        gradients = tape.gradient(loss, generator.trainable_variables)
        norms[name] = float(np.sqrt(sum(float(tf.reduce_sum(tf.square(g))) for g in gradients)))
    return norms, generator, discriminator
