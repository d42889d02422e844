"""Slides and handouts: made from every notebook, and looked at in Chromium."""

import re
import shutil
import subprocess

import pytest
from bs4 import BeautifulSoup
from nbformat import read

from gan_tutorial.course import question
from gan_tutorial.export.html import _VIEW
from tools.make_handouts import make_handout
from tools.make_slides import REVEAL, ROOT, make_slides
from tools.slide_parts import pieces, sentences, short

from .browser import NEEDS, open_page

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
#: Goes through all slides; gives those of which something is cut, or that had to become too small.
CUT = """() => deck.getSlides().flatMap((slide) => {
  const { h, v } = deck.getIndices(slide);
  deck.slide(h, v);
  const [frame, body] = [slide.querySelector(".slide"), slide.querySelector(".body")];
  const cut = (box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;
  const zoom = Number(body.style.getPropertyValue("--zoom"));
  const small = [...body.querySelectorAll("figure > img")].some((image) => image.clientHeight < 120);
  const bad = cut(frame) || cut(body) || slide.scrollHeight > 720 || zoom < 0.65 || small;
  return bad ? [`${h}/${v} ${slide.querySelector("h1, h2").textContent}, zoom ${zoom}`] : [];
})"""
needs_reveal = pytest.mark.skipif(not REVEAL.exists(), reason="no reveal.js: run `make javascript` first")
pytestmark = [pytest.mark.slow, needs_reveal]
in_browser = NEEDS[1]


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    """The slides of every notebook, by its name."""
    folder = tmp_path_factory.mktemp("slides")
    return {path.stem: make_slides(path, folder / f"{path.stem}.html") for path in NOTEBOOKS}


