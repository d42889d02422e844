"""Time to quality: this course's CGAN beside textbook ones, on Fashion-MNIST or on portraits.

    python -m benchmarks.time_to_quality --budget 180
    python -m benchmarks.time_to_quality --data portraits --budget 180

Trains them one after the other for the same wall-clock time, compiling
included, evaluation not. Measures the Fréchet classifier distance to real
images and the accuracy of the conditions (on average, if there are several), at
a tenth of the budget and at each quarter. The real images are the 10,000 of
Fashion-MNIST's test split; of portraits, whose test split is small, those of
training. Writes the table, with the ratios, as JSON too.
"""

import math
import platform
import time
from pathlib import Path

import click

from gan_tutorial import quiet

quiet.import_tensorflow()

import keras
import numpy as np
import tensorflow as tf

from benchmarks.textbook import keras_gan_mlp, keras_io_dcgan, keras_io_dcgan_faces
from gan_tutorial.data import load_dataset
from gan_tutorial.evaluation import conditions_met, find_extractor
from gan_tutorial.files import write_json
from gan_tutorial.metrics import frechet_distance
from gan_tutorial.models import build_discriminator, build_generator
from gan_tutorial.presets import PRESETS
from gan_tutorial.pretrained import versions
from gan_tutorial.sampling import generate_images
from gan_tutorial.training import GANStep, Trainer

MARKS = (0.1, 0.25, 0.5, 0.75, 1.0)
#: The default of `Trainer`.
BATCH_SIZE = 32
#: Data that a race can be about: the split that is compared with, and how many images of it.
REFERENCES = {"fashion_mnist": ("test", 10_000), "portraits": ("train", 2_500)}


def our_networks(data, seed, preset, **in_discriminator):
    """The course's networks for this data, by a preset."""
    large = data.image_shape[0] >= 64
    width, upsampling = (16, "resize") if large else (32, "transposed")
    options = {"image_shape": data.image_shape, "conditions": data.conditions, "width": width, "seed": seed}
    generator = build_generator(**{"upsampling": upsampling, **preset.generator}, **options)
    return generator, build_discriminator(**{**preset.discriminator, **in_discriminator}, **options)


def our_preset(data):
    return PRESETS["matching" if len(data.conditions) > 1 else "default"]


def ours(data, seed):
    """The course's own networks and training: yields (steps done, sampler)."""
    preset = our_preset(data)
    return _by_trainer(our_networks(data, seed, preset), data, seed, **preset.training)


def dcgan(data, seed):
    """Our networks with DCGAN's training (Radford et al. 2016): its rates and momentum, batches of 128, no average.

    Both take the conditions as inputs, as in Mirza & Osindero 2014; the discriminator, as channels of constants.
    """
    preset = PRESETS["dcgan"]
    networks = our_networks(data, seed, preset, conditioning="channels")
    return _by_trainer(networks, data, seed, batch_size=128, ema=0.0, **preset.training)


def _by_trainer(networks, data, seed, batch_size=BATCH_SIZE, ema=0.999, **options):
    batch = {"image": data.images, **data.values}
    trainer = Trainer(GANStep(*networks, **options), batch, steps=10**9, batch_size=batch_size, ema=ema, seed=seed)
    for report in trainer.reports():
        yield report.step, lambda wanted, model=report.generator: generate_images(model, seed=seed, **wanted)


def textbook(build):
    def run(data, seed):
        step, sample = build(data.images, categories(data.conditions, data.values), seed)
        for count in range(1, 10**9):
            step()
            yield count, lambda wanted: _in_blocks(sample, categories(data.conditions, wanted))

    return run


def categories(conditions, values):
    """Values by name, all as categories: int32 arrays."""
    return {name: conditions[name].nearest(column) for name, column in values.items()}


#: By data, what takes part: how it trains, and its batch size.
CONTESTANTS = {
    "fashion_mnist": {
        "ours": (ours, BATCH_SIZE),
        "keras.io conditional DCGAN": (textbook(keras_io_dcgan), 64),
        "Keras-GAN MLP CGAN": (textbook(keras_gan_mlp), 32),
    },
    "portraits": {
        "ours": (ours, BATCH_SIZE),
        "our networks, DCGAN's training": (dcgan, 128),
        "keras.io DCGAN for faces": (textbook(keras_io_dcgan_faces), 32),
    },
}


def _in_blocks(sample, wanted, size=250):
    n = len(next(iter(wanted.values())))
    # Blocks of one size, so that each contestant is compiled once.
    blocks = [{name: column[i : i + size] for name, column in wanted.items()} for i in range(0, n, size)]
    return np.concatenate([sample(block).numpy() for block in blocks])


class Evaluator:
    """Measures generated images beside real ones of the same conditions, by the shipped classifier."""

    def __init__(self, name):
        split, count = REFERENCES[name]
        reference = load_dataset(name, split)
        self.real = reference.take(np.random.default_rng(0).permutation(len(reference))[:count])
        self.extractor = find_extractor("classifier", name, reference.image_shape)
        real = self.extractor(self.real.images)
        self.features, self.real_accuracy = real.features, self.accuracy(real)

    def accuracy(self, extraction):
        told = extraction.by_condition or {self.real.label_name: extraction.probabilities}
        return float(np.mean(list(conditions_met(told, self.real).values())))

    def __call__(self, sample):
        extraction = self.extractor(sample(self.real.values))
        return {"distance": frechet_distance(self.features, extraction.features), "accuracy": self.accuracy(extraction)}


