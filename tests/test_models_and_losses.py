import numpy as np
import pytest
import tensorflow as tf

from gan_tutorial.losses import LOSSES, attribute_error, get_loss, label_error
from gan_tutorial.models import (
    ACTIVATIONS,
    DISCRIMINATOR_CONDITIONING,
    GENERATOR_CONDITIONING,
    build_discriminator,
    build_encoder,
    build_generator,
    build_patch_discriminator,
    build_points_discriminator,
    build_points_generator,
    build_unet_generator,
)
from gan_tutorial.sampling import generate_images


@pytest.mark.parametrize(
    "shape", [(28, 28, 1), (32, 32, 3), (64, 64, 3), (16, 16, 1), (20, 20, 1), (100, 100, 3), (128, 128, 3)]
)
def test_every_size_is_made_and_judged(shape):
    generator, discriminator = build_generator(8, shape, width=4), build_discriminator(shape, width=4)
    images = generate_images(generator, 2, seed=0)
    assert images.shape == (2, *shape) and np.abs(images).max() <= 1
    assert discriminator(images).shape == (2, 1)


@pytest.mark.parametrize("shape", [(30, 30, 1), (12, 12, 1), (132, 132, 1), (28, 32, 1), (28, 28)])
def test_impossible_sizes_are_refused(shape):
    for build in (lambda: build_generator(image_shape=shape), lambda: build_discriminator(shape)):
        with pytest.raises(ValueError, match="size"):
            build()


@pytest.mark.parametrize("conditioning", GENERATOR_CONDITIONING)
def test_generator_uses_its_label_and_attributes(conditioning):
    generator = build_generator(8, (16, 16, 1), 3, 2, width=4, conditioning=conditioning)
    noise = np.ones((2, 8), np.float32)
    by_label = generate_images(generator, noise=noise, labels=[0, 1])
    by_attribute = generate_images(generator, noise=noise, labels=[0, 0], attributes=[[0, 0], [1, 0]])
    assert np.abs(by_label[0] - by_label[1]).max() > 1e-4
    assert np.abs(by_attribute[0] - by_attribute[1]).max() > 1e-4


@pytest.mark.parametrize("conditioning", [c for c in DISCRIMINATOR_CONDITIONING if c != "auxiliary"])
def test_discriminator_uses_its_label_and_attributes(conditioning):
    discriminator = build_discriminator((16, 16, 1), 3, 1, width=4, conditioning=conditioning)
    images = np.tile(np.random.default_rng(0).uniform(-1, 1, (1, 16, 16, 1)).astype("float32"), (3, 1, 1, 1))
    logits = np.asarray(discriminator([images, np.array([0, 1, 0]), np.float32([[0], [0], [1]])]))[:, 0]
    assert len(set(logits.round(6))) == 3


def test_auxiliary_discriminator_guesses_label_and_attributes():
    discriminator = build_discriminator((16, 16, 1), 3, 2, width=4, conditioning="auxiliary")
    outputs = discriminator(np.zeros((5, 16, 16, 1), "float32"))
    assert [output.shape for output in outputs] == [(5, 1), (5, 3), (5, 2)]
    with pytest.raises(ValueError, match="give num_classes or num_attributes"):
        build_discriminator(conditioning="auxiliary")


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_activations_of_the_generator(activation):
    generator = build_generator(8, (16, 16, 1), width=4, activation=activation)
    assert np.abs(generate_images(generator, 2, seed=0)).max() <= 1
    kinds = {type(layer).__name__ for layer in generator.layers}
    assert {"relu": "Activation", "silu": "Activation", "leaky_relu": "LeakyReLU", "prelu": "PReLU"}[
        activation
    ] in kinds


def test_encoder_mirrors_the_generator():
    mean, log_variance = build_encoder(8, (20, 20, 3), width=4)(np.zeros((2, 20, 20, 3), "float32"))
    assert mean.shape == log_variance.shape == (2, 8)


def test_translator_keeps_the_size_and_uses_picture_and_noise():
    translator = build_unet_generator((32, 32, 3), width=4)
    pictures = np.random.default_rng(0).uniform(-1, 1, (2, 32, 32, 3)).astype("float32")
    images = np.asarray(translator([pictures, np.zeros((2, 1), "float32")]))
    assert images.shape == (2, 32, 32, 3) and np.abs(images).max() <= 1
    assert np.abs(images - translator([pictures, np.ones((2, 1), "float32")])).max() > 1e-4
    assert np.abs(images - translator([pictures[::-1], np.zeros((2, 1), "float32")])).max() > 1e-2
    logits = build_patch_discriminator((32, 32, 3), width=4)([pictures, images])
    assert logits.shape == (2, 4, 4, 1)


def test_a_patch_is_judged_by_its_surroundings_only():
    judge = build_patch_discriminator((64, 64, 3), width=4)
    pictures = np.zeros((1, 64, 64, 3), "float32")
    changed = pictures.copy()
    changed[:, :8, :8] = 1
    different = np.abs(np.asarray(judge([pictures, pictures])) - judge([pictures, changed]))[0, :, :, 0] > 0
    assert different[0, 0] and not different[4:].any() and not different[:, 4:].any()


def test_points_networks():
    points = build_points_generator(3)(np.zeros((5, 3), "float32"))
    assert points.shape == (5, 2) and build_points_discriminator(spectral_norm=True)(points).shape == (5, 1)


def test_seed_decides_the_weights():
    a, b, c = (build_generator(8, (16, 16, 1), width=4, seed=seed).get_weights() for seed in (0, 0, 1))
    assert all(np.array_equal(x, y) for x, y in zip(a, b))
    assert not np.array_equal(a[0], c[0])


