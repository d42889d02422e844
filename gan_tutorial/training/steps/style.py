"""What a style-based generator is trained with besides the game: mixed styles, and steps of equal length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass

import numpy as np
import tensorflow as tf

from ...models import mapping_network, style_layers, synthesis_network
from ...models.interface import call
from ..gradient_penalties import path_lengths
from ..options import check_count, check_not_negative
from ..random_streams import RandomStreams
from .base import Batch
from .gan import GANStep

# Numbers that keep the random streams apart from those of `GANStep`.
_OTHER_NOISE, _CUTS, _DIRECTIONS = 5_000_003, 6_000_003, 7_000_003


@dataclass(eq=False)
class StyleGANStep(GANStep):
    """`GANStep` for a generator of `build_style_generator` (Karras et al. 2019, 2020b).

    Args:
        mixing: share of generated images whose layers behind a random one get the style of other noise, under the same
            conditions (Karras et al. 2019, section 3.1).
        path_length: weight of (|Jᵀy| - a)² in the generator's loss, Karras et al. 2020b, equation 4: a step in w is to change
            every image alike. a is the running mean of the lengths, of which 0.99 is kept a step.
        path_every: steps between two of these, which then count that many times.
    """

    _: KW_ONLY
    mixing: float = 0.0
    path_length: float = 0.0
    path_every: int = 8

    def __post_init__(self) -> None:
        super().__post_init__()
        check_not_negative(mixing=self.mixing, path_length=self.path_length)
        if self.mixing > 1:
            raise ValueError(f"mixing is a share of the images, from 0 to 1, not {self.mixing}")
        check_count(path_every=self.path_every)

    def check(self, data: dict[str, np.ndarray], batch_size: int) -> dict[str, np.ndarray]:
        self.layers = style_layers(self.generator)
        return super().check(data, batch_size)

    def build(self) -> None:
        super().build()
        generator = self.networks["generator"]
        self._mapping, self._synthesis = mapping_network(generator), synthesis_network(generator)
        self._mean_length = tf.Variable(0.0, trainable=False)

    @property
    def variables(self) -> dict[str, tf.Variable]:
        return {**super().variables, "mean_path_length": self._mean_length}

    def generate(self, batch: Batch) -> tf.Tensor:
        if not self.mixing:
            return super().generate(batch)
        styles, others = (call(self._mapping, batch[name], batch)[0] for name in ("noise", "other_noise"))
        # Above 1 - mixing the number is spread over the places between two layers.
        share = (batch["cut"] - (1 - self.mixing)) / self.mixing
        cuts = tf.where(share < 0, self.layers, 1 + tf.cast(share * (self.layers - 1), tf.int32))
        first = tf.range(self.layers)[None] < cuts[:, None]
        mixed = tf.where(first[:, :, None], styles[:, None], others[:, None])
        return self._synthesis([mixed, batch["noise"]], training=True)

    def losses(self, batch: Batch, step: tf.Tensor) -> tuple[Batch, Batch]:
        losses, metrics = super().losses(batch, step)
        if self.path_length:
            due = step % self.path_every == 0
            mean = tf.identity(self._mean_length)
            penalty, metrics["path_length"] = tf.cond(due, lambda: self._path_penalty(batch, mean), lambda: (0.0, mean))
            losses["generator"] += penalty
        return losses, metrics

    def _path_penalty(self, batch: Batch, mean: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        styles = tf.cast(call(self._mapping, batch["noise"], batch)[0], tf.float32)

        def synthesis(styles: tf.Tensor) -> tf.Tensor:
            return self._synthesis([tf.repeat(styles[:, None], self.layers, 1), batch["noise"]], training=True)

        lengths = path_lengths(synthesis, styles, batch["direction"])
        # Without a mean, the first time, nothing is asked for: a device knows its own rows' lengths alone.
        target = tf.where(mean > 0, mean, tf.stop_gradient(lengths))
        weight = self.path_length * self.path_every
        return weight * tf.reduce_mean(tf.square(lengths - target)), tf.reduce_mean(lengths)

    def random_inputs(self, random: RandomStreams) -> Batch:
        inputs = super().random_inputs(random)
        if self.mixing:
            inputs["other_noise"] = random.normal((self.noise_dim,), _OTHER_NOISE)
            inputs["cut"] = random.uniform((), _CUTS)
        if self.path_length:
            inputs["direction"] = random.normal(self.image_shape, _DIRECTIONS)
        return inputs

    def after_step(self, metrics: Mapping[str, tf.Tensor]) -> None:
        super().after_step(metrics)
        if self.path_length:  # between two penalties the metric is the mean itself
            mean, length = self._mean_length, metrics["path_length"]
            new = 1 - 0.99**self.path_every
            mean.assign(tf.where(mean > 0, mean + new * (length - mean), length))
