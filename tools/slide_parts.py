"""The parts of a notebook, and what of each is shown on a slide: tools/make_slides.py puts them together.

No tag in a notebook says what is shown; the form of a paragraph or an output does, see `of_prose` and `of_code`.
"""

import ast
import base64
import functools
import html
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import nbformat

from gan_tutorial.export.formulas import markdown_to_html
from gan_tutorial.export.html import _VIEW, _either
from tools.stored_outputs import Picture, picture

#: Pixels below the heading, and their width; letters in a line of text; lines of code; rows of a table; letters in a line of code.
ROOM, ACROSS, LETTERS, LINES, ROWS, CODE = 540, 1168, 84, 18, 10, 78
LIST = re.compile(r"(?:[-*]|\d+\.) ")
CITATION = re.compile(r"\s*[(（](?=[^()（）]*\]\([^()]*REFERENCES)(?:[^()（）]|\([^()]*\))*[)）]")
#: What to do with a widget that the slide does not have.
ORDER = re.compile(r"\W*(?:Press|Pause|Click|Drag|Enter|按|点击|暂停|拖)")
#: A function that draws or prints is not what a lesson is about.
HELPER = re.compile(
    r"\b(?:plt|axis|axes|fig|figure|print|HTML|BytesIO|show_\w+|display\w*)\b|^def (?:draw|show|plot|title)_",
    re.MULTILINE,
)
#: Where a sentence ends; in Chinese, a mark that closes what is quoted belongs to it.
END = re.compile(r"(?<=[.!?])\s+|(?<=[.!?]\))\s+|(?<=[。！？])(?![”’」』）])|(?<=[。！？][”’」』）])(?![，、；：。])")
#: What a learner should find out first.
ANSWER = re.compile(r"\*\*(?:Diagnosis|Remedy|诊断|对策|治法)[:：]?\*\*")


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
    for part in END.split(" ".join(text.split())):
        last = found[-1] if found else ""
        within = any(last.count(opened) > last.count(closed) for opened, closed in ("()", "（）", "“”"))
        within = within or last.count("**") % 2 == 1
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
        return [Block(f'<div class="formula">{render(piece)}</div>', 70 + 65 * piece.count("\\\\"), kind="formula")]
    if piece.startswith("|"):
        rows = piece.splitlines()
        fits = len(rows) <= ROWS and max(wide(bare(row)) for row in rows) < 1.5 * LETTERS
        return [Block(render(bare(piece)), 50 * len(rows), kind="table") if fits else Block(said=piece)]
    if LIST.match(piece):
        return bullets(piece)
    if re.match(r"(?:All references|\u5168\u90e8\u53c2\u8003\u6587\u732e)\b", piece):
        return [Block(said=piece)]
    key = key_sentence(piece)
    shown = f'<div class="key{" fragment" * bool(ANSWER.match(key))}">{render(key)}</div>' if key else ""
    return [Block(shown, text_height(key) if key else 0, piece, "key")]


def key_sentence(piece: str) -> str:
    """What of a paragraph is shown: all of an exercise, which nobody can do by its first sentence; else the first with bold."""
    text = bare(piece)
    if re.match(r"\*\*[^*]+[.。]\*\*", piece) and re.search(r"[?？]", piece) and wide(text) < 5 * LETTERS:
        return text
    keys = (each for each in sentences(text) if "**" in each and wide(each) < 2 * LETTERS and not ORDER.match(each))
    return next(keys, "")


def bullets(piece: str) -> list[Block]:
    """A list with the first sentence of each item, or its first words in bold; in parts, if it is long."""
    items = []
    for item in re.split(r"(?m)^(?=(?:[-*]|\d+\.) )", piece)[1:]:
        mark, text = re.split(r"(?<=^[-*]) |(?<=\d\.) ", item.split("\n  ")[0].strip(), maxsplit=1)
        brief, bold = short(text, LETTERS), re.match(r"\*\*.*?\*\*[^,;:.，；：。]*", bare(text))
        items.append((mark, bold[0] if bold and wide(brief) > 2 * LETTERS else brief))
    if max(wide(text) for _, text in items) > 2.2 * LETTERS:
        return [Block(said=piece)]
    found = [Block(said=piece)]
    for mark, text in items:
        if found[-1].height + text_height(text) > 1.1 * ROOM or len(found) == 1:  # the page makes it smaller
            found.append(Block())
        found[-1].height += text_height(text) - 6
        found[-1].said += f"{mark} {text}\n"
    return [Block(render(part.said), part.height, "" if n else piece, "list") for n, part in enumerate(found[1:])]


@functools.cache
def wrapped(source: str) -> str:
    """Code whose long lines go on in the next one, as the formatter writes it; as it was, if that makes too many of them."""
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", f"--line-length={CODE}", "-"]
    done = subprocess.run(ruff, input=source, capture_output=True, text=True, encoding="utf-8")
    narrow = re.sub(r"\n{3,}", "\n\n", done.stdout.strip("\n"))
    return narrow if done.returncode == 0 and narrow.count("\n") < LINES else source


def code(source: str, kind: str = "python") -> Block:
    """A block of code, without remarks for tools."""
    source = re.sub(r"  # (?:noqa|fmt|type):.*", "", source)
    if max(map(len, source.splitlines())) > CODE:  # a remark beside a long line goes above it
        source = re.sub(rf"(?m)^(?=.{{{CODE + 1}}})( *)(\S.*?)  (# .*)$", r"\1\3\n\1\2", source)
        if kind == "python" and max(map(len, source.splitlines())) > CODE:
            source = wrapped(source)
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
        if "gt.course.check(" in cell.source:
            shown.append(replace(code(text), kind="task"))
        elif 3 < text.count("\n") + 1 <= LINES and not HELPER.search(text):
            shown.append(code(text))
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if _VIEW in data:
            shown.append(Block(_either(output), ROOM, kind="widget"))
            said.append(data.get("text/html", "").replace("<details>", "<details open>"))
        elif stored := picture(output):
            shown.append(figure(stored))
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
        printed = "\n".join(output.text.strip("\n") for output in cell.get("outputs", ()) if "text" in output)
        above, below = code(cell.source), f'<pre class="printed">{html.escape(printed)}</pre>'
        few = 0 < len(printed) < 6 * LETTERS
        both = Block(above.shown + below * few, above.height + (30 * len(printed) / LETTERS + 60) * few, kind="spare")
        shown = [both if spare else Block()]
    shown[-1].said = "\n\n".join([*said, shown[-1].said])
    return shown


def figure(stored: Picture) -> Block:
    source = f"data:image/png;base64,{base64.b64encode(stored.png).decode()}"
    image = f'<img alt="{html.escape(stored.alt)}" src="{source}">'
    shown = f'<figure style="--widest: {2.4 * stored.width:.0f}px">{image}</figure>'
    return Block(shown, 75 + min(370, ACROSS * stored.height / stored.width, 2.4 * stored.height), kind="figure")


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
