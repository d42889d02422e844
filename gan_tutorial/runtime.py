"""Where and how the computing is done: devices, distribution, precision, XLA.

Nothing here is needed on a laptop. With one GPU, or several, the same calls
use them: `Runtime()` looks at what there is.
"""

import functools
from dataclasses import dataclass

import keras
import tensorflow as tf


@dataclass(frozen=True)
class Runtime:
    """How to run a training; None means "as suits this machine".

    Attributes:
        devices: names such as ["GPU:0", "GPU:1"]; None for all GPUs, or the
            CPU when there is none.
        xla: compile the gradients with XLA; None for yes on a single GPU. (On
            CPUs it slows convolutions down; with several replicas the
            synchronized batch statistics cannot be compiled.)
        mixed_precision: compute in bfloat16, keep weights in float32; None for
            yes on GPUs that have bfloat16 units.
    """

    devices: tuple[str, ...] | None = None
    xla: bool | None = None
    mixed_precision: bool | None = None

    def strategy(self):
        """The tf.distribute strategy: the default one, or a mirror on each device."""
        devices = self.devices or [gpu.name.removeprefix("/physical_device:") for gpu in gpus()]
        if len(devices) > 1:
            return _mirror(tuple(devices))
        if self.devices:
            return tf.distribute.OneDeviceStrategy(devices[0])
        return tf.distribute.get_strategy()

    def use_xla(self, strategy):
        if self.xla is None:
            return bool(gpus()) and strategy.num_replicas_in_sync == 1
        if self.xla and strategy.num_replicas_in_sync > 1:
            raise ValueError("XLA is possible on one device only: choose xla=False, or a single device")
        return self.xla

    def use_mixed_precision(self):
        if self.mixed_precision is not None:
            return self.mixed_precision
        return bool(gpus()) and all(_has_bfloat16(gpu) for gpu in gpus())


@functools.cache
def _mirror(devices):
    # One for each set of devices: a second one would number its exchanges from
    # the start again, and TensorFlow would take them for those of the first.
    return tf.distribute.MirroredStrategy(list(devices))


def gpus():
    """The GPUs that TensorFlow can use."""
    return tf.config.list_physical_devices("GPU")


def _has_bfloat16(gpu):
    # Compute capability 8 (Ampere) brought bfloat16 units.
    capability = tf.config.experimental.get_device_details(gpu).get("compute_capability", (0, 0))
    return capability >= (8, 0)


def place(model, strategy, mixed_precision=False):
    """The model, or a copy with the same weights, ready for a strategy and precision.

    Variables have to be created under the strategy that trains them; batch
    normalization must then average over all replicas, so that n devices follow
    the trajectory of one. Output layers stay in float32.
    """
    if strategy.num_replicas_in_sync == 1 and not mixed_precision:
        return model
    outputs = {tensor._keras_history.operation.name for tensor in model.outputs}

    def adapt(layer):
        config = layer.get_config()
        if isinstance(layer, keras.layers.BatchNormalization):
            config["synchronized"] = strategy.num_replicas_in_sync > 1
        if mixed_precision and layer.name not in outputs:
            config["dtype"] = "mixed_bfloat16"
        return type(layer).from_config(config)

    with strategy.scope():
        copy = keras.models.clone_model(model, clone_function=adapt)
        copy.set_weights(model.get_weights())
    return copy