@pytest.mark.parametrize("build", [build_discriminator, build_points_discriminator])
def test_seed_decides_the_start_of_the_power_iteration_too(build):
    a, b = (build(width=4, spectral_norm=True, seed=3).get_weights() for _ in range(2))
    assert all(np.array_equal(x, y) for x, y in zip(a, b))


def test_discriminator_returns_logits():
    assert build_discriminator().get_layer("logit").activation.__name__ == "linear"


def test_bad_choices_are_named():
    with pytest.raises(ValueError, match="concat, batch_norm"):
        build_generator(conditioning="film")
    with pytest.raises(ValueError, match="projection, channels, concat"):
        build_discriminator(conditioning="film")
    with pytest.raises(ValueError, match="num_classes must be at least 2"):
        build_generator(num_classes=1)
    with pytest.raises(ValueError, match="width must be at least 1"):
        build_generator(width=0)


def probability(logit):
    return 1 / (1 + np.exp(-np.float64(logit)))


def test_losses_equal_their_formulas():
    real, fake = np.float32([[2.0], [-1.0]]), np.float32([[0.5], [-3.0]])
    p, q = probability(real), probability(fake)
    for name, generator_loss in (("minimax", np.log(1 - q)), ("non_saturating", -np.log(q))):
        loss = LOSSES[name]
        assert np.asarray(loss.discriminator(real, fake)) == pytest.approx(-np.log(p) - np.log(1 - q), rel=1e-5)
        assert np.asarray(loss.generator(real, fake)) == pytest.approx(generator_loss, rel=1e-5)
        smoothed = -0.9 * np.log(p) - 0.1 * np.log(1 - p) - np.log(1 - q)
        assert np.asarray(loss.discriminator(real, fake, 0.1)) == pytest.approx(smoothed, rel=1e-5)


def test_gradients_equal_their_formulas():
    logits = tf.constant([[-5.0], [0.0], [3.0]])
    expected = {"minimax": -probability(logits), "non_saturating": probability(logits) - 1}
    for name, gradient in expected.items():
        with tf.GradientTape() as tape:
            tape.watch(logits)
            value = tf.reduce_sum(LOSSES[name].generator(None, logits))
        assert tape.gradient(value, logits).numpy() == pytest.approx(gradient, abs=1e-6)


def test_other_losses_equal_their_formulas_by_hand():
    """Two examples, logits 2 and -1 of real images, 0.5 and -3 of generated ones."""
    real, fake = np.float32([[2.0], [-1.0]]), np.float32([[0.5], [-3.0]])
    by_hand = {
        "least_squares": ([(1 + 0.25) / 2, (4 + 9) / 2], [0.25 / 2, 16 / 2]),
        "hinge": ([0 + 1.5, 2 + 0], [-0.5, 3.0]),
        "wasserstein": ([-1.5, -2.0], [-0.5, 3.0]),
        "relativistic": (
            [np.log(1 + np.exp(-1.5)), np.log(1 + np.exp(-2.0))],
            [np.log(1 + np.exp(1.5)), np.log(1 + np.exp(2.0))],
        ),
    }
    for name, (discriminator, generator) in by_hand.items():
        assert np.asarray(LOSSES[name].discriminator(real, fake)).ravel() == pytest.approx(discriminator, rel=1e-5), (
            name
        )
        assert np.asarray(LOSSES[name].generator(real, fake)).ravel() == pytest.approx(generator, rel=1e-5), name
    smooth = np.asarray(LOSSES["least_squares"].discriminator(real, fake, 0.1)).ravel()
    assert smooth == pytest.approx([(1.1**2 + 0.25) / 2, (1.9**2 + 9) / 2], rel=1e-5)


def test_recognition_errors_equal_their_formulas():
    logits, labels = np.float32([[1.0, 2.0, 0.0], [0.0, 0.0, 0.0]]), np.int32([1, 2])
    by_hand = [np.log(np.exp([1.0, 2.0, 0.0]).sum()) - 2, np.log(3)]
    assert np.asarray(label_error(logits, labels)) == pytest.approx(by_hand, rel=1e-5)
    guesses, attributes = np.float32([[0.0, 1.0], [0.5, -1.0]]), np.float32([[0.5, 0.0], [1.0, 0.0]])
    assert np.asarray(attribute_error(guesses, attributes)) == pytest.approx([(0 + 4) / 2, 0.25 / 2], rel=1e-5)


def test_spectral_norm_bounds_the_slope():
    model = build_discriminator((16, 16, 1), 3, width=4, spectral_norm=True)
    images = np.random.default_rng(0).normal(size=(8, 16, 16, 1)).astype("float32")
    for _ in range(30):  # power iteration, one round a call
        model([images, np.zeros(8, "int32")], training=True)
    kernel = model.get_layer("logit").layer.kernel.numpy()
    assert np.linalg.norm(kernel, 2) == pytest.approx(1, rel=1e-2)


def test_losses_stay_finite_for_sure_discriminators():
    sure = tf.constant([[1000.0]])
    for loss in LOSSES.values():
        assert np.isfinite(loss.discriminator(-sure, sure)) and np.isfinite(loss.generator(sure, -sure))


def test_unknown_loss_is_named():
    with pytest.raises(ValueError, match="minimax, non_saturating"):
        get_loss("hinge_loss")
    with pytest.raises(ValueError, match="Did you mean 'wasserstein'?"):
        get_loss("wasserstain")
