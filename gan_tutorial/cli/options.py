"""What several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from keras import Model

    from ..pretrained import ModelCard


class Whole(click.types.IntParamType):
    """A whole number from `low` to what 32 bits hold: seeds and sizes beyond would fail somewhere in a library."""

    def __init__(self, low: int = 0) -> None:
        self.low = low

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> int:
        number = super().convert(value, param, context)
        if not self.low <= number < 2**31:
            self.fail(f"{value} is not from {self.low} to {2**31 - 1:,}.", param, context)
        return number


class Output(click.Path):
    """Where to write, a file or a folder: what cannot be is refused before anything is done."""

    def __init__(self, **kinds: bool) -> None:
        super().__init__(path_type=Path, **kinds)

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        path = super().convert(value, param, context)
        try:
            os.stat(value or "")
        except FileNotFoundError:
            if not value:
                self.fail("a path cannot be empty.", param, context)
        except OSError as error:
            self.fail(f"{str(value)[-80:]}: {error.strerror or error}.", param, context)
        return path


def names_in(text: str | None) -> list[str] | None:
    """Names from a text with commas; None for None."""
    return [name.strip() for name in text.split(",")] if text else None


def open_generator(source: str) -> tuple[Model, ModelCard]:
    """The generator that a command's SOURCE names, and its card."""
    from ..pretrained import load_model
    from ..pretrained.storage import generator_stem

    return load_model(generator_stem(source))
