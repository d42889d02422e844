"""How training scales: a model for many GPUs, and what can be measured without them. See docs/scaling.md.

    python -m benchmarks.scaling model
    python examples/cluster/local_workers.py 2 python -m benchmarks.scaling workers
    python -m benchmarks.scaling reading

`model` predicts; `workers` measures a step of the workers it runs in, and predicts it from its parts; `reading` streams
a folder of 50,001 small files, alone and into a training. Nothing is stored.
"""

import math
import os
import tempfile
import time
from pathlib import Path

import click

from gan_tutorial import quiet

quiet.import_tensorflow()

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from benchmarks.time_to_quality import layer_operations, show
from gan_tutorial.data import load_fashion_mnist, stream_folder
from gan_tutorial.models import build_discriminator, build_generator
from gan_tutorial.training import GANStep, Runtime, Trainer
from gan_tutorial.training.compilation import CompiledSteps
from gan_tutorial.training.distribution import is_chief

#: The largest batch of Brock et al. 2019.
LARGEST_BATCH = 2048


def networks(size, channels=3, width=16):
    """The conditional GAN as the command line builds it, with ten classes."""
    shared = {"image_shape": (size, size, channels), "num_classes": 10, "width": width}
    generator = build_generator(upsampling="resize" if size >= 64 else "transposed", **shared)
    return generator, build_discriminator(**shared)


def parameters(model):
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def operations(generator, discriminator):
    """Floating-point operations of a step for one image; `operation_rates` in `time_to_quality` explains the factors."""
    return 3 * layer_operations(generator) + 7 * layer_operations(discriminator)


def messages(generator):
    """All-reduces in a step, as `workers` counts them."""
    norms = sum(isinstance(layer, keras.layers.BatchNormalization) for layer in generator.layers)
    # Each normalization: sum, sum of squares and count forward, two sums backward, and two more (moving averages?).
    # Once: the gradients of either network, the metrics, and whether all is finite.
    return 7 * norms + 4


def exchange(n, size, count, bandwidth, latency):
    """Seconds in which n devices exchange `size` bytes in a ring, and `count` messages in trees: (bytes, latency)."""
    return 2 * (n - 1) / n * size / bandwidth, count * 2 * math.ceil(math.log2(n)) * latency


def rounded(number):
    """Two digits: a model with assumed numbers knows no more."""
    return f"{float(f'{number:.2g}'):,.0f}"


@click.group()
def main():
    """Predict and measure how training scales."""


@main.command()
@click.option("--width", default=16, show_default=True, help="Channels of the networks.")
@click.option("--per-gpu", default=64, show_default=True, help="Images per GPU and step.")
@click.option("--tflops", default=31.2, show_default=True, help="Sustained 10^12 operations a second of a GPU.")
@click.option("--bandwidth", default=25.0, show_default=True, help="10^9 bytes a second between GPUs.")
@click.option("--latency", default=5.0, show_default=True, help="Microseconds of one hop.")
def model(width, per_gpu, tflops, bandwidth, latency):
    """Print the tables of docs/scaling.md."""
    link, rows = (bandwidth * 1e9, latency * 1e-6), []
    show("| pixels | parameters, both | gradients, MB | all-reduces | GFLOP an image |\n|---|---|---|---|---|")
    for size in (64, 128, 256):
        pair = networks(size, width=width)
        weights, work, count = sum(map(parameters, pair)), operations(*pair), messages(pair[0])
        show(f"| {size} | {weights:,} | {4e-6 * weights:.1f} | {count} | {work / 1e9:.2f} |")
        for n in (8, 64, 512):
            one, moved = work / tflops / 1e12, exchange(n, 4 * weights, count, *link)
            compute, talk = per_gpu * one, sum(moved)
            # Efficiency of 90 %: nine times as long computing as talking.
            needed, strong = math.ceil(9 * talk / one), LARGEST_BATCH / n * one
            rows.append(
                f"| {size} | {n} | {1e3 * compute:.2f} | {1e3 * moved[0]:.2f} | {1e3 * moved[1]:.2f} "
                f"| {compute / max(compute, talk):.0%} | {compute / (compute + talk):.0%} "
                f"| {rounded(n * per_gpu / (compute + talk))} | {rounded(needed)} "
                f"| {strong / (strong + talk):.0%} |"
            )
    show("\n| pixels | GPUs | compute, ms | bytes, ms | latency, ms | efficiency, hidden | efficiency, in turn | images/s "
         f"| images a GPU for 90 % | batch {LARGEST_BATCH}, in turn |\n|---|---|---|---|---|---|---|---|---|---|")  # fmt: skip
    show("\n".join(rows))


