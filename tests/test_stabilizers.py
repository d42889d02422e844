"""Penalties, noise, augmentation, clipping: each against numbers known by hand, and in a training."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tutorial.training import Settings, train_cgan
from gan_tutorial.training.disturb import AUGMENTATIONS, NUMBERS, augment, cutout, translation
from gan_tutorial.training.penalties import distance_from_slope_one, squared_slope
from gan_tutorial.training.step import noise_level

from .conftest import weights_of

QUIET = {"progress": False, "batch_size": 8, "steps_per_call": 5}


def test_slope_of_known_discriminators():
    images = tf.constant(np.random.default_rng(0).normal(size=(5, 4, 4, 1)), tf.float32)
    w = tf.constant(np.random.default_rng(1).normal(size=(16, 1)), tf.float32)
    linear = lambda x: tf.reshape(x, [-1, 16]) @ w  # noqa: E731
    assert squared_slope(linear, images).numpy() == pytest.approx(np.full(5, float(tf.reduce_sum(w * w))), rel=1e-5)
    # D = |x|²: the slope is 2x.
    square = lambda x: tf.reduce_sum(tf.reshape(x, [-1, 16]) ** 2, 1, keepdims=True)  # noqa: E731
    expected = 4 * (images.numpy() ** 2).sum((1, 2, 3))
    assert squared_slope(square, images).numpy() == pytest.approx(expected, rel=1e-5)
    assert squared_slope(lambda p: p @ w[:2], tf.ones([3, 2])).shape == (3,)  # points


def test_gradient_penalty_of_known_discriminators():
    real, fake = tf.ones([3, 2, 2, 1]), tf.zeros([3, 2, 2, 1])
    # D = |x|²/2 has the slope x; a share s of the way leaves (1 - s) of ones, of length 2.
    square = lambda x: tf.reduce_sum(tf.reshape(x, [-1, 4]) ** 2, 1, keepdims=True) / 2  # noqa: E731
    found = distance_from_slope_one(square, real, fake, tf.constant([0.0, 0.5, 0.75]))
    assert found.numpy() == pytest.approx([1.0, 0.0, 0.25], abs=1e-5)
    # A flat discriminator is penalized, and the penalty has a gradient that is finite.
    slope = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        flat = tf.reduce_sum(
            distance_from_slope_one(lambda x: slope * tf.reshape(x, [-1, 4])[:, :1], real, fake, tf.zeros(3))
        )
    assert float(flat) == pytest.approx(3, abs=1e-3) and np.isfinite(float(tape.gradient(flat, slope)))


def test_augmentation_in_its_middle_changes_nothing():
    images = tf.constant(np.random.default_rng(0).uniform(-1, 1, (4, 16, 16, 3)), tf.float32)
    middle = tf.fill([4, NUMBERS], 0.5)
    assert augment(images, middle, ("colour", "translation")).numpy() == pytest.approx(images.numpy(), abs=1e-6)


def test_translation_moves_and_fills_with_black():
    images = tf.constant(np.random.default_rng(0).uniform(0, 1, (2, 16, 16, 1)), tf.float32)
    corner = translation(images, tf.zeros([2, NUMBERS]))  # as far as it goes: two pixels each way
    assert np.array_equal(corner[:, 2:, 2:], images[:, :-2, :-2])
    assert (corner.numpy()[:, :2] == -1).all() and (corner.numpy()[:, :, :2] == -1).all()


def test_cutout_takes_a_quarter_from_the_middle():
    cut = cutout(tf.ones([1, 16, 16, 1]), tf.fill([1, NUMBERS], 0.5)).numpy()[0, :, :, 0]
    assert cut.sum() == 16 * 16 * 3 / 4 and (cut[4:12, 4:12] == 0).all()


@pytest.mark.parametrize("kind", AUGMENTATIONS)
def test_gradients_pass_through_augmentation_and_random_numbers_matter(kind):
    images = tf.random.stateless_normal([4, 16, 16, 3], [0, 1])
    uniforms = tf.random.stateless_uniform([4, NUMBERS], [0, 2])
    with tf.GradientTape() as tape:
        tape.watch(images)
        out = augment(images, uniforms, [kind])
    assert np.abs(tape.gradient(out, images, tf.ones_like(out) + out)).sum() > 0
    assert not np.allclose(out, augment(images, 1 - uniforms, [kind]))


def slope_after(tiny_models, tiny_data, **settings):
    """Mean squared slope at real images of a discriminator trained with these settings."""
    images, labels = tiny_data
    generator, discriminator = tiny_models()
    train_cgan(
        generator,
        discriminator,
        images,
        labels,
        steps=60,
        generator_rate=0.0,
        discriminator_rate=5e-3,
        **QUIET,
        **settings,
    )
    judge = lambda pictures: discriminator([pictures, tf.constant(labels)])  # noqa: E731
    return float(tf.reduce_mean(squared_slope(judge, tf.constant(images))))


def test_penalties_flatten_the_discriminator(tiny_models, tiny_data):
    free = slope_after(tiny_models, tiny_data)
    assert slope_after(tiny_models, tiny_data, r1=10.0) < 0.2 * free
    assert slope_after(tiny_models, tiny_data, r1=10.0, penalty_every=4) < 0.3 * free
    bound = slope_after(tiny_models, tiny_data, loss="wasserstein", gradient_penalty=10.0)
    assert 0.1 < bound < 4 < slope_after(tiny_models, tiny_data, loss="wasserstein")


def test_clipped_weights_stay_within_their_bound(tiny_models, tiny_data):
    generator, discriminator = tiny_models()
    train_cgan(
        generator,
        discriminator,
        *tiny_data,
        steps=10,
        loss="wasserstein",
        clip_weights=0.01,
        discriminator_steps=2,
        **QUIET,
    )
    assert np.abs(weights_of(discriminator)).max() <= 0.01 + 1e-7 and np.abs(weights_of(generator)).max() > 0.05


def test_instance_noise_falls_with_the_rates():
    settings = Settings(instance_noise=0.4, half_rate_steps=100)
    assert [float(noise_level(settings, step)) for step in (0, 100, 300)] == pytest.approx([0.4, 0.2, 0.1])


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"r1": -1}, "r1 must not be negative"),
        ({"augment": ["mixup"]}, "no augmentation is called 'mixup'; choose from: colour, translation, cutout"),
        ({"penalty_every": 0}, "penalty_every must be at least 1"),
        ({"loss": "wasserstein", "label_smoothing": 0.1}, "wasserstein has no targets"),
    ],
)
def test_unfit_settings_are_explained(settings, message):
    with pytest.raises(ValueError, match=message):
        Settings(**settings)
