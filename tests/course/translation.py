"""Wrong answers to the tasks of notebook 8."""

import numpy as np


def far(a, b):
    return np.abs(a - b).mean()


def distances(made, truth):
    return np.linalg.norm(made[:, None] - truth, axis=2)


WRONG = {
    "cycle_and_identity": [
        (lambda G, F, x, y: ..., "replace the dots"),
        (lambda G, F, x, y: 10 * (far(F(G(x)), x) + far(G(F(y)), y)), "identity loss is missing"),
        (lambda G, F, x, y: 10 * far(F(G(x)), x) + 5 * (far(G(y), y) + far(F(x), x)), "y has a cycle too"),
        (
            lambda G, F, x, y: 10 * (far(F(G(x)), x) + far(G(F(y)), y)) + 5 * (far(G(x), x) + far(F(y), y)),
            "not x",
        ),
        (
            lambda G, F, x, y: 10 * (far(F(G(x)), x) + far(G(F(y)), y) + far(G(y), y) + far(F(x), x)),
            "half as much",
        ),
        (lambda G, F, x, y: far(F(G(x)), x) + far(G(F(y)), y) + far(G(y), y) + far(F(x), x), "weights are missing"),
        (lambda G, F, x, y: 0.0, "it should be"),
    ],
    "share_found": [
        (lambda made, truth: ..., "replace the dots"),
        (lambda made, truth: (distances(made, truth).argmin(1) == range(5)).sum(), "how many"),
        (lambda made, truth: (distances(made, truth).argmin(0) == range(5)).mean(), "nearest drawing for each"),
        (lambda made, truth: (distances(made, truth).argmin(1) != range(5)).mean(), "wrong ones"),
        (lambda made, truth: distances(made, truth).min(1).mean(), "right or wrong"),
        (lambda made, truth: 0.9, "three lead"),
    ],
}
