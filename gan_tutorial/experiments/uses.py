"""What generated images are good for, and what they carry on: a rare class, an unbalanced set."""

import numpy as np

from ..evaluation import classifier_outputs
from ..evaluation.classifier import fit_classifier
from ..models import build_discriminator, build_generator
from ..pretrained import load_pretrained
from ..sampling import generate_images
from ..training import train, train_cgan
from .fashion import fashion_split

#: A class of which there are few images, among many of the others.
RARE_BASE = {"rare": "coat", "few": 40, "many": 1000, "remedy": "none", "epochs": 6, "steps": 2500}
#: Two classes, one of them the minority.
BIAS_BASE = {"minority": "bag", "majority": "sneaker", "share": 0.5, "n": 6000, "steps": 1500}

_STABLE = {"r1": 1.0, "penalty_every": 4, "progress": False}


def train_with_rare_class(seed, rare, few, many, remedy, epochs, steps):
    """Train a classifier on an unbalanced set, with a remedy for the rare class.

    remedy: "none"; "copies" repeats its images; "shifts" repeats them, moved by
    up to two pixels and mirrored; "gan" fills up with images by a conditional
    GAN that was trained on the very same set; "real" with real ones (what one
    could wish for).

    Returns the numbers: "error" on test images of the rare class, and
    "other_error" on those of the other classes.
    """
    train_data, test = fashion_split("train"), fashion_split("test")
    label, rng = train_data.class_names.index(rare), np.random.default_rng(seed)
    members = [rng.permutation(np.flatnonzero(train_data.labels == c))[:many] for c in range(train_data.num_classes)]
    spare, members[label] = members[label][few:], members[label][:few]
    chosen = np.concatenate(members)
    images, labels = train_data.images[chosen], train_data.labels[chosen]
    known, missing = train_data.images[members[label]], many - few
    extra = {
        "none": lambda: known[:0],
        "copies": lambda: known[rng.integers(few, size=missing)],
        "shifts": lambda: _shifted(known[rng.integers(few, size=missing)], rng),
        "gan": lambda: _generated(images, labels, label, missing, steps, seed),
        "real": lambda: train_data.images[spare],
    }[remedy]()
    images = np.concatenate([images, extra])
    labels = np.concatenate([labels, np.full(len(extra), label, np.int32)])
    order = rng.permutation(len(images))
    classifier = fit_classifier(images[order], labels[order], train_data.num_classes, epochs, 16, seed)
    wrong = classifier_outputs(classifier, test.images)[1].argmax(1) != test.labels
    is_rare = test.labels == label
    return {"error": float(wrong[is_rare].mean()), "other_error": float(wrong[~is_rare].mean())}


def train_on_unbalanced(seed, minority, majority, share, n, steps):
    """Train a plain GAN on two classes, and count which of them it draws.

    Returns the numbers: "share" of the minority among the generated images, as
    the shipped classifier sees them; "error", by how much that falls short of
    the share in the training set, in per cent of it; "other", the share of images
    that the classifier takes for anything else.
    """
    data, rng = fashion_split("train"), np.random.default_rng(seed)
    names = (minority, majority)
    counts = (round(share * n), n - round(share * n))
    chosen = [
        rng.choice(np.flatnonzero(data.labels == data.class_names.index(c)), k, replace=k > 6000)
        for c, k in zip(names, counts)
    ]
    generator = build_generator(width=16, seed=seed)
    result = train(
        generator, build_discriminator(width=16, seed=seed), data.images[np.concatenate(chosen)],
        steps=steps, seed=seed, **_STABLE,
    )  # fmt: skip
    classifier, _ = load_pretrained("classifier_fashion_mnist")
    seen = classifier_outputs(classifier, generate_images(result.generator, 5000, seed=seed))[1].argmax(1)
    minor, major = (float((seen == data.class_names.index(name)).mean()) for name in names)
    drawn = minor / max(minor + major, 1e-9)
    return {"share": drawn, "error": 100 * (share - drawn) / share, "other": 1 - minor - major}


def _generated(images, labels, label, count, steps, seed):
    # Each class equally often, or the GAN would hardly ever see the rare one.
    rng, classes = np.random.default_rng(seed), int(labels.max()) + 1
    even = np.concatenate([rng.choice(np.flatnonzero(labels == c), 1000) for c in range(classes)])
    generator = build_generator(num_classes=classes, width=16, seed=seed)
    result = train_cgan(
        generator, build_discriminator(num_classes=classes, width=16, seed=seed), images[even], labels[even],
        steps=steps, seed=seed, augment=("translation",), **_STABLE,
    )  # fmt: skip
    return generate_images(result.generator, count, labels=label, seed=seed)


def _shifted(images, rng):
    moved = [np.roll(image, rng.integers(-2, 3, 2), (0, 1))[:, :: rng.choice([-1, 1])] for image in images]
    return np.stack(moved)
