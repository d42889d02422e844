"""Seconds that each metric takes for 10,000 real and 10,000 generated samples of 128 features.

    python -m benchmarks.metrics
    python -m benchmarks.metrics --out benchmarks/results/metrics.json

Times the functions of features or probabilities on random numbers, once warm.
With --models it also times `gan-tutorial evaluate` on every generator that
ships, twice, with an empty cache and with a full one.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from gan_tutorial import quiet

quiet.import_tensorflow()

import numpy as np

from gan_tutorial import metrics
from gan_tutorial.files import write_json
from gan_tutorial.metrics import distances
from gan_tutorial.pretrained import list_pretrained, versions


def timed(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def metric_times(n, k):
    """Dict from metric to seconds."""
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(n, k)), rng.normal(size=(n, k)) * 1.1 + 0.1
    probabilities, labels = rng.dirichlet(np.ones(10), n), np.arange(n) % 10
    actions = {
        "frechet_distance": lambda: metrics.frechet_distance(real, fake),
        "frechet_distance with interval": lambda: (
            metrics.frechet_distance(real, fake),
            distances.frechet_deviation(real, fake),
        ),
        "frechet_infinity": lambda: metrics.frechet_infinity(real, fake),
        "kernel_distance": lambda: metrics.kernel_distance(real, fake),
        "kernel_distance, 100 subsets": lambda: metrics.kernel_distance(real, fake, subsets=100),
        "gaussian_mmd": lambda: metrics.gaussian_mmd(real, fake),
        "monge_distance": lambda: metrics.monge_distance(real, fake),
        "vendi_score": lambda: metrics.vendi_score(fake),
        "precision_recall": lambda: metrics.precision_recall(real, fake),
        "density_coverage": lambda: metrics.density_coverage(real, fake),
        "intra_class_frechet": lambda: metrics.intra_class_frechet(real, labels, fake, labels),
        "inception_score": lambda: metrics.inception_score(probabilities),
        "conditional_accuracy": lambda: metrics.conditional_accuracy(probabilities, labels),
        "pairwise_distances": lambda: metrics.pairwise_distances(fake, labels),
        "authenticity": lambda: metrics.authenticity(real, fake),
        "nearest_neighbours": lambda: metrics.nearest_neighbours(fake, real),
    }
    timed(actions["frechet_distance"])
    return {name: timed(action) for name, action in actions.items()}


def evaluate_times(name):
    """Seconds of `gan-tutorial evaluate` with an empty cache and with a full one, as whole processes."""
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-m", "gan_tutorial", "evaluate", name, "--json", f"{cache}/out.json"]
        environment = {**os.environ, "GAN_TUTORIAL_CACHE": cache}

        def run():
            subprocess.run(command, env=environment, check=True, capture_output=True)

        first, again = timed(run), timed(run)
        return first, again, len(json.loads(Path(f"{cache}/out.json").read_text(encoding="utf-8"))["metrics"])


@click.command()
@click.option("--samples", default=10_000, show_default=True)
@click.option("--features", default=128, show_default=True)
@click.option("--models", is_flag=True, help="Time the whole command on the generators that ship, too.")
@click.option("--out", type=click.Path(path_type=Path), help="JSON file to write.")
def main(samples, features, models, out):
    """Time the metrics."""
    times = metric_times(samples, features)
    for name, seconds in times.items():
        print(f"{name:34} {seconds:7.2f} s")
    result = {"samples": samples, "features": features, "seconds": times}
    if models:
        result["evaluate"] = {}
        for name in (name for name in list_pretrained() if not name.startswith("classifier")):
            first, again, count = evaluate_times(name)
            print(f"evaluate {name:25} {first:7.1f} s, again {again:.1f} s, {count} metrics")
            result["evaluate"][name] = {"first": first, "again": again, "metrics": count}
    if out:
        about = {"command": " ".join(["python -m benchmarks.metrics", *sys.argv[1:]]), "versions": versions()}
        write_json(out, {**about, "cores": os.cpu_count(), "machine": platform.machine(), **result})


if __name__ == "__main__":
    main()
