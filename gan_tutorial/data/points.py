"""2-D points from known densities: small worlds in which a GAN can be seen whole.

Every distribution here is a mixture of equally weighted round Gaussians; those
that look like curves have many of them in a row. So sampling and the density
are both exact. The ring of eight Gaussians is the usual test of mode collapse
(Metz et al. 2017, arXiv:1611.02163).
"""

import numpy as np

from .dataset import Dataset, check_split

POINTS = ("ring", "grid", "spiral", "moons", "line")


def points_mixture(name):
    """The mixture behind a distribution: centres (k, 2), labels (k,) and sigma.

    All centres lie within 0.85 of the origin along each axis, so that samples
    fit into [-1, 1].
    """
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
        t = np.linspace(-0.8, 0.8, 100)
        return np.stack([t, 0.5 * t], 1), np.zeros(100, int), 0.03
    raise ValueError(f"no points are called {name!r}; choose one of: {', '.join(POINTS)}")


def make_points(name="ring", n=10_000, split="train", seed=0):
    """Draw n points; the same name, n, split and seed give the same points.

    Returns a `Dataset` whose images are float32 (n, 2); the label of a point
    is the number of its mode (ring, grid), its moon, or 0.
    """
    check_split(split)
    if n < 1:
        raise ValueError(f"cannot draw {n} points: n must be at least 1")
    centres, labels, sigma = points_mixture(name)
    rng = np.random.default_rng([seed, split == "test"])
    chosen = rng.integers(len(centres), size=n)
    points = centres[chosen] + sigma * rng.standard_normal((n, 2))
    class_names = tuple(str(label) for label in np.unique(labels))
    return Dataset(name, points.astype(np.float32), labels[chosen].astype(np.int32), class_names)


def points_density(name, points):
    """Probability density of a distribution at points (..., 2); float64 (...)."""
    centres, _, sigma = points_mixture(name)
    points = np.asarray(points, np.float64)
    density = np.zeros(points.shape[:-1])
    for centre in centres:
        density += np.exp(-((points - centre) ** 2).sum(-1) / (2 * sigma**2))
    return density / (len(centres) * 2 * np.pi * sigma**2)
