"""Layers that Keras lacks: embeddings that know what they embed, the deviation within a minibatch, a learned sum, and those of styles."""

from __future__ import annotations

from typing import Any

import keras
from keras import KerasTensor, Layer, layers, ops

from ..data.conditions import Condition, as_condition

_PACKAGE = "gan_tutorial"


@keras.saving.register_keras_serializable(_PACKAGE)
class CategoryEmbedding(layers.Embedding):
    """A learned vector for each category of a condition: int32 (b,) to float32 (b, units)."""

    def __init__(self, condition: Condition | list, units: int, initializer: Any = "uniform", **options: Any) -> None:
        self.condition = condition if isinstance(condition, Condition) else as_condition(*condition)
        super().__init__(len(self.condition.categories), units, initializer, **options)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        inherited = {name: config[name] for name in ("name", "dtype", "trainable")}
        own = {"condition": _as_list(self.condition), "units": config["output_dim"]}
        return {**inherited, **own, "initializer": config["embeddings_initializer"]}


@keras.saving.register_keras_serializable(_PACKAGE)
class RangeEmbedding(Layer):
    """A learned vector for each knot of a condition, and between two knots a mixture of theirs: (b,) to (b, units)."""

    def __init__(self, condition: Condition | list, units: int, initializer: Any = "uniform", **options: Any) -> None:
        super().__init__(**options)
        self.condition = condition if isinstance(condition, Condition) else as_condition(*condition)
        self.units, self.initializer = units, keras.initializers.get(initializer)

    def build(self, input_shape: tuple) -> None:
        self.embeddings = self.add_weight(
            shape=(len(self.condition.knots), self.units), initializer=self.initializer, name="embeddings"
        )

    def call(self, values: KerasTensor) -> KerasTensor:
        knots = self.condition.knots
        distance = ops.abs(values[:, None] - ops.cast(knots, values.dtype)) / float(knots[1] - knots[0])
        return ops.matmul(ops.relu(1 - distance), ops.cast(self.embeddings, values.dtype))

    def get_config(self) -> dict[str, Any]:
        own = {"condition": _as_list(self.condition), "units": self.units}
        return {**super().get_config(), **own, "initializer": keras.initializers.serialize(self.initializer)}


def _as_list(condition: Condition) -> list:
    return [condition.name, condition.specification]


@keras.saving.register_keras_serializable(_PACKAGE)
class MinibatchDeviation(Layer):
    """Appends a feature map that says how much the images of a small group differ (Karras et al. 2018, section 3).

    (b, h, w, c) to (b, h, w, c + 1). A discriminator can tell by it when a generator's images are too much alike. Groups
    are neighbours in the batch, four of them or two: real images, which fill one half of it, never meet generated ones.
    A batch that does not divide by four has no groups, and the map is almost zero.
    """

    def call(self, x: KerasTensor) -> KerasTensor:
        n, height, width, channels = ops.shape(x)
        if isinstance(n, int):
            group = 4 if n % 8 == 0 else 2 if n % 4 == 0 else 1
        else:  # in `predict`, whose last batch may be smaller
            group = ops.where(n % 8 == 0, 4, ops.where(n % 4 == 0, 2, 1))
        grouped = ops.reshape(x, (-1, group, height * width * channels))
        deviation = ops.mean(ops.sqrt(ops.var(grouped, 1) + 1e-8), 1)
        column = ops.repeat(deviation, group)[:, None, None, None]
        return ops.concatenate([x, ops.broadcast_to(column, (ops.shape(x)[0], height, width, 1))], -1)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return (*input_shape[:-1], input_shape[-1] + 1)


@keras.saving.register_keras_serializable(_PACKAGE)
class LearnedSum(Layer):
    """x + γ y, with a learned number γ that starts at 0 (Zhang et al. 2019, equation 3): [x, y] of one shape to that shape."""

    def build(self, input_shape: list[tuple]) -> None:
        self.gamma = self.add_weight(shape=(), initializer="zeros", name="gamma")

    def call(self, inputs: list[KerasTensor]) -> KerasTensor:
        x, y = inputs
        return x + ops.cast(self.gamma, x.dtype) * y

    def compute_output_shape(self, input_shape: list[tuple]) -> tuple:
        return input_shape[0]


