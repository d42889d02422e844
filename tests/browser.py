"""A real JupyterLab in a real browser, for tests, benchmarks and screenshots."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "javascript" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}

#: For `pytestmark`: what every test in a browser needs.
NEEDS = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install it by `apt-get install chromium`"),
]


class Lab(NamedTuple):
    """address: of a notebook by its name, with the token. folder: what is served."""

    address: str
    folder: Path

    def write(self, name, *cells):
        """A notebook with these cells of code."""
        book = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell.strip()) for cell in cells], metadata=KERNEL
        )
        nbformat.write(book, self.folder / "notebooks" / name)

    def read(self, name):
        return nbformat.read(self.folder / "notebooks" / name, 4)


@contextmanager
def serve(folder):
    """A `Lab` that serves a folder, which gets a folder "notebooks" if it has none."""
    (folder / "notebooks").mkdir(exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
        "GAN_TUTORIAL_PROFILE": "quick",
        # Settings of the one who runs the tests must not count.
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    log = folder / "lab.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ServerApp.ip=127.0.0.1",
                f"--ServerApp.port={port}", "--IdentityProvider.token=secret", f"--ServerApp.root_dir={folder}",
                "--allow-root", "--LabApp.news_url=", "--LabApp.expose_app_in_browser=True",
            ],
            stdout=output, stderr=subprocess.STDOUT, env=environment,
        )  # fmt: skip
    try:
        end = time.time() + 90
        while f"127.0.0.1:{port}" not in log.read_text():
            assert process.poll() is None and time.time() < end, log.read_text()
            time.sleep(0.2)
        yield Lab(f"http://127.0.0.1:{port}/lab/tree/notebooks/{{}}?token=secret&reset", folder)
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def open_page(width=1500, height=1100, **options):
    """A page of Chromium, which closes with all that belongs to it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": width, "height": height}, **options)
        page.set_default_timeout(120_000)  # for a busy machine
        # A busy machine may be asked for the kernel again: a person says yes too.
        page.add_locator_handler(
            page.locator(".jp-Dialog"), lambda dialog: dialog.locator("button.jp-mod-accept").click()
        )
        yield page
        browser.close()


def open_notebook(page, lab, notebook):
    """Open a notebook and wait until its kernel can be used."""
    page.goto(lab.address.format(notebook))
    # The notebook's own sign says idle before the kernel can be used; the status bar knows.
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=120_000)
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.keyboard.press("Escape")


def run_through(page, lab, notebook, until):
    """Open a notebook and run its cells, one by one by Shift+Enter, to the first whose source holds `until`."""
    cells = lab.read(notebook).cells
    count = next(i for i, cell in enumerate(cells) if cell.cell_type == "code" and until in cell.source) + 1
    open_notebook(page, lab, notebook)
    for _ in range(count):
        page.keyboard.press("Shift+Enter")


def set_theme(page, name):
    """JupyterLab's theme "Light" or "Dark"; waits until it shows."""
    change = "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})"
    page.evaluate(change, f"JupyterLab {name}")
    light = "true" if name == "Light" else "false"
    page.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")


def run_cell(page, number):
    """Start the cell of this number in the notebook on show."""
    page.evaluate(
        """number => {
            jupyterapp.shell.currentWidget.content.activeCellIndex = number;
            jupyterapp.commands.execute('notebook:run-cell');
        }""",
        number,
    )


def look_over(page, frame):
    """axe-core finds nothing, in either theme."""
    if not AXE.exists():
        return
    page.add_script_tag(path=AXE)
    for theme in ("Dark", "Light"):
        set_theme(page, theme)
        page.wait_for_timeout(700)
        found = frame.evaluate("frame => axe.run(frame)")["violations"]
        assert not found, [(each["help"], [node["html"] for node in each["nodes"]]) for each in found]
