"""People and things drawn by four teams of designers, bundled with the course; data/emoji/README.md is the data card.

All pictures of a set lie in one large picture, row by row, beside a table that describes them.
"""

import csv
import io

import numpy as np
from PIL import Image

from .conditions import Specification
from .dataset import Dataset, to_unit_range
from .paths import data_folder, read_checked

STYLES = ("noto", "twemoji", "fluent", "flat")
GENDERS = ("woman", "man", "person")
#: Tone 0 is the yellow of emoji that say nothing of skin; 1 to 5 go from the lightest to the darkest.
TONES = (0, 5)

_SIZE = 64
_RESTORE = "To restore it: `git checkout -- data/emoji` in the course's folder."


def load_portraits(split: str = "train", hidden: bool = False) -> Dataset:
    """Drawn people, 64×64×3: labels are roles; attributes are style, gender and tone.

    Args:
        split: "train"; "test", combinations of role, style, gender and tone that are held out, each of whose parts is in
            training; "new_roles", roles that are held out whole.
        hidden: also the roles whose faces are covered or turned away in some style.

    Raises FileNotFoundError or ValueError, with the way to mend it, if a file is missing or damaged.

    Example:
        >>> import gan_tutorial as gt
        >>> people = gt.data.load_portraits()
        >>> people.image_shape, [name for name in people.conditions]
        ((64, 64, 3), ['role', 'style', 'gender', 'tone'])
    """
    table = load_table("portraits")
    usable = hidden | (table["face"] == "seen")
    chosen = np.flatnonzero(usable & _in_split(table, split, ("train", "test", "new_roles")))
    # All splits number the roles alike.
    roles = tuple(dict.fromkeys(table["role"][usable].tolist()))
    table = {column: values[chosen] for column, values in table.items()}
    attributes = {
        "style": _numbers(table["style"], STYLES),
        "gender": _numbers(table["gender"], GENDERS),
        "tone": table["tone"].astype(np.float32),
    }
    scales: dict[str, Specification] = {"style": STYLES, "gender": GENDERS, "tone": TONES}
    images = _pictures("portraits", chosen)
    return Dataset("portraits", images, _numbers(table["role"], roles), roles, attributes, scales, "role")


def load_emoji(split: str = "train") -> Dataset:
    """Things, animals, food, faces and people, 64×64×3, each in four styles: labels are groups, the attribute is the style.

    The split "test" holds a tenth of the things, in all styles. The images come style by style, each in the same order:
    so `images.reshape(4, -1, 64, 64, 3)[:, i]` shows one thing four times.
    """
    table = load_table("emoji")
    chosen = np.flatnonzero(_in_split(table, split, ("train", "test")))
    groups, images = tuple(dict.fromkeys(table["group"].tolist())), _pictures("emoji", chosen)
    labels, styles = _numbers(table["group"][chosen], groups), _numbers(table["style"][chosen], STYLES)
    return Dataset("emoji", images, labels, groups, {"style": styles}, {"style": STYLES}, "group")


def load_table(name: str) -> dict[str, np.ndarray]:
    """The table of "portraits" or "emoji": an array of texts for each column, a row for each picture of all splits.

    Example:
        >>> import gan_tutorial as gt
        >>> print(gt.data.load_table("portraits")["name"][0])
        baby
    """
    if name not in ("portraits", "emoji"):
        raise ValueError(f"no table is called {name!r}; choose one of: portraits, emoji")
    rows = list(csv.DictReader(io.StringIO(read_checked(data_folder("emoji") / f"{name}.csv", _RESTORE).decode())))
    return {column: np.array([row[column] for row in rows]) for column in rows[0]}


def _in_split(table: dict[str, np.ndarray], split: str, splits: tuple[str, ...]) -> np.ndarray:
    if split not in splits:
        raise ValueError(f"split must be one of {', '.join(splits)}, not {split!r}")
    return table["split"] == split


def _pictures(name: str, chosen: np.ndarray) -> np.ndarray:
    """The pictures of these numbers, in [-1, 1]."""
    with Image.open(io.BytesIO(read_checked(data_folder("emoji") / f"{name}.webp", _RESTORE))) as atlas:
        pixels = np.asarray(atlas.convert("RGB"))
    columns = pixels.shape[1] // _SIZE
    tiles = pixels.reshape(-1, _SIZE, columns, _SIZE, 3)
    return to_unit_range(tiles[chosen // columns, :, chosen % columns])


def _numbers(names: np.ndarray, order: tuple[str, ...]) -> np.ndarray:
    return np.array([order.index(name) for name in names], np.int32)
