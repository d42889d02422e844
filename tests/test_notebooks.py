"""What every notebook has. That each runs, and prints what it has stored, nbval checks beside this."""

import re
import subprocess
import sys

import nbformat
import papermill
import pytest

from .execute_notebooks import NOTEBOOKS, watch_memory

BOOKS = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))


@pytest.mark.slow
def test_the_quickest_one_executes_by_papermill():
    """As `make notebooks` does it, in a process of its own; once more if a message of the kernel's got lost."""
    command = [sys.executable, "-m", "tests.execute_notebooks", "--profile", "quick", "01_concepts"]
    for attempts_left in (1, 0):
        try:
            done = subprocess.run(command, cwd=NOTEBOOKS.parent, capture_output=True, text=True, timeout=200)
            break
        except subprocess.TimeoutExpired:
            assert attempts_left, "papermill waited for a kernel that was idle, twice"
    assert done.returncode == 0 and done.stdout.split()[-1] == "ok", done.stdout + done.stderr[-2000:]
    name, _, _, peak, _ = done.stdout.splitlines()[-1].split()
    assert name == "01_concepts" and 200 < int(peak) < 3 * 2**10
    executed, given = (
        [cell for cell in nbformat.read(folder / "01_concepts.ipynb", 4).cells if cell.cell_type == "code"]
        for folder in (NOTEBOOKS.parent / "build" / "notebooks", NOTEBOOKS)
    )
    # One more than the notebook has: the parameters.
    assert len(executed) == len(given) + 1 and all(cell.execution_count for cell in executed)


def test_the_most_memory_is_seen_though_it_was_given_back():
    with watch_memory() as peak:
        subprocess.run([sys.executable, "-c", "import time; bytearray(200 << 20); time.sleep(2)"], check=True)
    assert 200 < peak() < 300


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_papermill_sets_the_profile_and_nothing_else(path, tmp_path):
    assert list(papermill.inspect_notebook(path)) == ["PROFILE"]
    out, options = tmp_path / path.name, {"kernel_name": "python3", "progress_bar": False, "prepare_only": True}
    papermill.execute_notebook(path, out, parameters={"PROFILE": "quick"}, **options)
    cells = nbformat.read(out, 4).cells
    first, second = (
        next(i for i, cell in enumerate(cells) if tag in cell.metadata.get("tags", []))
        for tag in ("parameters", "injected-parameters")
    )
    assert second == first + 1 and cells[second].source.splitlines()[-1] == 'PROFILE = "quick"'


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_keeps_the_house_style(path):
    book = nbformat.read(path, 4)
    nbformat.validate(book)
    text = "\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
    for heading in ("What you'll do", "What you'll learn", "What you'll need", "Time"):
        assert f"**{heading}" in book.cells[0].source, heading
    for heading in ("Check your understanding", "On your own", "In practice", "Further reading"):
        assert f"## {heading}" in text, heading
    assert book.metadata.kernelspec.name == "python3"
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in book.cells) == 1
    assert path.stat().st_size < 2 * 2**20


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_carries_its_outputs_and_no_errors(path):
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [o for o in outputs if o.output_type == "error"]
    assert not [o for o in outputs if o.get("name") == "stderr"]
    pictures = [o for o in outputs if "image/png" in o.get("data", {})]
    assert len(pictures) >= 5
    assert all(o.metadata.get("image/png", {}).get("alt") for o in pictures)
    # What is compared must not depend on the machine; so pictures are not compared.
    for cell in cells:
        if any("data" in o for o in cell.outputs):
            assert "nbval-ignore-output" in cell.metadata.get("tags", []), cell.source[:80]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_links_between_notebooks_lead_somewhere(path):
    text = "\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown")
    for target in re.findall(r"\]\((?!http)([^)#]+)", text):
        assert (NOTEBOOKS / target).exists(), target
