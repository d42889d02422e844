"""Generators, discriminators and their relatives: plain Keras functional models.

A generator takes `noise`, a discriminator `image`; conditional ones take each condition too, such as `label` or
`size`. Discriminators return logits. `interface` says what models of your own need to be.
"""

from .. import quiet

quiet.import_tensorflow()

from .discriminator import DISCRIMINATOR_CONDITIONING, build_discriminator
from .encoder import build_classifier, build_encoder
from .generator import ACTIVATIONS, GENERATOR_CONDITIONING, UPSAMPLING, build_generator
from .image_to_image import build_patch_discriminator, build_unet_generator
from .perceptrons import build_points_discriminator, build_points_generator
from .style import build_style_generator, mapping_network, mix_styles, style_layers, synthesis_network, truncate_styles

__all__ = [
    "ACTIVATIONS", "DISCRIMINATOR_CONDITIONING", "GENERATOR_CONDITIONING", "UPSAMPLING", "build_classifier",
    "build_discriminator", "build_encoder", "build_generator", "build_patch_discriminator",
    "build_points_discriminator", "build_points_generator", "build_style_generator",
    "build_unet_generator", "mapping_network", "mix_styles", "style_layers", "synthesis_network", "truncate_styles",
]  # fmt: skip
