"""Wrong answers to the tasks of notebook 9."""

import numpy as np


def scaled(weights, style):
    return weights * style[:, None]


def length(weights, axes=(0, 1, 2)):
    return np.sqrt((weights**2).sum(axes, keepdims=True))


WRONG = {
    "demodulated_weights": [
        (lambda weights, style: ..., "replace the dots"),
        (scaled, "not divided yet"),
        (lambda weights, style: weights / length(weights), "no effect"),
        (lambda weights, style: scaled(weights, style) / length(weights), "before the style"),
        (lambda weights, style: scaled(weights, style) / length(scaled(weights, style)) ** 2, "root is missing"),
        (lambda weights, style: scaled(weights, style) / length(scaled(weights, style), None), "one number"),
        (lambda weights, style: scaled(weights, style) / length(scaled(weights, style), (0, 1)), "places only"),
        (lambda weights, style: scaled(weights, style) / length(scaled(weights, style), (0, 1, 3)), "over the outputs"),
        (lambda weights, style: scaled(weights, style) / scaled(weights, style).std((0, 1, 2)), "add up to 1"),
    ],
    "truncated": [
        (lambda styles, mean, psi: ..., "replace the dots"),
        (lambda styles, mean, psi: psi * styles, "towards 0"),
        (lambda styles, mean, psi: psi * mean + (1 - psi) * styles, "the other way"),
        (lambda styles, mean, psi: psi * (styles - mean), "mean is missing"),
        (lambda styles, mean, psi: styles.mean(0) + psi * (styles - styles.mean(0)), "these three"),
        (lambda styles, mean, psi: np.clip(styles, -psi, psi), "(1.25, 2.5)"),
    ],
    "mixed": [
        (lambda coarse, fine, cut, count: ..., "replace the dots"),
        (lambda coarse, fine, cut, count: np.stack([fine] * cut + [coarse] * (count - cut), 1), "exchanged"),
        (lambda coarse, fine, cut, count: np.stack([coarse] * 2 + [fine] * 2, 1), "too many"),
        (lambda coarse, fine, cut, count: np.stack([coarse] * 3 + [fine], 1), "from the end"),
        (lambda coarse, fine, cut, count: np.stack([coarse] + [fine] * 3), "layers come first"),
        (lambda coarse, fine, cut, count: np.stack([(coarse + fine) / 2] * 4, 1), "average"),
        (lambda coarse, fine, cut, count: np.stack([coarse] * 4, 1), "layer 1 should"),
    ],
}
