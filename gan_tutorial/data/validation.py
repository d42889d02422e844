"""Checks of data before it is used: each returns the array in the form that is used, or says what is wrong."""

import difflib
from collections.abc import Iterable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

_T = TypeVar("_T")


def did_you_mean(name: str, choices: Iterable[str]) -> str:
    """A question to append to an error message, " Did you mean 'ring'?"; empty if no choice resembles the name."""
    close = difflib.get_close_matches(name.lower(), choices, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def find(kind: str, name: str, known: Mapping[str, _T]) -> _T:
    """What is known by a name. Raises ValueError, with the names that there are, if there is none such."""
    if name not in known:
        raise ValueError(f"no {kind} is called {name!r}; there are: {', '.join(known)}.{did_you_mean(name, known)}")
    return known[name]


def check_images(images: ArrayLike, batch_size: int) -> np.ndarray:
    """Training images as a float32 array."""
    images = np.asarray(images)
    if images.dtype.kind != "f":
        raise ValueError(
            f"images must be floats in [-1, 1], not {images.dtype}; "
            "8-bit pixels become so by `images.astype('float32') / 127.5 - 1`"
        )
    if images.ndim not in (2, 4):
        raise ValueError(
            f"images must have the shape (n, height, width, channels), or (n, 2) for points, not {images.shape}"
        )
    if len(images) < batch_size:
        raise ValueError(f"{len(images)} images are fewer than a batch of {batch_size}; choose a smaller batch_size")
    low, high = images.min(), images.max()
    if not np.isfinite(low + high):
        bad = np.flatnonzero(~np.isfinite(images).reshape(len(images), -1).all(1))
        raise ValueError(f"{len(bad)} images have values that are not finite (NaN); the first is number {bad[0]}")
    if low < -1.001 or high > 1.001:
        raise ValueError(
            f"images must lie in [-1, 1], the range of tanh, but lie in [{low:.4g}, {high:.4g}]; "
            "pixels 0...255 become so by `images / 127.5 - 1`"
        )
    return images.astype(np.float32, copy=False)


def check_labels(labels: ArrayLike, n: int, num_classes: int | None = None) -> np.ndarray:
    """Labels as an int32 array (n,)."""
    labels = np.asarray(labels)
    if labels.shape != (n,):
        raise ValueError(f"labels must have the shape ({n},), one for each image, not {labels.shape}")
    if labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be integers, not {labels.dtype}")
    bad = labels[(labels < 0) | (labels >= (num_classes or np.inf))]
    if len(bad):
        known = f"the model knows the labels 0 to {num_classes - 1}" if num_classes else "labels begin at 0"
        raise ValueError(f"label {bad[0]} is out of range: {known}")
    return labels.astype(np.int32, copy=False)
