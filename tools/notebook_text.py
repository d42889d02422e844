"""Write the notebooks as text into notebooks/text, where a review reads a change of code or prose as a diff.

    python -m tools.notebook_text

The text is jupytext's Markdown without its header, so it does not depend on
jupytext's version; of the metadata it holds the tags, and no outputs.
"""

from pathlib import Path

import jupytext
import nbformat

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
TEXT = NOTEBOOKS / "text"


def notebook_text(path: Path) -> str:
    """Prose and code of a notebook as Markdown."""
    book = nbformat.read(path, as_version=4)
    filters = {"notebook_metadata_filter": "-all", "cell_metadata_filter": "tags,-all"}
    book.metadata = nbformat.from_dict({"jupytext": filters})
    return jupytext.writes(book, fmt="md")


def main() -> None:
    """Write the text of every notebook; text without a notebook is deleted."""
    TEXT.mkdir(exist_ok=True)
    for old in TEXT.glob("*.md"):
        old.unlink()
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        (TEXT / f"{path.stem}.md").write_text(notebook_text(path), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
