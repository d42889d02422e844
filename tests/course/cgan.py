"""Wrong answers to the tasks of notebook 3."""

import numpy as np


def one_hot(labels, count):
    return np.eye(count)[labels]


def beside(*parts):
    return np.concatenate(parts, 1)


def match(features, labels, table):
    return (features * table[labels]).sum(1)


def in_place(labels, count, rng):
    labels += rng.integers(1, count, len(labels))
    labels %= count
    return labels


WRONG = {
    "join_condition": [
        (lambda noise, labels, count: ..., "replace the dots"),
        (lambda noise, labels, count: beside(noise, labels[:, None]), "the label as a number"),
        (lambda noise, labels, count: one_hot(labels, count), "the noise is not"),
        (lambda noise, labels, count: noise, "only the noise comes back"),
        (lambda noise, labels, count: noise + labels[:, None], "only the noise comes back"),
        (lambda noise, labels, count: beside(one_hot(labels, count), noise), "here the noise comes first"),
        (lambda noise, labels, count: beside(noise, one_hot(labels - 1, count)), "in the wrong column"),
        (lambda noise, labels, count: beside(noise, labels[:, None] * one_hot(labels, count)), "one 1"),
        (lambda noise, labels, count: beside(noise, one_hot(labels, labels.max() + 3)), "the shape (4, 8)"),
        (lambda noise, labels, count: beside(noise, one_hot(labels, labels.max() + 1)), "not in this batch"),
        (lambda noise, labels, count: beside(noise, labels[:, None] == np.unique(labels)), "not in this batch"),
    ],
    "projection_logits": [
        (lambda features, labels, weights, bias, table: ..., "replace the dots"),
        (lambda features, labels, weights, bias, table: features @ weights + bias, "the blind discriminator"),
        (lambda features, labels, weights, bias, table: match(features, labels, table), "looks real at all"),
        (
            lambda features, labels, weights, bias, table: features @ weights + match(features, labels, table),
            "the bias",
        ),
        (lambda features, labels, weights, bias, table: features @ weights[:, None] + features @ table.T, "each class"),
        (lambda features, labels, weights, bias, table: features * table[labels], "sum over the features"),
        (lambda features, labels, weights, bias, table: features @ table[labels].T, "sum over the features"),
        (
            lambda features, labels, weights, bias, table: (
                features @ weights + bias + match(features, labels, table) / 3
            ),
            "not a mean",
        ),
        (
            lambda features, labels, weights, bias, table: features @ weights + bias + table[labels].sum(1),
            "not compared with the features",
        ),
        (
            lambda features, labels, weights, bias, table: (features @ weights + bias) * match(features, labels, table),
            "parts are added",
        ),
    ],
    "wrong_labels": [
        (lambda labels, count, rng: ..., "replace the dots"),
        (lambda labels, count, rng: labels, "still right"),
        (lambda labels, count, rng: rng.permutation(labels), "keep their own label"),
        (lambda labels, count, rng: rng.integers(0, count, len(labels)), "keep their own label"),
        (lambda labels, count, rng: (labels + rng.integers(0, count, len(labels))) % count, "keep their own label"),
        (lambda labels, count, rng: labels + rng.integers(1, count, len(labels)), "does not exist"),
        (lambda labels, count, rng: (labels + 1) % count, "gets no practice"),
        (lambda labels, count, rng: (labels + rng.choice([1, 1, 2, 3, 4], len(labels))) % count, "more often"),
        (in_place, "changed as well"),
        (
            lambda labels, count, rng: (labels + np.random.default_rng(0).integers(1, count, len(labels))) % count,
            "use the one that is given",
        ),
    ],
}
