"""TensorFlow's start-up lines, kept out of a learner's sight."""

import contextlib
import os
import sys
from collections.abc import Iterator


def set_environment() -> None:
    """Choose Keras's backend, TensorFlow's log level, and to take a GPU's memory as needed, unless the user has."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")


def import_tensorflow() -> None:
    """Import TensorFlow and Keras, dropping what their C++ parts print meanwhile; TF_CPP_MIN_LOG_LEVEL=0 shows it."""
    if "tensorflow" in sys.modules:
        return
    with contextlib.nullcontext() if os.environ["TF_CPP_MIN_LOG_LEVEL"] == "0" else _silent_stderr():
        import keras  # noqa: F401
        import tensorflow

        # Looking for GPUs prints as well, if left for later.
        tensorflow.config.list_physical_devices()
        # Keras compiles its prediction for each model and size on purpose; other warnings are shown.
        tensorflow.get_logger().addFilter(lambda record: "retracing" not in record.getMessage())


@contextlib.contextmanager
def _silent_stderr() -> Iterator[None]:
    """Point file descriptor 2 elsewhere: the lines are written to it before any log level counts."""
    sys.stderr.flush()
    saved = os.dup(2)
    with open(os.devnull, "wb") as nothing:
        os.dup2(nothing.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
