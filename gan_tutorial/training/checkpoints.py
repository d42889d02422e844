"""Checkpoints: the whole state of a training, on disk, whole or not at all.

A checkpoint is a folder `step_00001000` with TensorFlow's files and, in `about.json`, the shapes of all weights, the
history and the seconds spent. It is written under a temporary name and renamed when it is complete and on the disk: a
folder with the final name is never half-written, even after a power cut.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import tensorflow as tf

from ..files import sync

_PREFIX, _TEMPORARY = "step_", ".writing_"

#: For each role, such as "generator" or "generator's optimizer", the shapes of its arrays.
Shapes = dict[str, list[list[int]]]


def save_checkpoint(folder: str | Path, state: tf.train.Checkpoint, about: dict, shapes: Shapes, keep: int = 3) -> Path:
    """Write the state to `folder/step_<n>` and delete all but the newest `keep`; `about` is any JSON content."""
    folder, step = Path(folder), int(state.step.numpy())
    temporary, final = folder / f"{_TEMPORARY}{step:08d}", folder / f"{_PREFIX}{step:08d}"
    if final.exists():
        return final
    for leftover in folder.glob(f"{_TEMPORARY}*"):
        shutil.rmtree(leftover)
    temporary.mkdir(parents=True)
    try:
        state.write(str(temporary / "state"))
        (temporary / "about.json").write_text(json.dumps({"shapes": shapes, **about}))
        for path in (*temporary.iterdir(), temporary):
            sync(path)
        os.replace(temporary, final)
        sync(folder)
        sync(folder.parent)  # the folder itself may be new
    except tf.errors.OpError as error:
        raise OSError(None, f"could not write the checkpoint {final}: {_first_line(error)}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    for old in list_checkpoints(folder)[:-keep]:
        os.replace(old, temporary)  # half deleted, it would still look like a checkpoint
        shutil.rmtree(temporary)
    return final


def list_checkpoints(folder: str | Path) -> list[Path]:
    """Folders of the complete checkpoints, oldest first."""
    return sorted(path for path in Path(folder).glob(f"{_PREFIX}*") if path.is_dir())


def restore_checkpoint(folder: str | Path, state: tf.train.Checkpoint, shapes: Shapes) -> dict:
    """Read the newest checkpoint into the state; returns what `about` was when it was written.

    Raises FileNotFoundError if there is none, ValueError if it is damaged or belongs to other models; the state is
    then as it was.
    """
    checkpoints = list_checkpoints(folder)
    if not checkpoints:
        raise FileNotFoundError(f"nothing to resume: there is no checkpoint in {folder}")
    newest = checkpoints[-1]
    remedy = f"Delete {newest} to fall back on the one before it, or start anew in another folder."
    try:
        about = json.loads((newest / "about.json").read_text())
        # The algorithm's own variables were not listed in earlier versions.
        stored, _ = {"algorithm": shapes.get("algorithm")} | about.pop("shapes"), about["history"]
        # Reads every tensor, so that damage is found before anything changes.
        reader = tf.train.load_checkpoint(str(newest / "state"))
        for name in reader.get_variable_to_shape_map():
            reader.get_tensor(name)
    except (OSError, ValueError, KeyError, IndexError, TypeError, RuntimeError, tf.errors.OpError) as error:
        raise ValueError(f"the checkpoint {newest} is damaged ({_first_line(error)}). {remedy}") from error
    for role in {**stored, **shapes}:
        if stored.get(role) != shapes.get(role):
            raise ValueError(
                f"the checkpoint {newest} belongs to another {role}: it holds {_summary(stored.get(role))}, this one has "
                f"{_summary(shapes.get(role))}. Use the models and settings of the run that wrote it."
            )
    state.read(str(newest / "state")).assert_existing_objects_matched()
    return about


def _summary(shapes: list[list[int]] | None) -> str:
    return f"{len(shapes)} arrays with {sum(int(np.prod(shape)) for shape in shapes):,} values" if shapes else "none"


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
