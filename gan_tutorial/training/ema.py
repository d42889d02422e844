"""The exponential moving average of a network's weights."""

from __future__ import annotations

import keras
import tensorflow as tf


def update_ema(averaged: keras.Model, model: keras.Model, step: tf.Tensor, decay: float) -> None:
    """averaged += (1 - decay) (weights - averaged), Yazıcı et al. 2019.

    The decay starts small and rises to its value, so that the first, poor weights are soon forgotten.
    """
    step = tf.cast(step, tf.float32)
    rate = 1 - tf.minimum(decay, (1 + step) / (10 + step))
    for average, weight in zip(averaged.variables, model.variables):
        if "float" in average.dtype:
            average.assign_add(
                tf.cast(rate, average.dtype) * (tf.convert_to_tensor(weight) - tf.convert_to_tensor(average))
            )
