"""Tasks of notebook 7."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .tasks import SENTENCES, Wrong, close, numbers, recognize, task

if TYPE_CHECKING:
    import keras


def _models() -> tuple[keras.Model, keras.Model]:
    """Two small networks, the generator with batch normalization; always the same weights."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    hidden = [layers.Dense(8, use_bias=False), layers.BatchNormalization(), layers.ReLU()]
    generator = keras.Sequential([keras.Input((3,)), *hidden, layers.Dense(4, activation="tanh")])
    discriminator = keras.Sequential([keras.Input((4,)), layers.Dense(8), layers.LeakyReLU(0.2), layers.Dense(1)])
    return generator, discriminator


@task
def generator_update(answer: Callable[..., Any]) -> None:
    """One update of the generator through the discriminator, which stays as it is."""
    import keras
    import tensorflow as tf

    def loss_now() -> float:
        return float(tf.reduce_mean(tf.nn.softplus(-discriminator(generator(noise, training=True)))))

    generator, discriminator = _models()
    noise = tf.constant(np.random.default_rng(0).normal(size=(16, 3)), tf.float32)
    before = loss_now()
    old = [[weights.copy() for weights in model.get_weights()] for model in (generator, discriminator)]
    given = answer(generator, discriminator, keras.optimizers.SGD(0.1), noise)
    moved = [
        [not np.array_equal(a, b) for a, b in zip(weights, model.get_weights())]
        for weights, model in zip(old, (generator, discriminator))
    ]
    if given is None or given is Ellipsis:
        raise Wrong("no_loss" if any(moved[0]) else "nothing")
    if any(moved[1]):
        raise Wrong("discriminator_moved")
    if not discriminator.trainable_variables:
        raise Wrong("frozen")
    averages = [m for m, w in zip(moved[0], generator.weights) if "moving" in w.path]
    if not any(m for m, w in zip(moved[0], generator.weights) if w.trainable):
        raise Wrong("not_moved")
    if not any(averages):
        raise Wrong("inference_mode")
    after, loss = loss_now(), float(numbers(given, ()))
    if after >= before:
        raise Wrong("wrong_way")
    if not close(loss, before, 1e-3):
        raise Wrong("should_be", wanted=before, given=loss)


@task
def scale_images(answer: Callable[..., Any]) -> None:
    """Pixels 0…255 to [-1, 1]."""
    pixels = np.random.default_rng(0).integers(20, 200, (2, 4, 4, 1)).astype(np.uint8)
    pixels[0, :2, 0, 0] = 0, 180  # twice 180 does not fit into uint8
    returned = answer(pixels.copy())
    given, wanted = numbers(returned, pixels.shape), pixels / 127.5 - 1
    unsigned = pixels.astype(np.float64)
    low, high = unsigned.min(), unsigned.max()
    mistakes = {
        "sigmoid": unsigned / 255,
        "to_two": unsigned / 127.5,
        "half_range": unsigned / 255 - 0.5,
        "turned_round": 1 - unsigned / 127.5,
        "own_scale": (unsigned - low) / (high - low) * 2 - 1,
    }
    if not close(given, wanted):
        recognize(given, [*mistakes.items(), *(("divisor", unsigned / d - 1) for d in (127, 128))])
        if np.abs(given).max() > 1 + 1e-6:
            raise Wrong("range", low=given.min(), high=given.max())
        raise Wrong("should_be", wanted=180 / 127.5 - 1, given=given[0, 1, 0, 0])
    if (dtype := str(getattr(returned, "dtype", ""))) and "float32" not in dtype:
        raise Wrong("dtype", dtype=dtype)


@task
def mended_step(answer: Callable[..., Any]) -> None:
    """A training step without the three defects, tried by `check_gan_step`."""
    from ..diagnostics import check_gan_step

    generator, discriminator = _models()
    given = answer(generator, discriminator)
    if given is None or given is Ellipsis:
        raise Wrong("nothing")
    if not isinstance(given, tuple) or len(given) != 2 or not callable(given[0]):
        raise Wrong("two_things")
    step, optimizers = given
    real = np.random.default_rng(0).uniform(-1, 1, (16, 4)).astype(np.float32)
    found = check_gan_step(generator, discriminator, step, real, optimizers=list(optimizers), trials=1)
    # What helps against a fault, by the name of the check that finds it.
    hints = SENTENCES["hints"]
    faults = [hints.get(check, text) for check, state, text in found.findings if state == "fault"]
    notes = [text for _, state, text in found.findings if state == "note"]
    if faults or notes:
        raise Wrong("found", what=hints["between"].join(faults or notes[:1]))
