"""Sampling, pictures, stored models, widgets: from a generator to pixels."""

import errno
import inspect
import io
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import click
import keras
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from gan_tutorial import files, pretrained
from gan_tutorial.cli import sample
from gan_tutorial.data import as_condition
from gan_tutorial.evaluation import classifier_outputs
from gan_tutorial.metrics import conditional_accuracy, confusion_table
from gan_tutorial.models import build_encoder, build_generator, build_unet_generator
from gan_tutorial.models.interface import conditions
from gan_tutorial.plots import display_images, image_grid, plot_history, png_bytes, save_images
from gan_tutorial.pretrained import ModelCard
from gan_tutorial.sampling import (
    complete_conditions,
    encode,
    generate_images,
    generate_noise,
    interpolate,
    reconstruct,
    translate,
)  # fmt: skip
from gan_tutorial.training.callbacks import SamplePictures
from gan_tutorial.widgets import (
    explorer,
    live_pictures,
    mix_categories,
    principal_directions,
)  # fmt: skip

OPTIONS = {"num_classes": 3, "conditions": {"size": (0, 1)}}
CARD = ModelCard("build_generator", OPTIONS, class_names=["a", "b", "c"])

#: A condition of each kind: names, a number of categories, a range.
PORTRAITS = {"role": ("cook", "pilot"), "style": 3, "tone": (0, 5)}


@pytest.fixture(scope="module")
def generator():
    return build_generator(8, (16, 16, 3), width=4, **OPTIONS)


@pytest.fixture(scope="module")
def portraits():
    return build_generator(8, (16, 16, 1), conditions=PORTRAITS, width=4)


def test_noise_is_reproducible_and_normal():
    noise = generate_noise(20_000, 4, seed=1)
    assert noise.dtype == np.float32 and np.array_equal(noise, generate_noise(20_000, 4, seed=1))
    assert noise.mean() == pytest.approx(0, abs=0.01) and noise.std() == pytest.approx(1, abs=0.01)
    assert not np.array_equal(generate_noise(2, 4), generate_noise(2, 4))


@settings(deadline=None)
@given(st.floats(0.05, 6))
def test_truncated_noise_is_a_cut_normal_and_keeps_ranks(bound):
    from scipy.stats import kstest, truncnorm

    free, cut = generate_noise(500, 4, seed=3), generate_noise(500, 4, seed=3, truncation=bound)
    assert np.abs(cut).max() <= bound + 1e-6
    assert (np.diff(cut.ravel()[np.argsort(free.ravel())]) >= 0).all()
    assert kstest(cut.ravel(), truncnorm(-bound, bound).cdf).pvalue > 1e-4


def test_wide_truncation_changes_nothing():
    assert generate_noise(9, 4, seed=0, truncation=9.0) == pytest.approx(generate_noise(9, 4, seed=0), abs=1e-4)


def test_interpolation():
    start, end = generate_noise(2, 64, seed=0)
    for spherical in (True, False):
        path = interpolate(start, end, np.linspace(0, 1, 5), spherical)
        assert path[0] == pytest.approx(start, abs=1e-5) and path[-1] == pytest.approx(end, abs=1e-5)
    arc = np.linalg.norm(interpolate(start, end, np.linspace(0, 1, 9)), axis=1)
    low, high = sorted((np.linalg.norm(start), np.linalg.norm(end)))
    assert (arc > 0.95 * low).all() and (arc < 1.05 * high).all()
    assert interpolate(start, 2 * start, 0.5)[0] == pytest.approx(1.5 * start, abs=1e-4)


