"""The Chinese edition follows the English one: notebooks, words, questions, and the letters of figures."""

import json
import os
import re
import string
import subprocess
import sys
import warnings
from pathlib import Path

import nbformat
import pytest

from gan_tutorial import translations
from tools import chinese_notebooks as tool

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
FILES = sorted(
    path.relative_to(ROOT / "gan_tutorial/translations/en")
    for path in (ROOT / "gan_tutorial/translations/en").rglob("*.json")
)
NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))


def run(*command, **environment):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True)


def read(language, file):
    return json.loads((ROOT / "gan_tutorial/translations" / language / file).read_text(encoding="utf-8"))


def shape(content):
    """Keys, lengths and placeholders; without them, whether there is text."""
    if isinstance(content, dict):
        return {key: shape(value) for key, value in content.items()}
    if isinstance(content, list):
        return [shape(value) for value in content]
    return (
        sorted(str(field[1:3]) for field in string.Formatter().parse(content) if field[1])
        if isinstance(content, str)
        else content
    )


def test_notebooks_follow_the_english_ones():
    """Each markdown cell is of the English cell as it is now, and the stored notebooks are built from both."""
    checked = run("-m", "tools.chinese_notebooks", "--check")
    assert not checked.returncode, checked.stdout + checked.stderr


def blocks(cell):
    """Code in a markdown cell, without its comments, which are translated."""
    return [re.sub("#.*", "", code) for code in re.findall(r"```\w*\n(.*?)```", cell.source, re.DOTALL)]


@pytest.mark.parametrize("name", NAMES)
def test_code_is_the_same_and_prose_is_chinese(name):
    english, chinese = (nbformat.read(folder / name, 4) for folder in (NOTEBOOKS, NOTEBOOKS / "zh"))
    assert [cell.id for cell in chinese.cells] == [cell.id for cell in english.cells]
    for cell, other in zip(chinese.cells, english.cells, strict=True):
        assert cell.cell_type == other.cell_type and cell.metadata == other.metadata
        if cell.cell_type == "code":
            assert cell.source == other.source and len(cell.outputs) == len(other.outputs)
        else:
            assert blocks(cell) == blocks(other), cell.id
        if cell.cell_type == "markdown" and re.search("[a-z]{4} [a-z]{2}", other.source):
            assert re.search("[\u4e00-\u9fff]", cell.source), cell.id
    assert (NOTEBOOKS / "zh" / name).stat().st_size < 2_000_000


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name):
    book = nbformat.read(NOTEBOOKS / "zh" / name, 4)
    text = "\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
    for target in re.findall(r"\]\((?!http)([^)#]+)", text):
        assert (NOTEBOOKS / "zh" / target).exists(), target


def test_a_changed_english_cell_is_noticed(tmp_path):
    cells = [nbformat.v4.new_markdown_cell("one"), nbformat.v4.new_markdown_cell("two")]
    (tmp_path / "text.md").write_text(f"<!-- cell {cells[0].id} -->\n一\n\n<!-- cell {cells[1].id} -->\n二\n", "utf-8")
    tool.follow(tmp_path / "text.md", cells)
    assert not tool.outdated(cells, tool.read_text(tmp_path / "text.md"))
    cells[1].source = "two, changed"
    assert tool.outdated(cells, tool.read_text(tmp_path / "text.md")) == [
        f"cell {cells[1].id}: the English has changed"
    ]
    assert (
        "no Chinese"
        in tool.outdated([*cells, nbformat.v4.new_markdown_cell("three")], tool.read_text(tmp_path / "text.md"))[0]
    )


@pytest.mark.parametrize("file", FILES, ids=str)
def test_words_have_the_same_keys_and_placeholders(file):
    assert shape(read("zh", file)) == shape(read("en", file))
    assert not [
        text for text in re.findall(r"[\u4e00-\u9fff][,;:?!]", json.dumps(read("zh", file), ensure_ascii=False))
    ]


def test_one_variable_switches_the_language():
    program = "import gan_tutorial as gt; print(gt.course.question('half_everywhere').text, gt.translations.STRINGS['ex_reset'])"
    assert run("-c", program, GAN_TUTORIAL_LANGUAGE="zh", PYTHONIOENCODING="utf-8").stdout.endswith("重置\n")
    assert run("-c", program).stdout.endswith("Reset\n")
    assert "there are: en, zh" in run("-c", program, GAN_TUTORIAL_LANGUAGE="fr").stderr


def test_verdicts_are_chinese():
    program = """
from gan_tutorial.course import check
print(check("optimal_discriminator", lambda p, q: p + q), check("optimal_discriminator", print)._repr_html_())
"""
    said = run("-c", program, GAN_TUTORIAL_LANGUAGE="zh", PYTHONIOENCODING="utf-8").stdout
    assert "q = 0.5 处，你返回了 2.50" in said and "<strong>✗ 还不对：</strong>还没有返回任何结果" in said


def test_what_is_stored_in_english_is_told_in_chinese():
    tables = (read(language, "checkup.json")["range"] for language in ("en", "zh"))
    line = "real images lie in [0, 255], but the generator's tanh reaches [-1, 1]: scale the images"
    assert tool.in_chinese(line, *tables) == "真实图像在 [0, 255] 之内，而生成器的 tanh 范围是 [-1, 1]：请缩放图像"
    cells = [cell for name in NAMES for cell in nbformat.read(NOTEBOOKS / "zh" / name, 4).cells]
    verdicts = [str(cell.outputs) for cell in cells if "gt.course.check(" in cell.source and "outputs" in cell]
    assert len(verdicts) >= 25 and all("还不对：" in said and "not yet" not in said for said in verdicts)


@pytest.mark.parametrize("fonts", [[], ["DejaVu Sans", "WenQuanYi Micro Hei"]])
def test_figures_are_chinese_where_there_are_letters_for_it(monkeypatch, fonts):
    from matplotlib import font_manager, rc_context, rcParams

    entries = [font_manager.FontEntry(name=name) for name in fonts]
    monkeypatch.setenv("GAN_TUTORIAL_LANGUAGE", "zh")
    monkeypatch.setattr(translations, "STRINGS", read("zh", "widgets.json"))
    monkeypatch.setattr(font_manager.fontManager, "ttflist", entries)
    with rc_context(), warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        words = translations.figure_words.__wrapped__()
        assert words == read("zh" if fonts else "en", "widgets.json")
        assert (
            rcParams["font.family"][-1] == "WenQuanYi Micro Hei" if fonts else "fonts-noto-cjk" in str(said[0].message)
        )
