"""What generated images are good for, what they inherit and what they give away: a rare class, an unbalanced set, members."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.stats import mannwhitneyu

from ..data import Dataset
from ..evaluation.classification import classifier_outputs, fit_classifier
from ..metrics import nearest_neighbours
from ..models import build_discriminator, build_generator
from ..pretrained.weights import load_pretrained
from ..sampling import generate_images
from ..training import train, train_cgan
from .fashion import fashion_split

Array = np.ndarray
Numbers = dict[str, float]

#: A class of which there are few images, among many of the others.
RARE_BASE = {"rare": "coat", "few": 40, "many": 1000, "remedy": "none", "epochs": 6, "steps": 2500}
#: Two classes, one of them the minority.
BIAS_BASE = {"minority": "bag", "majority": "sneaker", "share": 0.5, "n": 6000, "steps": 1500}
#: How many images a GAN is trained on, for as many steps each time.
MEMBERS_BASE = {"n": 100, "steps": 1000}

#: What keeps short trainings steady.
STABLE: dict[str, Any] = {"r1": 1.0, "penalty_every": 4, "progress": False}


def train_with_rare_class(seed: int, rare: str, few: int, many: int, remedy: str, epochs: int, steps: int) -> Numbers:
    """Train a classifier on an unbalanced set, with a remedy for the rare class.

    remedy: "none"; "copies" repeats its images; "shifts" repeats them, moved by up to two pixels and mirrored at random;
    "gan" adds images by a conditional GAN that was trained on the same set; "real" adds real ones (the upper bound).

    Returns the numbers: "error" on test images of the rare class, and "other_error" on those of the other classes.
    """
    data = fashion_split("train")
    label = data.class_names.index(rare)

    def generate(chosen: Array, count: int) -> Array:
        return _generated(data.images[chosen], data.labels[chosen], label, count, steps, seed)

    return rare_class_errors(data, fashion_split("test"), label, few, many, remedy, epochs, seed, generate)


def rare_class_errors(
    data: Dataset, test: Dataset, label: int, few: int, many: int, remedy: str, epochs: int, seed: int,
    generate: Callable[[Array, int], Array],
) -> Numbers:  # fmt: skip
    """What `train_with_rare_class` returns, for any data; `generate`: (numbers of the training images, count) to images."""
    rng = np.random.default_rng(seed)
    members = [rng.permutation(np.flatnonzero(data.labels == c))[:many] for c in range(data.num_classes)]
    spare, members[label] = members[label][few:], members[label][:few]
    chosen = np.concatenate(members)
    images, labels = data.images[chosen], data.labels[chosen]
    known, missing = data.images[members[label]], many - few
    extra = {
        "none": lambda: known[:0],
        "copies": lambda: known[rng.integers(few, size=missing)],
        "shifts": lambda: _shifted(known[rng.integers(few, size=missing)], rng),
        "gan": lambda: generate(chosen, missing),
        "real": lambda: data.images[spare],
    }[remedy]()
    images = np.concatenate([images, extra])
    labels = np.concatenate([labels, np.full(len(extra), label, np.int32)])
    order = rng.permutation(len(images))
    targets, conditions = {"label": labels[order]}, {"label": data.num_classes}
    classifier = fit_classifier(images[order], targets, conditions, epochs, seed, width=16)
    wrong = classifier_outputs(classifier, test.images)[1].argmax(1) != test.labels
    is_rare = test.labels == label
    return {"error": float(wrong[is_rare].mean()), "other_error": float(wrong[~is_rare].mean())}


def train_on_unbalanced(seed: int, minority: str, majority: str, share: float, n: int, steps: int) -> Numbers:
    """Train a plain GAN on two classes, and count how often it generates each.

    Returns the numbers: "share" of the minority among the generated images of both classes, as the shipped classifier
    sees them; "error", by how much that falls short of the share in the training set, in per cent of it; "other", the
    share of images that the classifier takes for another class.
    """
    data, rng = fashion_split("train"), np.random.default_rng(seed)
    labels, minor = [data.class_names.index(name) for name in (minority, majority)], round(share * n)
    counts = zip(labels, (minor, n - minor))
    chosen = [rng.choice(np.flatnonzero(data.labels == label), k, replace=k > 6000) for label, k in counts]
    generator, discriminator = build_generator(width=16, seed=seed), build_discriminator(width=16, seed=seed)
    result = train(generator, discriminator, data.images[np.concatenate(chosen)], steps=steps, seed=seed, **STABLE)
    classifier, _ = load_pretrained("classifier_fashion_mnist")
    seen = classifier_outputs(classifier, generate_images(result.generator, 5000, seed=seed))[1].argmax(1)
    few, many = (float((seen == label).mean()) for label in labels)
    generated = few / max(few + many, 1e-9)
    return {"share": generated, "error": 100 * (share - generated) / share, "other": 1 - few - many}


def train_and_attack(seed: int, n: int, steps: int) -> Numbers:
    """Train a plain GAN on n images, and try to tell these from others (membership inference).

    Two attacks on up to 1,000 training images and 1,000 test images. Who holds the discriminator takes its logit (Hayes et
    al. 2019); who has only the generator takes the distance to the nearest of 5,000 generated images (Chen et al. 2020).

    Returns the numbers: "auc" and "generator_auc", how often a training image looks more like one than a test image does;
    "found", the share of training images whose logit is above those of 99 % of the test images.
    """
    rng = np.random.default_rng(seed)
    images, others = (fashion_split(split).images for split in ("train", "test"))
    images = images[rng.permutation(len(images))[:n]]
    members, others = images[:1000], others[rng.permutation(len(others))[:1000]]
    generator, discriminator = build_generator(width=16, seed=seed), build_discriminator(width=16, seed=seed)
    result = train(generator, discriminator, images, steps=steps, seed=seed, progress=False)
    made = generate_images(result.generator, 5000, seed=seed)
    logits = [discriminator.predict(each, batch_size=500, verbose=0).ravel() for each in (members, others)]
    nearness = [-nearest_neighbours(each, made)[0] for each in (members, others)]
    auc, generator_auc = (
        mannwhitneyu(*values).statistic / (len(members) * len(others)) for values in (logits, nearness)
    )
    found = (logits[0] > np.quantile(logits[1], 0.99)).mean()
    return {"auc": float(auc), "generator_auc": float(generator_auc), "found": float(found)}


def _generated(images: Array, labels: Array, label: int, count: int, steps: int, seed: int) -> Array:
    # Each class equally often, or the GAN would hardly ever see the rare one.
    rng, classes = np.random.default_rng(seed), int(labels.max()) + 1
    even = np.concatenate([rng.choice(np.flatnonzero(labels == c), 1000) for c in range(classes)])
    generator = build_generator(num_classes=classes, width=16, seed=seed)
    discriminator = build_discriminator(num_classes=classes, width=16, seed=seed)
    options = {"steps": steps, "seed": seed, "augment": ("translation",), **STABLE}
    result = train_cgan(generator, discriminator, images[even], labels[even], **options)
    return generate_images(result.generator, count, labels=label, seed=seed)


def _shifted(images: Array, rng: np.random.Generator) -> Array:
    return np.stack([np.roll(image, rng.integers(-2, 3, 2), (0, 1))[:, :: rng.choice([-1, 1])] for image in images])
