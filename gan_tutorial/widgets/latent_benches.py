"""Benches on noise: steering along a classifier's gradient, and blends of photographs in pixels and in noise."""

from __future__ import annotations

from .. import quiet

quiet.import_tensorflow()

import functools
from collections.abc import Callable, Sequence

import keras
import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from ..models.interface import latent_dim
from ..noise import generate_noise
from ..sampling import encode, generate_images
from ..translations import figure_words
from .benches import Bench, bench
from .figures import show_grid

WORDS = figure_words()

_STARTS, _TRIED, _STEPS, _LENGTH = 6, 2000, 24, 0.25
_SURE = 2.0  # logits above all other classes: of this class, without doubt


def steering(
    generator: keras.Model, classifier: Callable, names: Sequence[str], start: int = 0, wish: int = 1
) -> Bench:
    """Noise, step by step along the gradient of "more of this class, less of that one", and what else changes with it.

    Args:
        generator: takes noise alone.
        classifier: from images to logits (n, classes).
        names: of the classes.
        start, wish: from which class to which one, at first.
    """

    def measures(z: tf.Tensor, first: tf.Tensor, wanted: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        images = generator(z, training=False)
        logits = classifier(images, training=False)
        wish = tf.gather(logits, wanted, axis=1) - tf.gather(logits, first, axis=1)
        return wish, tf.reduce_mean(images, axis=[1, 2, 3])

    @tf.function
    def gradients(z: tf.Tensor, first: tf.Tensor, wanted: tf.Tensor) -> tuple:
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(z)
            wish, light = measures(z, first, wanted)
        return tape.gradient(wish, z), tape.gradient(light, z), wish, light

    @functools.cache
    def candidates() -> tuple[np.ndarray, np.ndarray]:
        noise = generate_noise(_TRIED, latent_dim(generator), seed=0)
        return noise, keras.ops.convert_to_numpy(classifier(generate_images(generator, noise=noise), training=False))

    @functools.cache
    def path(first: int, wanted: int, held: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Images (steps + 1, n, …) on the way, and the two measures (steps + 1, n)."""
        noise, logits = candidates()
        margins = logits[:, first] - np.delete(logits, first, 1).max(1)
        chosen = np.argsort(-np.minimum(margins, _SURE), kind="stable")[:_STARTS]
        z, before = tf.constant(noise[chosen]), None
        images, wishes, lights = [], [], []
        for _ in range(_STEPS + 1):
            wish, light, value, brightness = gradients(z, tf.constant(first), tf.constant(wanted))
            before = brightness if before is None else before
            images.append(generate_images(generator, noise=z.numpy()))
            wishes.append(value.numpy())
            lights.append(brightness.numpy())
            if held:  # take out the part that would change the brightness, and mend what has changed all the same
                squares = tf.reduce_sum(light**2, 1, keepdims=True)
                wish -= light * tf.reduce_sum(wish * light, 1, keepdims=True) / squares
                z -= light * (brightness - before)[:, tf.newaxis] / squares
            z += _LENGTH * tf.math.l2_normalize(wish, 1)
        return np.stack(images), np.stack(wishes), np.stack(lights)

    def draw(start: int = start, wish: int = wish, step: int = 12, held: bool = False) -> tuple[Figure, str]:
        images, *measured = path(start, wish, held)
        figure = Figure(figsize=(10.4, 3.0))
        pictures, *axes = figure.subplots(1, 3, width_ratios=(2.2, 1, 1))
        figure.subplots_adjust(left=0.01)
        show_grid(pictures, np.concatenate([images[0], images[step]]), _STARTS, WORDS["lab_steered"])
        changes = []
        for axis, values, title in zip(axes, measured, (WORDS["lab_wish"], WORDS["lab_brightness"])):
            change = values - values[0]
            axis.plot(change, color="C5", alpha=0.35, linewidth=1)
            axis.plot(change.mean(1), color="C1")
            axis.plot(step, change[step].mean(), "o", color="C1")
            axis.axhline(0, color="C5", linewidth=0.8)
            axis.set(title=title, xlabel=WORDS["control_step"])
            changes.append(change[step].mean())
        return figure, WORDS["lab_steering_text"].format(step=step, wish=changes[0], light=changes[1])

    classes = {name: number for number, name in enumerate(names)}
    controls = {"start": classes, "wish": classes, "step": (0, _STEPS, 1), "held": False}
    return bench(WORDS["lab_steering"], draw, **controls)


def blend(encoder: keras.Model, decoder: keras.Model, images: np.ndarray) -> Bench:
    """Pairs of photographs, blended pixel by pixel and through the noise that an autoencoder finds for them.

    Args:
        encoder, decoder: such as those of a VAE-GAN.
        images: float32 (2 n, height, width, channels) in [-1, 1]: the first half is blended with the second.
    """
    first, second = np.split(np.asarray(images, np.float32), 2)
    codes = np.split(encode(encoder, images), 2)

    def draw(share: float = 0.5) -> tuple[Figure, str]:
        by_pixel = (1 - share) * first + share * second
        by_noise = generate_images(decoder, noise=(1 - share) * codes[0] + share * codes[1])
        rows = [first, by_pixel, by_noise, second]
        figure = Figure(figsize=(7.2, 4 * 6.2 / len(first)))
        axis = figure.add_axes((0.2, 0, 0.8, 1))
        show_grid(axis, np.concatenate(rows), len(first))
        for i, name in enumerate(("lab_first", "lab_by_pixel", "lab_by_noise", "lab_second")):
            axis.text(-4, (i + 0.5) * axis.get_ylim()[0] / 4, WORDS[name], ha="right", va="center")
        return figure, WORDS["lab_blend_text"].format(share=share)

    return bench(WORDS["lab_blend"], draw, share=(0.0, 1.0, 0.02))
