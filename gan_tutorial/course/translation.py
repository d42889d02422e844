"""Tasks of notebook 8."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, numbers, recognize, task


@task
def cycle_and_identity(answer: Callable[..., Any]) -> str:
    """10 times the cycle loss and 5 times the identity loss (Zhu et al. 2017, equation 2 and section 5.2)."""
    rng = np.random.default_rng(0)
    # Two numbers of examples, so that a mean over everything at once is not the sum of two means.
    x, y = rng.uniform(-1, 1, (2, 3)), rng.uniform(-1, 1, (4, 3))

    def G(values: Any) -> Any:  # noqa: N802
        return 0.5 * np.asarray(values) + 0.25

    def F(values: Any) -> Any:  # noqa: N802
        return 1.5 * np.asarray(values) - 0.125

    def far(a: np.ndarray, b: np.ndarray) -> float:
        return float(np.abs(a - b).mean())

    there, back = far(F(G(x)), x), far(G(F(y)), y)
    same, changed = far(G(y), y) + far(F(x), x), far(G(x), x) + far(F(y), y)
    wanted = 10 * (there + back) + 5 * same
    given = float(numbers(answer(G, F, x.copy(), y.copy()), ()))
    squares = [((a - b) ** 2).mean() for a, b in ((F(G(x)), x), (G(F(y)), y), (G(y), y), (F(x), x))]
    mistakes = {
        "that is the cycle loss alone: the identity loss is missing": 10 * (there + back),
        "that is the identity loss alone: the cycle loss is missing": 5 * same,
        "only x goes there and back: y has a cycle too, through F first": 10 * there + 5 * same,
        "only y goes there and back: x has a cycle too, through G first": 10 * back + 5 * same,
        "the identity loss wants G to leave *y* alone, which is of its target style already; not x": (
            10 * (there + back) + 5 * changed
        ),
        "the identity loss counts half as much as the cycle loss: 5, not 10": 10 * (there + back + same),
        "the weights are missing: 10 for the cycles, 5 for the identity": there + back + same,
        "these are squares: the paper takes absolute differences, which do not blur as much": (
            10 * (squares[0] + squares[1]) + 5 * (squares[2] + squares[3])
        ),
    }
    recognize(given, mistakes.items())
    if not close(given, wanted):
        raise Wrong(
            f"for these G and F the four mean differences are {there:.3f} and {back:.3f} (cycles), {far(G(y), y):.3f} and "
            f"{far(F(x), x):.3f} (identity); so it should be {wanted:.3f}, not {given:.3f}"
        )
    return "no pair of x and y is compared anywhere: that is why CycleGAN needs none"


@task
def share_found(answer: Callable[..., Any]) -> str:
    """How often the nearest of all true drawings is the right one."""
    # In one dimension, so that each nearest one can be seen: rows 0, 2 and 3 are right, row 1 and 4 are not.
    truth = np.array([[0.0], [1.0], [2.0], [4.0], [5.0]])
    made = np.array([[0.4], [1.7], [2.2], [4.1], [4.3]])
    distances = np.abs(made - truth.T)
    places = np.arange(5)
    wanted = float((distances.argmin(1) == places).mean())
    given = float(numbers(answer(made.copy(), truth.copy()), ()))
    mistakes = {
        "that is how many, not which share of all": wanted * 5,
        "for each drawing you took the nearest translation: take the nearest drawing for each translation": float(
            (distances.argmin(0) == places).mean()
        ),
        "you took the farthest drawing": float((distances.argmax(1) == places).mean()),
        "that is the share of the wrong ones": 1 - wanted,
        "that is a mean distance; the question is only which drawing is nearest": float(np.diag(distances).mean()),
        "that is the mean distance to the nearest drawing, right or wrong": float(distances.min(1).mean()),
    }
    recognize(given, mistakes.items())
    if not close(given, wanted):
        raise Wrong(f"of five translations three lead to their own drawing: {wanted:.2f}, not {given:.2f}")
    return "by chance it would be 1 of n: a distance says how far, this says whether it is still the same thing"
