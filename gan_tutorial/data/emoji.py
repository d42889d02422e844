"""People and things drawn by four teams of designers, bundled with the course; data/emoji/README.md is the data card.

All pictures of a set lie in one large picture, row by row, beside a table that describes them.
"""

import csv
import io

import numpy as np
from PIL import Image

from .conditions import Specification, as_condition
from .dataset import Dataset, check_split, to_unit_range
from .paths import data_folder, naming_damage, read_checked

STYLES = ("noto", "twemoji", "fluent", "flat")
GENDERS = ("woman", "man", "person")
#: Tone 0 is the yellow of emoji that say nothing of skin; 1 to 5 go from the lightest to the darkest.
TONES = (0, 5)

_SIZE = 64
#: Columns that each table must have.
_COLUMNS = {"portraits": {"split", "face", "role", "style", "gender", "tone"}, "emoji": {"split", "group", "style"}}
_RESTORE = "To restore it: `git checkout -- data/emoji` in the course's folder."


def load_portraits(split: str = "train", hidden: bool = False) -> Dataset:
    """Drawn people, 64×64×3: labels are roles; attributes are style, gender and tone.

    Args:
        split: "train"; "test", combinations of role, style, gender and tone that are held out, each of whose parts is in
            training; "new_roles", roles that are held out whole, numbered after those of training.
        hidden: also the roles whose faces are covered or turned away in some style.

    Raises FileNotFoundError or ValueError, with the way to mend it, if a file is missing or damaged.

    Example:
        >>> import gan_tutorial as gt
        >>> people = gt.data.load_portraits()
        >>> people.image_shape, [name for name in people.conditions]
        ((64, 64, 3), ['role', 'style', 'gender', 'tone'])
    """
    check_split(split, ("train", "test", "new_roles"))
    table = load_table("portraits")
    # Roles that are trained on come first, so that each has the same number in every split.
    roles = _roles(table, "seen", "train") + hidden * _roles(table, "hidden", "train")
    roles += _roles(table, "seen", split) if split == "new_roles" else ()
    chosen = (table["split"] == split) & (hidden | (table["face"] == "seen"))
    scales: dict[str, Specification] = {"style": STYLES, "gender": GENDERS, "tone": TONES}
    return _data_of("portraits", table, chosen, "role", roles, scales)


def load_emoji(split: str = "train") -> Dataset:
    """Things, animals, food, faces and people, 64×64×3, each in four styles: labels are groups, the attribute is the style.

    The split "test" holds a tenth of the things, in all styles. The images come style by style, each in the same order:
    so `images.reshape(4, -1, 64, 64, 3)[:, i]` shows one thing four times.
    """
    check_split(split)
    table = load_table("emoji")
    groups = tuple(dict.fromkeys(table["group"].tolist()))
    return _data_of("emoji", table, table["split"] == split, "group", groups, {"style": STYLES})


def load_table(name: str) -> dict[str, np.ndarray]:
    """The table of "portraits" or "emoji": an array of texts for each column, a row for each picture of all splits.

    Example:
        >>> import gan_tutorial as gt
        >>> print(gt.data.load_table("portraits")["name"][0])
        baby
    """
    if name not in _COLUMNS:
        raise ValueError(f"no table is called {name!r}; choose one of: {', '.join(_COLUMNS)}")
    path = data_folder("emoji") / f"{name}.csv"
    content = read_checked(path, _RESTORE)
    with naming_damage(path, _RESTORE):
        header, *rows = filter(None, csv.reader(io.StringIO(content.decode())))
        table = dict(zip(header, np.array(rows).T, strict=True))
        if missing := _COLUMNS[name] - table.keys():
            raise ValueError(f"without the columns {', '.join(sorted(missing))}")
    return table


def _roles(table: dict[str, np.ndarray], face: str, split: str) -> tuple[str, ...]:
    """Roles in the order of the table: of one split, with the face seen or hidden."""
    return tuple(dict.fromkeys(table["role"][(table["face"] == face) & (table["split"] == split)].tolist()))


def _data_of(
    name: str, table: dict[str, np.ndarray], chosen: np.ndarray, label: str, classes: tuple[str, ...],
    scales: dict[str, Specification],
) -> Dataset:  # fmt: skip
    """The rows of a table that a mask chooses, with their pictures; columns are read as label and attributes."""
    rows = np.flatnonzero(chosen)
    written: dict[str, Specification] = {label: classes, **scales}
    with naming_damage(data_folder("emoji") / f"{name}.csv", _RESTORE):
        values = {column: as_condition(column, way).numbers(table[column][rows]) for column, way in written.items()}
    return Dataset(name, _pictures(name, rows), values.pop(label), classes, values, scales, label)


def _pictures(name: str, chosen: np.ndarray) -> np.ndarray:
    """The pictures of these numbers, in [-1, 1]."""
    path = data_folder("emoji") / f"{name}.webp"
    content = read_checked(path, _RESTORE)
    with naming_damage(path, _RESTORE):
        with Image.open(io.BytesIO(content), formats=["WEBP"]) as atlas:
            pixels = np.asarray(atlas.convert("RGB"))
        columns = pixels.shape[1] // _SIZE
        tiles = pixels.reshape(-1, _SIZE, columns, _SIZE, 3)
        chosen_tiles = tiles[chosen // columns, :, chosen % columns]
    return to_unit_range(chosen_tiles)
