"""Checkpoints: the whole state of a training, on disk, whole or not at all.

A checkpoint is a folder `step_00001000` with TensorFlow's files and, in
`about.json`, the shapes of all weights and the history of the losses. It is
written under a temporary name and renamed when complete: a folder with the
final name is never half-written, even if the process is killed.
"""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import tensorflow as tf

_PREFIX, _TEMPORARY = "step_", ".writing_"


def save_checkpoint(folder, state, history, keep=3):
    """Write the state to `folder/step_<n>` and delete all but the newest `keep`."""
    folder = Path(folder)
    step = int(state.step.numpy())
    temporary, final = folder / f"{_TEMPORARY}{step:08d}", folder / f"{_PREFIX}{step:08d}"
    if final.exists():
        return final
    for leftover in folder.glob(f"{_TEMPORARY}*"):
        shutil.rmtree(leftover)
    temporary.mkdir(parents=True)
    try:
        state.write(str(temporary / "state"))
        (temporary / "about.json").write_text(json.dumps({"shapes": _shapes(state), "history": history}))
        os.replace(temporary, final)
    except tf.errors.OpError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise OSError(None, f"could not write the checkpoint {final}: {_first_line(error)}") from error
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    for old in list_checkpoints(folder)[:-keep]:
        shutil.rmtree(old)
    return final


def list_checkpoints(folder):
    """Folders of the complete checkpoints, oldest first."""
    return sorted(path for path in Path(folder).glob(f"{_PREFIX}*") if path.is_dir())


def restore_checkpoint(folder, state):
    """Read the newest checkpoint into the state; returns its history.

    Raises FileNotFoundError if there is none, ValueError if it is damaged or
    belongs to other models; the state is then as it was.
    """
    checkpoints = list_checkpoints(folder)
    if not checkpoints:
        raise FileNotFoundError(f"nothing to resume: there is no checkpoint in {folder}")
    newest = checkpoints[-1]
    remedy = f"Delete {newest} to fall back on the one before it, or start anew in another folder."
    try:
        about = json.loads((newest / "about.json").read_text())
        shapes, history = about["shapes"], about["history"]
        # Reads every tensor, so that damage is found before anything changes.
        reader = tf.train.load_checkpoint(str(newest / "state"))
        for name in reader.get_variable_to_shape_map():
            reader.get_tensor(name)
    except (OSError, ValueError, KeyError, IndexError, TypeError, RuntimeError, tf.errors.OpError) as error:
        raise ValueError(f"the checkpoint {newest} is damaged ({_first_line(error)}). {remedy}") from error
    _compare_shapes(newest, shapes, _shapes(state))
    state.read(str(newest / "state")).assert_existing_objects_matched()
    return history


def _shapes(state):
    roles = ("generator", "discriminator", "generator_optimizer", "discriminator_optimizer")
    return {role: [list(v.shape) for v in getattr(state, role).variables] for role in roles}


def _compare_shapes(checkpoint, stored, wanted):
    for role in wanted:
        if stored[role] != wanted[role]:
            name = role.replace("_", "'s ")
            raise ValueError(
                f"the checkpoint {checkpoint} belongs to another {name}: it holds "
                f"{_summary(stored[role])}, this one has {_summary(wanted[role])}. "
                "Use the models and settings of the run that wrote it."
            )


def _summary(shapes):
    return f"{len(shapes)} arrays with {sum(int(np.prod(shape)) for shape in shapes):,} values"


def _first_line(error):
    return (str(error).splitlines() or [type(error).__name__])[0]
