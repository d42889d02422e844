"""Build the published site, build/site: home, notebooks, teachers' pages and references, in English and in Chinese.

    python -m tools.build_site --repository https://github.com/OWNER/NAME

Pages are staged as Markdown first: a notebook's stored outputs become HTML, a cell that shows an explorer or a question
becomes a widget that lives without a kernel, and links are turned to where they lead in the site. Sphinx does the rest, with
docs/conf.py. Each language is built in a process of its own, because the package reads its words when it is imported.
"""

import base64
import functools
import hashlib
import html
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import nbformat

from tools.live_cells import living
from tools.stored_outputs import picture

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("en", "zh")
RAW = "{raw} html"
#: Pages in English alone, besides some of those in docs/; the Chinese ones link to them.
ENGLISH = {
    "handbook": "README.md", "CHANGELOG": "CHANGELOG.md", "CONTRIBUTING": "CONTRIBUTING.md",
    **{f"data/{name}": f"data/{name}/README.md" for name in ("emoji", "fashion_mnist", "experiments")},
}  # fmt: skip
#: Code, which stays as it is, asks for a widget or for a file; a title; an image; the target of a link; an attribute of HTML.
PARTS = re.compile(
    r"""^[ ]*(?P<fence>`{3,})(?P<kind>.*)\n(?P<code>[\s\S]*?)^[ ]*(?P=fence)`*[ ]*$ | (?P<ticks>`+)[^`].*?(?<!`)(?P=ticks)(?!`)
    | ^(?P<title>\#[ ]) | !\[(?P<alt>[^\]]*)\]\((?P<image>[^()\s]+)\) | \]\((?P<link>[^()\s]+)\) | \b(?P<name>href|src|srcset)="(?P<value>[^"]+)" """,
    re.MULTILINE | re.VERBOSE,
)


@functools.cache
def pages(language: str) -> dict[str, str]:
    """By the name of each page in this language's site the file of the repository that it is made from."""
    notebooks, prose = (ROOT / folder / ("" if language == "en" else language) for folder in ("notebooks", "docs"))
    found = {f"notebooks/{path.stem}": path for path in sorted(notebooks.glob("[0-9]*.ipynb"))}
    found |= {path.relative_to(prose).with_suffix("").as_posix(): path for path in sorted(prose.rglob("*.md"))}
    named = {name: path.relative_to(ROOT).as_posix() for name, path in found.items() if not name.startswith("zh/")}
    if language == "en":
        named |= ENGLISH
    elif (ROOT / "README.zh.md").exists():
        named["handbook"] = "README.zh.md"
    return named | {"REFERENCES": "REFERENCES.md"}


def other(language: str) -> str:
    """The other language."""
    return LANGUAGES[1 - LANGUAGES.index(language)]


def code_block(content: str, kind: str) -> str:
    """Code in Markdown, or HTML, whatever is in it."""
    return f"\n\n``````````{kind}\n{content}\n``````````\n\n"


