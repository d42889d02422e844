"""How the models that ship were made. `gan-tutorial weights make NAME` makes one again."""

import time
from pathlib import Path

import keras
import numpy as np

from .data import draw_outlines, load_dataset, load_fashion_mnist, make_shapes
from .data.shapes import COLOURS, PALETTE
from .evaluation import (
    classifier_outputs,
    conditional_accuracy,
    confusion_table,
    frechet_distance,
    measure_shapes,
    train_classifier,
)
from .models import (
    build_discriminator,
    build_encoder,
    build_generator,
    build_patch_discriminator,
    build_translator,
)
from .pretrained import load_pretrained, save_model
from .sampling import generate_images
from .training import train, train_cgan
from .variants import reconstruct, train_translator, train_vae, train_vae_gan, translate

_SEED = 0


def make_weights(name, folder):
    """Train the model that ships under `name`, and those that are trained together with it.

    Writes weights and cards, returns the paths without ending.
    """
    if name not in RECIPES:
        raise ValueError(f"no recipe is called {name!r}; there are: {', '.join(RECIPES)}")
    made = RECIPES[name]()
    for part, (model, card) in made.items():
        card |= {"command": f"python -m gan_tutorial weights make {part}", "seed": _SEED}
        save_model(model, Path(folder) / part, card)
    return [Path(folder) / part for part in made]


def _classifier_fashion_mnist():
    return {"classifier_fashion_mnist": _train_classifier("fashion_mnist", epochs=10, width=32)}


def _classifier_shapes():
    return {"classifier_shapes": _train_classifier("shapes", epochs=4, width=8)}


def _train_classifier(data, epochs, width):
    train_data, test_data = load_dataset(data, "train"), load_dataset(data, "test")
    start = time.perf_counter()
    model, accuracy = train_classifier(train_data, test_data, epochs, width, _SEED)
    options = {"num_classes": train_data.num_classes, "width": width, "seed": _SEED}
    return model, {
        "builder": "build_classifier",
        "options": {"image_shape": list(train_data.image_shape), **options},
        "data": data,
        "class_names": list(train_data.class_names),
        "seconds": round(time.perf_counter() - start, 1),
        "metrics": {"test_accuracy": accuracy},
    }


def _gan_fashion_mnist():
    made = _train_generator(load_fashion_mnist(), conditional=False, width=32, steps=25_000)
    return {"gan_fashion_mnist": made}


def _cgan_fashion_mnist():
    made = _train_generator(load_fashion_mnist(), conditional=True, width=32, steps=30_000)
    return {"cgan_fashion_mnist": made}


def _cgan_shapes():
    made = _train_generator(
        make_shapes(20_000), conditional=True, attributes=("size",), width=16, steps=12_000, upsampling="resize",
        # On these clean images the discriminator would soon be sure of everything: the penalty keeps it gentle.
        rates=(1e-3, 1e-3), r1=1.0, penalty_every=4,
    )  # fmt: skip
    return {"cgan_shapes": made}


def _infogan_fashion_mnist():
    """Ten codes to choose from and two to turn, found without a label."""
    data, steps = load_fashion_mnist(), 10_000
    options = {**_options(data), "num_classes": 10, "num_attributes": 2}
    generator = build_generator(64, **options)
    discriminator = build_discriminator(conditioning="auxiliary", **options)
    result = train(
        generator, discriminator, data.images, steps=steps, ema=0.999, seed=_SEED,
        # At weight 1 the codes decide everything and the noise nothing; without the penalty, pictures fall apart.
        auxiliary=0.05, r1=1.0, penalty_every=4,
        generator_rate=keras.optimizers.schedules.CosineDecay(1e-3, steps),
        discriminator_rate=keras.optimizers.schedules.CosineDecay(2e-3, steps),
    )  # fmt: skip
    codes = np.arange(10_000) % 10
    values = np.random.default_rng(_SEED).random((len(codes), 2), dtype=np.float32)
    images = generate_images(result.generator, labels=codes, attributes=values, seed=_SEED + 1)
    distance, probabilities = _beside_photographs(images)
    table = confusion_table(probabilities, codes)
    card = _card(data, {"latent_dim": 64, **options}, result.step, result.seconds)
    card |= {
        "class_names": [f"code {i}" for i in range(10)],
        "attributes": ["turn 1", "turn 2"],
        "codes": True,
        "metrics": {
            "frechet_classifier_distance": distance,
            # Of each code the class that it mostly stands for: how much of it is that class.
            "purity": float(table.max(1).sum() / table.sum()),
        },
    }
    return {"infogan_fashion_mnist": (result.generator, card)}


def _vae_fashion_mnist():
    return _train_autoencoder("vae", train_vae, steps=6000)


def _vae_gan_fashion_mnist():
    return _train_autoencoder("vae_gan", train_vae_gan, steps=6000)


def _train_autoencoder(name, train_it, steps):
    data, start = load_fashion_mnist(), time.perf_counter()
    options = {"latent_dim": 64, **_options(data)}
    models = {"encoder": build_encoder(**options), "decoder": build_generator(**options)}
    judge = [build_discriminator(**_options(data))] if name == "vae_gan" else []
    train_it(*models.values(), *judge, data.images, steps=steps, seed=_SEED)
    seconds = time.perf_counter() - start
    test = load_fashion_mnist("test").images
    rebuilt = reconstruct(*models.values(), test)
    looks = {"rebuilt": rebuilt, "sampled": generate_images(models["decoder"], len(test), seed=_SEED + 1)}
    metrics = {f"frechet_classifier_distance_{kind}": _beside_photographs(images)[0] for kind, images in looks.items()}
    metrics["mean_squared_error_rebuilt"] = float(((rebuilt - test) ** 2).mean())
    return {
        f"{name}_{part}_fashion_mnist": (
            model,
            {
                **_card(data, options, steps, seconds),
                "builder": "build_encoder" if part == "encoder" else "build_generator",
                "metrics": dict(metrics),
            },
        )
        for part, model in models.items()
    }


