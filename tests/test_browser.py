"""A real JupyterLab in a real browser: what a person does with keys and mouse."""

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import nbformat
import numpy as np
import pytest
from PIL import Image

from gan_tutorial.evaluation import classifier_heads
from gan_tutorial.evaluation.human import read_answers, summarize_answers
from gan_tutorial.pretrained import load_pretrained

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install it by `apt-get install chromium`"),
]


class Lab(NamedTuple):
    """address: of a notebook by its name, with the token. folder: what is served."""

    address: str
    folder: Path


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab that serves a copy of the notebooks."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = open(folder / "lab.log", "w")
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
        "GAN_TUTORIAL_PROFILE": "quick",
        # Settings of the one who runs the tests must not count.
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    process = subprocess.Popen(
        [
            sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
            "--IdentityProvider.token=secret", f"--ServerApp.root_dir={folder}", "--allow-root", "--LabApp.news_url=",
        ],
        stdout=log, stderr=subprocess.STDOUT, env=environment,
    )  # fmt: skip
    end = time.time() + 90
    while f"127.0.0.1:{port}" not in (folder / "lab.log").read_text():
        assert process.poll() is None and time.time() < end, (folder / "lab.log").read_text()
        time.sleep(0.2)
    yield Lab(f"http://127.0.0.1:{port}/lab/tree/notebooks/{{}}?token=secret&reset", folder)
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture(scope="module")
def page(lab):
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1500, "height": 1100})
        # A busy machine may be asked for the kernel again: a person says yes too.
        page.add_locator_handler(
            page.locator(".jp-Dialog"), lambda dialog: dialog.locator("button.jp-mod-accept").click()
        )
        yield page
        browser.close()


def run_through(page, lab, notebook, until):
    """Open a notebook and run its cells, one by one by Shift+Enter, to the first whose source holds `until`."""
    cells = nbformat.read(lab.folder / "notebooks" / notebook, 4).cells
    count = next(i for i, cell in enumerate(cells) if cell.cell_type == "code" and until in cell.source) + 1
    page.goto(lab.address.format(notebook))
    # The notebook's own sign says idle before the kernel can be used; the status bar knows.
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=120_000)
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.keyboard.press("Escape")
    for _ in range(count):
        page.keyboard.press("Shift+Enter")


def png(page):
    """The explorer's picture, as pixels -1...1 (64, 64, 3)."""
    data = page.evaluate(
        """async () => {
            const image = document.querySelector('.gan-tutorial-crisp');
            const bytes = new Uint8Array(await (await fetch(image.src)).arrayBuffer());
            return Array.from(bytes);
        }"""
    )
    return np.asarray(Image.open(io.BytesIO(bytes(data))).convert("RGB"), np.float32) / 127.5 - 1


def wait_for_change(page, before, seconds=90):
    end = time.time() + seconds
    while np.array_equal(png(page), before):
        assert time.time() < end, "the picture did not change"
        time.sleep(0.1)
    return png(page)


def told(picture):
    """What the shipped classifier sees in a portrait, by condition."""
    classifier, card = load_pretrained("classifier_portraits")
    _, guesses = classifier_heads(classifier, picture[None])
    known = card.conditions.values()
    return {c.name: c.categories[g[0].argmax()] if c.categories else int(g[0].argmax()) for c, g in zip(known, guesses)}


def control(explorer, kind, caption):
    return explorer.locator(f".widget-{kind}", has=explorer.page.get_by_text(caption, exact=True))


