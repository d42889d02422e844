"""Checks of options: each raises a ValueError that names the option and what it may be."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np


def check_count(**values: int) -> None:
    """Whole numbers from 1 on."""
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | np.integer):
            raise ValueError(f"{name} must be a whole number, not {value!r}")
        if value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")


def check_not_negative(**values: Any) -> None:
    """Numbers from 0 on; learning-rate schedules, which are callable, pass."""
    for name, value in values.items():
        if not callable(value) and not 0 <= value < np.inf:
            raise ValueError(f"{name} must not be negative, not {value}")


def check_below(top: float, **values: float) -> None:
    """Numbers from 0 to below `top`."""
    for name, value in values.items():
        if not 0 <= value < top:
            raise ValueError(f"{name} must be at least 0 and below {top:g}, not {value}")


def keyword_options(*callables: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """The keyword-only parameters of some callables, by name; of equal names the first counts."""
    found: dict[str, inspect.Parameter] = {}
    for each in callables:
        for name, parameter in inspect.signature(each).parameters.items():
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
                found.setdefault(name, parameter)
    return found


def documented_options(*callables: Callable[..., Any]) -> dict[str, str]:
    """What the "Args:" of some docstrings say of each option; a class has the options of those it is derived from."""
    found: dict[str, str] = {}
    for each in (source for given in callables for source in (given.__mro__ if isinstance(given, type) else (given,))):
        section = re.search(r"^Args:\n((?:    .*\n|\n(?=    ))+)", (inspect.getdoc(each) or "") + "\n", re.MULTILINE)
        for entry in re.split(r"\n(?=    \w)", section[1].rstrip()) if section else ():
            names, text = entry.split(":", 1)
            for name in names.split(","):
                found.setdefault(name.strip(), " ".join(text.split()))
    return found
