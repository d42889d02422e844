"""Generators, discriminators and their relatives: plain Keras functional models.

A generator takes `noise`, a discriminator `image`; conditional ones take
`label` too, and `attributes` if they have continuous conditions.
Discriminators return logits: the sigmoid belongs to the loss.
"""

from .classifier import build_classifier
from .discriminator import DISCRIMINATOR_CONDITIONING, build_discriminator
from .encoder import build_encoder
from .generator import ACTIVATIONS, GENERATOR_CONDITIONING, UPSAMPLING, build_generator
from .points import build_points_discriminator, build_points_generator
from .translator import build_patch_discriminator, build_translator

__all__ = [
    "ACTIVATIONS",
    "DISCRIMINATOR_CONDITIONING",
    "GENERATOR_CONDITIONING",
    "UPSAMPLING",
    "build_classifier",
    "build_discriminator",
    "build_encoder",
    "build_generator",
    "build_patch_discriminator",
    "build_points_discriminator",
    "build_points_generator",
    "build_translator",
]
