"""Slides of each notebook: one HTML file each, which asks nothing of any server, by nbconvert and reveal.js.

    python -m tools.make_slides            # into build/slides; with GAN_TUTORIAL_LANGUAGE=zh into build/slides/zh
    python -m tools.make_slides 02_gan

A slide shows what can be read from the last row: headings, formulas, figures, lists and tables that are short, functions
that are taught, and the widgets that need no kernel. All prose is in the speaker's notes. tools/slide_parts.py decides which
is which; docs/teaching/slides.md is for teachers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
import nbformat
from jinja2 import FileSystemLoader
from nbconvert import SlidesExporter

from gan_tutorial.export.html import _STATE, _live
from gan_tutorial.files import write_whole
from gan_tutorial.translations import language
from tools.live_cells import enliven
from tools.slide_parts import LETTERS, ROOM, Block, bare, blocks, render, sentences, short, text_height

ROOT = Path(__file__).resolve().parents[1]
SOURCES, REVEAL = ROOT / "javascript" / "src", ROOT / "javascript" / "node_modules" / "reveal.js"
FENCE = re.compile(r"^`{8}.*?^`{8}$", re.DOTALL | re.MULTILINE)


@dataclass
class Slide:
    """A slide before it is written.

    level: of its heading. above: the heading one level up. before: the heading that a task interrupts. part: 2 and more where
    one slide was not enough. spare: code for want of better, each with its place among the blocks.
    """

    level: int
    title: str
    above: str = ""
    before: str = ""
    part: int = 1
    blocks: list[Block] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    spare: list[tuple[int, Block]] = field(default_factory=list)

    def room(self) -> float:
        return ROOM - sum(block.height for block in self.blocks)

    def has_task(self) -> bool:
        return any(block.kind == "task" for block in self.blocks)

    def further(self) -> Slide:
        """The slide after this one. What follows a task belongs to the heading before it."""
        if self.has_task():
            return Slide(max(2, self.level - 1), self.above or self.before)
        return Slide(self.level, self.title, self.above, self.before, self.part + 1)


def lead_in(slide: Slide) -> Block | None:
    """The sentence that leads to a formula, if it is in the notes only: the formula would seem to belong to what stands above."""
    prose = slide.said[-1] if slide.said else ""
    found = sentences(bare(prose)) if re.search(r"[:：,，]$", prose) else []
    if not found or any(render(found[-1]) in block.shown for block in slide.blocks[-1:]):
        return None
    name = re.match(r"\*\*[^*]+\*\* ", found[0])  # such as "**Skip-z.**"
    text = (name[0] if name and len(found) > 1 else "") + found[-1]
    return Block(f'<div class="key">{render(text)}</div>', text_height(text), kind="key")


def slides(parts: list[Block]) -> list[Slide]:
    """What fits on a slide stays together; a new heading begins a new one."""
    deck: list[Slide] = []
    titles: dict[int, str] = {}
    for block in parts:
        if level := re.fullmatch(r"h(\d)", block.kind):
            titles = {
                **{above: title for above, title in titles.items() if above < int(level[1])},
                int(level[1]): block.shown,
            }
            above = titles.get(int(level[1]) - 1, "") if int(level[1]) > 2 else ""
            deck.append(Slide(int(level[1]), block.shown, above, deck[-1].title if deck else ""))
            continue
        slide = deck[-1]
        if block.shown and block.kind != "spare" and slide.has_task():
            deck.append(slide := slide.further())
        keys = [each for each in slide.blocks if each.kind == "key"]
        if block.kind == "spare":
            slide.spare.append((len(slide.blocks), block))
            wanted = False
        elif block.kind == "key":
            wanted = bool(block.shown) and len(keys) < 2 and block.height <= slide.room()
        else:
            wanted = bool(block.shown)
            if wanted and block.height > slide.room() and len(keys) == len(slide.blocks):
                slide.blocks.clear()  # these sentences are in the notes
            elif wanted and block.height > slide.room():
                deck.append(slide := slide.further())
        if block.kind == "formula" and (lead := lead_in(slide)):
            if lead.height + block.height > slide.room():
                deck.append(slide := slide.further())
            slide.blocks.append(lead)
        slide.blocks += [block] * wanted
        slide.said += [block.said] * bool(block.said)
    for slide in deck:
        if all(block.kind == "key" for block in slide.blocks):
            for place, block in slide.spare[:1]:
                slide.blocks.insert(place, block)
        prose = [text for text in slide.said if not re.match(r"```|[<|]|[-*] |\d+\. ", text)]
        bare_task = slide.has_task() and len(slide.blocks) == 1
        if prose and (bare_task or not slide.blocks) and ".html)" not in slide.title:
            said = render(short(prose[0], 3 * LETTERS if bare_task else LETTERS))
            slide.blocks.insert(0, Block(f'<div class="key">{said}</div>', kind="key"))
    return [slide for slide in deck if slide.blocks or slide.said or slide.level <= 2]


def cells(deck: list[Slide]) -> Iterator[nbformat.NotebookNode]:
    for number, slide in enumerate(deck):
        front = " front" * all(block.kind == "key" for block in slide.blocks)
        title, above = (
            render(bare(text)).replace("<p>", "").replace("</p>", "") for text in (slide.title, slide.above)
        )
        heading = f"<h{min(2, number + 1)}>{title}{f'<small>{slide.part}</small>' if slide.part > 1 else ''}</h{min(2, number + 1)}>"
        kinds = {block.kind for block in slide.blocks}
        zoom = 2 if "widget" in kinds else 1 if "figure" in kinds else 1.4  # at most
        body = "".join(block.shown for block in slide.blocks)
        source = f"""<div class="slide{front}"><header>{f'<p class="above">{above}</p>' if above else ""}{heading}</header>
