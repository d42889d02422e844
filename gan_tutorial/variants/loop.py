"""The loop that the variants share: batches, compiled steps, a progress bar."""

from collections import defaultdict

import keras
import numpy as np
import tensorflow as tf
from tqdm.auto import tqdm

from ..training.chance import Chance

_STEPS_PER_CALL = 20


def run(step, arrays, names, steps, batch_size, noise_dim, seed=0, progress=True, callback=None):
    """Call step(images, others, noise, number) `steps` times, many in one compiled call.

    Args:
        step: does one update; gets this step's rows of the arrays, the first
            apart from the others, standard normal noise (batch_size,
            noise_dim) and the step's number; returns a tensor of numbers to report.
        arrays: of the same length; rows are drawn without repetition in an epoch.
        names: of the reported numbers.
        callback: called with the step's number after each compiled call; to stop, return True.

    Returns the history, a dict of arrays: "step" and each name, means over
    twenty steps. Interrupted (Ctrl-C, or JupyterLab's stop button) it returns
    what there is. Raises ValueError for too few rows, FloatingPointError when
    a number is no longer finite.
    """
    if len(arrays[0]) < batch_size:
        raise ValueError(f"{len(arrays[0])} images are fewer than a batch of {batch_size}; choose a smaller batch_size")
    data = [tf.constant(array) for array in arrays]
    chance = Chance(seed, batch_size, 1)

    @tf.function
    def many(first, count):
        total = tf.zeros(len(names))
        for number in tf.range(first, first + count):
            images, others, noise = chance.batch(data, number, noise_dim)
            total += step(images, others, noise, number)
        return total / tf.cast(count, tf.float32)

    history = defaultdict(list)
    with tqdm(total=steps, unit="step", disable=not progress) as bar:
        try:
            for first in range(0, steps, _STEPS_PER_CALL):
                count = min(_STEPS_PER_CALL, steps - first)
                means = many(tf.constant(first, tf.int64), tf.constant(count, tf.int64)).numpy()
                if not np.isfinite(means).all():
                    raise FloatingPointError(
                        f"training diverged before step {first + count}: try a lower learning rate"
                    )
                for name, value in zip(("step", *names), (first + count, *means.tolist())):
                    history[name].append(value)
                bar.set_postfix_str(
                    "  ".join(f"{name} {value:.2f}" for name, value in zip(names, means)), refresh=False
                )
                bar.update(count)
                if callback is not None and callback(first + count):
                    break
        except KeyboardInterrupt:
            pass
    return {name: np.array(values) for name, values in history.items()}


def adam(models, rate, steps, beta_1):
    """Adam with a rate that falls to nothing over the training, built for the weights of some models; and these."""
    weights = [weight for model in models for weight in model.trainable_variables]
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps), beta_1, 0.99)
    optimizer.build(weights)
    return optimizer, weights
