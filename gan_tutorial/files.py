"""Writing files so that nothing is ever half-written."""

import contextlib
import os
import tempfile
from pathlib import Path


@contextlib.contextmanager
def write_whole(path):
    """Yield a temporary path beside `path`; rename it to `path` when all went well.

    The temporary name keeps the ending, because libraries choose formats by
    it. Raises OSError, naming `path`, when it cannot be written (no
    permission, disk full); whatever stood at `path` is then untouched.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".writing_", suffix="".join(path.suffixes), dir=path.parent)
    os.close(handle)
    try:
        yield Path(temporary)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        raise type(error)(error.errno, f"could not write {path}: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
