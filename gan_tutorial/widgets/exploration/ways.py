"""Ways through what a generator can be asked for: between two categories, and along directions of the noise."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ...data.conditions import first_category
from ...noise import generate_noise

if TYPE_CHECKING:
    from keras import Model


def principal_directions(generator: Model, count: int = 4) -> np.ndarray:
    """Directions in the noise that change the generator's first layer most: float32 (count, latent_dim).

    They are the leading left singular vectors of the first dense layer's weights, each of length 1, in order of strength.
    The largest entry of each is positive, so that they are the same on every machine.

    Example:
        >>> import gan_tutorial as gt
        >>> principal_directions(gt.build_generator(8, (16, 16, 1), width=4), 2).shape
        (2, 8)
    """
    from ...models.interface import latent_dim

    return leading_directions(generator.get_layer("seed_map").get_weights()[0][: latent_dim(generator)], count)


def leading_directions(kernel: np.ndarray, count: int) -> np.ndarray:
    """The same from the rows of the first dense layer's weights that belong to the noise."""
    wide = kernel.astype(np.float64)
    # Eigenvectors of the small square are the wide matrix's left singular vectors.
    rows = np.linalg.eigh(wide @ wide.T)[1].T[::-1][:count]
    largest = np.take_along_axis(rows, np.abs(rows).argmax(1)[:, np.newaxis], 1)
    return (rows * np.sign(largest)).astype(np.float32)


class MeasuredDirection(NamedTuple):
    """A direction of the noise, float32 (latent_dim,) of length 1, and the share of a measurement's variance that it explains."""

    vector: np.ndarray
    explained: float


def measured_directions(
    generator: Model, measures: Mapping[str, Callable[[np.ndarray], ArrayLike]], n: int = 2000, seed: int = 0, **conditions: Any
) -> dict[str, MeasuredDirection]:  # fmt: skip
    """Directions of the noise with names, for `explorer`: along each, something that can be measured in the images grows.

    Args:
        measures: functions by name of images (n, height, width, channels) in [-1, 1] to numbers (n,).
        n: images that are measured; the numbers are regressed on their noise.
        conditions: as for `generate_images`; what is not given is chosen at random.

    Returns for each name a `MeasuredDirection`; `explained` is R², of which a meaningless measurement, too, gets about
    `latent_dim / n`.

    Example:
        >>> import gan_tutorial as gt
        >>> generator = gt.build_generator(8, (16, 16, 1), width=4)
        >>> found = measured_directions(generator, {"brightness": lambda images: images.mean((1, 2, 3))}, n=200)
        >>> found["brightness"].vector.shape, 0 < found["brightness"].explained <= 1
        ((8,), True)
    """
    from ...models.interface import latent_dim
    from ...sampling import generate_images

    noise = generate_noise(n, latent_dim(generator), seed)
    images = generate_images(generator, noise=noise, seed=seed, **conditions)
    centred = noise - noise.mean(0)
    found = {}
    for name, measure in measures.items():
        numbers = np.asarray(measure(images), np.float64)
        left = numbers - numbers.mean()
        slopes = np.linalg.lstsq(centred, left, rcond=None)[0]
        explained = 1 - np.square(left - centred @ slopes).sum() / max(np.square(left).sum(), 1e-12)
        found[name] = MeasuredDirection(
            (slopes / max(np.linalg.norm(slopes), 1e-12)).astype(np.float32), float(explained)
        )
    return found


@functools.lru_cache(maxsize=4)
def _after_embedding(generator: Model, name: str) -> Model:
    """A generator that takes the embedding of a condition, (b, k), of which it is a smooth function, in place of its number."""
    from keras import Model

    embedded = generator.get_layer(f"{name}_embedding").output
    return Model([embedded if tensor.name == name else tensor for tensor in generator.inputs], generator.output)


def mix_categories(
    generator: Model, noise: np.ndarray, shares: Mapping[Any, ArrayLike], /, **conditions: Any
) -> np.ndarray:
    """Images between the categories of a generator's first condition with categories: float32 (n, height, width, channels).

    Args:
        noise: one for all images, (1, latent_dim).
        shares: how much of a category each image gets, (n,), by its name or number.
        conditions: the others, one value for all images; what is not given is chosen at random, always the same.

    Raises ValueError if there is nothing to mix, or a value is given for the condition that is mixed.

    Example:
        >>> import gan_tutorial as gt
        >>> generator = gt.build_generator(8, (16, 16, 1), conditions={"role": ("cook", "pilot")}, width=4)
        >>> mix_categories(generator, gt.generate_noise(1, 8), {"cook": [1, 0.5, 0], "pilot": [0, 0.5, 1]}).shape
        (3, 16, 16, 1)
    """
    from ...models import interface
    from ...sampling import complete_conditions

    if (first := first_category(interface.conditions(generator))) is None:
        raise ValueError(f"the {generator.name} has no condition with categories that could be mixed")
    if first.name in conditions:
        raise ValueError(f"{first.name} is mixed: its shares say which {first.name} each image shows")
    table = generator.get_layer(f"{first.name}_embedding").get_weights()[0]
    mixed = np.stack([*shares.values()], 1).astype(np.float32) @ table[first.numbers([*shares])]
    asked = complete_conditions(generator, 1, conditions, seed=0)
    inputs = {name: values.repeat(len(mixed)) for name, values in asked.items()} | {first.name: mixed}
    return _after_embedding(generator, first.name).predict_on_batch([noise.repeat(len(mixed), 0), *inputs.values()])
