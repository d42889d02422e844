"""What `gan-tutorial doctor` looks at. Where nothing is installed yet, `python gan_tutorial/cli/checkup.py` does it too.

So only the standard library is imported before a check runs.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import shutil
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path

OK, NOTE, FAULT = "✓", "·", "✗"
PACKAGE = Path(__file__).resolve().parents[1]
INSTALL = "install the course again by `make lab` or `pip install -r requirements.txt -e .`"
RESTORE = "`git checkout -- data` in the course's folder restores it"
_BUILT = ("explorer", "playground", "monitor", "bench", "real_or_fake", "question", "quiz", "page", "static")
_PRODUCT = """
import time; start = time.perf_counter()
import keras, tensorflow as tf
took, a, start = time.perf_counter() - start, tf.ones((1000, 1000)), time.perf_counter()
assert float((a @ a)[0, 0]) == 1000
print(f"TensorFlow starts ({took:.1f} s) and multiplies matrices ({1000 * (time.perf_counter() - start):.0f} ms)")
"""


def _say(good: bool, line: str, otherwise: str, state: str = FAULT) -> tuple[str, str]:
    return (OK, line) if good else (state, f"{line}: {otherwise}")


def machine() -> Iterator[tuple[str, str]]:
    version = "Python " + ".".join(map(str, sys.version_info[:3]))
    mend = "the course needs 3.10 to 3.13; delete the folder .venv, then `make lab PYTHON=python3.12`"
    yield _say((3, 10) <= sys.version_info[:2] <= (3, 13), version, mend)

    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield _say(count > 1, f"cores: {count}", "trainings take longer; GAN_TUTORIAL_PROFILE=quick shortens them", NOTE)

    free = shutil.disk_usage(Path.cwd()).free / 2**30
    yield _say(free >= 1, f"{free:.1f} GiB of disk free", "what you train may need 1; delete old folders of runs")

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with contextlib.suppress(webbrowser.Error):
        if not found and webbrowser.get():
            found = "the system's own (tests in Chromium are skipped without it)"
    mend = "`make lab BROWSER=no` prints an address for one elsewhere; the tests need `apt-get install chromium`"
    yield _say(bool(found), f"browser: {found or 'none'}", mend, NOTE)

    mend = "`jupyter lab list` tells whether it is yours. JupyterLab takes the next free port and prints its address"
    try:
        socket.create_server(("127.0.0.1", 8888)).close()
        yield OK, "port 8888 is free"
    except OSError:
        yield NOTE, f"port 8888 is taken: {mend}; `make lab PORT=8899` chooses one"

    import psutil  # type: ignore[import-untyped]  # comes with ipykernel

    free = psutil.virtual_memory().available / 2**30
    with contextlib.suppress(OSError, ValueError):  # a container may have less than its machine
        free = min(free, int(Path("/sys/fs/cgroup/memory.max").read_text()) / 2**30)
    mend = "a notebook may need 3; close other programs, and in JupyterLab *Kernel → Shut Down All Kernels*"
    yield _say(free >= 3, f"{free:.1f} GiB of memory free", mend)


def files() -> Iterator[tuple[str, str]]:
    from ..data.paths import data_folder, read_checked
    from ..pretrained.cards import load_card
    from ..pretrained.storage import read_arrays

    for folder in map(data_folder, ("fashion_mnist", "emoji")):
        for line in (folder / "SHA256SUMS").read_text().splitlines():
            read_checked(folder / line.split()[1], "")
    yield OK, "data is whole"
    stems = [path.with_suffix("") for path in data_folder("weights").glob("*.json") if path.suffixes == [".json"]]
    for stem in stems:
        read_arrays(stem, load_card(stem))
    yield OK, f"weights of {len(stems)} models are whole"


def versions() -> Iterator[tuple[str, str]]:
    from packaging.requirements import Requirement

    file, wrong, found = PACKAGE.parent / "requirements.txt", [], {}
    lines = file.read_text().splitlines() if file.is_file() else importlib.metadata.requires("gan-tutorial") or []
    for needed in (Requirement(line) for line in lines if not line.startswith("#") and "extra ==" not in line):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[needed.name] = importlib.metadata.version(needed.name)
        if not needed.specifier.contains(found.get(needed.name, "0"), prereleases=True):
            wrong.append(f"{needed.name} {found.get(needed.name, 'is missing')} (has to be {needed.specifier})")
    shown = ("tensorflow", "keras", "numpy", "jupyterlab", "ipywidgets", "anywidget")
    yield _say(not wrong, ", ".join(wrong or (f"{name} {found[name]}" for name in shown)), INSTALL)


def widgets() -> Iterator[tuple[str, str]]:
    from jupyter_core.paths import jupyter_path

    missing = [name for name in _BUILT if not (PACKAGE / "widgets" / "static" / f"{name}.js").is_file()]
    mend = f"{', '.join(missing)} missing; `git checkout -- gan_tutorial/widgets/static` restores it"
    yield _say(not missing, "the widgets' JavaScript", mend)
    for name in ("anywidget", "@jupyter-widgets/jupyterlab-manager"):
        there = any(Path(folder, name, "package.json").is_file() for folder in jupyter_path("labextensions"))
        mend = "missing; `pip install --force-reinstall anywidget jupyterlab_widgets`, then start JupyterLab again"
        yield _say(there, f"JupyterLab's extension {name}", mend)


def tensorflow() -> Iterator[tuple[str, str]]:
    # In a process of its own: where the processor lacks what TensorFlow needs, importing it ends the process.
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
    done = subprocess.run([sys.executable, "-c", _PRODUCT], capture_output=True, text=True, env=quiet, timeout=120)
    last = (done.stderr.strip() or f"its process ended with code {done.returncode}").splitlines()[-1]
    mend = f"{last}. It needs a processor with AVX, on a Mac Apple silicon; {INSTALL}"
    yield _say(not done.returncode, done.stdout.strip() or "TensorFlow does not work", mend)


CHECKS = (machine, files, versions, widgets, tensorflow)


def examine() -> Iterator[tuple[str, str]]:
    """Yields OK, NOTE or FAULT for all that is looked at, with a line that says what is so and how to mend it."""
    for check in CHECKS:
        try:
            yield from check()
        except Exception as error:  # whatever it is, the other checks have to run
            mend = RESTORE if check is files and not isinstance(error, ImportError) else INSTALL
            yield FAULT, f"{str(error).rstrip('. ')}: {mend}"


def report() -> int:
    """Print a line for each check, and a summary; returns how many found something to mend."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # Windows has no ✓ where output is piped
    faults = 0
    for state, line in examine():
        print(state, line, flush=True)
        faults += state == FAULT
    print(f"\nTo mend: {faults}, marked {FAULT}." if faults else "\nAll is well.")
    return faults


if __name__ == "__main__":
    sys.path[0], __package__ = str(PACKAGE.parent), "gan_tutorial.cli"
    sys.exit(bool(report()))
