"""What runs in the browser: its unit tests, its style, and that the files which ship are what their sources give."""

import re
import shutil
import subprocess

import pytest

from .browser import ROOT

JAVASCRIPT = ROOT / "javascript"
STATIC = ROOT / "gan_tutorial" / "widgets" / "static"
NPM = shutil.which("npm")
NEEDS_NPM = pytest.mark.skipif(NPM is None, reason="Node.js is not installed")
NEEDS_MODULES = pytest.mark.skipif(
    not (JAVASCRIPT / "node_modules" / ".ready").exists(), reason="run `make javascript` first"
)


@NEEDS_NPM
@pytest.mark.parametrize("script", ["test", *(pytest.param(name, marks=NEEDS_MODULES) for name in ("lint", "check"))])
def test_script_of_the_package_succeeds(script):
    done = subprocess.run([NPM, "run", "--silent", script], cwd=JAVASCRIPT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_ships_is_small_and_loads_nothing_from_elsewhere():
    built = list(STATIC.iterdir())
    assert sum(path.stat().st_size for path in built) <= 3e6
    for path in built:
        addresses = re.findall(r"https?://[\w./-]+", path.read_text(encoding="utf-8"))
        # Names of XML's languages look like addresses.
        assert all("://www.w3.org/" in address for address in addresses), (path.name, addresses)
