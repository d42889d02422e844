"""Learning rates that can be changed while a training runs."""

from __future__ import annotations

from .. import quiet

quiet.import_tensorflow()

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import keras
import tensorflow as tf

from ..training.options import check_not_negative

schedules = keras.optimizers.schedules


class AdjustableRate(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate, a number or a schedule, times a `factor` that may change at any time.

    Example:
        >>> rate = AdjustableRate(0.5)
        >>> rate.factor.assign(0.1) and float(rate(0))
        0.05...
    """

    def __init__(self, rate: Any) -> None:
        self.rate = rate
        # Read by the compiled steps each time, so that a change acts in the next one.
        self.factor = tf.Variable(1.0, trainable=False)

    def __call__(self, step: Any) -> tf.Tensor:
        rate = self.rate(step) if callable(self.rate) else self.rate
        return tf.cast(rate, tf.float32) * self.factor

    def get_config(self) -> dict[str, Any]:
        return {"rate": self.rate}


def adjustable_rates(train: Callable[..., Any], options: Mapping[str, Any]) -> dict[str, AdjustableRate]:
    """The learning rates of a training function by the names of their options, each falling as the function lets it fall.

    Those of players with an optimizer of their own are left out. Raises ValueError for a negative rate.
    """
    known = {name: p.default for name, p in inspect.signature(train).parameters.items()}
    chosen, rates = {**known, **options}, {}
    for name in known:
        if name.endswith("learning_rate") and chosen.get(name.replace("learning_rate", "optimizer")) is None:
            rate = chosen[name]
            check_not_negative(**{name: rate})
            if isinstance(rate, int | float) and chosen.get("decay_steps"):
                rate = schedules.InverseTimeDecay(rate, chosen["decay_steps"], 1.0)
            elif isinstance(rate, int | float) and "decay_steps" not in known:
                rate = schedules.CosineDecay(rate, chosen["steps"])
            rates[name] = AdjustableRate(rate)
    return rates
