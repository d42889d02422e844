"""How diverse are the samples, and how smooth is the path between them?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .. import quiet
from ..data.points import points_mixture
from .inputs import check_matrix
from .intervals import Estimate

if TYPE_CHECKING:
    from keras import Model


def pair_within_classes(labels: ArrayLike, pairs: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Random pairs of different samples of the same class: two index arrays (pairs,)."""
    labels = np.asarray(labels)
    rng = np.random.default_rng(seed)
    groups = [members for c in np.unique(labels) if len(members := np.flatnonzero(labels == c)) > 1]
    if not groups:
        raise ValueError("no class has two samples to compare")
    chosen = np.array([rng.choice(groups[i % len(groups)], 2, replace=False) for i in range(pairs)])
    return chosen[:, 0], chosen[:, 1]


def pairwise_distances(features: ArrayLike, labels: ArrayLike, pairs: int = 5000, seed: int = 0) -> np.ndarray:
    """Feature distances (pairs,) between random samples of the same class; their mean measures diversity."""
    first, second = pair_within_classes(labels, pairs, seed)
    features = np.asarray(features, np.float64)
    return np.linalg.norm(features[first] - features[second], axis=1)


def structural_similarities(images: np.ndarray, labels: ArrayLike, pairs: int = 1000, seed: int = 0) -> np.ndarray:
    """Multi-scale structural similarity (pairs,) of random pairs of a class (Odena et al. 2017, section 4.2).

    1 for equal images: a high mean means little diversity. On small images fewer scales are used, so that the 11×11
    window still fits: two for 28 pixels, three for 64. Negative similarities count as 0.
    """
    quiet.import_tensorflow()
    import tensorflow as tf

    first, second = pair_within_classes(labels, pairs, seed)
    scales = max(1, int(np.log2(images.shape[1] / 11)) + 1)
    # The published weights of the finest scales, normalized to sum to 1 again.
    weights = np.array([0.0448, 0.2856, 0.3001, 0.2363, 0.1333])[:scales]
    blocks = [
        tf.image.ssim_multiscale(images[first[i : i + 100]], images[second[i : i + 100]], 2.0, weights / weights.sum())
        for i in range(0, pairs, 100)
    ]
    return np.nan_to_num(np.concatenate(blocks), nan=0.0)


def vendi_score(features: ArrayLike) -> float:
    """Vendi score, Friedman & Dieng 2023: how many different samples there seem to be, 1 (all alike) to min(n, k).

    exp(-Σ λ log λ) over the eigenvalues λ of K/n, where K holds the cosine similarities of the features (n, k). A set of
    m equally large groups, alike within and at right angles to each other, scores m. It never looks at a real image,
    so a large score does not say that the samples are good.

    Raises ValueError for fewer than two rows, or values that are not finite.
    """
    return vendi_estimate(features).value


def vendi_estimate(features: ArrayLike) -> Estimate:
    """`vendi_score` with an interval, from how much the samples' shares in the entropy vary."""
    x = check_matrix(features, "generated")
    n, lengths = len(x), np.linalg.norm(x, axis=1, keepdims=True)
    # Rows of length 1. Rows of zeros have no direction: a column is added for them, so that they are alike.
    x = np.hstack([x / np.where(lengths, lengths, 1), lengths == 0])
    # XᵀX and K = XXᵀ have the same eigenvalues, except for zeros. They are the mean squares of the samples' coordinates
    # along the eigenvectors.
    eigenvalues, vectors = np.linalg.eigh(x.T @ x / n)
    # 0 log 0 = 0.
    shares = -((x @ vectors) ** 2) @ np.log(np.maximum(eigenvalues, np.finfo(float).tiny))
    score = np.exp(shares.mean())
    return Estimate.around(score, score * shares.std(ddof=1) / np.sqrt(n))


def path_lengths(
    generator: Model, features: Callable[[np.ndarray], ArrayLike], n: int = 1000,
    conditions: Mapping[str, Any] | None = None, epsilon: float = 1e-3, seed: int = 0,
) -> np.ndarray:  # fmt: skip
    """Perceptual path lengths (n,), Karras et al. 2019, section 4.1, in the features of a classifier.

    |f(G(slerp(a, b, t + ε))) - f(G(slerp(a, b, t)))|² / ε² for random noises a, b and random t: how fast the image
    changes along the path. Their mean is the perceptual path length; large means jumps.

    Args:
        features: callable, images to features (n, k).
        conditions: as for `generate_images`, by name.
    """
    # Imported here, because they import TensorFlow.
    from .. import sampling
    from ..models.interface import latent_dim

    start, end = np.split(sampling.generate_noise(2 * n, latent_dim(generator), seed=seed), 2)
    t = np.random.default_rng(seed).uniform(0, 1 - epsilon, n)

    def features_at(t: np.ndarray) -> np.ndarray:
        noise = sampling.interpolate(start, end, t)
        images = sampling.generate_images(generator, seed=seed, noise=noise, **(conditions or {}))
        return np.asarray(features(images), np.float64)

    return ((features_at(t + epsilon) - features_at(t)) ** 2).sum(1) / epsilon**2


def modes_covered(points: ArrayLike, name: str) -> tuple[int, float]:
    """How many modes of a points distribution, such as "ring", have samples; and the share of samples near one.

    A sample is of high quality if it lies within three standard deviations of a mode's centre; a mode is covered if it
    has one such sample. `points` are float (n, 2).
    """
    centres, labels, sigma = points_mixture(name)
    distances = np.linalg.norm(np.asarray(points)[:, None] - centres, axis=2)
    near = distances.min(1) < 3 * sigma
    return len(np.unique(labels[distances.argmin(1)[near]])), float(near.mean())