@main.command()
@click.option("--size", default=64, show_default=True)
@click.option("--batch-size", default=32, show_default=True)
@click.option("--steps", default=20, show_default=True)
def workers(size, batch_size, steps):
    """Measure a step of these workers."""
    runtime = Runtime()
    strategy, about = runtime.strategy(), runtime.describe()
    n, pair = strategy.num_replicas_in_sync, networks(size)

    @tf.function
    def reduce(length):
        def own():
            return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, tf.ones([length]))

        return strategy.experimental_local_results(strategy.run(own))[0]

    seconds = {}
    for length in (1, 1_000_000) if n > 1 else ():
        reduce(length)
        times = []
        for _ in range(10):
            start = time.perf_counter()
            reduce(length).numpy()
            times.append(time.perf_counter() - start)
        seconds[length] = float(np.median(times))
    rng = np.random.default_rng(0)
    data = {"image": rng.uniform(-1, 1, (256, size, size, 3)).astype("float32"), "label": rng.integers(0, 10, 256)}
    trainer = Trainer(GANStep(*pair), data, steps=10**6, batch_size=batch_size, runtime=runtime)
    run = CompiledSteps(trainer, trainer._make_state(), trainer._source(0))
    graph = run._run.get_concrete_function(tf.constant(1), None).graph.as_graph_def()
    nodes = [node.op for function in graph.library.function for node in function.node_def]
    run(2)
    times = []
    for _ in range(steps):
        start = time.perf_counter()
        run(1)
        times.append(time.perf_counter() - start)
    if not is_chief(strategy):
        return
    low, median, high = np.percentile(times, (10, 50, 90))
    show(f"{about}\nsize {size}, batch {batch_size}: a step takes {1e3 * median:.0f} ms (10 to 90 %: {1e3 * low:.0f} to "
         f"{1e3 * high:.0f}); {operations(*pair) * batch_size / median / 1e9:.1f} GFLOP/s over all workers")  # fmt: skip
    if n > 1:
        weights, count = sum(map(parameters, pair)), messages(pair[0])
        latency, byte = seconds[1], (seconds[1_000_000] - seconds[1]) / 4e6
        found = sum(name.startswith("CollectiveReduce") for name in nodes)
        show(f"all-reduces in the graph {found}, in the model {count}; of one number {1e3 * latency:.2f} ms, of 4 MB "
             f"{1e3 * seconds[1_000_000]:.1f} ms; predicted for {4e-6 * weights:.1f} MB of gradients: {count} × latency "
             f"{1e3 * count * latency:.0f} ms + bytes {1e3 * 4 * weights * byte:.0f} ms")  # fmt: skip


def resident():
    """Megabytes of memory that this process has now (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@main.command()
@click.option("--count", default=50_001, show_default=True, help="Files.")
@click.option("--epochs", default=2, show_default=True, help="Of the stream alone.")
@click.option("--steps", default=200, show_default=True, help="Of the training.")
def reading(count, epochs, steps):
    """Measure a stream of small files."""
    clothes = load_fashion_mnist("train")
    pixels = np.rint((clothes.images[:count, ..., 0] + 1) * 127.5).astype(np.uint8)
    with tempfile.TemporaryDirectory() as temporary:
        folder, cache = Path(temporary) / "images", Path(temporary) / "cache"
        for name in range(10):
            (folder / str(name)).mkdir(parents=True)
        for i, (image, label) in enumerate(zip(pixels, clothes.labels)):
            Image.fromarray(image).save(folder / str(label) / f"{i}.{('jpg', 'png')[i % 2]}")
        del clothes, pixels
        pair = networks(28, 1, 32)
        for name, options in {"files": {}, "cache": {"cache": cache}}.items():
            start = time.perf_counter()
            stream = stream_folder(folder, 28, 32, 1, **options)
            ready, memory, batches = time.perf_counter() - start, [resident()], epochs * count // 32
            start, cpu = time.perf_counter(), time.process_time()
            for number, _ in enumerate(stream.take(batches), start=1):
                if number % (batches // 4) == 0:
                    memory.append(resident())
            seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
            show(f"{name}: ready after {ready:.1f} s; {32 * batches / seconds:,.0f} images/s alone, "
                 f"{1e3 * cpu / (32 * batches):.3f} ms of a core each; memory, MB: {', '.join(f'{m:.0f}' for m in memory)}")  # fmt: skip
        arrays = next(iter(stream.unbatch().batch(2000).as_numpy_iterator()))
        for name, data in {"files": stream_folder(folder, 28, 32, 1), "cache": stream, "arrays": arrays}.items():
            trainer, speeds, cpu = Trainer(GANStep(*pair), data, steps=steps), [], 0.0
            for report in trainer.reports():
                if not speeds:  # compiled, and warm
                    cpu, memory = time.process_time(), resident()
                speeds.append(report.images_per_second)
            cpu = (time.process_time() - cpu) / (32 * (steps - 20))
            show(f"training on {name}: {np.median(speeds[1:]):,.0f} images/s, {1e3 * cpu:.3f} ms of a core each; "
                 f"memory {memory:.0f} to {resident():.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
