"""The style-based generator: each part against what its equation promises, and as a generator like any other."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tutorial import models
from gan_tutorial.models import interface
from gan_tutorial.models.layers import LayerNoise, ModulatedConv2D
from gan_tutorial.noise import generate_noise
from gan_tutorial.pretrained import ModelCard, load_model, save_model
from gan_tutorial.sampling import complete_conditions, generate_images
from gan_tutorial.training import StyleGANStep, Trainer, train_style_gan
from gan_tutorial.training.gradient_penalties import path_lengths

from .conftest import weights_of

SMALL = {"image_shape": (16, 16, 1), "num_classes": 3, "width": 4}
LATENT = 8


def style_generator(seed=0, **options):
    return models.build_style_generator(LATENT, style_dim=8, seed=seed, **{**SMALL, **options})


@pytest.fixture
def generator():
    """With noise in its layers that counts; it has no strength before any training."""
    built = style_generator()
    for layer in built.layers:
        if isinstance(layer, LayerNoise):
            layer.strength.assign(0.5)
    return built


def inputs_of(generator, n, seed=0):
    noise = generate_noise(n, interface.latent_dim(generator), seed)
    return noise, complete_conditions(generator, n, {}, seed)


def convolve(demodulate, n=5, size=6, scale=1.0):
    rng = np.random.default_rng(0)
    layer = ModulatedConv2D(7, 3, demodulate, kernel_initializer=keras.initializers.HeNormal(0))
    x = rng.normal(size=(n, size, size, 4)).astype("float32")
    style = scale * rng.uniform(0.2, 3, (n, 4)).astype("float32")
    return layer, x, style, layer([x, style]).numpy()


@pytest.mark.parametrize("demodulate", [False, True])
def test_modulation_is_a_convolution_with_weights_of_each_image(demodulate):
    """A literal loop over Karras et al. 2020b, equations 1 to 3."""
    layer, x, style, found = convolve(demodulate)
    for image, s, result in zip(x, style, found):
        weights = layer.kernel.numpy() * s[None, None, :, None]
        if demodulate:
            for j in range(weights.shape[-1]):
                weights[..., j] = weights[..., j] / np.sqrt((weights[..., j] ** 2).sum() + 1e-8)
        assert result == pytest.approx(tf.nn.conv2d(image[None], weights, 1, "SAME")[0].numpy(), abs=1e-4)


def test_demodulated_outputs_have_deviation_1_and_do_not_depend_on_scale():
    _, _, _, found = convolve(True, n=200, size=20)
    inner = found[:, 1:-1, 1:-1]  # the padding's zeros have no deviation
    assert inner.std((1, 2)).mean() == pytest.approx(1, abs=0.03) and inner.std((1, 2)).std() < 0.1
    assert convolve(True, scale=50.0)[3] == pytest.approx(convolve(True)[3], abs=1e-3)
    assert convolve(False, scale=50.0)[3] == pytest.approx(50 * convolve(False)[3], rel=1e-3)


def test_the_halves_make_the_whole(generator):
    noise, conditions = inputs_of(generator, 4)
    mapping, synthesis = models.mapping_network(generator), models.synthesis_network(generator)
    styles = mapping([noise, *conditions.values()]).numpy()
    layers = models.style_layers(generator)
    images = synthesis([np.repeat(styles[:, None], layers, 1), noise]).numpy()
    assert styles.shape == (4, 8) and layers == 3
    assert images == pytest.approx(generate_images(generator, noise=noise, **conditions), abs=1e-5)
    with pytest.raises(ValueError, match="is not style-based: build it with build_style_generator"):
        models.mapping_network(models.build_generator(LATENT, **SMALL))


def test_truncation_and_mixing_at_their_ends(generator):
    noise, conditions = inputs_of(generator, 4)
    styles = models.mapping_network(generator)([noise, *conditions.values()]).numpy()
    synthesis, layers = models.synthesis_network(generator), models.style_layers(generator)
    mean = styles.mean(0)
    assert models.truncate_styles(styles, mean, 1.0) == pytest.approx(styles, abs=1e-6)
    assert np.array_equal(models.truncate_styles(styles, mean, 0.0), np.tile(mean, (4, 1)))
    half = models.truncate_styles(styles, mean, 0.5)
    assert np.linalg.norm(half - mean) == pytest.approx(np.linalg.norm(styles - mean) / 2, rel=1e-4)
    first, second = styles[:2], styles[2:]

    def mixed(cut):
        return synthesis([models.mix_styles(first, second, cut, layers), noise[:2]]).numpy()

    alone = [synthesis([np.repeat(w[:, None], layers, 1), noise[:2]]).numpy() for w in (first, second)]
    assert np.array_equal(mixed(layers), alone[0]) and np.array_equal(mixed(0), alone[1])
    assert not any(np.allclose(mixed(1), image, atol=1e-3) for image in alone)
    with pytest.raises(ValueError, match="from 0 to 3"):
        models.mix_styles(first, second, 4, layers)


def test_path_length_of_linear_maps_and_of_a_known_curve():
    rng = np.random.default_rng(0)
    matrix = tf.constant(rng.normal(size=(5, 4 * 4 * 2)), tf.float32)
    styles, directions = (tf.constant(rng.normal(size=shape), tf.float32) for shape in ((3, 5), (3, 4, 4, 2)))
    found = path_lengths(lambda w: tf.reshape(w @ matrix, [-1, 4, 4, 2]), styles, directions)
    # Jᵀy = A y; 4 · 4 pixels.
    expected = np.linalg.norm(matrix.numpy() @ directions.numpy().reshape(3, -1).T, axis=0) / 4
    assert found.numpy() == pytest.approx(expected, rel=1e-4)
    square = path_lengths(lambda w: tf.reshape(w, [-1, 2, 2, 1]) ** 2, styles[:, :4], directions[:, :2, :2, :1])
    expected = np.linalg.norm(2 * styles.numpy()[:, :4] * directions.numpy()[:, :2, :2, 0].reshape(3, -1), axis=1) / 2
    assert square.numpy() == pytest.approx(expected, rel=1e-4)


def test_layer_noise_comes_with_the_noise_and_only_where_it_has_strength(generator):
    noise, conditions = inputs_of(generator, 2)
    other = noise.copy()
    other[:, LATENT:] = generate_noise(2, noise.shape[1] - LATENT, 7)
    images, changed = (generate_images(generator, noise=each, **conditions) for each in (noise, other))
    assert np.abs(images - changed).max() > 0.01
    assert np.array_equal(images, generate_images(generator, noise=noise, **conditions))
    fresh = style_generator()
    images, changed = (generate_images(fresh, noise=each, **conditions) for each in (noise, other))
    assert np.array_equal(images, changed)
    assert interface.latent_dim(style_generator(layer_noise=False)) == LATENT


@pytest.mark.parametrize("size", [16, 28, 32, 64])
def test_any_size_and_no_conditions(size):
    generator = style_generator(image_shape=(size, size, 3), num_classes=None, mapping_layers=0)
    assert generate_images(generator, 2, seed=0).shape == (2, size, size, 3)
    assert models.mapping_network(generator).output_shape == (None, LATENT)
    assert not interface.conditions(generator)


def test_saved_and_loaded_it_makes_the_same_images(generator, tmp_path):
    options = {"latent_dim": LATENT, "style_dim": 8, **SMALL}
    save_model(generator, tmp_path / "mine", ModelCard("build_style_generator", options, class_names=["a", "b", "c"]))
    loaded, _ = load_model(tmp_path / "mine")
    noise, conditions = inputs_of(generator, 3)
    wanted = generate_images(generator, noise=noise, **conditions)
    assert np.array_equal(generate_images(loaded, noise=noise, label=["a", "b", "c"]), wanted)
    assert np.array_equal(generate_images(interface.copy_model(generator), noise=noise, **conditions), wanted)


def test_the_penalty_is_the_square_of_what_a_path_differs_from_the_running_mean(tiny_data):
    """Karras et al. 2020b, equation 4; at first there is no mean, and nothing to differ from."""
    options = {"path_length": 3.0, "path_every": 2}
    step = StyleGANStep(style_generator(), models.build_discriminator(**SMALL), **options)
    Trainer(step, {"image": tiny_data[0], "label": tiny_data[1]}, batch_size=8)
    step.build()
    noise, conditions = inputs_of(step.generator, 4)
    noise, directions = tf.constant(noise), tf.random.stateless_normal((4, 16, 16, 1), (0, 0))
    conditions = {name: tf.constant(values) for name, values in conditions.items()}
    batch = {"noise": noise, "direction": directions, **conditions}
    styles = step._mapping([noise, *conditions.values()])
    lengths = path_lengths(lambda w: step._synthesis([tf.repeat(w[:, None], 3, 1), noise]), styles, directions).numpy()
    first, length = step._path_penalty(batch, tf.constant(0.0))
    assert first == 0 and length.numpy() == pytest.approx(lengths.mean(), rel=1e-4)
    later, _ = step._path_penalty(batch, tf.constant(0.5))
    assert later.numpy() == pytest.approx(2 * 3.0 * np.mean((lengths - 0.5) ** 2), rel=1e-4)
    step.after_step({"path_length": tf.constant(4.0), "real_sign": 0.0})
    step.after_step({"path_length": tf.constant(5.0), "real_sign": 0.0})
    assert step.variables["mean_path_length"].numpy() == pytest.approx(4 + (1 - 0.99**2) * (5 - 4))


def test_conditions_may_have_any_name():
    generator = style_generator(num_classes=None, conditions={"w": 2, "z": 3, "start": 2, "w_1": (0, 1)})
    assert models.style_layers(generator) == 3


@pytest.mark.slow
def test_resumed_training_equals_an_unbroken_one(tiny_data, tmp_path):
    """With mixed styles and path lengths, whose mean has to be stored."""
    options = {"batch_size": 8, "progress": False, "steps_per_call": 3, "mixing": 0.5}
    options |= {"path_length": 1.0, "path_every": 2}

    def networks(seed):
        return style_generator(seed), models.build_discriminator(**SMALL, seed=seed)

    whole, again = networks(0), networks(5)
    unbroken = train_style_gan(*whole, *tiny_data, steps=9, **options)
    train_style_gan(*networks(0), *tiny_data, steps=6, checkpoints=tmp_path, **options)
    resumed = train_style_gan(*again, *tiny_data, steps=9, checkpoints=tmp_path, resume=True, **options)
    assert np.array_equal(weights_of(*whole), weights_of(*again))
    assert np.array_equal(weights_of(unbroken.generator), weights_of(resumed.generator))
    assert (unbroken.history["path_length"] > 0).all()


def test_mixing_takes_other_noise_behind_the_cut(tiny_data):
    step = StyleGANStep(style_generator(), models.build_discriminator(**SMALL), mixing=0.5)
    Trainer(step, {"image": tiny_data[0], "label": tiny_data[1]}, batch_size=8)
    step.build()
    noise, conditions = inputs_of(step.generator, 2)
    other = np.concatenate([generate_noise(2, LATENT, 9), noise[:, LATENT:]], 1)

    def generated(cut):
        batch = {"noise": noise, "other_noise": other, "cut": np.float32([cut, cut]), **conditions}
        return step.generate({name: tf.constant(rows) for name, rows in batch.items()}).numpy()

    mapping, synthesis = models.mapping_network(step.generator), models.synthesis_network(step.generator)
    first, second = (mapping([each, *conditions.values()]).numpy() for each in (noise, other))
    # 0 to 0.5: not mixed; the rest is shared by the places behind the first and the second of three layers.
    for cut, place in ((0.0, 3), (0.49, 3), (0.51, 1), (0.74, 1), (0.76, 2), (0.999, 2)):
        wanted = synthesis([models.mix_styles(first, second, place, 3), noise]).numpy()
        assert generated(cut) == pytest.approx(wanted, abs=1e-5), cut


def test_unfit_options_and_generators_are_explained(tiny_data):
    networks = style_generator(), models.build_discriminator(**SMALL)
    with pytest.raises(ValueError, match="mapping_layers must not be negative"):
        style_generator(mapping_layers=-1)
    for options, message in (
        ({"mixing": 1.1}, "mixing is a share of the images, from 0 to 1, not 1.1"),
        ({"mixing": -0.1}, "mixing must not be negative"),
        ({"path_length": -1.0}, "path_length must not be negative"),
        ({"path_every": 0}, "path_every must be at least 1"),
    ):
        with pytest.raises(ValueError, match=message):
            train_style_gan(*networks, *tiny_data, steps=1, progress=False, **options)
    with pytest.raises(ValueError, match="not style-based"):
        train_style_gan(models.build_generator(LATENT, **SMALL), networks[1], *tiny_data, steps=1, progress=False)
