"""VAE, VAE-GAN, pix2pix: formulas by hand, and trainings that learn."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tutorial.data import draw_outlines, draw_shapes, load_fashion_mnist, make_shapes
from gan_tutorial.metrics import measure_shapes
from gan_tutorial.models import (
    build_discriminator,
    build_encoder,
    build_generator,
    build_patch_discriminator,
    build_unet_generator,
)
from gan_tutorial.pretrained import load_pretrained
from gan_tutorial.sampling import encode, reconstruct, translate
from gan_tutorial.training import train_cyclegan, train_pix2pix, train_vae, train_vae_gan
from gan_tutorial.training.steps.vae import kl_divergence, reconstruction_loss

from .conftest import weights_of
from .test_stabilizers import corners

SMALL = {"image_shape": (16, 16, 1), "width": 4}
UNPAIRED = {**SMALL, "noise_channels": 0, "normalization": "instance"}
QUIET = {"steps": 200, "batch_size": 32, "progress": False}


def autoencoder(latent_dim=8):
    return build_encoder(latent_dim, **SMALL), build_generator(latent_dim, **SMALL)


def test_kl_divergence_equals_its_formula_and_an_integral():
    found = kl_divergence(tf.constant([[1.0, 0.0]]), tf.constant([[np.log(4.0), 0.0]], tf.float32)).numpy()
    assert found == pytest.approx([(1 + 4 - 1 - np.log(4)) / 2], rel=1e-5)
    x = np.linspace(-20, 20, 40_001)
    p, q = (np.exp(-((x - m) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v) for m, v in ((1, 4), (0, 1)))
    integral = (p * (np.log(p + 1e-300) - np.log(q + 1e-300))).sum() * (x[1] - x[0])
    assert found[0] == pytest.approx(integral, rel=1e-3)
    assert kl_divergence(tf.zeros([3, 5]), tf.zeros([3, 5])).numpy() == pytest.approx(np.zeros(3))


def test_reconstruction_loss_is_the_best_gaussian_likelihood():
    rng = np.random.default_rng(0)
    target, output = rng.normal(size=(2, 50)).astype("float32")
    error = ((target - output) ** 2).mean()
    variances = np.linspace(0.1, 10, 2000)
    likelihoods = 0.5 * np.log(variances) + error / (2 * variances)
    assert float(reconstruction_loss(target, output)) == pytest.approx(likelihoods.min() - 0.5, abs=1e-3)


@pytest.mark.parametrize("adversarial", [False, True])
@pytest.mark.slow
def test_autoencoders_learn_to_rebuild(adversarial):
    images, _ = corners()
    encoder, decoder = autoencoder()
    before = ((reconstruct(encoder, decoder, images[:100]) - images[:100]) ** 2).mean()
    if adversarial:
        discriminator = build_discriminator(**SMALL)
        result = train_vae_gan(encoder, decoder, discriminator, images, learning_rate=3e-3, **QUIET)
        decoder = result.models["decoder"]
        assert {"reconstruction_loss", "kl_divergence", "discriminator_loss", "generator_loss"} < set(result.history)
    else:
        result = train_vae(encoder, decoder, images, learning_rate=3e-3, **QUIET)
    after = ((reconstruct(encoder, decoder, images[:100]) - images[:100]) ** 2).mean()
    assert after < 0.25 * before and list(result.history["step"]) == list(range(20, 201, 20))
    assert encode(encoder, images[:3]).shape == (3, 8)


@pytest.mark.slow
def test_the_kl_weight_keeps_the_noise_normal():
    images, _ = corners()
    ends = {}
    for weight in (0.0, 50.0):
        ends[weight] = train_vae(*autoencoder(), images, kl_weight=weight, **QUIET).history["kl_divergence"][-1]
    assert ends[50.0] < 0.3 * ends[0.0]


@pytest.mark.slow
def test_pix2pix_learns_a_translation():
    """Pictures and their negatives."""
    images, _ = corners()
    shape = {"image_shape": (16, 16, 1), "width": 4}
    models = build_unet_generator(noise_channels=0, **shape), build_patch_discriminator(**shape)
    result = train_pix2pix(*models, images, -images, learning_rate=3e-3, **QUIET)
    assert result.history["l1_loss"][-1] < 0.7 * result.history["l1_loss"][0]
    assert np.abs(translate(result.generator, images[:50]) + images[:50]).mean() < 0.4


def test_without_the_adversary_the_discriminator_rests():
    images, _ = corners()
    judge = build_patch_discriminator(**SMALL)
    before = [w.copy() for w in judge.get_weights()]
    train_pix2pix(build_unet_generator(**SMALL), judge, images, images, adversarial_weight=0.0, **{**QUIET, "steps": 5})
    assert all(np.array_equal(a, b) for a, b in zip(before, judge.get_weights()))


def test_the_same_seed_trains_the_same_and_a_callback_stops():
    images, _ = corners()
    weights = []
    for _ in range(2):
        encoder, decoder = autoencoder()
        result = train_vae(encoder, decoder, images, callbacks=[lambda report: report.step >= 40], **QUIET)
        assert list(result.history["step"]) == [20, 40] and result.interrupted
        weights.append(weights_of(encoder, decoder))
    assert np.array_equal(*weights)


def test_stop_button_keeps_what_was_learnt():
    def press_stop(report):
        if report.step == 40:
            raise KeyboardInterrupt

    result = train_vae(*autoencoder(), corners()[0], callbacks=[press_stop], **QUIET)
    assert list(result.history["step"]) == [20, 40] and result.interrupted and result.step == 40


ALGORITHMS = {
    "vae": (train_vae, lambda seed: (build_encoder(8, **SMALL, seed=seed), build_generator(8, **SMALL, seed=seed)), 1),
    "vae_gan": (
        train_vae_gan,
        lambda seed: (
            build_encoder(8, **SMALL, seed=seed),
            build_generator(8, **SMALL, seed=seed),
            build_discriminator(**SMALL, seed=seed),
        ),
        1,
    ),
    "pix2pix": (
        train_pix2pix,
        lambda seed: (build_unet_generator(**SMALL, seed=seed), build_patch_discriminator(**SMALL, seed=seed)),
        2,
    ),
    # Eight steps of 16 are past the first round of its history of 50, which is rounded up to 64.
    "cyclegan": (
        train_cyclegan,
        lambda seed: (
            *(build_unet_generator(**UNPAIRED, seed=seed + i) for i in (0, 1)),
            *(build_patch_discriminator(**SMALL, pairs=False, seed=seed + i) for i in (0, 1)),
        ),
        2,
    ),
}


@pytest.mark.parametrize("name", ALGORITHMS)
@pytest.mark.slow
def test_resumed_run_equals_unbroken_run(name, tmp_path):
    """Bit for bit: networks, averages, and the history; a finished run resumed again is left as it is."""
    train_it, build, sets = ALGORITHMS[name]
    data = [corners(64)[0]] * sets
    # The same schedule for all: one given as a number would fall to zero at each run's own end.
    options = {"batch_size": 16, "progress": False, "steps_per_call": 5}
    options["learning_rate"] = tf.keras.optimizers.schedules.CosineDecay(1e-3, 17)

    whole = build(0)
    unbroken = train_it(*whole, *data, steps=17, **options)
    train_it(*build(0), *data, steps=8, checkpoints=tmp_path, **options)
    for _ in range(2):
        again = build(5)
        resumed = train_it(*again, *data, steps=17, checkpoints=tmp_path, resume=True, **options)
        assert np.array_equal(weights_of(*whole), weights_of(*again))
        assert np.array_equal(weights_of(*unbroken.models.values()), weights_of(*resumed.models.values()))
        assert resumed.history["step"][-1] == 17 and not resumed.interrupted and resumed.step == 17


def test_divergence_leaves_the_last_good_weights(tmp_path):
    models = autoencoder()
    schedule = tf.keras.optimizers.schedules.PiecewiseConstantDecay([12], [1e-3, 1e30])
    with pytest.raises(FloatingPointError, match="diverged at step 1[0-9]"):
        train_vae(*models, corners(64)[0], learning_rate=schedule, **{**QUIET, "steps_per_call": 5})
    assert np.isfinite(weights_of(*models)).all()


def test_unfit_input_is_explained():
    images, _ = corners(64)
    with pytest.raises(ValueError, match="smaller batch_size"):
        train_vae(*autoencoder(), images[:8], **QUIET)
    with pytest.raises(ValueError, match=r"must lie in \[-1, 1\]"):
        train_vae(*autoencoder(), images * 100, **QUIET)
    with pytest.raises(ValueError, match="64 pictures and 40 images do not make pairs"):
        train_pix2pix(build_unet_generator(**SMALL), build_patch_discriminator(**SMALL), images, images[:40], **QUIET)
    with pytest.raises(FloatingPointError, match="diverged at step"):
        train_vae(*autoencoder(), images, learning_rate=1e20, **QUIET)


def test_outlines_say_nothing_of_the_colour():
    one = make_shapes(40, "test")
    outlines = draw_outlines(one.images)
    assert outlines.shape == one.images.shape and np.abs(outlines).max() <= 1
    # Grey: all channels alike; and inside of the shape there is background again.
    assert np.ptp(outlines, axis=3).max() < 0.01
    # The same shapes in other colours have the same outlines, and other shapes have others.
    describe = {"size": one.attributes["size"], "rotation": one.attributes["rotation"]}
    kinds, zeros = one.labels, np.zeros(40, int)
    asked = (kinds, zeros + 5), (kinds, zeros + 4), ((kinds + 1) % 4, zeros)
    red, blue, turned = (draw_outlines(draw_shapes(*each, **describe)) for each in asked)
    assert np.abs(red - blue).max() < 0.15 and np.abs(red - turned).max() > 0.5
    large = np.flatnonzero(one.attributes["size"] > 0.5)
    assert np.abs(outlines[large, 32, 32] - one.images[large, 0, 0]).max() < 0.05


def test_shipped_models_do_what_their_cards_say():
    test = make_shapes(60, "test")
    generator, card = load_pretrained("pix2pix_shapes")
    filled = translate(generator, draw_outlines(test.images), seed=1)
    seen = measure_shapes(filled)
    assert (seen.kinds == test.labels).mean() > card.metrics["kind_accuracy"] - 0.1
    assert np.abs(seen.sizes - test.attributes["size"]).mean() < 0.03

    images = load_fashion_mnist("test").images[:500]
    errors = {}
    for name in ("vae", "vae_gan"):
        encoder, card = load_pretrained(f"{name}_encoder_fashion_mnist")
        decoder, _ = load_pretrained(f"{name}_decoder_fashion_mnist")
        errors[name] = ((reconstruct(encoder, decoder, images) - images) ** 2).mean()
        assert errors[name] == pytest.approx(card.metrics["mean_squared_error_rebuilt"], rel=0.1)
    assert errors["vae"] < errors["vae_gan"] < 0.06
