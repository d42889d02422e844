"""The command line as a user meets it, in processes of its own; and killed ones."""

import csv
import json
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from gan_tutorial.__main__ import main
from gan_tutorial.pretrained import load_model
from gan_tutorial.training import list_checkpoints

from .conftest import weights_of


def invoke(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "gan_tutorial", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture
def photos(tmp_path):
    rng = np.random.default_rng(0)
    for name in ("cats", "dogs"):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for i in range(12):
            Image.fromarray(rng.integers(0, 255, (20, 24, 3), dtype=np.uint8)).save(
                tmp_path / "photos" / name / f"{i}.png"
            )
    return tmp_path / "photos"


def options(photos, out, steps):
    return ["train", "--data", photos, "--size", 16, "--width", 4, "--batch-size", 8, "--steps", steps, "--out", out]


def wait_for(condition, process, seconds=120):
    end = time.time() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.time() < end, "nothing happened"
        time.sleep(0.05)


def same_generator(a, b):
    return np.array_equal(*(weights_of(load_model(folder / "generator")[0]) for folder in (a, b)))


def test_train_interrupt_resume_sample(photos, tmp_path):
    """The whole life of a run; the resumed one ends where an unbroken one does."""
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert invoke(*options(photos, whole, 700), "--sample-every", 100).exit_code == 0

    process = start(*options(photos, broken, 700), "--sample-every", 100)
    wait_for(lambda: list(broken.glob("samples/*.png")), process)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    stopped = int(re.search(r"Stopped after (\d+) steps; go on with: gan-tutorial train --resume", out)[1])
    assert 100 <= stopped < 700

    resumed = invoke("train", "--resume", "--out", broken)
    assert resumed.exit_code == 0, resumed.output
    assert same_generator(whole, broken)
    steps = [int(line.split(",")[0]) for line in (broken / "history.csv").read_text().splitlines()[1:]]
    assert steps == sorted(set(steps)) and steps[-1] == 700
    with Image.open(broken / "training.webp") as animation:
        assert animation.n_frames > 1

    sampled = invoke(
        "sample", broken, "--label", "dogs", "-n", 9, "--seed", 1, "--out", tmp_path / "dogs.png", "--scale", 1
    )
    assert sampled.exit_code == 0 and "9 images" in sampled.output
    assert Image.open(tmp_path / "dogs.png").size == (3 * 18 - 2, 3 * 18 - 2)
    longer = invoke("train", "--resume", "--steps", 720, "--out", broken)
    assert longer.exit_code == 0 and (broken / "samples" / "step_000720.png").exists()


def test_killed_in_training_and_in_a_checkpoint_write(photos, tmp_path):
    """kill -9, twice: between checkpoints, and in the middle of writing one."""
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert invoke(*options(photos, whole, 1200)).exit_code == 0

    process = start(*options(photos, broken, 1200))
    wait_for(lambda: list_checkpoints(broken / "checkpoints"), process)
    process.kill()
    process.wait()
    assert 0 < len(list_checkpoints(broken / "checkpoints")) <= 3

    # A process that dies after TensorFlow's files are written, before the renaming.
    script = f"""
import os, sys
from gan_tutorial import quiet; quiet.import_tensorflow()
from gan_tutorial.training import checkpoints
checkpoints.os = type("dying", (), {{"replace": staticmethod(lambda *a: os.kill(os.getpid(), 9))}})
from gan_tutorial.__main__ import main
main(["train", "--resume", "--out", r"{broken}"])
"""
    died = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=180)
    assert died.returncode == -signal.SIGKILL
    assert list((broken / "checkpoints").glob(".writing_*")), "it was to die while writing"

    resumed = invoke("train", "--resume", "--out", broken)
    assert resumed.exit_code == 0, resumed.output
    assert same_generator(whole, broken)
    assert not list((broken / "checkpoints").glob(".writing_*"))


