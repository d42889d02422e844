"""Tasks of notebook 4."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, compare, numbers, task


@task
def frechet_of_numbers(answer: Callable[..., Any]) -> None:
    """The Fréchet distance of two sets of numbers: one dimension, where no matrix is needed."""
    uneven = np.array([1.0, 2.0, 6.0]), np.array([3.0, 3.5, 0.0, 2.0, 4.0])
    for a, b in (uneven, (np.array([0.0, 4.0, 4.0, 4.0]), np.array([-1.0, 7.0, 7.0, 7.0]))):
        given = numbers(answer(a.copy(), b.copy()), ())
        shift, spread = a.mean() - b.mean(), a.std(ddof=1) - b.std(ddof=1)
        variances = a.var(ddof=1), b.var(ddof=1)
        difference = variances[0] - variances[1]
        mistakes = {
            "means_alone": shift**2,
            "spreads_alone": spread**2,
            "ddof": shift**2 + (a.std() - b.std()) ** 2,
            "root": np.sqrt(shift**2 + spread**2),
            "not_squared": abs(shift) + abs(spread),
            "variances": (shift**2 + difference**2, shift**2 + abs(difference)),
            "no_product": shift**2 + sum(variances),
        }
        compare(given, shift**2 + spread**2, mistakes, a=a.tolist(), b=b.tolist())


@task
def kernel_mmd(answer: Callable[..., Any]) -> None:
    """The unbiased squared MMD with the kernel (x·y/d + 1)³ (Bińkowski et al. 2018)."""
    from ..metrics import kernel_distance

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(12, 4)), rng.normal(0.3, 1.2, size=(9, 4))
    given = numbers(answer(x.copy(), y.copy()))
    if given.size > 1:
        raise Wrong("one_number")

    def parts(kernel: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> tuple[float, float, float, float, float]:
        xx, yy, xy = kernel(x, x), kernel(y, y), kernel(x, y)
        within = [(k.sum() - np.trace(k)) / (len(k) * (len(k) - 1)) for k in (xx, yy)]
        return within[0], within[1], xy.mean(), xx.mean(), yy.mean()

    within_x, within_y, between, all_x, all_y = parts(lambda a, b: (a @ b.T / a.shape[1] + 1) ** 3)
    right = within_x + within_y - 2 * between
    undivided = parts(lambda a, b: (a @ b.T + 1) ** 3)
    squared = parts(lambda a, b: (a @ b.T / a.shape[1] + 1) ** 2)
    mistakes = {
        "diagonal": all_x + all_y - 2 * between,
        "pairs": within_x * 11 / 12 + within_y * 8 / 9 - 2 * between,
        "between_once": within_x + within_y - between,
        "sign": within_x + within_y + 2 * between,
        "turned_round": -right,
        "undivided": undivided[0] + undivided[1] - 2 * undivided[2],
        "power": squared[0] + squared[1] - 2 * squared[2],
        "root": np.sqrt(max(right, 0)),
    }
    compare(given.reshape(()), right, mistakes)
    larger = rng.normal(size=(40, 6)), rng.normal(0.2, 1, size=(40, 6))
    if not close(numbers(answer(*larger)), kernel_distance(*larger, subset_size=40)[0]):
        raise Wrong("other_sizes")


@task
def recall(answer: Callable[..., Any]) -> None:
    """Recall by balls around generated samples (Kynkäänniemi et al. 2019)."""
    from ..metrics import density_coverage, precision_recall

    rng = np.random.default_rng(5)
    real, fake = rng.normal(0, 1.5, size=(30, 2)), rng.normal((0.8, 0), 0.5, size=(20, 2))
    given = numbers(answer(real.copy(), fake.copy(), 3))
    if given.size > 1:
        raise Wrong("one_share")
    precision, right = precision_recall(real, fake, 3)
    table = np.linalg.norm(real[:, None] - fake, axis=2)

    def inside(centres: np.ndarray, place: int) -> np.ndarray:
        return table <= np.sort(np.linalg.norm(centres[:, None] - centres, axis=2), 1)[:, place]

    mistakes = {
        "precision": precision,
        "coverage": density_coverage(real, fake, 3)[1],
        "axis": inside(fake, 3).any(0).mean(),
        "too_small": inside(fake, 2).any(1).mean(),
        "counts_once": (inside(fake, 3).mean(), inside(fake, 3).sum(1).mean()),
        "one_ball": inside(fake, 3).all(1).mean(),
        "number": right * len(real),
    }
    compare(given.reshape(()), right, mistakes)
    if not close(numbers(answer(real.copy(), fake.copy(), 5)), precision_recall(real, fake, 5)[1]):
        raise Wrong("other_k")


@task
def bootstrap_interval(answer: Callable[..., Any]) -> dict[str, Any]:
    """A 95 % interval of a mean, by choosing whole images again, with replacement."""
    rng = np.random.default_rng(6)
    wrong = (rng.random((40, 5)) < rng.beta(0.4, 0.8, (40, 1))).astype(float)
    given = numbers(answer(wrong.copy(), np.random.default_rng(0)))
    low, high = numbers(given, (2,))
    half = 1.96 * wrong.mean(1).std(ddof=1) / np.sqrt(40)
    single = 1.96 * wrong.std(ddof=1) / np.sqrt(200)
    if low > high:
        raise Wrong("upper_first")
    if not low <= wrong.mean() <= high:
        raise Wrong("outside", share=wrong.mean())
    width = (high - low) / 2
    if width < 0.01:
        raise Wrong("no_width")
    if abs(width / single - 1) < 0.15:
        raise Wrong("single_answers")
    if abs(width / (half / 1.96 * 1.645) - 1) < 0.06:
        raise Wrong("ninety")
    if width > 3 * half:
        raise Wrong("single_images")
    if not 0.88 < width / half < 1.12:
        raise Wrong("should_be", wanted=half, given=width)
    return {"width": width, "single": single}
