"""The command `weights`."""

from pathlib import Path

import click


@click.group(invoke_without_command=True)
@click.pass_context
def weights(context: click.Context) -> None:
    """List the models that ship, or make one of them again.

    \b
    Examples:
      gan-tutorial weights
      gan-tutorial weights make cgan_fashion_mnist --out build/weights
    """
    from ..pretrained import list_pretrained, load_card, weights_folder

    if context.invoked_subcommand:
        return
    for name in list_pretrained():
        card = load_card(weights_folder() / name)
        metrics = ", ".join(f"{key.replace('_', ' ')} {value:.3g}" for key, value in card.metrics.items())
        click.echo(f"{name:26} {card.seconds:6,.0f} s of training   {metrics}")


@weights.command()
@click.argument("name")
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/weights"), help="Folder to write into.")
def make(name: str, out: Path) -> None:
    """Train the shipped model NAME again, as its card says."""
    from ..pretrained.recipes import make_weights

    click.echo(f"Written: {', '.join(map(str, make_weights(name, out)))}")
