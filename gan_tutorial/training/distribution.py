"""Where and how the computing is done: devices, distribution, precision, XLA.

Nothing here is needed on a laptop. With one GPU, with several, or on several machines, the same calls use them:
`Runtime()` looks at what there is.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

import keras
import tensorflow as tf

from ..models.interface import is_static

_LOST = (
    tf.errors.AbortedError, tf.errors.CancelledError, tf.errors.DeadlineExceededError,
    tf.errors.FailedPreconditionError, tf.errors.UnavailableError,
)  # fmt: skip


@dataclass(frozen=True)
class Runtime:
    """How to run a training; None means "as suits this machine".

    On several machines each process is a worker, with all GPUs that it sees. The environment variable TF_CONFIG names
    the workers, or Slurm does to what `srun` starts. The first one, the chief, writes all files.

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
        """The tf.distribute strategy: the default one, or a mirror on each device, of all workers if there are several.

        Raises ValueError for devices that are not here. Workers wait for each other here, so call this before TensorFlow
        computes anything: else they raise RuntimeError, and ConnectionError if they do not meet.
        """
        if cluster := _cluster():
            if self.devices:
                raise ValueError("workers use all devices they see: name none, or set CUDA_VISIBLE_DEVICES for each")
            return _meet(*cluster)
        known = [device.name.removeprefix("/device:") for device in tf.config.list_logical_devices()]
        if unknown := [name for name in self.devices or () if name not in known]:
            raise ValueError(f"there is no device {unknown[0]!r} here; there are: {', '.join(known)}")
        devices = self.devices or [gpu.name.removeprefix("/physical_device:") for gpu in gpus()]
        if len(devices) > 1:
            return _mirror(tuple(devices))
        if self.devices:
            return tf.distribute.OneDeviceStrategy(devices[0])
        return tf.distribute.get_strategy()

    def describe(self) -> str:
        """In one line, what is chosen and why; with several workers, call this before TensorFlow computes anything."""
        cluster, on_gpus = _cluster(), self._on_gpus()
        strategy, kind = self.strategy(), "GPU" if on_gpus else "CPU"
        count, half = strategy.num_replicas_in_sync, self.use_mixed_precision()
        why = "named" if self.devices else "all there are" if on_gpus else "TensorFlow sees no GPU"
        if cluster:
            why = f"{cluster[0]} names {len(cluster[1])} workers, this is number {cluster[2]}"
        shared = f"{count} {kind}s share each batch" if count > 1 else f"one {kind}"
        precision = "bfloat16" if half else "float32"
        precision += ", for which the GPU has units" if half and self.mixed_precision is None else ""
        return f"{shared} ({why}); {precision}; {'with' if self.use_xla(strategy) else 'without'} XLA"

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


def _cluster() -> tuple[str, tuple[str, ...], int] | None:
    """Who names the workers, their addresses, and the number of this one; None where a process trains by itself."""
    if "TF_CONFIG" in os.environ:
        given = tf.distribute.cluster_resolver.TFConfigClusterResolver()
        try:
            jobs, role, number = given.cluster_spec().as_dict(), given.task_type, given.task_id or 0
        except ValueError as error:
            raise ValueError(f"TF_CONFIG is not JSON that names workers: {error}") from error
        # Some platforms call the first worker "chief", and number the others from 0 again.
        first, others = jobs.get("chief", []), jobs.get("worker", [])
        number += len(first) if role == "worker" else 0
        return ("TF_CONFIG", (*first, *others), number) if len(first + others) > 1 else None
    if (tasks := int(os.environ.get("SLURM_STEP_NUM_TASKS", 1))) == 1:
        return None
    # Two jobs on one machine need ports of their own.
    port = 12000 + 16 * (int(os.environ.get("SLURM_JOB_ID", 0)) % 1000)
    # Slurm shares out the GPUs, which the resolver would do otherwise; and it would sort the nodes, n10 before n9.
    resolver = tf.distribute.cluster_resolver.SlurmClusterResolver
    nodes = resolver(gpus_per_node=tasks, gpus_per_task=1, auto_set_gpu=False)._task_configuration
    workers = (f"{node}:{port + i}" for node, n in nodes.items() for i in range(n))
    return "Slurm", tuple(workers), int(os.environ["SLURM_PROCID"])


@functools.cache
def _meet(source: str, workers: tuple[str, ...], number: int) -> tf.distribute.Strategy:
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"worker": workers}), task_type="worker", task_id=number, rpc_layer="grpc",
        num_accelerators={"GPU": len(gpus())},
    )  # fmt: skip
    try:
        return tf.distribute.MultiWorkerMirroredStrategy(resolver)
    except RuntimeError as error:
        raise RuntimeError(
            "workers have to meet before TensorFlow computes anything: call Runtime().describe() first of all"
        ) from error
    except tf.errors.OpError as error:
        raise ConnectionError(
            f"worker {number} cannot meet the others ({', '.join(workers)}): {error.message}"
        ) from error


def is_chief(strategy: tf.distribute.Strategy) -> bool:
    """Whether this process writes the files: the first worker does, and a process that trains by itself."""
    return strategy.extended.should_checkpoint


def _is_shared(strategy: tf.distribute.Strategy) -> bool:
    return isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy)


def worker_sum(value: float, strategy: tf.distribute.Strategy) -> float:
    """The sum of a number over all workers, each of which has to call this."""
    if not _is_shared(strategy):
        return value
    with watched(strategy):
        return float(strategy.reduce(tf.distribute.ReduceOp.SUM, tf.constant(value, tf.float64), axis=None))


@contextlib.contextmanager
def watched(strategy: tf.distribute.Strategy) -> Iterator[None]:
    """Turn what TensorFlow raises when another worker is gone into a ConnectionError that says what to do."""
    try:
        yield
    except _LOST as error:
        if not _is_shared(strategy):
            raise
        own = str(strategy.cluster_resolver.task_id)
        gone = ", ".join(sorted({*re.findall(r"/task:(\d+)", str(error))} - {own})) or "another one"
        raise ConnectionError(
            f"worker {own} stopped because it lost worker {gone}, which was killed, ran out of memory or was cut off: its "
            "log may say more. Start all workers again with resume=True, or --resume on the command line: they go on "
            "from the newest checkpoint."
        ) from error


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
    context = tf.distribute.get_replica_context()
    # A sum over one replica would not only be idle: see `reduced`.
    return value if context.num_replicas_in_sync == 1 else context.all_reduce(tf.distribute.ReduceOp.SUM, value)


@contextlib.contextmanager
def reduced(optimizer: keras.optimizers.Optimizer, strategy: tf.distribute.Strategy) -> Iterator[None]:
    """In here, `optimizer` takes gradients of a single replica as they are.

    Keras sums them over the replicas even where there is one. TensorFlow then registers a gradient of that sum, which it
    never forgets, and with it the graph and all that this holds: for each training, 15 MB and the data.
    """
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)
    if strategy.num_replicas_in_sync > 1 or not hasattr(optimizer, "_all_reduce_sum_gradients"):
        yield
        return
    vars(optimizer)["_all_reduce_sum_gradients"] = lambda pairs: pairs
    try:
        yield
    finally:
        del vars(optimizer)["_all_reduce_sum_gradients"]


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
