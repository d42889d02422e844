"""`sample` and `datasets`: pictures of what there is."""

from pathlib import Path

import click

from .. import quiet
from .options import open_generator


@click.command()
@click.argument("source")
@click.option("--label", "labels", multiple=True, help="Class to draw, by name or number; repeat for several.")
@click.option("-n", "count", type=int, default=64, help="How many images.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("samples.png"), help="PNG file to write.")
@click.option("--seed", type=int, help="The same seed draws the same images.")
@click.option("--truncation", type=float, help="Keep the noise within this bound: less variety, fewer failures.")
@click.option("--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="Continuous condition, 0...1.")
@click.option("--columns", type=int, help="Images side by side.  [default: a square]")
@click.option("--scale", default=2, help="Side of a pixel.")
def sample(source, labels, count, out, seed, truncation, attributes, columns, scale):
    """Draw images from SOURCE: the folder of a run, or a model that ships.

    \b
    Examples:
      gan-tutorial sample cgan_fashion_mnist --label "ankle boot" -n 64 --out boots.png
      gan-tutorial sample cgan_shapes --label "red cross" --attribute size=0.9 --seed 1
      gan-tutorial sample runs/photos --label cat -n 64 --out cats.png
    """
    quiet.import_tensorflow()
    import numpy as np

    from ..data import label_of
    from ..plots import save_images
    from ..sampling import generate_images

    if count < 1:
        raise ValueError(f"-n must be at least 1, not {count}")
    generator, card = open_generator(source)
    if labels and not card["class_names"]:
        raise ValueError(f"{source} was trained without labels: leave --label out")
    chosen = np.resize([label_of(label, card["class_names"]) for label in labels], count) if labels else None
    values = _attribute_values(attributes, card["attributes"])
    images = generate_images(generator, count, chosen, values, seed, truncation)
    click.echo(f"{count} images: {save_images(images, out, columns, scale)}")


def _attribute_values(given, names):
    values = dict.fromkeys(names, 0.5)
    for text in given:
        name, _, value = text.partition("=")
        if name not in values:
            raise ValueError(f"no attribute {name!r}; this generator has: {', '.join(names) or 'none'}")
        try:
            values[name] = float(value)
        except ValueError:
            raise ValueError(f"--attribute needs NAME=VALUE with a number, not {text!r}") from None
    return list(values.values()) or None


@click.command()
@click.option("--preview", help="Data set, or folder of images, to draw a picture of.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("preview.png"), help="PNG file of the preview.")
@click.option("--size", default=64, help="Side of the images in pixels, for a folder.")
def datasets(preview, out, size):
    """List the data sets, or draw some images of one.

    \b
    Examples:
      gan-tutorial datasets
      gan-tutorial datasets --preview shapes --out shapes.png
      gan-tutorial datasets --preview my_photos/ --size 64
    """
    from ..data import DATASETS, load_dataset

    if preview is None:
        for name, text in DATASETS.items():
            click.echo(f"{name:14} {text}")
        click.echo(f"{'a folder':14} of your own images, one sub-folder a class; see --preview")
        return
    from ..plots import save_images

    data = load_dataset(preview, size=size, progress=True)
    if len(data.image_shape) != 3:
        raise ValueError(f"{preview} holds points, not images; notebook 01 draws them")
    click.echo(
        f"{len(data):,} images of shape {data.image_shape}; {data.num_classes} classes: {', '.join(data.class_names)}"
    )
    click.echo(f"Picture: {save_images(data.images[:100], out, columns=10)}")
