"""Every widget in a real JupyterLab: seen in both themes, used by keyboard, looked over by axe-core, and without a network."""

import base64
import io
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

from .browser import AXE, NEEDS, ROOT, open_notebook, open_page, run_cell, serve, set_theme

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = NEEDS

#: Of each widget the cell that shows it, what gets the focus, and the key that then changes what is seen.
WIDGETS = {
    "explorer": ('shown = gt.explorer("cgan_portraits")', "select", "ArrowDown"),
    "explorer_by_kernel": (
        """
import keras

class Unknown(keras.layers.Layer):
    def call(self, x):
        return -x

inner = gt.build_generator(8, (16, 16, 1), num_classes=2, width=4)
generator = keras.Model(inner.inputs, Unknown()(inner.output))
card = gt.ModelCard("build_generator", {"num_classes": 2}, class_names=["dark", "light"])
shown = gt.explorer(generator, card)
""",
        "select",
        "ArrowDown",
    ),
    "playground": ("shown = gt.widgets.playground()", ".gt-primary", "Enter"),
    "failure_lab": ('shown = gt.widgets.failure_lab("collapse")', ".gt-primary", "Enter"),
    "monitor": (
        """
models = gt.models.build_points_generator(), gt.models.build_points_discriminator()
shown = gt.widgets.monitor(gt.train, *models, gt.load_dataset("ring"), steps=500)
""",
        ".gt-primary",
        "Enter",
    ),
    "bells": ("shown = gt.widgets.bells()", "input[type=range]", "ArrowLeft"),
    "translation_lab": (
        'shown = gt.widgets.translation_lab(gt.load_pretrained("pix2pix_shapes")[0])',
        "input[type=range]",
        "ArrowLeft",
    ),
    "style_lab": (
        """
drawings = gt.data.load_emoji("test").images.reshape(4, -1, 64, 64, 3)
styles = {"fluent": drawings[2], "flat": drawings[3]}
ways = [("flat", "fluent"), ("fluent", "flat")]
translators = {way: {"CycleGAN": gt.load_pretrained("cyclegan_{}_{}".format(*way))[0]} for way in ways}
shown = gt.widgets.style_lab(translators, styles, [f"thing {i}" for i in range(len(drawings[0]))])
""",
        "select",
        "ArrowDown",
    ),
    "real_or_fake": (
        """
clothes = gt.load_dataset("fashion_mnist", "test")
trials = gt.evaluation.make_trials(clothes, clothes.images[:100], clothes.labels[:100], n=4)
shown = gt.widgets.RealOrFake({"clothes": trials, "more clothes": trials.another()}, folder=None)
""",
        ".gt-primary",
        "Enter",
    ),
}


