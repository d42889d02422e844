"""Data sets that Keras downloads and keeps in its own cache."""

import numpy as np

from .dataset import Dataset, check_split, to_unit_range

CLASS_NAMES = {
    "mnist": tuple("0123456789"),
    "cifar10": (
        "airplane", "automobile", "bird", "cat", "deer",
        "dog", "frog", "horse", "ship", "truck",
    ),
}  # fmt: skip


def load_download(name, split="train"):
    """MNIST (28×28×1) or CIFAR-10 (32×32×3) through `keras.datasets`.

    Needs the internet the first time. Raises ConnectionError, saying so, when
    there is none.
    """
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
    if images.ndim == 3:
        images = images[..., np.newaxis]
    return Dataset(name, to_unit_range(images), labels.reshape(-1).astype(np.int32), CLASS_NAMES[name])
