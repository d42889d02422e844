"""`gan-tutorial doctor`: a healthy machine and broken ones; each fault says what to do."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from importlib.metadata import requires
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from gan_tutorial.__main__ import main
from gan_tutorial.cli import checkup
from gan_tutorial.data import data_folder

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def doctor(monkeypatch):
    """Runs the doctor with these checks only; returns exit code and lines."""

    def run(*checks):
        monkeypatch.setattr(checkup, "CHECKS", checks)
        done = CliRunner().invoke(main, ["doctor"])
        return done.exit_code, done.output.splitlines()

    # What this machine happens to be like must not count.
    monkeypatch.setattr(psutil, "virtual_memory", lambda: namedtuple("memory", "available")(8 * 2**30))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: namedtuple("disk", "free")(8 * 2**30))
    monkeypatch.setattr(socket, "create_server", lambda address: socket.socket())
    monkeypatch.setattr(checkup.webbrowser, "get", lambda: "some browser")
    return run


def line_with(text, lines):
    (line,) = (line for line in lines if text in line)
    return line


@pytest.mark.slow
def test_a_healthy_machine(doctor):
    code, lines = doctor(*checkup.CHECKS)
    assert code == 0 and lines[-1] == "All is well."
    assert lines[0] == "✓ Python {}.{}.{}".format(*sys.version_info) and len(lines) == 15
    assert {line[0] for line in lines[:-2]} <= {"✓", "·"}
    assert re.fullmatch(r"✓ TensorFlow starts \([\d.]+ s\) and multiplies matrices \(\d+ ms\)", lines[-3])


def test_quick_checks_are_well_and_scripts_can_read_them(doctor, monkeypatch):
    code, lines = doctor(checkup.machine, checkup.files, checkup.versions, checkup.widgets)
    assert code == 0 and "✓ data is whole" in lines and not line_with("keras ", lines).startswith("✗")
    done = CliRunner().invoke(main, ["doctor", "--json"])
    assert [f"{each['state']} {each['text']}" for each in json.loads(done.output)] == lines[:-2]


def test_wrong_python(doctor, monkeypatch):
    for version, mark in {(3, 9, 1): "✗", (3, 14, 0): "✗", (3, 10, 0): "✓", (3, 13, 9): "✓"}.items():
        monkeypatch.setattr(sys, "version_info", version)
        code, lines = doctor(checkup.machine)
        assert lines[0].startswith("{} Python {}.{}.{}".format(mark, *version)) and code == (mark == "✗")
        assert ("make lab PYTHON=python3.12" in lines[0]) == (mark == "✗")
    assert 'requires-python = ">=3.10,<3.14"' in (ROOT / "pyproject.toml").read_text()


def test_little_memory_and_a_full_disk(doctor, monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: namedtuple("memory", "available")(2**30))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: namedtuple("disk", "free")(2**20))
    code, lines = doctor(checkup.machine)
    assert code == 1 and lines[-1] == "To mend: 2, marked ✗."
    assert line_with("memory", lines).startswith("✗ 1.0 GiB") and "Shut Down All Kernels" in line_with("memory", lines)
    assert "delete old folders" in line_with("disk", lines)


def test_a_taken_port_is_only_a_note(doctor, monkeypatch):
    def refuse(address):
        raise OSError("address in use")

    monkeypatch.setattr(socket, "create_server", refuse)
    code, lines = doctor(checkup.machine)
    assert code == 0 and line_with("8888", lines).startswith("· port 8888 is taken")
    assert "takes the next free port" in line_with("8888", lines) and "PORT=8899" in line_with("8888", lines)


def test_no_browser_is_only_a_note(doctor, monkeypatch):
    def refuse():
        raise checkup.webbrowser.Error

    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(checkup.webbrowser, "get", refuse)
    code, lines = doctor(checkup.machine)
    line = line_with("browser", lines)
    assert code == 0 and line.startswith("· ") and "BROWSER=no" in line and "apt-get install chromium" in line


@pytest.mark.parametrize("name", ["emoji/emoji.csv", "weights/cgan_shapes.npz"])
@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-1] + b"x")])
def test_damaged_files(doctor, monkeypatch, tmp_path, name, harm):
    for part in ("fashion_mnist", "emoji", "weights"):
        shutil.copytree(data_folder(part), tmp_path / part)
    monkeypatch.setenv("GAN_TUTORIAL_DATA", str(tmp_path))
    harm(tmp_path / name)
    code, lines = doctor(checkup.files)
    line = line_with("✗ ", lines)
    assert code == 1 and Path(name).name in line and "`git checkout -- data`" in line


def test_missing_and_old_packages(doctor, monkeypatch):
    def version(name, known=checkup.importlib.metadata.version):
        if name == "anywidget":
            raise checkup.importlib.metadata.PackageNotFoundError(name)
        return "2.3" if name == "tensorflow" else known(name)

    monkeypatch.setattr(checkup.importlib.metadata, "version", version)
    code, lines = doctor(checkup.versions)
    assert code == 1 and "anywidget is missing" in lines[0] and "tensorflow 2.3 (has to be " in lines[0]
    assert "make lab" in lines[0] and "keras" not in lines[0] and requires("gan-tutorial")


def test_widgets_that_would_stay_empty(doctor, monkeypatch, tmp_path):
    built = {path.stem for path in (checkup.PACKAGE / "widgets" / "static").glob("*.js")}
    assert built == set(checkup._BUILT)
    monkeypatch.setattr(checkup, "PACKAGE", tmp_path)
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda name: [str(tmp_path)])
    code, lines = doctor(checkup.widgets)
    assert code == 1 and [line[0] for line in lines[:3]] == ["✗"] * 3
    assert "git checkout" in lines[0] and "pip install --force-reinstall anywidget" in lines[1]


def test_runs_where_nothing_is_installed(tmp_path):
    """-S leaves out what is installed; TensorFlow is tried in a process without it, which meets a broken Keras."""
    (tmp_path / "keras.py").write_text("import is_missing")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-S", str(ROOT / "gan_tutorial" / "cli" / "checkup.py")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, env=environment)
    *lines, _, last = done.stdout.splitlines()
    assert done.returncode == 1 and done.stderr == "" and last.startswith("To mend: 5")
    assert all("make lab" in line for line in lines if line[0] == "✗")
    assert "No module named 'is_missing'" in line_with("TensorFlow does not work", lines)
