"""What CONTRIBUTING.md, the citation and the changelog say is so."""

import re
from pathlib import Path

import gan_tutorial as gt

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FOLDERS = "gan_tutorial|data|notebooks|tests|tools|benchmarks|examples|docs"


def test_named_files_exist():
    named = set(re.findall(rf"`((?:{FOLDERS})(?:/[\w.]+)+)`", GUIDE))
    assert len(named) > 30
    placeholders = ("NAME", "08_name")
    missing = [path for path in named if not (ROOT / path).exists() and not any(name in path for name in placeholders)]
    modules = re.findall(r"-m ((?:tests|tools|benchmarks)\.\w+)", GUIDE)
    missing += [module for module in modules if not (ROOT / module.replace(".", "/")).with_suffix(".py").is_file()]
    assert not missing


def test_named_make_targets_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", GUIDE)) <= targets


def test_layers_are_those_that_the_tests_hold():
    from .test_import import LAYERS

    block = re.search(r"```\n(quiet, files\n.*?)```", GUIDE, re.DOTALL)[1]
    assert [line.split(", ") for line in block.splitlines()] == [layer for layer in LAYERS if layer != ["__main__"]]


def test_the_picture_of_the_rooms_is_theirs():
    from tools.draw_rooms import CONTENT, PICTURE, draw

    from .test_import import LAYERS

    assert CONTENT.keys() == {room for layer in LAYERS for room in layer} - {"__main__"}
    assert PICTURE.read_text(encoding="utf-8") == draw(), "run python -m tools.draw_rooms"


def test_table_of_contents_leads_somewhere():
    headings = {
        re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-") for line in GUIDE.splitlines() if "## " in line
    }
    anchors = set(re.findall(r"\]\(#([\w-]+)\)", GUIDE))
    assert {anchor.strip("-") for anchor in anchors} <= {heading.strip("-") for heading in headings}


def test_glossary_has_one_entry_per_term():
    english, chinese = (
        re.findall(r"^\| (\*\*.+?) \| (.+?) \|", (ROOT / "docs" / name).read_text(encoding="utf-8"), re.MULTILINE)
        for name in ("glossary.md", "zh/glossary.md")
    )
    assert len(english) == len({term for term, _ in english}) > 50
    assert [(f"**{word}**", term.replace("**", "")) for term, word in english] == chinese


def test_citation_has_the_package_version():
    assert f"\nversion: {gt.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
