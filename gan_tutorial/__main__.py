"""The command line: `python -m gan_tutorial`, or `gan-tutorial` when installed."""

import os
import shlex
import sys
import time
from pathlib import Path

import click

from . import __version__, quiet


class _OneLineErrors(click.Group):
    """Turns the errors that bad input causes into one line, without a traceback."""

    def invoke(self, context):
        try:
            return super().invoke(context)
        except (ValueError, OSError, FloatingPointError) as error:
            raise click.ClickException(str(error).removeprefix("[Errno None] ")) from error


@click.group(
    cls=_OneLineErrors,
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True, "max_content_width": 100},
)
@click.version_option(__version__)
def main():
    """Train GANs, draw from them, and look at the data and weights of the course.

    \b
    Examples:
      gan-tutorial sample cgan_fashion_mnist --label sneaker -n 64 --out sneakers.png
      gan-tutorial train --data fashion_mnist --steps 3000 --out runs/fashion
      gan-tutorial train --data my_photos/ --size 64 --steps 5000 --out runs/photos
    """


@main.command()
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
    "--discriminator-conditioning", type=click.Choice(["projection", "channels", "concat"]), default="projection"
)
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
    """
    quiet.import_tensorflow()
    from .runs import plan_run, read_plan, start_run
    from .runtime import Runtime

    options["channels"] = 1 if options.pop("grey") else 3
    options["metrics"] = _names(options["metrics"])
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


@main.command()
@click.argument("source")
@click.option("--label", "labels", multiple=True, help="Class to draw, by name or number; repeat for several.")
@click.option("-n", "count", type=int, default=64, help="How many images.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("samples.png"), help="PNG file to write.")
@click.option("--seed", type=int, help="The same seed draws the same images.")
@click.option("--truncation", type=float, help="Keep the noise within this bound: less variety, fewer failures.")
@click.option("--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="Continuous condition, 0...1.")
@click.option("--columns", type=int, help="Images side by side.  [default: a square]")
@click.option("--scale", default=2, help="Side of a pixel.")
def sample(source, labels, count, out, seed, truncation, attributes, columns, scale):
    """Draw images from SOURCE: the folder of a run, or a model that ships.

    \b
    Examples:
      gan-tutorial sample cgan_fashion_mnist --label "ankle boot" -n 64 --out boots.png
      gan-tutorial sample cgan_shapes --label "red cross" --attribute size=0.9 --seed 1
      gan-tutorial sample runs/photos --label cat -n 64 --out cats.png
    """
    quiet.import_tensorflow()
    import numpy as np

    from .data import label_of
    from .plots import save_images
    from .sampling import generate_images

    if count < 1:
        raise ValueError(f"-n must be at least 1, not {count}")
    generator, card = _open_generator(source)
    if labels and not card["class_names"]:
        raise ValueError(f"{source} was trained without labels: leave --label out")
    chosen = np.resize([label_of(label, card["class_names"]) for label in labels], count) if labels else None
    values = _attribute_values(attributes, card["attributes"])
    images = generate_images(generator, count, chosen, values, seed, truncation)
    click.echo(f"{count} images: {save_images(images, out, columns, scale)}")


@main.command()
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
    from .evaluation.report import as_json, format_table, grade_beside_real, neighbour_picture, open_case
    from .plots import save_images
    from .pretrained import versions, write_json

    generator, card = _open_generator(source)
    start = time.perf_counter()
    case = open_case(generator, card, data, count, features, seed, progress=True)
    grades = grade_beside_real(case, _names(metrics), progress=True)
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


def _names(text):
    """Names from a text with commas; None for None."""
    return [name.strip() for name in text.split(",")] if text else None


def _open_generator(source):
    from .pretrained import list_pretrained, load_model, load_pretrained

    if Path(source).is_dir():
        model, card = load_model(Path(source) / "generator")
    elif Path(source).with_suffix(".npz").is_file():
        model, card = load_model(Path(source).with_suffix(""))
    elif source in list_pretrained():
        model, card = load_pretrained(source)
    else:
        raise ValueError(
            f"{source!r} is neither the folder of a run, nor a file of weights, nor a model that ships: {', '.join(list_pretrained())}"
        )
    if card["builder"] != "build_generator":
        raise ValueError(f"{source} is not a generator")
    return model, card


def _attribute_values(given, names):
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


@main.command()
@click.option("--preview", help="Data set, or folder of images, to draw a picture of.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("preview.png"), help="PNG file of the preview.")
@click.option("--size", default=64, help="Side of the images in pixels, for a folder.")
def datasets(preview, out, size):
    """List the data sets, or draw some images of one.

    \b
    Examples:
      gan-tutorial datasets
      gan-tutorial datasets --preview shapes --out shapes.png
      gan-tutorial datasets --preview my_photos/ --size 64
    """
    from .data import DATASETS, load_dataset

    if preview is None:
        for name, text in DATASETS.items():
            click.echo(f"{name:14} {text}")
        click.echo(f"{'a folder':14} of your own images, one sub-folder a class; see --preview")
        return
    from .plots import save_images

    data = load_dataset(preview, size=size, progress=True)
    if len(data.image_shape) != 3:
        raise ValueError(f"{preview} holds points, not images; notebook 01 draws them")
    click.echo(
        f"{len(data):,} images of shape {data.image_shape}; {data.num_classes} classes: {', '.join(data.class_names)}"
    )
    click.echo(f"Picture: {save_images(data.images[:100], out, columns=10)}")


@main.group(invoke_without_command=True)
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
    from .pretrained import list_pretrained, load_card, weights_folder

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
    from .recipes import make_weights

    click.echo(f"Written: {make_weights(name, out)}")


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main(prog_name="gan-tutorial")
