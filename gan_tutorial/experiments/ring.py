"""One training on the ring of Gaussians, and how much it oscillates.

Oscillation is measured over the last third of a training, when it should have
come to rest, on the same noise every hundred steps.
"""

from dataclasses import dataclass

import numpy as np

from ..data import make_points, points_mixture
from ..evaluation import modes_covered
from ..evaluation.distances import sliced_wasserstein
from ..models import build_points_discriminator, build_points_generator
from ..sampling import generate_images, generate_noise
from ..training import train

#: What a first attempt looks like: Adam as Keras ships it, and no precaution.
RING_BASE = {
    "steps": 4000, "batch_size": 256, "loss": "non_saturating", "generator_rate": 1e-3, "discriminator_rate": 1e-3,
    "half_rate_steps": 0, "beta_1": 0.9, "beta_2": 0.999, "ema": 0.0,
}  # fmt: skip

_POINTS = 1000
_EVERY = 100
_DISCRIMINATOR = ("spectral_norm",)


@dataclass(frozen=True)
class RingRun:
    """A finished training on the ring.

    frames: float32 (k, 1000, 2), the points of the same noise every hundred
    steps; steps: (k,); history: as of a `Result`; metrics: dict of numbers.
    """

    frames: np.ndarray
    steps: np.ndarray
    history: dict
    metrics: dict
    data: np.ndarray
    generator: object
    discriminator: object


def train_ring(seed=0, width=64, n=20_000, progress=False, **changes):
    """Train on the ring with RING_BASE and changes to it; returns a `RingRun`.

    Args:
        seed: of weights, data order and noise.
        width: of the hidden layers.
        n: training points.
        **changes: fields of `Settings`, and spectral_norm of the discriminator.
    """
    settings = {**RING_BASE, **changes}
    options = {name: settings.pop(name) for name in _DISCRIMINATOR if name in settings}
    data = make_points("ring", n)
    generator = build_points_generator(width=width, seed=10 * seed)
    discriminator = build_points_discriminator(width=width, seed=10 * seed, **options)
    noise = generate_noise(_POINTS, 2, seed=0)
    frames, steps = [], []

    def watch(report):
        frames.append(generate_images(report.generator, noise=noise))
        steps.append(report.step)

    result = train(
        generator, discriminator, data.images, callback=watch, progress=progress, seed=seed, steps_per_call=_EVERY,
        **settings,
    )  # fmt: skip
    frames = np.stack(frames)
    metrics = {**oscillation(frames, result.history), **_memory(discriminator, data.images)}
    return RingRun(frames, np.array(steps), result.history, metrics, data.images, result.generator, discriminator)


def oscillation(frames, history):
    """How good the last third of a training was, and how restless.

    Args:
        frames: (k, n, 2) points of the same noise, at equal distances in time.
        history: with "real_logit" and "fake_logit", (k,) each.

    Returns a dict:
        distance: sliced Wasserstein distance to the ring, mean.
        modes: number of the eight modes that have samples, mean.
        quality: share of points within three standard deviations of a mode, mean.
        hopping: share of noise vectors whose point lies at another mode one
            frame later, mean; 0 if there is one frame only.
        distance_swing: standard deviation of the distance over time.
        gap_swing: the same of the gap between the logits of real and generated points.
    """
    last = slice(-max(2, len(frames) // 3), None)
    test = make_points("ring", len(frames[0]), "test").images
    centres, _, _ = points_mixture("ring")
    late = frames[last]
    distances = [sliced_wasserstein(test, points) for points in late]
    covered = np.array([modes_covered(points, "ring") for points in late])
    homes = np.linalg.norm(late[:, :, None] - centres, axis=3).argmin(2)
    gap = np.asarray(history["real_logit"][last]) - np.asarray(history["fake_logit"][last])
    numbers = {
        "distance": np.mean(distances),
        "modes": covered[:, 0].mean(),
        "quality": covered[:, 1].mean(),
        "hopping": (homes[1:] != homes[:-1]).mean() if len(late) > 1 else 0.0,
        "distance_swing": np.std(distances),
        "gap_swing": np.std(gap),
    }
    return {name: float(value) for name, value in numbers.items()}


def _memory(discriminator, training):
    """How much higher the discriminator rates points that it was trained on than others of the same ring."""
    test = make_points("ring", 5000, "test").images
    known, unknown = (np.asarray(discriminator(points, training=False)).mean() for points in (training[:5000], test))
    return {"memory": float(known - unknown)}
