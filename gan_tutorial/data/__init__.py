"""Data sets: bundled, generated, downloaded, a folder of images, or registered by you.

All loaders return a `Dataset`.
"""

from .conditions import Condition, as_condition, as_conditions
from .dataset import Dataset
from .emoji import load_emoji, load_portraits, load_table
from .fashion_mnist import load_fashion_mnist
from .folder import load_folder, stream_folder
from .paths import data_folder
from .points import POINTS, make_points, points_density, points_mixture
from .registry import DATASETS, load_dataset, load_download, load_held_out, register_dataset
from .shapes import draw_outlines, draw_shapes, make_shapes

__all__ = [
    "DATASETS", "POINTS", "Condition", "Dataset", "as_condition", "as_conditions", "data_folder", "draw_outlines", "draw_shapes", "load_dataset",
    "load_download", "load_emoji", "load_fashion_mnist", "load_folder", "load_held_out", "load_portraits", "load_table", "make_points", "make_shapes",
    "points_density", "points_mixture", "register_dataset", "stream_folder",
]  # fmt: skip
