"""How varied are the samples, and how smooth is the way between them?"""

import numpy as np

from ..data import points_mixture
from ..sampling import generate_images, generate_noise, interpolate


def pair_within_classes(labels, pairs, seed=0):
    """Random pairs of different samples of the same class: two index arrays (pairs,)."""
    labels = np.asarray(labels)
    rng = np.random.default_rng(seed)
    groups = [members for c in np.unique(labels) if len(members := np.flatnonzero(labels == c)) > 1]
    if not groups:
        raise ValueError("no class has two samples to compare")
    chosen = [rng.choice(groups[i % len(groups)], 2, replace=False) for i in range(pairs)]
    return np.array(chosen).T


def pairwise_distances(features, labels, pairs=5000, seed=0):
    """Feature distances (pairs,) between random samples of the same class; their mean measures variety."""
    first, second = pair_within_classes(labels, pairs, seed)
    features = np.asarray(features, np.float64)
    return np.linalg.norm(features[first] - features[second], axis=1)


def structural_similarities(images, labels, pairs=1000, seed=0):
    """Multi-scale structural similarity (pairs,) of random pairs of a class (Odena et al. 2017, section 4.2).

    1 for equal images: a high mean means little variety. On small images fewer
    scales are used, so that the 11×11 window still fits: two for 28 pixels,
    three for 64. Negative similarities count as 0.
    """
    import tensorflow as tf

    first, second = pair_within_classes(labels, pairs, seed)
    scales = max(1, int(np.log2(images.shape[1] / 11)) + 1)
    # The published weights of the finest scales, made to sum to 1 again.
    weights = np.array([0.0448, 0.2856, 0.3001, 0.2363, 0.1333])[:scales]
    blocks = [
        tf.image.ssim_multiscale(images[first[i : i + 100]], images[second[i : i + 100]], 2.0, weights / weights.sum())
        for i in range(0, pairs, 100)
    ]
    return np.nan_to_num(np.concatenate(blocks), nan=0.0)


def path_lengths(generator, features, n=1000, labels=None, attributes=None, epsilon=1e-3, seed=0):
    """Perceptual path lengths, Karras et al. 2019, section 4.1, in the features of a classifier: (n,).

    |f(G(slerp(a, b, t + ε))) - f(G(slerp(a, b, t)))|² / ε² for random noises a, b
    and random t: how fast the picture changes along the way. Their mean is the
    perceptual path length; large means jumps.

    Args:
        features: callable, images to features (n, k).
        labels, attributes: one for all samples, or one for each.
    """
    latent_dim = generator.inputs[0].shape[-1]
    start, end = np.split(generate_noise(2 * n, latent_dim, seed=seed), 2)
    t = np.random.default_rng(seed).uniform(0, 1 - epsilon, n)
    here, there = (
        features(generate_images(generator, noise=interpolate(start, end, t + move), labels=labels, attributes=attributes))
        for move in (0, epsilon)
    )  # fmt: skip
    return ((np.asarray(there, np.float64) - here) ** 2).sum(1) / epsilon**2


def modes_covered(points, name, within=3.0):
    """How many modes of a ring or grid have samples, and which share of samples lies near one.

    A sample is of high quality if it lies within three standard deviations of
    a mode's centre; a mode is covered if it has one such sample.

    Args:
        points: float (n, 2).
        name: of a points distribution, such as "ring".

    Returns an int and a float.
    """
    centres, labels, sigma = points_mixture(name)
    distances = np.linalg.norm(np.asarray(points)[:, None] - centres, axis=2)
    near = distances.min(1) < within * sigma
    return len(np.unique(labels[distances.argmin(1)[near]])), float(near.mean())
