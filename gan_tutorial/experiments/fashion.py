"""One training on Fashion-MNIST, and how good it is."""

import functools

import numpy as np

from ..data import load_fashion_mnist
from ..evaluation.case import case_of_generator
from ..evaluation.features import find_judge
from ..evaluation.panel import grade
from ..models import build_discriminator, build_generator
from ..training import train_cgan

#: The course's own recipe, narrow and short: a minute or less on a single core.
FASHION_BASE = {
    "steps": 2500, "batch_size": 32, "width": 16, "discriminator_width": 16, "activation": "relu", "n": 60_000,
    "generator_rate": 1e-3, "discriminator_rate": 2e-3,
}  # fmt: skip

_GENERATOR = {"width": "width", "activation": "activation", "conditioning": "generator_conditioning"}
_DISCRIMINATOR = {
    "width": "discriminator_width", "dropout": "dropout", "spectral_norm": "spectral_norm",
    "conditioning": "discriminator_conditioning",
}  # fmt: skip
_IMAGES = 5000
_METRICS = ("frechet", "precision", "recall", "conditional_accuracy")


def train_fashion(seed=0, progress=False, **changes):
    """Train a conditional GAN with FASHION_BASE and changes to it, and grade it by the shipped classifier.

    Args:
        seed: of weights, data order, noise, and of which images are kept.
        **changes: fields of `Settings`; width, activation, generator_conditioning;
            discriminator_width, dropout, spectral_norm, discriminator_conditioning; n, training images.

    Returns the numbers, a dict: those in `panel.METRICS`, and
        gap_swing: standard deviation of the gap between the logits of real and
            generated images over the last third.
        memory: how much higher the discriminator rates training images than
            test images, in logits.
        augmentation: probability of augmentation at the end.
    """
    settings = {**FASHION_BASE, **changes}
    n = settings.pop("n")
    train_data, test_data = fashion_split("train"), fashion_split("test")
    generator = build_generator(num_classes=10, seed=seed, **_take(settings, _GENERATOR))
    discriminator = build_discriminator(num_classes=10, seed=seed, **_take(settings, _DISCRIMINATOR))
    kept = train_data.take(np.random.default_rng(seed).permutation(len(train_data))[:n])
    result = train_cgan(generator, discriminator, kept.images, kept.labels, seed=seed, progress=progress, **settings)
    case = case_of_generator(
        result.generator, train_data, test_data, find_judge(None, "fashion_mnist", (28, 28, 1)), _IMAGES
    )
    numbers = {name: estimate.value for name, estimate in grade(case, _METRICS).items()}
    gap = result.history["real_logit"] - result.history["fake_logit"]
    numbers["gap_swing"] = float(np.std(gap[-len(gap) // 3 :]))
    numbers["memory"] = _mean_logit(discriminator, kept) - _mean_logit(discriminator, test_data)
    numbers["augmentation"] = float(result.history["augmentation"][-1])
    return numbers


@functools.cache
def fashion_split(split):
    """Fashion-MNIST, read once for all trainings of an experiment."""
    return load_fashion_mnist(split)


def _take(settings, names):
    """Those settings that are options of a model, under the model's own names, taken out of the settings."""
    return {option: settings.pop(name) for option, name in names.items() if name in settings}


def _mean_logit(discriminator, data):
    few = data.take(slice(2000))
    inputs = [few.images, few.labels] if len(discriminator.inputs) > 1 else few.images
    outputs = discriminator.predict(inputs, batch_size=500, verbose=0)
    return float(np.mean(outputs[0] if isinstance(outputs, list) else outputs))
