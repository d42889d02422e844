"""Fashion-MNIST (Xiao, Rasul & Vollgraf 2017, arXiv:1708.07747), bundled with the course.

The files are the original gzip-compressed IDX files: a big-endian header (two
zero bytes, a type byte, the number of dimensions, one int32 a dimension),
then the bytes of the array.
"""

import functools
import gzip
import hashlib
import os
import struct
from pathlib import Path

import numpy as np

from .dataset import Dataset, check_split, to_unit_range

CLASS_NAMES = (
    "T-shirt", "trouser", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip

FILES = {
    "train": ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    "test": ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
}

RESTORE = (
    "To restore it: `git checkout -- data/fashion_mnist` in the course's folder, "
    "or copy the file from Debian's package dataset-fashion-mnist."
)


def data_folder():
    """The repository's `data` folder, or wherever GAN_TUTORIAL_DATA points."""
    default = Path(__file__).resolve().parents[2] / "data"
    return Path(os.environ.get("GAN_TUTORIAL_DATA", default))


def load_fashion_mnist(split="train"):
    """60,000 ("train") or 10,000 ("test") grey images of clothes, 28×28×1.

    Returns a `Dataset` with images float32 (n, 28, 28, 1) in [-1, 1] and
    labels 0...9. Nothing is downloaded. Raises FileNotFoundError or
    ValueError, with the way to mend it, if a file is missing or damaged.
    """
    check_split(split)
    images, labels = (_read_idx(data_folder() / "fashion_mnist" / name) for name in FILES[split])
    return Dataset(
        "fashion_mnist",
        to_unit_range(images)[..., np.newaxis],
        labels.astype(np.int32),
        CLASS_NAMES,
    )


def _read_idx(path):
    # A file's size and time of change stand for its content: the sum over
    # 26 MB is taken once a session, not at every call.
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing. {RESTORE}")
    status = path.stat()
    _check_sum(path, status.st_size, status.st_mtime_ns)
    raw = gzip.decompress(path.read_bytes())
    dimensions = raw[3]
    shape = struct.unpack_from(f">{dimensions}I", raw, 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


@functools.cache
def _check_sum(path, size, changed):
    expected = _expected_sums(path.parent)[path.name]
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise ValueError(f"{path} is damaged: its sha256 should be {expected} but is {found} ({size} bytes). {RESTORE}")


def _expected_sums(folder):
    sums = folder / "SHA256SUMS"
    if not sums.is_file():
        raise FileNotFoundError(f"{sums} is missing. {RESTORE}")
    return {name: digest for digest, name in map(str.split, sums.read_text().splitlines())}
