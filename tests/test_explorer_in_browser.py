"""The explorer in Chromium, in a page of its own, offline; `test_browser` opens it in JupyterLab."""

import re
import time

import numpy as np
import pytest

import gan_tutorial as gt
from gan_tutorial.export import export_model
from gan_tutorial.plots import image_grid

from .browser import AXE, NEEDS, open_page

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = NEEDS

#: The pixels of the large picture.
PIXELS = """() => {
    const canvas = document.querySelector('.gt-explorer canvas');
    return Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data);
}"""

#: 500 moves of a slider, as fast as they come, to 4.2: milliseconds after the last until the picture stays as it is.
FAST = """async () => {
    const slider = document.querySelector('.gt-explorer input[type=range]');
    const move = (value) => { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); };
    for (let i = 0; i < 500; i++) {
        move((i % 51) / 10);
        if (i % 25 === 0) await new Promise(requestAnimationFrame);
    }
    move(4.2);
    const canvas = document.querySelector('.gt-explorer canvas');
    const pixels = () => canvas.getContext('2d').getImageData(0, 0, 64, 64).data.join();
    const begun = performance.now();
    let [last, settled] = [pixels(), 0];
    while (performance.now() - begun < 1500) {
        await new Promise(requestAnimationFrame);
        if (pixels() !== last) [last, settled] = [pixels(), performance.now() - begun];
    }
    return settled;
}"""


def shown(page, shape):
    return np.reshape(page.evaluate(PIXELS), (*shape, 4))[..., :3].astype(int)


def expected(name, seed=6, **asked):
    """What Keras makes, as pixels (height, width, 3)."""
    generator, card = gt.load_pretrained(name)
    noise = gt.generate_noise(1, generator.get_layer("noise").batch_shape[1], seed)
    grid = image_grid(gt.generate_images(generator, noise=noise, **asked))
    return np.broadcast_to(grid.reshape(*card.image_shape), (*card.image_shape[:2], 3)).astype(int)


@pytest.fixture(scope="module", params=["light", "dark"])
def page(request, tmp_path_factory):
    """The exported page of the portraits, without any network."""
    path = export_model("cgan_portraits", tmp_path_factory.mktemp("page") / "portraits.html")
    with open_page(900, 900, color_scheme=request.param, offline=True, accept_downloads=True) as page:
        page.goto(path.as_uri())
        page.wait_for_function("document.querySelector('.gt-explorer canvas').width === 64")
        yield page


def test_a_page_of_its_own_shows_what_keras_makes(page):
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("combobox", name="role").select_option(label="pilot")
    page.get_by_role("slider", name="tone").press("Home")
    expect(page.locator("canvas").first).to_have_attribute("aria-label", re.compile("role pilot.*tone 0, noise 6"))
    time.sleep(0.5)
    wanted = expected("cgan_portraits", role="pilot", style="noto", gender="woman", tone=0)
    assert np.abs(shown(page, (64, 64)) - wanted).max() <= 1


def test_every_role_is_drawn_and_can_be_chosen(page):
    strip = page.get_by_role("group", name="Every role, the same noise")
    expect(strip.get_by_role("button")).to_have_count(43)
    page.wait_for_function("[...document.querySelectorAll('.gt-strip canvas')].every((canvas) => canvas.width === 64)")
    strip.get_by_role("button", name="cook").click()
    # One stop for Tab; arrow keys go on.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="role")).to_have_value("factory worker")


def test_fast_moves_never_queue(page):
    page.get_by_role("button", name="Reset").click()
    settled = page.evaluate(FAST)
    wanted = expected("cgan_portraits", role="baby", style="noto", gender="woman", tone=4.2)
    assert np.abs(shown(page, (64, 64)) - wanted).max() <= 1
    assert settled < 2000  # 200 ms on two idle cores, see benchmarks.responsiveness


def test_plane_pins_film_and_files(page, tmp_path):
    page.get_by_text("Steer the noise").click()
    plane = page.get_by_role("slider", name="plane of two directions")
    plane.press("ArrowRight")
    expect(plane).to_have_attribute("aria-valuetext", "direction 1: 0.1, direction 2: 0")
    plane.click(position={"x": 200, "y": 20})
    assert float(page.get_by_role("slider", name="direction 2").input_value()) > 3
    for role in ("cook", "elf"):
        page.get_by_role("combobox", name="role").select_option(label=role)
        page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("^pin 2: role elf"))).to_be_visible()
    before = shown(page, (64, 64))
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"JSON.stringify(({PIXELS})()) !== {str(page.evaluate(PIXELS)).replace(' ', '')!r}")
    page.get_by_role("button", name="Stop").click()
    time.sleep(0.5)
    assert np.array_equal(shown(page, (64, 64)), before)
    for button, name, magic in (("Save GIF", "film.gif", b"GIF89a"), ("Save PNG", "image.png", b"\x89PNG")):
        if button == "Save PNG":
            page.get_by_text("Save and code").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        download.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(magic)
    page.get_by_role("button", name=re.compile("^pin 1")).click()
    expect(page.get_by_role("combobox", name="role")).to_have_value("cook")
    page.get_by_role("button", name="remove pin 1").click()
    expect(page.get_by_role("button", name="Play")).to_be_disabled()


@pytest.mark.skipif(not AXE.is_file(), reason="no axe-core here: npm ci in javascript/")
def test_nothing_stands_in_anyones_way(page):
    for details in page.locator("details").all():
        details.evaluate("(element) => { element.open = true; }")
    page.add_script_tag(path=AXE)
    assert page.evaluate("axe.run()")["violations"] == []
    # Twice the zoom: nothing is cut off.
    page.set_viewport_size({"width": 450, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 450
    page.set_viewport_size({"width": 900, "height": 900})
