"""What all widgets of the course are made of: one style sheet, words from one table, a line for errors, and a still."""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import anywidget
import traitlets

from ..translations import STRINGS

_STATIC = Path(__file__).parent / "static"
_Method = TypeVar("_Method", bound=Callable[..., Any])


def script(name: str) -> Path:
    """The built script of a widget; `javascript/` holds its source."""
    return _STATIC / f"{name}.js"


def words_of(prefix: str, table: Mapping[str, str]) -> dict[str, str]:
    """The words of one widget, without its prefix."""
    return {name.removeprefix(f"{prefix}_"): text for name, text in table.items() if name.startswith(f"{prefix}_")}


class Panel(anywidget.AnyWidget):
    """A widget of the course.

    Derive from it, set `_esm = script(NAME)` and `prefix`, and write `still`. The page finds the words whose names begin with
    `prefix`, less that prefix, in `words`; "title" is what a screen reader calls the widget.

    Attributes:
        error: one clear line that the widget shows; empty for none.
        alone: whether the widget works without a kernel, in a page.
    """

    _css = _STATIC / "style.css"
    prefix = ""

    words = traitlets.Dict().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)
    alone = traitlets.Bool().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(words=words_of(self.prefix, STRINGS), **traits)
        # ipykernel 7.4 would answer the page behind the running cell; without this, in the subshell that the page asks for.
        if self.comm is not None:
            self.comm._reply_subshell_for = None

    def still(self) -> bytes | None:
        """PNG bytes of what the widget shows now, for where no widget lives: GitHub, nbviewer, paper."""
        return None

    def description(self) -> str:
        """The still in words."""
        return self.words.get("title", "")

    @contextmanager
    def errors_shown(self, keep: bool = False) -> Iterator[None]:
        """Show an exception as one line in the widget, where a learner looks, instead of in the log.

        With `keep` an older error stays when all goes well.
        """
        try:
            yield
        except Exception as problem:
            self.error = f"{type(problem).__name__}: {problem}"
        else:
            self.error = self.error if keep else ""

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        if data is None:
            return bundle
        data = {**data, "text/plain": self.description()}
        if picture := self.still():
            data["image/png"] = base64.b64encode(picture).decode()
        return data, metadata


def shows_errors(method: _Method) -> _Method:
    """Decorate a method of a `Panel` that handles an event: exceptions become its `error`."""

    @functools.wraps(method)
    def guarded(self: Panel, *args: Any, **options: Any) -> Any:
        with self.errors_shown():
            return method(self, *args, **options)

    return guarded  # type: ignore[return-value]
