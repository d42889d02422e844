"""The one type that every loader returns."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Dataset:
    """Images with their labels.

    Attributes:
        name: what the data is called, such as "fashion_mnist".
        images: float32 in [-1, 1], shape (n, height, width, channels);
            for 2-D points, shape (n, 2).
        labels: int32, shape (n,), each an index into `class_names`.
        class_names: one name a class.
        attributes: continuous properties, each float32 in [0, 1], shape (n,).
    """

    name: str
    images: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]
    attributes: dict[str, np.ndarray] = field(default_factory=dict)

    def __len__(self):
        return len(self.images)

    @property
    def image_shape(self):
        """Shape of one image: (height, width, channels), or (2,) for points."""
        return self.images.shape[1:]

    @property
    def num_classes(self):
        return len(self.class_names)

    def take(self, indices):
        """The data set with only the images at `indices` (integers, a slice or a mask)."""
        return Dataset(
            self.name,
            self.images[indices],
            self.labels[indices],
            self.class_names,
            {name: values[indices] for name, values in self.attributes.items()},
        )

    def of_class(self, class_name):
        """The data set with only the images of one class, by name or number."""
        label = label_of(class_name, self.class_names)
        return self.take(self.labels == label)


def label_of(class_name, class_names):
    """Number of a class, given its name (any case) or its number.

    Raises ValueError, with the names that exist, when there is no such class.
    """
    text = str(class_name).strip()
    if text.lstrip("-").isdigit():
        if 0 <= int(text) < len(class_names):
            return int(text)
        raise ValueError(
            f"label {text} is out of range: there are {len(class_names)} classes, numbered 0 to {len(class_names) - 1}"
        )
    lowered = [name.lower() for name in class_names]
    if text.lower() in lowered:
        return lowered.index(text.lower())
    raise ValueError(f"no class is called {text!r}; choose one of: {', '.join(class_names)}")


def to_unit_range(pixels):
    """uint8 pixels 0...255 as float32 in [-1, 1], the range of a generator's tanh."""
    scaled = pixels.astype(np.float32)
    scaled *= 1 / 127.5
    scaled -= 1
    return scaled


def split_indices(n, split, test_share=0.1, seed=0):
    """Which of n shuffled examples belong to a split: "train", "test" or "all"."""
    if split == "all":
        return np.arange(n)
    check_split(split)
    order = np.random.default_rng(seed).permutation(n)
    n_test = round(n * test_share)
    return np.sort(order[:n_test] if split == "test" else order[n_test:])


def check_split(split, allowed=("train", "test")):
    if split not in allowed:
        raise ValueError(f"split must be one of {', '.join(allowed)}, not {split!r}")
