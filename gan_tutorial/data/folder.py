"""A folder of images: read whole, or as a stream where it is larger than memory."""

from __future__ import annotations

import itertools
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

from ..files import write_whole
from .dataset import Dataset, check_split, to_unit_range

if TYPE_CHECKING:
    import tensorflow as tf

#: An image with more pixels is refused: it is a mistake or an attack.
MAX_PIXELS = 50_000_000


def load_folder(
    folder: str | Path, size: int = 64, channels: int = 3, split: str = "all", progress: bool = False,
    most: int | None = None,
) -> Dataset:  # fmt: skip
    """Read a folder of images, one sub-folder per class.

    Without sub-folders all images belong to one class, enough for a plain GAN. Every format that Pillow reads will do;
    pictures are turned as their EXIF data says, cropped to the middle square, scaled to size×size, and transparent ones
    laid on white. Hidden files are skipped.

    Args:
        size, channels: side of the images in pixels; 3 for colour, 1 for grey.
        split: "train" (nine tenths, chosen at random), "test" (one tenth) or "all".
        progress: show a progress bar.
        most: read no more images than this, chosen at random.

    Raises FileNotFoundError or ValueError: no such folder, no images, a single class folder, or files (named) that are not
    images.
    """
    folder = Path(folder).expanduser()
    class_names, files, labels = _list_images(folder, channels)
    if split != "all":
        check_split(split)
        order, n_test = np.random.default_rng(0).permutation(len(files)), round(len(files) / 10)
        kept = np.sort(order[:n_test] if split == "test" else order[n_test:])
        files, labels = [files[i] for i in kept], labels[kept]
    if most is not None and most < len(files):
        kept = np.sort(np.random.default_rng(0).permutation(len(files))[:most])
        files, labels = [files[i] for i in kept], labels[kept]
    images = _read_all(files, size, channels, progress)
    return Dataset(folder.name, to_unit_range(images), labels, class_names)


