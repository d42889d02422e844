"""Models on disk, those that ship and those of your own runs.

A model is stored as two files: `<name>.npz` holds arrays only, no code and nothing pickled; `<name>.json` is its
`ModelCard`.
"""

from __future__ import annotations

import hashlib
import io
import time
from pathlib import Path
from typing import Any

import numpy as np

from .. import quiet

quiet.import_tensorflow()

from keras import Model, Variable

from .. import models
from ..files import write_whole
from .cards import GENERATORS, ModelCard, load_card, versions
from .storage import read_arrays, shipped


def load_pretrained(name: str) -> tuple[Model, ModelCard]:
    """A model that ships, and its card. Raises ValueError for a name that does not ship, with those that do.

    Example:
        >>> import gan_tutorial as gt
        >>> generator, card = gt.load_pretrained("cgan_fashion_mnist")
        >>> gt.generate_images(generator, 3, label="sneaker").shape
        (3, 28, 28, 1)
    """
    return load_model(shipped(name))


def save_model(model: Model, stem: str | Path, card: ModelCard, half: bool = False) -> ModelCard:
    """Write `<stem>.npz` and `<stem>.json` of a model that the card's builder made.

    With `half`, weights are stored as float16: half the space, three decimal digits. Returns the card, completed by name,
    versions, date and sha256. Raises ValueError for weights that are not finite.

    Example:
        >>> import tempfile, gan_tutorial as gt
        >>> options = {"image_shape": (16, 16, 1), "width": 4}
        >>> stem = tempfile.mkdtemp() + "/mine"
        >>> card = gt.save_model(gt.build_generator(**options), stem, gt.ModelCard("build_generator", options))
        >>> generator, card = gt.load_model(stem)
        >>> card.name, card.image_shape
        ('mine', (16, 16, 1))
    """
    buffer = io.BytesIO()
    arrays = {v.path: v.numpy().astype(np.float16 if half else np.float32) for v in _weights(model)}
    # Checked before anything is written.
    if unfit := [path for path, array in arrays.items() if not np.isfinite(array).all()]:
        hint = " as float16: save it with half=False" if half else ""
        raise ValueError(f"{unfit[0]} has values that are not finite{hint}")
    np.savez_compressed(buffer, **arrays)
    packed = buffer.getvalue()
    with write_whole(f"{stem}.npz") as temporary:
        temporary.write_bytes(packed)
    made = {"versions": versions(), "created": time.strftime("%Y-%m-%d"), "sha256": hashlib.sha256(packed).hexdigest()}
    card = card.replace(name=card.name or Path(stem).name, **made)
    card.write(f"{stem}.json")
    return card


def _weights(model: Model) -> list[Variable]:
    # All but the seeds of dropouts, which are no weights.
    return [v for v in model.variables if v.dtype == "float32"]


def load_model(stem: str | Path) -> tuple[Model, ModelCard]:
    """Build a stored model and load its weights; returns (model, card).

    Raises FileNotFoundError if a file is missing and ValueError if one is damaged or the weights belong to another
    architecture.

    Example:
        >>> import gan_tutorial as gt
        >>> encoder, card = gt.load_model(gt.pretrained.weights_folder() / "vae_encoder_fashion_mnist")
        >>> card.data
        'fashion_mnist'
    """
    card = load_card(stem)
    arrays = read_arrays(stem, card)
    try:
        model = getattr(models, card.builder)(**_options_with_names(card))
    except (TypeError, ValueError) as error:
        raise ValueError(f"the card of {stem} describes a model that cannot be built: {error}") from error
    _fill(model, arrays, stem)
    return model, card


def _options_with_names(card: ModelCard) -> dict[str, Any]:
    """The builder's arguments; labels are called by their names, so that images can be asked for by these."""
    options = dict(card.options)
    if card.class_names and card.builder in (*GENERATORS, "build_discriminator") and options.get("num_classes"):
        options["conditions"] = {name: condition.specification for name, condition in card.conditions.items()}
        del options["num_classes"]
    return options


def _fill(model: Model, arrays: dict[str, np.ndarray], stem: str | Path) -> None:
    shapes = {name: array.shape for name, array in arrays.items()}
    wanted = {v.path: tuple(v.shape) for v in _weights(model)}
    if unlike := sorted({name for name, _ in shapes.items() ^ wanted.items()}):
        raise ValueError(
            f"{stem}.npz does not fit the architecture that its card describes: {', '.join(unlike[:3])} differ"
        )
    for variable in _weights(model):
        variable.assign(arrays[variable.path])
