"""Folders that are larger than memory, read while training; and the largest images."""

import json

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from gan_tutorial import runs
from gan_tutorial.data import load_folder, stream_folder
from gan_tutorial.models import build_discriminator, build_generator
from gan_tutorial.run_config import resumed_config, run_config
from gan_tutorial.runs import start_run
from gan_tutorial.training import train_cgan

COUNT, BATCH = 26, 4  # an epoch ends within a batch


@pytest.fixture
def photos(tmp_path):
    """26 different images in two classes, JPEG and PNG, of several sizes."""
    rng = np.random.default_rng(0)
    for i in range(COUNT):
        folder = tmp_path / "photos" / ("cats", "dogs")[i % 2]
        folder.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, (24 + i, 40, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{i:02}.{('jpg', 'png')[i % 3 == 0]}")
    return tmp_path / "photos"


def rows_of(stream, batches, known):
    """Which images of `known` come, in order; each has to be one of them, with its label."""
    found = {image.tobytes(): i for i, image in enumerate(known.images)}
    rows = []
    for batch in stream.take(batches).as_numpy_iterator():
        rows += [found[image.tobytes()] for image in batch["image"]]
        assert (batch["label"] == known.labels[rows[-len(batch["label"]) :]]).all()
    return rows


@pytest.mark.parametrize("cached", [False, True])
def test_a_stream_has_the_images_of_the_folder_once_an_epoch_in_new_order(photos, tmp_path, cached):
    known, cache = load_folder(photos, 16), tmp_path / "images" if cached else None
    stream = stream_folder(photos, 16, BATCH, seed=3, cache=cache)
    rows = rows_of(stream, 13, known)
    first, second = rows[:COUNT], rows[COUNT:]
    assert sorted(first) == sorted(second) == list(range(COUNT)) and first != second != sorted(second)
    again = stream_folder(photos, 16, BATCH, seed=3, cache=cache)
    assert rows_of(again, 13, known) == rows == rows_of(stream, 13, known)
    assert rows_of(stream_folder(photos, 16, BATCH, seed=4), 13, known) != rows


def test_grey_images_are_streamed_too(photos):
    rows = rows_of(stream_folder(photos, 20, BATCH, channels=1), 7, load_folder(photos, 20, channels=1))
    assert len(set(rows)) == COUNT


def test_what_cannot_be_streamed_is_explained(photos, tmp_path):
    with pytest.raises(FileNotFoundError, match="is not a folder"):
        stream_folder(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="channels must be"):
        stream_folder(photos, channels=2)
    with pytest.raises(ValueError, match="26 images are fewer than a batch of 32"):
        stream_folder(photos)
    (tmp_path / "cache").write_bytes(b"something else")
    with pytest.raises(ValueError, match="is not a cache of the 26 images"):
        stream_folder(photos, 16, BATCH, cache=tmp_path / "cache")
    (photos / "cats" / "letter.png").write_text("I am a letter")
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"letter\.png: not an image"):
        rows = list(stream_folder(photos, 16, BATCH).take(7))
        assert not rows
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"letter\.png: not an image"):
        stream_folder(photos, 16, BATCH, cache=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_sample_of_a_folder(photos):
    known, few = load_folder(photos, 16), load_folder(photos, 16, most=5)
    whole = {image.tobytes() for image in known.images}
    assert len(few) == 5 and {image.tobytes() for image in few.images} < whole
    assert few.class_names == known.class_names


@pytest.mark.slow
def test_a_streamed_run_resumes_exactly(photos, tmp_path, monkeypatch):
    options = {"size": 16, "width": 4, "batch_size": BATCH, "steps_per_call": 2, "checkpoint_every": 4}
    straight = start_run(tmp_path / "straight", run_config(photos, stream=True, steps=10, **options))
    # A folder of many images is streamed unasked, and goes on so.
    monkeypatch.setattr(runs, "_STREAMED", COUNT - 1)
    start_run(tmp_path / "broken", run_config(photos, steps=4, **options))
    assert json.loads((tmp_path / "broken" / "run.json").read_text())["stream"]
    monkeypatch.setattr(runs, "_STREAMED", COUNT)
    resumed = start_run(tmp_path / "broken", resumed_config(tmp_path / "broken", steps=10), resume=True)
    for before, after in zip(straight.generator.get_weights(), resumed.generator.get_weights()):
        np.testing.assert_array_equal(before, after)


def test_only_folders_are_streamed(photos, tmp_path):
    with pytest.raises(ValueError, match="stream is for a folder"):
        run_config("fashion_mnist", stream=True)
    start_run(tmp_path / "small", run_config(photos, size=16, width=4, batch_size=BATCH, steps=1))
    assert not json.loads((tmp_path / "small" / "run.json").read_text())["stream"]


def test_images_of_256_pixels_are_trained_on():
    shape, rng = (256, 256, 3), np.random.default_rng(0)
    networks = build_generator(8, shape, 2, width=4), build_discriminator(shape, 2, width=4)
    assert networks[0].get_layer("reshape").output.shape[1:3] == (8, 8)
    before = [model.get_weights()[0].copy() for model in networks]
    images = rng.uniform(-1, 1, (2, *shape)).astype("float32")
    result = train_cgan(*networks, images, np.int32([0, 1]), steps=1, batch_size=2, progress=False)
    assert result.step == 1 and np.isfinite(result.history["generator_loss"]).all()
    assert all(np.abs(model.get_weights()[0] - old).max() > 0 for model, old in zip(networks, before))
