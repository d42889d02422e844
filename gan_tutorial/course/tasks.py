"""Tasks: a learner writes a function, `check` tries it and says what is right or which mistake it looks like.

A task is a function in a module of its notebook (`concepts`, `gan`, …), named like what is to be written. It gets the
learner's function, calls it, and raises `Wrong` with a sentence that helps, or returns one that rewards.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from html import escape
from typing import Any, NamedTuple

import numpy as np

#: Which module holds the tasks of which notebook, in their order.
MODULES = ("concepts", "gan", "cgan", "evaluation", "faq", "outlook", "clinic", "translation", "style", "diffusion")

Task = Callable[[Callable[..., Any]], str]

TASKS: dict[str, Task] = {}


class Wrong(Exception):
    """What is wrong with an answer, in a sentence for its author."""


class Verdict(NamedTuple):
    """What `check` returns: whether the answer is right, and why."""

    right: bool
    message: str

    def __repr__(self) -> str:
        return f"{'✓' if self.right else '✗'} {self.message}"

    def _repr_html_(self) -> str:
        return (
            f'<p role="status"><strong>{"✓ right" if self.right else "✗ not yet"}:</strong> {escape(self.message)}</p>'
        )


def task(trial: Task) -> Task:
    """Register a task under the name of its function."""
    TASKS[trial.__name__] = trial
    return trial


def check(name: str, answer: Callable[..., Any]) -> Verdict:
    """Try a learner's function.

    Args:
        name: of the task, as the notebook gives it.
        answer: the function. Whatever it raises becomes part of the verdict.

    Raises ValueError for a name that is no task.

    Example:
        >>> check("optimal_discriminator", lambda p, q: p / q)
        ✗ where q is 0 a probability has to come out: D* is a share, between 0 and 1
        >>> check("optimal_discriminator", lambda p, q: p / (p + q)).right
        True
    """
    for module in MODULES:
        importlib.import_module(f"{__package__}.{module}")
    if name not in TASKS:
        raise ValueError(f"there is no task {name!r}; there are: {', '.join(sorted(TASKS))}")
    try:
        return Verdict(True, TASKS[name](answer))
    except Wrong as problem:
        return Verdict(False, str(problem))
    except Exception as problem:
        return Verdict(False, f"your code stopped with {type(problem).__name__}: {problem}")


def numbers(value: Any, shape: tuple[int, ...] | None = None) -> np.ndarray:
    """What a learner's function returned, as numbers; raises `Wrong` if it is nothing, no numbers, or of another shape."""
    if value is None or value is Ellipsis:
        raise Wrong("nothing comes back yet: replace the dots, and return the result")
    try:
        array = np.asarray(value, np.float64)
    except (TypeError, ValueError):
        raise Wrong(f"numbers should come back, not {type(value).__name__}") from None
    if shape is not None and array.shape != shape:
        raise Wrong(f"the result should have the shape {shape}, not {array.shape}")
    return array


def recognize(given: Any, mistakes: Iterable[tuple[str, Any]]) -> None:
    """Raise `Wrong` with the message of the first mistake that gives just this; pairs of message and value."""
    for message, value in mistakes:
        if close(given, value):
            raise Wrong(message)


def close(a: Any, b: Any, tolerance: float = 1e-4) -> bool:
    """Whether two arrays agree, relative to their size; not finite numbers never do."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    # NumPy calls an empty array close to any number.
    return (a.size == 0) == (b.size == 0) and bool(np.allclose(a, b, rtol=tolerance, atol=tolerance))
