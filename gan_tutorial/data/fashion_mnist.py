"""Fashion-MNIST (Xiao, Rasul & Vollgraf 2017, arXiv:1708.07747), bundled with the course.

The files are the original gzip-compressed IDX files: a big-endian header (two zero bytes, a type byte, the number of
dimensions, one int32 per dimension), then the bytes of the array.
"""

import gzip
import io
from pathlib import Path

import numpy as np

from .dataset import Dataset, check_split, to_unit_range
from .paths import data_folder, naming_damage, read_checked

CLASS_NAMES = (
    "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"
)  # fmt: skip

RESTORE = (
    "To restore it: `git checkout -- data/fashion_mnist` in the course's folder, "
    "or copy the file from Debian's package dataset-fashion-mnist."
)

#: More than any of the files holds: a damaged one cannot fill the memory.
_MAX_BYTES = 10**8


def load_fashion_mnist(split: str = "train") -> Dataset:
    """60,000 ("train") or 10,000 ("test") grey images of clothes, 28×28×1, as a `Dataset`; nothing is downloaded.

    Raises FileNotFoundError or ValueError, with the way to mend it, if a file is missing or damaged.
    """
    check_split(split)
    stem = data_folder("fashion_mnist") / {"train": "train", "test": "t10k"}[split]
    images = _read_idx(Path(f"{stem}-images-idx3-ubyte.gz"), (28, 28))
    labels = _read_idx(Path(f"{stem}-labels-idx1-ubyte.gz"), ())
    return Dataset("fashion_mnist", to_unit_range(images)[..., np.newaxis], labels.astype(np.int32), CLASS_NAMES)


def _read_idx(path: Path, shape: tuple[int, ...]) -> np.ndarray:
    """The array in a file, whose items have this shape."""
    content = read_checked(path, RESTORE)
    with naming_damage(path, RESTORE):
        with gzip.open(io.BytesIO(content)) as file:
            unpacked = file.read(_MAX_BYTES + 1)
        if len(unpacked) > _MAX_BYTES:
            raise ValueError(f"it unpacks to more than {_MAX_BYTES:,} bytes")
        numbers = np.frombuffer(unpacked, np.uint8, offset=8 + 4 * len(shape)).reshape(-1, *shape)
    return numbers