def test_images_do_not_depend_on_how_many_there_are(generator):
    noise, labels = generate_noise(600, 8, seed=0), np.arange(600) % 3
    many = generate_images(generator, noise=noise, labels=labels, size=0.5)
    few = generate_images(generator, noise=noise[:7], labels=labels[:7], size=0.5)
    assert many.shape == (600, 16, 16, 3) and np.abs(many[:7] - few).max() < 1e-5


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"labels": 3}, "label 3 is out of range.*0 to 2"),
        ({"labels": [-1, 0]}, "label -1 is out of range"),
        ({"labels": [0.5, 1.0]}, "labels must be names or integers, not float64"),
        ({"labels": [[0], [1]]}, r"labels must have the shape \(2,\), one for each image, not \(2, 1\)"),
        ({"noise": np.zeros((2, 5))}, r"noise must have the shape \(n, 8\)"),
        ({"size": [np.nan] * 4, "n": 4}, "size nan is out of range: it goes from 0 to 1"),
        ({"size": 1.5}, "size 1.5 is out of range: it goes from 0 to 1"),
        ({"size": "big"}, "size cannot be 'big': it goes from 0 to 1"),
        ({"size": [0.1, 0.2, 0.3], "labels": [0, 1]}, "must have the shape"),
        ({"size": [0.1, 0.2, 0.3], "noise": np.zeros((2, 8))}, r"sizes must have the shape \(2,\), one for each image"),
        ({"role": "pilot"}, "this generator takes no role; its conditions: label, size"),
        ({"attributes": [[0.1]]}, "this generator takes no attributes; its conditions: label, size"),
        ({"n": 0}, "at least 1"),
        ({"truncation": -1.0}, "truncation must be greater than 0"),
    ],
)
def test_bad_wishes_are_explained(generator, arguments, message):
    with pytest.raises(ValueError, match=message):
        generate_images(generator, **arguments)


def test_plain_generator_refuses_labels():
    with pytest.raises(ValueError, match="takes no label; its conditions: none"):
        generate_images(build_generator(8, (16, 16, 1), width=4), labels=[0])


def test_conditions_are_given_by_name_or_number_for_all_or_for_each(portraits):
    noise = np.ones((3, 8), np.float32)
    expected = generate_images(portraits, noise=noise, role=[1, 1, 1], style=[2, 2, 2], tone=[2.5, 2.5, 2.5])
    assert np.array_equal(generate_images(portraits, noise=noise, role="pilot", style=2, tone=2.5), expected)
    assert np.array_equal(generate_images(portraits, noise=noise, role=" Pilot", style="2", tone="2.5"), expected)
    each = generate_images(portraits, noise=noise, role=["cook", "pilot", "cook"], style=2, tone=[0, 2.5, 5])
    assert each[1] == pytest.approx(expected[1], abs=1e-6) and np.abs(each - expected)[[0, 2]].max((1, 2, 3)).all()
    # As many images as there are values.
    assert len(generate_images(portraits, role=["cook", "pilot"], tone=1)) == 2
    assert len(generate_images(portraits, 5, role="pilot", tone=2.5)) == 5


def test_conditions_that_are_not_given(portraits):
    """The first goes through its categories in turn, the others follow from the seed."""
    asked = complete_conditions(portraits, 40, {}, seed=0)
    assert list(asked) == list(PORTRAITS) and [a.shape for a in asked.values()] == [(40,)] * 3
    assert asked["role"].tolist() == [0, 1] * 20
    assert set(asked["style"]) == {0, 1, 2} and asked["style"].tolist() != (np.arange(40) % 3).tolist()
    assert 0 <= asked["tone"].min() < asked["tone"].max() <= 5
    again, other = (complete_conditions(portraits, 40, {"tone": 3}, seed=seed) for seed in (0, 1))
    assert np.array_equal(asked["style"], again["style"]) and not np.array_equal(asked["style"], other["style"])
    assert (again["tone"] == 3).all()
    assert np.array_equal(generate_images(portraits, 4, seed=3), generate_images(portraits, 4, seed=3))


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"role": "pilto"}, "role cannot be 'pilto': choose one of: cook, pilot.*Did you mean 'pilot'"),
        ({"role": 2}, "role 2 is out of range: choose one of: cook, pilot"),
        ({"style": 3}, "style 3 is out of range: there are 3, numbered 0 to 2"),
        ({"tone": 5.5}, "tone 5.5 is out of range: it goes from 0 to 5"),
        ({"labels": 0}, "this generator takes no label; its conditions: role, style, tone"),
        ({"rolle": "cook"}, "this generator takes no rolle; its conditions: role, style, tone"),
    ],
)
def test_unknown_conditions_and_values_are_named(portraits, arguments, message):
    with pytest.raises(ValueError, match=message):
        generate_images(portraits, **arguments)


