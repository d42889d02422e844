import matplotlib

matplotlib.use("Agg")

import numpy as np
import pytest

from gan_tutorial import quiet

quiet.import_tensorflow()

from gan_tutorial.models import build_discriminator, build_generator


@pytest.fixture
def tiny_data():
    """64 random 16×16 grey images in three classes."""
    rng = np.random.default_rng(0)
    return rng.uniform(-1, 1, (64, 16, 16, 1)).astype("float32"), rng.integers(0, 3, 64).astype("int32")


@pytest.fixture
def tiny_models():
    """A function that builds small conditional models with given weights' seed."""

    def build(seed=0, num_classes=3, **options):
        shared = {"image_shape": (16, 16, 1), "num_classes": num_classes, "width": 4, "seed": seed}
        return build_generator(latent_dim=8, **shared), build_discriminator(**shared, **options)

    return build


def weights_of(*models):
    return np.concatenate([w.ravel() for model in models for w in model.get_weights() if w.dtype == np.float32])
