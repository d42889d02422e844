"""What several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keras import Model

    from ..pretrained import ModelCard


def names_in(text: str | None) -> list[str] | None:
    """Names from a text with commas; None for None."""
    return [name.strip() for name in text.split(",")] if text else None


def open_generator(source: str) -> tuple[Model, ModelCard]:
    """The generator that a command's SOURCE names, and its card."""
    from ..pretrained import load_model
    from ..pretrained.storage import generator_stem

    return load_model(generator_stem(source))
