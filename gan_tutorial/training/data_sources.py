"""Where batches come from: arrays that lie on the device, or a stream of batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from ..data import Dataset
from .random_streams import RandomStreams

Arrays = dict[str, np.ndarray]


def as_arrays(data: Any, labels: Any = None, conditions: Mapping[str, Any] | None = None) -> Arrays | tf.data.Dataset:
    """A dict of arrays by name from an array, a `Dataset` or such a dict; a `tf.data.Dataset` stays one."""
    if isinstance(data, tf.data.Dataset):
        if labels is not None or conditions is not None:
            raise ValueError('a tf.data.Dataset brings its own conditions, by keys such as "label"')
        return data
    if isinstance(data, Dataset):
        found = {"image": data.images, data.label_name: data.labels, **data.attributes}
    else:
        found = dict(data) if isinstance(data, Mapping) else {"image": np.asarray(data)}
    found |= {name: np.asarray(values) for name, values in (conditions or {}).items()}
    if labels is not None:
        found["label"] = np.asarray(labels)
    if found.get("image") is None:
        raise ValueError(f'data given by names must have "image", but it has: {", ".join(found) or "nothing"}')
    return {name: np.asarray(array) for name, array in found.items() if array is not None}


class ArraySource:
    """Rows of arrays; every replica has a copy and gathers its own, so that a batch costs no Python."""

    def __init__(self, arrays: Arrays, strategy: tf.distribute.Strategy) -> None:
        self._arrays = strategy.experimental_distribute_values_from_function(
            lambda _: {name: tf.constant(array) for name, array in arrays.items()}
        )

    def fetch(self) -> Any:
        """What each replica is handed."""
        return self._arrays

    def rows(self, fetched: Mapping[str, tf.Tensor], random: RandomStreams) -> dict[str, tf.Tensor]:
        """A replica's share of a batch."""
        index = random.shuffled_rows(len(next(iter(fetched.values()))))
        return {name: tf.gather(array, index) for name, array in fetched.items()}


class StreamSource:
    """Batches of a `tf.data.Dataset` of dicts, again from the start when it ends.

    Several workers have to be given them in the same order: shuffle with a seed.
    """

    def __init__(
        self, stream: tf.data.Dataset, dtypes: Mapping[str, Any], batch_size: int, strategy: Any, skip: int
    ) -> None:
        def whole(batch: Mapping[str, tf.Tensor]) -> tf.Tensor:
            return tf.shape(batch["image"])[0] == batch_size

        def of_known_size(batch: Mapping[str, tf.Tensor]) -> dict[str, tf.Tensor]:
            sized = {name: tf.ensure_shape(batch[name], [batch_size, *batch[name].shape[1:]]) for name in dtypes}
            return {name: tf.cast(values, dtypes[name]) for name, values in sized.items()}

        def shares(context: tf.distribute.InputContext) -> tf.data.Dataset:
            # Every worker reads all batches, and keeps the rows of its own devices: one element for each.
            devices = context.num_replicas_in_sync
            own = devices // context.num_input_pipelines
            mine = slice(context.input_pipeline_id * own, (context.input_pipeline_id + 1) * own)

            def split(batch: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
                return {name: tf.reshape(v, [devices, -1, *v.shape[1:]])[mine] for name, v in batch.items()}

            # The last batch of an epoch may be smaller: it is left out.
            batches = stream.filter(whole).map(of_known_size).repeat().skip(skip)
            return (batches.map(split).unbatch() if devices > 1 else batches).prefetch(2)

        self._iterator = iter(strategy.distribute_datasets_from_function(shares))

    def fetch(self) -> Any:
        return next(self._iterator)

    def rows(self, fetched: dict[str, tf.Tensor], random: RandomStreams) -> dict[str, tf.Tensor]:
        return fetched


def first_batch(stream: tf.data.Dataset, batch_size: int) -> Arrays:
    """The first batch of a stream, to check; ValueError if the stream is not made of such batches."""
    batch = next(iter(stream.take(1).as_numpy_iterator()), None)
    if not isinstance(batch, dict) or "image" not in batch:
        raise ValueError(
            'a tf.data.Dataset must yield dicts of batches with the key "image", and "label" or other conditions where '
            f"the networks take them; the first element is {'missing' if batch is None else type(batch).__name__}"
        )
    if len(batch["image"]) != batch_size:
        raise ValueError(f"the stream yields batches of {len(batch['image'])}, but batch_size is {batch_size}")
    return batch
