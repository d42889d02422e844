"""Sampling from a generator, noise in, images out; and through an encoder or a translator."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .data.conditions import first_category
from .models import interface
from .models.interface import Model
from .noise import generate_noise as generate_noise, interpolate as interpolate, truncate as truncate

Array = np.ndarray

# One compiled call handles any number of images in blocks of this size.
_BLOCK = 250


def generate_images(
    generator: Model, n: int = 16, labels: ArrayLike | None = None, seed: int | None = None,
    truncation: float | None = None, noise: ArrayLike | None = None, **conditions: Any,
) -> Array:  # fmt: skip
    """Sample images from a generator: float32 (n, height, width, channels) in [-1, 1].

    Args:
        generator: a Keras model as `build_generator` makes it, or one that follows the contract in `models.interface`.
        n: how many images; ignored when conditions or noise say it.
        labels: short for the condition "label".
        seed, truncation: as for `generate_noise`.
        noise: float32 (n, latent_dim), instead of n, seed and truncation.
        conditions: what to ask for, by name, such as role="pilot", tone=3.5: one value for all images or one for each, a
            number or a category's name. Of those that are not given, the first with categories goes through them in turn,
            and the others are chosen at random, all values equally likely.

    Raises ValueError for a condition that the generator does not take, or a value that it does not know.

    Example:
        >>> import gan_tutorial as gt
        >>> generator = gt.build_generator(latent_dim=8, image_shape=(16, 16, 1), num_classes=3, width=4)
        >>> gt.generate_images(generator, labels=[0, 2], seed=0).shape
        (2, 16, 16, 1)
        >>> conditions = {"role": ("cook", "pilot"), "tone": (1, 5)}
        >>> generator = gt.build_generator(latent_dim=8, image_shape=(16, 16, 1), conditions=conditions, width=4)
        >>> gt.generate_images(generator, 5, role="pilot", tone=2.5).shape
        (5, 16, 16, 1)
    """
    latent_dim = interface.latent_dim(generator)
    if labels is not None:
        conditions["label"] = labels
    if noise is None:
        counts = [len(values) for values in conditions.values() if np.ndim(values)]
        noise = generate_noise(counts[0] if counts else n, latent_dim, seed, truncation)
    noise = np.asarray(noise, np.float32)
    if noise.ndim != 2 or noise.shape[1] != latent_dim or not len(noise):
        raise ValueError(f"noise must have the shape (n, {latent_dim}), not {noise.shape}")
    return _run(generator, noise, complete_conditions(generator, len(noise), conditions, seed))


def complete_conditions(
    generator: Model, n: int, given: Mapping[str, Any], seed: int | None = None
) -> dict[str, Array]:
    """All conditions of a generator for n images, each (n,): those given, and the others as `generate_images` says."""
    taken, known = interface.input_names(generator)[1:], interface.conditions(generator)
    if strange := [name for name in given if name not in taken]:
        raise ValueError(f"this generator takes no {strange[0]}; its conditions: {', '.join(taken) or 'none'}")
    complete, first, rng = {}, first_category(known), np.random.default_rng(seed)
    for name in taken:
        condition = known.get(name)
        if name in given:
            values = np.asarray(given[name] if condition is None else condition.numbers(given[name]))
            values = values if values.ndim else values.repeat(n)
        elif condition is None:
            raise ValueError(f"this generator does not say what {name} it knows, so {name} must be given")
        elif condition == first:
            values = np.arange(n) % len(condition.categories)
        else:
            values = condition.sample(rng, n)
        complete[name] = values if condition is None else condition.column(values, n)
    return complete


def _run(model: Model, first: Array, conditions: dict[str, Array]) -> Array:
    """A model's first output for any number of examples, block by block."""
    # Keras compiles this call once for each size of a block, and keeps it.
    blocks = []
    for block in (slice(i, i + _BLOCK) for i in range(0, len(first), _BLOCK)):
        inputs = interface.pack_inputs(model, first[block], {name: rows[block] for name, rows in conditions.items()})
        outputs = model.predict_on_batch(inputs)
        blocks.append(outputs[0] if isinstance(outputs, list | tuple) else outputs)
    return np.concatenate(blocks)


def encode(encoder: Model, images: ArrayLike) -> Array:
    """The mean noise of images: float32 (n, latent_dim)."""
    return _run(encoder, np.asarray(images, np.float32), {})


def reconstruct(encoder: Model, decoder: Model, images: ArrayLike) -> Array:
    """Images through the encoder's mean noise and back: float32, like the images."""
    return _run(decoder, encode(encoder, images), {})


def translate(translator: Model, pictures: ArrayLike, seed: int | None = 0) -> Array:
    """Each picture's translation, float32 like the pictures; the seed decides what the picture leaves open."""
    pictures = np.asarray(pictures, np.float32)
    # A U-Net's second input, if it has one, is the noise.
    noise = {tensor.name: generate_noise(len(pictures), tensor.shape[-1], seed) for tensor in translator.inputs[1:]}
    return _run(translator, pictures, noise)