@keras.saving.register_keras_serializable(_PACKAGE)
class Latent(Layer):
    """The first numbers of the noise, brought to the length √units: (b, n) to (b, units) (Karras et al. 2019, appendix C)."""

    def __init__(self, units: int, **options: Any) -> None:
        super().__init__(**options)
        self.units = units

    def call(self, noise: KerasTensor) -> KerasTensor:
        z = noise[:, : self.units]
        return z * ops.rsqrt(ops.mean(ops.square(z), 1, keepdims=True) + 1e-8)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable(_PACKAGE)
class LearnedMap(Layer):
    """The feature map that a style-based generator starts from, the same for every image: (b, k) to (b, size, size, channels)."""

    def __init__(self, size: int, channels: int, kernel_initializer: Any = "normal", **options: Any) -> None:
        super().__init__(**options)
        self.size, self.channels = size, channels
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape: tuple) -> None:
        shape = (1, self.size, self.size, self.channels)
        self.map = self.add_weight(shape=shape, initializer=self.kernel_initializer, name="map")

    def call(self, x: KerasTensor) -> KerasTensor:
        # Ten times what is learned: so optimizers, whose steps have one size for all, move it as fast as smaller weights.
        return ops.repeat(10 * ops.cast(self.map, x.dtype), ops.shape(x)[0], 0)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return (input_shape[0], self.size, self.size, self.channels)

    def get_config(self) -> dict[str, Any]:
        own = {"size": self.size, "channels": self.channels}
        own["kernel_initializer"] = keras.initializers.serialize(self.kernel_initializer)
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable(_PACKAGE)
class ModulatedConv2D(Layer):
    """A convolution whose weights each image scales by a style of its own (Karras et al. 2020b, equations 1 to 3).

    [x (b, h, w, inputs), style (b, inputs)] to (b, h, w, filters). The weights are w'[i, j, k] = s[i] w[i, j, k], for input
    i, output j and place k; with `demodulate`, w''[i, j, k] = w'[i, j, k] / √(Σ_{i, k} w'[i, j, k]² + ε), so that
    independent inputs of deviation 1 give outputs of deviation 1, whatever the style. A convolution is linear: instead of weights for each image,
    its inputs are scaled by s, and its outputs divided by the root, which gives the same numbers in less time.
    """

    def __init__(
        self, filters: int, size: int, demodulate: bool = True, activation: str | None = None,
        kernel_initializer: Any = "glorot_uniform", **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.filters, self.size, self.demodulate = filters, size, demodulate
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape: list[tuple]) -> None:
        shape = (self.size, self.size, input_shape[0][-1], self.filters)
        self.kernel = self.add_weight(shape=shape, initializer=self.kernel_initializer, name="kernel")
        self.bias = self.add_weight(shape=(self.filters,), initializer="zeros", name="bias")

    def call(self, inputs: list[KerasTensor]) -> KerasTensor:
        x, style = inputs
        kernel = ops.cast(self.kernel, x.dtype)
        x = ops.conv(x * style[:, None, None], kernel, 1, "same")
        if self.demodulate:
            squares = ops.matmul(ops.square(style), ops.sum(ops.square(kernel), (0, 1)))
            x = x * ops.rsqrt(squares + 1e-8)[:, None, None]
        return self.activation(x + ops.cast(self.bias, x.dtype))

    def compute_output_shape(self, input_shape: list[tuple]) -> tuple:
        return (*input_shape[0][:-1], self.filters)

    def get_config(self) -> dict[str, Any]:
        own = {"filters": self.filters, "size": self.size, "demodulate": self.demodulate}
        own["activation"] = keras.activations.serialize(self.activation)
        own["kernel_initializer"] = keras.initializers.serialize(self.kernel_initializer)
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable(_PACKAGE)
class LayerNoise(Layer):
    """Adds noise to a feature map, the same to all channels, with a strength that is learned (the
    noise of Karras et al. 2019, section 2, with one strength for all channels as in Karras et al. 2020b).

    [x (b, h, w, c), noise (b, n)] to (b, h, w, c); the h·w numbers of the noise from `first` on are taken.
    """

    def __init__(self, first: int, **options: Any) -> None:
        super().__init__(**options)
        self.first = first

    def build(self, input_shape: list[tuple]) -> None:
        self.strength = self.add_weight(shape=(), initializer="zeros", name="strength")

    def call(self, inputs: list[KerasTensor]) -> KerasTensor:
        x, noise = inputs
        height, width = x.shape[1:3]
        plane = ops.reshape(noise[:, self.first : self.first + height * width], (-1, height, width, 1))
        return x + ops.cast(self.strength, x.dtype) * plane

    def compute_output_shape(self, input_shape: list[tuple]) -> tuple:
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "first": self.first}
