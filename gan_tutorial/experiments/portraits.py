"""Trainings on portraits: whether people come out as asked for, who comes if nobody said, and what they are good for."""

import functools
import time
from typing import Any

import numpy as np

from ..data import Dataset, load_portraits
from ..evaluation import conditions_met, find_extractor
from ..evaluation.features import Extraction
from ..metrics import frechet_distance, kernel_distance
from ..models import build_discriminator, build_generator, build_style_generator
from ..presets import get_preset
from ..sampling import generate_images
from ..training import train_cgan
from .applications import STABLE, rare_class_errors

#: Networks of the course's usual width.
PORTRAITS_BASE: dict[str, Any] = {
    "seconds": 100.0, "generator": {"width": 16, "upsampling": "resize"}, "discriminator": {"width": 16},
}  # fmt: skip
#: The same with the preset "matching", and a little less time.
STYLE_BASE: dict[str, Any] = {**PORTRAITS_BASE, "seconds": 60.0, **get_preset("matching").training}
#: Networks and recipe of notebook 3.
NETWORKS_BASE: dict[str, Any] = {
    "seconds": 45.0, "generator": {"latent_dim": 16, "width": 16, "seed_channels": 128}, "discriminator": {"width": 16},
    **get_preset("matching").training,
}  # fmt: skip
#: Two tones, one of them the minority.
TONES_BASE: dict[str, Any] = {"minority": 5, "majority": 1, "share": 0.5, "steps": 1000}
#: A drawing style of which there are few pictures.
RARE_STYLE_BASE: dict[str, Any] = {"rare": "fluent", "few": 20, "remedy": "none", "epochs": 10, "steps": 1000}

_split = functools.cache(load_portraits)


def train_portraits(
    seed: int, seconds: float, generator: dict[str, Any], discriminator: dict[str, Any], style_based: bool = False,
    **training: Any,
) -> dict[str, float]:  # fmt: skip
    """Train a conditional GAN on portraits for so many seconds of processor time, compiling included, and evaluate it.

    Args:
        generator, discriminator, training: options of the two builders, and of `train_cgan`.
        style_based: whether `build_style_generator` builds the generator.

    Returns the numbers: "role", "style", "gender" and "tone", shares of pictures of held-out combinations that show what
    was asked for, according to the shipped classifier; "error", the mean share that does not, and "real_error", that of
    the true pictures; "pixel_error", the mean difference to these, in grey levels of 255; "seen_error", "frechet" and
    "kernel", error and distances for combinations of the training; "done", how many steps there was time for.
    """
    people, test = _split("train"), _split("test")
    options: dict[str, Any] = {"image_shape": people.image_shape, "conditions": people.conditions, "seed": seed}
    build = build_style_generator if style_based else build_generator
    networks = build(**options, **generator), build_discriminator(**options, **discriminator)
    start = time.process_time()
    result = train_cgan(
        *networks, people, steps=1_000_000, seed=seed, progress=False,
        callbacks=[lambda report: time.process_time() - start >= seconds], **training,
    )  # fmt: skip
    extractor = find_extractor("classifier", "portraits", people.image_shape)
    images, seen = (generate_images(result.generator, seed=seed, **dict[str, Any](s.values)) for s in (test, people))
    made, real = extractor(seen), extractor(people.images)
    held_out = _shares(extractor(images), test)
    return {
        **held_out,
        "error": _error(held_out),
        "real_error": _error(_shares(extractor(test.images), test)),
        "pixel_error": 127.5 * float(np.abs(images - test.images).mean()),
        "seen_error": _error(_shares(made, people)),
        "frechet": frechet_distance(real.features, made.features),
        "kernel": kernel_distance(real.features, made.features)[0],
        "done": float(result.step),
    }


def _shares(extraction: Extraction, people: Dataset) -> dict[str, float]:
    """Of each condition, the share of pictures that show it."""
    return {name: float(met.mean()) for name, met in conditions_met(extraction.by_condition, people).items()}


def _error(shares: dict[str, float]) -> float:
    return 1 - float(np.mean(list(shares.values())))


def train_on_unbalanced_tones(seed: int, minority: int, majority: int, share: float, steps: int) -> dict[str, float]:
    """Train a GAN on people of two tones, ask it for roles, styles and genders, and count the tones that come.

    All training images of the majority take part, and as many of the minority as make up its share.

    Returns the numbers: "share" of the minority among the generated people of both tones, according to the shipped
    classifier; "error", how far that is from the share in the training set, in per cent of it; "other", the share of
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
    result = train_cgan(*networks, few.images, conditions=asked, steps=steps, seed=seed, **STABLE)
    extractor = find_extractor("classifier", "portraits", few.image_shape)
    # Each combination several times, with new noise: the noise has to decide.
    repeated: dict[str, Any] = {name: np.tile(values, 5) for name, values in asked.items()}
    tones = extractor(generate_images(result.generator, seed=seed, **repeated)).by_condition["tone"].argmax(1)
    found, most = (float((tones == tone).mean()) for tone in (minority, majority))
    generated = found / max(found + most, 1e-9)
    return {"share": generated, "error": 100 * abs(true - generated) / true, "other": 1 - found - most}


def train_with_rare_style(seed: int, rare: str, few: int, remedy: str, epochs: int, steps: int) -> dict[str, float]:
    """Train a classifier of the drawing style with few pictures of one style, and a remedy as for `train_with_rare_class`.

    The rare class is a style because the held-out combinations have seventy pictures of each, but seven or so of a role. All
    pictures are halved to 32×32, to be quick. The GAN knows all conditions, and is asked for people of the other styles,
    drawn in the rare one. Returns the numbers "error", on pictures of the rare style, and "other_error".
    """
    people = _split("train")
    data, test = (
        Dataset("portraits", _halved(s.images), s.values["style"], s.conditions["style"].categories)
        for s in (people, _split("test"))
    )
    label = data.class_names.index(rare)
    many = int(np.bincount(data.labels).min())

    def generate(chosen: np.ndarray, count: int) -> np.ndarray:
        rng, styles = np.random.default_rng(seed), data.labels[chosen]
        # Each style equally often, or the GAN would hardly ever see the rare one.
        even = np.concatenate([rng.choice(chosen[styles == style], many) for style in range(data.num_classes)])
        options: dict[str, Any] = {"image_shape": data.image_shape, "conditions": people.conditions, "width": 16}
        networks = build_generator(seed=seed, **options), build_discriminator(seed=seed, **options)
        training: dict[str, Any] = {**STABLE, **get_preset("matching").training, "augment": ("translation",)}
        training |= {"conditions": people.take(even).values, "steps": steps, "seed": seed}
        result = train_cgan(*networks, data.images[even], **training)
        asked: dict[str, Any] = {**people.take(rng.choice(chosen[styles != label], count)).values, "style": label}
        return generate_images(result.generator, seed=seed, **asked)

    return rare_class_errors(data, test, label, few, many, remedy, epochs, seed, generate)


def _halved(images: np.ndarray) -> np.ndarray:
    """Means of two by two pixels."""
    n, height, width, channels = images.shape
    return images.reshape(n, height // 2, 2, width // 2, 2, channels).mean((2, 4))