class Shades(keras.Model):
    """Subclassed: 4×4 images, each as light as its label, plus a little of the noise."""

    latent_dim, input_names = 2, ("noise", "label")

    def call(self, inputs):
        noise, label = inputs
        shade = keras.ops.cast(label, "float32")[:, None] / 10 + noise[:, :1] / 1000
        return keras.ops.tile(shade[:, :, None, None], (1, 4, 4, 1))


def test_generators_of_ones_own_are_sampled():
    images = generate_images(Shades(), labels=[1, 7], seed=0)
    assert images.shape == (2, 4, 4, 1) and images.mean((1, 2, 3)) == pytest.approx([0.1, 0.7], abs=0.01)
    with pytest.raises(ValueError, match="does not say what label it knows, so label must be given"):
        generate_images(Shades(), 3)
    three = Shades()
    three.num_classes = 3
    assert generate_images(three, 4, seed=0).mean((1, 2, 3)) == pytest.approx([0, 0.1, 0.2, 0], abs=0.01)
    with pytest.raises(ValueError, match="label 3 is out of range"):
        generate_images(three, labels=3)
    plain = keras.Sequential([keras.Input((5,)), keras.layers.Dense(16), keras.layers.Reshape((4, 4, 1))])
    assert generate_images(plain, 3).shape == (3, 4, 4, 1)


@pytest.mark.slow
def test_codes_and_translations_do_not_depend_on_how_many_there_are():
    images = np.random.default_rng(0).uniform(-1, 1, (300, 16, 16, 1)).astype("float32")
    encoder, decoder = build_encoder(8, (16, 16, 1), width=4), build_generator(8, (16, 16, 1), width=4)
    codes = encode(encoder, images)
    assert codes.shape == (300, 8) and codes == pytest.approx(np.asarray(encoder(images)[0]), abs=1e-5)
    assert reconstruct(encoder, decoder, images) == pytest.approx(np.asarray(decoder(codes)), abs=1e-5)
    for channels in (0, 3):
        translator = build_unet_generator((16, 16, 1), channels, width=4)
        inputs = [images, generate_noise(300, 3, seed=5)] if channels else images
        assert translate(translator, images, seed=5) == pytest.approx(np.asarray(translator(inputs)), abs=1e-5)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 30), st.integers(1, 9), st.integers(1, 3), st.sampled_from([1, 3]))