class Stage:
    """Writes the pages of one language as Sphinx shall read them; files that pages show go to _files in the site."""

    def __init__(self, language: str, site: Path, repository: str) -> None:
        from gan_tutorial.translations import STRINGS

        self.language, self.repository, self.strings = language, repository.rstrip("/"), STRINGS
        self.pages, self.files = pages(language), site / "_files"
        self.files.mkdir(parents=True, exist_ok=True)
        recorded = sorted(path.name for path in (ROOT / "docs/recordings").glob("*.json"))
        self.recordings = [json.loads(_text(f"docs/recordings/{name}")) for name in recorded]
        self.said = json.loads(_text(f"docs/recordings/words/{language}.json"))

    def write(self, folder: Path) -> None:
        """Stage all pages. What an earlier build has left and has not changed is not touched, so that Sphinx skips it."""
        for old in folder.rglob("*.md"):
            if old.relative_to(folder).with_suffix("").as_posix() not in self.pages:
                old.unlink()
        for name, source in self.pages.items():
            path, text = folder / f"{name}.md", self.notebook(name) if source.endswith(".ipynb") else self.page(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8", newline="\n")

    def page(self, name: str) -> str:
        """A page of prose."""
        text = _text(self.pages[name])
        if name == "handbook":  # a README has the name of its repository
            text = text.replace("# gan_tutorial", {"en": "# Handbook", "zh": "# 手册"}[self.language], 1)
        return self.markdown(name, text.replace("<this repository>", self.repository) if self.repository else text)

    def markdown(self, name: str, text: str) -> str:
        """Markdown whose links and images lead to where they are in the site, and which has one title."""
        titles = iter(["# "])

        def part(found: re.Match) -> str:
            if found["kind"] == "{live}":
                return self.widget(name, found["code"])
            if (found["kind"] or "").startswith("{literalinclude}"):
                return code_block(_text(self._source(name, found["kind"].split()[1])), "python")
            if found["title"]:
                return next(titles, "## ")
            if found["image"]:
                return f'<img alt="{html.escape(found["alt"])}" src="{self.copy(name, found["image"])}" loading="lazy">'
            if found["link"]:
                goal = self.link(name, found["link"])
                return f"]({goal})" if goal else "]{.outside}"
            if found["name"] == "href":
                goal = self.link(name, found["value"]).removeprefix("site:").replace(".md#", ".html#")
                return f'href="{re.sub("[.]md$", ".html", goal)}"' if goal else ""
            return f'{found["name"]}="{self.copy(name, found["value"])}"' if found["name"] else found[0]

        return PARTS.sub(part, text)

    def link(self, name: str, target: str) -> str:
        """A link's target for Sphinx; "" if it leads out of the site to an unknown place. docs/conf.py knows "site:"."""
        if re.match(r"\w+:", target):
            return target
        path, hash_, anchor = target.partition("#")
        goal = self._source(name, path) if path else self.pages[name]
        for language in (self.language, other(self.language)):
            page = next((page for page, source in pages(language).items() if source == goal), None)
            if page is None:
                continue
            if self.language == "zh" and page in self.pages and page != name:
                language = "zh"  # a Chinese page need not know which others are Chinese
            explicit = f'id="{anchor}"' in _text(pages(language)[page])
            if language == self.language and not (anchor and explicit):  # MyST finds pages, and headings in them
                return (self._url(name, f"{language}/{page}.md") if path else "") + hash_ + anchor
            return "site:" + (self._url(name, f"{language}/{page}.html") if path else "") + hash_ + anchor
        kind = "tree" if (ROOT / goal).is_dir() else "blob"
        return f"{self.repository}/{kind}/main/{goal}" if self.repository and (ROOT / goal).exists() else ""

    def _source(self, name: str, target: str) -> str:
        """The path in the repository that a page's relative link means."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.pages[name]), target))

    def _url(self, name: str, path: str) -> str:
        """From a page to a path in the site."""
        return posixpath.relpath(path, posixpath.dirname(f"{self.language}/{name}"))

    def copy(self, name: str, target: str) -> str:
        """Copy what a page shows into the site; its address from that page."""
        if re.match(r"\w+:", target):
            return target
        path = self._source(name, target)
        return self.store(name, (ROOT / path).read_bytes(), posixpath.splitext(path)[1])

    def store(self, name: str, content: bytes, suffix: str) -> str:
        """Keep bytes in the site under a name that they determine; their address from a page."""
        stored = self.files / f"{hashlib.sha256(content).hexdigest()[:16]}{suffix}"
        if not stored.exists():
            stored.write_bytes(content)
        return self._url(name, f"_files/{stored.name}")

    def notebook(self, name: str) -> str:
        """A notebook as Markdown: prose, code, and outputs as HTML."""
        parts = []
        for cell in nbformat.reads(_text(self.pages[name]), as_version=4).cells:
            if cell.cell_type == "markdown":
                parts.append(cell.source)
            elif cell.cell_type == "code":
                parts += [code_block(cell.source, "ipython3"), *self.outputs(name, cell)]
        return self.markdown(name, "\n\n".join(parts) + "\n")

    def outputs(self, name: str, cell: nbformat.NotebookNode) -> list[str]:
        """What a cell shows: a widget alive where that is possible, with the recording of a training, or as a picture."""
        shown, alive = [], living(cell.source)
        for output in cell.outputs:
            data = output.get("data", {})
            # A widget's still. Figures tell their size.
            still = "image/png" in data and "width" not in output.metadata.get("image/png", {})
            if alive and (still or "text/html" in data):
                shown.append(self.widget(name, cell.source, self.output(name, output)))
            elif "text/markdown" in data:
                shown.append(f":::::{{container}} gt-output\n{data['text/markdown']}\n:::::")
            else:
                note = f'<p class="gt-remark">{html.escape(self.strings["static_still"])}</p>' if still else ""
                content = f'<div class="gt-output">{self.output(name, output)}</div>{note}'
                shown.append(code_block(content, RAW))
        where = f"{posixpath.basename(name)}/{cell.id}"
        return shown + [self.recording(name, about) for about in self.recordings if about["cell"] == where]

    def output(self, name: str, output: nbformat.NotebookNode) -> str:
        """One output as HTML."""
        from nbconvert.filters import ansi2html

        data = output.get("data", {})
        if shown := picture(output):
            address, alt = self.store(name, shown.png, ".png"), html.escape(shown.alt)
            size = f'width="{shown.width}" height="{shown.height}"'
            image = f'<img alt="{alt}" src="{address}" {size} loading="lazy" decoding="async">'
            # On a phone a wide figure is small: a tap shows it as it is.
            return f'<a href="{address}">{image}</a>' if shown.width > 700 else image
        text = output.get("text") or "\n".join(output.get("traceback", ())) or data.get("text/plain", "")
        return data.get("text/html") or f"<pre>{ansi2html(text)}</pre>"

    def widget(self, name: str, source: str, still: str = "") -> str:
        """The place of a widget that the page makes live, and its still; its state lies in files of its own."""
        from ipywidgets import Widget

        widget = living(source)()
        if not still:
            data = {"image/png": base64.b64encode(widget.still()).decode(), "text/plain": widget.description()}
            still = self.output(name, nbformat.v4.new_output("display_data", data))
        model = Widget.get_manager_state(widgets=[widget])["state"][widget.model_id]
        idle = ("layout", "tabbable", "tooltip")
        traits = {key: value for key, value in model["state"].items() if key[0] != "_" and key not in idle}
        blobs = {part["path"][0]: base64.b64decode(part["data"]) for part in model.get("buffers", ())}
        buffers = {key: posixpath.basename(self.store(name, blob, ".bin")) for key, blob in blobs.items()}
        state = {"program": type(widget).__name__.lower(), "traits": traits, "buffers": buffers}
        widget.close()
        address = self.store(name, json.dumps(state, ensure_ascii=False).encode(), ".json")
        return code_block(f'<div class="gt-live" data-widget="{address}">{still}</div>', RAW)

    def recording(self, name: str, about: dict) -> str:
        """The place of a training's recording, which tools/record_trainings.py has made."""
        words = {key: self.strings[f"pg_{key}"] for key in ("play", "pause", "step", "distance")}
        words |= {"at": self.strings["monitor_at"], **self.said[about["name"]]}
        sheet = self.store(name, (ROOT / "docs/recordings" / f"{about['name']}.webp").read_bytes(), ".webp")
        content = json.dumps({**about, "words": words, "sheet": posixpath.basename(sheet)}, ensure_ascii=False)
        address = self.store(name, content.encode(), ".json")
        return code_block(f'<div class="gt-recording" data-recording="{address}"></div>', RAW)


@functools.cache
def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def build(language: str, out: Path, repository: str) -> int:
    """Build one language in this process, whose environment must ask for it."""
    from sphinx.cmd.build import main as sphinx

    source = out.parent / f"{out.name}-source"
    Stage(language, out, repository).write(source / language)
    doctrees, settings = str(source / f"{language}-doctrees"), str(ROOT / "docs")
    strict = ["--fail-on-warning", "--keep-going", "-q", "-D", f"html_context.repository={repository.rstrip('/')}"]
    return sphinx([*strict, "-d", doctrees, "-c", settings, str(source / language), str(out / language)])


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "build" / "site", help="The folder of the site.")
@click.option("--repository", default="", help="Where the sources are; without it what leads there is plain text.")
@click.option("--language", type=click.Choice(LANGUAGES), multiple=True, default=LANGUAGES, help="Build this one only.")
def main(out: Path, repository: str, language: tuple[str, ...]) -> None:
    """Build the site; a warning is an error."""
    if len(language) == 1:
        if os.environ.get("GAN_TUTORIAL_LANGUAGE") == language[0]:
            sys.exit(build(language[0], out.resolve(), repository))
    else:
        if out.exists() and any(out.iterdir()) and not (out / ".nojekyll").exists():
            raise click.BadParameter(f"{out} holds something else than a site: name a new folder", param_hint="--out")
        shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    # GitHub would leave out folders whose names start with "_". It is there first: it marks the folder as a site, whole or not.
    (out / ".nojekyll").touch()
    for each in language:
        command = [sys.executable, "-m", "tools.build_site", "--out", out.resolve(), "--repository", repository]
        environment = {**os.environ, "GAN_TUTORIAL_LANGUAGE": each}
        if code := subprocess.run([*command, "--language", each], cwd=ROOT, env=environment).returncode:
            sys.exit(code)
    shutil.copyfile(ROOT / "docs" / "_templates" / "front.html", out / "index.html")


if __name__ == "__main__":
    main()
