"""GAN, conditional GAN, AC-GAN and InfoGAN: one step for all, told apart by what the networks take and return."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ...data.conditions import Condition
from ...losses import Loss, cross_entropy, get_loss, label_error, overlap, range_error
from ...models import interface
from ...models.interface import call
from ..augmentation import AUGMENTATIONS, NUMBERS, adapted, augment
from ..contract import check_networks
from ..gradient_penalties import gradient_penalty, zero_centred_gradient_penalty
from ..mismatch import mismatch_inputs, with_one_wrong
from ..options import check_below, check_count, check_not_negative
from ..random_streams import RandomStreams
from .base import Batch, Player, Step

# Numbers that keep the random streams apart; the noise has 0, mismatch 4_000_003.
_AUGMENTATION, _INSTANCE_NOISE, _CODES = 1_000_003, 2_000_003, 3_000_003

#: A logit this far on its right side leaves less than 1 % of the gradient: sigmoid(-4.6) = 0.01.
_SATURATED = 4.6


@dataclass(eq=False)
class GANStep(Step):
    """The adversarial game of Goodfellow et al. 2014, with labels (Mirza & Osindero 2014) if the networks take them.

    A discriminator built with conditioning="auxiliary" guesses the labels instead (AC-GAN, Odena et al. 2017). If the
    data has none of the conditions that the generator takes, they are codes, drawn at random for the discriminator to
    guess (InfoGAN, Chen et al. 2016).

    Args:
        generator, discriminator: Keras models that follow `models.interface`.
        loss: adversarial loss, by name; in Python also a `Loss` of your own.
        generator_learning_rate: of the generator's Adam; in Python also a `keras.optimizers.schedules` object.
        discriminator_learning_rate: of the discriminator's Adam; the default is twice that of the generator: two time scales
            (Heusel et al. 2017). A schedule counts updates, `discriminator_steps` per step.
        decay_steps: learning rates given as numbers fall as 1 / (1 + step / decay_steps): large steps early, small
            ones late. 0 keeps them constant.
        beta_1: Adam's momentum. It fights yesterday's opponent, so there is none.
        beta_2: Adam's decay of the squared gradients.
        generator_optimizer: a Keras optimizer to use instead of that Adam.
        discriminator_optimizer: a Keras optimizer to use instead of that Adam.
        discriminator_steps: discriminator updates per step.
        label_smoothing: one-sided, from 0 (none) to below 0.5.
        r1: weight γ of the zero-centred penalty γ/2 |∇D|² at real images, Mescheder et al. 2018.
        r2: weight γ of the same penalty at generated images.
        gradient_penalty: weight of (|∇D| - 1)² between the two, Gulrajani et al. 2017.
        penalty: a penalty of your own: callable, (critic, real, fake) to (b,), where critic maps images to logits;
            added to the discriminator's loss.
        penalty_every: steps between two penalties, which then count that many times: "lazy" regularization, nearly as
            good and cheaper.
        clip_weights: bound of the discriminator's weights, Arjovsky et al. 2017; 0 for none.
        instance_noise: standard deviation of noise on all images that the discriminator sees; with decay_steps it
            falls as 1 / (1 + step / decay_steps).
        augment: names of augmentations (colour, translation, cutout): DiffAugment, Zhao et al. 2020.
        augment_target: augment only as often as keeps the mean sign of the logits of real images here, such as 0.6
            (Karras et al. 2020); 0 for always.
        auxiliary_weight: weight of guessing labels or codes, for an auxiliary discriminator.
        mismatch: weight of real images that are shown with one wrong condition, for the discriminator to reject; 0 for none.
            At 1 they count as much as generated images, and real images twice as much as either (Reed et al. 2016).
        orthogonal: weight of the squared products of different filters of the generator (Brock et al. 2019, equation 3).
    """

    generator: keras.Model
    discriminator: keras.Model
    _: KW_ONLY
    loss: str | Loss = "non_saturating"
    generator_learning_rate: Any = 1e-3
    discriminator_learning_rate: Any = 2e-3
    decay_steps: int = 3000
    beta_1: float = 0.0
    beta_2: float = 0.99
    generator_optimizer: keras.optimizers.Optimizer | None = None
    discriminator_optimizer: keras.optimizers.Optimizer | None = None
    discriminator_steps: int = 1
    label_smoothing: float = 0.0
    r1: float = 0.0
    r2: float = 0.0
    gradient_penalty: float = 0.0
    penalty: Callable[..., tf.Tensor] | None = None
    penalty_every: int = 1
    clip_weights: float = 0.0
    instance_noise: float = 0.0
    augment: Sequence[str] = ()
    augment_target: float = 0.0
    auxiliary_weight: float = 1.0
    mismatch: float = 0.0
    orthogonal: float = 0.0

    def __post_init__(self) -> None:
        self._check_options()
        self.game = get_loss(self.loss)
        # What alerts know of logits holds for the cross-entropy alone.
        self.logits_are_log_odds = self.game.discriminator is cross_entropy
        self.codes: dict[str, Condition] = {}
        self.conditions: tuple[str, ...] = ()
        self.known: dict[str, Condition] = {}
        self.seen: dict[str, Condition] = {}
        self.networks = {"generator": self.generator, "discriminator": self.discriminator}
        self.players = {
            "discriminator": Player(
                ("discriminator",),
                self.discriminator_optimizer or self._adam(self.discriminator_learning_rate),
                updates=self.discriminator_steps,
                after_update=self._clip if self.clip_weights else None,
            ),
            "generator": Player(("generator",), self.generator_optimizer or self._adam(self.generator_learning_rate)),
        }

    def losses(self, batch: Batch, step: tf.Tensor) -> tuple[Batch, Batch]:
        images, fakes = batch["image"], self.generate(batch)
        both = self._disturb(tf.concat([images, tf.cast(fakes, images.dtype)], 0), batch, step)
        # Each half on its own: the gradient of the generator's loss then passes the discriminator with generated images only.
        halves = [self._body(half, training=True) for half in tf.split(both, 2)]
        (real, real_error), (fake, fake_error) = (self._judge(half, batch) for half in halves)

        d_loss = tf.reduce_mean(self.game.discriminator(real, fake, self.label_smoothing))
        g_loss = tf.reduce_mean(self.game.generator(real, fake))
        metrics = {
            "discriminator_loss": d_loss,
            "generator_loss": g_loss,
            **logit_metrics(real, fake, self.game.border),
            "auxiliary_loss": fake_error,
            "augmentation_probability": tf.identity(self.variables["augmentation"]),
        }
        g_loss += self.auxiliary_weight * fake_error
        # Codes that were drawn belong to generated images alone.
        d_loss += self.auxiliary_weight * (fake_error if self.codes else real_error + fake_error)
        if self.mismatch:
            metrics["mismatch_loss"] = self._mismatch_loss(halves[0], real, batch)
            d_loss += self.mismatch * metrics["mismatch_loss"]
        if self.orthogonal:
            g_loss += self.orthogonal * overlap(self.weights_of("generator"))
        if self.r1 or self.r2 or self.gradient_penalty or self.penalty:
            d_loss += self._penalties(both, batch, step)
        return {"discriminator": d_loss, "generator": g_loss}, metrics

    def generate(self, batch: Batch) -> tf.Tensor:
        """Images of the batch's noise and conditions."""
        return call(self.networks["generator"], batch["noise"], batch)[0]

    def _judge(self, features: tf.Tensor, batch: Batch) -> tuple[tf.Tensor, tf.Tensor]:
        """Logits of images, by their features, and the mean error of the conditions that are guessed from them."""
        logits, *guesses = call(self._head, features, batch)
        return tf.cast(logits, tf.float32), tf.reduce_mean(auxiliary_error(guesses, batch, self.known, features))

    def _mismatch_loss(self, features: tf.Tensor, real: tf.Tensor, batch: Batch) -> tf.Tensor:
        """The discriminator's loss if real images, by their features, with one wrong condition stand for generated ones."""
        logits, _ = self._judge(features, {**batch, **with_one_wrong(batch, self.seen)})
        return tf.reduce_mean(self.game.discriminator(real, logits, self.label_smoothing))

    def _disturb(self, both: tf.Tensor, batch: Batch, step: tf.Tensor) -> tf.Tensor:
        """What the discriminator is shown instead of the images: augmented, and with instance noise."""
        if self.augment:
            both = augment(both, batch["augmentation"], self.augment, batch.get("probability"))
        if self.instance_noise:
            level = self.instance_noise
            if self.decay_steps:
                level = level / (1 + tf.cast(step, tf.float32) / self.decay_steps)
            both += level * batch["instance_noise"]
        return both

    def _penalties(self, both: tf.Tensor, batch: Batch, step: tf.Tensor) -> tf.Tensor:
        """The mean of all penalties, taken at every `penalty_every`-th step and then that many times."""
        real, fake = tf.split(tf.stop_gradient(both), 2)

        def critic(images: tf.Tensor) -> tf.Tensor:
            return call(self.networks["discriminator"], images, batch)[0]

        def take() -> tf.Tensor:
            total = tf.zeros(len(real))
            if self.r1:
                total += self.r1 / 2 * zero_centred_gradient_penalty(critic, real)
            if self.r2:
                total += self.r2 / 2 * zero_centred_gradient_penalty(critic, fake)
            if self.gradient_penalty:
                total += self.gradient_penalty * gradient_penalty(critic, real, fake, batch["mix"])
            if self.penalty:
                total += self.penalty(critic, real, fake)
            return self.penalty_every * tf.reduce_mean(total)

        return take() if self.penalty_every == 1 else tf.cond(step % self.penalty_every == 0, take, lambda: 0.0)

    def random_inputs(self, random: RandomStreams) -> Batch:
        inputs = {"noise": random.normal((self.noise_dim,))}
        for number, code in enumerate(self.codes.values()):
            stream = _CODES + 1_000 * number
            if code.is_range:
                inputs[code.name] = code.low + (code.high - code.low) * random.uniform((), stream)
            else:
                inputs[code.name] = random.integers(len(code.categories), stream)
        if self.mismatch:
            inputs |= mismatch_inputs(random, self.seen)
        if self.augment:
            inputs["augmentation"] = random.uniform((NUMBERS,), _AUGMENTATION, pairs=True)
            if self.augment_target:
                inputs["probability"] = tf.identity(self.variables["augmentation"])
        if self.gradient_penalty:
            mix = random.uniform((NUMBERS + 1,), _AUGMENTATION, pairs=True)
            inputs["mix"] = mix[: len(mix) // 2, NUMBERS]
        if self.instance_noise:
            inputs["instance_noise"] = random.normal(self.image_shape, _INSTANCE_NOISE, pairs=True)
        return inputs

    def after_step(self, metrics: Mapping[str, tf.Tensor]) -> None:
        if self.augment_target:
            probability = self.variables["augmentation"]
            probability.assign(adapted(probability, metrics["real_sign"], self.augment_target, self.batch_size))

    @property
    def variables(self) -> dict[str, tf.Variable]:
        return {"augmentation": self._augmentation}

    def build(self) -> None:
        self._body, self._head = interface.body_and_head(self.networks["discriminator"])
        # Without a target, augmentation is certain.
        self._augmentation = tf.Variable(float(bool(self.augment and not self.augment_target)), trainable=False)

    def check(self, data: dict[str, np.ndarray], batch_size: int) -> dict[str, np.ndarray]:
        data, self.conditions, codes = check_networks(self.generator, self.discriminator, data, batch_size)
        self.known = interface.conditions(self.generator)
        self.codes = self.known if codes else {}
        taken = interface.input_names(self.discriminator)[1:]
        self.seen = {name: condition for name, condition in self.known.items() if name in taken}
        if self.mismatch and not self.seen:
            raise ValueError("mismatch shows the discriminator wrong conditions, but it takes none: leave it at 0")
        self.image_shape, self.batch_size = data["image"].shape[1:], batch_size
        self.noise_dim = interface.latent_dim(self.generator)
        return data

    def _check_options(self) -> None:
        check_count(discriminator_steps=self.discriminator_steps, penalty_every=self.penalty_every)
        check_below(0.5, label_smoothing=self.label_smoothing)
        check_below(1, beta_1=self.beta_1, beta_2=self.beta_2, augment_target=self.augment_target)
        not_negative = (
            "generator_learning_rate discriminator_learning_rate decay_steps r1 r2 gradient_penalty clip_weights "
            "instance_noise auxiliary_weight mismatch orthogonal"
        )
        check_not_negative(**{name: getattr(self, name) for name in not_negative.split()})
        self.augment = tuple(self.augment)
        for kind in self.augment:
            if kind not in AUGMENTATIONS:
                raise ValueError(f"no augmentation is called {kind!r}; choose from: {', '.join(AUGMENTATIONS)}")
        if self.augment_target and not self.augment:
            raise ValueError("augment_target says how often to augment, but augment names no augmentation")
        if self.label_smoothing and not get_loss(self.loss).has_targets:
            raise ValueError(f"the loss {self.loss} has no targets that label_smoothing could move: leave it at 0")

    def _adam(self, learning_rate: Any) -> keras.optimizers.Optimizer:
        if self.decay_steps and isinstance(learning_rate, int | float):
            learning_rate = keras.optimizers.schedules.InverseTimeDecay(learning_rate, self.decay_steps, 1.0)
        return keras.optimizers.Adam(learning_rate, self.beta_1, self.beta_2)

    def _clip(self) -> None:
        for weight in self.weights_of("discriminator"):
            weight.assign(tf.clip_by_value(weight, -self.clip_weights, self.clip_weights))


def logit_metrics(real: tf.Tensor, fake: tf.Tensor, border: float = 0.0) -> Batch:
    """What the logits of real and of generated images tell: means, accuracy, saturation, sign.

    discriminator_accuracy: share of images on the right side of the border; 0.5 is guessing. saturation: share of which the
    discriminator is so sure that less than 1 % of the cross-entropy's gradient is left. real_sign: mean sign of real logits
    beyond the border; near 1 for long, it knows the training images by heart.
    """

    def share(condition: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(tf.cast(condition, tf.float32))

    return {
        "real_logit": tf.reduce_mean(real),
        "fake_logit": tf.reduce_mean(fake),
        "discriminator_accuracy": (share(real > border) + share(fake < border)) / 2,
        "saturation": (share(real > _SATURATED) + share(fake < -_SATURATED)) / 2,
        "real_sign": tf.reduce_mean(tf.sign(real - border)),
    }


def auxiliary_error(
    guesses: list[tf.Tensor], values: Mapping[str, tf.Tensor], conditions: Mapping[str, Condition], images: tf.Tensor
) -> tf.Tensor:
    """How wrong an auxiliary discriminator's guesses of the conditions are, (b,); zeros if it guesses nothing."""
    error = tf.zeros(len(images))
    for guess, (name, condition) in zip(guesses, conditions.items()):
        guess, target = tf.cast(guess, tf.float32), values[name]
        if condition.is_range:
            error += range_error(guess[:, 0], (target - condition.low) / (condition.high - condition.low))
        else:
            error += label_error(guess, target)
    return error
