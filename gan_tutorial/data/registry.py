"""The data sets by name, to which you can add your own."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from .dataset import Dataset, check_split, to_unit_range
from .emoji import load_emoji, load_portraits
from .fashion_mnist import load_fashion_mnist
from .folder import load_folder
from .points import make_points
from .shapes import make_shapes
from .validation import did_you_mean

Loader = Callable[..., Dataset]

#: Class names of the data sets that Keras downloads and keeps in its own cache.
DOWNLOADS = {
    "mnist": tuple("0123456789"),
    "cifar10": ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
}

#: What each named data set is, for lists and help texts.
DATASETS: dict[str, str] = {}
_LOADERS: dict[str, Loader] = {}


def register_dataset(name: str, description: str) -> Callable[[Loader], Loader]:
    """Decorate a function `load(split="train")` that returns a `Dataset`, so that `load_dataset` finds it by name.

    `split` is "train" or "test". The name then works wherever a data set is named; an older one of that name is replaced.

    Example:
        >>> import numpy as np, gan_tutorial as gt
        >>> @gt.register_dataset("noise", "grey images of noise, 16×16; generated")
        ... def load_noise(split="train"):
        ...     images = np.random.default_rng(split == "test").uniform(-1, 1, (100, 16, 16, 1))
        ...     return gt.Dataset("noise", images.astype("float32"), np.zeros(100, "int32"), ("noise",))
        >>> gt.load_dataset("noise", "test").image_shape
        (16, 16, 1)
    """

    def register(load: Loader) -> Loader:
        DATASETS[name], _LOADERS[name] = description, load
        return load

    return register


def load_dataset(
    name: str | Path, split: str = "train", size: int = 64, channels: int = 3, progress: bool = False
) -> Dataset:
    """Load a data set by its name, or a folder of images by its path.

    `size`, `channels` and `progress` are for a folder; see `load_folder`. It is read whole, without a test split of its own.

    Example:
        >>> import gan_tutorial as gt
        >>> gt.load_dataset("ring").images.shape
        (10000, 2)
    """
    if str(name) in _LOADERS:
        return _LOADERS[str(name)](split=split)
    if Path(name).expanduser().is_dir():
        return load_folder(name, size, channels, progress=progress)
    raise ValueError(
        f"{str(name)!r} is neither a data set nor a folder.{did_you_mean(str(name), DATASETS)} "
        f"Data sets: {', '.join(DATASETS)}; or give the path of a folder of images."
    )


def load_held_out(name: str | Path, split: str = "test") -> Dataset | None:
    """The test split of a data set by its name, or another; None for a folder, which has none of its own."""
    return load_dataset(name, split) if str(name) in DATASETS else None


def load_download(name: str, split: str = "train") -> Dataset:
    """MNIST (28×28×1) or CIFAR-10 (32×32×3) through `keras.datasets`; ConnectionError without internet the first time."""
    check_split(split)
    from keras import datasets

    try:
        train, test = getattr(datasets, name).load_data()
    except Exception as error:  # Keras wraps whatever urllib raised
        raise ConnectionError(
            f"{name} is downloaded at first use, and that failed ({error}). Connect to the "
            f"internet once, or work with fashion_mnist or shapes, which need no download."
        ) from error
    images, labels = train if split == "train" else test
    images = images.reshape(*images.shape[:3], -1)
    return Dataset(name, to_unit_range(images), labels.reshape(-1).astype(np.int32), DOWNLOADS[name])


def _load_shapes(split: str = "train") -> Dataset:
    return make_shapes(20_000 if split == "train" else 4_000, split)


for _name, _load, _description in (
    ("fashion_mnist", load_fashion_mnist, "70,000 grey images of clothes, 28×28, ten classes; bundled"),
    ("portraits", load_portraits, "drawn people in colour, 64×64, by role, style, gender and tone; bundled"),
    ("emoji", load_emoji, "things, animals, food and faces in four styles, 64×64; bundled"),
    ("shapes", _load_shapes, "drawn shapes, 64×64, 4 kinds, 6 colours, with size and rotation; generated"),
    ("mnist", partial(load_download, "mnist"), "70,000 grey handwritten digits, 28×28, ten classes; downloaded"),
    ("cifar10", partial(load_download, "cifar10"), "60,000 small colour photographs, 32×32, ten classes; downloaded"),
    ("ring", partial(make_points, "ring"), "2-D points in eight clusters on a ring, with known density; generated"),
    ("grid", partial(make_points, "grid"), "2-D points in 25 clusters on a grid, with known density; generated"),
    ("spiral", partial(make_points, "spiral"), "2-D points along a spiral, with known density; generated"),
    ("moons", partial(make_points, "moons"), "2-D points on two half moons, with known density; generated"),
    ("line", partial(make_points, "line"), "2-D points along a line, with known density; generated"),
    ("blobs", partial(make_points, "blobs"), "2-D points in three clusters far apart, with known density; generated"),
):
    register_dataset(_name, _description)(_load)
