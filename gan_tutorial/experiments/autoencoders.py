"""Three models that make images from the same noise, trained under equal terms: VAE, VAE-GAN, GAN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from ..data.validation import find
from ..evaluation.classification import classifier_outputs
from ..metrics import frechet_distance
from ..models import build_discriminator, build_encoder, build_generator
from ..pretrained.weights import load_pretrained
from ..sampling import generate_images, reconstruct
from ..training import GANStep, Trainer, VAEGANStep, VAEStep
from ..training.steps.base import Player, Step
from .fashion import fashion_split

#: What the three share: steps, images per step, widths, learning rate, both decays of Adam, averaged weights.
EQUAL_BASE: dict[str, Any] = {
    "model": "vae", "steps": 1500, "batch_size": 32, "width": 16, "learning_rate": 1e-3, "beta_1": 0.0, "beta_2": 0.99,
    "ema": 0.99,
}  # fmt: skip
_IMAGES = 5000


def train_on_equal_terms(
    seed: int, model: str, steps: int, batch_size: int, width: int, learning_rate: float, beta_1: float, beta_2: float,
    ema: float, kl_weight: float = 4.0,
) -> dict[str, float]:  # fmt: skip
    """Train a "vae", a "vae_gan" or a "gan" on Fashion-MNIST, and evaluate it by the shipped classifier.

    Each learning rate falls to zero by a cosine, and each decoder is averaged; networks of one seed start from the same
    weights. `kl_weight` is the divergence's, over the number of values that are compared: pixels, or features.

    Returns the numbers: "frechet" and "sharpness" of sampled images; but for the GAN also "rebuilt_frechet",
    "rebuilt_sharpness" and "pixel_error", the mean squared one, of reconstructed test images. The distances are to
    other test images than those reconstructed.
    """
    encoder, decoder = (build(width=width, seed=seed) for build in (build_encoder, build_generator))
    discriminator = build_discriminator(width=width, seed=seed)
    rate = keras.optimizers.schedules.CosineDecay(learning_rate, steps)
    steps_of: dict[str, Callable[[], Step]] = {
        "vae": lambda: VAEStep(encoder, decoder, kl_weight=kl_weight),
        "vae_gan": lambda: VAEGANStep(encoder, decoder, discriminator, kl_weight=kl_weight),
        "gan": lambda: GANStep(decoder, discriminator),
    }
    step = find("model", model, steps_of)()
    # The steps have optimizers and averages of their own choice: here all have the same.
    for name, player in step.players.items():
        step.players[name] = Player(player.networks, keras.optimizers.Adam(rate, beta_1, beta_2))
    step.averaged = ("generator" if model == "gan" else "decoder",)
    data, test = fashion_split("train").images, fashion_split("test").images
    options: dict[str, Any] = {"steps": steps, "batch_size": batch_size, "seed": seed, "ema": ema}
    result = Trainer(step, data, **options).fit(progress=False)
    classifier, _ = load_pretrained("classifier_fashion_mnist")
    features = classifier_outputs(classifier, test[:_IMAGES])[0]

    def judge(images: np.ndarray, prefix: str = "") -> dict[str, float]:
        distance = frechet_distance(features, classifier_outputs(classifier, images)[0])
        return {f"{prefix}frechet": distance, f"{prefix}sharpness": sharpness(images)}

    numbers = judge(generate_images(result.generator, _IMAGES, seed=seed))
    if model == "gan":
        return numbers
    others = test[-_IMAGES:]
    rebuilt = reconstruct(encoder, result.generator, others)
    return {**numbers, **judge(rebuilt, "rebuilt_"), "pixel_error": float(((rebuilt - others) ** 2).mean())}


def sharpness(images: np.ndarray) -> float:
    """Mean size of the differences between neighbouring pixels of images (n, height, width, channels).

    Speckle counts, too.
    """
    return float(np.abs(np.diff(images, axis=1)).mean() + np.abs(np.diff(images, axis=2)).mean()) / 2
