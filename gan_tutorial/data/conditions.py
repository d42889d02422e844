"""Conditions: what an image can be asked for by name, such as a role, a style or a size.

A condition is written as the names of its categories, ("noto", "twemoji"); as their number, 10; or as a range of numbers,
(0.0, 1.0). `as_condition` reads all three.
"""

from __future__ import annotations

import keyword
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .validation import did_you_mean

#: How a condition may be written.
Specification = int | Sequence[str] | Sequence[float]

#: Names that mean something else in a batch, in a call or on the command line.
_RESERVED = (
    "image", "noise", "augmentation", "mix", "probability", "instance_noise", "generator", "n", "labels", "seed",
    "truncation", "every", "card", "directions", "help", "count", "out", "columns", "scale",
)  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """One of several categories, or a number in a range.

    Attributes:
        name: an identifier, such as "tone".
        categories: their names; empty for a range.
        low, high: the ends of a range.

    Example:
        >>> role = as_condition("role", ("cook", "pilot"))
        >>> role.numbers("pilot").tolist(), as_condition("tone", (1, 5)).numbers([1, 2.5]).tolist()
        (1, [1.0, 2.5])
    """

    name: str
    categories: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0

    @property
    def is_range(self) -> bool:
        """Whether it is a number rather than a category."""
        return not self.categories

    @cached_property
    def knots(self) -> np.ndarray:
        """The values with an embedding, float32: all categories; of a range 5 to 16 places, evenly spaced.

        They are its whole numbers if both ends are whole and there are 5 to 16 of them.
        """
        if not self.is_range:
            return np.arange(len(self.categories), dtype=np.float32)
        count = np.clip(round(self.high - self.low) + 1, 5, 16)
        return np.linspace(self.low, self.high, count, dtype=np.float32)

    @property
    def specification(self) -> Specification:
        """As it was written, ready for JSON."""
        return [self.low, self.high] if self.is_range else list(self.categories)

    def numbers(self, values: Any) -> np.ndarray:
        """Values, given by number or by the category's name, as int32 or (of a range) float32, of the same shape.

        Raises ValueError for a name or a number that there is not.
        """
        array = np.asarray(values)
        if array.dtype.kind in "UO":
            array = np.array([self._number(value) for value in array.reshape(-1)]).reshape(array.shape)
        if self.is_range:
            array = array.astype(np.float32)
            bad = array[~((array >= self.low - 1e-6) & (array <= self.high + 1e-6))]
        else:
            if array.dtype.kind not in "iu":
                raise ValueError(f"{self._plural} must be names or integers, not {array.dtype}")
            bad, array = array[(array < 0) | (array >= len(self.categories))], array.astype(np.int32)
        if bad.size:
            raise ValueError(f"{self.name} {bad.flat[0]:g} is out of range: {self._choices}")
        return array

    def column(self, values: Any, n: int) -> np.ndarray:
        """The same, one for each of n images: shape (n,)."""
        array = self.numbers(values)
        if array.shape != (n,):
            raise ValueError(f"{self._plural} must have the shape ({n},), one for each image, not {array.shape}")
        return array

    def nearest(self, values: Any) -> np.ndarray:
        """Numbers of the categories or, of a range, of the nearest knots: int32, of the shape of `values`."""
        array = self.numbers(values)
        if not self.is_range:
            return array
        return np.abs(array[..., np.newaxis] - self.knots).argmin(-1).astype(np.int32)

    def sample(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """n values at random, all equally likely: int32 categories, or float32 numbers within the range."""
        if self.is_range:
            return rng.uniform(self.low, self.high, n).astype(np.float32)
        return rng.integers(len(self.categories), size=n, dtype=np.int32)

    def _number(self, value: Any) -> float:
        text = str(value).strip()
        lowered = [category.lower() for category in self.categories]
        if text.lower() in lowered:
            return lowered.index(text.lower())
        try:
            return float(text) if self.is_range else int(text)
        except ValueError:
            hint = did_you_mean(text, self.categories)
            raise ValueError(f"{self.name} cannot be {text!r}: {self._choices}.{hint}") from None

    @property
    def _plural(self) -> str:
        return f"{self.name}s" if not self.name.endswith("s") else self.name

    @property
    def _choices(self) -> str:
        if self.is_range:
            return f"it goes from {self.low:g} to {self.high:g}"
        if self.categories == _numbered(len(self.categories)):
            return f"there are {len(self.categories)}, numbered 0 to {len(self.categories) - 1}"
        return f"choose one of: {', '.join(self.categories)}"


def as_condition(name: str, specification: Specification | Condition) -> Condition:
    """A `Condition` from its name and how it is written. Raises ValueError if that is none of these three.

    Example:
        >>> as_condition("size", (0, 1)).knots.tolist()
        [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    if isinstance(specification, Condition):
        specification = specification.specification
    taken = keyword.iskeyword(name) or name in _RESERVED
    if taken or not name.isidentifier():
        needed = "a name that a keyword argument can have and that means nothing else"
        raise ValueError(f"a condition cannot be called {name!r}: it must be {needed}")
    if isinstance(specification, int | np.integer):
        specification = _numbered(int(specification))
    parts: tuple[Any, ...] = tuple(specification) if np.ndim(specification) else (specification,)
    if all(isinstance(part, str) for part in parts):
        # `numbers` does not tell upper from lower case.
        if len(parts) < 2 or len({part.lower() for part in parts}) < len(parts):
            raise ValueError(f"the condition {name!r} needs at least two categories, all different, not {parts}")
        return Condition(name, tuple(map(str, parts)))
    numeric = all(isinstance(part, int | float | np.number) for part in parts)
    if len(parts) != 2 or not numeric or not -np.inf < parts[0] < parts[1] < np.inf:
        raise ValueError(
            f"the condition {name!r} must be names, a number of categories or a range (low, high), not {parts}"
        )
    return Condition(name, low=float(parts[0]), high=float(parts[1]))


def as_conditions(
    num_classes: int | None = None, conditions: Mapping[str, Specification] | None = None
) -> dict[str, Condition]:
    """Conditions by name; `num_classes` is short for the condition "label"."""
    if num_classes is not None and num_classes < 2:
        raise ValueError(f"num_classes must be at least 2, or None for no labels, not {num_classes}")
    written = {**({} if num_classes is None else {"label": num_classes}), **(conditions or {})}
    return {name: as_condition(name, specification) for name, specification in written.items()}


def first_category(conditions: Mapping[str, Condition]) -> Condition | None:
    """The first condition with categories, which pictures go through in turn; None if all are ranges."""
    return next((condition for condition in conditions.values() if not condition.is_range), None)


def _numbered(n: int) -> tuple[str, ...]:
    return tuple(map(str, range(n)))
