"""The files of stored models, as far as they can be read without TensorFlow."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np

from ..data import data_folder
from ..data.validation import did_you_mean
from .cards import GENERATORS, ModelCard, load_card

#: A file of weights that unpacks to more is refused: it is a mistake or an attack.
MAX_BYTES = 2**30


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
    if load_card(stem).builder not in GENERATORS:
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
        return _unpack(packed)
    except Exception as error:  # zipfile, zlib and NumPy raise errors of many types
        raise ValueError(f"{path} is not a file of weights ({str(error) or type(error).__name__})") from error


def _unpack(packed: bytes) -> dict[str, np.ndarray]:
    """The arrays of an .npz; refuses one that would fill the memory before anything is unpacked."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > MAX_BYTES:
        raise ValueError(f"unpacked it would have {size:,} bytes; {MAX_BYTES:,} are the limit")
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        unpacked = dict(arrays)
    if unlike := [name for name, array in unpacked.items() if array.dtype.kind != "f"]:
        raise ValueError(f"{unlike[0]} is of type {unpacked[unlike[0]].dtype}; weights are floating-point numbers")
    return unpacked
