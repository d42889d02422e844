"""What the README and the notebooks promise must exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READABLE = [
    ROOT / "README.md",
    *sorted((ROOT / "notebooks").glob("*.ipynb")),
    *sorted((ROOT / "gan_tutorial").rglob("*.py")),
]


def test_every_cited_paper_is_in_the_references():
    listed = set(re.findall(r"arxiv.org/abs/(\d+\.\d+)", (ROOT / "REFERENCES.md").read_text(encoding="utf-8")))
    cited = {
        paper
        for path in READABLE
        for paper in re.findall(r"arxiv.org/abs/(\d{4}\.\d{5})", path.read_text(encoding="utf-8"))
    }
    assert cited <= listed, cited - listed


def test_every_citation_leads_to_an_entry_and_every_entry_is_cited():
    entries = re.findall(r'^- <a id="(\w+)"></a>', (ROOT / "REFERENCES.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(entries) == len(set(entries)) > 40
    cited = set()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert "arxiv.org" not in text, f"{path.name} cites past REFERENCES.md"
        cited |= set(re.findall(r"\(\.\./REFERENCES\.md#(\w+)\)", text))
    for path in (ROOT / "docs" / "teaching").glob("*.md"):
        cited |= set(re.findall(r"/REFERENCES\.md#(\w+)\)", path.read_text(encoding="utf-8")))
    assert cited == set(entries), cited ^ set(entries)


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/own_algorithm.md", "data/emoji/README.md"]
)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (ROOT / page).parent.joinpath(target).exists(), target


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_make_help_lists_what_the_readme_names():
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = set(re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"lab", "test", "notebooks"} <= targets
    assert targets <= set(re.findall(r"make ([a-z-]+) +\S", listed))


def test_images_have_a_text_for_those_who_cannot_see_them():
    for path in (ROOT / "README.md", *(ROOT / "notebooks").glob("*.ipynb")):
        assert not re.search(r"!\[\s*\]\(", path.read_text(encoding="utf-8")), path


@pytest.mark.skipif(shutil.which("git") is None or not (ROOT / ".git").exists(), reason="this is no clone")
def test_a_clone_stays_small():
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    sizes = {name: (ROOT / name).stat().st_size for name in listed if (ROOT / name).is_file()}
    # The Chinese notebooks hold the pictures of the English ones again; git stores these once, as a clone fetches them.
    assert sum(sizes.values()) <= 80 * 2**20, sorted(sizes, key=sizes.get)[-10:]


@pytest.mark.slow
def test_the_algorithm_in_the_readme_trains(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # it writes checkpoints
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (block,) = (block for block in blocks if "(gt.Step)" in block)
    for full, short in {"steps=3000": "steps=2", '("fashion_mnist")': '("fashion_mnist").images[:64]'}.items():
        assert block.count(full) == 1
        block = block.replace(full, short)
    names = {"__name__": "readme"}
    exec(compile(block, "README.md", "exec"), names)
    assert names["result"].step == 2 and list(tmp_path.glob("checkpoints/step_*"))


def test_memory_is_said_alike_for_teachers():
    """Each page for teachers has the peak that the page on computer rooms has, in both languages."""
    table = re.search(r"\| 01 \|.*\n.*\n(.*)", (ROOT / "docs/classroom.md").read_text(encoding="utf-8"))[1]
    peaks = [peak.strip() for peak in table.strip("| ").split("|")]
    pages = [page for folder in ("docs", "docs/zh") for page in sorted((ROOT / folder / "teaching").glob("[01]*.md"))]
    assert len(peaks) == 10 and len(pages) == 20
    for page in pages:
        said = re.findall(r"([\d,]+) MiB", page.read_text(encoding="utf-8"))
        assert set(said) <= {peaks[int(page.stem[:2]) - 1]}, page
