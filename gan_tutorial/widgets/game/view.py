"""What there is to see of a game in the plane, at one moment: arrays, nothing painted."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from scipy.special import ndtri

from ...data import make_points
from ...data.points import points_mixture
from ...losses import get_loss
from ...metrics.distances import sliced_wasserstein
from ...models.interface import call
from ...sampling import generate_noise
from .settings import Settings

#: The square that is seen goes from -LIMIT to LIMIT.
LIMIT = 1.15
#: Places along a side at which the discriminator is asked, and vertices along a side of the bent grid.
GRID, MESH = 44, 25
#: Points that are seen, and points that densities and distances are estimated from.
SHOWN, SAMPLED = 400, 1000
#: Standard deviation of the kernel that estimates densities.
BANDWIDTH = 0.07
_AXIS = np.linspace(-LIMIT, LIMIT, GRID, dtype=np.float32)
#: Where neither real nor generated points are, the best answer is ½: this density is added to both.
_FLOOR = 1e-3


class View:
    """Looks at the networks of a game; the noise is the same each time, so that points can be followed."""

    def __init__(self, generator: keras.Model, discriminator: keras.Model, settings: Settings) -> None:
        self._generator, self._discriminator = generator, discriminator
        self._game = get_loss(settings.loss)
        self._classes = settings.num_classes
        self._noise = generate_noise(SAMPLED, settings.latent_dim, settings.seed)
        self._labels = np.arange(SAMPLED, dtype=np.int32) % (self._classes or 1)
        self._latent = latent_grid(settings.latent_dim)
        self._places = np.stack(np.meshgrid(_AXIS, _AXIS), -1).reshape(-1, 2)
        self.show_data(settings)

    def show_data(self, settings: Settings) -> None:
        """Look at other data from now on."""
        self._mixture = points_mixture(settings.distribution)
        shown = make_points(settings.distribution, settings.n, seed=settings.seed)
        self._real, self._real_labels = shown.images[:SHOWN], shown.labels[:SHOWN]
        # Points of the distribution itself, which no training has seen.
        self._unseen = make_points(settings.distribution, SAMPLED, "test", settings.seed).images

    def look(self, label: int = 0) -> dict[str, np.ndarray]:
        """All that can be seen, float32. Of a conditional game, landscapes and grid are those of one label.

        landscape: logits (GRID, GRID), the first row at the bottom; optimal: D* there, with both densities blurred by the
        same kernel; real, fake: points (k, 2); real_labels, fake_labels: (k,); push: (k, 2), where the generator's loss
        pushes each generated point: minus its gradient; manifold: where the generator takes a grid of noise,
        (MESH, MESH, 2), (k, 2) for noise of one dimension, or (0, 2) if it has more than two. distance, gradient:
        sliced Wasserstein distance to unseen real points and mean length of the push, (1,).
        """
        centres, labels, sigma = self._mixture
        centres = (centres[labels == label] if self._classes else centres).astype(np.float32)
        tensors = self._compute(
            self._unseen,
            self._noise,
            self._labels,
            self._latent,
            tf.constant(label),
            tf.constant(centres),
            np.float32(sigma),
        )
        landscape, optimal, fake, push, manifold = (tensor.numpy() for tensor in tensors)
        return {
            "landscape": landscape.reshape(GRID, GRID),
            "optimal": optimal,
            "real": self._real,
            "fake": fake[:SHOWN],
            "real_labels": self._real_labels.astype(np.float32),
            "fake_labels": self._labels[:SHOWN].astype(np.float32),
            "push": push[:SHOWN],
            "manifold": manifold.reshape(MESH, MESH, 2) if self._latent.shape[1] == 2 else manifold,
            "distance": np.array([sliced_wasserstein(self._unseen, fake)], np.float32),
            "gradient": np.linalg.norm(push, axis=1).mean(keepdims=True),
        }

    @tf.function(reduce_retracing=True)
    def _compute(
        self, real: Any, noise: Any, labels: Any, latent: Any, label: Any, centres: Any, sigma: Any
    ) -> tuple[tf.Tensor, ...]:
        fake = call(self._generator, noise, {"label": labels}, training=False)[0]
        real_logits = call(self._discriminator, real, {"label": labels}, training=False)[0]
        with tf.GradientTape() as tape:
            tape.watch(fake)
            fake_logits = call(self._discriminator, fake, {"label": labels}, training=False)[0]
            loss = tf.reduce_sum(self._game.generator(real_logits, fake_logits))
        push = -tape.gradient(loss, fake)
        places = tf.constant(self._places)
        landscape = call(self._discriminator, places, {"label": tf.fill([len(places)], label)}, training=False)[0]
        mine = fake[labels == label] if self._classes else fake
        # D* = p / (p + q): p is known, q estimated by a kernel, and p blurred by the same kernel.
        p = _blurred(centres, tf.sqrt(sigma**2 + BANDWIDTH**2)) + _FLOOR
        q = _blurred(mine, BANDWIDTH) + _FLOOR
        bent = tf.zeros((0, 2))
        if len(latent):
            bent = call(self._generator, latent, {"label": tf.fill([len(latent)], label)}, training=False)[0]
        return landscape, p / (p + q), fake, push, bent


def latent_grid(latent_dim: int) -> np.ndarray:
    """A grid of noise whose cells are equally likely; float32 (k, latent_dim), none if there are more than two."""
    if latent_dim > 2:
        return np.zeros((0, latent_dim), np.float32)
    # The outermost lines would lie at infinity.
    ticks = ndtri(np.linspace(0.005, 0.995, MESH if latent_dim == 2 else MESH**2 // 2)).astype(np.float32)
    return np.stack(np.meshgrid(*[ticks] * latent_dim), -1).reshape(-1, latent_dim)


def _blurred(points: tf.Tensor, sigma: Any) -> tf.Tensor:
    """Density (GRID, GRID) of equally weighted round Gaussians: a product of two factors, one for each axis."""
    near_x, near_y = tf.unstack(tf.exp(-tf.square(_AXIS[:, None, None] - points) / (2 * sigma**2)), axis=2)
    number = tf.cast(tf.maximum(tf.shape(points)[0], 1), tf.float32)
    return tf.matmul(near_y, near_x, transpose_b=True) / (2 * np.pi * number * sigma**2)
