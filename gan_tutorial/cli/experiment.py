"""`experiment`."""

from pathlib import Path

import click

from .. import quiet
from .options import Output, Whole


@click.command()
@click.argument("name", required=False)
@click.option("--seeds", type=Whole(), help="Trainings of each variant.  [default: as many as the stored result has]")
@click.option("--variant", "variants", multiple=True, help="Only this variant and the baseline; repeat for several.")
@click.option("--steps", type=Whole(1), help="Another length of each training, for a quick look.")
@click.option("--out", type=Output(file_okay=False), default="build/experiments", help="Folder for NAME.json.")
def experiment(name: str | None, seeds: int | None, variants: tuple[str, ...], steps: int | None, out: Path) -> None:
    """Run the controlled experiment NAME, or list all with what they showed.

    One thing changes from variant to variant; each is trained with several seeds and compared with the
    baseline. Ctrl-C loses only the training under way: the same command goes on.

    \b
    Examples:
      gan-tutorial experiment
      gan-tutorial experiment ring-oscillation --seeds 5
      gan-tutorial experiment fashion-losses --variant hinge --seeds 2
    """
    quiet.import_tensorflow()
    from ..experiments import results, summary

    if name is None:
        click.echo("\n".join(summary.overview()))
        return
    chosen = list(dict.fromkeys(["baseline", *variants])) if variants else None
    try:
        result = results.run_experiment(name, out, seeds, chosen, {"steps": steps} if steps else None)
    except KeyboardInterrupt:
        raise click.ClickException(f"stopped; what is done stands in {out}, and the same command goes on") from None
    click.echo("\n".join([*summary.report(name, result), f"Numbers: {out / name}.json"]))
