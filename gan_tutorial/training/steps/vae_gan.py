"""VAE-GAN: an autoencoder whose pictures are compared by a discriminator's features, and come out sharper."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ...losses import LOSSES
from ..options import check_not_negative
from ..random_streams import RandomStreams
from .base import Batch, Player, Step
from .gan import logit_metrics
from .vae import check_autoencoder, kl_divergence, reconstruction_loss


@dataclass(eq=False)
class VAEGANStep(Step):
    """VAE-GAN, Larsen et al. 2016, algorithm 1.

    The discriminator learns to tell real images from reconstructed and from sampled ones. The decoder is to fool it,
    and to match its features of the real image; the encoder only the latter, and to keep its noise normal.

    Args:
        encoder, decoder: as `build_encoder` and `build_generator` make them.
        discriminator: as `build_discriminator` makes it, without labels; its layer "features" is what images are
            compared by.
        learning_rate: of the three Adams, a number or a `keras.optimizers.schedules` object.
        feature_matching_weight: weight of matching features against fooling, for the decoder.
        kl_weight: weight of keeping the encoder's noise normal. A discriminator has far more features than a picture
            has independent values: at weight 1 they would drown the divergence, and samples fall apart.
    """

    encoder: keras.Model
    decoder: keras.Model
    discriminator: keras.Model
    _: KW_ONLY
    learning_rate: Any = 1e-3
    feature_matching_weight: float = 2.0
    kl_weight: float = 16.0

    averaged = ("decoder",)
    sampler = "decoder"
    logits_are_log_odds = True

    def __post_init__(self) -> None:
        check_not_negative(
            learning_rate=self.learning_rate, kl_weight=self.kl_weight,
            feature_matching_weight=self.feature_matching_weight,
        )  # fmt: skip
        self.networks = {"encoder": self.encoder, "decoder": self.decoder, "discriminator": self.discriminator}
        self.players = {
            name: Player((name,), keras.optimizers.Adam(self.learning_rate, 0.0, 0.99))
            for name in ("discriminator", "decoder", "encoder")
        }

    def build(self) -> None:
        discriminator = self.networks["discriminator"]
        features = discriminator.get_layer("features").output
        self._with_features = keras.Model(discriminator.input, [discriminator.output, features])

    def losses(self, batch: Batch, step: tf.Tensor) -> tuple[Batch, Batch]:
        images, game = batch["image"], LOSSES["non_saturating"]
        mean, log_variance = self.networks["encoder"](images, training=True)
        kl = tf.reduce_mean(kl_divergence(mean, log_variance))
        # What is sampled comes from fresh noise, not from the encoder's.
        noise = tf.concat([mean + tf.exp(log_variance / 2) * batch["noise"], batch["fresh_noise"]], 0)
        fakes = self.networks["decoder"](noise, training=True)
        logits, features = self._with_features(tf.concat([images, fakes], 0), training=True)
        real, rebuilt, sampled = tf.split(logits, 3)
        target, output, _ = tf.split(tf.cast(features, tf.float32), 3)
        error = reconstruction_loss(target, output)
        d_loss = tf.reduce_mean(game.discriminator(real, rebuilt, 0.0) + game.discriminator(real, sampled, 0.0)) / 2
        g_loss = tf.reduce_mean(game.generator(real, rebuilt) + game.generator(real, sampled)) / 2
        losses = {
            "discriminator": d_loss,
            "decoder": g_loss + self.feature_matching_weight * error,
            "encoder": error + self.kl_weight * kl / features.shape[-1],
        }
        metrics = {"reconstruction_loss": error, "kl_divergence": kl}
        metrics |= {"discriminator_loss": d_loss, "generator_loss": g_loss, **logit_metrics(real, sampled)}
        return losses, metrics

    def random_inputs(self, random: RandomStreams) -> Batch:
        shape = (self.encoder.outputs[0].shape[-1],)
        return {"noise": random.normal(shape), "fresh_noise": random.normal(shape, stream=1)}

    def check(self, data: dict[str, np.ndarray], batch_size: int) -> dict[str, np.ndarray]:
        if not any(layer.name == "features" for layer in self.discriminator.layers):
            raise ValueError("VAE-GAN compares images by the discriminator's layer 'features', but there is none")
        return check_autoencoder(self.encoder, self.decoder, data["image"], batch_size)
