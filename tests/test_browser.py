"""A real JupyterLab in a real browser: what a person does with keys and mouse."""

import os
import re
import shutil
import time
from pathlib import Path

import numpy as np
import pytest

from gan_tutorial.evaluation import classifier_heads
from gan_tutorial.evaluation.human import read_answers, summarize_answers
from gan_tutorial.pretrained import load_pretrained

from .browser import NEEDS, ROOT, open_page, run_through, serve

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = NEEDS


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab that serves a copy of the notebooks."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    with serve(folder) as lab:
        yield lab


@pytest.fixture(scope="module")
def page(lab):
    with open_page() as page:
        yield page


def image(page):
    """The explorer's image, as pixels -1...1 (64, 64, 3)."""
    pixels = page.evaluate(
        """() => {
            const canvas = document.querySelector('.gt-explorer canvas');
            return Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data);
        }"""
    )
    return np.reshape(pixels, (64, 64, 4))[..., :3].astype(np.float32) / 127.5 - 1


def wait_for_change(page, before, seconds=30):
    end = time.time() + seconds
    while np.array_equal(image(page), before):
        assert time.time() < end, "the image did not change"
        time.sleep(0.1)
    return image(page)


def told(picture):
    """What the shipped classifier sees in a portrait, by condition."""
    classifier, card = load_pretrained("classifier_portraits")
    _, guesses = classifier_heads(classifier, picture[None])
    known = card.conditions.values()
    return {c.name: c.categories[g[0].argmax()] if c.categories else int(g[0].argmax()) for c, g in zip(known, guesses)}


def test_explorer_in_a_browser(lab, page, tmp_path):
    run_through(page, lab, "03_cgan.ipynb", until="gt.explorer(")
    explorer = page.locator(".gt-explorer").first
    expect(explorer).to_be_visible(timeout=240_000)
    page.wait_for_function("document.querySelector('.gt-explorer canvas').width === 64")
    at_rest = image(page)
    assert told(at_rest)["style"] == "noto" and told(at_rest)["tone"] == 3
    shots = Path(os.environ.get("GAN_TUTORIAL_SHOTS", tmp_path))
    explorer.scroll_into_view_if_needed()
    explorer.screenshot(path=shots / "explorer_at_rest.png")

    # Choose a role, then a style.
    explorer.get_by_role("combobox", name="role").select_option(label="cook")
    cook = wait_for_change(page, at_rest)
    explorer.get_by_role("combobox", name="style").select_option(label="twemoji")
    twemoji = wait_for_change(page, cook)
    assert told(cook)["role"] == told(twemoji)["role"] == "cook"
    assert told(cook)["style"] == "noto" and told(twemoji)["style"] == "twemoji"

    # To the darkest tone, by the keyboard; and to another noise.
    explorer.get_by_role("slider", name="tone").press("End")
    dark = wait_for_change(page, twemoji)
    assert told(dark)["tone"] == 5
    explorer.get_by_role("slider", name="noise").press("ArrowRight")
    noisy = wait_for_change(page, dark)

    # All the way to another role.
    explorer.get_by_text("Mix with another role").click()
    explorer.get_by_role("combobox", name="with").select_option(label="royal")
    explorer.get_by_role("slider", name="share").press("End")
    assert told(wait_for_change(page, noisy))["role"] == "royal"
    expect(explorer.locator("canvas").first).to_have_attribute("aria-label", re.compile("role cook.*100 % royal"))
    explorer.screenshot(path=shots / "explorer_moved.png")


BUSY = ['import gan_tutorial as gt\ngt.explorer("cgan_portraits", role="pilot")', "import time\ntime.sleep(100)"]


def test_explorer_while_the_kernel_is_busy(lab, page):
    lab.write("busy.ipynb", *BUSY)
    run_through(page, lab, "busy.ipynb", until="sleep")
    page.wait_for_function("document.querySelector('.gt-explorer canvas')?.width === 64")
    before = image(page)
    page.get_by_role("combobox", name="style").select_option(label="flat")
    changed = wait_for_change(page, before)
    # The status bar may say idle: ipykernel 7 answers widgets beside the cell that runs.
    expect(page.get_by_text("[*]:")).to_be_visible()
    assert told(changed)["style"] == "flat"


def control(explorer, kind, caption):
    return explorer.locator(f".widget-{kind}", has=explorer.page.get_by_text(caption, exact=True))


def test_real_or_fake_session_by_keyboard(lab, page, tmp_path):
    run_through(page, lab, "04_evaluation.ipynb", until="RealOrFake(")
    session = page.locator(".gt-rof")
    expect(session).to_be_visible(timeout=240_000)
    shots = Path(os.environ.get("GAN_TUTORIAL_SHOTS", tmp_path))
    session.scroll_into_view_if_needed()
    session.focus()
    page.keyboard.press("Enter")
    progress, picture = session.locator(".gt-play .gt-readout"), session.locator(".gt-look img")
    said = []
    for i in range(40):
        expect(progress).to_have_text(f"image {i + 1} of 40", timeout=30_000)
        if i == 3:
            session.screenshot(path=shots / "real_or_fake.png")
            # A pause hides the image; no answer counts meanwhile.
            page.keyboard.press("p")
            expect(picture).to_be_hidden()
            page.keyboard.press("r")
            page.keyboard.press("p")
            expect(picture).to_be_visible()
            expect(progress).to_have_text("image 4 of 40")
        key = ("r", "ArrowRight", "f", "ArrowLeft")[i % 4]
        said.append(key in ("r", "ArrowLeft"))
        press(page, key)
        if i == 5:
            expect(progress).to_have_text("image 7 of 40", timeout=30_000)
            press(page, "u")
            expect(progress).to_have_text("image 6 of 40", timeout=30_000)
            said[-1] = True
            press(page, "r")
    wrong = session.locator(".gt-result .gt-number")
    expect(wrong).to_be_visible(timeout=30_000)
    session.screenshot(path=shots / "real_or_fake_verdict.png")

    # The notebook's own shortcuts stayed silent, the verdict tells what was said, and the file holds it.
    expect(page.locator(".jp-DocumentSearch-overlay, .jp-Dialog")).to_have_count(0)
    (saved,) = (lab.folder / "build" / "real_or_fake").glob("me_*.csv")
    answers = read_answers(saved)
    assert [answer.said_real for answer in answers] == said and len(answers) == 40
    assert all(0 < answer.milliseconds < 60_000 for answer in answers)
    expect(wrong).to_have_text(f"{summarize_answers(answers).errors.value:.0%}".replace("%", " %"))
    session.get_by_role("button", name="Another round").click()
    expect(progress).to_have_text("image 1 of 40", timeout=30_000)


def press(page, key):
    """Press a key once the image is seen: earlier keys do not count."""
    page.wait_for_function("document.querySelector('.gt-look').ariaBusy === 'false'")
    page.keyboard.press(key)
