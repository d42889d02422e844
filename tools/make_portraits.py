"""Make data/emoji/: people and things drawn in four styles, rendered from emoji sets with free licences.

It fetches the npm packages named below, renders their SVG, aligns the people by their faces and writes
portraits.webp, portraits.csv, emoji.webp, emoji.csv and SHA256SUMS. data/emoji/README.md says what the pictures are.

Needs node's `npm`, and:  pip install "resvg-py==0.5.0" "Pillow>=12"
Usage:
    python -m tools.make_portraits                    # about three minutes
    python -m tools.make_portraits --packages FOLDER  # keep the packages there, to use them again
    python -m tools.make_portraits --check            # compare with the stored files, change nothing
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from gan_tutorial.files import write_whole
from tools import emoji_faces, emoji_splits

TARGET = Path(__file__).parents[1] / "data" / "emoji"
#: Each style's package and version; the order of the styles in every table.
STYLES = {
    "noto": "@iconify-json/noto@1.2.9",
    "twemoji": "@iconify-json/twemoji@1.2.5",
    "fluent": "@iconify-json/fluent-emoji@1.2.7",
    "flat": "@iconify-json/fluent-emoji-flat@1.2.6",
}
NAMES = "emojibase-data@17.0.0"
SIZE, SUPERSAMPLING, COLUMNS = 64, 4, 64
#: Grey levels by which a picture may differ on average because emoji.webp is compressed with loss.
_LOSSY = 2

_GENDERS = {"boy": "man", "girl": "woman", "prince": "man", "princess": "woman", "Santa Claus": "man"}
_GENDERS |= {"old man": "man", "old woman": "woman", "Mrs. Claus": "woman"}
_ROLES = {"boy": "child", "girl": "child", "person": "adult", "man": "adult", "woman": "adult", "baby": "baby"}
_ROLES |= {"older person": "older", "old man": "older", "old woman": "older"}
_ROLES |= {"prince": "royal", "princess": "royal", "person with crown": "royal"}
_ROLES |= {"Santa Claus": "claus", "Mrs. Claus": "claus", "Mx Claus": "claus"}
#: Roles in fewer words, as names of a condition.
_SHORTER = {"construction worker": "builder", "wearing turban": "turban", "with skullcap": "skullcap"}
_SHORTER |= {"with headscarf": "headscarf", "with veil": "veil", "in tuxedo": "tuxedo", "blond hair": "blond"}
_HATS = {
    "student": "mortarboard", "cook": "toque", "farmer": "straw hat", "mechanic": "cap", "factory worker": "helmet",
    "artist": "beret", "pilot": "peaked cap", "astronaut": "space helmet", "firefighter": "fire helmet",
    "police officer": "peaked cap", "detective": "fedora", "guard": "bearskin", "ninja": "hood", "builder": "hard hat",
    "royal": "crown", "turban": "turban", "skullcap": "skullcap", "headscarf": "headscarf", "veil": "veil",
    "claus": "santa hat", "mage": "wizard hat", "baby angel": "halo",
}  # fmt: skip
_HAIR = {"red hair": "red", "curly hair": "curly", "white hair": "white", "bald": "bald", "blond": "blond"}
#: Whole bodies, not drawn as people in every style, or without skin of a tone.
_NOT_PORTRAITS = re.compile(
    "deaf|pregnant|feeding|mer(person|man|maid)|mermaid|fairy|troll|hairy|superhero|villain|genie|zombie"
)
#: Roles whose faces are covered or bent in at least one style.
_HIDDEN = ("bowing", "facepalming", "detective", "ninja")
#: What does not belong in a classroom, or is drawn wrongly by the renderer.
_UNSUITABLE = re.compile(
    "middle finger|pistol|bomb|dagger|^kitchen knife|cigarette|smoking|syringe|pile of poo|swords|love hotel|biting lip|"
    "eighteen|bunny ears|bikini|briefs|bow and arrow|^axe$|firecracker|symbols on mouth|slot machine|coffin|ninja|"
    "^sake$|popping cork|wine glass|cocktail|tropical drink|beer mug|clinking|tumbler|face in clouds"
)


@dataclass(frozen=True)
class Person:
    """A person of one tone, as Unicode names it."""

    code: str
    base: str
    name: str
    role: str
    gender: str
    tone: int


@dataclass(frozen=True)
class Drawing:
    """The SVG of one emoji, and its view box."""

    body: str
    left: float
    top: float
    width: float
    height: float


def fetch_packages(folder: Path) -> None:
    """Download and unpack the packages that `folder` lacks; a package is there whole or not at all."""
    for package in (*STYLES.values(), NAMES):
        target = folder / package
        if target.is_dir():
            continue
        target.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".unpacking_", dir=folder) as temporary:
            packed = subprocess.run(["npm", "pack", package], cwd=temporary, check=True, capture_output=True, text=True)
            with tarfile.open(Path(temporary, packed.stdout.split()[-1])) as archive:
                archive.extractall(Path(temporary, "whole"), filter="data")
            Path(temporary, "whole").rename(target)


def read_json(folder: Path, package: str, name: str) -> dict | list:
    return json.loads((folder / package / "package" / name).read_text(encoding="utf-8"))


def plain_code(code: str) -> str:
    """A code point sequence without the selectors that only ask for colour."""
    return "-".join(part for part in code.lower().split("-") if part != "fe0f")


def read_names(folder: Path) -> dict[str, dict]:
    """What Unicode says of each emoji, by code, in Unicode's order."""
    meta = read_json(folder, NAMES, "meta/groups.json")
    found = {}
    for emoji in read_json(folder, NAMES, "en/data.json"):
        if "group" not in emoji:
            continue  # the single letters that flags are made of
        for variant in (emoji, *emoji.get("skins", ())):
            tone = 0 if variant is emoji else variant["tone"]
            found[plain_code(variant["hexcode"])] = {
                "base": plain_code(emoji["hexcode"]),
                "name": emoji["label"],
                "tone": tone if isinstance(tone, int) else -1,  # two people, two tones
                "group": meta["groups"][str(emoji["group"])],
                "subgroup": meta["subgroups"][str(emoji["subgroup"])],
                "order": variant.get("order", 0),
            }
    return dict(sorted(found.items(), key=lambda item: item[1]["order"]))