<div class="body" data-zoom="{zoom}"{" data-prevent-swipe" * (zoom == 2)}>{body}</div></div>"""
        kind = "slide" if number == 0 or (slide.level <= 2 and slide.part == 1) else "subslide"
        yield nbformat.v4.new_markdown_cell(source, metadata={"slideshow": {"slide_type": kind}})
        if slide.said:
            text = re.sub(r"\[([^\]]+)\]\((?!https?:)[^)\s]*\)", r"\1", "\n\n".join(slide.said))
            text = "\n\n".join([FENCE.sub("", text), *FENCE.findall(text)])  # what is spoken comes first
            said = render(text).replace("<pre>", '<pre style="font-size: 60%; white-space: pre-wrap">')
            yield nbformat.v4.new_markdown_cell(said, metadata={"slideshow": {"slide_type": "notes"}})


def make_slides(path: Path, out: Path) -> Path:
    """Write the slides of one notebook, in the language of the process."""
    if not REVEAL.exists():
        raise click.ClickException(
            "reveal.js is missing: run `make javascript`, which needs Node.js and, once, internet"
        )
    book = nbformat.read(path, 4)
    enliven(book)
    models = book.metadata.pop("widgets", {}).get(_STATE, {}).get("state", {})
    deck = slides(blocks(book))
    book.cells = list(cells(deck))
    scripts = (REVEAL / "dist/reveal.js", REVEAL / "plugin/notes/notes.js", SOURCES / "slides.js")
    texts = [file.read_text(encoding="utf-8").replace("</script", r"<\/script") for file in scripts]
    styles = [(file).read_text(encoding="utf-8") for file in (REVEAL / "dist/reveal.css", SOURCES / "slides.css")]
    exporter = SlidesExporter(extra_loaders=[FileSystemLoader(Path(__file__).parent)], template_file="slides.html.j2")
    about = {"title": deck[0].title, "language": {"zh": "zh-Hans"}.get(language(), language()), "live": _live(models)}
    page, resources = exporter.from_notebook_node(book, {"deck": {**about, "styles": styles, "scripts": texts}})
    with write_whole(out) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return out


@click.command()
@click.argument("names", nargs=-1)
def main(names: tuple[str, ...]) -> None:
    """Write the slides of the notebooks NAMES, or of all."""
    folder = "" if language() == "en" else language()
    (ROOT / "build" / "slides" / folder).mkdir(parents=True, exist_ok=True)
    for path in sorted((ROOT / "notebooks" / folder).glob("[0-9]*.ipynb")):
        if not names or path.stem in names:
            print(make_slides(path, ROOT / "build" / "slides" / folder / f"{path.stem}.html").relative_to(ROOT))


if __name__ == "__main__":
    main()
