"""The command `weights`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import Output

if TYPE_CHECKING:
    from ..data import Condition


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
    from ..pretrained.cards import GENERATORS

    if context.invoked_subcommand:
        return
    for name in list_pretrained():
        card = load_card(weights_folder() / name)
        metrics = ", ".join(f"{key.replace('_', ' ')} {value:.3g}" for key, value in card.metrics.items())
        click.echo(f"{name:26} {card.seconds:6,.0f} s of training   {metrics}")
        if card.conditions and card.builder in GENERATORS and not card.codes:
            asked = (f"--{name} {_choices(condition)}" for name, condition in card.conditions.items())
            click.echo(f"{'':26} {'  '.join(asked)}")


def _choices(condition: Condition) -> str:
    if condition.is_range:
        return f"{condition.low:g}…{condition.high:g}"
    names, shown = condition.categories, 4
    return "|".join(names[:shown]) + (f"|… ({len(names)})" if len(names) > shown else "")


@weights.command()
@click.argument("name")
@click.option("--out", type=Output(file_okay=False), default=Path("build/weights"), help="Folder to write into.")
def make(name: str, out: Path) -> None:
    """Train the shipped model NAME again, as its card says."""
    from ..pretrained.recipes import make_weights

    click.echo(f"Written: {', '.join(map(str, make_weights(name, out)))}")
