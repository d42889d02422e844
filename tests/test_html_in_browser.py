"""Notebooks as HTML in Chromium: a file, with no kernel, no server and no network."""

import re
import time

import pytest

import gan_tutorial as gt
from gan_tutorial.course import question
from gan_tutorial.export import export_notebook
from gan_tutorial.translations import STRINGS

from .browser import AXE, NEEDS, open_page
from .stored import store

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = NEEDS


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with two explorers, a question and a playground; at the end it may have asked for nothing, and complained of nothing."""
    folder = tmp_path_factory.mktemp("html")
    playground = gt.widgets.playground("mode_collapse")
    clothes, asking = gt.explorer("cgan_fashion_mnist"), question("half_everywhere")
    shown = gt.explorer("cgan_portraits", role="pilot"), clothes, asking, playground
    path = export_notebook(store(folder / "stored.ipynb", *shown, source="# Text\n\n$x^2$"), folder / "stored.html")
    for widget in shown:
        widget.close()
    with open_page(1000, 1000, offline=True) as page:
        asked, complaints = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_function("document.querySelector('.gt-explorer canvas')?.width === 64")
        yield page
        assert complaints == []
        assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_a_key_on_a_slider_changes_the_image(page):
    explorer = page.locator(".gt-explorer").first
    slider, picture = explorer.get_by_role("slider", name="tone"), explorer.locator("canvas").first
    slider.press("Home")
    expect(picture).to_have_attribute("aria-label", re.compile("role pilot.*tone 0, noise 6"))
    page.wait_for_timeout(1000)
    before = picture.screenshot()
    slider.press("End")
    expect(picture).to_have_attribute("aria-label", re.compile("tone 5, noise 6"))
    end = time.monotonic() + 20
    while picture.screenshot() == before:
        assert time.monotonic() < end, "the image stays as it is"
        page.wait_for_timeout(100)


def test_a_formula_is_drawn(page):
    formula = page.locator("math")
    base, power = (formula.locator(name).bounding_box() for name in ("mi", "mn"))
    assert power["y"] < base["y"] + base["height"] / 2 and power["x"] > base["x"]


def test_each_explorer_is_its_own(page):
    first, second = page.locator(".gt-explorer").all()
    told = first.locator("canvas").first.get_attribute("aria-label")
    second.get_by_role("button", name="New noise").click()
    expect(second.locator("canvas").first).not_to_have_attribute("aria-label", re.compile("noise 6$"))
    assert first.locator("canvas").first.get_attribute("aria-label") == told


def test_a_question_is_answered(page):
    right = next(answer for answer in question("half_everywhere").answers if answer["right"])
    frame = page.locator(".gt-question")
    frame.get_by_label(right["text"]).check()
    frame.get_by_role("button").click()
    expect(frame.locator(".gt-question-verdict")).to_contain_text(right["why"])
    # In place of its text, not beside it.
    expect(page.get_by_text(question("half_everywhere").text)).to_have_count(1)


def test_what_needs_a_kernel_is_a_picture_that_says_so(page):
    still = page.locator(".gt-static").filter(has_text=STRINGS["static_still"])
    expect(still).to_have_count(1)
    expect(still.get_by_role("img")).to_be_visible()
    assert still.get_by_role("img").evaluate("image => image.naturalWidth") > 100
    expect(page.locator(".gt-playground")).to_have_count(0)


def test_the_widgets_are_accessible(page):
    if not AXE.exists():
        pytest.skip("run `make javascript` first")
    page.add_script_tag(path=AXE)
    # A page may have two explorers, and they have one name.
    found = page.evaluate("axe.run('.gt-static', { rules: { 'landmark-unique': { enabled: false } } })")["violations"]
    assert not found, [(each["help"], [node["html"] for node in each["nodes"]]) for each in found]


def test_without_scripts_everything_is_a_picture(page, tmp_path):
    path = export_notebook(store(tmp_path / "stored.ipynb", gt.explorer("gan_fashion_mnist")), tmp_path / "stored.html")
    context = page.context.browser.new_context(java_script_enabled=False, offline=True)
    plain = context.new_page()
    plain.goto(path.as_uri())
    expect(plain.get_by_role("img", name="generated image")).to_be_visible()
    expect(plain.get_by_text(STRINGS["static_still"])).to_be_visible()
    context.close()
