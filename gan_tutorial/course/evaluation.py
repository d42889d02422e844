"""Tasks of notebook 4."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, numbers, recognize, task


@task
def frechet_of_numbers(answer: Callable[..., Any]) -> str:
    """The Fréchet distance of two sets of numbers: one dimension, where no matrix is needed."""
    uneven = np.array([1.0, 2.0, 6.0]), np.array([3.0, 3.5, 0.0, 2.0, 4.0])
    for a, b in (uneven, (np.array([0.0, 4.0, 4.0, 4.0]), np.array([-1.0, 7.0, 7.0, 7.0]))):
        given = numbers(answer(a.copy(), b.copy()), ())
        shift, spread = a.mean() - b.mean(), a.std(ddof=1) - b.std(ddof=1)
        biased = a.std() - b.std()
        mistakes = (
            ("that is the distance of the means alone; the spreads are missing", shift**2),
            ("that is the distance of the spreads alone; the means are missing", spread**2),
            ("nearly: a sample's variance divides by n − 1, in NumPy with ddof=1", shift**2 + biased**2),
            ("the root is not taken: d² is what is reported", np.sqrt(shift**2 + spread**2)),
            ("the two differences are squared before they are added", abs(shift) + abs(spread)),
            ("standard deviations are subtracted, not variances", shift**2 + (a.var(ddof=1) - b.var(ddof=1)) ** 2),
            ("standard deviations are subtracted, not variances", shift**2 + abs(a.var(ddof=1) - b.var(ddof=1))),
            ("two equal sets would be far apart: −2σσ′ is missing", shift**2 + a.var(ddof=1) + b.var(ddof=1)),
        )
        recognize(given, mistakes)
        if not close(given, shift**2 + spread**2):
            raise Wrong(f"for {a.tolist()} and {b.tolist()} it should be {shift**2 + spread**2:.3f}, not {given:.3f}")
    return "means and spreads, squared and added; anything else about the two sets it does not see"


@task
def kernel_mmd(answer: Callable[..., Any]) -> str:
    """The unbiased squared MMD with the kernel (x·y/d + 1)³ (Bińkowski et al. 2018)."""
    from ..metrics import kernel_distance

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(12, 4)), rng.normal(0.3, 1.2, size=(9, 4))
    given = numbers(answer(x.copy(), y.copy()))
    if given.size > 1:
        raise Wrong("one number should come back: add up the similarities of all pairs")
    value = float(given.reshape(()))

    def parts(kernel: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> tuple[float, float, float, float, float]:
        xx, yy, xy = kernel(x, x), kernel(y, y), kernel(x, y)
        within = [(k.sum() - np.trace(k)) / (len(k) * (len(k) - 1)) for k in (xx, yy)]
        return within[0], within[1], xy.mean(), xx.mean(), yy.mean()

    within_x, within_y, between, all_x, all_y = parts(lambda a, b: (a @ b.T / a.shape[1] + 1) ** 3)
    right = within_x + within_y - 2 * between
    undivided = parts(lambda a, b: (a @ b.T + 1) ** 3)
    squared = parts(lambda a, b: (a @ b.T / a.shape[1] + 1) ** 2)
    shrunk = within_x * 11 / 12 + within_y * 8 / 9 - 2 * between
    mistakes = (
        (
            "samples are compared with themselves: leave the diagonals out, or it has a bias",
            all_x + all_y - 2 * between,
        ),
        ("without the diagonal there are n (n − 1) pairs, not n²", shrunk),
        ("the pairs between the two sets count twice", within_x + within_y - between),
        ("being alike across the two sets should make the distance smaller: a sign", within_x + within_y + 2 * between),
        ("the sign is turned round: equal sets should give about zero, far ones a large number", -right),
        ("the inner product is divided by d, the number of columns", undivided[0] + undivided[1] - 2 * undivided[2]),
        ("the kernel is a third power", squared[0] + squared[1] - 2 * squared[2]),
        ("the root is not taken: it is MMD² that has no bias", np.sqrt(max(right, 0))),
    )
    recognize(value, mistakes)
    if not close(value, right):
        raise Wrong(f"for the samples of the test it should be {right:.4f}, not {value:.4f}")
    larger = rng.normal(size=(40, 6)), rng.normal(0.2, 1, size=(40, 6))
    if not close(numbers(answer(*larger)), kernel_distance(*larger, subset_size=40)[0]):
        raise Wrong("with other numbers of samples and columns it comes out wrong: is a number written into the code?")
    return "equal to the package; and leaving out the diagonals is what makes it free of bias"


@task
def recall(answer: Callable[..., Any]) -> str:
    """Recall by balls around generated samples (Kynkäänniemi et al. 2019)."""
    from ..metrics import density_coverage, precision_recall

    rng = np.random.default_rng(5)
    real, fake = rng.normal(0, 1.5, size=(30, 2)), rng.normal((0.8, 0), 0.5, size=(20, 2))
    given = numbers(answer(real.copy(), fake.copy(), 3))
    if given.size > 1:
        raise Wrong("one share should come back, not one value per sample")
    value = float(given.reshape(()))
    precision, right = precision_recall(real, fake, 3)
    table = np.linalg.norm(real[:, None] - fake, axis=2)

    def inside(centres: np.ndarray, place: int) -> np.ndarray:
        return table <= np.sort(np.linalg.norm(centres[:, None] - centres, axis=2), 1)[:, place]

    mistakes = (
        ("that is precision: the balls of real samples, and the share of generated ones within", precision),
        ("that is coverage: recall uses the balls of the generated samples", density_coverage(real, fake, 3)[1]),
        ("the share of the real samples is asked for: over which axis goes any?", inside(fake, 3).any(0).mean()),
        (
            "each ball is one neighbour too small: in the sorted row, place 0 is the sample itself",
            inside(fake, 2).any(1).mean(),
        ),
        ("a real sample counts once, in however many balls it lies", inside(fake, 3).mean()),
        ("a real sample counts once, in however many balls it lies", inside(fake, 3).sum(1).mean()),
        ("one ball is enough", inside(fake, 3).all(1).mean()),
        ("the number is right, but the share was asked for", right * len(real)),
    )
    if not close(value, right):
        recognize(value, mistakes)
        raise Wrong(f"for the samples of the test it should be {right:.3f}, not {value:.3f}")
    if not close(numbers(answer(real.copy(), fake.copy(), 5)), precision_recall(real, fake, 5)[1]):
        raise Wrong("with k = 5 it comes out wrong: use the k that is given")
    return "the share of what is real that the generator could have made, as far as balls can tell"


@task
def bootstrap_interval(answer: Callable[..., Any]) -> str:
    """A 95 % interval of a mean, by choosing whole images again, with replacement."""
    rng = np.random.default_rng(6)
    wrong = (rng.random((40, 5)) < rng.beta(0.4, 0.8, (40, 1))).astype(float)
    given = numbers(answer(wrong.copy(), np.random.default_rng(0)))
    given = numbers(given, (2,))
    low, high = given
    means = wrong.mean(1)
    half = 1.96 * means.std(ddof=1) / np.sqrt(40)
    single = 1.96 * wrong.std(ddof=1) / np.sqrt(200)
    if low > high:
        raise Wrong("the upper end comes first")
    if not low <= wrong.mean() <= high:
        raise Wrong(f"the share of wrong answers, {wrong.mean():.2f}, should lie inside the interval")
    width = (high - low) / 2
    if width < 0.01:
        raise Wrong("hardly any width: choose with replacement, or every choice is the same images in another order")
    if abs(width / single - 1) < 0.15:
        raise Wrong(
            "too narrow: single answers were chosen. Choose whole rows, so that answers to one image stay together"
        )
    if abs(width / (half / 1.96 * 1.645) - 1) < 0.06:
        raise Wrong("that is a 90 % interval: leave 2.5 % out at either end")
    if width > 3 * half:
        raise Wrong("that is how far single images differ; the interval is of the mean of forty")
    if not 0.88 < width / half < 1.12:
        raise Wrong(f"the half-width should be about {half:.3f}, not {width:.3f}")
    return f"whole images are what was chosen at random: ±{width:.3f}, where single answers would pretend ±{single:.3f}"