def stream_folder(
    folder: str | Path, size: int = 64, batch_size: int = 32, channels: int = 3, seed: int = 0,
    cache: str | Path | None = None,
) -> tf.data.Dataset:  # fmt: skip
    """A folder of images of any number as an endless `tf.data.Dataset` of batches: they are read while `Trainer` trains.

    The images are those of `load_folder`. Only their paths are kept in memory, and a few batches that were read ahead.

    Args:
        folder, size, channels: as for `load_folder`.
        batch_size: images in a batch, as many as the training's.
        seed: of the order, another one in each epoch. An epoch has every image once; its last batch is filled up from the
            next one. Every iteration begins with the first epoch.
        cache: file for the scaled images, size² · channels bytes each; if there is none yet, it is made first, which takes an
            epoch. Delete it when the images change.

    Yields {"image": float32 (batch_size, size, size, channels) in [-1, 1], "label": int32 (batch_size,)}. A file that is no
    image ends the iteration with an error that names it. Raises FileNotFoundError or ValueError as `load_folder` does, and
    for a cache of other images.
    """
    import tensorflow as tf

    _, files, labels = _list_images(Path(folder).expanduser(), channels)
    n, shape, auto = len(files), (size, size, channels), tf.data.AUTOTUNE
    if n < batch_size:
        raise ValueError(f"{n} images are fewer than a batch of {batch_size}")

    def read_files(rows: np.ndarray) -> np.ndarray:
        return _read_all([files[i] for i in rows], size, channels, progress=False)

    def read_cache(rows: np.ndarray) -> np.ndarray:
        one = size * size * channels
        flat = [np.fromfile(str(cache), np.uint8, one, offset=int(i) * one) for i in rows]
        return np.stack(flat).reshape(len(rows), *shape)

    def read(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return to_unit_range(read_cache(rows) if cache else read_files(rows)), labels[rows]

    def epoch(number: tf.Tensor) -> tf.data.Dataset:
        order = tf.random.experimental.stateless_shuffle(tf.range(n), (seed, number))
        return tf.data.Dataset.from_tensor_slices(order)

    def batch(rows: tf.Tensor) -> dict[str, tf.Tensor]:
        image, label = tf.numpy_function(read, [rows], [tf.float32, tf.int32], stateful=False)
        return {"image": tf.ensure_shape(image, (batch_size, *shape)), "label": tf.ensure_shape(label, (batch_size,))}

    if cache and not Path(cache).exists():
        in_order = tf.data.Dataset.range(n).batch(256)
        parts = in_order.map(lambda rows: tf.numpy_function(read_files, [rows], tf.uint8), num_parallel_calls=auto)
        with write_whole(cache) as unfinished, unfinished.open("wb") as file:
            for part in parts.as_numpy_iterator():
                file.write(part.tobytes())
    if cache and Path(cache).stat().st_size != n * size * size * channels:
        raise ValueError(f"{cache} is not a cache of the {n:,} images in {folder} at this size: delete it")
    order = tf.data.Dataset.counter(dtype=tf.int32).flat_map(epoch).batch(batch_size, drop_remainder=True)
    return order.map(batch, num_parallel_calls=auto).prefetch(auto)


def count_images(folder: str | Path) -> int:
    """How many images `load_folder` would read; it raises what that raises."""
    return len(_list_images(Path(folder).expanduser())[1])


def _list_images(folder: Path, channels: int = 3) -> tuple[tuple[str, ...], list[str], np.ndarray]:
    """Class names, and for each file its path and its label."""
    if channels not in (1, 3):
        raise ValueError(f"channels must be 1 (grey) or 3 (colour), not {channels}")
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is not a folder. Give the path of a folder of images.")
    classes, flat = _visible(folder)
    if len(classes) == 1:
        raise ValueError(
            f"{folder} has a single class folder, {Path(classes[0]).name!r}. Labels need at least two; "
            f"to train a plain GAN without labels, give {classes[0]} itself."
        )
    names = tuple(Path(entry).name for entry in classes) or (folder.resolve().name,)
    groups = [_visible(entry)[1] for entry in classes] or [flat]
    if empty := [name for name, group in zip(names, groups) if not group]:
        where = f"these class folders of {folder}: {', '.join(empty)}" if classes else folder
        raise ValueError(f"no image files in {where}")
    labels = np.repeat(np.arange(len(groups), dtype=np.int32), list(map(len, groups)))
    return names, list(itertools.chain(*groups)), labels


def _visible(folder: str | Path) -> tuple[list[str], list[str]]:
    """Paths of folders and of files in a folder, without hidden ones; as text, because there may be a million."""
    with os.scandir(folder) as entries:
        found = sorted((entry.path, entry.is_dir(), entry.is_file()) for entry in entries if entry.name[0] != ".")
    return [path for path, is_dir, _ in found if is_dir], [path for path, _, is_file in found if is_file]


def _read_all(files: list[str], size: int, channels: int, progress: bool) -> np.ndarray:
    from tqdm.auto import tqdm

    images = np.empty((len(files), size, size, channels), np.uint8)
    problems = []
    for i, file in enumerate(tqdm(files, "reading images", unit="image", disable=not progress)):
        try:
            images[i] = _read_image(file, size, channels)
        except Image.UnidentifiedImageError:
            problems.append(f"  {file}: not an image, whatever its name says")
        except Exception as error:  # Pillow's plugins raise errors of many types
            problems.append(f"  {file}: {str(error) or type(error).__name__}")
    if problems:
        shown = "\n".join(problems[:10] + ["  ..."] * (len(problems) > 10))
        raise ValueError(
            f"{len(problems)} of {len(files)} files could not be read as images; mend them or take them out:\n{shown}"
        )
    return images


def _read_image(file: str, size: int, channels: int) -> np.ndarray:
    with warnings.catch_warnings():
        # Our own limit follows below; Pillow's gives a warning only.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(file) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                limit = f"the limit of {MAX_PIXELS // 1_000_000} million; scale it down"
                raise ValueError(f"{opened.width}×{opened.height} pixels are more than {limit}")
            opened.draft("RGB", (size, size))  # lets JPEG decode at reduced size
            image: Image.Image = ImageOps.exif_transpose(opened)
            if image.has_transparency_data:
                rgba = image.convert("RGBA")
                image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
            # 16-bit grey would be cut off, not scaled, by Pillow's convert.
            if image.mode.startswith("I"):
                image = Image.fromarray((np.asarray(image, np.float64) / 257).astype(np.uint8))
            image = image.convert("RGB" if channels == 3 else "L")
            image = ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS)
    return np.asarray(image).reshape(size, size, channels)
