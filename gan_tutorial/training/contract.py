"""What a training asks of networks and data, checked before anything changes; see `models.interface`."""

from __future__ import annotations

import warnings

import keras
import numpy as np

from ..data.validation import check_images
from ..models import interface

Arrays = dict[str, np.ndarray]


def check_networks(
    generator: keras.Model, discriminator: keras.Model, data: Arrays, batch_size: int
) -> tuple[Arrays, tuple[str, ...], bool]:
    """The arrays that a generator and a discriminator are trained on, the names of their conditions, and whether
    these are codes: conditions that the data does not have, and that the discriminator guesses.

    Raises ValueError, naming what is wrong, if networks and data do not suit each other.
    """
    data = {**data, "image": check_images(data["image"], batch_size)}
    wanted, seen = interface.input_names(generator)[1:], interface.input_names(discriminator)[1:]
    absent = not any(data.get(name) is not None for name in wanted)
    codes = bool(wanted) and absent and interface.has_auxiliary_outputs(discriminator)
    if not codes:
        _check_conditions(generator, data, wanted)
        if unknown := [name for name in seen if name not in wanted]:
            raise ValueError(
                f"the discriminator takes more conditions than the generator ({unknown[0]!r}); give both the same"
            )
    data = {name: array for name, array in data.items() if name == "image" or name in wanted}
    _check_shapes(generator, discriminator, data)
    return data, wanted, codes


def check_discriminator(discriminator: keras.Model, shape: tuple[int, ...], name: str = "discriminator") -> None:
    """ValueError unless a discriminator takes images of this shape and returns logits; batch normalization is warned of."""
    names = interface.input_names(discriminator)
    image = names.index("image") if "image" in names else 0
    taken = tuple(discriminator.inputs[image].shape[1:]) if interface.is_static(discriminator) else shape
    if taken != tuple(shape):
        raise ValueError(f"the {name} takes images of shape {taken}, but the data has {tuple(shape)}")
    if interface.ends_in(discriminator, "sigmoid"):
        raise ValueError(f"the {name} ends in a sigmoid, but losses take logits: leave the sigmoid out")
    if interface.has_batch_norm(discriminator):
        warnings.warn(
            f"the {name} has batch normalization, so that it judges no image on its own: "
            "leave it out, or take layer or spectral normalization",
            stacklevel=2,
        )


def _check_conditions(generator: keras.Model, data: Arrays, wanted: tuple[str, ...]) -> None:
    n, known = len(data["image"]), interface.conditions(generator)
    for name in wanted:
        if data.get(name) is None:
            given = ", ".join(other for other in data if other != "image") or "none"
            raise ValueError(f"the generator takes a {name}, but the data has none; its conditions: {given}")
        if name in known:
            data[name] = known[name].column(data[name], n)
        elif len(data[name]) != n:
            raise ValueError(f"there are {n} images, but {len(data[name])} values of {name!r}")


def _check_shapes(generator: keras.Model, discriminator: keras.Model, data: Arrays) -> None:
    shape = tuple(data["image"].shape[1:])
    few = {name: array[:2] for name, array in data.items()}
    made = interface.output_shape(generator, np.zeros((2, interface.latent_dim(generator)), np.float32), few)
    if made != shape:
        raise ValueError(f"the generator makes images of shape {made}, but the data has {shape}")
    check_discriminator(discriminator, shape)
    logits = interface.output_shape(discriminator, few["image"], few)
    if logits != (1,):
        raise ValueError(f"the discriminator must return logits of shape (b, 1), not {('b', *logits)}")