class Opened(NamedTuple):
    """A widget on the page: its name, the number of its cell, and its frame."""

    name: str
    number: int
    frame: object


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab with one notebook, in which each widget has a cell that shows it and one that closes it."""
    with serve(tmp_path_factory.mktemp("lab")) as lab:
        cells = ["import numpy as np\nimport gan_tutorial as gt"]
        for name, (code, *_) in WIDGETS.items():
            # A monitor shows itself.
            cells += [code if name == "monitor" else f"{code}\nshown", "shown.close()"]
        lab.write("widgets.ipynb", *cells)
        yield lab


@pytest.fixture(scope="module")
def page(lab):
    with open_page(height=1400) as page:
        open_notebook(page, lab, "widgets.ipynb")
        run_cell(page, 0)
        yield page


@pytest.fixture(scope="module", params=WIDGETS)
def opened(request, page):
    number = 1 + 2 * list(WIDGETS).index(request.param)
    run_cell(page, number)
    cell = page.locator(".jp-Notebook .jp-Cell").nth(number)
    frame = cell.locator(".gt-frame")
    expect(frame, cell.locator(".jp-OutputArea").inner_text()).to_be_visible(timeout=120_000)
    yield Opened(request.param, number, frame)
    run_cell(page, number + 1)


def show_in(page, theme, frame):
    """Change the theme, and wait for what the kernel has to draw again."""
    set_theme(page, theme)
    page.wait_for_timeout(700)
    expect(frame.locator("[aria-busy=true]")).to_have_count(0, timeout=30_000)


def photograph(frame):
    return np.asarray(Image.open(io.BytesIO(frame.screenshot())).convert("RGB"), float)


def test_works(opened, page):
    frame, (_, target, key) = opened.frame, WIDGETS[opened.name]
    expect(frame.locator(".gt-error")).to_be_hidden()
    assert frame.locator(".gt-panel").get_attribute("aria-label")
    before = photograph(frame)
    frame.locator(target).locator("visible=true").first.focus()
    page.keyboard.press(key)
    end = time.time() + 30
    while np.array_equal(photograph(frame), before):
        assert time.time() < end, "nothing changed"
        time.sleep(0.1)
    page.keyboard.press(key)  # what plays pauses, for the tests that follow
    expect(frame.locator(".gt-error")).to_be_hidden()


#: Notes each phase of a step that the graph shows: in words, whether the generator is locked, along how many edges
#: something flows, and how many of these are seen to move.
WATCH_PHASES = """graph => {
    window.phases = [];
    new MutationObserver(() => {
        const flowing = [...graph.querySelectorAll('.gt-pg-flowing > :first-child')];
        const moving = flowing.filter((line) => line.getAnimations().length);
        const locked = graph.querySelector('.gt-pg-flow-generator').matches('.gt-pg-fixed');
        const words = graph.getAttribute('aria-label').split('Now: ')[1];
        if (phases.at(-1)?.[0] !== words) phases.push([words, locked, flowing.length, moving.length]);
    }).observe(graph, { attributeFilter: ['aria-label'] });
}"""


def test_graph_shows_the_phases_of_a_step(opened, page):
    if opened.name != "playground":
        pytest.skip("only the playground has a graph")
    opened.frame.get_by_text("data flow").click()  # and it stays unfolded for the tests that follow
    graph = opened.frame.get_by_role("img", name="Noise goes into the generator")
    for motion in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=motion)
        graph.evaluate(WATCH_PHASES)
        opened.frame.get_by_role("button", name="Step D").click()
        page.wait_for_function("phases.length > 2 && phases.at(-1)[0] === 'nothing moves.'")
        moves = motion != "reduce"
        assert [phase[1:] for phase in page.evaluate("phases") if phase[0] != "nothing moves."] == [
            [True, 7, 7 * moves],
            [True, 1, 1 * moves],
        ]
    page.emulate_media(reduced_motion="no-preference")


def test_is_seen_in_both_themes(opened, page, tmp_path):
    shots = Path(os.environ.get("GAN_TUTORIAL_SHOTS", tmp_path))
    photographs = {}
    for theme in ("Dark", "Light"):
        show_in(page, theme, opened.frame)
        photographs[theme] = photograph(opened.frame)
        opened.frame.screenshot(path=shots / f"{opened.name}_{theme.lower()}.png")
    assert all(picture.std() > 5 for picture in photographs.values())
    assert photographs["Dark"].mean() < 100 < 150 < photographs["Light"].mean()


@pytest.mark.skipif(not AXE.exists(), reason="run `make javascript` first")
def test_axe_finds_no_violation(opened, page):
    page.add_script_tag(path=AXE)
    # Of the theme only the contrast depends.
    for theme, options in (("Dark", {"runOnly": ["color-contrast"]}), ("Light", {})):
        show_in(page, theme, opened.frame)
        found = opened.frame.evaluate("(frame, options) => axe.run(frame, options)", options)["violations"]
        assert not found, [(each["help"], [node["html"] for node in each["nodes"]]) for each in found]


CONTROLS = "button, input, select, textarea, summary, a[href], [tabindex]"
#: The controls that Tab has to reach, each marked by its number.
MARK = f"""frame => {{
    const seen = (it) => it.checkVisibility({{ visibilityProperty: true }}) && !it.disabled && it.tabIndex >= 0;
    const controls = [...frame.querySelectorAll('{CONTROLS}')].filter(seen);
    controls.forEach((it, i) => {{ it.dataset.number = i; }});
    controls[0].focus();
    return controls.length;
}}"""
#: Where the focus is: the number of the control, and whether it is seen to have the focus.
FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return [Number(document.activeElement.dataset.number ?? -1), outlined];
}"""


