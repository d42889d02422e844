"""One training on Fashion-MNIST, and how good it is."""

import functools
from typing import Any

import numpy as np
from keras import Model

from ..data import Dataset, load_fashion_mnist
from ..evaluation import context_for_generator, evaluate, find_extractor
from ..models import build_discriminator, build_generator
from ..models.interface import pack_inputs
from ..training import train_cgan

#: The course's own recipe, narrow and short: a minute or less on a single core.
FASHION_BASE = {
    "steps": 2500, "batch_size": 32, "width": 16, "discriminator_width": 16, "activation": "relu", "n": 60_000,
    "generator_learning_rate": 1e-3, "discriminator_learning_rate": 2e-3,
}  # fmt: skip

#: What settings are called as options of the models.
_GENERATOR = {"width": "width", "activation": "activation", "generator_conditioning": "conditioning"}
_DISCRIMINATOR = {
    "discriminator_width": "width", "dropout": "dropout", "spectral_norm": "spectral_norm",
    "discriminator_conditioning": "conditioning",
}  # fmt: skip
_IMAGES = 5000

#: `load_fashion_mnist`, which reads a split once for all trainings of an experiment.
fashion_split = functools.cache(load_fashion_mnist)


def train_fashion(seed: int = 0, progress: bool = False, **changes: Any) -> dict[str, float]:
    """Train a conditional GAN with FASHION_BASE and changes to it, and evaluate it by the shipped classifier.

    Args:
        seed: of weights, data order, noise, and of which images are kept.
        **changes: options of `train_cgan`; width, activation, generator_conditioning; discriminator_width, dropout,
            spectral_norm, discriminator_conditioning; n, training images.

    Returns the numbers, a dict: some of `evaluation.METRICS`, and
        gap_swing: standard deviation of the gap between the logits of real and generated images over the last third.
        generalization_gap: how much higher the discriminator rates training images than test images, in logits.
        augmentation_probability: at the end of the training.
    """
    settings = {**FASHION_BASE, **changes}
    generator = build_generator(num_classes=10, seed=seed, **_take(settings, _GENERATOR))
    discriminator = build_discriminator(num_classes=10, seed=seed, **_take(settings, _DISCRIMINATOR))
    train_data, test_data = fashion_split("train"), fashion_split("test")
    kept = train_data.take(np.random.default_rng(seed).permutation(len(train_data))[: settings.pop("n")])
    result = train_cgan(generator, discriminator, kept.images, kept.labels, seed=seed, progress=progress, **settings)
    extractor = find_extractor(None, "fashion_mnist", (28, 28, 1))
    context = context_for_generator(result.generator, train_data, test_data, extractor, _IMAGES)
    metrics = evaluate(context, ("frechet", "precision", "recall", "conditional_accuracy"))
    gap = result.history["real_logit"] - result.history["fake_logit"]
    return {
        **{name: estimate.value for name, estimate in metrics.items()},
        "gap_swing": float(np.std(gap[-len(gap) // 3 :])),
        "generalization_gap": _mean_logit(discriminator, kept) - _mean_logit(discriminator, test_data),
        "augmentation_probability": float(result.history["augmentation_probability"][-1]),
    }


def _take(settings: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names[key]: settings.pop(key) for key in names if key in settings}


def _mean_logit(discriminator: Model, data: Dataset) -> float:
    few = data.take(slice(2000))
    inputs = pack_inputs(discriminator, few.images, {"label": few.labels})
    outputs = discriminator.predict(inputs, batch_size=500, verbose=0)
    return float(np.mean(outputs[0] if isinstance(outputs, list) else outputs))
