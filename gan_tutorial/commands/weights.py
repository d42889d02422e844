"""`weights`."""

from pathlib import Path

import click

from .. import quiet


@click.group(invoke_without_command=True)
@click.pass_context
def weights(context):
    """List the models that ship, or make one of them again.

    \b
    Examples:
      gan-tutorial weights
      gan-tutorial weights make cgan_fashion_mnist --out build/weights
    """
    if context.invoked_subcommand:
        return
    from ..pretrained import list_pretrained, load_card, weights_folder

    for name in list_pretrained():
        card = load_card(weights_folder() / name)
        metrics = ", ".join(f"{key.replace('_', ' ')} {value:.3g}" for key, value in card["metrics"].items())
        click.echo(f"{name:26} {card['seconds']:6,.0f} s of training   {metrics}")


@weights.command()
@click.argument("name")
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/weights"), help="Folder to write into.")
def make(name, out):
    """Train the shipped model NAME anew, as its card says."""
    quiet.import_tensorflow()
    from ..recipes import make_weights

    click.echo(f"Written: {', '.join(map(str, make_weights(name, out)))}")