def test_tab_reaches_every_control_in_order(opened, page):
    # The focus shows only for those who use the keyboard.
    page.keyboard.press("Shift")
    count, reached = opened.frame.evaluate(MARK), []
    for _ in range(count):
        number, outlined = page.evaluate(FOCUS)
        assert outlined, f"control {number} does not show the focus"
        reached.append(number)
        page.keyboard.press("Tab")
    assert reached == list(range(count)) and count > 0


def test_shortcuts_of_the_notebook_are_silent(opened, page):
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    opened.frame.evaluate(MARK)
    page.keyboard.press("b")  # elsewhere it makes a cell
    page.wait_for_timeout(200)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells


#: What sticks out of the frame, or the frame out of its place; what scrolls in a box of its own may.
TOO_WIDE = """frame => {
    const right = (it) => it.getBoundingClientRect().right;
    const clipped = (it) => it !== frame && (getComputedStyle(it).overflowX !== 'visible' || clipped(it.parentElement));
    const wide = [...frame.querySelectorAll('*')].filter(
        (it) => it.checkVisibility() && right(it) > right(frame) + 1 && !clipped(it) && !clipped(it.parentElement));
    if (right(frame) > right(frame.closest('.jp-OutputArea-output')) + 1) wide.push(frame);
    return wide.map((it) => it.outerHTML.slice(0, 200));
}"""


# With JupyterLab's file browser open; and what 200 % zoom makes of a window of 1500 pixels.
@pytest.mark.parametrize("width", [900, 750])
def test_fits_a_narrow_window(opened, page, width):
    page.set_viewport_size({"width": width, "height": 1400})
    page.wait_for_timeout(300)
    try:
        assert opened.frame.evaluate(TOO_WIDE) == []
    finally:
        page.set_viewport_size({"width": 1500, "height": 1400})


def test_stored_notebook_has_a_still(opened, page, lab):
    if opened.name == "monitor":
        pytest.skip("a monitor leaves its still when result() returns: tests/test_monitor.py looks for it")
    end, data = time.time() + 20, {}
    while "image/png" not in data:
        assert time.time() < end, f"only {list(data)} is stored"
        page.evaluate("jupyterapp.commands.execute('docmanager:save')")
        time.sleep(0.2)
        outputs = [output.get("data", {}) for output in lab.read("widgets.ipynb").cells[opened.number].outputs]
        data = next((each for each in outputs if "application/vnd.jupyter.widget-view+json" in each), {})
    still = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert min(still.size) > 20 and np.asarray(still.convert("L")).std() > 2
    assert data["text/plain"].strip()


def alone(*command):
    """The command, in a network namespace that has no route to anywhere."""
    return [
        "unshare",
        "--user",
        "--map-root-user",
        "--net",
        "sh",
        "-c",
        'ip link set lo up && exec "$@"',
        "sh",
        *command,
    ]


def can_be_alone():
    return bool(shutil.which("unshare")) and not subprocess.run(alone("true"), capture_output=True).returncode


@pytest.mark.skipif("GAN_TUTORIAL_ALONE" in os.environ, reason="this is without a network already")
@pytest.mark.skipif(not can_be_alone(), reason="this system lets nobody make a network namespace")
def test_everything_works_without_a_network():
    command = alone(sys.executable, "-m", "pytest", "-q", "-k", "test_works", "-p", "no:cacheprovider", __file__)
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "GAN_TUTORIAL_ALONE": "1"}, capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(rf"\b{len(WIDGETS)} passed", done.stdout), done.stdout
