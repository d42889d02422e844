"""Trainings on portraits: whether people come out as they were asked for, and who comes if nobody said."""

import functools
from typing import Any

import numpy as np
from keras import Model

from ..data import Dataset, load_portraits
from ..evaluation import find_extractor
from ..metrics import frechet_distance
from ..models import build_discriminator, build_generator
from ..presets import get_preset
from ..sampling import generate_images
from ..training import train_cgan

#: The course's own networks and recipe, for a minute.
PORTRAITS_BASE: dict[str, Any] = {"seconds": 60.0, "preset": "default", "generator": {}, "discriminator": {}}
#: Two tones, one of them the minority.
TONES_BASE: dict[str, Any] = {"minority": 5, "majority": 1, "share": 0.5, "steps": 1500}

_STABLE: dict[str, Any] = {"r1": 1.0, "penalty_every": 4}
_split = functools.cache(load_portraits)


def train_portraits(
    seed: int, seconds: float, preset: str, generator: dict[str, Any], discriminator: dict[str, Any], **training: Any
) -> dict[str, float]:
    """Train a conditional GAN on portraits for so many seconds, compiling included, and evaluate it.

    Args:
        preset: recipe to begin with; `generator`, `discriminator` and `training` are options that change it.

    Returns the numbers: "role", "style", "gender" and "tone", shares of pictures of held-out combinations that show what
    was asked for, to the classifier that ships; "error", the mean share that does not, and "seen_error", the same for
    combinations of the training; "frechet", the distance to the training images; "steps", how many were done.
    """
    people, recipe = _split("train"), get_preset(preset)
    options = {"image_shape": people.image_shape, "conditions": people.conditions, "width": 16, "seed": seed}
    result = train_cgan(
        build_generator(**{**options, "upsampling": "resize", **recipe.generator, **generator}),
        build_discriminator(**{**options, **recipe.discriminator, **discriminator}),
        people, steps=1_000_000, seed=seed, progress=False, callbacks=[lambda report: report.seconds >= seconds],
        **{**recipe.training, **training},
    )  # fmt: skip
    _, held_out = _evaluate(result.generator, _split("test"), seed)
    distance, seen = _evaluate(result.generator, people, seed)
    errors = {"error": 1 - np.mean([*held_out.values()]), "seen_error": 1 - np.mean([*seen.values()])}
    return {**held_out, **{k: float(v) for k, v in errors.items()}, "frechet": distance, "steps": float(result.step)}


def _evaluate(generator: Model, people: Dataset, seed: int) -> tuple[float, dict[str, float]]:
    """Distance of generated people to these, and of each condition the share that is as asked for."""
    extractor = find_extractor("classifier", "portraits", people.image_shape)
    known, values = people.conditions, dict[str, Any](people.values)
    real, made = extractor(people.images), extractor(generate_images(generator, seed=seed, **values))
    shares = {name: (p.argmax(1) == known[name].nearest(values[name])).mean() for name, p in made.by_condition.items()}
    return frechet_distance(real.features, made.features), {name: float(share) for name, share in shares.items()}


def train_on_unbalanced_tones(seed: int, minority: int, majority: int, share: float, steps: int) -> dict[str, float]:
    """Train a GAN on people of two tones, ask it for roles, styles and genders, and count the tones that come.

    All training images of the majority take part, and as many of the minority as make up its share.

    Returns the numbers: "share" of the minority among the generated people of both tones, as the shipped classifier sees
    them; "error", by how much that falls short of the share in the training set, in per cent of it; "other", the share of
    people of another tone.
    """
    people, rng = _split("train"), np.random.default_rng(seed)
    common, rare = (np.flatnonzero(people.attributes["tone"] == tone) for tone in (majority, minority))
    kept = rng.permutation(rare)[: round(len(common) * share / (1 - share))]
    few = people.take(np.concatenate([common, kept]))
    true = len(kept) / len(few)
    asked = {name: values for name, values in few.values.items() if name != "tone"}
    conditions = {name: few.conditions[name] for name in asked}
    options: dict[str, Any] = {"image_shape": few.image_shape, "conditions": conditions, "width": 16, "seed": seed}
    networks = build_generator(upsampling="resize", **options), build_discriminator(**options)
    result = train_cgan(*networks, few.images, conditions=asked, steps=steps, seed=seed, progress=False, **_STABLE)
    extractor = find_extractor("classifier", "portraits", few.image_shape)
    # Each wish several times, with new noise: the noise has to decide.
    wishes: dict[str, Any] = {name: np.tile(values, 5) for name, values in asked.items()}
    tones = extractor(generate_images(result.generator, seed=seed, **wishes)).by_condition["tone"].argmax(1)
    found, most = (float((tones == tone).mean()) for tone in (minority, majority))
    generated = found / max(found + most, 1e-9)
    return {"share": generated, "error": 100 * (true - generated) / true, "other": 1 - found - most}
