"""The command `sample`."""

from pathlib import Path

import click

from .options import Output, Whole, open_generator


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("source")
@click.option("-n", "count", type=Whole(), default=64, help="How many images.")
@click.option("--out", type=Output(dir_okay=False), default=Path("samples.png"), help="PNG file to write.")
@click.option("--seed", type=Whole(), help="The same seed gives the same images.")
@click.option("--truncation", type=float, help="Keep the noise within this bound: less variety, fewer failures.")
@click.option("--columns", type=Whole(1), help="Images side by side.  [default: a square]")
@click.option("--scale", type=click.IntRange(1, 64), default=2, help="Side of a pixel.")
@click.pass_context
def sample(
    context: click.Context, source: str, count: int, out: Path, seed: int | None, truncation: float | None,
    columns: int | None, scale: int,
) -> None:  # fmt: skip
    """Generate images with SOURCE: the folder of a run, or a model that ships.

    Each of its conditions is an option, such as --label "ankle boot" or --tone 4: a category by its name or number, a
    number within its range. Given several times, the values take turns. `gan-tutorial weights` names the
    conditions of the models that ship.

    \b
    Examples:
      gan-tutorial sample cgan_fashion_mnist --label "ankle boot" -n 64 --out boots.png
      gan-tutorial sample cgan_portraits --role pilot --role cook --tone 4 --style noto
      gan-tutorial sample cgan_shapes --kind cross --colour red --size 0.9 --seed 1
      gan-tutorial sample runs/photos --label cat -n 64 --out cats.png
    """
    import numpy as np

    from ..data.validation import did_you_mean
    from ..plots import save_images
    from ..sampling import generate_images

    if count < 1:
        raise ValueError(f"-n must be at least 1, not {count}")
    # Where options come first, click takes one of them for the source.
    source, asked = conditions_in([source, *context.args])
    generator, card = open_generator(source)
    known = card.conditions
    chosen = {}
    for name, values in asked.items():
        if name not in known:
            others = [option.name or "" for option in context.command.params]
            hint = did_you_mean(name, [*known, *others]).replace("mean '", "mean '--")
            available = ", ".join(f"--{other.replace('_', '-')}" for other in known) or "none"
            flag = f"--{name.replace('_', '-')}"
            raise click.UsageError(f"no such option: {flag}.{hint} Conditions of {source}: {available}.")
        chosen[name] = np.resize([known[name].numbers(value).item() for value in values], count)
    images = generate_images(generator, count, seed=seed, truncation=truncation, **chosen)
    click.echo(f"{count} images: {save_images(images, out, columns, scale)}")


def conditions_in(arguments: list[str]) -> tuple[str, dict[str, list[str]]]:
    """The one argument that is not an option, and values by name from "--name value" and "--name=value"."""
    found: dict[str, list[str]] = {}
    sources, left = [], iter(arguments)
    for argument in left:
        name, equals, value = argument.partition("=")
        if name.startswith("--"):
            value = value if equals else next(left, "")
            if not value:
                raise click.UsageError(f"{name} needs a value")
            found.setdefault(name.removeprefix("--").replace("-", "_"), []).append(value)
        elif name.startswith("-"):
            raise click.UsageError(f"no such option: {name}")
        else:
            sources.append(argument)
    if len(sources) != 1:
        raise click.UsageError(f"unexpected argument {sources[1]!r}" if sources else "SOURCE is missing")
    return sources[0], found
