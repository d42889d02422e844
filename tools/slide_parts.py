"""The parts of a notebook, and what of each is shown on a slide: tools/make_slides.py puts them together.

No tag in a notebook says what is shown; the form of a paragraph or an output does, see `of_prose` and `of_code`.
"""

import ast
import base64
import html
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

import nbformat

from gan_tutorial.export.formulas import markdown_to_html
from gan_tutorial.export.html import _VIEW, _either

#: Pixels below the heading, and their width; letters in a line of text; lines of code; rows of a table.
ROOM, ACROSS, LETTERS, LINES, ROWS = 540, 1168, 84, 18, 10
LIST = re.compile(r"(?:[-*]|\d+\.) ")
CITATION = re.compile(r"\s*[(（](?=[^()（）]*\]\([^()]*REFERENCES)(?:[^()（）]|\([^()]*\))*[)）]")
#: A function that draws or prints is not what a lesson is about.
HELPER = re.compile(r"\b(?:plt|axis|axes|fig|figure|print|display\w*)\b|^def (?:draw|show|plot|title)_", re.MULTILINE)


@dataclass
class Block:
    """A part of a notebook: what of it is shown, how many pixels that takes, and what is said (Markdown)."""

    shown: str = ""
    height: float = 0
    said: str = ""
    kind: str = ""


def render(text: str) -> str:
    return markdown_to_html({}, text)


def bare(text: str) -> str:
    """Without citations, and without links to files that slides do not have."""
    return re.sub(r"\[([^\]]+)\]\((?!https?:|\w+\.html)[^)\s]*\)", r"\1", CITATION.sub("", text))


def wide(text: str) -> int:
    """About how many letters wide a text is; a Chinese letter is two."""
    return sum(2 if letter > "\u2e7f" else 1 for letter in re.sub(r"\\(\w+)|[{}$*`]|\]\(.*?\)", "x", text))


