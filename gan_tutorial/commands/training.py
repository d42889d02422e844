"""`train`."""

import shlex
import sys
from pathlib import Path

import click

from .. import quiet
from .options import names_in


@click.command()
@click.option("--data", help="Name of a data set (see `datasets`), or a folder of images, one sub-folder a class.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder of the run.")
@click.option("--resume", is_flag=True, help="Go on with the run in --out, with the options it began with.")
@click.option("--steps", type=int, help="Training steps in all.  [default: 3000]")
@click.option("--size", default=64, help="Side of the images in pixels, for a folder: 16...128, divisible by 4.")
@click.option("--grey", is_flag=True, help="Read a folder's images as grey.")
@click.option("--unconditional", is_flag=True, help="Ignore the labels: train a plain GAN.")
@click.option("--attribute", "attributes", multiple=True, help="A continuous condition, such as `size` of shapes.")
@click.option("--width", type=int, help="Channels of the networks.  [default: 32, or 16 above 32 pixels]")
@click.option("--latent-dim", default=64, help="Length of the noise.")
@click.option("--generator-conditioning", type=click.Choice(["concat", "batch_norm"]), default="concat")
@click.option(
    "--discriminator-conditioning",
    type=click.Choice(["projection", "channels", "concat", "auxiliary"]),
    default="projection",
)
@click.option("--activation", type=click.Choice(["relu", "leaky_relu", "prelu", "silu"]), default="relu")
@click.option("--codes", type=int, help="InfoGAN: so many labels to be found without any being given.")
@click.option("--continuous-codes", type=int, help="InfoGAN: so many continuous ones.")
@click.option("--batch-size", type=int, help="Images a step.  [default: 32]")
@click.option(
    "--loss", help="Adversarial loss: minimax, non_saturating, least_squares, hinge, wasserstein, relativistic."
)
@click.option("--r1", type=float, help="Weight of the penalty on the slope at real images.  [default: 0]")
@click.option("--r2", type=float, help="Weight of the penalty on the slope at generated images.  [default: 0]")
@click.option("--gradient-penalty", type=float, help="Weight of the penalty of WGAN-GP.  [default: 0]")
@click.option("--penalty-every", type=int, help="Steps between two penalties.  [default: 1]")
@click.option("--clip-weights", type=float, help="Bound of the discriminator's weights.  [default: none]")
@click.option("--spectral-norm", is_flag=True, help="Bound the discriminator's slope by its largest singular values.")
@click.option("--instance-noise", type=float, help="Noise on what the discriminator sees.  [default: 0]")
@click.option("--augment", multiple=True, help="DiffAugment: colour, translation, cutout; repeat for several.")
@click.option("--augment-target", type=float, help="Augment as often as keeps the sign of real logits here: 0.6.")
@click.option("--auxiliary", type=float, help="Weight of guessing labels or codes.  [default: 1]")
@click.option("--generator-rate", type=float, help="Learning rate of the generator.  [default: 0.001]")
@click.option("--discriminator-rate", type=float, help="Learning rate of the discriminator.  [default: 0.002]")
@click.option("--discriminator-steps", type=int, help="Discriminator updates a step.  [default: 1]")
@click.option("--label-smoothing", type=float, help="One-sided label smoothing.  [default: 0]")
@click.option("--ema", type=float, help="Decay of the averaged generator.  [default: 0.999]")
@click.option("--seed", type=int, help="Seed of weights, noise and order.  [default: 0]")
@click.option("--sample-every", default=250, help="Steps between two sample pictures.")
@click.option("--evaluate-every", type=int, help="Steps between two measurements by metrics.  [default: none]")
@click.option("--metrics", help="Which, separated by commas; see `evaluate`.  [default: seven quick ones]")
@click.option("--best-by", help="Metric that decides which generator is kept as the best.  [default: frechet]")
@click.option("--device", "devices", multiple=True, help="A device to use, such as GPU:0; all GPUs if none is named.")
@click.option("--xla/--no-xla", default=None, help="Compile with XLA.  [default: on a single GPU]")
@click.option("--mixed-precision/--no-mixed-precision", default=None, help="bfloat16.  [default: on recent GPUs]")
def train(out, resume, sample_every, devices, xla, mixed_precision, **options):
    """Train a GAN, or a conditional GAN where the data has labels.

    Pictures, weights, losses and checkpoints go into the folder --out. Ctrl-C
    stops and loses nothing; --resume goes on exactly where it stopped.

    \b
    Examples:
      gan-tutorial train --data fashion_mnist --steps 3000 --out runs/fashion
      gan-tutorial train --data my_photos/ --size 64 --steps 5000 --out runs/photos
      gan-tutorial train --resume --out runs/photos
      gan-tutorial train --resume --steps 10000 --out runs/photos
      gan-tutorial train --data shapes --attribute size --out runs/shapes
      gan-tutorial train --data fashion_mnist --evaluate-every 500 --out runs/fashion
      gan-tutorial train --data my_photos/ --r1 1 --augment colour --augment translation --out runs/few
      gan-tutorial train --data fashion_mnist --codes 10 --auxiliary 0.05 --r1 1 --out runs/infogan
    """
    quiet.import_tensorflow()
    from ..runs import plan_run, read_plan, start_run
    from ..runtime import Runtime

    options["channels"] = 1 if options.pop("grey") else 3
    options["metrics"] = names_in(options["metrics"])
    given = {name: value for name, value in options.items() if value is not None}
    if resume:
        plan = read_plan(out)
        plan["settings"]["steps"] = given.get("steps", plan["settings"]["steps"])
    elif "data" not in given:
        raise click.UsageError("--data is missing: name a data set or a folder of images (or --resume a run)")
    else:
        plan = plan_run(**given)
    runtime = Runtime(devices or None, xla, mixed_precision)
    command = shlex.join(["gan-tutorial", *sys.argv[1:]])
    result = start_run(out, plan, resume, runtime, sample_every, command=command)
    if result.interrupted:
        click.echo(f"Stopped after {result.step} steps; go on with: gan-tutorial train --resume --out {out}")
    if (out / "best.json").is_file():
        click.echo(f"Best by the metrics: {out / 'best'}, all in {out / 'metrics.csv'}")
    newest = sorted((out / "samples").glob("*.png"))[-1]
    click.echo(
        f"Pictures: {newest}, {out / 'training.webp'}\nDraw more:  gan-tutorial sample {out} -n 64 --out samples.png"
    )