def test_shipped_models_are_sampled(tmp_path):
    out = tmp_path / "boots.png"
    for arguments in (
        ["cgan_fashion_mnist", "--label", "ankle boot", "-n", 4],
        ["gan_fashion_mnist", "-n", 4, "--truncation", 0.5],
        ["cgan_shapes", "--label", "red cross", "--attribute", "size=0.9", "-n", 4],
    ):
        done = invoke("sample", *arguments, "--seed", 1, "--out", out)
        assert done.exit_code == 0, done.output
        first = out.read_bytes()
        invoke("sample", *arguments, "--seed", 1, "--out", out)
        assert out.read_bytes() == first


@pytest.mark.parametrize("name", ["gan_fashion_mnist", "cgan_fashion_mnist", "cgan_shapes"])
def test_evaluate_a_shipped_model(name, tmp_path, monkeypatch):
    """A selection of the metrics; the benchmark takes all of them, and the time."""
    monkeypatch.setenv("GAN_TUTORIAL_CACHE", str(tmp_path / "cache"))
    conditional = ["conditional_accuracy"] if name.startswith("cgan") else []
    names = ["frechet", "recall", *conditional]
    done = invoke(
        "evaluate", name, "--metrics", ",".join(names), "--n", 1000, "--json", tmp_path / "a.json",
        "--neighbours", tmp_path / "a.png",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "a.json").read_text())
    assert list(found["metrics"]) == names and found["n"] == 1000
    for row in found["metrics"].values():
        assert row["low"] <= row["value"] <= row["high"]
        assert row["real_images"]["low"] <= row["real_images"]["value"] <= row["real_images"]["high"]
    # What ships is worse than real images, and far better than noise.
    frechet = found["metrics"]["frechet"]
    assert frechet["real_images"]["value"] < frechet["value"] < 150
    assert "Fréchet distance" in done.output and "not with published FIDs" in done.output
    assert Image.open(tmp_path / "a.png").height > Image.open(tmp_path / "a.png").width / 6


def test_train_with_metrics_keeps_the_best(photos, tmp_path, monkeypatch):
    import tensorflow as tf

    monkeypatch.setenv("GAN_TUTORIAL_CACHE", str(tmp_path / "cache"))
    run = tmp_path / "run"
    arguments = [*options(photos, run, 80), "--evaluate-every", 20, "--metrics", "frechet,coverage"]
    done = invoke(*arguments)
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader((run / "metrics.csv").open()))
    assert [float(row["step"]) for row in rows] == [20, 40, 60, 80] and set(rows[0]) == {"step", "frechet", "coverage"}
    best = min(rows, key=lambda row: float(row["frechet"]))
    model, card = load_model(run / "best")
    assert card["steps"] == float(best["step"]) and card["metrics"]["frechet"] == float(best["frechet"])
    assert f"Best by the metrics: {run / 'best'}" in done.output
    # The stored generator is the one that was measured.
    again = invoke("sample", run / "best", "-n", 4, "--out", tmp_path / "best.png")
    assert again.exit_code == 0, again.output
    tags = {
        value.tag: value
        for file in (run / "tensorboard").iterdir()
        for event in tf.compat.v1.train.summary_iterator(str(file))
        for value in event.summary.value
    }
    assert {"metrics/frechet", "training/generator_loss", "training/saturation"} <= set(tags)
    assert tf.make_ndarray(tags["metrics/frechet"].tensor) == pytest.approx(float(rows[-1]["frechet"]), rel=1e-5)
    # A run that goes on keeps what was measured before.
    longer = invoke("train", "--resume", "--steps", 100, "--out", run)
    assert longer.exit_code == 0, longer.output
    assert [float(row["step"]) for row in csv.DictReader((run / "metrics.csv").open())] == [20, 40, 60, 80, 100]


