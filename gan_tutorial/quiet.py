"""TensorFlow's start-up lines, kept out of a learner's sight."""

import contextlib
import os
import sys


def set_environment():
    """Choose Keras's backend and TensorFlow's log level, unless the user has."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def import_tensorflow():
    """Import TensorFlow and Keras, dropping what their C++ parts print meanwhile.

    Those lines are written to file descriptor 2 before any log level counts,
    so the descriptor itself has to point elsewhere. To see them, set
    TF_CPP_MIN_LOG_LEVEL=0.
    """
    if "tensorflow" in sys.modules:
        return
    with contextlib.nullcontext() if os.environ["TF_CPP_MIN_LOG_LEVEL"] == "0" else _silent_stderr():
        import keras  # noqa: F401
        import tensorflow

        # Looking for GPUs prints as well, if left for later.
        tensorflow.config.list_physical_devices()
        # Keras compiles its prediction anew for each model and size; that is meant.
        tensorflow.get_logger().setLevel("ERROR")


@contextlib.contextmanager
def _silent_stderr():
    sys.stderr.flush()
    saved, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nothing)
