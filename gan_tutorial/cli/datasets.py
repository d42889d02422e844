"""The command `datasets`."""

from pathlib import Path

import click

from .options import Output


@click.command()
@click.option("--preview", help="Data set, or folder of images, to make a picture of.")
@click.option("--out", type=Output(dir_okay=False), default=Path("preview.png"), help="PNG file of the preview.")
@click.option("--size", type=click.IntRange(1, 1024), default=64, help="Side of the images in pixels, for a folder.")
def datasets(preview: str | None, out: Path, size: int) -> None:
    """List the data sets, or show some images of one.

    \b
    Examples:
      gan-tutorial datasets
      gan-tutorial datasets --preview shapes --out shapes.png
      gan-tutorial datasets --preview my_photos/ --size 64
    """
    from ..data import DATASETS, load_dataset
    from ..plots import save_images

    if preview is None:
        own = {"a folder": "of your own images, one sub-folder per class; see --preview"}
        click.echo("\n".join(f"{name:14} {text}" for name, text in (DATASETS | own).items()))
        return
    data = load_dataset(preview, size=size, progress=True)
    if len(data.image_shape) != 3:
        raise ValueError(f"{preview} holds points, not images; notebook 01 plots them")
    classes = f"{data.num_classes} classes: {', '.join(data.class_names)}"
    click.echo(f"{len(data):,} images of shape {data.image_shape}; {classes}")
    click.echo(f"Picture: {save_images(data.images[:100], out, columns=10)}")
