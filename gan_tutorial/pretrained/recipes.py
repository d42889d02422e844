"""How the models that ship were made. `gan-tutorial weights make NAME` makes one again."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from keras import Model
from keras.optimizers.schedules import CosineDecay

from .. import models
from ..data import Dataset, draw_outlines, load_dataset, load_fashion_mnist, make_shapes
from ..data.shapes import COLOURS, PALETTE, SHAPES
from ..data.validation import find
from ..evaluation import classifier_outputs, conditions_met, train_classifier
from ..evaluation.features import classifier_extractor
from ..files import write_json
from ..metrics import conditional_accuracy, confusion_table, frechet_distance, measure_shapes
from ..network import describe
from ..presets import get_preset
from ..sampling import generate_images, reconstruct, translate
from ..training import Result, train, train_cgan, train_pix2pix, train_style_gan, train_vae, train_vae_gan
from . import translators
from .cards import ModelCard
from .weights import load_model, load_pretrained, save_model

#: Seeds of the training, and of the noise that metrics are computed with.
_SEED, _SAMPLE_SEED = 0, 1
_SAMPLES = 10_000

#: Models with their cards, by name.
Made = dict[str, tuple[Model, ModelCard]]


def make_weights(name: str, folder: str | Path) -> list[Path]:
    """Train the model that ships under `name`, and those that are trained together with it.

    Writes weights and cards, returns the paths without ending.
    """
    made = find("recipe", name, RECIPES)()
    for part, (model, card) in made.items():
        command = f"python -m gan_tutorial weights make {part}"
        save_model(model, Path(folder) / part, card.replace(command=command), half=True)
        if card.builder == "build_generator":  # so that pages can show it without TensorFlow, from the rounded weights
            write_json(Path(folder) / f"{part}.network.json", describe(load_model(Path(folder) / part)[0]).wiring)
    return [Path(folder) / part for part in made]


def _classifier(name: str, epochs: int, width: int, conditions: Sequence[str] = (), **settings: int) -> Made:
    data, test = load_dataset(name, "train"), load_dataset(name, "test")
    start, shifted = time.perf_counter(), settings.pop("shifted", 0)
    model, accuracies = train_classifier(data, test, conditions, epochs, _SEED, shifted, width=width, **settings)
    options: dict[str, Any] = {**_options(data, width), **settings}
    described: dict[str, Any] = {}
    if conditions:
        options["conditions"] = _specifications(data, *conditions)
    else:
        options["num_classes"], described["class_names"] = data.num_classes, list(data.class_names)
    metrics = {f"test_accuracy_{name}" if conditions else "test_accuracy": a for name, a in accuracies.items()}
    card = _card(data, "build_classifier", options, metrics, **described)
    return {f"classifier_{name}": (model, card.replace(seconds=round(time.perf_counter() - start, 1)))}


def _gan_fashion_mnist() -> Made:
    data = load_fashion_mnist()
    options = _options(data, width=48)
    # One stage more for the discriminator, which then judges 4×4 places, helped most of what was tried in short trainings.
    networks = models.build_generator(**options), models.build_discriminator(**_options(data), stages=3)
    result = train(*networks, data.images, r1=1.0, penalty_every=4, **_schedule(30_000, 2e-3, 2e-3))
    images = generate_images(result.generator, _SAMPLES, seed=_SAMPLE_SEED)
    metrics = {"frechet_classifier_distance": _compare_to_photographs(images)[0]}
    return {"gan_fashion_mnist": (result.generator, _card(data, "build_generator", options, metrics, result))}


def _cgan_fashion_mnist() -> Made:
    data, labels = load_fashion_mnist(), np.arange(_SAMPLES) % 10
    options = {**_options(data), "num_classes": 10}
    networks = models.build_generator(**options), models.build_discriminator(**options)
    result = train_cgan(*networks, data, **_schedule(30_000, 5e-4, 1e-3))
    images = generate_images(result.generator, labels=labels, seed=_SAMPLE_SEED)
    distance, probabilities = _compare_to_photographs(images)
    accuracy = conditional_accuracy(probabilities, labels)
    metrics = {"frechet_classifier_distance": distance, "conditional_accuracy": accuracy}
    card = _card(data, "build_generator", options, metrics, result, class_names=list(data.class_names))
    return {"cgan_fashion_mnist": (result.generator, card)}


def _cgan_shapes() -> Made:
    data = make_shapes(20_000)
    options = {**_options(data, width=16), "conditions": _specifications(data, "kind", "colour", "size")}
    generator_options = {"upsampling": "resize", **options}
    networks = models.build_generator(**generator_options), models.build_discriminator(stages=5, **options)
    # On these clean images the discriminator would soon be sure of everything: R1 keeps it gentle.
    schedule = {**get_preset("matching").training, "mismatch": 1.0, **_schedule(12_000, 1e-3, 1e-3)}
    result = train_cgan(*networks, data, **schedule)
    kinds, colours = np.divmod(np.arange(2400) % (len(SHAPES) * len(COLOURS)), len(COLOURS))
    sizes = np.random.default_rng(_SEED).random(2400).astype(np.float32)
    images = generate_images(result.generator, kind=kinds, colour=colours, size=sizes, seed=_SAMPLE_SEED)
    seen = measure_shapes(images)
    metrics = {
        "kind_accuracy": float((seen.kinds == kinds).mean()),
        "colour_accuracy": float((seen.colours == colours).mean()),
        "mean_size_error": float(np.abs(seen.sizes - sizes).mean()),
    }
    return {"cgan_shapes": (result.generator, _card(data, "build_generator", generator_options, metrics, result))}


def _cgan_portraits() -> Made:
    data = load_dataset("portraits", "train")
    # With all conditions given there is mostly one drawing, so little is left to the noise.
    options = {**_options(data, width=16), "conditions": _specifications(data)}
    generator_options = {"latent_dim": 16, "seed_channels": 128, "upsampling": "resize", **options}
    networks = models.build_generator(**generator_options), models.build_discriminator(**options)
    schedule = {**get_preset("matching").training, **_schedule(32_000, 1e-3, 1e-3)}
    # It takes an hour: an interrupted training goes on where it stopped.
    folder = Path("build/checkpoints/cgan_portraits")
    result = train_cgan(
        *networks, data, checkpoints=folder, checkpoint_every=1000, keep=1, resume=folder.exists(), **schedule
    )
    if not result.interrupted:
        shutil.rmtree(folder, ignore_errors=True)
    metrics = _people_as_asked(result.generator)
    return {"cgan_portraits": (result.generator, _card(data, "build_generator", generator_options, metrics, result))}


def _style_portraits() -> Made:
    """The same people by a style-based generator, in about six minutes."""
    data = load_dataset("portraits", "train")
    options = {**_options(data, width=16), "conditions": _specifications(data)}
    generator_options = {"latent_dim": 32, **options}
    networks = models.build_style_generator(**generator_options), models.build_discriminator(**options)
    schedule = {**get_preset("matching").training, "path_length": 0.5, "path_every": 16, **_schedule(3_500, 1e-3, 1e-3)}
    result = train_style_gan(*networks, data, **schedule)
    card = _card(data, "build_style_generator", generator_options, _people_as_asked(result.generator), result)
    return {"style_portraits": (result.generator, card)}


def _people_as_asked(generator: Model) -> dict[str, float]:
    """Shares of generated people that show each condition, to the shipped classifier, of seen and of held-out combinations."""
    metrics: dict[str, float] = {}
    for split in ("train", "test"):
        people = load_dataset("portraits", split)
        images = generate_images(generator, seed=_SAMPLE_SEED, **dict[str, Any](people.values))
        met = conditions_met(classifier_extractor("classifier_portraits")(images).by_condition, people)
        metrics |= {f"{name}_accuracy_{split}": float(each.mean()) for name, each in met.items()}
    return metrics


def _specifications(data: Dataset, *names: str) -> dict[str, Any]:
    """Conditions of a data set as builders take them: those that are named, or all."""
    return {name: data.conditions[name].specification for name in names or data.conditions}


def _infogan_fashion_mnist() -> Made:
    """Ten codes to choose from and two to turn, found without a label."""
    data, codes = load_fashion_mnist(), np.arange(_SAMPLES) % 10
    found = {"label": [f"code {i}" for i in range(10)], "turn_1": [0.0, 1.0], "turn_2": [0.0, 1.0]}
    options = {**_options(data), "conditions": found}
    discriminator = models.build_discriminator(conditioning="auxiliary", stages=3, **options)
    networks = models.build_generator(**options), discriminator
    # Weights of 0.05 and 0.2 gave codes that meant less.
    schedule = {"auxiliary_weight": 0.5, "r1": 1.0, "penalty_every": 4, **_schedule(12_000, 2e-3, 2e-3)}
    result = train(*networks, data.images, **schedule)
    one, two = np.random.default_rng(_SEED).random((2, _SAMPLES), dtype=np.float32)
    images = generate_images(result.generator, label=codes, turn_1=one, turn_2=two, seed=_SAMPLE_SEED)
    distance, probabilities = _compare_to_photographs(images)
    table = confusion_table(probabilities, codes)
    # Of each code the class that it mostly stands for: how much of it is that class.
    metrics = {"frechet_classifier_distance": distance, "purity": float(table.max(1).sum() / table.sum())}
    card = _card(data, "build_generator", options, metrics, result, codes=True)
    return {"infogan_fashion_mnist": (result.generator, card)}


def _autoencoder(name: str) -> Made:
    data, test = load_fashion_mnist(), load_fashion_mnist("test").images
    options = _options(data)
    networks = models.build_encoder(**options), models.build_generator(**options)
    if name == "vae":
        result = train_vae(*networks, data.images, steps=6000, seed=_SEED)
    else:
        result = train_vae_gan(*networks, models.build_discriminator(**options), data.images, steps=6000, seed=_SEED)
    encoder, decoder = result.models["encoder"], result.models["decoder"]
    rebuilt, sampled = reconstruct(encoder, decoder, test), generate_images(decoder, len(test), seed=_SAMPLE_SEED)
    metrics = {
        "frechet_classifier_distance_rebuilt": _compare_to_photographs(rebuilt)[0],
        "frechet_classifier_distance_sampled": _compare_to_photographs(sampled)[0],
        "mean_squared_error_rebuilt": float(((rebuilt - test) ** 2).mean()),
    }
    return {
        f"{name}_encoder_fashion_mnist": (encoder, _card(data, "build_encoder", options, metrics, result)),
        f"{name}_decoder_fashion_mnist": (decoder, _card(data, "build_generator", options, metrics, result)),
    }


def _pix2pix_shapes() -> Made:
    data, test = make_shapes(20_000), make_shapes(2400, "test")
    options = _options(data, width=16)
    networks = models.build_unet_generator(**options), models.build_patch_discriminator(**options)
    result = train_pix2pix(*networks, draw_outlines(data.images), data.images, steps=5000, seed=_SEED)
    seen = measure_shapes(translate(result.generator, draw_outlines(test.images), _SAMPLE_SEED))
    metrics = {
        "kind_accuracy": float((seen.kinds == test.labels).mean()),
        "mean_size_error": float(np.abs(seen.sizes - test.attributes["size"]).mean()),
        # In the cube [-1, 1]³: how far the paint is from any that occurs.
        "distance_to_a_colour": float(np.linalg.norm(seen.paints[:, None] - PALETTE, axis=2).min(1).mean()),
    }
    return {"pix2pix_shapes": (result.generator, _card(data, "build_unet_generator", options, metrics, result))}


#: What makes each model that ships.
RECIPES: dict[str, Callable[[], Made]] = {
    "classifier_fashion_mnist": partial(_classifier, "fashion_mnist", epochs=10, width=32),
    "classifier_shapes": partial(_classifier, "shapes", 4, 8, ("kind", "colour")),
    "classifier_portraits": partial(
        _classifier, "portraits", 120, 16, ("role", "style", "gender", "tone"), stages=4, shifted=2
    ),
    "gan_fashion_mnist": _gan_fashion_mnist,
    "cgan_fashion_mnist": _cgan_fashion_mnist,
    "cgan_shapes": _cgan_shapes,
    "cgan_portraits": _cgan_portraits,
    "style_portraits": _style_portraits,
    "infogan_fashion_mnist": _infogan_fashion_mnist,
    "vae_encoder_fashion_mnist": partial(_autoencoder, "vae"),
    "vae_decoder_fashion_mnist": partial(_autoencoder, "vae"),
    "vae_gan_encoder_fashion_mnist": partial(_autoencoder, "vae_gan"),
    "vae_gan_decoder_fashion_mnist": partial(_autoencoder, "vae_gan"),
    "pix2pix_shapes": _pix2pix_shapes,
    "pix2pix_noto_fluent": partial(translators.pix2pix_emoji, "noto", "fluent"),
    "pix2pix_flat_fluent": partial(translators.pix2pix_emoji, "flat", "fluent"),
    "cyclegan_noto_fluent": partial(translators.cyclegan_emoji, "noto", "fluent", steps=4000),
    "cyclegan_fluent_noto": partial(translators.cyclegan_emoji, "noto", "fluent", steps=4000),
    "cyclegan_flat_fluent": partial(translators.cyclegan_emoji, "flat", "fluent", steps=2000),
    "cyclegan_fluent_flat": partial(translators.cyclegan_emoji, "flat", "fluent", steps=2000),
}


def _options(data: Dataset, width: int = 32) -> dict[str, Any]:
    """Arguments that all builders take."""
    return {"image_shape": list(data.image_shape), "width": width, "seed": _SEED}


def _schedule(steps: int, generator: float, discriminator: float) -> dict[str, Any]:
    """So many steps, with learning rates that fall to zero, which lets the two players settle."""
    rates = {"generator_learning_rate": generator, "discriminator_learning_rate": discriminator}
    return {"steps": steps, "seed": _SEED, **{name: CosineDecay(rate, steps) for name, rate in rates.items()}}


def _card(
    data: Dataset, builder: str, options: dict, metrics: dict, result: Result | None = None, **described: Any
) -> ModelCard:
    if result and result.interrupted:
        raise KeyboardInterrupt  # of a training that was stopped nothing is kept
    trained: dict[str, Any] = {"steps": result.step, "seconds": round(result.seconds, 1)} if result else {}
    return ModelCard(builder, options, data=data.name, seed=_SEED, metrics=metrics, **trained, **described)


def _compare_to_photographs(images: np.ndarray) -> tuple[float, np.ndarray]:
    """Fréchet classifier distance of images to the test photographs, and the images' class probabilities."""
    classifier, _ = load_pretrained("classifier_fashion_mnist")
    real, _ = classifier_outputs(classifier, load_fashion_mnist("test").images)
    fake, probabilities = classifier_outputs(classifier, images)
    return frechet_distance(real, fake), probabilities
