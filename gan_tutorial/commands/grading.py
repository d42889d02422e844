"""`evaluate`."""

import time
from pathlib import Path

import click

from .. import quiet
from .options import names_in, open_generator


@click.command()
@click.argument("source")
@click.option("--data", help="Real images to compare with: a data set, or a folder.  [default: what it was trained on]")
@click.option("--metrics", help="Names, separated by commas.  [default: all that are possible]")
@click.option("--n", "count", type=int, help="Images to draw.  [default: as many as real ones, at most 10,000]")
@click.option("--features", type=click.Choice(["classifier", "random", "inception"]), help="Whose features.")
@click.option("--seed", default=0, help="Seed of the images and of the intervals.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="File to write the numbers to.")
@click.option(
    "--neighbours", type=click.Path(path_type=Path), help="PNG of samples above their nearest training images."
)
def evaluate(source, data, metrics, count, features, seed, json_path, neighbours):
    """Grade SOURCE, the folder of a run or a model that ships, by many metrics.

    Each number comes with its 95 % interval and, where that makes sense, with
    what real images score in the same place. What real images look like to
    the judge is kept in a cache: the second call is faster.

    \b
    Examples:
      gan-tutorial evaluate cgan_fashion_mnist
      gan-tutorial evaluate runs/fashion --metrics frechet,precision,recall --n 2000
      gan-tutorial evaluate runs/photos --data my_photos/ --json photos.json --neighbours photos.png
    """
    quiet.import_tensorflow()
    from ..evaluation.report import as_json, format_table, grade_beside_real, neighbour_picture, open_case
    from ..plots import save_images
    from ..pretrained import versions, write_json

    generator, card = open_generator(source)
    start = time.perf_counter()
    case = open_case(generator, card, data, count, features, seed, progress=True)
    grades = grade_beside_real(case, names_in(metrics), progress=True)
    seconds = time.perf_counter() - start
    kind = "training" if case.test is None else "test"
    click.echo(
        f"{source}: {len(case.images):,} images beside {len(case.reference):,} {kind} images of {case.train.name}; "
        f"features: {case.judge.name}; {seconds:.0f} s"
    )
    click.echo("\n".join(format_table(grades)))
    if case.judge.key != "inception imagenet":
        click.echo("Distances over these features compare generators with each other, not with published FIDs.")
    if json_path:
        content = {
            "source": source, "data": case.train.name, "n": len(case.images), "features": case.judge.name,
            "seed": seed, "seconds": round(seconds, 1), "metrics": as_json(grades), "versions": versions(),
        }  # fmt: skip
        write_json(json_path, content)
        click.echo(f"Numbers: {json_path}")
    if neighbours:
        click.echo(f"Nearest training images: {save_images(neighbour_picture(case), neighbours, 12, 2)}")
