"""Tasks of notebook 7."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .tasks import Wrong, close, numbers, recognize, task

if TYPE_CHECKING:
    import keras

#: What helps against the faults that `check_gan_step` finds.
_HINTS = {
    "generator moves": "no weight of the generator moves: which gradients does its optimizer get?",
    "discriminator moves": "no weight of the discriminator moves: which gradients does its optimizer get?",
    "batch statistics": "the generator is called in inference mode: batch normalization never sees the batch",
    "discriminator's way": (
        "after a step the discriminator does not tell real from generated better: look at its loss, "
        "and at whose variables are updated"
    ),
    "generator's way": (
        "after a step the discriminator's opinion of generated images does not rise: look at the generator's loss, "
        "and at whose variables are updated"
    ),
    "confident mistakes": "a discriminator that is wrong, and sure of it, learns nothing: does the loss know that it gets logits?",
    "real images": "the real images change nothing",
    "fresh noise": "each step uses the same noise",
}


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
def generator_update(answer: Callable[..., Any]) -> str:
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
        done = "the weights move, but the loss does not come back: return it"
        raise Wrong(done if any(moved[0]) else "nothing comes back yet: replace the dots, and return the loss")
    if any(moved[1]):
        raise Wrong(
            "the discriminator's weights moved, too: it was taught to be fooled. Whose variables get the gradients?"
        )
    if not discriminator.trainable_variables:
        raise Wrong("the discriminator stays frozen for ever after: it could never learn again")
    averages = [m for m, w in zip(moved[0], generator.weights) if "moving" in w.path]
    if not any(m for m, w in zip(moved[0], generator.weights) if w.trainable):
        raise Wrong("no weight of the generator moved: record the loss in a tape, and apply its gradients")
    if not any(averages):
        raise Wrong("the generator ran in inference mode: training=True is missing")
    after, loss = loss_now(), float(numbers(given, ()))
    if after >= before:
        raise Wrong("after the update the discriminator's opinion of the generated images falls: which way is down?")
    if not close(loss, before, 1e-3):
        text = "the mean of −log D(G(z)), which for logits is softplus(−logit)"
        raise Wrong(f"the opinion rises; but the loss should be {text}: {before:.3f}, not {loss:.3f}")
    return "the gradient passes through the discriminator, and only the generator's variables are moved by it"


@task
def scale_images(answer: Callable[..., Any]) -> str:
    """Pixels 0…255 to [-1, 1]."""
    pixels = np.random.default_rng(0).integers(20, 200, (2, 4, 4, 1)).astype(np.uint8)
    pixels[0, :2, 0, 0] = 0, 180  # twice 180 does not fit into uint8
    returned = answer(pixels.copy())
    given, wanted = numbers(returned, pixels.shape), pixels / 127.5 - 1
    unsigned = pixels.astype(np.float64)
    mistakes = {
        "that is 0 to 1, the range of a sigmoid: a tanh reaches down to −1": unsigned / 255,
        "that is 0 to 2: move it down by one": unsigned / 127.5,
        "that is −0.5 to 0.5: the tanh reaches twice as far": unsigned / 255 - 0.5,
        "turned round: 0, black, should become −1": 1 - unsigned / 127.5,
    }
    divisor = "divide by 127.5, not by 128 or 127: 255 should become exactly 1"
    recognize(given, [*mistakes.items(), *((divisor, unsigned / d - 1) for d in (127, 128))])
    low, high = unsigned.min(), unsigned.max()
    if close(given, (unsigned - low) / (high - low) * 2 - 1):
        raise Wrong("scaled by this batch's own brightest pixel: then every batch would have a scale of its own")
    if not close(given, wanted):
        if np.abs(given).max() > 1 + 1e-6:
            raise Wrong(f"values from {given.min():.3g} to {given.max():.3g} come back; [-1, 1] is wanted")
        raise Wrong(
            f"a pixel of 180 should become {180 / 127.5 - 1:.3f}, not {given[0, 1, 0, 0]:.3f}: did uint8 overflow?"
        )
    if (dtype := str(getattr(returned, "dtype", ""))) and "float32" not in dtype:
        raise Wrong(f"the values are right, but they are {dtype}: networks take float32, half the size of float64")
    return "0 becomes −1, 255 becomes 1: what the tanh can reach, and nothing else"


@task
def mended_step(answer: Callable[..., Any]) -> str:
    """A training step without the three defects, tried by `check_gan_step`."""
    from ..diagnostics import check_gan_step

    generator, discriminator = _models()
    given = answer(generator, discriminator)
    if given is None or given is Ellipsis:
        raise Wrong("nothing comes back yet: return the step and a list of its two optimizers")
    if not isinstance(given, tuple) or len(given) != 2 or not callable(given[0]):
        raise Wrong("two things should come back: the step, and a list of its two optimizers")
    step, optimizers = given
    real = np.random.default_rng(0).uniform(-1, 1, (16, 4)).astype(np.float32)
    found = check_gan_step(generator, discriminator, step, real, optimizers=list(optimizers), trials=1)
    faults = [finding for finding in found.findings if finding.state == "fault"]
    if faults:
        raise Wrong("; ".join(_HINTS.get(check, text) for check, _, text in faults))
    if notes := [finding.text for finding in found.findings if finding.state == "note"]:
        raise Wrong(notes[0])
    return "healthy: both networks move, each its own way, with fresh noise and in training mode"
