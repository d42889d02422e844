"""Build the Chinese notebooks, notebooks/zh, from the English ones and the Chinese text in notebooks/zh/text.

    python -m tools.chinese_notebooks                       # build all
    python -m tools.chinese_notebooks --followed 01_concepts  # the Chinese of this notebook follows the English again

The text holds each markdown cell below a line `<!-- cell ID of SUM -->`. SUM is a checksum of the English cell that was
translated: when that cell changes, the tool names it, and builds nothing until somebody has looked at the Chinese and says
--followed. Code and its outputs are the English notebook's; what the course says in them is Chinese: questions, verdicts on
tasks, check-ups of training steps, and the descriptions of figures.
"""

import copy
import functools
import hashlib
import os
import re
import sys
from pathlib import Path

import click
import nbformat

from tools.live_cells import living
from tools.stored_outputs import caption

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
CHINESE = NOTEBOOKS / "zh"
MARKER = re.compile(r"^<!-- cell (\S+)(?: of (\w+))? -->\n", re.MULTILINE)


def checksum(source: str) -> str:
    """Eight letters that change when the text does."""
    return hashlib.sha256(source.encode()).hexdigest()[:8]


def read_text(path: Path) -> dict[str, tuple[str | None, str]]:
    """By a cell's id the checksum of its English and its Chinese."""
    _, *parts = MARKER.split(path.read_text(encoding="utf-8"))
    return {cell: (known, text.strip()) for cell, known, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True)}


def follow(path: Path, cells: list) -> None:
    """Write into the Chinese text that it follows these English cells."""
    sums = {cell.id: checksum(cell.source) for cell in cells}
    marked = MARKER.sub(
        lambda found: f"<!-- cell {found[1]} of {sums[found[1]]} -->\n", path.read_text(encoding="utf-8")
    )
    path.write_text(marked, encoding="utf-8", newline="\n")


def outdated(cells: list, text: dict[str, tuple[str | None, str]]) -> list[str]:
    """A line for each cell whose Chinese is missing, behind the English, or left over."""
    problems = [f"cell {cell.id}: no Chinese" for cell in cells if cell.id not in text]
    problems += [
        f"cell {cell.id}: the English has changed"
        for cell in cells
        if cell.id in text and text[cell.id][0] != checksum(cell.source)
    ]
    return problems + [
        f"cell {cell}: the English notebook has none" for cell in text.keys() - {cell.id for cell in cells}
    ]


def chinese(book: nbformat.NotebookNode, text: dict[str, tuple[str | None, str]]) -> nbformat.NotebookNode:
    """The English notebook with Chinese prose, questions and descriptions of figures."""
    new = copy.deepcopy(book)
    for cell in new.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(
                r'(\]\(|src="|srcset="|href=")((?:\.\./|pictures/)[^)"]*)', r"\1../\2", text[cell.id][1]
            )
    for cell, old in zip(new.cells, book.cells, strict=True):
        if cell.cell_type == "code":
            _translate_outputs(cell, caption(book.cells, old), caption(new.cells, cell))
    return new


def _translate_outputs(cell: nbformat.NotebookNode, english: str, told: str) -> None:
    from gan_tutorial.course import question  # in the language that `main` has chosen

    ask = living(cell.source)
    asked = ask().readable() if ask and ask.func is question else {}
    for output in cell.outputs:
        about = output.get("metadata", {}).get("image/png", {})
        if english and told and about.get("alt") == english:
            about["alt"] = told
        if "text/html" in output.get("data", {}):
            output.data |= {kind: said for kind, said in asked.items() if kind in output.data}
        _retell(output, cell.source)


@functools.cache
def sentences(language: str) -> dict[str, dict[str, str]]:
    """What tasks and the check-up of a step say, by task or check, and by key."""
    from gan_tutorial.translations import read

    return read("tasks", language) | read("checkup", language)


def _retell(output: nbformat.NotebookNode, source: str) -> None:
    """Put Chinese sentences in the place of English ones, in the verdict on a task and in the check-up of a step."""
    from gan_tutorial.course import Verdict

    english, chinese = sentences("en"), sentences("zh")
    tried = re.search(r'gt\.course\.check\("(\w+)", \w+\)$', source)
    if tried and "text/html" in output.get("data", {}):
        mark, said = output.data["text/plain"].split(" ", 1)
        for table in (tried[1], "hints", "common"):
            said = in_chinese(said, english[table], chinese[table])
        verdict = Verdict(mark == "✓", said)
        output.data |= {"text/plain": repr(verdict), "text/html": verdict._repr_html_()}
    if "check_gan_step(" in source and output.output_type == "stream":
        lines = output.text.split("\n")
        for place, line in enumerate(lines):
            found = re.fullmatch(r"(. (\S.*?)  +)(.+)", line)
            if found and found[2] in english:
                lines[place] = found[1] + in_chinese(found[3], english[found[2]], chinese[found[2]])
        output.text = "\n".join(lines)


def in_chinese(text: str, english: dict[str, str], chinese: dict[str, str]) -> str:
    """The text with the Chinese sentence of the same key for each English one in it; the longest first."""
    for key in sorted(english, key=lambda key: -len(english[key])):
        # A placeholder such as {given:.3f} stands for anything, and what it stood for goes into the Chinese.
        pattern = re.sub(r"\\{(\w+).*?\\}", r"(?P<\1>.+)", re.escape(english[key]))

        def filled(found: re.Match, said: str = chinese[key]) -> str:
            return re.sub(r"{(\w+).*?}", lambda field: found[field[1]], said)

        text = re.sub(pattern, filled, text)
    return text


@click.command()
@click.option("--followed", multiple=True, metavar="NAME", help="This notebook's Chinese follows the English again.")
@click.option("--check", is_flag=True, help="Write nothing; say whether the stored notebooks are what would be built.")
def main(followed: tuple[str, ...], check: bool) -> None:
    """Build notebooks/zh from the English notebooks and notebooks/zh/text."""
    os.environ["GAN_TUTORIAL_LANGUAGE"] = "zh"
    problems = []
    for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
        book, text = nbformat.read(path, as_version=4), CHINESE / "text" / f"{path.stem}.md"
        cells = [cell for cell in book.cells if cell.cell_type == "markdown"]
        if path.stem in followed:
            follow(text, cells)
        known = read_text(text) if text.exists() else {}
        behind = outdated(cells, known)
        problems += [f"{path.stem}, {line}" for line in behind]
        if behind:
            continue
        built, stored = nbformat.writes(chinese(book, known)) + "\n", CHINESE / path.name
        if not check:
            stored.write_text(built, encoding="utf-8", newline="\n")
        elif not stored.exists() or stored.read_text(encoding="utf-8") != built:
            problems.append(
                f"{path.stem}: python -m tools.chinese_notebooks builds another notebook than the stored one"
            )
    print("\n".join(problems) or "The Chinese notebooks follow the English ones.")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