def read_drawings(folder: Path, style: str) -> dict[str, Drawing]:
    """All drawings of a style, by code."""
    package = STYLES[style]
    icons, codes = read_json(folder, package, "icons.json"), read_json(folder, package, "chars.json")
    # The shaded set has no codes of its own; its names are those of the flat one.
    codes = codes or read_json(folder, STYLES["flat"], "chars.json")
    sizes = {"left": 0, "top": 0, "width": icons.get("width", 16), "height": icons.get("height", 16)}
    drawings = {}
    for code, name in codes.items():
        changes: dict = {}
        while name in icons.get("aliases", {}):
            alias = icons["aliases"][name]
            name, changes = alias["parent"], {**alias, **changes}
        if name in icons["icons"]:
            icon = {**sizes, **icons["icons"][name], **changes}
            drawings[plain_code(code)] = Drawing(*(icon[key] for key in ("body", "left", "top", "width", "height")))
    return drawings


def render(drawing: Drawing, size: int, crop: tuple[float, float, float] = (0, 0, 1)) -> Image.Image:
    """A drawing with transparency; `crop` is (x, y, side) in fractions of the drawing's square."""
    import resvg_py

    x, y, side = crop
    whole, span = round(size / side), max(drawing.width, drawing.height)
    left, top = drawing.left - (span - drawing.width) / 2, drawing.top - (span - drawing.height) / 2
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{whole}" height="{whole}" viewBox="{left} {top} {span} {span}">{drawing.body}</svg>'
    )
    png = resvg_py.svg_to_bytes(svg_string=svg, width=whole, height=whole, skip_system_fonts=True)
    image = Image.open(io.BytesIO(bytes(png))).convert("RGBA")
    # Cut afterwards: the renderer fails on filters that reach out of the picture.
    cut = Image.new("RGBA", (size, size), (255, 255, 255, 0))
    cut.paste(image, (round(-x * whole), round(-y * whole)))
    return cut


def paint(drawing: Drawing, crop: tuple[float, float, float] = (0, 0, 1)) -> np.ndarray:
    """A drawing on white: uint8 (64, 64, 3)."""
    large = render(drawing, SIZE * SUPERSAMPLING, crop)
    white = Image.new("RGBA", large.size, "white")
    white.alpha_composite(large)
    return np.asarray(white.convert("RGB").reduce(SUPERSAMPLING))


def find_people(names: dict[str, dict]) -> list[Person]:
    """The portraits among Unicode's emoji."""
    groups = ("person", "person-gesture", "person-role", "person-fantasy")
    people = []
    for code, facts in names.items():
        name = facts["name"]
        if facts["subgroup"] in groups and facts["tone"] >= 0 and not _NOT_PORTRAITS.search(name):
            people.append(Person(code, facts["base"], name, *role_and_gender(name), facts["tone"]))
    return people


def role_and_gender(name: str) -> tuple[str, str]:
    first = name.split()[0].rstrip(":")
    role = _ROLES.get(name) or re.sub(r"^(man|woman|person):? ", "", name)
    role = _SHORTER.get(role, role)
    gender = "woman" if role == "headscarf" else _GENDERS.get(name, first if first in ("man", "woman") else "person")
    return role, gender


