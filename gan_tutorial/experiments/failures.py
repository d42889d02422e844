"""How a GAN on the ring fails, each failure with the one setting that brings it about."""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from ..data import make_points
from ..losses import LOSSES
from ..models import build_points_discriminator, build_points_generator
from ..sampling import generate_noise
from ..training import train
from .ring import train_ring


class Failure(NamedTuple):
    """setting: the argument of `train_ring` that causes it; values: from harmless to harmful; base: the others."""

    setting: str
    values: tuple
    base: dict


FAILURES = {
    "oscillation": Failure("beta_1", (0.0, 0.5, 0.8, 0.9, 0.95), {"generator_rate": 5e-4}),
    "collapse": Failure("generator_rate", (3e-4, 1e-3, 3e-3, 1e-2), {"beta_1": 0.5}),
    "winning": Failure("discriminator_rate", (1e-3, 3e-3, 1e-2, 5e-2), {"beta_1": 0.5, "generator_rate": 3e-4}),
    "memory": Failure(
        "n", (20_000, 256, 64, 16),
        {"beta_1": 0.5, "generator_rate": 3e-4, "discriminator_rate": 3e-3, "width": 128, "batch_size": 16},
    ),
}  # fmt: skip

#: Steps that the discriminator is trained alone, for `generator_pull`.
HEAD_STARTS = (10, 100, 300, 1000, 3000)


def ring_failure(name, value, steps=2000, seed=0):
    """One training on the ring, with the cause of a failure set to a value; returns a `RingRun`."""
    if name not in FAILURES:
        raise ValueError(f"no failure is called {name!r}; there are: {', '.join(FAILURES)}")
    failure = FAILURES[name]
    return train_ring(seed, steps=steps, **failure.base, **{failure.setting: value})


def generator_pull(head_start, seed=0):
    """How hard a generator is pulled by a discriminator that was trained `head_start` steps before it.

    Returns (dict from "minimax" and "non_saturating" to the length of the
    gradient of that loss by the generator's weights, generator, discriminator).
    """
    generator, discriminator = build_points_generator(seed=10 * seed), build_points_discriminator(seed=10 * seed)
    data = make_points("ring", 20_000)
    train(
        generator, discriminator, data.images, steps=head_start, batch_size=256, generator_rate=0.0,
        discriminator_rate=3e-3, half_rate_steps=0, seed=seed, progress=False, steps_per_call=min(100, head_start),
    )  # fmt: skip
    noise, pulls = generate_noise(2000, 2, seed=0), {}
    for name in ("minimax", "non_saturating"):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(LOSSES[name].generator(None, discriminator(generator(noise))))
        gradients = tape.gradient(loss, generator.trainable_variables)
        pulls[name] = float(np.sqrt(sum(float(tf.reduce_sum(tf.square(g))) for g in gradients)))
    return pulls, generator, discriminator