def _pix2pix_shapes():
    data, steps, start = make_shapes(20_000), 5000, time.perf_counter()
    options = {"image_shape": list(data.image_shape), "width": 16, "seed": _SEED}
    translator = build_translator(**options)
    train_translator(
        translator, build_patch_discriminator(**options), draw_outlines(data.images), data.images, steps=steps
    )
    seconds, test = time.perf_counter() - start, make_shapes(2400, "test")
    seen = measure_shapes(translate(translator, draw_outlines(test.images), _SEED + 1))
    card = _card(data, options, steps, seconds) | {
        "builder": "build_translator",
        "metrics": {
            "kind_accuracy": float((seen.kinds == test.labels // len(COLOURS)).mean()),
            "mean_size_error": float(np.abs(seen.sizes - test.attributes["size"]).mean()),
            # In the cube [-1, 1]³: how far the paint is from any that occurs.
            "distance_to_a_colour": float(np.linalg.norm(seen.paints[:, None] - PALETTE, axis=2).min(1).mean()),
        },
    }
    return {"pix2pix_shapes": (translator, card)}


RECIPES = {
    "classifier_fashion_mnist": _classifier_fashion_mnist,
    "classifier_shapes": _classifier_shapes,
    "gan_fashion_mnist": _gan_fashion_mnist,
    "cgan_fashion_mnist": _cgan_fashion_mnist,
    "cgan_shapes": _cgan_shapes,
    "infogan_fashion_mnist": _infogan_fashion_mnist,
    "vae_encoder_fashion_mnist": _vae_fashion_mnist,
    "vae_decoder_fashion_mnist": _vae_fashion_mnist,
    "vae_gan_encoder_fashion_mnist": _vae_gan_fashion_mnist,
    "vae_gan_decoder_fashion_mnist": _vae_gan_fashion_mnist,
    "pix2pix_shapes": _pix2pix_shapes,
}


def _train_generator(
    data, conditional, width, steps, attributes=(), upsampling="transposed", rates=(5e-4, 1e-3), **stabilizers
):
    shared = {
        "image_shape": list(data.image_shape),
        "num_classes": data.num_classes if conditional else None,
        "num_attributes": len(attributes),
        "width": width,
        "seed": _SEED,
    }
    options = {"latent_dim": 64, "upsampling": upsampling, **shared}
    generator, discriminator = build_generator(**options), build_discriminator(**shared)
    # Falling learning rates let the two players settle.
    falling = [keras.optimizers.schedules.CosineDecay(rate, steps) for rate in rates]
    settings = {
        "steps": steps, "ema": 0.999, "seed": _SEED, "generator_rate": falling[0], "discriminator_rate": falling[1],
        **stabilizers,
    }  # fmt: skip
    if conditional:
        values = np.stack([data.attributes[name] for name in attributes], 1) if attributes else None
        result = train_cgan(generator, discriminator, data.images, data.labels, values, **settings)
    else:
        result = train(generator, discriminator, data.images, **settings)
    return result.generator, {
        **_card(data, options, steps, result.seconds),
        "class_names": list(data.class_names) if conditional else None,
        "attributes": list(attributes),
        "metrics": _measure(result.generator, data, conditional),
    }


def _options(data):
    return {"image_shape": list(data.image_shape), "width": 32, "seed": _SEED}


def _card(data, options, steps, seconds):
    return {
        "builder": "build_generator",
        "options": options,
        "data": data.name,
        "class_names": None,
        "attributes": [],
        "steps": steps,
        "seconds": round(seconds, 1),
    }


def _measure(generator, data, conditional):
    """Fréchet classifier distance and conditional accuracy; for shapes, colour and area by geometry."""
    if data.name == "shapes":
        return _measure_shapes(generator)
    labels = np.arange(10_000) % data.num_classes
    images = generate_images(generator, len(labels), labels if conditional else None, seed=_SEED + 1)
    distance, probabilities = _beside_photographs(images)
    metrics = {"frechet_classifier_distance": distance}
    if conditional:
        metrics["conditional_accuracy"] = conditional_accuracy(probabilities, labels)
    return metrics


def _beside_photographs(images):
    """Fréchet classifier distance of images to the test photographs, and the images' class probabilities."""
    classifier, _ = load_pretrained("classifier_fashion_mnist")
    real, _ = classifier_outputs(classifier, load_fashion_mnist("test").images)
    fake, probabilities = classifier_outputs(classifier, images)
    return frechet_distance(real, fake), probabilities


def _measure_shapes(generator):
    labels, sizes = np.arange(2400) % 24, np.random.default_rng(_SEED).random(2400).astype(np.float32)
    images = generate_images(generator, labels=labels, attributes=sizes[:, np.newaxis], seed=_SEED + 1)
    seen = measure_shapes(images)
    return {
        "kind_accuracy": float((seen.kinds == labels // len(COLOURS)).mean()),
        "colour_accuracy": float((seen.colours == labels % len(COLOURS)).mean()),
        "mean_size_error": float(np.abs(seen.sizes - sizes).mean()),
    }
