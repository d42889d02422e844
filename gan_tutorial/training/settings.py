"""The settings of a training run, and the checks of what goes into it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..losses import get_loss
from .disturb import AUGMENTATIONS

_NOT_NEGATIVE = (
    "generator_rate", "discriminator_rate", "half_rate_steps", "r1", "r2", "gradient_penalty", "clip_weights",
    "instance_noise", "auxiliary",
)  # fmt: skip

_FRACTIONS = (("label_smoothing", 0.5), ("ema", 1), ("beta_1", 1), ("beta_2", 1), ("augment_target", 1))


@dataclass(frozen=True)
class Settings:
    """What steers a training. The defaults suit 28×28 images on two cores.

    Attributes:
        steps: generator updates in all.
        batch_size: images a step, over all devices together.
        loss: name of a loss in `losses.LOSSES`, or a `losses.Loss`.
        generator_rate, discriminator_rate: learning rates of the two Adams, or
            `keras.optimizers.schedules`. The discriminator's is twice the
            generator's: two time scales (Heusel et al. 2017).
        half_rate_steps: rates given as numbers fall as 1 / (1 + step / this),
            so that after this many steps half is left: large steps early,
            small ones late. 0 keeps them constant.
        beta_1, beta_2: Adam's decay rates. Momentum (beta_1) fights yesterday's
            opponent, so there is none.
        discriminator_steps: discriminator updates a step.
        label_smoothing: one-sided, from 0 (none) to below 0.5.
        ema: decay of the averaged generator weights, 0 (no average) to below 1.
        r1, r2: weight γ of the zero-centred penalty γ/2 |∇D|² at real (R1) and
            at generated images (R2), Mescheder et al. 2018; 0 for none.
        gradient_penalty: weight of (|∇D| - 1)² between the two, Gulrajani et al. 2017.
        penalty_every: steps between two penalties, which then count that many
            times: "lazy" regularization, nearly as good and cheaper.
        clip_weights: bound of the discriminator's weights, Arjovsky et al. 2017; 0 for none.
        instance_noise: standard deviation of noise on all images that the
            discriminator sees; it falls as the rates do.
        augment: names of `disturb.AUGMENTATIONS`: DiffAugment, Zhao et al. 2020.
        augment_target: augment only as often as keeps the mean sign of the
            logits of real images here, such as 0.6 (Karras et al. 2020); 0 for always.
        auxiliary: weight of guessing labels or codes, for a discriminator that
            is built with conditioning="auxiliary".
        seed: of images' order and noise.
        steps_per_call: steps in one compiled call, between two reports.
    """

    steps: int = 3000
    batch_size: int = 32
    loss: Any = "non_saturating"
    generator_rate: Any = 1e-3
    discriminator_rate: Any = 2e-3
    half_rate_steps: int = 3000
    beta_1: float = 0.0
    beta_2: float = 0.99
    discriminator_steps: int = 1
    label_smoothing: float = 0.0
    ema: float = 0.999
    r1: float = 0.0
    r2: float = 0.0
    gradient_penalty: float = 0.0
    penalty_every: int = 1
    clip_weights: float = 0.0
    instance_noise: float = 0.0
    augment: tuple[str, ...] = ()
    augment_target: float = 0.0
    auxiliary: float = 1.0
    seed: int = 0
    steps_per_call: int = 20

    def __post_init__(self):
        for name in ("steps", "batch_size", "discriminator_steps", "steps_per_call", "penalty_every"):
            _check_count(name, getattr(self, name))
        for name, top in _FRACTIONS:
            if not 0 <= getattr(self, name) < top:
                raise ValueError(f"{name} must be at least 0 and below {top}, not {getattr(self, name)}")
        for name in _NOT_NEGATIVE:
            value = getattr(self, name)
            # A learning rate may be a schedule, too: those are callable.
            if not callable(value) and not 0 <= value < np.inf:
                raise ValueError(f"{name} must not be negative, not {value}")
        # JSON has lists only; a tuple keeps settings comparable.
        object.__setattr__(self, "augment", tuple(self.augment))
        for kind in self.augment:
            if kind not in AUGMENTATIONS:
                raise ValueError(f"no augmentation is called {kind!r}; choose from: {', '.join(AUGMENTATIONS)}")
        if self.augment_target and not self.augment:
            raise ValueError("augment_target says how often to augment, but augment names no augmentation")
        if self.label_smoothing and not get_loss(self.loss).has_targets:
            raise ValueError(f"the loss {self.loss} has no targets that label_smoothing could move: leave it at 0")
        get_loss(self.loss)


def _check_count(name, value):
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise ValueError(f"{name} must be a whole number, not {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, not {value}")


def check_images(images, batch_size):
    """Training images as a float32 array; ValueError says what is wrong with them."""
    images = np.asarray(images)
    if images.dtype.kind != "f":
        raise ValueError(
            f"images must be floats in [-1, 1], not {images.dtype}; "
            "8-bit pixels become so by `images.astype('float32') / 127.5 - 1`"
        )
    if images.ndim not in (2, 4):
        raise ValueError(
            f"images must have the shape (n, height, width, channels), or (n, 2) for points, not {images.shape}"
        )
    if len(images) < batch_size:
        raise ValueError(f"{len(images)} images are fewer than a batch of {batch_size}; choose a smaller batch_size")
    low, high = images.min(), images.max()
    if not np.isfinite(low + high):
        bad = np.flatnonzero(~np.isfinite(images).reshape(len(images), -1).all(1))
        raise ValueError(f"{len(bad)} images have values that are not finite (NaN); the first is number {bad[0]}")
    if low < -1.001 or high > 1.001:
        raise ValueError(
            f"images must lie in [-1, 1], the range of tanh, but lie in [{low:.4g}, {high:.4g}]; "
            "pixels 0...255 become so by `images / 127.5 - 1`"
        )
    return images.astype(np.float32, copy=False)


def check_labels(labels, n, num_classes):
    """Labels as an int32 array (n,); ValueError says what is wrong with them."""
    labels = np.asarray(labels)
    if labels.shape != (n,):
        raise ValueError(f"labels must have the shape ({n},), one for each image, not {labels.shape}")
    if labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be integers, not {labels.dtype}")
    if n and not 0 <= labels.min() <= labels.max() < num_classes:
        bad = labels[(labels < 0) | (labels >= num_classes)][0]
        raise ValueError(f"label {bad} is out of range: the model knows the labels 0 to {num_classes - 1}")
    return labels.astype(np.int32, copy=False)


def check_attributes(attributes, n, width):
    """Continuous conditions as a float32 array (n, width); ValueError says what is wrong."""
    attributes = np.asarray(attributes, np.float32)
    attributes = attributes[:, np.newaxis] if attributes.ndim == 1 else attributes
    if attributes.shape != (n, width):
        raise ValueError(f"attributes must have the shape ({n}, {width}), a row for each image, not {attributes.shape}")
    if not np.isfinite(attributes).all():
        raise ValueError("attributes must be finite numbers, but some are NaN or infinite")
    return attributes


def check_models(generator, discriminator, image_shape):
    """ValueError unless generator, discriminator and images fit together."""
    made, judged = generator.output_shape[1:], discriminator.inputs[0].shape[1:]
    if tuple(made) != tuple(image_shape):
        raise ValueError(f"the generator makes images of shape {made}, but the data has {tuple(image_shape)}")
    if tuple(judged) != tuple(image_shape):
        raise ValueError(f"the discriminator takes images of shape {judged}, but the data has {tuple(image_shape)}")


def num_classes_of(model):
    """Number of labels that a conditional model knows; None for an unconditional one."""
    names = [tensor.name for tensor in model.inputs]
    return model.get_layer("label_embedding").input_dim if "label" in names else None


def num_attributes_of(model):
    """Number of continuous conditions of a model."""
    return {tensor.name: tensor.shape[-1] for tensor in model.inputs}.get("attributes", 0)


def codes_of(generator, discriminator, num_arrays):
    """(labels, attributes) that an InfoGAN has to draw: its generator takes them, no data brings them, and its
    discriminator guesses them. None for every other GAN."""
    if num_arrays > 1 or len(generator.inputs) == 1 or len(discriminator.outputs) == 1:
        return None
    return num_classes_of(generator) or 0, num_attributes_of(generator)
