"""A folder of images."""

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from .dataset import Dataset, check_split, to_unit_range

#: An image with more pixels is refused: it is a mistake or an attack.
MAX_PIXELS = 50_000_000


def load_folder(
    folder: str | Path, size: int = 64, channels: int = 3, split: str = "all", progress: bool = False
) -> Dataset:
    """Read a folder of images, one sub-folder per class.

    Without sub-folders all images belong to one class, enough for a plain GAN. Every format that Pillow reads will do;
    pictures are turned as their EXIF data says, cropped to the middle square, scaled to size×size, and transparent ones
    laid on white. Hidden files are skipped.

    Args:
        size, channels: side of the images in pixels; 3 for colour, 1 for grey.
        split: "train" (nine tenths, chosen at random), "test" (one tenth) or "all".
        progress: show a progress bar.

    Raises FileNotFoundError or ValueError: no such folder, no images, a single class folder, or files (named) that are not
    images.
    """
    folder = Path(folder).expanduser()
    if channels not in (1, 3):
        raise ValueError(f"channels must be 1 (grey) or 3 (colour), not {channels}")
    class_names, files, labels = _list_images(folder)
    if split != "all":
        check_split(split)
        order, n_test = np.random.default_rng(0).permutation(len(files)), round(len(files) / 10)
        kept = np.sort(order[:n_test] if split == "test" else order[n_test:])
        files, labels = [files[i] for i in kept], labels[kept]
    images = _read_all(files, size, channels, progress)
    return Dataset(folder.name, to_unit_range(images), labels, class_names)


def _list_images(folder: Path) -> tuple[tuple[str, ...], list[Path], np.ndarray]:
    """Class names, and for each file its path and its label."""
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is not a folder. Give the path of a folder of images.")
    classes = [entry for entry in _visible(folder) if entry.is_dir()]
    if len(classes) == 1:
        raise ValueError(
            f"{folder} has a single class folder, {classes[0].name!r}. Labels need at least two; "
            f"to train a plain GAN without labels, give {classes[0]} itself."
        )
    names = tuple(entry.name for entry in classes) or (folder.resolve().name,)
    groups = [[file for file in _visible(entry) if file.is_file()] for entry in classes or [folder]]
    if empty := [name for name, group in zip(names, groups) if not group]:
        where = f"these class folders of {folder}: {', '.join(empty)}" if classes else folder
        raise ValueError(f"no image files in {where}")
    labels = np.repeat(np.arange(len(groups), dtype=np.int32), list(map(len, groups)))
    return names, sum(groups, []), labels


def _visible(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))


def _read_all(files: list[Path], size: int, channels: int, progress: bool) -> np.ndarray:
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


def _read_image(file: Path, size: int, channels: int) -> np.ndarray:
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