def test_evaluate_a_run_on_a_folder(photos, tmp_path, monkeypatch):
    """No test images, no classifier: what is possible is measured, beside the folder itself."""
    monkeypatch.setenv("GAN_TUTORIAL_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)  # the folder is called as the data in it
    assert invoke(*options("photos", tmp_path / "run", 20)).exit_code == 0
    done = invoke("evaluate", tmp_path / "run", "--n", 100, "--json", tmp_path / "a.json")
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "a.json").read_text())
    assert {"frechet", "precision", "coverage", "path_length"} <= set(found["metrics"])
    assert not {"conditional_accuracy", "nearest_pixels"} & set(found["metrics"])
    assert found["features"] == "random network" and "beside 24 training images of photos" in done.output


def test_lists():
    listed = invoke("datasets").output
    assert "fashion_mnist" in listed and "your own images" in listed
    assert "cgan_shapes" in invoke("weights").output


def test_infogan_is_trained_resumed_and_sampled(photos, tmp_path):
    run = tmp_path / "run"
    done = invoke(*options(photos, run, 20), "--codes", 3, "--continuous-codes", 2, "--sample-every", 20)
    assert done.exit_code == 0, done.output
    assert invoke("train", "--resume", "--steps", 40, "--out", run).exit_code == 0
    _, card = load_model(run / "generator")
    assert card["class_names"] == ["code 0", "code 1", "code 2"] and card["attributes"] == ["turn 1", "turn 2"]
    arguments = ("--label", "code 2", "--attribute", "turn 2=0.9", "-n", 4, "--out", tmp_path / "a.png")
    assert invoke("sample", run, *arguments).exit_code == 0 and (tmp_path / "a.png").exists()


def test_evaluate_without_labels_of_its_own(tmp_path, monkeypatch):
    """An InfoGAN's codes are not the data's classes: no metric may take them for such."""
    done = invoke("evaluate", "infogan_fashion_mnist", "--metrics", "frechet", "--n", 200)
    assert done.exit_code == 0 and "200 images beside" in done.output, done.output
    refused = invoke("evaluate", "infogan_fashion_mnist", "--metrics", "conditional_accuracy", "--n", 200)
    assert refused.exit_code == 1 and "needs labels" in refused.output


