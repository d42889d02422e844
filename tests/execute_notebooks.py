"""Execute all notebooks headlessly, and print a table of how it went.

    python -m tests.execute_notebooks --profile quick
    python -m tests.execute_notebooks --profile full --keep 02_gan

The executed copies go to build/notebooks. With --keep, the outputs of cells
that succeeded replace those in notebooks/.
"""

import base64
import contextlib
import functools
import io
import multiprocessing
import os
import re
import sys
import threading
import time
from pathlib import Path

import click
import nbformat
import numpy as np
import papermill
import psutil
from PIL import Image

from tools.stored_outputs import caption

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"


@contextlib.contextmanager
def watch_memory():
    """Yields a function: the most MiB that a process started meanwhile had in memory, as seen twice a second."""
    peaks, done, before = {}, threading.Event(), set(psutil.Process().children())

    def watch():
        while not done.wait(0.5):
            for process in set(psutil.Process().children(recursive=True)) - before:
                with contextlib.suppress(psutil.Error, OSError):
                    peaks[process] = max(_peak_mib(process), peaks.get(process, 0))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield lambda: max(peaks.values(), default=0)
    finally:
        done.set()
        watcher.join()


def _peak_mib(process):
    """The most MiB of memory that a process ever had; on macOS what it has now."""
    status = Path(f"/proc/{process.pid}/status")
    if status.exists() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(found[1]) / 2**10
    memory = process.memory_info()
    return getattr(memory, "peak_wset", memory.rss) / 2**20


def execute(notebook, profile, folder):
    """Execute one notebook; returns (notebook, cells, seconds, peak, result): the kernel's memory in MiB, "ok" or the error."""
    out = folder / notebook.name
    start = time.perf_counter()
    result = "ok"
    # Kernels are separate processes: they get the profile by the environment
    # too, because the cell with the parameters reads it from there.
    os.environ["GAN_TUTORIAL_PROFILE"] = profile
    try:
        with watch_memory() as peak:
            papermill.execute_notebook(
                notebook,
                out,
                parameters={"PROFILE": profile},
                cwd=str(NOTEBOOKS),
                progress_bar=False,
                kernel_name="python3",
                # The longest cell takes minutes; a kernel whose answer got lost would be waited for without end.
                execution_timeout=1200,
            )
    except TimeoutError as error:
        result = f"{type(error).__name__}: {str(error).splitlines()[0]}"
    except papermill.PapermillExecutionError as error:
        result = f"{error.ename}: {error.evalue.splitlines()[0] if error.evalue else ''} (cell {error.cell_index})"
    cells = sum(cell.cell_type == "code" for cell in nbformat.read(notebook, 4).cells)
    return notebook, cells, time.perf_counter() - start, peak(), result


def keep_outputs(executed, notebook):
    """Put the outputs of an executed copy into the notebook itself, pictures compressed."""
    book = nbformat.read(notebook, 4)
    done = [c for c in nbformat.read(executed, 4).cells if "injected-parameters" not in c.metadata.get("tags", [])]
    pairs = [(cell, result) for cell, result in zip(book.cells, done, strict=True) if cell.cell_type == "code"]
    for count, (cell, result) in enumerate(pairs, start=1):
        told = caption(book.cells, cell)
        cell.outputs = [_tidy(output, told) for output in result.outputs if not _is_noise(output)]
        # Numbered from one, as if run from the top; nbval wants run cells.
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
    nbformat.write(book, notebook)


WIDGET = "application/vnd.jupyter.widget-view+json"
#: Pixels of a stored figure for each of the page's: 150 dpi.
SCALE = 1.5
#: Bytes of a picture that is large.
LARGE = 16_000


def _is_noise(output):
    # Progress bars belong to the one who watched them, and of a widget only its still can be stored.
    if output.output_type == "stream":
        return output.name == "stderr" and "step" in output.text
    data = output.get("data", {})
    return WIDGET in data and not {"image/png", "text/html"} & data.keys()


def _tidy(output, caption):
    data = output.get("data", {})
    data.pop(WIDGET, None)  # it has no state here: JupyterLab would show an error in its place
    if "image/png" in data:
        picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
        about = output.metadata.setdefault("image/png", {})
        # nbconvert hands it on. A widget describes its own still; a figure without a caption has "<Figure …>" there.
        described = "".join(data.get("text/plain", ""))
        if caption or not described.startswith("<"):
            about["alt"] = caption or described
        data["image/png"] = base64.b64encode(_stored(picture.convert("RGB"), about)).decode()
    return output


def _stored(picture, about):
    """PNG bytes: of a figure SCALE pixels for each of the page's, or one, if it is large then: images do not gain from more."""
    sizes = (
        [(round(scale * about["width"]), round(scale * about["height"])) for scale in (SCALE, 1)]
        if "width" in about
        else [picture.size]
    )
    for size in sizes:
        small = io.BytesIO()
        fitting = picture if size == picture.size else picture.resize(size, Image.Resampling.BOX)
        _with_few_colours(fitting).save(small, "PNG", optimize=True)
        if small.tell() < LARGE:
            break
    return small.getvalue()


def _with_few_colours(picture):
    """The picture with 256 colours, unless that would visibly change more than single pixels of it."""
    few = picture.quantize(256, kmeans=2, dither=Image.Dither.NONE)
    change = np.abs(np.asarray(picture, int) - np.asarray(few.convert("RGB"), int)).max(2)
    return few if (change > 40).mean() < 1e-4 else picture


@click.command()
@click.option("--profile", type=click.Choice(["quick", "full"]), default="quick", show_default=True)
@click.option("--keep", is_flag=True, help="Store the outputs in notebooks/ too.")
@click.option("--jobs", default=1, show_default=True, help="How many at a time: quicker in all, and each is slower.")
@click.argument("names", nargs=-1)
def main(profile, keep, jobs, names):
    """Execute the notebooks NAMES, or all of them."""
    start = time.perf_counter()
    folder = ROOT / "build" / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    notebooks = [n for n in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")) if not names or n.stem in names]
    if not notebooks:
        raise click.ClickException(f"no notebook is called {' or '.join(names)}")
    print(f"{'notebook':20} {'cells':>5} {'seconds':>8} {'peak MiB':>8}  result", flush=True)
    failed = False
    # The longest ones first, as far as a size tells; a process for each, so that one's memory is not taken for another's.
    order = sorted(notebooks, key=lambda path: -path.stat().st_size) if jobs > 1 else notebooks
    with multiprocessing.get_context("spawn").Pool(jobs, maxtasksperchild=1) as pool:
        run = functools.partial(execute, profile=profile, folder=folder)
        for notebook, cells, seconds, peak, result in pool.imap_unordered(run, order):
            print(f"{notebook.stem:20} {cells:5d} {seconds:8.1f} {peak:8.0f}  {result}", flush=True)
            failed |= result != "ok"
            if keep and result == "ok":
                keep_outputs(folder / notebook.name, notebook)
    if len(notebooks) > 1:
        print(f"{'all':20} {'':5} {time.perf_counter() - start:8.1f}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
