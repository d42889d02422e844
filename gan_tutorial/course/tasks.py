"""Tasks: a learner writes a function, `check` tries it and says what is right or which mistake it looks like.

A task is a function in a module of its notebook (`concepts`, `gan`, …), named like what is to be written. It gets the
learner's function, calls it, and raises `Wrong` with the key of a sentence that helps. The sentences of all tasks are in
translations/*/tasks.json; the one under "right" rewards, and where it has placeholders, the task returns what to put in.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from html import escape
from typing import Any, NamedTuple

import numpy as np

from ..translations import language, read

#: Which module holds the tasks of which notebook, in their order.
MODULES = ("concepts", "gan", "cgan", "evaluation", "faq", "outlook", "clinic", "translation", "style", "diffusion")

Task = Callable[[Callable[..., Any]], dict[str, Any] | None]

TASKS: dict[str, Task] = {}

#: By the name of a task, and then by key; under "common" those that any task may use, under "hints" those of `clinic`.
SENTENCES: dict[str, dict[str, str]] = read("tasks", language())


class Wrong(Exception):
    """What is wrong with an answer: the key of a sentence, and what its placeholders stand for."""

    def __init__(self, key: str, **fields: Any) -> None:
        super().__init__(key)
        self.key, self.fields = key, fields


class Verdict(NamedTuple):
    """What `check` returns: whether the answer is right, and why."""

    right: bool
    message: str

    def __repr__(self) -> str:
        return f"{'✓' if self.right else '✗'} {self.message}"

    def _repr_html_(self) -> str:
        sentence = SENTENCES["common"]["html_right" if self.right else "html_wrong"]
        return f'<p role="status">{sentence.format(message=escape(self.message))}</p>'


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
    sentences = {**SENTENCES["common"], **SENTENCES[name]}
    try:
        fields = TASKS[name](answer) or {}
    except Wrong as problem:
        return Verdict(False, sentences[problem.key].format(**problem.fields))
    except Exception as problem:
        return Verdict(False, sentences["stopped"].format(kind=type(problem).__name__, problem=problem))
    return Verdict(True, sentences["right"].format(**fields))


def numbers(value: Any, shape: tuple[int, ...] | None = None) -> np.ndarray:
    """What a learner's function returned, as numbers; raises `Wrong` if it is nothing, no numbers, or of another shape."""
    if value is None or value is Ellipsis:
        raise Wrong("nothing")
    try:
        array = np.asarray(value, np.float64)
    except (TypeError, ValueError):
        raise Wrong("no_numbers", kind=type(value).__name__) from None
    if shape is not None and array.shape != shape:
        raise Wrong("shape", wanted=shape, given=array.shape)
    return array


def compare(given: Any, wanted: Any, mistakes: dict[str, Any], /, **fields: Any) -> None:
    """Raise `Wrong` unless the two agree: with the key of a known mistake, or else "should_be".

    A mistake has a value, or a tuple of values. The sentence under "should_be" may use `given`, `wanted`, and the
    `fields`, which may also replace these two.
    """
    if not close(given, wanted):
        for key, values in mistakes.items():
            recognize(given, ((key, value) for value in (values if isinstance(values, tuple) else (values,))))
        raise Wrong("should_be", **{"given": given, "wanted": wanted, **fields})


def recognize(given: Any, mistakes: Iterable[tuple[str, Any]]) -> None:
    """Raise `Wrong` with the key of the first mistake that gives just this; pairs of key and value.

    Assignments have no table: in them the sentence itself is the key.
    """
    for key, value in mistakes:
        if close(given, value):
            raise Wrong(key)


def close(a: Any, b: Any, tolerance: float = 1e-4) -> bool:
    """Whether two arrays agree, relative to their size; not finite numbers never do."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    # NumPy calls an empty array close to any number.
    return (a.size == 0) == (b.size == 0) and bool(np.allclose(a, b, rtol=tolerance, atol=tolerance))
