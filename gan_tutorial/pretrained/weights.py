"""Models on disk, those that ship and those of your own runs.

A model is stored as two files: `<name>.npz` holds arrays only, no code and
nothing pickled; `<name>.json` is its `ModelCard`.
"""

from __future__ import annotations

import hashlib
import io
import time
import zipfile
from pathlib import Path

import keras
import numpy as np

from ..data import data_folder
from ..data.validation import did_you_mean
from ..files import write_whole
from .cards import ModelCard, load_card, versions

WEIGHTS_ENDING = ".npz"


def weights_folder() -> Path:
    """The folder of the weights that ship: `data/weights`."""
    return data_folder("weights")


def list_pretrained() -> list[str]:
    """Names of the models that ship.

    Example:
        >>> import gan_tutorial as gt
        >>> gt.list_pretrained()[0]
        'cgan_fashion_mnist'
    """
    return sorted(path.name.removesuffix(WEIGHTS_ENDING) for path in weights_folder().glob(f"*{WEIGHTS_ENDING}"))


def load_pretrained(name: str) -> tuple[keras.Model, ModelCard]:
    """A model that ships, and its card.

    Raises ValueError for a name that does not ship, with those that do.

    Example:
        >>> import gan_tutorial as gt
        >>> generator, card = gt.load_pretrained("cgan_fashion_mnist")
        >>> gt.generate_images(generator, 3, labels=7).shape
        (3, 28, 28, 1)
    """
    if name not in list_pretrained():
        hint = did_you_mean(name, list_pretrained())
        raise ValueError(f"no shipped model is called {name!r};{hint} there are: {', '.join(list_pretrained())}")
    return load_model(weights_folder() / name)


def save_model(model: keras.Model, stem: str | Path, card: ModelCard) -> ModelCard:
    """Write `<stem>.npz` and `<stem>.json`; returns the finished card.

    Args:
        model: the Keras model, as the card's builder makes it.
        stem: path without ending.
        card: a `ModelCard`; name, versions, date and sha256 are added here.

    Example:
        >>> import tempfile, gan_tutorial as gt
        >>> options = {"image_shape": (16, 16, 1), "width": 4}
        >>> stem = tempfile.mkdtemp() + "/mine"
        >>> card = gt.save_model(gt.build_generator(**options), stem, gt.ModelCard("build_generator", options))
        >>> generator, card = gt.load_model(stem)
        >>> card.name, card.image_shape
        ('mine', (16, 16, 1))
    """
    stem = Path(stem)
    weights = stem.with_name(stem.name + WEIGHTS_ENDING)
    packed = _pack(model)
    with write_whole(weights) as temporary:
        temporary.write_bytes(packed)
    digest = hashlib.sha256(packed).hexdigest()
    card = card.replace(
        name=card.name or stem.name, versions=versions(), created=time.strftime("%Y-%m-%d"), sha256=digest
    )
    card.write(stem.with_name(stem.name + ".json"))
    return card


def _pack(model: keras.Model) -> bytes:
    """The weights as the bytes of an .npz file, one array per variable, by its path."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{v.path: v.numpy() for v in _weights(model)})
    return buffer.getvalue()


def _weights(model: keras.Model) -> list[keras.Variable]:
    # All but the seeds of dropouts, which are no weights.
    return [v for v in model.variables if v.dtype == "float32"]


def load_model(stem: str | Path) -> tuple[keras.Model, ModelCard]:
    """Build a stored model and load its weights; returns (model, card).

    Raises FileNotFoundError if a file is missing and ValueError if one is
    damaged or the weights belong to another architecture.

    Example:
        >>> import gan_tutorial as gt
        >>> encoder, card = gt.load_model(gt.pretrained.weights_folder() / "vae_encoder_fashion_mnist")
        >>> card.data
        'fashion_mnist'
    """
    stem = Path(stem)
    card = load_card(stem)
    weights = stem.with_name(stem.name + WEIGHTS_ENDING)
    if not weights.is_file():
        raise FileNotFoundError(f"{weights} is missing, though its card is there")
    packed = weights.read_bytes()
    found = hashlib.sha256(packed).hexdigest()
    if found != card.sha256:
        raise ValueError(
            f"{weights} is damaged, or not the file its card describes: sha256 should be "
            f"{card.sha256} but is {found}. Restore it from git, or train it again with: {card.command}"
        )
    model = _build(stem, card)
    _unpack(packed, model, weights)
    return model, card


def _unpack(packed: bytes, model: keras.Model, path: Path) -> None:
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            stored = dict(arrays)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is not a file of weights ({error})") from error
    wanted = {v.path: tuple(v.shape) for v in _weights(model)}
    if {name: array.shape for name, array in stored.items()} != wanted:
        unlike = sorted(n for n in stored.keys() | wanted.keys() if n not in stored or stored[n].shape != wanted.get(n))
        raise ValueError(
            f"{path} does not fit the architecture that its card describes: {', '.join(unlike[:3])} differ"
        )
    for variable in _weights(model):
        variable.assign(stored[variable.path])


def _build(stem: Path, card: ModelCard) -> keras.Model:
    from .. import models

    try:
        return getattr(models, card.builder)(**card.options)
    except (TypeError, ValueError) as error:
        raise ValueError(f"the card of {stem} describes a model that cannot be built: {error}") from error
