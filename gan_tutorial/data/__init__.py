"""Data sets: bundled, drawn, downloaded, or a folder of one's own.

All loaders return a `Dataset`: images float32 in [-1, 1], integer labels,
class names and, where the data has them, continuous attributes.
"""

from pathlib import Path

from .dataset import Dataset, label_of
from .downloads import load_download
from .fashion_mnist import data_folder, load_fashion_mnist
from .folder import load_folder
from .points import POINTS, make_points, points_density, points_mixture
from .shapes import draw_outlines, draw_shapes, make_shapes, shapes_label

#: What each named data set is, for lists and help texts.
DATASETS = {
    "fashion_mnist": "70,000 grey images of clothes, 28×28, ten classes; bundled",
    "shapes": "drawn shapes in colour, 64×64, 24 classes, with size and rotation; generated",
    "mnist": "70,000 grey handwritten digits, 28×28, ten classes; downloaded",
    "cifar10": "60,000 small colour photographs, 32×32, ten classes; downloaded",
}
DATASETS.update({name: f"2-D points on a {name}, with known density; generated" for name in POINTS})


def load_dataset(name, split="train", size=64, channels=3, progress=False):
    """Load a data set by its name, or a folder of images by its path.

    `size`, `channels` and `progress` count only for a folder; see
    `load_folder`. A folder is read whole: it has no test split of its own.
    """
    if name == "fashion_mnist":
        return load_fashion_mnist(split)
    if name == "shapes":
        return make_shapes(split=split, n=20_000 if split == "train" else 4_000)
    if name in POINTS:
        return make_points(name, split=split)
    if name in ("mnist", "cifar10"):
        return load_download(name, split)
    if Path(name).expanduser().is_dir():
        return load_folder(name, size, channels, progress=progress)
    raise ValueError(
        f"{str(name)!r} is neither a data set nor a folder. "
        f"Data sets: {', '.join(DATASETS)}; or give the path of a folder of images."
    )


def load_held_out(name):
    """The test split of a data set by its name; None for a folder, which has none of its own."""
    return load_dataset(name, "test") if name in DATASETS else None


__all__ = [
    "DATASETS",
    "POINTS",
    "Dataset",
    "data_folder",
    "draw_outlines",
    "draw_shapes",
    "label_of",
    "load_dataset",
    "load_download",
    "load_fashion_mnist",
    "load_folder",
    "load_held_out",
    "make_points",
    "make_shapes",
    "points_density",
    "points_mixture",
    "shapes_label",
]
