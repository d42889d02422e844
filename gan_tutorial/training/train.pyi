# Written by tools/make_stubs.py from the signatures of train.py at run time: change those, not this file.
# fmt: off
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from ..losses import Loss
from .distribution import Runtime
from .reports import Result
from .trainer import Callback

def train(
    generator: keras.Model, discriminator: keras.Model, data: Any, *, loss: str | Loss = "non_saturating",
    generator_learning_rate: Any = 0.001, discriminator_learning_rate: Any = 0.002, decay_steps: int = 3000,
    beta_1: float = 0.0, beta_2: float = 0.99, generator_optimizer: keras.optimizers.Optimizer | None = None,
    discriminator_optimizer: keras.optimizers.Optimizer | None = None, discriminator_steps: int = 1,
    label_smoothing: float = 0.0, r1: float = 0.0, r2: float = 0.0, gradient_penalty: float = 0.0,
    penalty: Callable[..., tf.Tensor] | None = None, penalty_every: int = 1, clip_weights: float = 0.0,
    instance_noise: float = 0.0, augment: Sequence[str] = (), augment_target: float = 0.0,
    auxiliary_weight: float = 1.0, mismatch: float = 0.0, orthogonal: float = 0.0, steps: int = 3000,
    batch_size: int = 32, seed: int = 0, ema: float = 0.999, steps_per_call: int = 20, runtime: Runtime | None = None,
    checkpoints: str | Path | None = None, checkpoint_every: int = 500, keep: int = 3, resume: bool = False,
    callbacks: Iterable[Callback] = (), progress: bool = True,
) -> Result: ...

def train_cgan(
    generator: keras.Model, discriminator: keras.Model, data: Any, labels: Any = None,
    conditions: Mapping[str, Any] | None = None, *, loss: str | Loss = "non_saturating",
    generator_learning_rate: Any = 0.001, discriminator_learning_rate: Any = 0.002, decay_steps: int = 3000,
    beta_1: float = 0.0, beta_2: float = 0.99, generator_optimizer: keras.optimizers.Optimizer | None = None,
    discriminator_optimizer: keras.optimizers.Optimizer | None = None, discriminator_steps: int = 1,
    label_smoothing: float = 0.0, r1: float = 0.0, r2: float = 0.0, gradient_penalty: float = 0.0,
    penalty: Callable[..., tf.Tensor] | None = None, penalty_every: int = 1, clip_weights: float = 0.0,
    instance_noise: float = 0.0, augment: Sequence[str] = (), augment_target: float = 0.0,
    auxiliary_weight: float = 1.0, mismatch: float = 0.0, orthogonal: float = 0.0, steps: int = 3000,
    batch_size: int = 32, seed: int = 0, ema: float = 0.999, steps_per_call: int = 20, runtime: Runtime | None = None,
    checkpoints: str | Path | None = None, checkpoint_every: int = 500, keep: int = 3, resume: bool = False,
    callbacks: Iterable[Callback] = (), progress: bool = True,
) -> Result: ...

def train_style_gan(
    generator: keras.Model, discriminator: keras.Model, data: Any, labels: Any = None,
    conditions: Mapping[str, Any] | None = None, *, loss: str | Loss = "non_saturating",
    generator_learning_rate: Any = 0.001, discriminator_learning_rate: Any = 0.002, decay_steps: int = 3000,
    beta_1: float = 0.0, beta_2: float = 0.99, generator_optimizer: keras.optimizers.Optimizer | None = None,
    discriminator_optimizer: keras.optimizers.Optimizer | None = None, discriminator_steps: int = 1,
    label_smoothing: float = 0.0, r1: float = 0.0, r2: float = 0.0, gradient_penalty: float = 0.0,
    penalty: Callable[..., tf.Tensor] | None = None, penalty_every: int = 1, clip_weights: float = 0.0,
    instance_noise: float = 0.0, augment: Sequence[str] = (), augment_target: float = 0.0,
    auxiliary_weight: float = 1.0, mismatch: float = 0.0, orthogonal: float = 0.0, mixing: float = 0.0,
    path_length: float = 0.0, path_every: int = 8, steps: int = 3000, batch_size: int = 32, seed: int = 0,
    ema: float = 0.999, steps_per_call: int = 20, runtime: Runtime | None = None, checkpoints: str | Path | None = None,
    checkpoint_every: int = 500, keep: int = 3, resume: bool = False, callbacks: Iterable[Callback] = (),
    progress: bool = True,
) -> Result: ...

def train_vae(
    encoder: keras.Model, decoder: keras.Model, data: Any, *, batch_size: int = 64, learning_rate: Any = 0.001,
    kl_weight: float = 4.0, steps: int = 3000, seed: int = 0, ema: float = 0.999, steps_per_call: int = 20,
    runtime: Runtime | None = None, checkpoints: str | Path | None = None, checkpoint_every: int = 500, keep: int = 3,
    resume: bool = False, callbacks: Iterable[Callback] = (), progress: bool = True,
) -> Result: ...

def train_vae_gan(
    encoder: keras.Model, decoder: keras.Model, discriminator: keras.Model, data: Any, *, batch_size: int = 64,
    learning_rate: Any = 0.001, feature_matching_weight: float = 2.0, kl_weight: float = 16.0, steps: int = 3000,
    seed: int = 0, ema: float = 0.999, steps_per_call: int = 20, runtime: Runtime | None = None,
    checkpoints: str | Path | None = None, checkpoint_every: int = 500, keep: int = 3, resume: bool = False,
    callbacks: Iterable[Callback] = (), progress: bool = True,
) -> Result: ...

def train_pix2pix(
    generator: keras.Model, discriminator: keras.Model, pictures: Any, images: Any = None, *, batch_size: int = 16,
    learning_rate: Any = 0.001, l1_weight: float = 10.0, adversarial_weight: float = 1.0, steps: int = 3000,
    seed: int = 0, ema: float = 0.999, steps_per_call: int = 20, runtime: Runtime | None = None,
    checkpoints: str | Path | None = None, checkpoint_every: int = 500, keep: int = 3, resume: bool = False,
    callbacks: Iterable[Callback] = (), progress: bool = True,
) -> Result: ...

def train_cyclegan(
    generator: keras.Model, back_generator: keras.Model, discriminator: keras.Model, back_discriminator: keras.Model,
    pictures: Any, images: Any = None, *, batch_size: int = 8, learning_rate: Any = 0.001, beta_1: float = 0.5,
    cycle_weight: float = 10.0, identity_weight: float = 5.0, history: int = 50, loss: str = "least_squares",
    steps: int = 3000, seed: int = 0, ema: float = 0.999, steps_per_call: int = 20, runtime: Runtime | None = None,
    checkpoints: str | Path | None = None, checkpoint_every: int = 500, keep: int = 3, resume: bool = False,
    callbacks: Iterable[Callback] = (), progress: bool = True,
) -> Result: ...
