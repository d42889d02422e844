"""Where features come from: an extractor turns images into numbers about them."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import platformdirs

from ..files import write_whole
from ..models import build_classifier
from ..pretrained import list_pretrained, load_pretrained
from .classification import classifier_heads, classifier_outputs

_COMPARABLE = "Distances over these features compare generators with each other, not with published FIDs."
_UNTRAINED = (
    "A random network was never trained: it sees texture and arrangement, but not what matters in the images.\n"
    "Compare only generators of the same data. It gives no class probabilities: metrics that need them are left out."
)


@dataclass(frozen=True)
class Extraction:
    """What an extractor makes of n images; `features, probabilities = extractor(images)` is short for these two."""

    features: np.ndarray  #: (n, k)
    probabilities: np.ndarray | None = None  #: (n, classes), if the extractor is a classifier
    by_condition: dict[str, np.ndarray] = field(default_factory=dict)  #: of each that a classifier of several tells

    def __iter__(self) -> Iterator[Any]:
        return iter((self.features, self.probabilities))


class FeatureExtractor(NamedTuple):
    """Turns images float32 (n, height, width, channels) in [-1, 1] into features."""

    name: str  #: for tables
    extract: Callable[[np.ndarray], Any]  #: images to features (n, k), or to a pair of these and class probabilities
    key: Any = None  #: changes whenever the features would; None if unknown, and then nothing is cached on disk
    note: str = ""  #: what a reader of numbers over these features should know

    def __call__(self, images: np.ndarray) -> Extraction:
        outputs = self.extract(images)
        if isinstance(outputs, Extraction):
            return outputs
        return Extraction(*outputs) if isinstance(outputs, tuple | list) else Extraction(np.asarray(outputs))


def find_extractor(features: Any, data_name: str, image_shape: tuple[int, ...]) -> FeatureExtractor:
    """A `FeatureExtractor` for real data of this name and shape, from what a user may give.

    `features` is "classifier" for the one that ships for this data, "random", "inception", any callable from images to
    features, a `FeatureExtractor`, or None for the classifier where there is one and "random" elsewhere.
    """
    if isinstance(features, FeatureExtractor):
        return features
    if callable(features):
        return FeatureExtractor(getattr(features, "__name__", "own features"), features)
    shipped = f"classifier_{data_name}"
    if features is None:
        features = "classifier" if shipped in list_pretrained() else "random"
    if features == "random":
        return random_extractor(tuple(image_shape))
    if features == "inception":
        return inception_extractor()
    if features != "classifier":
        raise ValueError(f"features must be classifier, random, inception or a callable, not {features!r}")
    if shipped not in list_pretrained():
        raise ValueError(f"no classifier ships for {data_name}: choose random or inception features")
    return classifier_extractor(shipped)


@functools.cache
def classifier_extractor(name: str) -> FeatureExtractor:
    """128 features and the class probabilities of a shipped classifier."""
    classifier, card = load_pretrained(name)
    names = list(card.conditions)

    def extract(images: np.ndarray) -> Extraction:
        features, probabilities = classifier_heads(classifier, images)
        return Extraction(features, probabilities[0], dict(zip(names, probabilities)) if len(names) > 1 else {})

    return FeatureExtractor(name, extract, card.sha256, _COMPARABLE)


@functools.cache
def random_extractor(image_shape: tuple[int, int, int]) -> FeatureExtractor:
    """128 features of a network that was never trained, where no classifier ships (Naeem et al. 2020, section 3.3)."""
    network = build_classifier(image_shape, num_classes=2, seed=0)
    key, note = f"random 0 {image_shape}", f"{_UNTRAINED}\n{_COMPARABLE}"
    return FeatureExtractor("random network", lambda images: classifier_outputs(network, images)[0], key, note)


@functools.cache
def inception_extractor(weights: str | None = "imagenet") -> FeatureExtractor:
    """The 2048 pooled features of Keras's InceptionV3 (Szegedy et al. 2016).

    Its weights are Keras's own, not those of the original FID: distances come close to published ones and do not equal
    them. Images are resized to 299×299 by bicubic interpolation *with* antialiasing and are not rounded to 8 bits in
    between; Parmar et al. 2022 show how much careless resizing changes the distance. Raises ConnectionError where the
    weights are neither in Keras's cache nor can be downloaded.
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

    def extract_block(images: np.ndarray) -> np.ndarray:
        colour = np.broadcast_to(images, (*images.shape[:3], 3))
        resized = tf.image.resize(colour, (299, 299), "bicubic", antialias=True)
        return network.predict_on_batch(tf.clip_by_value(resized, -1, 1))

    def extract(images: np.ndarray) -> np.ndarray:
        return np.concatenate([extract_block(images[i : i + 50]) for i in range(0, len(images), 50)])

    return FeatureExtractor("InceptionV3 (Keras)", extract, f"inception {weights}")


def cached_features(extractor: FeatureExtractor, images: np.ndarray) -> Extraction:
    """What an extractor makes of images, cached on disk."""
    if extractor.key is None:
        return extractor(images)

    def compute() -> dict[str, np.ndarray]:
        found = extractor(images)
        arrays = {"features": found.features, "probabilities": found.probabilities}
        arrays |= {f"condition {name}": array for name, array in found.by_condition.items()}
        return {name: array for name, array in arrays.items() if array is not None}

    arrays = cached(("extract", extractor.key, digest(images)), compute)
    told = {name.removeprefix("condition "): array for name, array in arrays.items() if name.startswith("condition ")}
    return Extraction(arrays["features"], arrays.get("probabilities"), told)


def cached(key: Any, compute: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """compute(), or what it returned before for this key; without a cache where the folder cannot be written."""
    path = cache_folder() / (hashlib.sha256(repr(key).encode()).hexdigest()[:32] + ".npz")
    try:
        with np.load(path, allow_pickle=False) as stored:
            return dict(stored)
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error):
        arrays = compute()  # not there, or damaged
    with contextlib.suppress(OSError), write_whole(path) as temporary:
        np.savez(temporary, **arrays)  # type: ignore[arg-type]
    return arrays


def cache_folder() -> Path:
    """Where features are cached: GAN_TUTORIAL_CACHE, or the user's cache folder."""
    return Path(os.environ.get("GAN_TUTORIAL_CACHE") or platformdirs.user_cache_path("gan_tutorial")) / "features"


def digest(images: np.ndarray) -> str:
    """A text that changes whenever an array does."""
    state = hashlib.blake2b(repr((images.shape, images.dtype)).encode())
    state.update(np.ascontiguousarray(images).data)
    return state.hexdigest()
