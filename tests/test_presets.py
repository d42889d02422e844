"""Recipes by name: they build, they train, and a run has their settings."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

import gan_tutorial as gt
from gan_tutorial.__main__ import main
from gan_tutorial.run_config import run_config
from gan_tutorial.training.options import keyword_options


@pytest.mark.parametrize("name", gt.PRESETS)
def test_every_preset_builds_and_trains(name):
    preset = gt.get_preset(name)
    shared = {"image_shape": (16, 16, 1), "num_classes": 3, "width": 4}
    networks = (
        gt.build_generator(8, **shared, **preset.generator),
        gt.build_discriminator(**shared, **preset.discriminator),
    )
    images = np.random.default_rng(0).uniform(-1, 1, (16, 16, 16, 1)).astype("float32")
    options = {"steps": 2, "batch_size": 8, "progress": False, **preset.training}
    result = gt.train_cgan(*networks, images, np.arange(16) % 3, **options)
    assert result.step == 2 and np.isfinite(result.history["generator_loss"]).all()


def test_r3gan_is_what_its_paper_says():
    preset = gt.get_preset("r3gan")
    generator = gt.build_generator(image_shape=(16, 16, 1), width=4, **preset.generator)
    assert not gt.models.interface.has_batch_norm(generator)
    assert any(layer.name == "up_1_sum" for layer in generator.layers)
    assert preset.training["loss"] == "relativistic" and preset.training["r1"] == preset.training["r2"] > 0


def test_a_run_takes_what_is_not_given_from_its_preset():
    defaults = {name: option.default for name, option in keyword_options(gt.training.GANStep).items()}
    config = run_config("fashion_mnist", preset="dcgan", beta_1=0.3)
    assert config.options["beta_1"] == 0.3 and config.options["beta_2"] == 0.999
    assert config.options["generator_learning_rate"] == 2e-4 != defaults["generator_learning_rate"]
    assert run_config("fashion_mnist").options["beta_2"] == defaults["beta_2"]


def test_a_run_without_a_preset_has_the_one_that_suits_its_data():
    portraits, clothes = run_config("portraits"), run_config("fashion_mnist")
    assert (portraits.preset, clothes.preset) == ("matching", "default")
    assert portraits.options["mismatch"] > 0 == clothes.options["mismatch"]
    # Without conditions there is nothing that could be wrong.
    assert run_config("portraits", unconditional=True).options["mismatch"] == 0
    assert run_config("portraits", preset="default").options["mismatch"] == 0


def test_unknown_preset_is_answered_with_the_names():
    with pytest.raises(
        ValueError, match=r"no preset is called 'r3gn'; there are: default, matching, dcgan, r3gan\. Did you mean"
    ):
        gt.get_preset("r3gn")


def test_command_line_trains_by_a_preset(tmp_path):
    arguments = ["train", "--data", "fashion_mnist", "--preset", "r3gan", "--width", "4", "--steps", "2"]
    done = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path / "run")])
    assert done.exit_code == 0, done.output
    run = json.loads((tmp_path / "run" / "run.json").read_text())
    assert run["preset"] == "r3gan" and run["options"]["loss"] == "relativistic"
    card = gt.pretrained.load_card(tmp_path / "run" / "generator")
    assert card.options["blocks"] == "residual" and not card.options["normalization"]
