"""Write a generator in another format."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ..data.validation import find
from ..files import write_whole
from ..pretrained.cards import ModelCard
from ..pretrained.storage import generator_stem
from .page import explorer_page

if TYPE_CHECKING:
    from keras import Model

#: What Keras needs to write ONNX.
_FOR_ONNX = ("onnx", "tf2onnx")

Source: TypeAlias = "Model | str | Path"


def export_model(source: Source, path: str | Path, format: str = "page", card: ModelCard | None = None) -> Path:
    """Write a generator for elsewhere; returns the path.

    Args:
        source: the name of a model that ships, the folder of a run, a file of weights, or a Keras model.
        path: what to write: a folder for "savedmodel", a file for "onnx" and "page"; an older one is replaced.
        format: "savedmodel", TensorFlow's own, and "onnx", which many runtimes read, take the same inputs as the Keras
            model; "page" is one HTML file with an explorer, which a double click opens, even without internet.
        card: of a Keras model; "page" needs it.

    Raises ValueError for an unknown source or format, for a model that a page cannot compute, and if packages are missing.

    Example:
        >>> import tempfile, gan_tutorial as gt
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     export_model("gan_fashion_mnist", f"{folder}/clothes.html").name
        'clothes.html'
    """
    write, path = find("format", format, FORMATS), Path(path)
    if path.exists() and path.is_dir() != (format == "savedmodel"):
        raise ValueError(f"{path} is {'a folder' if path.is_dir() else 'a file'}: choose another name")
    if path.is_dir() and any(path.iterdir()) and not (path / "saved_model.pb").is_file():
        raise ValueError(f"{path} holds something else than a SavedModel: choose another name")
    path.parent.mkdir(parents=True, exist_ok=True)
    write(source, card, path)
    return path


def _page(source: Source, card: ModelCard | None, path: Path) -> None:
    from ..widgets import explorer

    shipped = isinstance(source, str | Path) and Path(f"{generator_stem(source)}.network.json").is_file()
    shown = explorer(str(source)) if shipped else explorer(*_open(source, card))
    with write_whole(path) as temporary:
        temporary.write_text(explorer_page(shown), encoding="utf-8")


def _savedmodel(source: Source, card: ModelCard | None, path: Path) -> None:
    model, _ = _open(source, card)
    with tempfile.TemporaryDirectory(prefix=".writing_", dir=path.parent) as folder:
        model.export(f"{folder}/model", format="tf_saved_model", verbose=False)
        shutil.rmtree(path, ignore_errors=True)
        Path(folder, "model").rename(path)


def _onnx(source: Source, card: ModelCard | None, path: Path) -> None:
    if missing := [name for name in _FOR_ONNX if importlib.util.find_spec(name) is None]:
        raise ValueError(
            f"ONNX needs {' and '.join(missing)}: pip install gan-tutorial[onnx], or pip install onnx tf2onnx"
        )
    model, _ = _open(source, card)
    model(model.inputs)  # Keras exports no model that was never called
    with write_whole(path) as temporary:
        model.export(str(temporary), format="onnx", verbose=False)


def _open(source: Source, card: ModelCard | None) -> tuple[Model, ModelCard | None]:
    from ..pretrained import load_model

    return load_model(generator_stem(source)) if isinstance(source, str | Path) else (source, card)


#: What writes each format.
FORMATS: dict[str, Callable[[Source, ModelCard | None, Path], None]] = {
    "savedmodel": _savedmodel, "onnx": _onnx, "page": _page,
}  # fmt: skip
