"""Where and how the computing is done: devices, distribution, precision, XLA.

Nothing here is needed on a laptop. With one GPU, or several, the same calls use them: `Runtime()` looks at what there
is.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import keras
import tensorflow as tf

from ..models.interface import is_static


@dataclass(frozen=True)
class Runtime:
    """How to run a training; None means "as suits this machine".

    Attributes:
        devices: names such as ["GPU:0", "GPU:1"]; None for all GPUs, or the CPU when there is none.
        xla: compile the gradients with XLA; None for yes on a single GPU. (On CPUs it slows convolutions down; with
            several replicas the synchronized batch statistics cannot be compiled.)
        mixed_precision: compute in bfloat16, keep weights in float32; None for yes on GPUs that have bfloat16 units.

    Example:
        >>> import gan_tutorial as gt
        >>> gt.Runtime(devices=("CPU:0",), xla=False).strategy().num_replicas_in_sync
        1
    """

    devices: tuple[str, ...] | None = None
    xla: bool | None = None
    mixed_precision: bool | None = None

    def strategy(self) -> tf.distribute.Strategy:
        """The tf.distribute strategy: the default one, or a mirror on each device."""
        known = [device.name.removeprefix("/device:") for device in tf.config.list_logical_devices()]
        if unknown := [name for name in self.devices or () if name not in known]:
            raise ValueError(f"there is no device {unknown[0]!r} here; there are: {', '.join(known)}")
        devices = self.devices or [gpu.name.removeprefix("/physical_device:") for gpu in gpus()]
        if len(devices) > 1:
            return _mirror(tuple(devices))
        if self.devices:
            return tf.distribute.OneDeviceStrategy(devices[0])
        return tf.distribute.get_strategy()

    def use_xla(self, strategy: tf.distribute.Strategy) -> bool:
        """Whether to compile the gradients with XLA."""
        if self.xla is None:
            return self._on_gpus() and strategy.num_replicas_in_sync == 1
        if self.xla and strategy.num_replicas_in_sync > 1:
            raise ValueError("XLA is possible on one device only: choose xla=False, or a single device")
        return self.xla

    def use_mixed_precision(self, *models: keras.Model) -> bool:
        """Whether to compute in bfloat16; unasked only where models can be copied."""
        if self.mixed_precision is not None:
            return self.mixed_precision
        return self._on_gpus() and all(map(_has_bfloat16, gpus())) and all(map(is_static, models))

    def _on_gpus(self) -> bool:
        return bool(gpus()) and all("GPU" in name for name in self.devices or ())


@functools.cache
def _mirror(devices: tuple[str, ...]) -> tf.distribute.Strategy:
    # One for each set of devices: a second one would number its exchanges from
    # the start again, and TensorFlow would take them for those of the first.
    return tf.distribute.MirroredStrategy(list(devices))


def gpus() -> list:
    """The GPUs that TensorFlow can use."""
    return tf.config.list_physical_devices("GPU")


def _has_bfloat16(gpu: object) -> bool:
    # Compute capability 8 (Ampere) brought bfloat16 units.
    capability = tf.config.experimental.get_device_details(gpu).get("compute_capability", (0, 0))
    return capability >= (8, 0)


def replica_mean(value: tf.Tensor) -> tf.Tensor:
    """The mean of a value over all devices, inside a step; gradients pass through."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return value
    return context.all_reduce(tf.distribute.ReduceOp.MEAN, value)


def replica_sum(value: tf.Tensor) -> tf.Tensor:
    """The sum of a value over all devices, inside a step."""
    return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, value)


def check_divisible(batch_size: int, strategy: tf.distribute.Strategy) -> None:
    """ValueError unless every device gets the same number of examples."""
    replicas = strategy.num_replicas_in_sync
    if batch_size % replicas:
        raise ValueError(f"batch_size {batch_size} cannot be shared among {replicas} devices: choose a multiple")


def place(model: keras.Model, strategy: tf.distribute.Strategy, mixed_precision: bool = False) -> keras.Model:
    """The model, or a copy with the same weights, ready for a strategy and precision.

    Variables have to be created under the strategy that trains them; batch normalization must then average over all
    replicas, so that n devices follow the trajectory of one. Output layers stay in float32. A subclassed model cannot
    be taken apart: ValueError says so.
    """
    if strategy is tf.distribute.get_strategy() and not mixed_precision:
        return model
    if not is_static(model):
        raise ValueError(
            f"the model {model.name} is subclassed, so it cannot be copied to several devices or to bfloat16: "
            "build it as a functional model, or name no device and leave mixed_precision out"
        )
    outputs = {tensor._keras_history.operation.name for tensor in model.outputs}

    def adapt(layer: keras.layers.Layer, half: bool = mixed_precision) -> keras.layers.Layer:
        half = half and layer.name not in outputs
        if isinstance(layer, keras.Model) and is_static(layer):
            return keras.models.clone_model(layer, clone_function=lambda inner: adapt(inner, half))
        config = layer.get_config()
        if isinstance(layer, keras.layers.BatchNormalization):
            config["synchronized"] = strategy.num_replicas_in_sync > 1
        if half:
            config["dtype"] = "mixed_bfloat16"
        return type(layer).from_config(config)

    with strategy.scope():
        placed = keras.models.clone_model(model, clone_function=adapt)
        placed.set_weights(model.get_weights())
    return placed


def is_constant(optimizer: keras.optimizers.Optimizer) -> bool:
    """Whether an optimizer's learning rate is a number rather than a schedule."""
    return isinstance(optimizer._learning_rate, keras.Variable)


def fresh_optimizer(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """An optimizer with the same settings and no memory, to be made under the strategy that uses it."""
    rate = optimizer._learning_rate
    if is_constant(optimizer):
        return type(optimizer).from_config(optimizer.get_config())
    # A schedule is handed over as it is: one of your own need not be registered with Keras, nor have a config.
    optimizer._learning_rate = None
    try:
        config = optimizer.get_config()
    finally:
        optimizer._learning_rate = rate
    return type(optimizer).from_config({**config, "learning_rate": rate})
