"""The noise that generators start from: sampled, truncated, interpolated. NumPy alone, so that it is there at once."""

import numpy as np
from numpy.typing import ArrayLike

Array = np.ndarray


def generate_noise(n: int, latent_dim: int = 64, seed: int | None = None, truncation: float | None = None) -> Array:
    """Standard normal noise, float32 (n, latent_dim).

    Args:
        seed: the same seed gives the same noise; None for new noise.
        truncation: bound t; all values then lie within [-t, t], distributed as a normal cut off there (Brock et al. 2019,
            section 3.1). The same seed with a smaller bound gives the same sample, nearer to 0: a smooth path for sliders.

    Example:
        >>> import gan_tutorial as gt
        >>> gt.generate_noise(2, latent_dim=3, seed=0, truncation=1.0).shape
        (2, 3)
    """
    if n < 1 or latent_dim < 1:
        raise ValueError(f"n and latent_dim must be at least 1, not {n} and {latent_dim}")
    noise = np.random.default_rng(seed).standard_normal((n, latent_dim))
    return (noise if truncation is None else truncate(noise, truncation)).astype(np.float32)


def truncate(noise: Array, bound: float) -> Array:
    """Map normal noise to noise from the normal cut off at ±bound, keeping each value's rank."""
    from scipy.special import ndtr, ndtri

    if not bound > 0:
        raise ValueError(f"truncation must be greater than 0, not {bound}")
    low, high = ndtr(-bound), ndtr(bound)
    return np.clip(ndtri(low + ndtr(noise) * (high - low)), -bound, bound)


def interpolate(start: ArrayLike, end: ArrayLike, t: ArrayLike, spherical: bool = True) -> Array:
    """Noise on the way from one vector to another: float32 (steps, latent_dim).

    Args:
        start, end: (latent_dim,) each, or a row for each step.
        t: how far along, 0...1, a number or (steps,).
        spherical: along the arc between the two, so that the length stays typical of normal noise; otherwise along the
            chord, (1-t) start + t end.

    Example:
        >>> import gan_tutorial as gt
        >>> gt.interpolate([1, 0], [0, 1], [0, 0.5, 1], spherical=False).tolist()
        [[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]]
    """
    start, end = (np.atleast_2d(np.asarray(vectors, np.float64)) for vectors in (start, end))
    t = np.atleast_1d(t).astype(np.float64)[:, np.newaxis]
    chord = (1 - t) * start + t * end
    if not spherical:
        return chord.astype(np.float32)
    lengths = np.linalg.norm(start, axis=1) * np.linalg.norm(end, axis=1)
    angle = np.arccos(np.clip((start * end).sum(1) / lengths, -1, 1))[:, np.newaxis]
    # Between parallel vectors the arc is the chord.
    sine = np.where(np.sin(angle) > 1e-6, np.sin(angle), np.inf)
    arc = (np.sin((1 - t) * angle) * start + np.sin(t * angle) * end) / sine
    return np.where(np.isinf(sine), chord, arc).astype(np.float32)