def race(contestant, budget, data, evaluator, seed):
    """Train one contestant for `budget` seconds; returns its measurements."""
    run, batch = contestant
    marks, rows, spent = [share * budget for share in MARKS], [], 0.0
    first, start = None, time.perf_counter()
    for steps, sample in run(data, seed):
        now = time.perf_counter()
        # The first call compiles; the speed is that of all the others.
        first = first or (steps, now - start)
        if spent + now - start >= marks[len(rows)]:
            spent += now - start
            rows.append({"seconds": spent, "steps": steps, **evaluator(sample)})
            show(
                f"  {spent:6.1f} s  {steps:6d} steps  distance {rows[-1]['distance']:7.2f}  accuracy {rows[-1]['accuracy']:.3f}"
            )
            start = time.perf_counter()
            if len(rows) == len(marks):
                break
    milliseconds = 1000 * (rows[-1]["seconds"] - first[1]) / (rows[-1]["steps"] - first[0])
    return {"marks": rows, "ms_per_step": milliseconds, "images_per_second": 1000 * batch / milliseconds}


def layer_operations(model):
    """Floating-point operations of one forward pass for one example: 2 a multiplication and addition."""
    total = 0
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dense):
            total += 2 * math.prod(layer.kernel.shape)
        elif isinstance(layer, keras.layers.Conv2DTranspose):
            total += 2 * math.prod(layer.kernel.shape) * math.prod(layer.input.shape[1:3])
        elif isinstance(layer, keras.layers.Conv2D):
            total += 2 * math.prod(layer.kernel.shape) * math.prod(layer.output.shape[1:3])
    return total


def operation_rates(milliseconds, data):
    """GFLOP/s of our training step, penalties and mismatch not counted, and of a matrix product in this process."""
    generator, discriminator = our_networks(data, 0, our_preset(data))
    # A backward pass costs two forward ones (inputs, weights). The discriminator
    # sees two images an example, and passes gradients to the generator once more.
    step = BATCH_SIZE * (3 * layer_operations(generator) + (2 * 3 + 1) * layer_operations(discriminator))
    a = tf.random.normal([2048, 2048])
    tf.matmul(a, a)
    start = time.perf_counter()
    for _ in range(10):
        product = tf.matmul(a, a)
    product.numpy()
    matmul = 10 * 2 * 2048**3 / (time.perf_counter() - start)
    return {"operations_per_step": step, "step": step / milliseconds / 1e6, "matrix_product": matmul / 1e9}


def compare(results, real_accuracy):
    """The figures that the course holds itself to, ours against the better textbook."""
    rivals = {name: result for name, result in results.items() if name != "ours"}
    best = min(rivals, key=lambda name: rivals[name]["marks"][-1]["distance"])
    goal, mine = rivals[best]["marks"][-1], results["ours"]["marks"]
    reached = [m["seconds"] for m in mine if m["distance"] <= goal["distance"] and m["accuracy"] >= goal["accuracy"]]
    return {
        "better_textbook": best,
        "seconds_to_its_quality": reached[0] if reached else None,
        "distance_ratio": goal["distance"] / mine[-1]["distance"],
        "accuracy_gap_to_real": real_accuracy - mine[-1]["accuracy"],
    }


def show(text=""):
    print(text, flush=True)


@click.command()
@click.option("--data", "name", type=click.Choice(list(CONTESTANTS)), default="fashion_mnist", show_default=True)
@click.option("--budget", default=180.0, show_default=True, help="Seconds of training for each contestant.")
@click.option("--seed", default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="JSON file.  [default: build/time_to_quality_DATA.json]")
def main(name, budget, seed, out):
    """Train conditional GANs for the same time, and compare their quality."""
    data, evaluator, results = load_dataset(name), Evaluator(name), {}
    show(f"real images: accuracy {evaluator.real_accuracy:.3f}")
    for title, contestant in CONTESTANTS[name].items():
        show(title)
        results[title] = race(contestant, budget, data, evaluator, seed)
    rates = operation_rates(results["ours"]["ms_per_step"], data)
    verdict = compare(results, evaluator.real_accuracy)
    show(f"\n{'':28} {'ms/step':>8} {'images/s':>9}   " + "   ".join(f"{m * budget:5.0f} s     " for m in MARKS))
    for title, r in results.items():
        cells = "   ".join(f"{m['distance']:6.2f} {m['accuracy']:.3f}" for m in r["marks"])
        show(f"{title:28} {r['ms_per_step']:8.1f} {r['images_per_second']:9.0f}   {cells}")
    split, count = REFERENCES[name]
    show(f"(Fréchet classifier distance to {count:,} images of the {split} split, accuracy of the conditions)\n")
    show(f"the better textbook after {budget:.0f} s: {verdict['better_textbook']}")
    seconds = verdict["seconds_to_its_quality"]
    show("ours reached its quality after  " + (f"{seconds:.0f} s" if seconds else "the budget"))
    show(f"its distance / ours             {verdict['distance_ratio']:.1f}")
    show(f"accuracy of real images - ours  {verdict['accuracy_gap_to_real']:.3f}")
    show(f"our step {rates['step']:.0f} GFLOP/s, a matrix product {rates['matrix_product']:.0f} GFLOP/s")
    out = out or Path(f"build/time_to_quality_{name}.json")
    write_json(out, {
        "data": name, "budget": budget, "seed": seed, "real_accuracy": evaluator.real_accuracy, "results": results,
        "gflops": rates, "verdict": verdict, "versions": versions(), "processor": platform.processor() or platform.machine(),
    })  # fmt: skip
    show(f"written: {out}")


if __name__ == "__main__":
    main()
