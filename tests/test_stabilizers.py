"""Penalties, noise, augmentation, clipping: each against numbers known by hand, and in a training."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tutorial.data import as_condition
from gan_tutorial.losses import overlap
from gan_tutorial.models import DISCRIMINATOR_CONDITIONING, build_discriminator, build_generator, interface
from gan_tutorial.training import GANStep, train, train_cgan
from gan_tutorial.training.augmentation import AUGMENTATIONS, NUMBERS, adapted, augment, cutout, translation
from gan_tutorial.training.gradient_penalties import gradient_penalty, zero_centred_gradient_penalty
from gan_tutorial.training.mismatch import wrong_values
from gan_tutorial.training.random_streams import RandomStreams

from .conftest import weights_of

QUIET = {"progress": False, "batch_size": 8, "steps_per_call": 5}


def test_slope_of_known_discriminators():
    images = tf.constant(np.random.default_rng(0).normal(size=(5, 4, 4, 1)), tf.float32)
    w = tf.constant(np.random.default_rng(1).normal(size=(16, 1)), tf.float32)
    linear = lambda x: tf.reshape(x, [-1, 16]) @ w  # noqa: E731
    assert zero_centred_gradient_penalty(linear, images).numpy() == pytest.approx(
        np.full(5, float(tf.reduce_sum(w * w))), rel=1e-5
    )
    # D = |x|²: the slope is 2x.
    square = lambda x: tf.reduce_sum(tf.reshape(x, [-1, 16]) ** 2, 1, keepdims=True)  # noqa: E731
    expected = 4 * (images.numpy() ** 2).sum((1, 2, 3))
    assert zero_centred_gradient_penalty(square, images).numpy() == pytest.approx(expected, rel=1e-5)
    assert zero_centred_gradient_penalty(lambda p: p @ w[:2], tf.ones([3, 2])).shape == (3,)  # points


def test_gradient_penalty_of_known_discriminators():
    real, fake = tf.ones([3, 2, 2, 1]), tf.zeros([3, 2, 2, 1])
    # D = |x|²/2 has the slope x; a share s of the way leaves (1 - s) of ones, of length 2.
    square = lambda x: tf.reduce_sum(tf.reshape(x, [-1, 4]) ** 2, 1, keepdims=True) / 2  # noqa: E731
    found = gradient_penalty(square, real, fake, tf.constant([0.0, 0.5, 0.75]))
    assert found.numpy() == pytest.approx([1.0, 0.0, 0.25], abs=1e-5)
    # A flat discriminator is penalized, and the penalty has a gradient that is finite.
    slope = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        flat = tf.reduce_sum(gradient_penalty(lambda x: slope * tf.reshape(x, [-1, 4])[:, :1], real, fake, tf.zeros(3)))
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
        generator_learning_rate=0.0,
        discriminator_learning_rate=5e-3,
        **QUIET,
        **settings,
    )
    judge = lambda pictures: discriminator([pictures, tf.constant(labels)])  # noqa: E731
    return float(tf.reduce_mean(zero_centred_gradient_penalty(judge, tf.constant(images))))


@pytest.mark.slow
def test_penalties_flatten_the_discriminator(tiny_models, tiny_data):
    free = slope_after(tiny_models, tiny_data)
    assert slope_after(tiny_models, tiny_data, r1=10.0) < 0.2 * free
    assert slope_after(tiny_models, tiny_data, r1=10.0, penalty_every=4) < 0.3 * free
    bound = slope_after(tiny_models, tiny_data, loss="wasserstein", gradient_penalty=10.0)
    assert 0.1 < bound < 4 < slope_after(tiny_models, tiny_data, loss="wasserstein")


def test_overlap_is_the_squared_products_of_different_filters():
    """Brock et al. 2019, equation 3, written out; biases and embeddings do not count."""
    generator = build_generator(8, (16, 16, 1), num_classes=3, width=4, upsampling="resize", conditioning="batch_norm")
    expected, shapes = 0.0, set()
    for layer in generator.layers:
        if hasattr(layer, "kernel"):
            w = layer.kernel.numpy().reshape(-1, layer.kernel.shape[-1])
            products = w.T @ w
            expected += (products[~np.eye(len(products), dtype=bool)] ** 2).sum()
            shapes.add(w.shape[0] > w.shape[1])
    assert shapes == {True, False}  # both ways to compute it
    assert float(overlap(generator.trainable_variables)) == pytest.approx(expected, rel=1e-4) and expected > 1


def test_orthogonal_regularization_parts_the_filters(tiny_models, tiny_data):
    left = []
    for weight in (0.0, 1.0):
        generator, discriminator = tiny_models()
        train_cgan(generator, discriminator, *tiny_data, steps=40, orthogonal=weight, ema=0, **QUIET)
        left.append(float(overlap(generator.trainable_variables)))
    assert left[1] < 0.5 * left[0]


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


def test_augmentation_is_made_as_often_as_asked():
    images = tf.ones([4000, 16, 16, 1])
    uniforms = tf.random.stateless_uniform([4000, NUMBERS], [0, 3])
    share = lambda kinds, p: float(np.mean((augment(images, uniforms, kinds, p) == 0).numpy().any((1, 2, 3))))  # noqa: E731
    assert share(["cutout"], 0.3) == pytest.approx(0.3, abs=0.03)
    assert share(["cutout"], 0.0) == 0 and share(["cutout"], 1.0) == 1


def test_probability_of_augmentation_follows_the_sign():
    assert float(adapted(tf.constant(0.5), 0.9, 0.6, 64)) == pytest.approx(0.501)
    assert float(adapted(tf.constant(0.5), 0.2, 0.6, 64)) == pytest.approx(0.499)
    assert float(adapted(tf.constant(0.0), 0.2, 0.6, 64)) == 0 and float(adapted(tf.constant(1.0), 0.9, 0.6, 64)) == 1


@pytest.mark.slow
def test_adaptive_augmentation_rises_where_the_images_are_known_by_heart(tiny_models, tiny_data):
    """64 images of random pixels: the discriminator soon knows them all."""
    result = train_cgan(
        *tiny_models(),
        *tiny_data,
        steps=100,
        augment=["cutout"],
        augment_target=0.5,
        discriminator_learning_rate=5e-3,
        **QUIET,
    )
    assert result.history["real_sign"][-1] > 0.9
    assert 0 < result.history["augmentation_probability"][-1] <= 100 * 8 / 64_000
    always = train_cgan(*tiny_models(), *tiny_data, steps=5, augment=["cutout"], **QUIET)
    never = train_cgan(*tiny_models(), *tiny_data, steps=5, **QUIET)
    assert always.history["augmentation_probability"][-1] == 1 and never.history["augmentation_probability"][-1] == 0


def corners(n=600):
    """Grey images with one bright corner out of three: what there is to find without labels."""
    labels = np.arange(n) % 3
    images = np.random.default_rng(0).uniform(-1, -0.8, (n, 16, 16, 1)).astype("float32")
    for image, label in zip(images, labels):
        image[8 * (label // 2) :][:8, 8 * (label % 2) :][:, :8] += 1.5
    return images, labels.astype("int32")


@pytest.mark.slow
def test_infogan_learns_to_recognize_its_codes(tiny_models):
    images, _ = corners()
    generator, _ = tiny_models()
    discriminator = build_discriminator((16, 16, 1), num_classes=3, width=4, conditioning="auxiliary")
    result = train(generator, discriminator, images, steps=300, batch_size=32, steps_per_call=50, progress=False)
    first, last = result.history["auxiliary_loss"][[0, -1]]
    assert last < 0.2 * first
    # Codes are no part of the data: labels that the generator takes must come from somewhere.
    plain = build_discriminator((16, 16, 1), width=4)
    with pytest.raises(ValueError, match="takes a label, but the data has none"):
        train(tiny_models()[0], plain, images, steps=1, **QUIET)


@pytest.mark.slow
def test_auxiliary_classifier_learns_the_labels(tiny_models):
    images, labels = corners()
    discriminator = build_discriminator((16, 16, 1), num_classes=3, width=4, conditioning="auxiliary")
    generator, _ = tiny_models()
    settings = {"steps": 300, "batch_size": 32, "steps_per_call": 50, "progress": False}
    train_cgan(generator, discriminator, images, labels, **settings)
    guessed = np.asarray(discriminator(images)[1]).argmax(1)
    assert (guessed == labels).mean() > 0.95
    idle = build_discriminator((16, 16, 1), num_classes=3, width=4, conditioning="auxiliary")
    before = idle.get_layer("label_guess").get_weights()[0]
    train_cgan(tiny_models()[0], idle, images, labels, auxiliary_weight=0.0, **{**settings, "steps": 5})
    assert np.array_equal(idle.get_layer("label_guess").get_weights()[0], before)


def test_mismatch_is_the_loss_of_real_images_with_one_wrong_condition():
    taken = {"num_classes": 3, "conditions": {"size": (0, 2)}}
    models = build_generator(8, (16, 16, 1), width=4, **taken), build_discriminator((16, 16, 1), width=4, **taken)
    images, labels = corners(3)
    sizes = np.float32([0, 0.5, 1.5])
    step = GANStep(*models, mismatch=1.0)
    step.check({"image": images, "label": labels, "size": sizes}, batch_size=3)
    step.build()
    batch = {
        "label": labels, "size": sizes, "wrong condition": np.int32([0, 1, 0]),
        "shift of label": np.float32([0.6, 0, 0.4]), "shift of size": np.float32([0, 0.5, 0]),
    }  # fmt: skip
    real = models[1]([images, labels, sizes])
    # The first and the third label are one and two further on, round the end; the second size is half the range away.
    wrong = models[1]([images, np.int32([2, 1, 0]), np.float32([0, 1.5, 1.5])]).numpy()
    expected = np.log1p(np.exp([-real.numpy(), wrong])).sum() / 3
    features = step._body(tf.constant(images), training=True)
    assert float(step._mismatch_loss(features, real, batch)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("condition", [as_condition("label", 5), as_condition("size", (-1.0, 3.0))])
def test_wrong_values_are_other_values_and_all_of_them(condition):
    rng = np.random.default_rng(0)
    values, shifts = condition.sample(rng, 4000), rng.random(4000, dtype=np.float32)
    wrong = np.asarray(wrong_values(condition, tf.constant(values), tf.constant(shifts)))
    assert wrong.dtype == values.dtype and np.array_equal(condition.numbers(wrong), wrong)
    least = 1 if condition.categories else 0.1 * 4 - 1e-5
    assert (np.abs(wrong - values) >= least).all() and len(np.unique(condition.nearest(wrong))) == len(condition.knots)


def test_only_what_the_discriminator_takes_is_shown_wrong():
    taken = {"image_shape": (16, 16, 1), "num_classes": 3, "width": 4}
    models = build_generator(8, conditions={"size": (0, 1)}, **taken), build_discriminator(**taken)
    images, labels = corners(40)
    step = GANStep(*models, mismatch=1.0)
    step.check({"image": images, "label": labels, "size": np.zeros(40, np.float32)}, batch_size=40)
    inputs = step.random_inputs(RandomStreams(0, tf.constant(3, tf.int64), 40))
    assert "shift of size" not in inputs and set(inputs["wrong condition"].numpy()) == {0}


@pytest.mark.slow
def test_mismatch_teaches_the_discriminator_to_read_the_label(tiny_models):
    images, labels = corners()
    gaps = []
    for mismatch in (0.0, 1.0):
        generator, discriminator = tiny_models()
        settings = {"steps": 60, "batch_size": 32, "steps_per_call": 20, "progress": False, "mismatch": mismatch}
        # A generator that does not learn: nothing else tells right labels from wrong ones.
        train_cgan(generator, discriminator, images, labels, generator_learning_rate=0.0, **settings)
        right, wrong = (discriminator([images, shown]).numpy().mean() for shown in (labels, (labels + 1) % 3))
        gaps.append(right - wrong)
    assert gaps[1] > gaps[0] + 1


def test_mismatch_needs_a_discriminator_that_takes_conditions(tiny_models):
    images, labels = corners(8)
    blind = build_discriminator((16, 16, 1), width=4)
    with pytest.raises(ValueError, match="mismatch shows the discriminator wrong conditions, but it takes none"):
        train_cgan(tiny_models()[0], blind, images, labels, steps=1, mismatch=1.0, **QUIET)


def test_instance_noise_falls_with_the_rates():
    step, ones = GANStep(None, None, instance_noise=0.4, decay_steps=100), {"instance_noise": tf.ones([1])}
    levels = [float(step._disturb(tf.zeros([1]), ones, tf.constant(done))[0]) for done in (0, 100, 300)]
    assert levels == pytest.approx([0.4, 0.2, 0.1])


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"r1": -1}, "r1 must not be negative"),
        ({"augment": ["mixup"]}, "no augmentation is called 'mixup'; choose from: colour, translation, cutout"),
        ({"penalty_every": 0}, "penalty_every must be at least 1"),
        ({"augment_target": 0.6}, "augment names no augmentation"),
        ({"auxiliary_weight": -1}, "auxiliary_weight must not be negative"),
        ({"mismatch": -1}, "mismatch must not be negative"),
        ({"loss": "wasserstein", "label_smoothing": 0.1}, "wasserstein has no targets"),
    ],
)
def test_unfit_settings_are_explained(settings, message):
    with pytest.raises(ValueError, match=message):
        GANStep(None, None, **settings)


@pytest.mark.parametrize("conditioning", DISCRIMINATOR_CONDITIONING)
def test_body_and_head_make_the_whole(conditioning):
    whole = build_discriminator((16, 16, 1), num_classes=3, width=4, conditioning=conditioning)
    images, labels = corners(6)
    body, head = interface.body_and_head(whole)
    images, labels = map(tf.constant, (images, labels))
    together = interface.call(whole, images, {"label": labels})
    features = body(images, training=True)
    apart = interface.call(head, features, {"label": labels})
    assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(together, apart, strict=True))
    # Conditions among the first layers leave nothing to share.
    assert (features.shape.rank == 2) == (conditioning != "channels")
