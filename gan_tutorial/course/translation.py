"""Tasks of notebook 8."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import compare, numbers, task


@task
def cycle_and_identity(answer: Callable[..., Any]) -> None:
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

    there, back, same_y, same_x = far(F(G(x)), x), far(G(F(y)), y), far(G(y), y), far(F(x), x)
    same, changed = same_y + same_x, far(G(x), x) + far(F(y), y)
    given = numbers(answer(G, F, x.copy(), y.copy()), ())
    squares = [((a - b) ** 2).mean() for a, b in ((F(G(x)), x), (G(F(y)), y), (G(y), y), (F(x), x))]
    mistakes = {
        "cycle_alone": 10 * (there + back),
        "identity_alone": 5 * same,
        "only_x": 10 * there + 5 * same,
        "only_y": 10 * back + 5 * same,
        "wrong_domain": 10 * (there + back) + 5 * changed,
        "ten_twice": 10 * (there + back + same),
        "no_weights": there + back + same,
        "squares": 10 * (squares[0] + squares[1]) + 5 * (squares[2] + squares[3]),
    }
    means = {"there": there, "back": back, "same_y": same_y, "same_x": same_x}
    compare(given, 10 * (there + back) + 5 * same, mistakes, **means)


@task
def share_found(answer: Callable[..., Any]) -> None:
    """How often the nearest of all true drawings is the right one."""
    # In one dimension, so that each nearest one can be seen: rows 0, 2 and 3 are right, row 1 and 4 are not.
    truth = np.array([[0.0], [1.0], [2.0], [4.0], [5.0]])
    made = np.array([[0.4], [1.7], [2.2], [4.1], [4.3]])
    distances = np.abs(made - truth.T)
    places = np.arange(5)
    wanted = (distances.argmin(1) == places).mean()
    mistakes = {
        "number": wanted * 5,
        "wrong_axis": (distances.argmin(0) == places).mean(),
        "farthest": (distances.argmax(1) == places).mean(),
        "wrong_ones": 1 - wanted,
        "own_distance": np.diag(distances).mean(),
        "least_distance": distances.min(1).mean(),
    }
    compare(numbers(answer(made.copy(), truth.copy()), ()), wanted, mistakes)
