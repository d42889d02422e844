"""A widget that is shown twice: each view shows the same, and each can be used; a monitor that is shown again."""

import re

import pytest

from .browser import NEEDS, open_notebook, open_page, run_cell, serve

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = NEEDS

CELLS = (
    "import gan_tutorial as gt\nfrom IPython.display import display",
    """
models = gt.models.build_points_generator(), gt.models.build_points_discriminator()
watched = gt.widgets.monitor(gt.train, *models, gt.load_dataset("ring"), steps=1_000_000)
""",
    "display(watched)",
    'played = gt.widgets.playground("mode_collapse")\nplayed',
    "display(played)",
    'asked = gt.explorer("cgan_portraits")\nasked',
    "display(asked)",
)


@pytest.fixture(scope="module")
def views(tmp_path_factory):
    """Gives the two views of the widget that the cell of a number shows first, the next one again; and the page."""
    with serve(tmp_path_factory.mktemp("lab")) as lab, open_page(height=1400) as page:
        lab.write("twice.ipynb", *CELLS)
        open_notebook(page, lab, "twice.ipynb")
        run_cell(page, 0)

        def view(number):
            run_cell(page, number)
            frame = page.locator(".jp-Notebook .jp-Cell").nth(number).locator(".gt-frame")
            frame.wait_for()
            return frame

        yield lambda number: (view(number), view(number + 1), page)


def at_rest(page, place):
    """The text at a place of the page, when it has stopped to change."""
    text = None
    while text != (text := place.inner_text()):
        page.wait_for_timeout(500)
    return text


def test_a_monitor(views):
    first, second, page = views(1)
    status = [frame.locator(".gt-monitor-status") for frame in (first, second)]
    expect(status[1]).to_contain_text("left", timeout=60_000)
    second.get_by_role("button", name="Pause").click()
    for frame in (first, second):
        expect(frame.get_by_role("button", name="Go on")).to_be_visible()
    # Opened again, in place of the second, it knows all that was.
    second.evaluate("frame => { frame.dataset.old = true; }")
    run_cell(page, 2)
    again = page.locator(".jp-Notebook .jp-Cell").nth(2).locator(".gt-frame:not([data-old])")
    expect(again.locator(".gt-monitor-status")).to_contain_text("paused · step")
    expect(status[0]).to_have_text(again.locator(".gt-monitor-status").inner_text())
    first.get_by_role("button", name="Stop").click()
    expect(status[1]).to_contain_text("stopped")


def test_a_playground(views):
    first, second, page = views(3)
    steps = [frame.locator(".gt-number").first for frame in (first, second)]
    second.locator(".gt-primary").click()
    expect(steps[0]).not_to_have_text("0", timeout=60_000)
    first.locator(".gt-primary").click()
    for frame in (first, second):
        expect(frame.locator(".gt-primary")).to_have_text("Play")
    expect(steps[1]).to_have_text(at_rest(page, steps[0]))
    stages = [frame.locator(".gt-pg-stage canvas").first for frame in (first, second)]
    expect(stages[1]).to_have_attribute("aria-label", stages[0].get_attribute("aria-label"))


def test_an_explorer(views):
    first, second, _ = views(5)
    second.get_by_role("slider", name="tone").press("End")
    expect(first.get_by_role("slider", name="tone")).to_have_value("5")
    expect(first.locator("canvas").first).to_have_attribute("aria-label", re.compile("tone 5"))
