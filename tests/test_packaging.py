"""The package built as a wheel, and installed away from the clone, finds everything without internet."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
USE = """
import socket
socket.socket.connect = None  # no internet
import gan_tutorial as gt
print(gt.__file__)
print(len(gt.load_dataset("fashion_mnist", "test")))
print(len(gt.load_dataset("portraits", "test")))
print(gt.generate_images(gt.load_pretrained("cgan_shapes")[0], 2).shape)
print(len(gt.experiments.load_experiment("ring-losses")["rows"]) > 0)
"""


def pip(*arguments):
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *arguments], check=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    # From a copy of the sources, so that nothing built before is in it.
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for folder in ("gan_tutorial", "data"):
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for pattern in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "requirements*.txt"):
        for path in ROOT.glob(pattern):
            shutil.copy(path, source)
    pip("wheel", str(source), "--no-deps", "--no-build-isolation", "--wheel-dir", str(built))
    return next(built.glob("*.whl"))


def files_below(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_wheel_contains_the_package_its_data_and_nothing_else(wheel):
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = {f"gan_tutorial/{name}" for name in files_below(ROOT / "gan_tutorial") if "__pycache__" not in name}
    parts = ("fashion_mnist", "emoji", "weights", "experiments")
    data = {f"gan_tutorial/_bundled/{part}/{name}" for part in parts for name in files_below(ROOT / "data" / part)}
    assert packed == package | data
    assert {"gan_tutorial/py.typed", "gan_tutorial/__init__.pyi", "gan_tutorial/widgets/static/explorer.js"} <= packed


def test_installed_wheel_works_offline(wheel, tmp_path):
    target, elsewhere = tmp_path / "target", tmp_path / "elsewhere"
    elsewhere.mkdir()
    pip("install", "--no-deps", "--no-index", "--target", str(target), str(wheel))
    environment = {**os.environ, "PYTHONPATH": str(target)}
    done = subprocess.run(
        [sys.executable, "-c", USE], cwd=elsewhere, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    file, *rest = done.stdout.splitlines()
    assert Path(file).parent == target / "gan_tutorial"
    assert rest == ["10000", "290", "(2, 64, 64, 3)", "True"]
