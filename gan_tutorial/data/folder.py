"""A folder of one's own images."""

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from .dataset import Dataset, split_indices, to_unit_range

#: An image with more pixels is refused: it is a mistake or an attack.
MAX_PIXELS = 50_000_000


def load_folder(folder, size=64, channels=3, split="all", progress=False):
    """Read a folder of images, one sub-folder a class.

    Without sub-folders all images belong to one class, enough for a plain GAN.
    Every format that Pillow reads will do; pictures are turned as their EXIF
    data says, cut to the middle square, scaled to size×size, and transparent
    ones laid on white. Hidden files are passed over.

    Args:
        folder: path of the folder.
        size: side of the images in pixels.
        channels: 3 for colour, 1 for grey.
        split: "train" (nine tenths), "test" (one tenth) or "all".
        progress: show a progress bar.

    Returns a `Dataset`; images float32 (n, size, size, channels) in [-1, 1].
    Raises FileNotFoundError or ValueError: no such folder, no images, a single
    class folder, or files that are not images, each named.
    """
    folder = Path(folder).expanduser()
    if channels not in (1, 3):
        raise ValueError(f"channels must be 1 (grey) or 3 (colour), not {channels}")
    class_names, files, labels = _list_images(folder)
    kept = split_indices(len(files), split)
    images = _read_all([files[i] for i in kept], size, channels, progress)
    return Dataset(folder.name, to_unit_range(images), labels[kept], class_names)


def _list_images(folder):
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is not a folder. Give the path of a folder of images.")
    entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    classes = [entry for entry in entries if entry.is_dir()]
    if len(classes) == 1:
        raise ValueError(
            f"{folder} has a single class folder, {classes[0].name!r}. Labels need at least two; "
            f"to train a plain GAN without labels, give {classes[0]} itself."
        )
    if not classes:
        classes, names = [folder], (folder.resolve().name,)
    else:
        names = tuple(entry.name for entry in classes)
    groups = [sorted(_files_in(entry)) for entry in classes]
    empty = [name for name, group in zip(names, groups) if not group]
    if empty:
        raise ValueError(
            f"no image files in {folder}" if len(classes) == 1 else
            f"no image files in these class folders of {folder}: {', '.join(empty)}"
        )  # fmt: skip
    labels = np.repeat(np.arange(len(groups), dtype=np.int32), [len(group) for group in groups])
    return names, [file for group in groups for file in group], labels


def _files_in(folder):
    return [f for f in folder.iterdir() if f.is_file() and not f.name.startswith(".")]


def _read_all(files, size, channels, progress):
    from tqdm.auto import tqdm

    images = np.empty((len(files), size, size, channels), np.uint8)
    problems = []
    for i, file in enumerate(tqdm(files, "reading images", unit="image", disable=not progress)):
        try:
            images[i] = _read_image(file, size, channels)
        except Exception as error:  # Pillow's plugins raise errors of many types
            problems.append(f"  {file}: {_reason(error)}")
    if problems:
        shown = "\n".join(problems[:10] + ["  ..."] * (len(problems) > 10))
        raise ValueError(
            f"{len(problems)} of {len(files)} files could not be read as images; mend them or take them out:\n{shown}"
        )
    return images


def _reason(error):
    if isinstance(error, Image.UnidentifiedImageError):
        return "not an image, whatever its name says"
    return str(error) or type(error).__name__


def _read_image(file, size, channels):
    with warnings.catch_warnings():
        # Our own limit stands below; Pillow's gives a warning only.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(file) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValueError(
                    f"{image.width}×{image.height} pixels are more than the limit of "
                    f"{MAX_PIXELS // 1_000_000} million; scale it down"
                )
            image.draft("RGB", (size, size))  # lets JPEG decode at reduced size
            image = ImageOps.exif_transpose(image)
            if image.has_transparency_data:
                rgba = image.convert("RGBA")
                image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
            # 16-bit grey would be cut off, not scaled, by Pillow's convert.
            if image.mode.startswith("I"):
                image = Image.fromarray((np.asarray(image, np.float64) / 257).astype(np.uint8))
            image = image.convert("RGB" if channels == 3 else "L")
            image = ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS)
    return np.asarray(image).reshape(size, size, channels)
