"""notebooks/text holds what the notebooks say, so that a change can be reviewed as a diff."""

import shutil

import jupytext.cli
import nbformat
import pytest

from tools.notebook_text import NOTEBOOKS, TEXT, notebook_text

BOOKS = sorted(NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_text_is_up_to_date(path):
    text = TEXT / f"{path.stem}.md"
    # Compared outside of the assert: the message says what to do, not how two long texts differ.
    same = text.is_file() and text.read_text(encoding="utf-8") == notebook_text(path)
    assert same, f"{text.name} differs from the notebook: run `make notebook-text`"


def test_there_is_no_text_without_a_notebook():
    assert {text.stem for text in TEXT.glob("*.md")} <= {path.stem for path in BOOKS}


def test_text_holds_code_prose_and_tags_and_no_outputs(tmp_path):
    prose, code = nbformat.v4.new_markdown_cell("# Title"), nbformat.v4.new_code_cell("print(1 + 1)")
    code.metadata.tags, code.execution_count = ["parameters"], 7
    code.outputs = [nbformat.v4.new_output("stream", text="2\n")]
    nbformat.write(nbformat.v4.new_notebook(cells=[prose, code]), tmp_path / "book.ipynb")
    assert notebook_text(tmp_path / "book.ipynb") == '# Title\n\n```python tags=["parameters"]\nprint(1 + 1)\n```\n'


def test_edited_text_goes_back_into_the_notebook_and_outputs_stay(tmp_path):
    """As CONTRIBUTING.md says it is done."""
    edited, text = tmp_path / BOOKS[0].name, tmp_path / "text.md"
    shutil.copy(BOOKS[0], edited)
    before = nbformat.read(edited, as_version=4)
    text.write_text(notebook_text(edited).replace(before.cells[0].source, "# Another title"), encoding="utf-8")
    jupytext.cli.jupytext(["--quiet", "--update", "--to", "ipynb", "--output", str(edited), str(text)])
    before.cells[0].source = "# Another title"
    assert nbformat.read(edited, as_version=4) == before
