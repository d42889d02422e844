"""What several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keras import Model

    from ..pretrained import ModelCard


def names_in(text: str | None) -> list[str] | None:
    """Names from a text with commas; None for None."""
    return [name.strip() for name in text.split(",")] if text else None


def open_generator(source: str) -> tuple[Model, ModelCard]:
    """The generator that a command's SOURCE names, and its card."""
    from ..data.validation import did_you_mean
    from ..pretrained import list_pretrained, load_model, load_pretrained

    if Path(source).is_dir():
        model, card = load_model(Path(source) / "generator")
    elif Path(source).with_suffix(".npz").is_file():
        model, card = load_model(Path(source).with_suffix(""))
    elif source in list_pretrained():
        model, card = load_pretrained(source)
    else:
        raise ValueError(
            f"{source!r} is neither the folder of a run, nor a file of weights, nor a model that ships."
            f"{did_you_mean(source, list_pretrained())} Models that ship: {', '.join(list_pretrained())}."
        )
    if card.builder != "build_generator":
        raise ValueError(f"{source} is not a generator")
    return model, card
