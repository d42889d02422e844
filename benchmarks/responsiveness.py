"""How long a learner waits: imports, data, sliders.

    python -m benchmarks.responsiveness

Prints medians over several runs, beside the time the course aims at.
"""

import statistics
import subprocess
import sys
import time

import click

from gan_tutorial import quiet

quiet.import_tensorflow()

import numpy as np

from gan_tutorial.data import load_fashion_mnist, make_shapes
from gan_tutorial.plots import png_bytes
from gan_tutorial.pretrained import load_pretrained
from gan_tutorial.sampling import generate_images, generate_noise
from gan_tutorial.widgets import explorer


def median_ms(action, runs):
    """Median time of action(i), in milliseconds, after a warm-up."""
    action(0)
    seconds = []
    for i in range(1, runs + 1):
        start = time.perf_counter()
        action(i)
        seconds.append(time.perf_counter() - start)
    return 1000 * statistics.median(seconds)


def import_package(_):
    subprocess.run([sys.executable, "-c", "import gan_tutorial"], check=True)


def start_python(_):
    subprocess.run([sys.executable, "-c", ""], check=True)


def draw_sixteen(name):
    generator, _ = load_pretrained(name)

    def draw(i):
        noise = generate_noise(16, 64, seed=i)
        return png_bytes(generate_images(generator, noise=noise, labels=np.full(16, i % 10)))

    return draw


def move_slider(name):
    controls = explorer(*load_pretrained(name)).controls

    def move(i):
        before = bytes(controls["picture"].value)
        controls["noise"].value = 10 + i
        assert bytes(controls["picture"].value) != before

    return move


@click.command()
@click.option("--runs", default=30, show_default=True)
def main(runs):
    """Measure what a learner waits for."""
    rows = [
        ("import gan_tutorial", median_ms(import_package, 9) - median_ms(start_python, 9), 300),
        ("load Fashion-MNIST, 60,000 images", median_ms(lambda i: load_fashion_mnist(), 3), None),
        ("draw 10,000 shapes", median_ms(lambda i: make_shapes(10_000, seed=i), 3), 3000),
        ("16 clothes to PNG bytes", median_ms(draw_sixteen("cgan_fashion_mnist"), runs), 15),
        ("16 shapes to PNG bytes", median_ms(draw_sixteen("cgan_shapes"), runs), None),
        (
            "explorer of clothes: slider to both pictures (11 images)",
            median_ms(move_slider("cgan_fashion_mnist"), runs),
            15,
        ),
        ("explorer of shapes: slider to both pictures (25 images)", median_ms(move_slider("cgan_shapes"), runs), None),
    ]
    for what, milliseconds, aim in rows:
        print(f"{what:58} {milliseconds:8.1f} ms" + (f"   aim: under {aim} ms" if aim else ""))


if __name__ == "__main__":
    main()
