"""Every recipe runs, shortened to a few steps on a few images, and describes what it made as the shipped card does."""

import json

import numpy as np
import pytest

from gan_tutorial.metrics import wilson_interval
from gan_tutorial.network import describe
from gan_tutorial.pretrained import (
    list_pretrained,
    load_card,
    load_model,
    load_pretrained,
    recipes,
    translators,
    weights_folder,
)
from gan_tutorial.sampling import generate_images
from gan_tutorial.training import train_cgan

# An encoder is made together with its decoder.
NAMES = [name for name in recipes.RECIPES if "decoder" not in name]


def with_options(function, **fixed):
    return lambda *arguments, **options: function(*arguments, **{**options, **fixed})


@pytest.fixture
def short_recipes(monkeypatch):
    for name in ("train", "train_cgan", "train_style_gan", "train_vae", "train_vae_gan", "train_pix2pix"):
        short = with_options(getattr(recipes, name), steps=3, batch_size=8, progress=False)
        monkeypatch.setattr(recipes, name, short)
    train = recipes.train_classifier
    monkeypatch.setattr(
        recipes, "train_classifier",
        lambda data, test, names, epochs, *seeds, **options: train(data, test, names, 1, *seeds, **options),
    )  # fmt: skip
    load, make = recipes.load_dataset, recipes.make_shapes
    monkeypatch.setattr(recipes, "make_shapes", lambda n, split="train": make(100, split))
    monkeypatch.setattr(
        recipes, "load_fashion_mnist", lambda split="train": load("fashion_mnist", split).take(slice(200))
    )
    monkeypatch.setattr(
        recipes, "load_dataset",
        lambda name, split: recipes.make_shapes(100, split) if name == "shapes" else load(name, split).take(slice(200)),
    )  # fmt: skip
    monkeypatch.setattr(recipes, "_SAMPLES", 200)
    for name in ("train_pix2pix", "train_cyclegan"):
        short = with_options(getattr(translators, name), steps=3, batch_size=8, progress=False)
        monkeypatch.setattr(translators, name, short)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_recipe_makes_what_its_shipped_card_describes(name, short_recipes, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # it may write checkpoints
    stems = recipes.make_weights(name, tmp_path)
    assert name in [stem.name for stem in stems]
    for stem in stems:
        model, card = load_model(stem)
        shipped_model, shipped = load_pretrained(stem.name)
        for entry in ("builder", "data", "class_names", "conditions", "codes", "command", "seed"):
            assert getattr(card, entry) == getattr(shipped, entry), entry
        assert card.metrics.keys() == shipped.metrics.keys()
        assert np.isfinite(list(card.metrics.values())).all()
        assert card.seconds > 0 and card.steps == (None if "classifier" in name else 3)
        assert [w.shape for w in model.weights] == [w.shape for w in shipped_model.weights]
        if card.builder == "build_generator":
            wiring = json.loads(stem.with_name(f"{stem.name}.network.json").read_text(encoding="utf-8"))
            assert wiring == json.loads(json.dumps(describe(model).wiring))


@pytest.mark.slow
def test_an_interrupted_recipe_keeps_nothing_but_its_checkpoints(short_recipes, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    stopped = {"steps": 40, "steps_per_call": 1, "batch_size": 8, "progress": False, "callbacks": [lambda report: True]}
    monkeypatch.setattr(recipes, "train_cgan", with_options(train_cgan, **stopped))
    with pytest.raises(KeyboardInterrupt):
        recipes.make_weights("cgan_portraits", tmp_path / "weights")
    assert list(tmp_path.glob("build/checkpoints/cgan_portraits/step_*")) and not (tmp_path / "weights").exists()


def test_every_shipped_model_has_a_recipe_and_a_command():
    assert set(recipes.RECIPES) == set(list_pretrained())
    for name in list_pretrained():
        assert load_card(weights_folder() / name).command == f"python -m gan_tutorial weights make {name}"


def test_card_written_under_former_names_loads(tmp_path):
    text = (weights_folder() / "pix2pix_shapes.json").read_text(encoding="utf-8")
    (tmp_path / "old.json").write_text(text.replace("build_unet_generator", "build_translator"), encoding="utf-8")
    assert load_card(tmp_path / "old") == load_card(weights_folder() / "pix2pix_shapes")


@pytest.mark.slow
def test_half_precision_changes_no_metric_of_the_shipped_models():
    """The cards hold what the models scored as they were trained, in float32; the files hold float16."""
    generator, card = load_pretrained("cgan_fashion_mnist")
    labels = np.arange(10_000) % 10
    images = generate_images(generator, labels=labels, seed=1)
    distance, probabilities = recipes._compare_to_photographs(images)
    _, low, high = wilson_interval(int((probabilities.argmax(1) == labels).sum()), len(labels))
    assert low <= card.metrics["conditional_accuracy"] <= high
    assert distance == pytest.approx(card.metrics["frechet_classifier_distance"], rel=0.01)
    assert {array.dtype for array in np.load(weights_folder() / "cgan_fashion_mnist.npz").values()} == {
        np.dtype("float16")
    }
