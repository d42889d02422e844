"""Where the course's own files lie: data, weights, results of experiments."""

import os
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
