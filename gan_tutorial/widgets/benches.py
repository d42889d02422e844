"""A bench: controls beside a picture that the kernel draws, in the manner of `ipywidgets.interact`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import traitlets

from ..translations import STRINGS, offered, shown
from .figures import LIGHT, as_picture, on_paper, themed
from .panel import Panel, script, shows_errors

#: The default of a parameter that has none.
_NONE = inspect.Parameter.empty


class Bench(Panel):
    """What `bench` returns.

    Attributes:
        values: of all controls by name, as `draw` gets them.
        picture: PNG bytes.
        text: the picture in words, if `draw` tells them.
    """

    _esm = script("bench")
    prefix = "bench"

    controls = traitlets.List().tag(sync=True)
    #: What the page wants to see: a number that grows, values by name (for choices, their place), colours of the theme.
    asked = traitlets.Dict().tag(sync=True)
    #: The number that the picture answers.
    answered = traitlets.Int(0).tag(sync=True)
    picture = traitlets.Bytes().tag(sync=True)
    #: The colour of its text: whether it was drawn for a light or a dark page.
    ink = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int().tag(sync=True)
    crisp = traitlets.Bool().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)

    def __init__(self, title: str, draw: Callable[..., Any], controls: Mapping[str, Any]) -> None:
        self._draw = draw
        starts = {name: parameter.default for name, parameter in inspect.signature(draw).parameters.items()}
        specified = [_control(name, given, starts.get(name, _NONE)) for name, given in controls.items()]
        self._choices = {control["name"]: choices for control, choices in specified}
        self._texts = {name: [str(text) for text in given] for name, given in controls.items() if self._choices[name]}
        places = {control["name"]: control["value"] for control, _ in specified}
        asked = {"number": 0, "values": places, "theme": dict(LIGHT)}
        super().__init__(controls=[control for control, _ in specified], asked=asked)
        self.words = {**self.words, "title": title}
        self._answer()  # an error here is the caller's
        self.observe(self._hear, "asked")

    @property
    def values(self) -> dict[str, Any]:
        places = self.asked["values"]
        return {n: choices[places[n]] if choices else places[n] for n, choices in self._choices.items()}

    def set(self, **values: Any) -> None:
        """Move controls from Python; the page follows. A choice may be given by its text."""
        places = {name: self._place(name, value) for name, value in values.items()}
        self.asked = {
            **self.asked, "number": self.asked["number"] + 1, "values": {**self.asked["values"], **places},
        }  # fmt: skip

    def _place(self, name: str, value: Any) -> Any:
        if name not in self._choices:
            raise ValueError(f"there is no control {name!r}; there are: {', '.join(self._choices)}")
        choices, texts = self._choices[name], self._texts.get(name, [])
        if choices is None:
            return value
        if value not in choices and value not in texts:
            raise ValueError(f"{name} cannot be {value!r}; choose from: {', '.join(texts)}")
        return choices.index(value) if value in choices else texts.index(value)

    def still(self) -> bytes:
        return on_paper(self.picture)

    def description(self) -> str:
        return f"{self.words['title']}: {self.text}" if self.text else self.words["title"]

    @shows_errors
    def _hear(self, change: Any) -> None:
        self.error = ""  # so that the page hears of the same error again, and waits no longer
        self._answer()

    def _answer(self) -> None:
        asked, theme = self.asked, self.asked["theme"]
        with themed(theme):
            drawn = self._draw(**self.values)
            drawn, text = drawn if isinstance(drawn, tuple) else (drawn, "")
            made = as_picture(drawn, theme["scale"])
        with self.hold_sync():
            self.picture, self.width, self.crisp, self.text = made.png, made.width, made.crisp, text
            self.ink, self.answered = theme["ink"], asked["number"]


def bench(title: str, draw: Callable[..., Any], /, **controls: Any) -> Bench:
    """Controls beside a picture that is drawn again whenever one of them moves; the newest value wins.

    Args:
        title: what the picture is about.
        draw: called with a value by name for each control. Returns a matplotlib figure, PNG bytes or images
            (n, height, width, 1 or 3) in [-1, 1]; or a pair of these and a text that says what is to be seen. Figures
            get the colours of the page: leave text and axes as they are, and use "C0" for what is real, "C1" for what
            is generated. The defaults of its parameters are the controls' first values.
        controls: by name. (low, high) or (low, high, step) makes a slider; a list of numbers a slider that knows only
            these; a list of texts, or a dict from texts to values, a menu; True or False a box to tick.

    Returns a `Bench`. Raises ValueError for what is none of these, and what `draw` raises at first; later errors are
    shown in the widget.

    Example:
        >>> import numpy as np
        >>> def draw(grey=0.5, inverted=False):
        ...     return np.full((1, 8, 8, 1), -grey if inverted else grey), f"grey of {grey}"
        >>> panel = bench("One grey image", draw, grey=(-1, 1, 0.1), inverted=False)
        >>> panel.set(grey=0.2)
        >>> panel.values, panel.text
        ({'grey': 0.2, 'inverted': False}, 'grey of 0.2')
    """
    return Bench(title, draw, controls)


def _control(name: str, given: Any, start: Any) -> tuple[dict[str, Any], list | None]:
    """What the page has to know of a control, and the values that its places stand for, if it offers choices."""
    control: dict[str, Any] = {"name": name, "label": STRINGS.get(f"control_{name}", shown(name).replace("_", " "))}
    if isinstance(given, bool):
        return {**control, "kind": "tick", "value": given if start is _NONE else bool(start)}, None
    if isinstance(given, tuple) and len(given) in (2, 3) and all(_is_number(each) for each in given):
        low, high, *step = given
        size = step[0] if step else 1 if all(isinstance(end, Integral) for end in given) else (high - low) / 100
        if not low < high or not size > 0:
            raise ValueError(f"the slider {name} needs low < high and a step above 0, not {given}")
        value = low if start is _NONE else min(max(start, low), high)
        digits = max(0, -int(Decimal(str(size)).normalize().as_tuple().exponent))
        ends = {"min": low, "max": high, "step": size, "digits": digits}
        return {**control, **ends, "kind": "slider", "value": value}, None
    options = given if isinstance(given, Mapping) else {str(each): each for each in given} if _is_list(given) else {}
    if not options:
        raise ValueError(
            f"the control {name} must be (low, high, step), a list of numbers or texts, a dict, or True or False, not {given!r}"
        )
    values = list(options.values())
    kind = "steps" if not isinstance(given, Mapping) and all(_is_number(each) for each in values) else "menu"
    place = values.index(start) if start in values else 0
    return {**control, "kind": kind, "options": [offered(text) for text in options], "value": place}, values


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_list(given: Any) -> bool:
    return isinstance(given, (list, tuple)) and all(isinstance(each, str) or _is_number(each) for each in given)
