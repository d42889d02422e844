"""pix2pix: from one picture to another, learnt from pairs."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ...data.validation import check_images
from ...losses import LOSSES
from ...models import interface
from ...models.interface import call
from ..contract import check_discriminator
from ..options import check_not_negative
from ..random_streams import RandomStreams
from .base import Batch, Player, Step
from .gan import logit_metrics


@dataclass(eq=False)
class Pix2PixStep(Step):
    """pix2pix, Isola et al. 2017, equations 3 and 4.

    The data has, pair by pair, "picture", what goes in, and "image", what is to come out.

    Args:
        generator, discriminator: as `build_unet_generator` and `build_patch_discriminator` make them.
        learning_rate: of both Adams, a number or a `keras.optimizers.schedules` object.
        l1_weight: weight λ of the mean absolute difference.
        adversarial_weight: weight of fooling the discriminator; 0 trains without it.
    """

    generator: keras.Model
    discriminator: keras.Model
    _: KW_ONLY
    learning_rate: Any = 1e-3
    l1_weight: float = 10.0
    adversarial_weight: float = 1.0

    logits_are_log_odds = True

    def __post_init__(self) -> None:
        check_not_negative(
            learning_rate=self.learning_rate, l1_weight=self.l1_weight, adversarial_weight=self.adversarial_weight
        )
        self.networks = {"generator": self.generator, "discriminator": self.discriminator}
        names = ("discriminator", "generator") if self.adversarial_weight else ("generator",)
        self.players = {n: Player((n,), keras.optimizers.Adam(self.learning_rate, 0.0, 0.99)) for n in names}

    def losses(self, batch: Batch, step: tf.Tensor) -> tuple[Batch, Batch]:
        picture, target, game = batch["picture"], batch["image"], LOSSES["non_saturating"]
        output = call(self.networks["generator"], picture, batch)[0]
        pairs = [tf.concat([picture, picture], 0), tf.concat([target, output], 0)]
        real, fake = tf.split(self.networks["discriminator"](pairs, training=True), 2)
        d_loss, g_loss = tf.reduce_mean(game.discriminator(real, fake, 0.0)), tf.reduce_mean(game.generator(real, fake))
        l1_loss = tf.reduce_mean(tf.abs(target - output))
        losses = {"discriminator": d_loss, "generator": self.adversarial_weight * g_loss + self.l1_weight * l1_loss}
        metrics = {"l1_loss": l1_loss, "discriminator_loss": d_loss, "generator_loss": g_loss}
        return losses, metrics | logit_metrics(real, fake)

    def random_inputs(self, random: RandomStreams) -> Batch:
        channels = [tensor.shape[-1] for tensor in self.generator.inputs[1:]]
        return {"noise": random.normal((channels[0],))} if channels else {}

    def check(self, data: dict[str, np.ndarray], batch_size: int) -> dict[str, np.ndarray]:
        if "picture" not in data:
            raise ValueError('pix2pix learns from pairs: the data must have "picture" and "image"')
        pictures, images = (check_images(data[name], batch_size) for name in ("picture", "image"))
        if len(pictures) != len(images):
            raise ValueError(f"{len(pictures)} pictures and {len(images)} images do not make pairs")
        made = interface.output_shape(self.generator, pictures[:2], {})
        if made != images.shape[1:]:
            raise ValueError(f"the generator makes images of shape {made}, but the data has {images.shape[1:]}")
        if len(interface.input_names(self.discriminator)) != 2:
            raise ValueError("the discriminator of pix2pix sees pairs of pictures: build it with pairs=True")
        check_discriminator(self.discriminator, images.shape[1:])
        return {"picture": pictures, "image": images}