def test_experiment_prints_its_table_and_the_agreement(tmp_path):
    listed = invoke("experiment").output
    assert "ring-oscillation" in listed and "better: " in listed and "fashion-bias" in listed
    done = invoke("experiment", "ring-losses", "--variant", "hinge", "--seeds", 2, "--steps", 100, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    assert "Does another loss calm it?" in done.output and "1 verdicts are those of the stored result" in done.output
    assert len(json.loads((tmp_path / "ring-losses.json").read_text())["rows"]) == 4


def test_preview(photos, tmp_path):
    done = invoke("datasets", "--preview", photos, "--size", 16, "--out", tmp_path / "p.png")
    assert done.exit_code == 0 and "24 images" in done.output and (tmp_path / "p.png").exists()


@pytest.mark.parametrize(
    "command", [[], ["train"], ["sample"], ["evaluate"], ["experiment"], ["datasets"], ["weights"]]
)
def test_help_has_examples(command):
    done = invoke(*command, "--help")
    assert done.exit_code == 0 and "Examples:" in done.output and "gan-tutorial " in done.output


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["train", "--out", "{tmp}/r"], "--data is missing"),
        (["train", "--data", "nowhere", "--out", "{tmp}/r"], "neither a data set nor a folder"),
        (["train", "--data", "{photos}", "--out", "{photos}"], "exists and is not empty: resume it"),
        (["train", "--data", "{photos}", "--size", "17", "--out", "{tmp}/r"], "divisible by 4 and from 16 to 128"),
        (["train", "--data", "{photos}", "--size", "16", "--out", "{tmp}/r"], "24 images are fewer than a batch of 32"),
        (["train", "--data", "{photos}", "--steps", "0", "--out", "{tmp}/r"], "steps must be at least 1"),
        (
            ["train", "--data", "{photos}", "--attribute", "size", "--size", "16", "--out", "{tmp}/r"],
            "has no attribute 'size'",
        ),
        (["train", "--data", "ring", "--out", "{tmp}/r"], "holds points, not images"),
        (["train", "--resume", "--out", "{photos}"], "not the folder of a run"),
        (["sample", "{photos}"], "there is no model"),
        (["sample", "nowhere"], "neither the folder of a run, nor a file of weights, nor a model that ships"),
        (["sample", "classifier_fashion_mnist"], "is not a generator"),
        (["sample", "cgan_fashion_mnist", "--label", "hat"], "no class is called 'hat'; choose one of: T-shirt"),
        (["sample", "cgan_fashion_mnist", "--label", "10"], "numbered 0 to 9"),
        (["sample", "cgan_fashion_mnist", "-n", "0"], "-n must be at least 1"),
        (["sample", "cgan_shapes", "--attribute", "hue=1"], "no attribute 'hue'; this generator has: size"),
        (["sample", "cgan_shapes", "--attribute", "size=big"], "needs NAME=VALUE with a number"),
        (["sample", "gan_fashion_mnist", "--label", "0"], "trained without labels"),
        (["sample", "gan_fashion_mnist", "--out", "{tmp}/a.jpg"], "must end in .png"),
        (["evaluate", "gan_fashion_mnist", "--metrics", "fid"], "no metric is called 'fid'; there are: frechet"),
        (["evaluate", "gan_fashion_mnist", "--metrics", "conditional_accuracy"], "needs labels, which there is not"),
        (["evaluate", "gan_fashion_mnist", "--n", "5"], "n must be at least 100"),
        (["evaluate", "gan_fashion_mnist", "--data", "shapes"], "holds images of shape (64, 64, 3)"),
        (
            ["evaluate", "cgan_fashion_mnist", "--data", "{photos}"],
            "photos has 2 classes, but this generator was trained on 10",
        ),
        (["evaluate", "classifier_shapes"], "is not a generator"),
        (
            [
                "train",
                "--data",
                "{photos}",
                "--size",
                "16",
                "--batch-size",
                "8",
                "--evaluate-every",
                "5",
                "--metrics",
                "x",
                "--out",
                "{tmp}/r",
            ],
            "no metric is called 'x'",
        ),
        (["sample", "pix2pix_shapes"], "is not a generator"),
        (["train", "--data", "{photos}", "--augment-target", "0.6", "--out", "{tmp}/r"], "names no augmentation"),
        (["experiment", "ring"], "no experiment is called 'ring'; there are: ring-oscillation"),
        (["experiment", "ring-losses", "--variant", "best"], "has no variant 'best'; there are: baseline, minimax"),
        (["experiment", "ring-losses", "--seeds", "0"], "seeds must be at least 1"),
        (["weights", "make", "biggan"], "no recipe is called 'biggan'"),
    ],
)
def test_bad_input_gives_one_line_and_leaves_nothing(arguments, message, photos, tmp_path):
    done = invoke(*(a.format(tmp=tmp_path, photos=photos) for a in arguments))
    assert done.exit_code in (1, 2) and message in done.output, done.output
    assert "Traceback" not in done.output and done.output.count("Error:") == 1
    assert not (tmp_path / "r").exists() and not (tmp_path / "a.jpg").exists()


def test_no_permission_is_explained(tmp_path):
    """A file where the folder should be: also root cannot write there."""
    (tmp_path / "file").write_text("")
    done = invoke("sample", "gan_fashion_mnist", "-n", 1, "--out", tmp_path / "file" / "a.png")
    assert done.exit_code == 1 and "file" in done.output and "Traceback" not in done.output


def test_damaged_run_is_explained(photos, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text("{}")
    done = invoke("train", "--resume", "--out", tmp_path / "run")
    assert done.exit_code == 1 and "run.json is damaged" in done.output
