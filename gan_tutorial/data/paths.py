"""Where the course's own files lie: data, weights, results of experiments."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def data_folder(part: str = "") -> Path:
    """The course's `data` folder, or one part of it: "fashion_mnist", "emoji", "weights" or "experiments".

    It is where GAN_TUTORIAL_DATA points, if that is set; else the one of the clone that the package lies in, else what the
    installed package contains. Raises FileNotFoundError if none of these has it.
    """
    chosen = os.environ.get("GAN_TUTORIAL_DATA")
    folders = [Path(chosen, part)] if chosen else [PACKAGE.parent / "data" / part, PACKAGE / "_bundled" / part]
    for folder in folders:
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        f"there is no folder {' or '.join(map(str, folders))}: "
        "set GAN_TUTORIAL_DATA to the `data` folder of a clone of the course"
    )


def read_checked(path: Path, restore: str) -> bytes:
    """A file of the course's data, checked by the sum that SHA256SUMS beside it holds.

    Raises FileNotFoundError or ValueError, with `restore`, the way to mend it, if a file is missing or damaged.
    """
    sums = path.with_name("SHA256SUMS")
    for needed in (path, sums):
        if not needed.is_file():
            raise FileNotFoundError(f"{needed} is missing. {restore}")
    content = path.read_bytes()
    expected = {name: digest for digest, name in map(str.split, sums.read_text().splitlines())}.get(path.name)
    if (found := hashlib.sha256(content).hexdigest()) != expected:
        raise ValueError(
            f"{path} is damaged: its sha256 should be {expected} but is {found} ({len(content)} bytes). {restore}"
        )
    return content


@contextlib.contextmanager
def naming_damage(path: Path, restore: str) -> Iterator[None]:
    """Turn what goes wrong in here, while the content of a file is read, into a ValueError that names the file."""
    try:
        yield
    except Exception as error:  # gzip, csv and Pillow raise errors of many types
        raise ValueError(f"{path} is damaged ({error}). {restore}") from error
