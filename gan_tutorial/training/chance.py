"""All randomness of a training, as a function of (seed, draw).

A draw is the number of a batch. Every replica computes the random numbers of
the whole batch and takes its own rows: n devices see the same as one, and a
resumed training the same as an unbroken one.
"""

from dataclasses import dataclass

import tensorflow as tf

#: Keep the streams apart that one draw needs.
_UNIFORMS, _NORMALS, _LABELS, _ATTRIBUTES = 1_000_003, 2_000_003, 3_000_003, 4_000_003


@dataclass(frozen=True)
class Chance:
    """Random numbers for one replica, inside `strategy.run`.

    seed: of the training. batch_size: over all replicas. replicas: how many.
    codes: (labels, attributes) to draw at random for InfoGAN, where the data
    has none; None to take those of the data.
    """

    seed: int
    batch_size: int
    replicas: int
    codes: tuple[int, int] | None = None

    def batch(self, data, draw, latent_dim):
        """This replica's share of a batch: images, the list of their conditions, and noise."""
        local, first = self._rows()
        position = draw * self.batch_size + tf.cast(first, tf.int64) + tf.range(local, dtype=tf.int64)
        n = tf.shape(data[0], tf.int64)[0]
        epoch = position // n
        # A new permutation each epoch, computed place by place, never stored.
        seeds = tf.stack([tf.fill([local], self._seed(0)), epoch, tf.zeros_like(epoch)], 1)
        index = tf.random_index_shuffle(position % n, seeds, n - 1)
        noise = tf.random.stateless_normal([self.batch_size, latent_dim], tf.stack([self._seed(0), draw]))
        images, *conditions = (tf.gather(array, index) for array in data)
        if self.codes:
            conditions = [code[first : first + local] for code in self._draw_codes(draw)]
        return images, conditions, tf.slice(noise, [first, 0], [local, -1])

    def _draw_codes(self, draw):
        num_classes, num_attributes = self.codes
        codes = []
        if num_classes:
            seed = tf.stack([self._seed(_LABELS), draw])
            codes.append(tf.random.stateless_uniform([self.batch_size], seed, 0, num_classes, tf.int32))
        if num_attributes:
            seed = tf.stack([self._seed(_ATTRIBUTES), draw])
            codes.append(tf.random.stateless_uniform([self.batch_size, num_attributes], seed))
        return codes

    def uniforms(self, draw, shape):
        """Numbers in [0, 1) for this replica's real images, then for its generated ones: (2 local, *shape)."""
        return self._for_both(tf.random.stateless_uniform, draw, shape, _UNIFORMS)

    def normals(self, draw, shape):
        """Standard normal numbers, like `uniforms`."""
        return self._for_both(tf.random.stateless_normal, draw, shape, _NORMALS)

    def _for_both(self, generate, draw, shape, salt):
        local, first = self._rows()
        every = generate([2, self.batch_size, *shape], tf.stack([self._seed(salt), draw]))
        return tf.reshape(every[:, first : first + local], [2 * local, *shape])

    def _rows(self):
        """How many rows are this replica's, and the first of them."""
        local = self.batch_size // self.replicas
        return local, tf.distribute.get_replica_context().replica_id_in_sync_group * local

    def _seed(self, salt):
        return tf.constant(self.seed + salt, tf.int64)
