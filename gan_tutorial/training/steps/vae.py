"""The variational autoencoder: it can say which noise belongs to a given picture, and compares pixel by pixel."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ...data.validation import check_images
from ..distribution import replica_mean
from ..options import check_not_negative
from ..random_streams import RandomStreams
from .base import Batch, Player, Step


@dataclass(eq=False)
class VAEStep(Step):
    """The variational autoencoder of Kingma & Welling 2014.

    Args:
        encoder, decoder: as `build_encoder` and `build_generator` make them.
        learning_rate: of Adam, a number or a `keras.optimizers.schedules` object.
        kl_weight: weight of keeping the encoder's noise normal. 1 is the bound on the likelihood; more blurs
            reconstructions and makes samples better.
    """

    encoder: keras.Model
    decoder: keras.Model
    _: KW_ONLY
    learning_rate: Any = 1e-3
    kl_weight: float = 4.0

    averaged = ()
    sampler = "decoder"

    def __post_init__(self) -> None:
        check_not_negative(learning_rate=self.learning_rate, kl_weight=self.kl_weight)
        self.networks = {"encoder": self.encoder, "decoder": self.decoder}
        optimizer = keras.optimizers.Adam(self.learning_rate, 0.9, 0.99)
        self.players = {"autoencoder": Player(("encoder", "decoder"), optimizer)}

    def losses(self, batch: Batch, step: tf.Tensor) -> tuple[Batch, Batch]:
        images = batch["image"]
        mean, log_variance = self.networks["encoder"](images, training=True)
        output = self.networks["decoder"](mean + tf.exp(log_variance / 2) * batch["noise"], training=True)
        error, kl = reconstruction_loss(images, output), tf.reduce_mean(kl_divergence(mean, log_variance))
        loss = error + self.kl_weight * kl / np.prod(images.shape[1:])
        return {"autoencoder": loss}, {"reconstruction_loss": error, "kl_divergence": kl}

    def random_inputs(self, random: RandomStreams) -> Batch:
        return {"noise": random.normal((self.encoder.outputs[0].shape[-1],))}

    def check(self, data: dict[str, np.ndarray], batch_size: int) -> dict[str, np.ndarray]:
        return check_autoencoder(self.encoder, self.decoder, data["image"], batch_size)


def check_autoencoder(
    encoder: keras.Model, decoder: keras.Model, images: np.ndarray, batch_size: int
) -> dict[str, np.ndarray]:
    """The images, checked; ValueError if encoder and decoder are not made for them."""
    images = check_images(images, batch_size)
    shape, taken, made = images.shape[1:], tuple(encoder.inputs[0].shape[1:]), tuple(decoder.outputs[0].shape[1:])
    if not taken == made == shape:
        raise ValueError(
            f"the encoder takes images of shape {taken}, the decoder makes {made}, but the data has {shape}"
        )
    return {"image": images}


def kl_divergence(mean: tf.Tensor, log_variance: tf.Tensor) -> tf.Tensor:
    """KL(N(mean, variance) ‖ N(0, 1)), summed over the noise: (b,). Kingma & Welling 2014, appendix B."""
    return tf.reduce_sum(tf.square(mean) + tf.exp(log_variance) - 1 - log_variance, axis=1) / 2


def reconstruction_loss(target: tf.Tensor, output: tf.Tensor) -> tf.Tensor:
    """½ log of the mean squared difference, a number.

    It is -log of a Gaussian likelihood, per value, with the variance that fits best, up to a constant: so no weight
    between this and the divergence has to be guessed, and the scale of the target does not matter.
    """
    return tf.math.log(replica_mean(tf.reduce_mean(tf.square(target - output))) + 1e-6) / 2
