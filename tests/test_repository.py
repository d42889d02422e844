"""What the README and the notebooks promise must exist."""

import re
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
    listed = set(re.findall(r"arxiv.org/abs/(\d+\.\d+)", (ROOT / "REFERENCES.md").read_text()))
    cited = {paper for path in READABLE for paper in re.findall(r"arxiv.org/abs/(\d{4}\.\d{5})", path.read_text())}
    assert cited <= listed, cited - listed


def test_every_citation_leads_to_an_entry_and_every_entry_is_cited():
    entries = re.findall(r'^- <a id="(\w+)"></a>', (ROOT / "REFERENCES.md").read_text(), re.MULTILINE)
    assert len(entries) == len(set(entries)) > 40
    cited = set()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        text = path.read_text()
        assert "arxiv.org" not in text, f"{path.name} cites past REFERENCES.md"
        cited |= set(re.findall(r"\(\.\./REFERENCES\.md#(\w+)\)", text))
    assert cited == set(entries), cited ^ set(entries)


def test_links_in_the_readme_lead_somewhere():
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / "README.md").read_text()):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("target", ["lab", "test", "notebooks"])
def test_makefile_has_what_the_readme_names(target):
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.search(rf"make {target} +\S", listed)


def test_images_have_a_text_for_those_who_cannot_see_them():
    for path in (ROOT / "README.md", *(ROOT / "notebooks").glob("*.ipynb")):
        assert not re.search(r"!\[\s*\]\(", path.read_text()), path
