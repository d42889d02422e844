"""The command `sample`."""

from pathlib import Path

import click

from .options import open_generator


@click.command()
@click.argument("source")
@click.option("--label", "labels", multiple=True, help="Class, by name or number; repeat for several.")
@click.option("-n", "count", type=int, default=64, help="How many images.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("samples.png"), help="PNG file to write.")
@click.option("--seed", type=int, help="The same seed gives the same images.")
@click.option("--truncation", type=float, help="Keep the noise within this bound: less variety, fewer failures.")
@click.option("--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="Continuous condition, 0...1.")
@click.option("--columns", type=int, help="Images side by side.  [default: a square]")
@click.option("--scale", default=2, help="Side of a pixel.")
def sample(
    source: str, labels: tuple[str, ...], count: int, out: Path, seed: int | None, truncation: float | None,
    attributes: tuple[str, ...], columns: int | None, scale: int,
) -> None:  # fmt: skip
    """Generate images with SOURCE: the folder of a run, or a model that ships.

    \b
    Examples:
      gan-tutorial sample cgan_fashion_mnist --label "ankle boot" -n 64 --out boots.png
      gan-tutorial sample cgan_shapes --label "red cross" --attribute size=0.9 --seed 1
      gan-tutorial sample runs/photos --label cat -n 64 --out cats.png
    """
    import numpy as np

    from ..data import label_of
    from ..plots import save_images
    from ..sampling import generate_images

    if count < 1:
        raise ValueError(f"-n must be at least 1, not {count}")
    generator, card = open_generator(source)
    if labels and not card.class_names:
        raise ValueError(f"{source} was trained without labels: leave --label out")
    chosen = np.resize([label_of(label, card.class_names or ()) for label in labels], count) if labels else None
    values = _attribute_values(attributes, card.attributes)
    images = generate_images(generator, count, chosen, values, seed, truncation)
    click.echo(f"{count} images: {save_images(images, out, columns, scale)}")


def _attribute_values(given: tuple[str, ...], names: list[str]) -> list[float] | None:
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
