"""Interrupted trainings end as unbroken ones, and files are written in an order that a power cut cannot harm.

`python -m tests.soak` interrupts many more.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from gan_tutorial.files import write_whole
from gan_tutorial.training import list_checkpoints
from gan_tutorial.training.checkpoints import save_checkpoint

linux = pytest.mark.skipif(sys.platform != "linux", reason="sets limits of another process, which Linux alone can")


@linux
@pytest.mark.slow
def test_an_interrupted_training_ends_as_an_unbroken_one(tmp_path):
    """In a process of its own: it forks, and TensorFlow runs in this one already."""
    out, few = tmp_path / "soak.json", ["--algorithms", "gan", "--interruptions", "5", "--steps", "100"]
    done = subprocess.run([sys.executable, "-m", "tests.soak", *few, "--out", out], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(out.read_text())["algorithms"]["gan"]
    assert sum(found["interruptions"].values()) == 5 and len(found["interruptions"]) > 3
    assert found["trainings"] and found["checkpoints_read"] and found["failures"] == []


@linux
def test_kinds_of_interruptions_are_all_planned():
    """The module imports nothing that starts TensorFlow anew here."""
    from . import soak

    kinds = soak.plan(67, np.random.default_rng(0))
    assert len(kinds) == 67 and set(kinds) == {*soak.KILLS, *soak.STOPS, *soak.CLOCK}
    assert not {*kinds[-22:]} & {*soak.KILLS} and all(kinds.count(kill) == 10 for kill in soak.KILLS)


@pytest.fixture
def calls(monkeypatch):
    """Records, in order, what reaches the disk: ("sync", path, what it holds then) and ("rename", from, to)."""
    events, paths, (opened, synced, renamed) = [], {}, (os.open, os.fsync, os.replace)

    def holds(path):
        return sorted(child.name for child in path.iterdir()) if path.is_dir() else path.read_bytes()

    def open_it(path, *options, **named):
        handle = opened(path, *options, **named)
        paths[handle] = Path(path)
        return handle

    def sync(handle):
        events.append(("sync", paths[handle], holds(paths[handle])))
        synced(handle)

    def rename(source, target):
        events.append(("rename", Path(source), Path(target)))
        renamed(source, target)

    for name, wrapper in (("open", open_it), ("fsync", sync), ("replace", rename)):
        monkeypatch.setattr(os, name, wrapper)
    return events


def test_a_checkpoint_reaches_the_disk_before_its_name_and_the_old_one_goes_last(tmp_path, calls):
    step = tf.Variable(1, dtype=tf.int64)
    state = tf.train.Checkpoint(step=step, weights=tf.Variable(np.arange(1000.0)))
    save_checkpoint(tmp_path, state, {"history": {}}, {}, keep=1)
    calls.clear()
    step.assign(2)
    final = save_checkpoint(tmp_path, state, {"history": {}}, {}, keep=1)
    named = next(number for number, call in enumerate(calls) if call[0] == "rename")
    *files, own_folder = calls[:named]
    _, temporary, target = calls[named]
    assert target == final and temporary.parent == final.parent
    # All files, complete; then the folder with their names, then its new name.
    assert {path.name: content for _, path, content in files} == {p.name: p.read_bytes() for p in final.iterdir()}
    assert own_folder[1:] == (temporary, sorted(path.name for path in final.iterdir()))
    # The name is on the disk while the older checkpoint is still there.
    own, parents, moved = calls[named + 1 :]
    assert own == ("sync", tmp_path, ["step_00000001", "step_00000002"]) and parents[:2] == ("sync", tmp_path.parent)
    # Half deleted, it would still look like a checkpoint: so it loses its name first.
    assert moved == ("rename", tmp_path / "step_00000001", temporary)
    assert list_checkpoints(tmp_path) == [final]


def test_a_file_reaches_the_disk_before_its_name(tmp_path, calls):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with write_whole(path) as temporary:
        temporary.write_text("new")
        assert calls == [] and path.read_text() == "old"
    assert calls == [
        ("sync", temporary, b"new"), ("rename", temporary, path), ("sync", tmp_path, ["a.txt"]),
    ]  # fmt: skip
