"""Record trainings for the published site, into docs/recordings: a sheet of pictures each, and what is known of them.

    python -m tools.record_trainings               # all; about ten minutes on two cores
    python -m tools.record_trainings mode_collapse

The site shows a recording below the notebook's cell that it names, and a reader can play, pause and scrub it.
"""

import io
import json
import platform
from pathlib import Path

import click
import keras
import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure
from PIL import Image

import gan_tutorial as gt
from gan_tutorial.files import write_whole
from gan_tutorial.plots import BLUE, ORANGE
from gan_tutorial.widgets.game.engine import Engine
from gan_tutorial.widgets.game.presets import PRESETS
from gan_tutorial.widgets.game.settings import Settings
from gan_tutorial.widgets.game.still import LANDSCAPE
from gan_tutorial.widgets.game.view import LIMIT

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "recordings"
COLUMNS, FRAMES, EVERY, SIDE = 8, 60, 25, 320
#: By name: the cell below which the site shows it. What is said of it stands in docs/recordings/words.
CELLS = {
    "fair_game": "01_concepts/01-play-1", "mode_collapse": "01_concepts/01-play-1",
    "gan": "02_gan/02-027", "cgan": "03_cgan/03-015",
}  # fmt: skip


def plane(seen: dict[str, np.ndarray]) -> Image.Image:
    """What there is to see of a game in the plane, without words."""
    figure = Figure(figsize=(SIDE / 100, SIDE / 100), dpi=100)
    axis = figure.add_axes((0, 0, 1, 1))
    says = 1 / (1 + np.exp(-np.clip(seen["landscape"], -30, 30)))
    axis.imshow(says, LANDSCAPE, vmin=0, vmax=1, extent=(-LIMIT, LIMIT) * 2, origin="lower", interpolation="bicubic")
    axis.scatter(*seen["real"].T, s=5, color=BLUE, linewidth=0, alpha=0.6)
    axis.scatter(*seen["fake"].T, s=9, color=ORANGE, linewidth=0.3, edgecolor="k")
    axis.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT))
    axis.axis("off")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return Image.open(buffer).convert("RGB")


def play(name: str) -> tuple[list, list]:
    """Pictures and frames of a preset of the playground."""
    engine, pictures, frames = Engine(Settings(**PRESETS[name])), [], []
    for number in range(FRAMES):
        if number:
            engine.advance(EVERY)
        seen = engine.look()
        pictures.append(plane(seen))
        frames.append({"step": engine.step, "distance": round(float(seen["distance"][0]), 4)})
    return pictures, frames


def train(conditional: bool) -> tuple[list, list]:
    """Pictures and frames of the training that notebook 2 or 3 shows in its monitor."""
    data, pictures, frames = gt.load_dataset("fashion_mnist"), [], []
    classes = {"num_classes": 10} if conditional else {}
    generator, discriminator = gt.build_generator(64, seed=1, **classes), gt.build_discriminator(seed=1, **classes)
    asked = {"noise": gt.generate_noise(40, 64, seed=0)}
    if conditional:
        asked = {"noise": gt.generate_noise(4, 64, seed=0).repeat(10, 0), "labels": np.arange(40) % 10}
    steps = 3000 if conditional else 6000

    def draw(report):
        if report.step // (steps // FRAMES) > len(frames):
            pictures.append(Image.fromarray(gt.plots.image_grid(gt.generate_images(report.generator, **asked), 10)))
            frames.append({"step": report.step})

    given = (data.images, data.labels) if conditional else (data.images,)
    learn = gt.train_cgan if conditional else gt.train
    learn(generator, discriminator, *given, steps=steps, callbacks=[draw], progress=False)
    return pictures, frames


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(CELLS)))
def main(names: tuple[str, ...]) -> None:
    """Record these trainings, or all."""
    FOLDER.mkdir(exist_ok=True)
    for name in names or CELLS:
        pictures, frames = play(name) if name in PRESETS else train(name == "cgan")
        width, height = pictures[0].size
        sheet = Image.new("RGB", (width * COLUMNS, height * -(-len(pictures) // COLUMNS)))
        for number, picture in enumerate(pictures):
            sheet.paste(picture, (width * (number % COLUMNS), height * (number // COLUMNS)))
        with write_whole(FOLDER / f"{name}.webp") as path:
            sheet.save(path, "WEBP", quality=60, method=6)
        versions = {"gan_tutorial": gt.__version__, "tensorflow": tf.__version__, "keras": keras.__version__}
        known = {
            "name": name, "cell": CELLS[name], "columns": COLUMNS, "width": width, "height": height,
            "zoom": 1 if name in PRESETS else 2, "frames": frames,
            "command": f"python -m tools.record_trainings {name}", "settings": PRESETS.get(name, {}), "seed": 0,
            "versions": versions | {"python": platform.python_version()},
        }  # fmt: skip
        with write_whole(FOLDER / f"{name}.json") as path:
            path.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(name, len(frames), "pictures,", (FOLDER / f"{name}.webp").stat().st_size // 1000, "kB")


if __name__ == "__main__":
    main()
