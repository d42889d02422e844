"""One training on the ring of Gaussians, and how much it oscillates.

Oscillation is measured over the last third of a training, when it should have come to rest, on the same noise every
hundred steps.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import Model

from ..data import make_points, points_mixture
from ..metrics.distances import sliced_wasserstein
from ..metrics.diversity import modes_covered
from ..models import build_points_discriminator, build_points_generator
from ..sampling import generate_images, generate_noise
from ..training import Report, train

#: What a first attempt looks like: Adam as Keras ships it, and no precaution.
RING_BASE = {
    "steps": 4000, "batch_size": 256, "loss": "non_saturating", "generator_learning_rate": 1e-3,
    "discriminator_learning_rate": 1e-3, "decay_steps": 0, "beta_1": 0.9, "beta_2": 0.999, "ema": 0.0,
}  # fmt: skip


@dataclass(frozen=True)
class RingRun:
    """A finished training on the ring.

    frames: float32 (k, 1000, 2), generated from the same noise every hundred steps; steps: (k,); history: as of a
    `Result`; metrics: see `oscillation`, and "generalization_gap": mean logit of training points less that of test points.
    """

    frames: np.ndarray
    steps: np.ndarray
    history: dict[str, np.ndarray]
    metrics: dict[str, float]
    data: np.ndarray
    generator: Model
    discriminator: Model


def train_ring(
    seed: int = 0, width: int = 64, n: int = 20_000, spectral_norm: bool = False, progress: bool = False, **changes: Any
) -> RingRun:
    """Train on n points of the ring with RING_BASE and changes to it, options of `train`.

    seed: of weights, data order and noise; width: of the hidden layers; spectral_norm: of the discriminator.
    """
    data = make_points("ring", n).images
    generator = build_points_generator(width=width, seed=10 * seed)
    discriminator = build_points_discriminator(width=width, spectral_norm=spectral_norm, seed=10 * seed)
    noise, frames, steps = generate_noise(1000, 2, seed=0), [], []

    def record(report: Report) -> None:
        frames.append(generate_images(report.generator, noise=noise))
        steps.append(report.step)

    options = {**RING_BASE, "seed": seed, "steps_per_call": 100, "progress": progress, **changes}
    result = train(generator, discriminator, data, callbacks=[record], **options)
    points = np.stack(frames)
    metrics = oscillation(points, result.history)
    batches = data[:5000], make_points("ring", 5000, "test").images
    known, unknown = (np.asarray(discriminator(batch, training=False)).mean() for batch in batches)
    metrics["generalization_gap"] = float(known - unknown)
    return RingRun(points, np.array(steps), result.history, metrics, data, result.generator, discriminator)


def oscillation(frames: np.ndarray, history: dict[str, np.ndarray]) -> dict[str, float]:
    """How good the last third of a training was, and how restless.

    `frames` are (k, n, 2) points from the same noise, at equal distances in time; `history` has "real_logit" and
    "fake_logit", (k,) each. Returns a dict:
        distance: sliced Wasserstein distance to the ring, mean.
        modes: number of the eight modes that have samples, mean.
        quality: share of points within three standard deviations of a mode, mean.
        mode_switch_rate: share of noise vectors whose point is closest to another mode one frame later, mean; 0 if there
            is one frame only.
        distance_swing, gap_swing: standard deviation over time of the distance, and of the gap between the logits of
            real and generated points.
    """
    start, test = -max(2, len(frames) // 3), make_points("ring", len(frames[0]), "test").images
    late = frames[start:]
    distances = [sliced_wasserstein(test, points) for points in late]
    modes, quality = np.transpose([modes_covered(points, "ring") for points in late])
    nearest = np.linalg.norm(late[:, :, None] - points_mixture("ring")[0], axis=3).argmin(2)
    numbers = {
        "distance": np.mean(distances),
        "modes": modes.mean(),
        "quality": quality.mean(),
        "mode_switch_rate": (nearest[1:] != nearest[:-1]).mean() if len(late) > 1 else 0.0,
        "distance_swing": np.std(distances),
        "gap_swing": np.std(np.subtract(history["real_logit"], history["fake_logit"])[start:]),
    }
    return {name: float(value) for name, value in numbers.items()}