def make_portraits(names: dict[str, dict], drawings: dict[str, dict[str, Drawing]]) -> tuple[np.ndarray, list[dict]]:
    """Pictures uint8 (n, 64, 64, 3) and a row of facts for each."""
    people = [p for p in find_people(names) if all(p.code in drawings[style] for style in STYLES)]
    pictures, rows = [], []
    for style in STYLES:
        crops = emoji_faces.find_crops(style, people, drawings, render)
        for person in people:
            crop, cut = crops[person.base]
            pictures.append(paint(drawings[style][person.code], crop))
            rows.append({
                "code": person.code, "name": person.name, "style": style, "role": person.role,
                "gender": person.gender, "tone": person.tone, "hair": _HAIR.get(person.role, ""),
                "hat": _HATS.get(person.role, ""), "face": "hidden" if person.role in _HIDDEN else "seen",
                "cut": int(cut),
            })  # fmt: skip
    for row, split in zip(rows, emoji_splits.choose_splits(rows)):
        row["split"] = split
    return np.stack(pictures), rows


def make_emoji(names: dict[str, dict], drawings: dict[str, dict[str, Drawing]]) -> tuple[np.ndarray, list[dict]]:
    """Everything that all styles have in its default colour."""
    chosen = {
        code: facts
        for code, facts in names.items()
        if code == facts["base"] and not _UNSUITABLE.search(facts["name"])
        and all(code in drawings[style] for style in STYLES)
    }  # fmt: skip
    pictures, rows = [], []
    for style in STYLES:
        for code, facts in chosen.items():
            pictures.append(paint(drawings[style][code]))
            rows.append({"code": code, "style": style, **{key: facts[key] for key in ("group", "subgroup", "name")}})
    for row, split in zip(rows, emoji_splits.choose_pair_splits(rows)):
        row["split"] = split
    return np.stack(pictures), rows


def atlas_bytes(pictures: np.ndarray, **options: object) -> bytes:
    """All pictures in one, row by row, as WebP."""
    empty = -len(pictures) % COLUMNS
    tiles = np.concatenate([pictures, np.full((empty, *pictures.shape[1:]), 255, np.uint8)])
    sheet = tiles.reshape(-1, COLUMNS, SIZE, SIZE, 3).swapaxes(1, 2).reshape(-1, COLUMNS * SIZE, 3)
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "webp", method=6, **options)
    return buffer.getvalue()


def table_bytes(rows: Iterable[dict]) -> bytes:
    rows, text = list(rows), io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def make_files(packages: Path) -> dict[str, bytes]:
    """The content of each file, by its name."""
    fetch_packages(packages)
    names, drawings = read_names(packages), {style: read_drawings(packages, style) for style in STYLES}
    people, people_rows = make_portraits(names, drawings)
    things, thing_rows = make_emoji(names, drawings)
    files = {
        "portraits.webp": atlas_bytes(people, lossless=True),
        "portraits.csv": table_bytes(people_rows),
        "emoji.webp": atlas_bytes(things, quality=95),
        "emoji.csv": table_bytes(thing_rows),
    }
    return {**files, "SHA256SUMS": sums_bytes(files)}


def sums_bytes(files: dict[str, bytes]) -> bytes:
    """The content of SHA256SUMS, for the other files."""
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "SHA256SUMS"}
    return "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()


def differs(name: str, stored: bytes, made: bytes) -> bool:
    """Whether a file is another than the stored one: tables by their bytes, pictures by their pixels.

    Another version of libwebp may write the same pixels as other bytes and, where it loses something, slightly other pixels.
    """
    if not name.endswith(".webp"):
        return stored != made
    old, new = (np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), np.float32) for content in (stored, made))
    if old.shape != new.shape:
        return True
    # The mean of each picture: a single one that changed is to be seen.
    changes = np.abs(old - new).reshape(-1, SIZE, COLUMNS, SIZE, 3).mean((1, 3, 4))
    return bool(changes.max() > (0 if name == "portraits.webp" else _LOSSY))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, help="folder to keep the npm packages in")
    parser.add_argument("--check", action="store_true", help="compare with the stored files, change nothing")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        packages = arguments.packages or Path(temporary)
        packages.mkdir(parents=True, exist_ok=True)
        files = make_files(packages)
    if arguments.check:
        stored = {name: (TARGET / name).read_bytes() for name in files}
        # The sums are to be those of the stored files.
        files["SHA256SUMS"] = sums_bytes(stored)
        unlike = [name for name, content in files.items() if differs(name, stored[name], content)]
        raise SystemExit(f"these differ: {', '.join(unlike)}" if unlike else 0)
    for name, content in files.items():
        with write_whole(TARGET / name) as temporary:
            temporary.write_bytes(content)
        print(f"{TARGET / name}: {len(content) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
