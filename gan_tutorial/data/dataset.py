"""The one type that every loader returns."""

from __future__ import annotations

import dataclasses

import numpy as np

from .conditions import Condition, Specification, as_condition


@dataclasses.dataclass(frozen=True)
class Dataset:
    """Images with their labels.

    Attributes:
        name: what the data is called, such as "fashion_mnist".
        images: float32 in [-1, 1], shape (n, height, width, channels); for 2-D points, shape (n, 2).
        labels: int32, shape (n,), each an index into `class_names`.
        class_names: one name per class.
        attributes: further properties by name, shape (n,): int32 for categories, float32 for numbers.
        scales: of each attribute the names of its categories, or its range (low, high); by default (0, 1).
        label_name: what the labels say, such as "role".

    Example:
        >>> import gan_tutorial as gt
        >>> data = gt.Dataset("dots", np.zeros((3, 16, 16, 1), "float32"), np.int32([0, 1, 1]), ("black", "white"))
        >>> len(data), data.image_shape, len(data.of_class("white"))
        (3, (16, 16, 1), 2)
    """

    name: str
    images: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]
    attributes: dict[str, np.ndarray] = dataclasses.field(default_factory=dict)
    scales: dict[str, Specification] = dataclasses.field(default_factory=dict)
    label_name: str = "label"

    def __len__(self) -> int:
        return len(self.images)

    @property
    def image_shape(self) -> tuple[int, ...]:
        """Shape of one image: (height, width, channels), or (2,) for points."""
        return self.images.shape[1:]

    @property
    def num_classes(self) -> int:
        """How many classes there are, whether or not each has images."""
        return len(self.class_names)

    @property
    def conditions(self) -> dict[str, Condition]:
        """What its images can be asked for, by name: the label, if there are two classes or more, and the attributes."""
        written: dict[str, Specification] = {self.label_name: self.class_names} if self.num_classes > 1 else {}
        written |= {name: self.scales.get(name, (0.0, 1.0)) for name in self.attributes}
        return {name: as_condition(name, specification) for name, specification in written.items()}

    @property
    def values(self) -> dict[str, np.ndarray]:
        """What each image shows: an array (n,) for each of the conditions."""
        return ({self.label_name: self.labels} if self.num_classes > 1 else {}) | self.attributes

    def take(self, indices: np.ndarray | slice) -> Dataset:
        """The data set with only the images at `indices` (integers, a slice or a mask)."""
        attributes = {name: values[indices] for name, values in self.attributes.items()}
        return dataclasses.replace(
            self, images=self.images[indices], labels=self.labels[indices], attributes=attributes
        )

    def of_class(self, class_name: str | int) -> Dataset:
        """The data set with only the images of one class, by name or number, as `Condition.numbers` reads it."""
        return self.take(self.labels == Condition(self.label_name, self.class_names).numbers(class_name))


def to_unit_range(pixels: np.ndarray) -> np.ndarray:
    """uint8 pixels 0...255 as float32 in [-1, 1], the range of a generator's tanh."""
    scaled = pixels.astype(np.float32)
    scaled *= 1 / 127.5
    scaled -= 1
    return scaled


def check_split(split: str, choices: tuple[str, ...] = ("train", "test")) -> None:
    if split not in choices:
        raise ValueError(f"split must be one of {', '.join(choices)}, not {split!r}")
