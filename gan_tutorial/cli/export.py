"""The command `export`."""

from __future__ import annotations

from pathlib import Path

import click

from .options import Output

_ENDINGS = {"savedmodel": "_savedmodel", "onnx": ".onnx", "page": ".html", "html": ".html"}


@click.command()
@click.argument("source")
@click.option("--format", type=click.Choice([*_ENDINGS]), help="What to write.  [default: page; html of a notebook]")
@click.option("--output", type=Output(), help="File or folder.  [default: named after SOURCE]")
@click.option("--execute", is_flag=True, help="Run a notebook first; only then its widgets are live.")
def export(source: str, format: str | None, output: Path | None, execute: bool) -> None:
    """Write the generator of SOURCE for elsewhere: the folder of a run, a file of weights, or a model that ships.

    A page is one HTML file with an explorer in it, to send to a friend: it needs neither internet nor Python. SavedModel is
    TensorFlow's own format, ONNX one that many programs read; ONNX needs `pip install gan-tutorial[onnx]`.

    SOURCE may also be a notebook: it becomes one HTML file too, in which explorers and questions work and all other widgets
    are pictures.

    \b
    Examples:
      gan-tutorial export cgan_portraits
      gan-tutorial export runs/photos --format page --output photos.html
      gan-tutorial export cgan_fashion_mnist --format onnx --output clothes.onnx
      gan-tutorial export runs/photos --format savedmodel --output serving/photos
      gan-tutorial export notebooks/03_cgan.ipynb --execute
    """
    from ..export import export_model, export_notebook

    is_notebook = source.endswith(".ipynb")
    format = format or ("html" if is_notebook else "page")
    if is_notebook != (format == "html"):
        raise ValueError(f"{source} is {'a' if is_notebook else 'no'} notebook, and only notebooks become html")
    if execute and not is_notebook:
        raise ValueError(f"--execute runs a notebook, and {source} is none")
    path = output or Path(f"{Path(source).stem}{_ENDINGS[format]}")
    written = export_notebook(source, path, execute) if is_notebook else export_model(source, path, format)
    click.echo(f"Written: {written}")
