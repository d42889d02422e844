"""Wrong answers to the tasks of notebook 1."""

import numpy as np


def softplus(x):
    return np.logaddexp(0, x)


WRONG = {
    "optimal_discriminator": [
        (lambda p, q: p / q, "a share, between 0 and 1"),
        (lambda p, q: p + q, "at p = 2.0, q = 0.5 you return 2.50"),
        (lambda p, q: np.log(p / (p + q)), "at p = 0.1, q = 0.3 you return -1.39"),
        (lambda p, q: q / (p + q), "the real density, belongs on top"),
        (lambda p, q: 0.5 + 0 * p, "it should be"),
    ],
    "non_saturating_loss": [
        (lambda logits: softplus(-logits), "take the mean"),
        (lambda logits: softplus(logits).mean(), "which sign"),
        (lambda logits: -softplus(logits).mean(), "the minimax loss"),
        (lambda logits: softplus(-logits).sum(), "grows with the batch"),
        (lambda logits: (-np.log(1 / (1 + np.exp(-logits)))).mean(), "never overflows"),
        (lambda logits: (1 / (1 + np.exp(-logits))).mean(), "minus their logarithm"),
    ],
}
