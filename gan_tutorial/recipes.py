"""How the models that ship were made. `gan-tutorial weights make NAME` makes one again."""

import time
from pathlib import Path

import keras
import numpy as np

from .data import load_dataset, load_fashion_mnist, make_shapes
from .data.shapes import COLOURS
from .evaluation import (
    classifier_outputs,
    conditional_accuracy,
    frechet_distance,
    measure_shapes,
    train_classifier,
)
from .models import build_discriminator, build_generator
from .pretrained import load_pretrained, save_model
from .sampling import generate_images
from .training import train, train_cgan

_SEED = 0


def make_weights(name, folder):
    """Train the model that ships under `name`; writes weights and card, returns their path."""
    if name not in RECIPES:
        raise ValueError(f"no recipe is called {name!r}; there are: {', '.join(RECIPES)}")
    model, card = RECIPES[name]()
    card |= {"command": f"python -m gan_tutorial weights make {name}", "seed": _SEED}
    stem = Path(folder) / name
    save_model(model, stem, card)
    return stem


def _classifier_fashion_mnist():
    return _train_classifier("fashion_mnist", epochs=10, width=32)


def _classifier_shapes():
    return _train_classifier("shapes", epochs=4, width=8)


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
    return _train_generator(load_fashion_mnist(), conditional=False, width=32, steps=25_000)


def _cgan_fashion_mnist():
    return _train_generator(load_fashion_mnist(), conditional=True, width=32, steps=30_000)


def _cgan_shapes():
    return _train_generator(
        make_shapes(20_000), conditional=True, attributes=("size",), width=16, steps=12_000, upsampling="resize",
        # On these clean images the discriminator would soon be sure of everything: the penalty keeps it gentle.
        rates=(1e-3, 1e-3), r1=1.0, penalty_every=4,
    )  # fmt: skip


RECIPES = {
    "classifier_fashion_mnist": _classifier_fashion_mnist,
    "classifier_shapes": _classifier_shapes,
    "gan_fashion_mnist": _gan_fashion_mnist,
    "cgan_fashion_mnist": _cgan_fashion_mnist,
    "cgan_shapes": _cgan_shapes,
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
        "builder": "build_generator",
        "options": options,
        "data": data.name,
        "class_names": list(data.class_names) if conditional else None,
        "attributes": list(attributes),
        "steps": steps,
        "seconds": round(result.seconds, 1),
        "metrics": _measure(result.generator, data, conditional),
    }


def _measure(generator, data, conditional):
    """Fréchet classifier distance and conditional accuracy; for shapes, colour and area by geometry."""
    if data.name == "shapes":
        return _measure_shapes(generator)
    classifier, _ = load_pretrained("classifier_fashion_mnist")
    real, _ = classifier_outputs(classifier, load_fashion_mnist("test").images)
    labels = np.arange(10_000) % data.num_classes
    images = generate_images(generator, len(labels), labels if conditional else None, seed=_SEED + 1)
    fake, probabilities = classifier_outputs(classifier, images)
    metrics = {"frechet_classifier_distance": frechet_distance(real, fake)}
    if conditional:
        metrics["conditional_accuracy"] = conditional_accuracy(probabilities, labels)
    return metrics


def _measure_shapes(generator):
    labels, sizes = np.arange(2400) % 24, np.random.default_rng(_SEED).random(2400).astype(np.float32)
    images = generate_images(generator, labels=labels, attributes=sizes[:, np.newaxis], seed=_SEED + 1)
    seen = measure_shapes(images)
    return {
        "kind_accuracy": float((seen.kinds == labels // len(COLOURS)).mean()),
        "colour_accuracy": float((seen.colours == labels % len(COLOURS)).mean()),
        "mean_size_error": float(np.abs(seen.sizes - sizes).mean()),
    }
