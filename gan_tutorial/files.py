"""Writing files so that nothing is ever half-written."""

import contextlib
import csv
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


def write_csv(path, header, rows):
    """Write a table as CSV, whole or not at all."""
    with write_whole(path) as temporary:
        with open(temporary, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)
