"""A widget that is shown twice, or again after its output was cleared: each view shows the same thing, and each can be used."""

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


def test_a_monitor(views):
    first, second, page = views(1)
    status = [frame.locator(".gt-monitor-status") for frame in (first, second)]
    expect(status[1]).to_contain_text("left", timeout=60_000)
    second.get_by_role("button", name="Pause").click()
    for frame in (first, second):
        expect(frame.get_by_role("button", name="Go on")).to_be_visible()
    page.wait_for_timeout(1000)  # the last steps before the pause arrive
    # Opened again, in place of the second, it knows all that was.
    run_cell(page, 2)
    expect(status[1]).to_have_text(status[0].inner_text())
    expect(status[1]).to_contain_text("paused · step")
    first.get_by_role("button", name="Stop").click()
    expect(status[1]).to_contain_text("stopped")


def test_a_playground(views):
    first, second, page = views(3)
    steps = [frame.locator(".gt-number").first for frame in (first, second)]
    second.locator(".gt-primary").click()
    expect(steps[0]).not_to_have_text("0", timeout=60_000)
    first.locator(".gt-primary").click()
    page.wait_for_timeout(500)
    expect(steps[1]).to_have_text(steps[0].inner_text())
    labels = {frame.locator(".gt-pg-stage canvas").first.get_attribute("aria-label") for frame in (first, second)}
    assert len(labels) == 1


def test_an_explorer(views):
    first, second, _ = views(5)
    second.get_by_role("slider", name="tone").press("End")
    expect(first.get_by_role("slider", name="tone")).to_have_value("5")
    expect(first.locator("canvas").first).to_have_attribute("aria-label", re.compile("tone 5"))
