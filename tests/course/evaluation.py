"""Wrong answers to the tasks of notebook 4."""

import numpy as np


def shift(a, b):
    return a.mean() - b.mean()


def spread(a, b, ddof=1):
    return a.std(ddof=ddof) - b.std(ddof=ddof)


def mmd(x, y, divided=True, power=3, diagonal=False, pairs=lambda n: n * (n - 1), across=2):
    def k(a, b):
        return (a @ b.T / (a.shape[1] if divided else 1) + 1) ** power

    within = [k(part, part).sum() - (0 if diagonal else np.trace(k(part, part))) for part in (x, y)]
    return within[0] / pairs(len(x)) + within[1] / pairs(len(y)) - across * k(x, y).mean()


def gaps(a, b):
    return np.linalg.norm(a[:, None] - b, axis=2)


def inside(centres, real, fake, place):
    """Which of the pairs are nearer than the radius of the ball around the centre."""
    radii = np.sort(gaps(centres, centres), 1)[:, place]
    return gaps(real, fake) <= (radii if centres is fake else radii[:, None])


def ends(wrong, rng, chosen=lambda wrong, rng: wrong[rng.integers(0, len(wrong), len(wrong))], outside=5.0):
    means = [chosen(wrong, rng).mean() for _ in range(2000)]
    return np.percentile(means, [outside / 2, 100 - outside / 2])


WRONG = {
    "frechet_of_numbers": [
        (lambda real, fake: ..., "replace the dots"),
        (lambda real, fake: shift(real, fake) ** 2, "the spreads are missing"),
        (lambda real, fake: spread(real, fake) ** 2, "the means are missing"),
        (lambda real, fake: shift(real, fake) ** 2 + spread(real, fake, 0) ** 2, "ddof=1"),
        (lambda real, fake: np.hypot(shift(real, fake), spread(real, fake)), "the root is not taken"),
        (lambda real, fake: abs(shift(real, fake)) + abs(spread(real, fake)), "squared before"),
        (lambda real, fake: shift(real, fake) ** 2 + (real.var(ddof=1) - fake.var(ddof=1)) ** 2, "not variances"),
        (lambda real, fake: shift(real, fake) ** 2 + real.var(ddof=1) + fake.var(ddof=1), "two equal sets"),
        (lambda real, fake: 8, "it should be"),
    ],
    "kernel_mmd": [
        (lambda x, y: ..., "replace the dots"),
        (lambda x, y: (x @ y.T / x.shape[1] + 1) ** 3, "one number"),
        (lambda x, y: mmd(x, y, diagonal=True, pairs=lambda n: n**2), "leave the diagonals out"),
        (lambda x, y: mmd(x, y, pairs=lambda n: n**2), "not n²"),
        (lambda x, y: mmd(x, y, across=1), "count twice"),
        (lambda x, y: mmd(x, y, across=-2), "a sign"),
        (lambda x, y: -mmd(x, y), "turned round"),
        (lambda x, y: mmd(x, y, divided=False), "divided by d"),
        (lambda x, y: mmd(x, y, power=2), "third power"),
        (lambda x, y: 0, "it should be"),
    ],
    "recall": [
        (lambda real, fake, k: ..., "replace the dots"),
        (lambda real, fake, k: inside(real, real, fake, k).any(0).mean(), "that is precision"),
        (lambda real, fake, k: inside(real, real, fake, k).any(1).mean(), "that is coverage"),
        (lambda real, fake, k: inside(fake, real, fake, k).any(0).mean(), "over which axis"),
        (lambda real, fake, k: inside(fake, real, fake, k - 1).any(1).mean(), "place 0"),
        (lambda real, fake, k: inside(fake, real, fake, k).mean(), "counts once"),
        (lambda real, fake, k: inside(fake, real, fake, k).any(1), "one share"),
        (lambda real, fake, k: inside(fake, real, fake, k).any(1).sum(), "the share was asked for"),
        (lambda real, fake, k: inside(fake, real, fake, 3).any(1).mean(), "use the k"),
    ],
    "bootstrap_interval": [
        (lambda wrong, rng: ..., "replace the dots"),
        (lambda wrong, rng: ends(wrong, rng)[::-1], "comes first"),
        (lambda wrong, rng: ends(wrong, rng, lambda w, r: r.permutation(w)), "with replacement"),
        (lambda wrong, rng: ends(wrong.ravel(), rng), "single answers were chosen"),
        (lambda wrong, rng: ends(wrong, rng, outside=10.0), "90 %"),
        (lambda wrong, rng: np.percentile(wrong.mean(1), [2.5, 97.5]), "single images differ"),
        (lambda wrong, rng: ends(wrong, rng) + 0.5, "inside the interval"),
        (lambda wrong, rng: wrong.mean(), "the shape (2,)"),
    ],
}
