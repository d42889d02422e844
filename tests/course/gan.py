"""Wrong answers to the tasks of notebook 2."""

import numpy as np


def softplus(x):
    return np.logaddexp(0, x)


def probability(logits):
    return 1 / (1 + np.exp(-logits))


def arc(a, b, t):
    angle = np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)


def undivided(a, b, t):
    angle = np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    return np.sin((1 - t) * angle) * a + np.sin(t * angle) * b


def of_right_angles(a, b, t):
    angle = np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    return np.cos(t * angle) * a + np.sin(t * angle) * b


def stretched(a, b, t):
    line = (1 - t) * a + t * b
    return np.linalg.norm(a) * line / np.linalg.norm(line)


WRONG = {
    "discriminator_loss": [
        (lambda real, fake: softplus(-real) + softplus(fake), "take the mean over the batch"),
        (lambda real, fake: softplus(real).mean() + softplus(-fake).mean(), "are exchanged"),
        (lambda real, fake: softplus(-real).mean(), "generated images is missing"),
        (lambda real, fake: softplus(-real).mean() + softplus(-fake).mean(), "their sign is wrong"),
        (lambda real, fake: (softplus(-real).mean() + softplus(fake).mean()) / 2, "half of it"),
        (lambda real, fake: -np.log(probability(real)).mean() - np.log(1 - probability(fake)).mean(), "overflows"),
        (lambda real, fake: softplus(-real.clip(-20, 20)).mean() + softplus(fake.clip(-20, 20)).mean(), "is cut off"),
    ],
    "spherical_interpolation": [
        (lambda a, b, t: (1 - t) * a + t * b, "the straight line: its middle"),
        (lambda a, b, t: arc(b, a, t), "goes the other way"),
        (lambda a, b, t: arc(a / 2, b / 2, t), "the length is not"),
        (stretched, "does not turn evenly"),
        (undivided, "divide by the sine"),
        (of_right_angles, "to (1.0, 1.732) lies (1.932, 0.518), not (2.19"),
        (lambda a, b, t: 2 * a, "lies (1.848, 0.765), not (4.0, 0.0)"),
    ],
}
