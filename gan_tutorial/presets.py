"""Recipes by name: how networks are built and how they are trained, to begin with and to compare.

Each is a `Preset`: options of `build_generator`, of `build_discriminator`, and of `train` or `train_cgan`; what it does not
name has its usual default.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .data.validation import find


@dataclass(frozen=True)
class Preset:
    """One recipe.

    Attributes:
        description: what it is, in a line, with its source.
        generator, discriminator, training: options by name.

    Example:
        >>> import gan_tutorial as gt
        >>> preset = gt.get_preset("dcgan")
        >>> preset.training["generator_learning_rate"]
        0.0002
        >>> generator = gt.build_generator(image_shape=(16, 16, 1), width=4, **preset.generator)
    """

    description: str
    generator: dict[str, Any] = field(default_factory=dict)
    discriminator: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)


#: The recipes.
PRESETS: dict[str, Preset] = {
    "default": Preset("the course's own: quick on two cores"),
    "matching": Preset(
        "for several conditions, Reed et al. 2016: real images with a wrong one count as fake, by half; with R1",
        training={"mismatch": 0.5, "r1": 1.0, "penalty_every": 4},
    ),
    "dcgan": Preset(
        "Radford et al. 2016: Adam at 2e-4 with momentum 0.5, rates constant",
        generator={"upsampling": "transposed"},
        training={
            "generator_learning_rate": 2e-4, "discriminator_learning_rate": 2e-4, "decay_steps": 0,
            "beta_1": 0.5, "beta_2": 0.999,
        },
    ),
    "r3gan": Preset(
        "Huang et al. 2024: pairs, R1 and R2, residual blocks, no normalization",
        generator={"blocks": "residual", "normalization": False, "activation": "leaky_relu"},
        discriminator={"blocks": "residual"},
        training={"loss": "relativistic", "r1": 1.0, "r2": 1.0},
    ),
}  # fmt: skip


def get_preset(name: str) -> Preset:
    """A `Preset` by its name. Raises ValueError, with the names that there are.

    Example:
        >>> import gan_tutorial as gt
        >>> gt.get_preset("r3gan").training
        {'loss': 'relativistic', 'r1': 1.0, 'r2': 1.0}
    """
    return find("preset", name, PRESETS)


def suited_preset(data: str) -> str:
    """The preset for a data set if none is named.

    With several conditions it is "matching": in the stored experiment "portraits-recipes" R1, with mismatched conditions or
    without, was far ahead of the course's default, which all other data sets have.

    Example:
        >>> suited_preset("portraits"), suited_preset("fashion_mnist")
        ('matching', 'default')
    """
    return "matching" if data in ("portraits", "shapes") else "default"
