"""What the course says on the screen, by language: words of widgets and figures, questions, verdicts and findings.

The environment variable GAN_TUTORIAL_LANGUAGE chooses: "en" (default) or "zh", Simplified Chinese. Each language is a folder
here, with the same files and the same keys.
"""

from __future__ import annotations

import functools
import json
import os
import warnings
from pathlib import Path
from typing import Any

from ..data.validation import find

_FOLDER = Path(__file__).parent
#: Free and usual fonts with Chinese letters, by the names that matplotlib knows.
CHINESE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "Noto Sans CJK JP", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "SimHei",
)  # fmt: skip


def language() -> str:
    """The language that GAN_TUTORIAL_LANGUAGE asks for. Raises ValueError for one that the course does not speak."""
    spoken = {path.name: path.name for path in _FOLDER.iterdir() if (path / "widgets.json").is_file()}
    return find("language (GAN_TUTORIAL_LANGUAGE)", os.environ.get("GAN_TUTORIAL_LANGUAGE") or "en", spoken)


def read(name: str, language: str) -> dict[str, Any]:
    """One file of a language, such as "widgets" or "questions/01_concepts"."""
    return json.loads((_FOLDER / language / f"{name}.json").read_text(encoding="utf-8"))


#: Every word that a widget shows, by its name.
STRINGS: dict[str, str] = read("widgets", language())
#: Names of conditions and categories, by the English one, which code, files and model cards keep.
_NAMES: dict[str, str] = read("names", language())


def shown(name: str) -> str:
    """The name of a condition or a category, such as "cook", as a sentence tells it; one that is not known stays as it is."""
    return _NAMES.get(name, name)


def offered(name: str) -> str:
    """The same where a learner chooses: followed by the English name, which code has to use."""
    told = shown(name)
    return name if told == name else f"{told} {name}"


def figure_name(name: str) -> str:
    """`shown` for matplotlib's figures: the English name where no font has the letters of the other."""
    return shown(name) if figure_words() is STRINGS else name


@functools.cache
def questions() -> dict[str, dict[str, Any]]:
    """All questions by name: each with its text and its answers, of which the first is the right one."""
    names = sorted(path.stem for path in (_FOLDER / "en" / "questions").glob("*.json"))
    return {key: value for name in names for key, value in read(f"questions/{name}", language()).items()}


@functools.cache
def figure_words() -> dict[str, str]:
    """The words for matplotlib's figures: `STRINGS`, or the English ones where no font has the letters that these need."""
    if language() == "en":
        return STRINGS
    from matplotlib import font_manager, rcParams

    known = {font.name for font in font_manager.fontManager.ttflist}
    found = next((name for name in CHINESE_FONTS if name in known), None)
    if found is None:
        warnings.warn(
            "Figures are labelled in English: matplotlib finds no font with Chinese letters. Install a free one, such as "
            "Debian's fonts-noto-cjk or fonts-wqy-microhei, delete the folder matplotlib.get_cachedir(), and restart the kernel.",
            stacklevel=2,
        )
        return read("widgets", "en")
    # Letter by letter, matplotlib takes the first family that has it. Of the list "font.sans-serif" it takes one font for all.
    rcParams["font.family"] = [*rcParams["font.family"], found]
    return STRINGS
