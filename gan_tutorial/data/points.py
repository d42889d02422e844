"""2-D points from known densities: small worlds in which a GAN can be seen whole.

Every distribution here is a mixture of equally weighted round Gaussians; those that look like curves have many of them
in a row. So sampling and the density are both exact. The ring of eight Gaussians is the usual test of mode collapse
(Metz et al. 2017, arXiv:1611.02163).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .dataset import Dataset, check_split

POINTS = ("ring", "grid", "spiral", "moons", "line", "blobs")


def points_mixture(name: str | ArrayLike) -> tuple[np.ndarray, np.ndarray, float]:
    """The mixture behind a distribution: centres (k, 2), labels (k,) and sigma.

    All centres lie within 0.85 of the origin along each axis, so that samples fit into [-1, 1]. Instead of a name there may
    be centres of your own, (k, 2).
    """
    if not isinstance(name, str):
        centres = np.asarray(name, np.float64)
        if centres.ndim != 2 or centres.shape[1:] != (2,) or not len(centres) or not (np.abs(centres) <= 0.85).all():
            raise ValueError(f"centres must have the shape (k, 2) and lie in [-0.85, 0.85], not {centres.shape}")
        return centres, np.zeros(len(centres), int), 0.03
    if name == "ring":
        turn = 2 * np.pi * np.arange(8) / 8
        return 0.75 * np.stack([np.cos(turn), np.sin(turn)], 1), np.arange(8), 0.04
    if name == "grid":
        axis = np.linspace(-0.8, 0.8, 5)
        return np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2), np.arange(25), 0.03
    if name == "spiral":
        t = np.sqrt(np.linspace(0.02, 1, 200))
        centres = 0.85 * t[:, None] * np.stack([np.cos(3.5 * np.pi * t), np.sin(3.5 * np.pi * t)], 1)
        return centres, np.zeros(200, int), 0.02
    if name == "moons":
        t = np.pi * (np.arange(100) + 0.5) / 100
        upper = np.stack([np.cos(t) - 0.5, np.sin(t) - 0.25], 1)
        return 0.55 * np.concatenate([upper, -upper]), np.repeat([0, 1], 100), 0.03
    if name == "line":
        return np.linspace((-0.8, -0.4), (0.8, 0.4), 100), np.zeros(100, int), 0.03
    if name == "blobs":
        return np.array([(-0.6, -0.4), (0.6, -0.35), (0.0, 0.6)]), np.arange(3), 0.08
    raise ValueError(f"no points are called {name!r}; choose one of: {', '.join(POINTS)}")


def make_points(name: str | ArrayLike = "ring", n: int = 10_000, split: str = "train", seed: int = 0) -> Dataset:
    """Sample n points of a distribution, by name or by centres of your own; the same arguments give the same points.

    The images of the `Dataset` are float32 (n, 2); the label of a point is the number of its mode (ring, grid, blobs), its
    moon, or 0.
    """
    check_split(split)
    if n < 1:
        raise ValueError(f"cannot sample {n} points: n must be at least 1")
    centres, labels, sigma = points_mixture(name)
    rng = np.random.default_rng([seed, split == "test"])
    chosen = rng.integers(len(centres), size=n)
    points = centres[chosen] + sigma * rng.standard_normal((n, 2))
    class_names = tuple(map(str, range(labels.max() + 1)))
    kind = name if isinstance(name, str) else "drawn"
    return Dataset(kind, points.astype(np.float32), labels[chosen].astype(np.int32), class_names)


def points_density(name: str | ArrayLike, points: ArrayLike) -> np.ndarray:
    """Probability density of a distribution at points (..., 2); float64 (...)."""
    centres, _, sigma = points_mixture(name)
    points = np.asarray(points, np.float64)
    density = sum(np.exp(-((points - centre) ** 2).sum(-1) / (2 * sigma**2)) for centre in centres)
    return density / (len(centres) * 2 * np.pi * sigma**2)
