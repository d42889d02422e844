"""Drawing from a generator: noise in, images out."""

import numpy as np

from .training.settings import check_attributes, check_labels, num_attributes_of, num_classes_of

# One compiled call handles any number of images in blocks of this size.
_BLOCK = 250


def generate_noise(n, latent_dim=64, seed=None, truncation=None):
    """Standard normal noise, float32 (n, latent_dim).

    Args:
        seed: the same seed gives the same noise; None for new noise.
        truncation: bound t; all values then lie within [-t, t], distributed as
            a normal cut off there (Brock et al. 2019, section 3.1). The same
            seed with a smaller bound gives the same draw, drawn in: a smooth
            path, made for sliders.
    """
    if n < 1 or latent_dim < 1:
        raise ValueError(f"n and latent_dim must be at least 1, not {n} and {latent_dim}")
    noise = np.random.default_rng(seed).standard_normal((n, latent_dim))
    if truncation is not None:
        noise = truncate(noise, truncation)
    return noise.astype(np.float32)


def truncate(noise, bound):
    """Map normal noise to noise from the normal cut off at ±bound, keeping each value's rank."""
    from scipy.special import ndtr, ndtri

    if not bound > 0:
        raise ValueError(f"truncation must be greater than 0, not {bound}")
    low, high = ndtr(-bound), ndtr(bound)
    return np.clip(ndtri(low + ndtr(noise) * (high - low)), -bound, bound)


def generate_images(generator, n=16, labels=None, attributes=None, seed=None, truncation=None, noise=None):
    """Draw images from a generator.

    Args:
        generator: a Keras model as `build_generator` makes it.
        n: how many images; ignored when labels or noise say it.
        labels: for a conditional generator, one label for all images, or one
            for each; None for all classes in turn.
        attributes: for a generator with continuous conditions, one row for all
            images or one for each; None for 0.5.
        seed, truncation: as for `generate_noise`.
        noise: float32 (n, latent_dim), instead of n, seed and truncation.

    Returns float32 images (n, height, width, channels) in [-1, 1]. Raises
    ValueError for labels that the generator does not know.
    """
    latent_dim = generator.inputs[0].shape[-1]
    if noise is not None:
        noise = np.asarray(noise, np.float32)
        if noise.ndim != 2 or noise.shape[1] != latent_dim or not len(noise):
            raise ValueError(f"noise must have the shape (n, {latent_dim}), not {noise.shape}")
        n = len(noise)
    elif np.ndim(labels):
        n = len(labels)
    if noise is None:
        noise = generate_noise(n, latent_dim, seed, truncation)
    return _run(generator, [noise, *_conditions(generator, n, labels, attributes)])


def _conditions(generator, n, labels, attributes):
    num_classes, num_attributes = num_classes_of(generator), num_attributes_of(generator)
    conditions = []
    if num_classes is None and labels is not None:
        raise ValueError("this generator takes no labels: it was trained without them")
    if num_classes is not None:
        labels = np.arange(n) % num_classes if labels is None else np.asarray(labels)
        conditions.append(check_labels(np.full(n, labels) if labels.ndim == 0 else labels, n, num_classes))
    if num_attributes:
        attributes = np.asarray(0.5 if attributes is None else attributes, np.float32)
        if attributes.ndim < 2:
            attributes = np.broadcast_to(attributes, (n, num_attributes))
        conditions.append(check_attributes(attributes, n, num_attributes))
    return conditions


def _run(generator, inputs):
    n = len(inputs[0])
    if n <= _BLOCK:
        return _predict(generator, inputs)
    blocks = [_predict(generator, [a[i : i + _BLOCK] for a in inputs]) for i in range(0, n, _BLOCK)]
    return np.concatenate(blocks)


def _predict(generator, inputs):
    # Keras compiles this call once for each number of images, and keeps it.
    return generator.predict_on_batch(inputs if len(inputs) > 1 else inputs[0])


def interpolate(start, end, t, spherical=True):
    """Noise on the way from one vector to another.

    Args:
        start, end: (latent_dim,) each, or a row for each step.
        t: how far along, 0...1, a number or (steps,).
        spherical: along the arc between the two, so that the
            length stays typical of normal noise; otherwise along the chord,
            (1-t) start + t end.

    Returns float32 (steps, latent_dim).
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
