"""Layers that Keras lacks: embeddings that know what they embed, and the deviation within a minibatch."""

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
