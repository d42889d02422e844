"""A notebook as one HTML file, whose explorers and questions work without a kernel and without a network."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from ..files import write_whole
from ..translations import STRINGS
from .page import json_in_page, script_in_page

_VIEW = "application/vnd.jupyter.widget-view+json"
_STATE = "application/vnd.jupyter.widget-state+json"
# nbconvert's own page, without what it asks other servers for.
_TEMPLATE = """{% extends "lab/index.html.j2" %}
{% block html_head_js %}{% endblock %}
{% block html_head_js_mathjax %}{% endblock %}
{% block html_head_js_mermaidjs %}{% endblock %}
{% block footer_js %}{{ resources.live }}{% endblock %}
"""


def export_notebook(path: str | Path, out: str | Path, execute: bool = False) -> Path:
    """Write a notebook as one HTML file that asks nothing of any server; returns its path.

    Explorers whose images the page can compute, and questions, work in it. Other widgets are shown as their still, with a
    line that says that they need a running notebook. Formulas are MathML, which browsers draw themselves. A picture that the
    notebook itself takes from the web stays a link.

    Args:
        path: a notebook. Only what its outputs and its widgets' saved state hold can be shown; so
        execute: run it first, in its folder. The notebook itself is not changed.

    Raises ValueError if `path` is no notebook, or if one of its cells fails.

    Example:
        >>> import nbformat, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     nbformat.write(nbformat.v4.new_notebook(), f"{folder}/empty.ipynb")
        ...     export_notebook(f"{folder}/empty.ipynb", f"{folder}/empty.html").name
        'empty.html'
    """
    from jinja2 import DictLoader
    from nbconvert import HTMLExporter

    from .formulas import markdown_to_html

    path, out = Path(path), Path(out)
    if out.is_dir():
        raise ValueError(f"{out} is a folder: choose another name")
    book = _read(path)
    if execute:
        _execute(book, path)
    models = book.metadata.pop("widgets", {}).get(_STATE, {}).get("state", {})
    for output in (output for cell in book.cells for output in cell.get("outputs", ())):
        if _VIEW in output.get("data", {}):
            output.data = {"text/html": _either(output)}
    exporter = HTMLExporter(
        extra_loaders=[DictLoader({"static.html.j2": _TEMPLATE})], template_file="static.html.j2", embed_images=True
    )
    exporter.register_filter("markdown2html", markdown_to_html)
    about = {"name": path.stem, "path": str(path.resolve().parent)}
    page, _ = exporter.from_notebook_node(book, {"metadata": about, "live": _live(models)})
    with write_whole(out) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return out


def _read(path: Path) -> Any:
    import nbformat

    if not path.is_file():
        raise ValueError(f"there is no notebook {path}")
    try:
        return nbformat.read(path, 4)
    except Exception as problem:  # each version of nbformat has errors of its own
        raise ValueError(f"{path} is not a notebook that can be read") from problem


def _execute(book: Any, path: Path) -> None:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    book.metadata.pop("widgets", None)  # of an earlier run
    client = NotebookClient(book, timeout=None, resources={"metadata": {"path": str(path.resolve().parent)}})
    try:
        client.execute()
    except CellExecutionError as problem:
        raise ValueError(f"{path} failed: {problem.ename}: {problem.evalue}") from problem


def _either(output: Any) -> str:
    """A widget's place in the page, and what stands there until, or unless, the page makes the widget live."""
    data = output.data
    if "image/png" in data:
        words = output.get("metadata", {}).get("image/png", {}).get("alt") or data.get("text/plain", "")
        still = f'<img alt="{html.escape(words)}" src="data:image/png;base64,{"".join(data["image/png"].split())}">'
    else:
        still = data.get("text/html") or f"<pre>{html.escape(data.get('text/plain', ''))}</pre>"
    line = f"<p><em>{html.escape(STRINGS['static_still'])}</em></p>"
    return f'<div class="gt-static"><script type="{_VIEW}">{json_in_page(data[_VIEW])}</script>{still}{line}</div>'


def _live(models: dict[str, Any]) -> str:
    """The state of the widgets that need no kernel, and the script that makes them live."""
    alone = {name: model for name, model in models.items() if model["state"].get("alone")}
    if not alone:
        return ""
    state = json_in_page({"state": alone})
    return f'<script type="{_STATE}">{state}</script><script>{script_in_page("static")}</script>'