def text_height(text: str) -> float:
    return 40 * -(-wide(text) // LETTERS) + 18


def sentences(text: str) -> list[str]:
    found: list[str] = []
    for part in re.split(r"(?<=[.!?])\s+|(?<=[.!?]\))\s+|(?<=[。！？])", " ".join(text.split())):
        last = found[-1] if found else ""
        within = last.count("(") > last.count(")") or last.count("（") > last.count("）") or last.count("**") % 2
        if found and (within or last.count("$") % 2 or last.count("`") % 2 or re.match(r"[\da-z]", part)):
            found[-1] += ("" if last[-1] > "\u2e7f" else " ") + part
        elif part:
            found.append(part)
    return found


def short(text: str, letters: int) -> str:
    """The first sentence, and those after it that fit."""
    first, *rest = sentences(bare(text)) or [""]
    for sentence in rest:
        if wide(first) + wide(sentence) > letters:
            break
        first += ("" if first[-1] > "\u2e7f" else " ") + sentence
    return first


def pieces(source: str) -> Iterator[str]:
    """Paragraphs, lists, formulas, and what is folded, each as one piece."""
    held: list[str] = []
    parts = re.split(r"\n{2,}", re.sub(r"(?m)^(?![-*|>] |\d+\. |\s)(.+)\n(?=- )", r"\1\n\n", source))
    for part, following in zip(parts, [*parts[1:], ""]):
        held.append(part)
        piece = "\n\n".join(held)
        whole = piece.count("<details") == piece.count("</details>") and piece.count("```") % 2 == 0
        goes_on = following.startswith("  ") or (LIST.match(following) and LIST.match(held[0]))
        if whole and piece.count("$$") % 2 == 0 and not goes_on:
            yield piece.strip()
            held = []


def of_prose(piece: str) -> list[Block]:
    """What a piece of Markdown becomes."""
    if heading := re.match(r"(#{1,4}) (.*)\n*", piece):
        rest = piece[heading.end() :]
        return [Block(heading[2], kind=f"h{len(heading[1])}"), *(of_prose(rest) if rest else [])]
    if re.fullmatch(r"\*\*[^*]+\*\*[:：]?", piece):  # it stands above a list
        return [Block(piece.strip("*:："), kind="h3")]
    if piece.startswith("<details"):
        return [Block(said=piece.replace("<details>", "<details open>"))]
    if fence := re.fullmatch(r"```(\w*)\n(.*)\n```", piece, re.DOTALL):
        return [code(fence[2], fence[1])] if fence[2].count("\n") < LINES else [Block(said=piece)]
    if re.fullmatch(r"\$\$.*\$\$", piece, re.DOTALL):
        return [Block(f'<div class="formula">{render(piece)}</div>', 70 + 65 * piece.count("\\\\"))]
    if piece.startswith("|"):
        rows = piece.splitlines()
        fits = len(rows) <= ROWS and max(wide(bare(row)) for row in rows) < 1.5 * LETTERS
        return [Block(render(bare(piece)), 50 * len(rows), kind="table") if fits else Block(said=piece)]
    if LIST.match(piece):
        return bullets(piece)
    key = [sentence for sentence in sentences(bare(piece)) if "**" in sentence and wide(sentence) < 2 * LETTERS][:1]
    shown = f'<div class="key">{render(key[0])}</div>' if key else ""
    return [Block(shown, text_height(key[0]) if key else 0, piece, "key")]


def bullets(piece: str) -> list[Block]:
    """A list with the first sentence of each item, or its first words in bold; in parts, if it is long."""
    items = []
    for item in re.split(r"(?m)^(?=(?:[-*]|\d+\.) )", piece)[1:]:
        mark, text = re.split(r"(?<=^[-*]) |(?<=\d\.) ", item.split("\n  ")[0].strip(), maxsplit=1)
        brief, bold = short(text, LETTERS), re.match(r"\*\*.*?\*\*", text)
        items.append((mark, bold[0] if bold and wide(brief) > 2 * LETTERS else brief))
    if max(wide(text) for _, text in items) > 2.2 * LETTERS:
        return [Block(said=piece)]
    found = [Block(said=piece)]
    for mark, text in items:
        if found[-1].height + text_height(text) > ROOM or len(found) == 1:
            found.append(Block())
        found[-1].height += text_height(text) - 6
        found[-1].said += f"{mark} {text}\n"
    return [Block(render(part.said), part.height, "" if n else piece, "list") for n, part in enumerate(found[1:])]


def code(source: str, kind: str = "python") -> Block:
    lines = source.splitlines()
    size = max(17, min(26, ACROSS / 0.62 / (max(map(len, lines)) + 3), 470 / 1.4 / len(lines)))
    shown = render(f"````````{kind or 'text'}\n{source}\n````````")
    return Block(f'<div class="code" style="font-size: {size:.1f}px">{shown}</div>', 1.4 * size * len(lines) + 50)


def of_code(cell: nbformat.NotebookNode) -> list[Block]:
    """What a cell of code becomes: functions that are taught, what it shows, and in the notes all the rest."""
    shown, said = [], []
    try:
        defined = [node for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    except SyntaxError:  # a magic
        defined = []
    for node in defined:
        start = min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1
        lines = cell.source.splitlines()[start : node.end_lineno]
        if ast.get_docstring(node) and max(map(len, lines)) > LETTERS:  # it is in the notes, too
            first = node.body[0]
            del lines[first.lineno - 1 - start : first.end_lineno - start]
        text = "\n".join(lines).replace("\n\n\n", "\n\n")
        if 3 < text.count("\n") + 1 <= LINES and not HELPER.search(text) or "gt.course.check(" in cell.source:
            shown.append(code(text))
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if _VIEW in data:
            shown.append(Block(_either(output), ROOM, kind="widget"))
            said.append(data.get("text/html", "").replace("<details>", "<details open>"))
        elif "image/png" in data:
            shown.append(figure(output))
        elif "<table" in data.get("text/html", "") and data["text/html"].count("<tr") <= ROWS:
            shown.append(Block(data["text/html"], 50 * data["text/html"].count("<tr"), kind="table"))
        elif "text/markdown" in data:
            shown += [block for piece in pieces(data["text/markdown"]) for block in of_prose(piece)]
        elif text := output.get("text") or data.get("text/plain"):
            said.append(f"````````text\n{text}\n````````")
    if not any(block.kind == "widget" for block in shown):
        said.insert(0, f"````````python\n{cell.source}\n````````")
    if not shown:
        spare = cell.source.count("\n") < LINES / 2 and not re.search(r"\bimport\b|^%", cell.source, re.MULTILINE)
        shown = [replace(code(cell.source), kind="spare") if spare else Block()]
    shown[-1].said = "\n\n".join([*said, shown[-1].said])
    return shown


def figure(output: nbformat.NotebookNode) -> Block:
    width, height = struct.unpack(">II", base64.b64decode(output.data["image/png"])[16:24])
    alt = output.metadata.get("image/png", {}).get("alt") or output.data.get("text/plain", "")
    image = f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{"".join(output.data["image/png"].split())}">'
    shown = f'<figure style="--widest: {2.4 * width:.0f}px">{image}</figure>'
    return Block(shown, 75 + min(370, ACROSS * height / width, 2.4 * height), kind="figure")


def blocks(book: nbformat.NotebookNode) -> list[Block]:
    """The parts of a notebook in their order; a figure takes its caption in."""
    found: list[Block] = []
    for cell in book.cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", ()):
            found += of_code(cell)
        for piece in pieces(cell.source) if cell.cell_type == "markdown" else ():
            if found[-1:] and found[-1].kind == "figure" and re.fullmatch(r"\*[^*].*\*", piece, re.DOTALL):
                caption = render(short(piece.strip("*"), 2 * LETTERS)).replace("<p>", "").replace("</p>", "")
                found[-1].shown = found[-1].shown.replace("</fig", f"<figcaption>{caption}</figcaption></fig")
                found[-1].said += f"\n\n{piece}"
            else:
                found += of_prose(piece)
    if leads := re.match(r".*?\]\(\w+\.ipynb\)", found[-1].said, re.DOTALL):  # to the next notebook
        found[-1:] = [Block(leads[0].replace(".ipynb)", ".html)"), kind="h2"), Block(said=found[-1].said)]
    return found
