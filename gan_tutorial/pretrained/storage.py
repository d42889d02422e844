"""The files of stored models, as far as they can be read without TensorFlow."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np

from ..data import data_folder
from ..data.validation import did_you_mean
from .cards import ModelCard, load_card


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
    return sorted(path.stem for path in weights_folder().glob("*.npz"))


def shipped(name: str) -> Path:
    """Where a model that ships lies, without ending. Raises ValueError for a name that does not ship."""
    names = list_pretrained()
    if name not in names:
        hint = did_you_mean(name, names)
        raise ValueError(f"no shipped model is called {name!r};{hint} there are: {', '.join(names)}")
    return weights_folder() / name


def generator_stem(source: str | Path) -> Path:
    """Where a generator lies, without ending, from what a person calls it.

    That is the folder of a run, a file of weights, or the name of a model that ships. Raises ValueError for anything else.
    """
    path = Path(source)
    if path.is_dir():
        stem = path / "generator"
    elif path.with_suffix(".npz").is_file():
        stem = path.with_suffix("")
    elif (name := str(source)) in list_pretrained():
        stem = weights_folder() / name
    else:
        raise ValueError(
            f"{name!r} is neither the folder of a run, nor a file of weights, nor a model that ships."
            f"{did_you_mean(name, list_pretrained())} Models that ship: {', '.join(list_pretrained())}."
        )
    if load_card(stem).builder != "build_generator":
        raise ValueError(f"{source} is not a generator")
    return stem


def read_arrays(stem: str | Path, card: ModelCard) -> dict[str, np.ndarray]:
    """The weights of a stored model by name, as they are stored.

    Raises FileNotFoundError if the file is missing and ValueError if it is damaged or not the one that the card describes.
    """
    path = Path(f"{stem}.npz")
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing, though its card is there")
    packed = path.read_bytes()
    if (found := hashlib.sha256(packed).hexdigest()) != card.sha256:
        raise ValueError(
            f"{path} is damaged, or not the file its card describes: sha256 should be "
            f"{card.sha256} but is {found}. Restore it from git, or train it again with: {card.command}"
        )
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            return dict(arrays)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is not a file of weights ({error})") from error