def test_explorer_in_a_browser(lab, page, tmp_path):
    run_through(page, lab, "03_cgan.ipynb", until="gt.explorer(")
    expect(page.locator(".gan-tutorial-crisp").first).to_be_visible(timeout=240_000)
    page.wait_for_function("document.querySelector('.gan-tutorial-crisp').naturalWidth > 0", timeout=30_000)
    at_rest = png(page)
    assert at_rest.shape == (64, 64, 3)
    assert told(at_rest)["style"] == "noto" and told(at_rest)["tone"] == 3
    shots = Path(os.environ.get("GAN_TUTORIAL_SHOTS", tmp_path))
    explorer = page.locator(".jp-OutputArea-output", has=page.locator(".gan-tutorial-crisp")).first
    explorer.scroll_into_view_if_needed()
    explorer.screenshot(path=shots / "explorer_at_rest.png")

    # Choose a role, then a style.
    control(explorer, "dropdown", "role").locator("select").select_option(label="cook")
    cook = wait_for_change(page, at_rest)
    control(explorer, "dropdown", "style").locator("select").select_option(label="twemoji")
    twemoji = wait_for_change(page, cook)
    assert told(cook)["role"] == told(twemoji)["role"] == "cook"
    assert told(cook)["style"] == "noto" and told(twemoji)["style"] == "twemoji"

    # To the darkest tone, by the keyboard.
    control(explorer, "hslider", "tone").locator(".noUi-handle").focus()
    page.keyboard.press("End")
    assert told(wait_for_change(page, twemoji))["tone"] == 5

    # Another noise: another picture.
    before = png(page)
    control(explorer, "hslider", "noise").locator(".noUi-handle").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    wait_for_change(page, before)
    time.sleep(1)
    number = control(explorer, "hslider", "noise").locator(".widget-readout").inner_text()
    assert re.fullmatch(r"[0-9]+", number) and int(number) == 6

    # All the way to another role.
    control(explorer, "dropdown", "other role").locator("select").select_option(label="royal")
    before = png(page)
    control(explorer, "hslider", "morph role").locator(".noUi-handle").focus()
    page.keyboard.press("End")
    assert told(wait_for_change(page, before))["role"] == "royal"
    explorer.screenshot(path=shots / "explorer_moved.png")


def test_real_or_fake_session_by_keyboard(lab, page, tmp_path):
    run_through(page, lab, "04_evaluation.ipynb", until="RealOrFake(")
    session = page.locator(".gan-tutorial-rof")
    expect(session).to_be_visible(timeout=240_000)
    shots = Path(os.environ.get("GAN_TUTORIAL_SHOTS", tmp_path))
    session.scroll_into_view_if_needed()
    session.focus()
    page.keyboard.press("Enter")
    progress = session.locator(".rof-progress")
    said = []
    for i in range(40):
        expect(progress).to_have_text(f"image {i + 1} of 40", timeout=30_000)
        expect(session.locator(".rof-image")).to_have_css("visibility", "visible")
        if i == 3:
            session.screenshot(path=shots / "real_or_fake.png")
        key = ("r", "ArrowRight", "f", "ArrowLeft")[i % 4]
        said.append(key in ("r", "ArrowLeft"))
        page.keyboard.press(key)
    verdict = session.locator(".rof-verdict")
    expect(verdict).to_contain_text("all images", timeout=30_000)
    session.screenshot(path=shots / "real_or_fake_verdict.png")

    # The notebook's own shortcuts stayed silent, the table tells what was said, and the file holds it.
    expect(page.locator(".jp-DocumentSearch-overlay, .jp-Dialog")).to_have_count(0)
    (saved,) = (lab.folder / "build" / "real_or_fake").glob("me_*.csv")
    answers = read_answers(saved)
    assert [answer.said_real for answer in answers] == said and len(answers) == 40
    assert all(0 < answer.milliseconds < 60_000 for answer in answers)
    wrong = summarize_answers(answers).errors.value
    assert f"{wrong:.0%}" in verdict.locator("tr").nth(1).inner_text()


SHIPPED = """
import gan_tutorial as gt
gt.explorer(*gt.load_pretrained("infogan_fashion_mnist"))
---
gt.widgets.translation_lab(gt.load_pretrained("pix2pix_shapes")[0])
---
gt.widgets.ring_lab("collapse", steps=200)
"""


def test_sliders_of_the_shipped_variants(lab, page, tmp_path):
    """What notebooks 5 and 6 show, in a notebook of its own, without their trainings."""
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in SHIPPED.split("---")]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), lab.folder / "notebooks" / "sliders.ipynb")
    run_through(page, lab, "sliders.ipynb", until="ring_lab")
    outputs = page.locator(".jp-OutputArea-output", has=page.locator("img"))
    expect(outputs).to_have_count(3, timeout=240_000)
    shots = Path(os.environ.get("GAN_TUTORIAL_SHOTS", tmp_path))
    for i, (name, caption) in enumerate((("infogan", "turn 2"), ("pix2pix", "size"), ("ring_lab", "generator's rate"))):
        output = outputs.nth(i)
        output.scroll_into_view_if_needed()
        picture, before = output.locator("img").first, output.locator("img").first.get_attribute("src")
        handle = control(output, "hslider", caption).locator(".noUi-handle")
        handle.focus()
        for _ in range(3):
            page.keyboard.press("ArrowLeft")
        expect(picture).not_to_have_attribute("src", before, timeout=90_000)
        output.screenshot(path=shots / f"{name}.png")
