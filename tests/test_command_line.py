"""The command line as a user meets it; also in processes of its own, interrupted and killed."""

import csv
import dataclasses
import json
import os
import re
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from gan_tutorial.__main__ import main
from gan_tutorial.data import make_shapes
from gan_tutorial.models import build_generator
from gan_tutorial.plots import save_images
from gan_tutorial.pretrained import ModelCard, load_card, load_model, save_model
from gan_tutorial.run_config import OPTIONS, RunConfig, read_config
from gan_tutorial.sampling import generate_images
from gan_tutorial.training import GANStep, Runtime, list_checkpoints
from gan_tutorial.training.options import documented_options

from .conftest import weights_of

#: Windows has no SIGKILL, and os.kill ends a process there whatever the signal.
needs_signals = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")


def invoke(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def succeed(*arguments):
    done = invoke(*arguments)
    assert done.exit_code == 0, done.output
    return done.output


def run_and_signal(number, function, call, *arguments):
    """A command in a process of its own that gets a signal when `module:function` is called the n-th time."""
    module, name = function.split(":")
    script = f"""
import importlib, os, sys
sys.argv[1:] = {list(map(str, arguments))}
module, calls = importlib.import_module({module!r}), []
def wrapped(*args, original=module.{name}, **options):
    calls.append(1)
    if len(calls) == {call}:
        os.kill(os.getpid(), {int(number)})
    return original(*args, **options)
module.{name} = wrapped
from gan_tutorial.__main__ import main
main()
"""
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    folder, rng = tmp_path_factory.mktemp("data") / "photos", np.random.default_rng(0)
    for name in ("cats", "dogs"):
        (folder / name).mkdir(parents=True)
        for i in range(12):
            Image.fromarray(rng.integers(0, 255, (20, 24, 3), dtype=np.uint8)).save(folder / name / f"{i}.png")
    return folder


def options(photos, out, steps, every=20):
    return [
        *("train", "--data", photos, "--size", 16, "--width", 4, "--batch-size", 8, "--steps", steps, "--out", out),
        *("--sample-every", every, "--checkpoint-every", every),
    ]


@pytest.fixture(scope="module")
def whole_run(photos, tmp_path_factory):
    """A run of 80 steps that nobody disturbed."""
    out = tmp_path_factory.mktemp("runs") / "whole"
    succeed(*options(photos, out, 80))
    return out


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    """Features of real images, computed once for all tests here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_TUTORIAL_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def finished(whole_run, tmp_path):
    return shutil.copytree(whole_run, tmp_path / "finished")


def same_generator(a, b):
    return np.array_equal(*(weights_of(load_model(folder / "generator")[0]) for folder in (a, b)))


@needs_signals
@pytest.mark.slow
def test_train_interrupt_resume_sample(photos, whole_run, tmp_path):
    """The whole life of a run; the resumed one ends where an unbroken one does."""
    broken = tmp_path / "broken"
    stopped = run_and_signal(signal.SIGINT, "gan_tutorial.training.trainer:Report", 2, *options(photos, broken, 80))
    assert stopped.returncode == 0, stopped.stderr
    assert f"Stopped after 40 steps; go on with: gan-tutorial train --resume --out {broken}" in stopped.stdout
    assert load_model(broken / "generator")[1].steps == 40

    succeed("train", "--resume", "--out", broken)
    assert same_generator(whole_run, broken)
    steps = [int(line.split(",")[0]) for line in (broken / "history.csv").read_text().splitlines()[1:]]
    assert steps == [20, 40, 60, 80]
    with Image.open(broken / "training.webp") as animation:
        assert animation.n_frames > 1
    # The card says what began the run, not what resumed it.
    assert load_model(broken / "generator")[1].command.startswith(f"gan-tutorial train --data {photos}")

    out = tmp_path / "dogs.png"
    sampled = succeed("sample", broken, "--label", "dogs", "-n", 9, "--seed", 1, "--out", out, "--scale", 1)
    assert "9 images" in sampled and Image.open(out).size == (3 * 18 - 2, 3 * 18 - 2)


@needs_signals
@pytest.mark.slow
def test_killed_in_training_and_in_a_checkpoint_write(photos, whole_run, tmp_path):
    """kill -9, twice: between checkpoints, and in the middle of writing one."""
    broken = tmp_path / "broken"
    died = run_and_signal(signal.SIGKILL, "gan_tutorial.training.trainer:Report", 2, *options(photos, broken, 80))
    assert died.returncode == -signal.SIGKILL
    assert [path.name for path in list_checkpoints(broken / "checkpoints")] == ["step_00000020", "step_00000040"]

    # After TensorFlow's files are written, before the renaming.
    died = run_and_signal(
        signal.SIGKILL, "gan_tutorial.training.checkpoints:sync", 1, "train", "--resume", "--out", broken
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert list((broken / "checkpoints").glob(".writing_*")), "it was to die while writing"

    succeed("train", "--resume", "--out", broken)
    assert same_generator(whole_run, broken)
    assert not list((broken / "checkpoints").glob(".writing_*"))


def says_what_to_do(stopped):
    assert stopped.stdout in ("", f"Training on {Runtime().describe()}\n")
    assert "\nStopped before it was done; the same command starts again.\n" in stopped.stderr
    return stopped.returncode == 130 and "Aborted" not in stopped.stderr and "Traceback" not in stopped.stderr


@needs_signals
def test_interrupted_while_importing_tensorflow(photos, tmp_path):
    arguments = list(map(str, options(photos, tmp_path / "run", 20)))
    script = f"""
import os, signal, sys, threading
from gan_tutorial.__main__ import main
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
main({arguments})
"""
    stopped = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    # Where C code called Python, Python ends as by the signal itself.
    stopped.returncode = 130 if stopped.returncode == -signal.SIGINT else stopped.returncode
    assert says_what_to_do(stopped) and not (tmp_path / "run").exists()


@needs_signals
@pytest.mark.slow
def test_interrupted_while_loading_data(photos, tmp_path):
    arguments = options(photos, tmp_path / "run", 20)
    stopped = run_and_signal(signal.SIGINT, "gan_tutorial.data.folder:_read_image", 5, *arguments)
    assert says_what_to_do(stopped) and not (tmp_path / "run").exists()


@needs_signals
@pytest.mark.slow
def test_interrupted_while_compiling(photos, tmp_path):
    """run.json is there, but no checkpoint: the same command begins, and so does --resume."""
    run, again = tmp_path / "run", tmp_path / "again"
    stopped = run_and_signal(
        signal.SIGINT, "gan_tutorial.training.steps.gan:logit_metrics", 1, *options(photos, run, 20)
    )
    assert says_what_to_do(stopped) and [path.name for path in run.iterdir()] == ["run.json"]
    shutil.copytree(run, again)
    succeed("train", "--resume", "--out", run)
    succeed(*options(photos, again, 20))
    assert same_generator(run, again)


def test_resuming_a_finished_run(finished, photos):
    before = (finished / "run.json").read_text()
    # Options that are those of the run may be repeated.
    done = succeed("train", "--resume", "--out", finished, "--data", photos, "--size", 16, "--r1", 0)
    assert f"all 80 steps are done; go on with more: gan-tutorial train --resume --steps 160 --out {finished}" in done
    fewer = invoke("train", "--resume", "--steps", 40, "--out", finished)
    assert fewer.exit_code == 2 and "has 80 steps already, more than 40" in fewer.output
    assert fewer.output.count("Error:") == 1 and (finished / "run.json").read_text() == before
    succeed("train", "--resume", "--steps", 100, "--out", finished)
    assert read_config(finished).options["steps"] == 100 and (finished / "samples" / "step_000100.png").exists()


@pytest.mark.parametrize(
    "option, message",
    [
        (["--batch-size", 16], "has batch_size 8, not 16"),
        (["--augment", "colour"], "has augment [], not ['colour']"),
        (["--grey"], "has grey False, not True"),
        (["--data", "shapes"], "photos', not 'shapes'"),
        (["--metrics", "frechet,recall"], "has metrics None, not ['frechet', 'recall']"),
        (["--r1", -1], "r1 must not be negative"),
    ],
)
def test_resuming_with_other_options(option, message, whole_run):
    before = (whole_run / "run.json").read_text()
    refused = invoke("train", "--resume", "--out", whole_run, *option)
    assert refused.exit_code == 2 and message in refused.output and refused.output.count("Error:") == 1
    assert (whole_run / "run.json").read_text() == before


def test_shipped_models_are_sampled(tmp_path):
    out = tmp_path / "boots.png"
    for arguments in (
        ["cgan_fashion_mnist", "--label", "ankle boot", "-n", 4],
        ["gan_fashion_mnist", "-n", 4, "--truncation", 0.5],
        ["cgan_shapes", "--kind", "cross", "--colour", "red", "--size", 0.9, "-n", 4],
    ):
        done = invoke("sample", *arguments, "--seed", 1, "--out", out)
        assert done.exit_code == 0, done.output
        first = out.read_bytes()
        invoke("sample", *arguments, "--seed", 1, "--out", out)
        assert out.read_bytes() == first


PORTRAITS = {"role": ["cook", "pilot", "airline steward"], "style": 3, "skin_tone": [0.0, 5.0]}


@pytest.fixture(scope="module")
def portraits(tmp_path_factory):
    """The stem of a generator of three conditions, untrained."""
    stem = tmp_path_factory.mktemp("models") / "portraits"
    options = {"latent_dim": 8, "image_shape": [16, 16, 1], "conditions": PORTRAITS, "width": 4}
    save_model(build_generator(**options), stem, ModelCard("build_generator", options))
    return stem


@pytest.mark.parametrize(
    "given, asked",
    [
        (["--role", "pilot", "--skin-tone", "2.5"], {"role": [1] * 4, "skin_tone": [2.5] * 4}),
        (["--role=Airline Steward", "--style=1", "--skin_tone=5"], {"role": 2, "style": 1, "skin_tone": 5}),
        (["--role", "pilot", "--role", "0", "--style", "2"], {"role": [1, 0, 1, 0], "style": 2}),
        ([], {}),
    ],
)
def test_every_condition_is_an_option_of_sample(given, asked, portraits, tmp_path):
    succeed("sample", portraits, *given, "-n", 4, "--seed", 3, "--out", tmp_path / "a.png")
    model, _ = load_model(portraits)
    expected = save_images(generate_images(model, 4, seed=3, **asked), tmp_path / "b.png", scale=2)
    assert (tmp_path / "a.png").read_bytes() == expected.read_bytes()
    # Options may also come first.
    succeed("sample", *given, "-n", 4, "--seed", 3, "--out", tmp_path / "c.png", portraits)
    assert (tmp_path / "c.png").read_bytes() == expected.read_bytes()


@pytest.mark.parametrize(
    "given, message",
    [
        (
            ["--role", "pilto"],
            "role cannot be 'pilto': choose one of: cook, pilot, airline steward. Did you mean 'pilot'?",
        ),
        (["--role", "3"], "role 3 is out of range: choose one of: cook, pilot, airline steward"),
        (["--style", "3"], "style 3 is out of range: there are 3, numbered 0 to 2"),
        (["--skin-tone", "-1"], "skin_tone -1 is out of range: it goes from 0 to 5"),
        (["--rolle", "cook"], "no such option: --rolle. Did you mean '--role'? Conditions of"),
        (["--rolle", "cook"], "--role, --style, --skin-tone."),
        (["--seeed", "1"], "no such option: --seeed. Did you mean '--seed'?"),
        (["-x", "1"], "no such option: -x"),
        (["--role"], "--role needs a value"),
        (["--role="], "--role needs a value"),
        (["pilot"], "unexpected argument 'pilot'"),
    ],
)
def test_sample_names_what_cannot_be_asked_for(given, message, portraits, tmp_path):
    done = invoke("sample", portraits, *given, "-n", 4, "--out", tmp_path / "a.png")
    assert done.exit_code in (1, 2) and done.output.count("Error:") == 1
    assert message in " ".join(done.output.split()), done.output
    assert not (tmp_path / "a.png").exists()


def test_a_model_of_an_earlier_version_gives_one_clear_error(portraits, tmp_path):
    """Its conditions have no names by which one could ask for them."""
    for ending in (".npz", ".json"):
        shutil.copy(portraits.with_suffix(ending), tmp_path / f"old{ending}")
    content = json.loads((tmp_path / "old.json").read_text())
    options = {"latent_dim": 8, "image_shape": [16, 16, 1], "num_classes": 3, "num_attributes": 1, "width": 4}
    (tmp_path / "old.json").write_text(json.dumps({**content, "options": options, "attributes": ["tone"]}))
    done = invoke("sample", tmp_path / "old", "-n", 4, "--out", tmp_path / "a.png")
    assert done.exit_code == 2 and done.output.count("Error:") == 1
    assert "is of an earlier version, whose conditions had no names: train the model again" in done.output


@pytest.mark.slow
def test_networks_take_the_conditions_that_are_chosen(monkeypatch, tmp_path):
    monkeypatch.setattr("gan_tutorial.runs.load_dataset", lambda *_, **__: make_shapes(40))
    few = ["train", "--data", "shapes", "--width", 4, "--batch-size", 8, "--steps", 4, "--sample-every", 4]
    succeed(*few, "--condition", "size", "--condition", "kind", "--out", tmp_path / "two")
    succeed(*few, "--out", tmp_path / "all")
    succeed(*few, "--unconditional", "--out", tmp_path / "none")
    asked = {name: list(load_card(tmp_path / name / "generator").conditions) for name in ("two", "all", "none")}
    assert asked == {"two": ["size", "kind"], "all": ["kind", "colour", "size", "rotation"], "none": []}
    assert load_card(tmp_path / "all" / "generator").conditions == make_shapes(2).conditions
    succeed("sample", tmp_path / "two", "--kind", "cross", "--size", 0.9, "-n", 2, "--out", tmp_path / "a.png")
    refused = invoke("train", "--resume", "--condition", "kind", "--steps", 8, "--out", tmp_path / "two")
    assert refused.exit_code == 2 and "has conditions ['size', 'kind'], not ['kind']" in refused.output


@pytest.mark.parametrize("name", ["gan_fashion_mnist", "cgan_fashion_mnist", "cgan_shapes"])
@pytest.mark.slow
def test_evaluate_a_shipped_model(name, tmp_path):
    """A selection of the metrics; the benchmark takes all of them, and the time."""
    conditional = ["conditional_accuracy"] if name.startswith("cgan") else []
    names = ["frechet", "recall", *conditional]
    shown = succeed("evaluate", name, "--metrics", ",".join(names), "--n", 1000, "--json", tmp_path / "a.json")
    found = json.loads((tmp_path / "a.json").read_text())
    assert list(found["metrics"]) == names and found["n"] == 1000
    for row in found["metrics"].values():
        assert row["low"] <= row["value"] <= row["high"]
        assert row["real_images"]["low"] <= row["real_images"]["value"] <= row["real_images"]["high"]
    # What ships is worse than real images, and far better than noise.
    frechet = found["metrics"]["frechet"]
    assert frechet["real_images"]["value"] < frechet["value"] < 150
    assert "Fréchet distance" in shown and "not with published FIDs" in shown


@pytest.mark.slow
def test_train_with_metrics_keeps_the_best(photos, tmp_path):
    import tensorflow as tf

    run = tmp_path / "run"
    arguments = [*options(photos, run, 80), "--evaluate-every", 20, "--metrics", "frechet,coverage"]
    done = invoke(*arguments)
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader((run / "metrics.csv").open()))
    assert [float(row["step"]) for row in rows] == [20, 40, 60, 80] and set(rows[0]) == {"step", "frechet", "coverage"}
    best = min(rows, key=lambda row: float(row["frechet"]))
    model, card = load_model(run / "best")
    assert card.steps == float(best["step"]) and card.metrics["frechet"] == float(best["frechet"])
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


def test_evaluate_a_run_on_a_folder(photos, finished, tmp_path, monkeypatch):
    """No test images, no classifier: what is possible is measured, compared with the folder itself."""
    monkeypatch.chdir(photos.parent)
    # The folder is called as the data in it.
    load_card(finished / "generator").replace(data="photos").write(finished / "generator.json")
    picture = tmp_path / "a.png"
    shown = succeed("evaluate", finished, "--n", 100, "--json", tmp_path / "a.json", "--neighbours", picture)
    assert Image.open(picture).height > Image.open(picture).width / 6
    found = json.loads((tmp_path / "a.json").read_text())
    assert {"frechet", "precision", "coverage", "path_length"} <= set(found["metrics"])
    assert not {"conditional_accuracy", "nearest_pixels"} & set(found["metrics"])
    assert found["features"] == "random network" and "compared with 24 training images of photos" in shown


def test_lists():
    listed = succeed("datasets")
    assert "fashion_mnist" in listed and "your own images" in listed
    models = succeed("weights")
    assert "cgan_shapes" in models and "--label T-shirt|trouser|pullover|dress|… (10)" in models


@pytest.mark.parametrize("arguments", [["--help"], ["datasets"], ["datasets", "--help"], ["sample", "--help"]])
def test_what_needs_no_tensorflow_does_without(arguments):
    script = f"""
import sys
from gan_tutorial.__main__ import main
main({arguments}, standalone_mode=False)
sys.exit("tensorflow" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60).returncode == 0


def test_a_closed_pipe_ends_it_quietly():
    """As with `gan-tutorial weights | head -1`."""
    command = [sys.executable, "-m", "gan_tutorial", "datasets"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.close()
        assert process.stderr.read() == ""


def test_train_has_every_option_of_a_run_under_a_heading():
    shown = succeed("train", "--help")
    headings = re.findall(r"^(\w+):$", shown, re.MULTILINE)
    assert headings == ["Data", "Networks", "Training", "Stabilizers", "Measuring", "Machine"]
    fields = [field.name for field in dataclasses.fields(RunConfig) if field.name not in ("command", "options")]
    for name in (*fields, *OPTIONS, "resume", "xla", "no-xla", "device", "out"):
        flag = "--condition" if name == "conditions" else f"--{name.replace('_', '-')}"
        assert re.search(rf"{flag}\b", shown), flag
    # Defaults and help are those of the classes.
    text = " ".join(shown.partition("\nData:")[2].split())
    for name, default in OPTIONS.items():
        entry = text.split(f"--{name.replace('_', '-')} ")[1].split(" --")[0]
        assert isinstance(default, tuple) or f"[default: {default}]" in entry, name
    assert documented_options(GANStep)["r1"].lower() in text.lower()
    assert "[colour|translation|cutout]" in text and "[minimax|non_saturating|" in text


@pytest.mark.parametrize("options, variables", [(["--debug"], {}), ([], {"GAN_TUTORIAL_DEBUG": "1"})])
def test_debug_shows_errors_in_full(options, variables):
    done = CliRunner().invoke(main, [*options, "sample", "nowhere"], env=variables)
    assert isinstance(done.exception, ValueError) and "neither the folder" in str(done.exception)


def test_errors_of_other_libraries_keep_their_traceback(monkeypatch):
    monkeypatch.setattr("gan_tutorial.data.load_dataset", lambda *arguments, **options: json.loads("{"))
    assert isinstance(invoke("datasets", "--preview", "shapes").exception, json.JSONDecodeError)


def test_the_size_is_checked_before_images_are_read(photos, tmp_path):
    shutil.copytree(photos, tmp_path / "damaged")
    (tmp_path / "damaged" / "cats" / "0.png").write_text("no image")
    done = invoke("train", "--data", tmp_path / "damaged", "--size", 33, "--out", tmp_path / "run")
    assert done.exit_code == 2 and "images of size 33 cannot be made" in done.output and "0.png" not in done.output


@pytest.mark.slow
def test_infogan_is_trained_resumed_and_sampled(photos, tmp_path):
    run = tmp_path / "run"
    succeed(*options(photos, run, 20), "--codes", 3, "--continuous-codes", 2)
    succeed("train", "--resume", "--steps", 40, "--out", run)
    _, card = load_model(run / "generator")
    assert list(card.conditions) == ["label", "turn_1", "turn_2"] and card.codes
    assert card.conditions["label"].categories == ("code 0", "code 1", "code 2")
    arguments = ("--label", "code 2", "--turn-2", 0.9, "-n", 4, "--out", tmp_path / "a.png")
    assert invoke("sample", run, *arguments).exit_code == 0 and (tmp_path / "a.png").exists()


@pytest.mark.slow
def test_evaluate_without_labels_of_its_own():
    """An InfoGAN's codes are not the data's classes: no metric may take them for such."""
    done = invoke("evaluate", "infogan_fashion_mnist", "--metrics", "frechet", "--n", 200)
    assert done.exit_code == 0 and "200 images, compared with" in done.output, done.output
    refused = invoke("evaluate", "infogan_fashion_mnist", "--metrics", "conditional_accuracy", "--n", 200)
    assert refused.exit_code == 2 and "needs labels" in refused.output


@pytest.mark.slow
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
        (["train", "--data", "{photos}", "--size", "17", "--out", "{tmp}/r"], "divisible by 4 and from 16 to 256"),
        (
            ["train", "--data", "{photos}", "--size", "16", "--stages", "9", "--out", "{tmp}/r"],
            "stages must be from 1 to 4 for images",
        ),
        (["train", "--data", "{photos}", "--size", "16", "--out", "{tmp}/r"], "24 images are fewer than a batch of 32"),
        (["train", "--data", "{photos}", "--steps", "0", "--out", "{tmp}/r"], "steps must be at least 1"),
        (
            ["train", "--data", "{photos}", "--condition", "size", "--size", "16", "--out", "{tmp}/r"],
            "has no condition 'size'; it has: label",
        ),
        (
            ["train", "--data", "{photos}", "--unconditional", "--condition", "label", "--out", "{tmp}/r"],
            "has no condition 'label'; it has: none",
        ),
        (["train", "--data", "ring", "--out", "{tmp}/r"], "holds points, not images"),
        (["train", "--data", "fashion_mnist", "--sample-every", "0", "--out", "{tmp}/r"], "at least 1"),
        (["train", "--resume", "--out", "{photos}"], "not the folder of a run"),
        (["sample", "{photos}"], "there is no model"),
        (["sample", "nowhere"], "neither the folder of a run, nor a file of weights, nor a model that ships"),
        (["sample", "classifier_fashion_mnist"], "is not a generator"),
        (["sample", "cgan_fashion_mnist", "--label", "hat"], "label cannot be 'hat': choose one of: T-shirt"),
        (["sample", "cgan_fashion_mnist", "--label", "10"], "label 10 is out of range: choose one of: T-shirt"),
        (["sample", "cgan_fashion_mnist", "-n", "0"], "-n must be at least 1"),
        (
            ["sample", "cgan_shapes", "--hue", "1"],
            "no such option: --hue. Conditions of cgan_shapes: --kind, --colour, --size.",
        ),
        (["sample", "cgan_shapes", "--size", "big"], "size cannot be 'big': it goes from 0 to 1"),
        (["sample", "cgan_shapes", "--size", "1.5"], "size 1.5 is out of range: it goes from 0 to 1"),
        (["sample", "cgan_fashion_mnist", "--label"], "--label needs a value"),
        (["sample", "cgan_fashion_mnist", "bag"], "unexpected argument 'bag'"),
        (["sample", "gan_fashion_mnist", "--label", "0"], "--label. Conditions of gan_fashion_mnist: none."),
        (["sample", "gan_fashion_mnist", "--out", "{tmp}/a.jpg"], "must end in .png"),
        (["evaluate", "gan_fashion_mnist", "--metrics", "fid"], "no metric is called 'fid'; there are: frechet"),
        (
            ["evaluate", "gan_fashion_mnist", "--metrics", "conditional_accuracy"],
            "needs labels, which this evaluation lacks",
        ),
        (["evaluate", "gan_fashion_mnist", "--n", "5"], "n must be at least 100"),
        (["evaluate", "gan_fashion_mnist", "--data", "ring"], "holds images of shape (2,)"),
        (
            ["evaluate", "cgan_fashion_mnist", "--data", "{photos}"],
            "photos has 2 values of label, but this generator was trained on 10",
        ),
        (["evaluate", "classifier_shapes"], "is not a generator"),
        (["train", "--data", "{photos}", "--metrics", "x", "--out", "{tmp}/r"], "no metric is called 'x'"),
        (["train", "--data", "{photos}", "--loss", "hing", "--out", "{tmp}/r"], "'hing' is not one of 'minimax'"),
        (["trian"], "Did you mean 'train'?"),
        (["train", "--latentdim", "64"], "'--latent-dim'?)"),
        (["sample", "cgan_fashion_mnst"], "Did you mean 'cgan_fashion_mnist'?"),
        (["evaluate", "gan_fashon_mnist"], "Did you mean 'gan_fashion_mnist'?"),
        (["weights", "make", "cgan_shape"], "Did you mean 'cgan_shapes'?"),
        (["weights", "mak"], "Did you mean 'make'?"),
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
    assert done.exit_code in (1, 2) and message in done.output, done.output or done.exception
    assert done.output.count("Error:") == 1
    assert not (tmp_path / "r").exists() and not (tmp_path / "a.jpg").exists()


def test_no_permission_is_explained(tmp_path):
    """A file where the folder should be: also root cannot write there."""
    (tmp_path / "file").write_text("")
    done = invoke("sample", "gan_fashion_mnist", "-n", 1, "--out", tmp_path / "file" / "a.png")
    assert done.exit_code == 2 and "file" in done.output and "Traceback" not in done.output


def test_damaged_run_is_explained(photos, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text("{}")
    done = invoke("train", "--resume", "--out", tmp_path / "run")
    assert done.exit_code == 2 and "run.json is damaged" in done.output
