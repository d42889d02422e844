"""CycleGAN: from one set of pictures to another, learnt without pairs."""

from __future__ import annotations

import dataclasses
from dataclasses import KW_ONLY, dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ...data.validation import check_images
from ...losses import cross_entropy, get_loss
from ...models import interface
from ..contract import check_discriminator
from ..options import check_below, check_count, check_not_negative
from ..random_streams import RandomStreams
from .base import Batch, Player, Step
from .gan import logit_metrics

#: Keeps the history's random numbers apart from the order of the data.
_HISTORY = 5_000_003
_SIDES = ("image", "picture")
_GENERATORS, _DISCRIMINATORS = ("generator", "back_generator"), ("discriminator", "back_discriminator")


@dataclass(eq=False)
class CycleGANStep(Step):
    """CycleGAN, Zhu et al. 2017, equations 2 and 3 with the least squares of section 4, and the identity loss of section 5.2.

    The data has two sets, "picture" and "image". No term of the loss compares a picture with an image: which of them lie
    at the same place, or in the same batch, does not matter.

    Args:
        generator, back_generator: from pictures to images, and back; without noise, and without batch normalization,
            which would mix real with generated images.
        discriminator, back_discriminator: of single images, and of single pictures.
        learning_rate: of both Adams, a number or a `keras.optimizers.schedules` object.
        beta_1: Adam's momentum.
        cycle_weight: weight λ of the mean absolute difference between a picture and what comes back. The package's least
            squares are half of the paper's for generators, so the paper's λ of 10 is 5 here.
        identity_weight: weight of the mean absolute difference that a generator makes to what is of its target set
            already; the paper's is half of `cycle_weight`.
        history: how many generated images the discriminator is shown again (Shrivastava et al. 2017), rounded up to whole
            batches; 0 for none.
        loss: adversarial loss, by name.
    """

    generator: keras.Model
    back_generator: keras.Model
    discriminator: keras.Model
    back_discriminator: keras.Model
    _: KW_ONLY
    learning_rate: Any = 1e-3
    beta_1: float = 0.5
    cycle_weight: float = 10.0
    identity_weight: float = 5.0
    history: int = 50
    loss: str = "least_squares"

    averaged = _GENERATORS

    def __post_init__(self) -> None:
        check_below(1, beta_1=self.beta_1)
        check_not_negative(
            learning_rate=self.learning_rate, cycle_weight=self.cycle_weight, identity_weight=self.identity_weight
        )
        if self.history:
            check_count(history=self.history)
        self.game = get_loss(self.loss)
        self.logits_are_log_odds = self.game.discriminator is cross_entropy
        self.networks = {name: getattr(self, name) for name in (*_GENERATORS, *_DISCRIMINATORS)}
        sides = {"discriminators": _DISCRIMINATORS, "generators": _GENERATORS}
        self.players = {
            name: Player(networks, keras.optimizers.Adam(self.learning_rate, self.beta_1, 0.99))
            for name, networks in sides.items()
        }

    def build(self) -> None:
        def blank(size: int) -> tf.Variable:
            # Every device sets it to the same, so that any of them will do.
            one = tf.VariableAggregation.ONLY_FIRST_REPLICA
            return tf.Variable(tf.zeros([size, *self.shape]), trainable=False, aggregation=one)

        size = -(-self.history // self.batch_size) * self.batch_size
        self._kept = {side: blank(size) for side in _SIDES} if size else {}
        self._next = {side: blank(size) for side in self._kept}

    @property
    def variables(self) -> dict[str, tf.Variable]:
        return {f"{side}_history": kept for side, kept in self._kept.items()}

    def losses(self, batch: Batch, step: tf.Tensor) -> tuple[Batch, Batch]:
        x, y = batch["picture"], batch["image"]
        G, F, D_Y, D_X = (self.networks[name] for name in (*_GENERATORS, *_DISCRIMINATORS))  # the paper's names
        # Images of both sets pass a generator as one batch: its normalization does not mix them.
        fake_y, same_y = tf.split(G(tf.concat([x, y], 0), training=True), 2)
        fake_x, same_x = tf.split(F(tf.concat([y, x], 0), training=True), 2)
        cycle_loss = _distance(F(fake_y, training=True), x) + _distance(G(fake_x, training=True), y)
        identity_loss = _distance(same_y, y) + _distance(same_x, x)

        d_loss, g_loss, logits = tf.constant(0.0), tf.constant(0.0), []
        for side, discriminator, real, fake in (("image", D_Y, y, fake_y), ("picture", D_X, x, fake_x)):
            # The generator is judged by what it makes now, the discriminator also learns from what it made before.
            shown = self._from_history(side, tf.stop_gradient(fake), batch, step)
            real, now, before = tf.split(discriminator(tf.concat([real, fake, shown], 0), training=True), 3)
            d_loss += tf.reduce_mean(self.game.discriminator(real, before, 0.0))
            g_loss += tf.reduce_mean(self.game.generator(real, now))
            logits.append((real, now))
        regularizer = self.cycle_weight * cycle_loss + self.identity_weight * identity_loss
        metrics = {
            "cycle_loss": cycle_loss, "identity_loss": identity_loss, "discriminator_loss": d_loss,
            "generator_loss": g_loss, **logit_metrics(*logits[0], self.game.border),
        }  # fmt: skip
        return {"discriminators": d_loss, "generators": g_loss + regularizer}, metrics

    def _from_history(self, side: str, fakes: tf.Tensor, batch: Batch, step: tf.Tensor) -> tf.Tensor:
        """What the discriminator is shown: the new images, or, half of the time, earlier ones whose places they take.

        A place is visited at random, but all are before one is again; in the first round there is nothing to take.
        """
        if side not in self._kept:
            return fakes
        kept, context = self._kept[side], tf.distribute.get_replica_context()
        earlier = tf.gather(kept, batch["place"])
        first_round = step < kept.shape[0] // self.batch_size
        swap = tf.reshape(batch["swap"] < 0.5, [-1, 1, 1, 1])
        put = tf.where(swap | first_round, fakes, earlier)
        # `after_step` keeps it, unless the step fails. Each device has to hear what the others put in.
        places, put = (context.all_gather(tensor, 0) for tensor in (batch["place"], put))
        self._next[side].assign(tf.tensor_scatter_nd_update(kept, places[:, tf.newaxis], put))
        return tf.where(swap & ~first_round, earlier, fakes)

    def after_step(self, metrics: Any) -> None:
        for side, kept in self._kept.items():
            kept.assign(self._next[side])

    def random_inputs(self, random: RandomStreams) -> Batch:
        if not self._kept:
            return {}
        own = dataclasses.replace(random, seed=random.seed + _HISTORY)
        return {"place": own.shuffled_rows(self._kept["image"].shape[0]), "swap": own.uniform()}

    def check(self, data: dict[str, np.ndarray], batch_size: int) -> dict[str, np.ndarray]:
        if "picture" not in data:
            raise ValueError('CycleGAN learns from two sets: the data must have "picture" and "image"')
        sets = {side: check_images(data[side], batch_size) for side in _SIDES}
        shapes = {side: images.shape[1:] for side, images in sets.items()}
        if len(set(shapes.values())) > 1:
            raise ValueError(f"images of both sets must have the same shape, but they have {shapes}")
        self.shape, self.batch_size = shapes["image"], batch_size
        for name in _GENERATORS:
            network = self.networks[name]
            if len(interface.input_names(network)) > 1:
                raise ValueError(f"the {name} of a CycleGAN takes no noise: build it with noise_channels=0")
            if interface.has_batch_norm(network):
                raise ValueError(
                    f"the {name} has batch normalization, which would mix real and generated images: "
                    'build it with normalization="instance"'
                )
            if (made := interface.output_shape(network, sets["image"][:2], {})) != self.shape:
                raise ValueError(f"the {name} makes images of shape {made}, but the data has {self.shape}")
        for name in _DISCRIMINATORS:
            if len(interface.input_names(self.networks[name])) > 1:
                raise ValueError(f"the {name} of a CycleGAN sees single images: build it with pairs=False")
            check_discriminator(self.networks[name], self.shape, name)
        # Of sets of different sizes, the smaller one is gone through more often.
        longest = max(map(len, sets.values()))
        return {side: images[np.arange(longest) % len(images)] for side, images in sets.items()}


def _distance(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.abs(a - b))
