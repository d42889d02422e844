"""Real images with one wrong condition, which a discriminator has to reject: GAN-CLS, Reed et al. 2016, section 4.2."""

from __future__ import annotations

from collections.abc import Mapping

import tensorflow as tf

from ..data.conditions import Condition
from .random_streams import RandomStreams

Batch = dict[str, tf.Tensor]

#: Keeps these random numbers apart from all others of a step.
_STREAM = 4_000_003


def mismatch_inputs(random: RandomStreams, conditions: Mapping[str, Condition]) -> Batch:
    """What decides for each image which of its conditions is replaced, and by what; names that no condition can have."""
    shifts = {f"shift of {name}": random.uniform((), _STREAM + 1_000 * i) for i, name in enumerate(conditions, start=1)}
    return {"wrong condition": random.integers(len(conditions), _STREAM), **shifts}


def with_one_wrong(batch: Batch, conditions: Mapping[str, Condition]) -> Batch:
    """The batch's conditions, (b,) each, one of them replaced by a wrong value in each image."""
    shown = {}
    for number, (name, condition) in enumerate(conditions.items()):
        wrong = wrong_values(condition, batch[name], batch[f"shift of {name}"])
        shown[name] = tf.where(batch["wrong condition"] == number, wrong, batch[name])
    return shown


def wrong_values(condition: Condition, values: tf.Tensor, shifts: tf.Tensor) -> tf.Tensor:
    """Other values of a condition, (b,): another category, or a place in the range at least a tenth of it away.

    `shifts` are uniform in [0, 1).
    """
    if condition.is_range:
        span = condition.high - condition.low
        return condition.low + (values - condition.low + span * (0.1 + 0.8 * shifts)) % span
    count = len(condition.categories)
    return (values + 1 + tf.cast(shifts * (count - 1), values.dtype)) % count
