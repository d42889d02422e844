"""Where features come from: a judge looks at images and returns numbers about them."""

import functools
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..files import write_whole
from ..models import build_classifier
from ..pretrained import list_pretrained, load_pretrained
from .classifier import classifier_outputs


class Judge(NamedTuple):
    """Something that looks at images.

    Attributes:
        name: what it is called, for tables.
        look: callable, images float32 (n, height, width, channels) in [-1, 1]
            to features (n, k), or to a pair of features and class
            probabilities (n, classes).
        key: changes whenever the features would; None if unknown, and then
            nothing is kept on disk.
    """

    name: str
    look: Callable
    key: Any = None

    def __call__(self, images):
        """Features and class probabilities, or None in place of the latter."""
        seen = self.look(images)
        return seen if isinstance(seen, tuple | list) else (np.asarray(seen), None)


def find_judge(features, data_name, image_shape):
    """A `Judge` from what a user may give.

    Args:
        features: "classifier" for the one that ships for this data, "random",
            "inception", any callable from images to features, a `Judge`, or
            None for the classifier where there is one and "random" elsewhere.
    """
    if isinstance(features, Judge):
        return features
    if callable(features):
        return Judge(getattr(features, "__name__", "own features"), features)
    shipped = f"classifier_{data_name}"
    if features is None:
        features = "classifier" if shipped in list_pretrained() else "random"
    if features == "classifier":
        if shipped not in list_pretrained():
            raise ValueError(f"no classifier ships for {data_name}: choose random or inception features")
        return classifier_judge(shipped)
    if features == "random":
        return random_judge(image_shape)
    if features == "inception":
        return inception_judge()
    raise ValueError(f"features must be classifier, random, inception or a callable, not {features!r}")


@functools.cache
def classifier_judge(name):
    """The judge that a shipped classifier makes: its layer of 128 features, and its probabilities."""
    classifier, card = load_pretrained(name)
    return Judge(name, functools.partial(classifier_outputs, classifier), card["sha256"])


@functools.cache
def random_judge(image_shape, seed=0):
    """128 features of a network that was never trained, for data without a classifier (Naeem et al. 2020, section 3.3).

    Random convolutions see texture and arrangement, but have no idea of what
    matters in the images. No class probabilities.
    """
    network = build_classifier(tuple(image_shape), 2, seed=seed)
    return Judge(
        "random network", lambda images: classifier_outputs(network, images)[0], f"random {seed} {image_shape}"
    )


@functools.cache
def inception_judge(weights="imagenet"):
    """The 2048 pooled features of Keras's InceptionV3 (Szegedy et al. 2016).

    Its weights are Keras's own, not those of the original FID: distances come
    close to published ones and do not equal them. Images are brought to
    299×299 by bicubic scaling *with* antialiasing and are not rounded to 8
    bits in between; Parmar et al. 2022 show how much the careless ways change
    the distance. Raises ConnectionError where the weights are neither in
    Keras's cache nor to be downloaded.
    """
    import keras
    import tensorflow as tf

    try:
        network = keras.applications.InceptionV3(include_top=False, weights=weights, pooling="avg")
    except Exception as error:  # Keras wraps whatever urllib raised
        raise ConnectionError(
            f"InceptionV3's weights are not in {Path.home() / '.keras/models'} and could not be downloaded ({error}). "
            "Connect to the internet once, or use the classifier's features, which need no download."
        ) from error

    def look(images, batch_size=50):
        blocks = [images[i : i + batch_size] for i in range(0, len(images), batch_size)]
        return np.concatenate([network.predict_on_batch(_for_inception(block)) for block in blocks])

    def _for_inception(block):
        colour = np.broadcast_to(block, (*block.shape[:3], 3))
        return tf.clip_by_value(tf.image.resize(colour, (299, 299), "bicubic", antialias=True), -1, 1)

    return Judge("InceptionV3 (Keras)", look, f"inception {weights}")


def cached_look(judge, images):
    """What a judge sees in images, kept on disk for the next time."""
    if judge.key is None:
        return judge(images)

    def compute():
        features, probabilities = judge(images)
        return {"features": features} | ({} if probabilities is None else {"probabilities": probabilities})

    found = cached(("look", judge.key, digest(images)), compute)
    return found["features"], found.get("probabilities")


def cached(key, compute):
    """The arrays that compute() returned the first time it was asked for under this key.

    They lie in `cache_folder()`. A damaged file is computed anew; where
    nothing can be written, nothing is kept.
    """
    path = cache_folder() / (hashlib.sha256(repr(key).encode()).hexdigest()[:32] + ".npz")
    try:
        with np.load(path, allow_pickle=False) as stored:
            return dict(stored)
    except (OSError, ValueError, EOFError, KeyError):
        pass
    except Exception as error:  # zipfile and zlib have errors of their own
        if type(error).__module__ not in ("zipfile", "zlib"):
            raise
    arrays = compute()
    try:
        with write_whole(path) as temporary:
            np.savez(temporary, **arrays)
    except OSError:
        pass
    return arrays


def cache_folder():
    """Where features are kept: GAN_TUTORIAL_CACHE, or the user's cache folder."""
    import platformdirs

    return Path(os.environ.get("GAN_TUTORIAL_CACHE") or platformdirs.user_cache_path("gan_tutorial")) / "features"


def digest(images):
    """A text that changes whenever an array does."""
    state = hashlib.blake2b(repr((images.shape, images.dtype)).encode())
    state.update(np.ascontiguousarray(images))
    return state.hexdigest()
