"""Models on disk: weights with a card, those that ship and those of one's own runs.

A model is stored as two files. `<name>.npz` holds arrays only, no code and
nothing pickled. `<name>.json`, its card, says how to build the model, what its labels
mean, and how it came about: command, seed, versions, seconds, metrics, and
the sha256 of the weights.
"""

import hashlib
import io
import json
import platform
import sys
import time
import zipfile
from pathlib import Path

import numpy as np

from .data import data_folder
from .files import write_whole

WEIGHTS_ENDING = ".npz"
_BUILDERS = ("build_generator", "build_discriminator", "build_classifier", "build_encoder", "build_translator")


def weights_folder():
    """The folder of the weights that ship: `data/weights`."""
    return data_folder() / "weights"


def list_pretrained():
    """Names of the models that ship."""
    return sorted(path.name.removesuffix(WEIGHTS_ENDING) for path in weights_folder().glob(f"*{WEIGHTS_ENDING}"))


def load_pretrained(name):
    """A model that ships, and its card: `generator, card = load_pretrained("cgan_fashion_mnist")`."""
    if name not in list_pretrained():
        raise ValueError(f"no shipped model is called {name!r}; there are: {', '.join(list_pretrained())}")
    return load_model(weights_folder() / name)


def save_model(model, stem, card):
    """Write `<stem>.npz` and `<stem>.json`; returns the finished card.

    Args:
        model: the Keras model.
        stem: path without ending.
        card: dict; must hold "builder" and "options", with which `load_model`
            builds the model anew. Versions and sha256 are added here.
    """
    stem = Path(stem)
    weights = stem.with_name(stem.name + WEIGHTS_ENDING)
    packed = _pack(model)
    with write_whole(weights) as temporary:
        temporary.write_bytes(packed)
    digest = hashlib.sha256(packed).hexdigest()
    card = {"name": stem.name, **card, "versions": versions(), "created": time.strftime("%Y-%m-%d"), "sha256": digest}
    write_json(stem.with_name(stem.name + ".json"), card)
    return card


def _pack(model):
    """The weights as the bytes of an .npz file, one array a variable, by its path."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{v.path: v.numpy() for v in _weights(model)})
    return buffer.getvalue()


def _weights(model):
    # All but the seeds of dropouts, which are no weights.
    return [v for v in model.variables if v.dtype == "float32"]


def load_model(stem):
    """Build a stored model and load its weights; returns (model, card).

    Raises FileNotFoundError if a file is missing and ValueError if one is
    damaged or the weights belong to another architecture.
    """
    stem = Path(stem)
    card = load_card(stem)
    weights = stem.with_name(stem.name + WEIGHTS_ENDING)
    if not weights.is_file():
        raise FileNotFoundError(f"{weights} is missing, though its card is there")
    packed = weights.read_bytes()
    found = hashlib.sha256(packed).hexdigest()
    if found != card.get("sha256"):
        raise ValueError(
            f"{weights} is damaged, or not the file its card describes: sha256 should be "
            f"{card.get('sha256')} but is {found}. Restore it from git, or train it again with: {card.get('command')}"
        )
    model = _build(stem, card)
    _unpack(packed, model, weights)
    return model, card


def _unpack(packed, model, path):
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            stored = dict(arrays)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is not a file of weights ({error})") from error
    wanted = {v.path: tuple(v.shape) for v in _weights(model)}
    if {name: array.shape for name, array in stored.items()} != wanted:
        unlike = sorted(n for n in stored.keys() | wanted.keys() if n not in stored or stored[n].shape != wanted.get(n))
        raise ValueError(
            f"{path} does not fit the architecture that its card describes: {', '.join(unlike[:3])} differ"
        )
    for variable in _weights(model):
        variable.assign(stored[variable.path])


def load_card(stem):
    """The card of a stored model, a dict."""
    path = Path(stem).with_name(Path(stem).name + ".json")
    if not path.is_file():
        raise FileNotFoundError(f"there is no model {stem}: {path} is missing")
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        if card["builder"] not in _BUILDERS:
            raise ValueError(f"unknown builder {card['builder']!r}")
        dict(card["options"])
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is not the card of a model ({error})") from error
    return card


def _build(stem, card):
    from . import models

    try:
        return getattr(models, card["builder"])(**card["options"])
    except (TypeError, ValueError) as error:
        raise ValueError(f"the card of {stem} describes a model that cannot be built: {error}") from error


def write_json(path, content):
    """Write a dict as readable JSON, whole or not at all."""
    with write_whole(path) as temporary:
        temporary.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def versions():
    """Versions of what decides the numbers of a training."""
    import keras
    import numpy
    import tensorflow

    return {
        "python": platform.python_version(),
        "tensorflow": tensorflow.__version__,
        "keras": keras.__version__,
        "numpy": numpy.__version__,
        "platform": f"{sys.platform} {platform.machine()}",
    }
