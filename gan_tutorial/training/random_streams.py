"""All randomness of a training, as a function of (seed, draw).

A draw is the number of a batch. Every replica computes the random numbers of the whole batch and takes its own rows:
n devices see the same as one, and a resumed training the same as an unbroken one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import tensorflow as tf


@dataclass(frozen=True)
class RandomStreams:
    """Random numbers for one replica and one draw, inside `strategy.run`.

    Streams with different numbers are independent. The rows are this replica's share of the batch; with `pairs` there
    are twice as many, for its real images and then for its generated ones.

    Attributes:
        seed: of the training.
        draw: number of the batch, an int64 tensor.
        batch_size: over all replicas.
        replicas: how many there are.
    """

    seed: int
    draw: tf.Tensor
    batch_size: int
    replicas: int = 1

    def normal(self, shape: tuple[int, ...] = (), stream: int = 0, pairs: bool = False) -> tf.Tensor:
        """Standard normal numbers, float32 (rows, *shape)."""
        return self._rows_of(tf.random.stateless_normal, shape, stream, pairs)

    def uniform(self, shape: tuple[int, ...] = (), stream: int = 0, pairs: bool = False) -> tf.Tensor:
        """Numbers in [0, 1), float32 (rows, *shape)."""
        return self._rows_of(tf.random.stateless_uniform, shape, stream, pairs)

    def integers(self, high: int, stream: int = 0) -> tf.Tensor:
        """Integers from 0 to high - 1, int32 (rows,)."""
        return self._rows_of(
            lambda shape, seed: tf.random.stateless_uniform(shape, seed, 0, high, tf.int32), (), stream, False
        )

    def shuffled_rows(self, n: int) -> tf.Tensor:
        """Which of n examples are this replica's: in each epoch every one once, in a new order; int64 (rows,)."""
        local, first = self._share()
        position = self.draw * self.batch_size + tf.cast(first, tf.int64) + tf.range(local, dtype=tf.int64)
        epoch = position // n
        # The permutation is computed place by place, never stored.
        seeds = tf.stack([tf.fill([local], tf.constant(self.seed, tf.int64)), epoch, tf.zeros_like(epoch)], 1)
        return tf.random_index_shuffle(position % n, seeds, tf.constant(n - 1, tf.int64))

    def _rows_of(self, generate: Callable[..., Any], shape: tuple[int, ...], stream: int, pairs: bool) -> tf.Tensor:
        local, first = self._share()
        seed = tf.stack([tf.constant(self.seed + stream, tf.int64), self.draw])
        if not pairs:
            return generate([self.batch_size, *shape], seed)[first : first + local]
        return tf.reshape(generate([2, self.batch_size, *shape], seed)[:, first : first + local], [2 * local, *shape])

    def _share(self) -> tuple[int, Any]:
        """How many rows are this replica's, and the first of them."""
        local = self.batch_size // self.replicas
        return local, tf.distribute.get_replica_context().replica_id_in_sync_group * local