@pytest.fixture(scope="module")
def page():
    """A page of Chromium without a network; at the end it may have asked for nothing, and complained of nothing."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with open_page(1280, 720, offline=True) as page:
        asked, complaints = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        assert complaints == []
        assert [url for url in asked if not url.startswith(("file:", "data:", "blob:", "about:"))] == []


def show(page, deck, selector=".slide"):
    """Open a deck at the first slide that has such an element; returns its place."""
    page.goto(deck.as_uri())
    page.wait_for_function("globalThis.deck?.isReady()")
    page.wait_for_function(f"!document.querySelector('.gt-static > script[type=\"{_VIEW}\"]')")
    page.evaluate(
        "(selector) => { const { h, v } = deck.getIndices(document.querySelector(selector).closest('section')); deck.slide(h, v); }",
        selector,
    )
    return page.locator("section.present section.present")


def test_text_is_cut_between_sentences():
    said = "As [X et al. 2020](a.html) say, $x. y$ is one. **Two. Three** is it. Four."
    assert [sentence[:6] for sentence in sentences(said)] == ["As [X ", "**Two.", "Four."]
    assert short("生成器（见 [X](../REFERENCES.md#x)）学习。第二句。", 20) == "生成器学习。第二句。"
    assert short("It works ([X et al. 2020](../REFERENCES.md#x), eq. 6). " + "Long " * 40, 80) == "It works."
    asked = "它不再问“这是照片吗？”，而是问“这是靴子吗？”。第二句（见上。）第三句。"
    assert [sentence[-4:] for sentence in sentences(asked)] == ["吗？”。", "见上。）", "第三句。"]
    source = (
        "**Learn**\n- a\n- b\n\n- c\n\n<details><summary>S</summary>\n\n```python\nx\n\ny\n```\n</details>\n\nText."
    )
    assert [piece[:4] for piece in pieces(source)] == ["**Le", "- a\n", "<det", "Text"]


def test_every_notebook_yields_slides(decks):
    for path in NOTEBOOKS:
        book, deck = read(path, 4), BeautifulSoup(decks[path.stem].read_text(encoding="utf-8"), "html.parser")
        slides, notes = deck.select("div.slide"), [aside.get_text() for aside in deck.select("aside.notes")]
        assert len(slides) >= 15 and len(notes) > 0.6 * len(slides), path.stem
        assert "# " + deck.select_one("h1").get_text(strip=True) == book.cells[0].source.splitlines()[0]
        assert all(image.get("alt") for image in deck.select(".slide img")), path.stem
        pictures = sum(
            "image/png" in output.get("data", {}) for cell in book.cells for output in cell.get("outputs", ())
        )
        assert len(deck.select(".slide figure, .slide .gt-static img")) == pictures
        asked = sum("gt.course.question(" in cell.source for cell in book.cells if cell.cell_type == "code")
        assert len([still for still in deck.select(".slide .gt-static") if still.select("details")]) == asked
        for word in re.findall(r"\*\*(\w{6,})\*\*", book.cells[0].source):
            assert any(word in said for said in notes)


def test_the_last_slide_leads_to_the_next_notebook(decks):
    for name, following in zip(list(decks), list(decks)[1:]):
        last = decks[name].read_text(encoding="utf-8").rpartition('<div class="slide front">')[2]
        assert f'href="{following}.html"' in last.partition("</section>")[0]


def test_a_slide_says_what_belongs_together(decks):
    """A formula has its lead-in, a task its own slide, an exercise its question; what ails a program is found out first."""
    slides = {
        name: BeautifulSoup(deck.read_text(encoding="utf-8"), "html.parser").select("div.slide")
        for name, deck in decks.items()
    }
    (orthogonal,) = (slide for slide in slides["06_outlook"] if "Orthogonal regularization." in slide.get_text())
    lead = next(key for key in orthogonal.select(".key") if "Orthogonal" in key.get_text())
    assert lead.find_next_sibling()["class"] == ["formula"]
    tasks = [slide for deck in slides.values() for slide in deck if "# your code" in slide.get_text()]
    assert len(tasks) >= 20 and not any(slide.select("figure") for slide in tasks)
    assert all(slide.select(".key, li, h2 small") for slide in tasks)  # what is asked, if not on the slide before
    truth = [slide for slide in slides["08_translation"] if slide.select("figure") and "Noto" in slide.get_text()]
    assert truth and not any("Write it" in slide.h2.get_text() for slide in truth)
    assert (
        "half way from yellow" in next(s for s in slides["03_cgan"] if "Between two knots" in s.get_text()).get_text()
    )
    case = next(slide for slide in slides["07_code_clinic"] if "Case 4" in slide.get_text())
    assert "same rank" in case.select_one(".printed").get_text()
    answers = [key for slide in slides["07_code_clinic"] for key in slide.select(".key") if "Remedy" in key.get_text()]
    assert answers and all("fragment" in key["class"] for key in answers)


@in_browser
@pytest.mark.parametrize("name", [path.stem for path in NOTEBOOKS])
def test_nothing_is_cut(page, decks, name):
    show(page, decks[name])
    assert page.evaluate(CUT) == []


@in_browser
def test_a_question_is_answered_and_still_fits(page, decks):
    slide = show(page, decks["01_concepts"], ".gt-question")
    text = slide.locator("legend").inner_text()
    right = next(answer for answer in question("half_everywhere").answers if answer["right"])
    assert text == question("half_everywhere").text
    slide.get_by_label(right["text"]).check()
    slide.get_by_role("button").click()
    slide.locator(".gt-question-verdict").get_by_text(right["why"]).wait_for()
    assert slide.evaluate(
        "slide => slide.querySelector('.body').scrollHeight <= slide.querySelector('.body').clientHeight + 1"
    )
    page.keyboard.press("PageDown")
    assert slide.locator("legend").inner_text() != text


@in_browser
def test_an_explorer_lives(page, decks):
    slide = show(page, decks["01_concepts"], ".gt-explorer")
    page.wait_for_function("document.querySelector('.present .gt-explorer canvas')?.width === 64")
    picture = slide.locator("canvas").first
    before = picture.get_attribute("aria-label")
    tone = slide.get_by_role("slider", name="tone")
    tone.press("Home")
    assert "tone 0" in picture.get_attribute("aria-label") != before
    number, here = page.locator(".slide-number-a").inner_text, page.locator(".slide-number-a").inner_text()
    tone.press("ArrowRight")
    assert number() == here  # the key belongs to the slider ...
    moved = picture.get_attribute("aria-label")
    tone.press("PageDown")
    assert number() != here  # ... but those of a remote control do not
    page.keyboard.press("PageUp")
    assert number() == here and picture.get_attribute("aria-label") == moved


@in_browser
def test_a_figure_fills_the_screen_and_gives_it_back(page, decks):
    slide = show(page, decks["05_faq"], "figure")
    large = page.locator("dialog.large > img")
    page.keyboard.press("z")
    assert large.bounding_box()["width"] == 1280
    page.keyboard.press("Escape")
    large.wait_for(state="hidden")
    slide.locator("figure > img").click()
    large.wait_for()
    here = slide.get_by_role("heading").first.inner_text(), page.locator(".slide-number-a").inner_text()
    page.keyboard.press("PageDown")
    large.wait_for(state="hidden")
    assert (slide.get_by_role("heading").first.inner_text(), page.locator(".slide-number-a").inner_text()) != here


@in_browser
def test_keys(page, decks):
    show(page, decks["01_concepts"])
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.keyboard.press("d")
    assert page.evaluate(ground) != light
    with page.expect_popup() as speaker:
        page.keyboard.press("s")
    notes = speaker.value.locator(".speaker-controls-notes .value")
    notes.get_by_text("75 minutes").or_(notes.get_by_text("adversarial")).first.wait_for()
    here = page.locator(".slide-number-a").inner_text()
    speaker.value.keyboard.press("ArrowRight")
    page.wait_for_function("here => document.querySelector('.slide-number-a').innerText !== here", arg=here)
    speaker.value.close()


@in_browser
def test_a_handout_has_pages_and_text(page, tmp_path):
    notebook = next(path for path in NOTEBOOKS if path.stem == "01_concepts")
    sizes = []
    for solutions in (False, True):
        out = make_handout(page, notebook, tmp_path / f"{solutions}.pdf", solutions)
        sizes.append(len(re.findall(rb"/Type /Page\b", out.read_bytes())))
        if shutil.which("pdftotext"):
            text = subprocess.run(["pdftotext", out, "-"], capture_output=True, text=True, check=True).stdout
            assert "Watch two networks compete" in text and ("return p / (p + q)" in text) == solutions
    assert 8 <= sizes[0] <= 25 and sizes[0] <= sizes[1]
