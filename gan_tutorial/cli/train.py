"""The command `train`. Its options are made from what defines a run, where names, defaults and help are written."""

from __future__ import annotations

import dataclasses
import functools
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from .options import Output, Whole, names_in

#: Headings of `--help` and what is listed under them; all else is listed under "Training".
_HEADINGS = {
    "Data": "data size grey stream unconditional conditions",
    "Networks": "preset width latent_dim seed_channels generator_conditioning discriminator_conditioning blocks upsampling "
    "activation stages minibatch_deviation codes continuous_codes",
    "Training": "",
    "Stabilizers": "label_smoothing r1 r2 gradient_penalty penalty_every clip_weights spectral_norm instance_noise "
    "orthogonal augment augment_target",
    "Measuring": "sample_every evaluate_every metrics best_by",
    "Machine": "devices xla mixed_precision",
}


@functools.cache
def _run_options() -> list[click.Option]:
    """An option for each field of a run's configuration and for each option of its training."""
    from .. import losses, models, presets, run_config, training

    choices: dict[str, Any] = {
        "generator_conditioning": models.generator.GENERATOR_CONDITIONING,
        "discriminator_conditioning": models.discriminator.DISCRIMINATOR_CONDITIONING,
        "preset": presets.PRESETS,
        "blocks": models.generator.BLOCKS,
        "upsampling": models.generator.UPSAMPLING,
        "activation": models.generator.ACTIVATIONS,
        "loss": losses.LOSSES,
        "augment": training.augmentation.AUGMENTATIONS,
    }
    kinds: dict[str, dict[str, Any]] = {name: {"type": click.Choice(list(known))} for name, known in choices.items()}
    kinds["data"] = {"default": None, "type": str}
    kinds["preset"]["default"] = None  # it depends on the data
    kinds["metrics"] = {"type": str, "metavar": "NAME,NAME", "callback": lambda *arguments: names_in(arguments[-1])}
    fields = dataclasses.fields(run_config.RunConfig)  # an instance would make an optimizer, before workers have met
    made = {field.name: field.default_factory() for field in fields if callable(field.default_factory)}
    defaults = {**{field.name: field.default for field in fields}, **made, **run_config.OPTIONS}
    texts = training.options.documented_options(run_config.RunConfig, training.GANStep, training.Trainer)
    names = [name for name in defaults if name not in ("command", "options")]
    return [_make_option(name, defaults[name], texts[name], kinds.get(name, {})) for name in names]


def _make_option(name: str, default: Any, text: str, kind: dict[str, Any]) -> click.Option:
    flag, text = name.replace("_", "-"), text[0].upper() + text[1:]
    # What has no default is a whole number.
    kind_of_default = Whole() if default is None or type(default) is int else type(default)
    settings = {"default": default, "help": text, "type": kind_of_default}
    if isinstance(default, list | tuple):
        flag, text = flag.removesuffix("s"), f"{text[:-1]}; repeat for several."
        settings = {"multiple": True, "help": text, "type": str}
    return click.Option([f"--{flag}", name], **{**settings, "is_flag": isinstance(default, bool), **kind})


class _TrainCommand(click.Command):
    """Looks its options up when they are needed, because that takes TensorFlow, and lists them under headings."""

    def get_params(self, context: click.Context) -> list[click.Parameter]:
        return [*super().get_params(context), *_run_options()]

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        records = {option.name: option.get_help_record(context) or ("", "") for option in self.get_params(context)}
        named = " ".join(_HEADINGS.values()).split()
        for heading, names in _HEADINGS.items():
            own = names.split() or [name for name in records if name not in named]
            with formatter.section(heading):
                formatter.write_dl([record for name, record in records.items() if name in own])


@click.command(cls=_TrainCommand)
@click.option("--out", required=True, type=Output(file_okay=False), help="Folder of the run.")
@click.option("--resume", is_flag=True, help="Go on with the run in --out, with the options it began with.")
@click.option("--sample-every", type=Whole(), default=250, help="Steps between two sample pictures.")
@click.option("--device", "devices", multiple=True, help="A device to use, such as GPU:0; all GPUs if none is named.")
@click.option("--xla/--no-xla", default=None, help="Compile with XLA.  [default: on a single GPU]")
@click.option("--mixed-precision/--no-mixed-precision", default=None, help="bfloat16.  [default: on recent GPUs]")
@click.pass_context
def train(
    context: click.Context, out: Path, resume: bool, sample_every: int, devices: tuple[str, ...], xla: bool | None,
    mixed_precision: bool | None, **options: Any,
) -> None:  # fmt: skip
    """Train a GAN, or a conditional GAN where the data has labels.

    Pictures, weights, losses and checkpoints go into the folder --out. Ctrl-C stops and loses nothing; --resume goes on
    exactly where it stopped.

    \b
    Examples:
      gan-tutorial train --data fashion_mnist --steps 3000 --out runs/fashion
      gan-tutorial train --data my_photos/ --size 64 --steps 5000 --out runs/photos
      gan-tutorial train --resume --out runs/photos
      gan-tutorial train --resume --steps 10000 --out runs/photos
      gan-tutorial train --data portraits --latent-dim 16 --out runs/portraits
      gan-tutorial train --data portraits --preset r3gan --out runs/modern
      gan-tutorial train --data shapes --condition kind --condition size --out runs/shapes
      gan-tutorial train --data fashion_mnist --evaluate-every 500 --out runs/fashion
      gan-tutorial train --data my_photos/ --r1 1 --augment colour --augment translation --out runs/few
      gan-tutorial train --data fashion_mnist --codes 10 --auxiliary-weight 0.5 --stages 3 --r1 1 --out runs/infogan
    """
    from ..run_config import resumed_config, run_config
    from ..runs import start_run, steps_done
    from ..training import Runtime
    from ..training.distribution import is_chief

    runtime = Runtime(devices or None, xla, mixed_precision)
    chief = is_chief(runtime.strategy())  # workers meet here, before TensorFlow computes anything
    default = click.core.ParameterSource.DEFAULT
    given = {name: value for name, value in options.items() if context.get_parameter_source(name) is not default}
    if not resume and "data" not in given:
        raise click.UsageError("--data is missing: name a data set or a folder of images (or --resume a run)")
    if given.get("conditions") and (given.get("codes") or given.get("continuous_codes")):
        raise click.UsageError("an InfoGAN finds conditions of its own: leave --condition out")
    command = shlex.join(["gan-tutorial", *sys.argv[1:]])
    config = resumed_config(out, **given) if resume else run_config(**given, command=command)
    before = steps_done(out)
    click.echo(f"Training on {runtime.describe()}")
    result = start_run(out, config, resume, runtime, sample_every)
    if not chief:
        return
    if not result.step:
        raise KeyboardInterrupt
    folder = shlex.quote(str(out))
    if result.interrupted:
        click.echo(f"Stopped after {result.step} steps; go on with: gan-tutorial train --resume --out {folder}")
    elif result.step == before:
        more = f"gan-tutorial train --resume --steps {2 * before} --out {folder}"
        click.echo(f"Finished already: all {before} steps are done; go on with more: {more}")
    if (out / "best.json").is_file():
        click.echo(f"Best by the metrics: {out / 'best'}, all in {out / 'metrics.csv'}")
    click.echo(f"Pictures: {max((out / 'samples').glob('*.png'))}, {out / 'training.webp'}")
    click.echo(f"Generate more: gan-tutorial sample {folder} -n 64 --out samples.png")
