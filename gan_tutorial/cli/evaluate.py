"""The command `evaluate`."""

import time
from pathlib import Path

import click

from .options import Output, Whole, names_in, open_generator

_FEATURES = click.Choice(["classifier", "random", "inception"])


@click.command()
@click.argument("source")
@click.option("--data", help="Real images to compare with: a data set, or a folder.  [default: what it was trained on]")
@click.option(
    "--split", default="test", help="Which of them: test, train, or of portraits new_roles.", show_default=True
)
@click.option("--metrics", help="Names, separated by commas.  [default: all that are possible]")
@click.option(
    "--n", "count", type=Whole(1), help="Images to generate.  [default: as many as real ones, at most 10,000]"
)
@click.option("--features", type=_FEATURES, help="What turns images into features.")
@click.option("--seed", type=Whole(), default=0, help="Seed of the images and of the intervals.")
@click.option("--json", "json_path", type=Output(dir_okay=False), help="File to write the numbers to.")
@click.option("--neighbours", type=Output(dir_okay=False), help="PNG of samples above their nearest training images.")
def evaluate(
    source: str, data: str | None, split: str, metrics: str | None, count: int | None, features: str | None, seed: int,
    json_path: Path | None, neighbours: Path | None,
) -> None:  # fmt: skip
    """Evaluate SOURCE, the folder of a run or a model that ships, by many metrics.

    Each number comes with its 95 % interval and, where that makes sense, with what real images score in the same place.
    Features of real images are cached: the second call is faster.

    \b
    Examples:
      gan-tutorial evaluate cgan_fashion_mnist
      gan-tutorial evaluate runs/fashion --metrics frechet,precision,recall --n 2000
      gan-tutorial evaluate cgan_portraits --split train
      gan-tutorial evaluate runs/photos --data my_photos/ --json photos.json --neighbours photos.png
    """
    from ..evaluation import report
    from ..files import write_json
    from ..plots import save_images
    from ..pretrained import versions

    model = open_generator(source)
    start = time.perf_counter()
    context = report.open_context(*model, data, count, features, seed, split)
    results = report.evaluate_with_baseline(context, names_in(metrics), progress=True)
    n, real, extractor = len(context.images), context.train.name, context.extractor
    seconds, kind = time.perf_counter() - start, "training" if context.test is None else split
    click.echo(
        f"{source}: {n:,} images, compared with {len(context.reference):,} {kind} images of {real}; "
        f"features: {extractor.name}; {seconds:.0f} s"
    )
    click.echo("\n".join([*report.format_table(results), extractor.note]).rstrip())
    if json_path:
        content = {"source": source, "data": real, "n": n, "features": extractor.name, "seed": seed}
        measured = {"seconds": round(seconds, 1), "metrics": report.as_json(results), "versions": versions()}
        write_json(json_path, content | measured)
        click.echo(f"Numbers: {json_path}")
    if neighbours:
        click.echo(f"Nearest training images: {save_images(report.neighbour_picture(context), neighbours, 12, 2)}")