def test_grid_holds_every_image_in_its_place(n, columns, scale, channels):
    images = np.linspace(-1, 1, n)[:, None, None, None] * np.ones((1, 4, 6, channels))
    grid = image_grid(images, columns, scale, gap=2)
    used = min(n, columns)
    shade = np.rint(images[:, 0, 0, 0] * 127.5 + 127.5)
    assert grid.shape[:2] == (-(-n // used) * (4 * scale + 2) - 2, used * (6 * scale + 2) - 2)
    for i in range(n):
        top, left = i // used * (4 * scale + 2), i % used * (6 * scale + 2)
        assert (grid[top : top + 4 * scale, left : left + 6 * scale] == shade[i]).all()


def test_saved_files_hold_the_pictures(tmp_path):
    images = np.random.default_rng(0).uniform(-1, 1, (3, 6, 8, 8, 1))
    path = save_images(images[0], tmp_path / "deep" / "grid.png", columns=3)
    assert np.array_equal(np.asarray(Image.open(path)), image_grid(images[0], 3))
    for name in ("a.gif", "a.webp"):
        with Image.open(save_images(images, tmp_path / name)) as animation:
            assert animation.n_frames == 3
    assert {p.name for p in tmp_path.iterdir()} == {"deep", "a.gif", "a.webp"}


def test_unfit_names_and_shapes_are_refused(tmp_path):
    with pytest.raises(ValueError, match="must end in .gif or .webp"):
        save_images(np.zeros((2, 2, 8, 8, 1)), tmp_path / "a.png")
    with pytest.raises(ValueError, match="must end in .png"):
        save_images(np.zeros((2, 8, 8, 1)), tmp_path / "a.jpg")
    with pytest.raises(ValueError, match="1 or 3"):
        image_grid(np.zeros((2, 8, 8, 2)))
    with pytest.raises(ValueError, match="2 images but 1 titles"):
        display_images(np.zeros((2, 8, 8, 1)), ["one"])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("n, channels", [(1, 1), (7, 3), (23, 1)])
def test_display_shows_each_image_with_its_title(n, channels):
    figure = display_images(np.zeros((n, 8, 8, channels)), [str(i) for i in range(n)])
    shown = [axis for axis in figure.axes if axis.images]
    assert [axis.get_title() for axis in shown] == [str(i) for i in range(n)]


def test_titles_get_the_space_that_they_need():
    height = {text: display_images(np.zeros((1, 8, 8, 1)), [text]).get_figheight() for text in ("", "a", "a\nb")}
    assert display_images(np.zeros((1, 8, 8, 1))).get_figheight() == height[""] < height["a"] < height["a\nb"]


@pytest.mark.parametrize(
    "history, lines",
    [
        ({"discriminator_loss": 1.4, "generator_loss": 0.7, "auxiliary_loss": 0.0, "real_logit": 1.0, "fake_logit": -1.0},
         [["discriminator", "generator"], ["real images", "generated images"]]),
        ({"reconstruction_loss": 0.2, "kl_divergence": 3.0}, [["reconstruction"]]),
    ],
)  # fmt: skip
def test_every_algorithms_history_is_plotted(history, lines):
    figure = plot_history({"step": np.arange(3), **{name: np.full(3, value) for name, value in history.items()}})
    labelled = [[line.get_label() for line in axis.lines if line.get_label()[0] != "_"] for axis in figure.axes]
    assert labelled == lines


def test_content_reaches_the_disk_before_the_name(tmp_path, monkeypatch):
    """Or a power cut could leave an empty file under the right name."""
    calls = []
    monkeypatch.setattr(os, "fsync", lambda handle: calls.append("content"))
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda *paths: (calls.append("name"), replace(*paths)))
    files.write_json(tmp_path / "a.json", {"é": 1})
    assert calls[:2] == ["content", "name"] and json.loads((tmp_path / "a.json").read_text("utf-8")) == {"é": 1}


def test_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(OSError, match="could not write .*a.txt: No space left"):
        with files.write_whole(path) as temporary:
            temporary.write_text("half")
            raise OSError(errno.ENOSPC, "No space left on device")
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["a.txt"]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="file-size limits are POSIX")
def test_full_disk_while_saving_a_model(tmp_path, generator):
    """A file-size limit stands for the full disk: the write fails in the middle."""
    script = f"""
import resource, signal
import numpy as np
from gan_tutorial import quiet; quiet.import_tensorflow()
from gan_tutorial.models import build_discriminator, build_generator
from gan_tutorial.pretrained import ModelCard, save_model
from gan_tutorial.training import train
models = build_generator(8, (16, 16, 1), width=16), build_discriminator((16, 16, 1), width=16)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    save_model(models[0], r"{tmp_path}/model", ModelCard("build_generator", {{}}))
except OSError as error:
    print("OSError:", error)
try:
    train(*models, np.zeros((8, 16, 16, 1), "float32"), steps=1, batch_size=8, progress=False, checkpoints=r"{tmp_path}/c")
except OSError as error:
    print("OSError:", error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert "could not write" in done.stdout and "model.npz" in done.stdout, done.stdout + done.stderr[-2000:]
    assert "could not write the checkpoint" in done.stdout, done.stdout + done.stderr[-2000:]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.fixture
def stored(tmp_path):
    options = {"latent_dim": 8, "image_shape": [16, 16, 1], "num_classes": 3, "width": 4}
    model = build_generator(**options)
    stem = tmp_path / "model"
    pretrained.save_model(model, stem, ModelCard("build_generator", options, command="train me"))
    return model, stem


def test_stored_model_makes_the_same(stored):
    model, stem = stored
    again, card = pretrained.load_model(stem)
    assert np.array_equal(generate_images(model, 5, seed=0), generate_images(again, 5, seed=0))
    assert card.name == "model" and card.command == "train me" and card.versions and card.created and card.sha256


def edit(stem, **changes):
    path = stem.with_name("model.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_stored_model_knows_its_conditions(portraits, tmp_path):
    options = {"latent_dim": 8, "image_shape": (16, 16, 1), "conditions": PORTRAITS, "width": 4}
    pretrained.save_model(portraits, tmp_path / "model", ModelCard("build_generator", options))
    again, card = pretrained.load_model(tmp_path / "model")
    asked = {"role": "pilot", "style": [0, 1, 2], "tone": 2.5}
    assert np.array_equal(generate_images(portraits, seed=0, **asked), generate_images(again, seed=0, **asked))
    assert card.conditions == conditions(again) == conditions(portraits) and list(card.conditions) == list(PORTRAITS)
    named = ModelCard("build_generator", OPTIONS, class_names=["a", "b", "c"]).conditions
    assert list(named) == ["label", "size"] and named["label"].categories == ("a", "b", "c")


def test_cards_of_earlier_versions(stored):
    """Attributes had no names then, so that such models cannot be asked; without any, all is as it was."""
    model, stem = stored
    edit(stem, attributes=[], options={**pretrained.load_card(stem).options, "num_attributes": 0})
    assert np.array_equal(pretrained.load_model(stem)[0].get_weights()[0], model.get_weights()[0])
    edit(stem, attributes=["size"], options={**pretrained.load_card(stem).options, "num_attributes": 1})
    with pytest.raises(ValueError, match="model.json .*of an earlier version, whose conditions had no names: train"):
        pretrained.load_model(stem)


def test_damaged_and_foreign_weights_are_explained(stored, tmp_path):
    _, stem = stored
    weights = stem.with_name("model.npz")
    whole = weights.read_bytes()
    weights.write_bytes(whole[:1000])
    with pytest.raises(ValueError, match="model.npz is damaged.*train me"):
        pretrained.load_model(stem)
    weights.write_bytes(whole)
    edit(stem, options={"latent_dim": 8, "image_shape": [16, 16, 1], "num_classes": 3, "width": 8})
    with pytest.raises(ValueError, match="does not fit the architecture"):
        pretrained.load_model(stem)
    edit(stem, options={"latent_dim": 8, "image_shape": [17, 17, 1]})
    with pytest.raises(ValueError, match="cannot be built.*size 17"):
        pretrained.load_model(stem)
    edit(stem, builder="os.system")
    with pytest.raises(ValueError, match="cannot be read as the card of a model.*no builder is called"):
        pretrained.load_model(stem)
    stem.with_name("model.json").write_text("{")
    with pytest.raises(ValueError, match="cannot be read as the card of a model"):
        pretrained.load_model(stem)
    weights.unlink()
    with pytest.raises(FileNotFoundError, match="there is no model"):
        pretrained.load_model(tmp_path / "other")


@pytest.mark.parametrize("name", pretrained.list_pretrained())
def test_shipped_models_load_and_their_cards_are_whole(name):
    model, card = pretrained.load_pretrained(name)
    assert card.name == name and card.command.endswith(f"weights make {name}") and card.seed is not None
    assert card.versions and card.seconds and card.metrics and card.sha256 and card.data and card.options
    assert (pretrained.weights_folder() / f"{name}.npz").stat().st_size < 5_000_000


def test_all_promised_models_ship():
    promised = [
        "cgan_fashion_mnist",
        "cgan_portraits",
        "cgan_shapes",
        "classifier_fashion_mnist",
        "classifier_portraits",
        "classifier_shapes",
        "cyclegan_flat_fluent",
        "cyclegan_fluent_flat",
        "cyclegan_fluent_noto",
        "cyclegan_noto_fluent",
        "gan_fashion_mnist",
        "infogan_fashion_mnist",
        "pix2pix_flat_fluent",
        "pix2pix_noto_fluent",
        "pix2pix_shapes",
        "style_portraits",
        "vae_decoder_fashion_mnist",
        "vae_encoder_fashion_mnist",
        "vae_gan_decoder_fashion_mnist",
        "vae_gan_encoder_fashion_mnist",
    ]
    assert pretrained.list_pretrained() == promised


@pytest.mark.slow
def test_shipped_classifier_is_as_good_as_its_card_says():
    from gan_tutorial.data import load_fashion_mnist

    classifier, card = pretrained.load_pretrained("classifier_fashion_mnist")
    test = load_fashion_mnist("test")
    _, probabilities = classifier_outputs(classifier, test.images)
    assert conditional_accuracy(probabilities, test.labels) == pytest.approx(card.metrics["test_accuracy"], abs=0.002)
    assert card.metrics["test_accuracy"] >= 0.92


def test_shipped_cgan_makes_what_it_is_asked_for():
    generator, _ = pretrained.load_pretrained("cgan_fashion_mnist")
    classifier, _ = pretrained.load_pretrained("classifier_fashion_mnist")
    labels = np.arange(1000) % 10
    _, probabilities = classifier_outputs(classifier, generate_images(generator, labels=labels, seed=0))
    assert conditional_accuracy(probabilities, labels) > 0.85


def test_directions_are_unit_vectors_in_order(generator):
    directions = principal_directions(generator, 4)
    assert directions @ directions.T == pytest.approx(np.eye(4), abs=1e-5)
    kernel = generator.get_layer("seed_map").get_weights()[0][:8]
    strengths = np.linalg.norm(directions @ kernel, axis=1)
    assert (np.diff(strengths) <= 1e-5).all()


def test_the_first_condition_with_categories_goes_through_them():
    generator = build_generator(8, (16, 16, 1), conditions={"tone": (0, 5), "role": 3, "style": 2}, width=4)
    asked = complete_conditions(generator, 6, {}, seed=0)
    assert asked["role"].tolist() == [0, 1, 2, 0, 1, 2] and asked["style"].tolist() != [0, 1] * 3
    assert len(set(asked["tone"])) == 6 and (asked["tone"] % 1).all()


def test_no_condition_can_be_taken_for_an_option():
    """What each way to ask for conditions calls its own, no condition may be called."""
    options = [parameter.name for parameter in sample.params if isinstance(parameter, click.Option)]
    keywords = [
        name
        for function in (generate_images, live_pictures, explorer)
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind in (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    ]
    assert "seed" in options and {"every", "directions"} <= set(keywords)
    for name in (*options, *keywords, "help"):
        with pytest.raises(ValueError, match=f"a condition cannot be called {name!r}"):
            as_condition(name, 3)


def test_categories_are_mixed_for_any_generator(portraits):
    """Whole shares are the categories themselves, by name or number; half of each is between them."""
    noise, asked, conditions = generate_noise(1, 8, seed=0), {"style": 2, "tone": 2.5}, {"tone": (0, 5), "role": 3}
    images = mix_categories(portraits, noise, {"cook": [1, 0, 0.5], 1: [0, 1, 0.5]}, **asked)
    ends = generate_images(portraits, noise=noise.repeat(2, 0), role=["cook", "pilot"], **asked)
    assert images[:2] == pytest.approx(ends, abs=1e-5) and np.abs(images[2] - ends).max((1, 2, 3)).min() > 1e-3
    # The first condition is a range: the second is mixed.
    other = build_generator(8, (16, 16, 1), conditions=conditions, width=4)
    images = mix_categories(other, noise, dict(enumerate(np.eye(3))), tone=1)
    assert images == pytest.approx(generate_images(other, noise=noise.repeat(3, 0), role=[0, 1, 2], tone=1), abs=1e-5)
    # What is not given is one value for all images.
    assert np.array_equal(*mix_categories(portraits, noise, {"cook": [1, 1]}))
    with pytest.raises(ValueError, match="the generator has no condition with categories"):
        mix_categories(build_generator(8, (16, 16, 1), width=4), noise, {0: [1]})


def test_categories_are_mixed_by_the_weights_as_they_are_now():
    model, noise = build_generator(8, (16, 16, 1), num_classes=3, width=4), generate_noise(1, 8, seed=0)
    before = mix_categories(model, noise, {0: [1]})
    model.set_weights([weights + 0.1 for weights in model.get_weights()])
    after = mix_categories(model, noise, {0: [1]})
    assert after == pytest.approx(generate_images(model, noise=noise, labels=[0]), abs=1e-5)
    assert np.abs(after - before).max() > 1e-3


def test_live_pictures_ask_for_what_they_are_told_to(portraits):
    noise = generate_noise(3, 8, seed=0)
    live = live_pictures(noise, every=10, role=["cook", "pilot", "cook"], style=1, tone=2.5)
    live(SimpleNamespace(step=10, steps=20, generator=portraits))
    expected = generate_images(portraits, noise=noise, role=[0, 1, 0], style=1, tone=2.5)
    assert np.array_equal(live.frames[0], expected)


def test_sample_pictures_ask_for_what_they_are_told_to(portraits, tmp_path):
    noise, asked = generate_noise(2, 8, seed=0), {"role": np.array([1, 0]), "style": np.array([2, 2])}
    state = SimpleNamespace(step=10, steps=20, generator=portraits, history={"step": [0, 10]})
    SamplePictures(tmp_path, noise, {**asked, "tone": [1.0, 2.5]}, every=10, columns=2)(state)
    expected = png_bytes(generate_images(portraits, noise=noise, tone=[1, 2.5], **asked), columns=2)
    made, wanted = (np.asarray(Image.open(f)) for f in (tmp_path / "samples/step_000010.png", io.BytesIO(expected)))
    assert np.array_equal(made, wanted)


@pytest.mark.slow
def test_infogan_needs_no_label_to_know_kinds():
    generator, card = pretrained.load_pretrained("infogan_fashion_mnist")
    classifier, _ = pretrained.load_pretrained("classifier_fashion_mnist")
    codes = np.arange(1000) % 10
    _, probabilities = classifier_outputs(classifier, generate_images(generator, labels=codes, seed=0))
    table = confusion_table(probabilities, codes)
    assert table.max(1).sum() / table.sum() > card.metrics["purity"] - 0.1
    panel = explorer(generator, card)
    assert {"label", "turn_1", "turn_2"} <= panel.state["conditions"].keys()
    assert "code 3" in str(panel.scene["conditions"])


def test_a_card_takes_the_conditions_of_a_data_set(tmp_path):
    known = {"role": as_condition("role", ("cook", "pilot")), "tone": as_condition("tone", (0, 5))}
    options = {"latent_dim": 8, "image_shape": (16, 16, 1), "conditions": known, "width": 4}
    generator = build_generator(**options)
    pretrained.save_model(generator, tmp_path / "mine", ModelCard("build_generator", options))
    loaded, card = pretrained.load_model(tmp_path / "mine")
    assert card.conditions == known
    asked = {"role": "pilot", "tone": 2.5, "noise": np.ones((1, 8), np.float32)}
    assert np.array_equal(generate_images(loaded, **asked), generate_images(generator, **asked))
