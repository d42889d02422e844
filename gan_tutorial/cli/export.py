"""The command `export`."""

from pathlib import Path

import click

_ENDINGS = {"savedmodel": "_savedmodel", "onnx": ".onnx", "page": ".html"}


@click.command()
@click.argument("source")
@click.option("--format", type=click.Choice([*_ENDINGS]), default="page", help="What to write.")
@click.option("--output", type=click.Path(path_type=Path), help="File or folder.  [default: named after SOURCE]")
def export(source: str, format: str, output: Path | None) -> None:
    """Write the generator of SOURCE for elsewhere: the folder of a run, a file of weights, or a model that ships.

    A page is one HTML file with an explorer in it, to send to a friend: it needs neither internet nor Python. SavedModel is
    TensorFlow's own format, ONNX one that many programs read; ONNX needs `pip install gan-tutorial[onnx]`.

    \b
    Examples:
      gan-tutorial export cgan_portraits
      gan-tutorial export runs/photos --format page --output photos.html
      gan-tutorial export cgan_fashion_mnist --format onnx --output clothes.onnx
      gan-tutorial export runs/photos --format savedmodel --output serving/photos
    """
    from ..export import export_model

    path = output or Path(f"{Path(source).stem}{_ENDINGS[format]}")
    click.echo(f"Written: {export_model(source, path, format)}")
