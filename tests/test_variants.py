"""VAE, VAE-GAN, pix2pix: formulas by hand, and trainings that learn."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tutorial.data import draw_outlines, make_shapes
from gan_tutorial.models import (
    build_discriminator,
    build_encoder,
    build_generator,
    build_patch_discriminator,
    build_translator,
)
from gan_tutorial.pretrained import load_pretrained
from gan_tutorial.variants import encode, reconstruct, train_translator, train_vae, train_vae_gan, translate
from gan_tutorial.variants.vae import divergence, misfit

from .test_stabilizers import corners

SMALL = {"image_shape": (16, 16, 1), "width": 4}
QUIET = {"steps": 200, "batch_size": 32, "progress": False}


def autoencoder(latent_dim=8):
    return build_encoder(latent_dim, **SMALL), build_generator(latent_dim, **SMALL)


def test_divergence_equals_its_formula_and_an_integral():
    found = divergence(tf.constant([[1.0, 0.0]]), tf.constant([[np.log(4.0), 0.0]], tf.float32)).numpy()
    assert found == pytest.approx([(1 + 4 - 1 - np.log(4)) / 2], rel=1e-5)
    x = np.linspace(-20, 20, 40_001)
    p, q = (np.exp(-((x - m) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v) for m, v in ((1, 4), (0, 1)))
    integral = (p * (np.log(p + 1e-300) - np.log(q + 1e-300))).sum() * (x[1] - x[0])
    assert found[0] == pytest.approx(integral, rel=1e-3)
    assert divergence(tf.zeros([3, 5]), tf.zeros([3, 5])).numpy() == pytest.approx(np.zeros(3))


def test_misfit_is_the_best_gaussian_likelihood():
    rng = np.random.default_rng(0)
    target, output = rng.normal(size=(2, 50)).astype("float32")
    error = ((target - output) ** 2).mean()
    variances = np.linspace(0.1, 10, 2000)
    likelihoods = 0.5 * np.log(variances) + error / (2 * variances)
    assert float(misfit(target, output)) == pytest.approx(likelihoods.min() - 0.5, abs=1e-3)


@pytest.mark.parametrize("adversarial", [False, True])
def test_autoencoders_learn_to_rebuild(adversarial):
    images, _ = corners()
    encoder, decoder = autoencoder()
    before = ((reconstruct(encoder, decoder, images[:100]) - images[:100]) ** 2).mean()
    if adversarial:
        discriminator = build_discriminator(**SMALL)
        history = train_vae_gan(encoder, decoder, discriminator, images, rate=3e-3, **QUIET)
        assert set(history) == {"step", "misfit", "divergence", "discriminator", "generator"}
    else:
        history = train_vae(encoder, decoder, images, rate=3e-3, **QUIET)
    after = ((reconstruct(encoder, decoder, images[:100]) - images[:100]) ** 2).mean()
    assert after < 0.25 * before and list(history["step"]) == list(range(20, 201, 20))
    assert encode(encoder, images[:3]).shape == (3, 8)


def test_the_prior_keeps_the_noise_normal():
    images, _ = corners()
    ends = {}
    for prior in (0.0, 50.0):
        ends[prior] = train_vae(*autoencoder(), images, prior=prior, **QUIET)["divergence"][-1]
    assert ends[50.0] < 0.3 * ends[0.0]


def test_translator_learns_a_translation():
    """Pictures and their negatives."""
    images, _ = corners()
    shape = {"image_shape": (16, 16, 1), "width": 4}
    translator = build_translator(noise_channels=0, **shape)
    history = train_translator(translator, build_patch_discriminator(**shape), images, -images, rate=3e-3, **QUIET)
    assert history["difference"][-1] < 0.7 * history["difference"][0]
    assert np.abs(translate(translator, images[:50]) + images[:50]).mean() < 0.4


def test_without_the_adversary_the_discriminator_rests():
    images, _ = corners()
    judge = build_patch_discriminator(**SMALL)
    before = [w.copy() for w in judge.get_weights()]
    train_translator(build_translator(**SMALL), judge, images, images, adversarial=0.0, **{**QUIET, "steps": 5})
    assert all(np.array_equal(a, b) for a, b in zip(before, judge.get_weights()))


def test_the_same_seed_trains_the_same_and_a_callback_stops():
    images, _ = corners()
    weights = []
    for _ in range(2):
        encoder, decoder = autoencoder()
        history = train_vae(encoder, decoder, images, callback=lambda step: step >= 40, **QUIET)
        assert list(history["step"]) == [20, 40]
        weights.append(np.concatenate([w.ravel() for w in decoder.get_weights()]))
    assert np.array_equal(*weights)


def test_stop_button_keeps_what_was_learnt():
    def press_stop(step):
        if step == 40:
            raise KeyboardInterrupt

    history = train_vae(*autoencoder(), corners()[0], callback=press_stop, **QUIET)
    assert list(history["step"]) == [20, 40]


def test_unfit_input_is_explained():
    images, _ = corners(64)
    with pytest.raises(ValueError, match="smaller batch_size"):
        train_vae(*autoencoder(), images[:8], **QUIET)
    with pytest.raises(ValueError, match=r"must lie in \[-1, 1\]"):
        train_vae(*autoencoder(), images * 100, **QUIET)
    with pytest.raises(ValueError, match="64 pictures and 40 images do not make pairs"):
        train_translator(build_translator(**SMALL), build_patch_discriminator(**SMALL), images, images[:40], **QUIET)
    with pytest.raises(FloatingPointError, match="diverged before step 20"):
        train_vae(*autoencoder(), images, rate=1e20, **QUIET)


def test_outlines_say_nothing_of_the_colour():
    one, other = make_shapes(40, "test"), make_shapes(40, "test")
    outlines = draw_outlines(one.images)
    assert outlines.shape == one.images.shape and np.abs(outlines).max() <= 1
    # Grey: all channels alike; and inside of the shape there is background again.
    assert np.ptp(outlines, axis=3).max() < 0.01
    assert np.array_equal(outlines, draw_outlines(other.images))
    large = np.flatnonzero(one.attributes["size"] > 0.5)
    assert np.abs(outlines[large, 32, 32] - one.images[large, 0, 0]).max() < 0.05


def test_shipped_models_do_what_their_cards_say():
    test = make_shapes(60, "test")
    translator, card = load_pretrained("pix2pix_shapes")
    filled = translate(translator, draw_outlines(test.images), seed=1)
    from gan_tutorial.evaluation import measure_shapes

    seen = measure_shapes(filled)
    assert (seen.kinds == test.labels // 6).mean() > card["metrics"]["kind_accuracy"] - 0.1
    assert np.abs(seen.sizes - test.attributes["size"]).mean() < 0.03

    from gan_tutorial.data import load_fashion_mnist

    images = load_fashion_mnist("test").images[:500]
    errors = {}
    for name in ("vae", "vae_gan"):
        encoder, card = load_pretrained(f"{name}_encoder_fashion_mnist")
        decoder, _ = load_pretrained(f"{name}_decoder_fashion_mnist")
        errors[name] = ((reconstruct(encoder, decoder, images) - images) ** 2).mean()
        assert errors[name] == pytest.approx(card["metrics"]["mean_squared_error_rebuilt"], rel=0.1)
    assert errors["vae"] < errors["vae_gan"] < 0.06
