"""`check_gan_step` finds each defect that is put into a training step, and passes the mended ones."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from gan_tutorial.diagnostics import check_gan_step, checks
from gan_tutorial.losses import LOSSES
from gan_tutorial.models import build_discriminator, build_generator, build_points_discriminator, build_points_generator
from gan_tutorial.translations import read

LATENT, BATCH = 8, 32


@pytest.fixture
def batch():
    """Images with something to see: each class is bright in a corner of its own."""
    rng = np.random.default_rng(0)
    labels = np.arange(BATCH) % 3
    images = rng.uniform(-1, -0.6, (BATCH, 16, 16, 1)).astype("float32")
    for image, label in zip(images, labels):
        image[8 * (label // 2) :][:8, 8 * (label % 2) :][:, :8] += 1.2
    return tf.constant(images), tf.constant(labels, tf.int32)


def models(num_classes=None, **options):
    generator = build_generator(LATENT, (16, 16, 1), num_classes=num_classes, width=4)
    return generator, build_discriminator((16, 16, 1), num_classes=num_classes, width=4, **options)


def inputs(first, labels):
    return first if labels is None else [first, labels]


def make_step(generator, discriminator, loss="non_saturating", rate=1e-3):
    """A correct step, written out; returns it and its optimizers."""
    g_optimizer, d_optimizer = (keras.optimizers.Adam(rate, beta_1=0.0) for _ in range(2))
    game = LOSSES[loss]

    def step(images, labels=None):
        with tf.GradientTape(persistent=True) as tape:
            noise = tf.random.normal([len(images), LATENT])
            fakes = generator(inputs(noise, labels), training=True)
            real = discriminator(inputs(images, labels), training=True)
            fake = discriminator(inputs(fakes, labels), training=True)
            d_loss = tf.reduce_mean(game.discriminator(real, fake, 0.0))
            g_loss = tf.reduce_mean(game.generator(real, fake))
        d, g = discriminator.trainable_variables, generator.trainable_variables
        d_grads, g_grads = tape.gradient(d_loss, d), tape.gradient(g_loss, g)
        d_optimizer.apply(d_grads, d)
        g_optimizer.apply(g_grads, g)

    return step, [g_optimizer, d_optimizer]


@pytest.mark.parametrize(
    "loss", ["hinge", *(pytest.param(loss, marks=pytest.mark.slow) for loss in LOSSES if loss != "hinge")]
)
def test_right_step_passes(batch, loss):
    generator, discriminator = models()
    step, optimizers = make_step(generator, discriminator, loss)
    found = check_gan_step(generator, discriminator, step, batch[0], optimizers=optimizers)
    assert found.ok, found
    assert {"real images", "fresh noise", "confident mistakes"} <= {f.check for f in found.findings}


@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_right_conditional_step_passes(batch, compiled):
    generator, discriminator = models(3)
    step, optimizers = make_step(generator, discriminator)
    trials = 1 if compiled else 4  # each is traced anew
    step = tf.function(step) if compiled else step
    found = check_gan_step(generator, discriminator, step, *batch, optimizers, trials=trials)
    assert found.ok, found
    assert any(f.check == "labels" for f in found.findings)


def test_points_pass():
    generator, discriminator = build_points_generator(LATENT), build_points_discriminator()
    step, optimizers = make_step(generator, discriminator)
    points = np.random.default_rng(0).normal(size=(BATCH, 2)).astype("float32") + 2
    assert check_gan_step(generator, discriminator, step, points, optimizers=optimizers).ok


def test_everything_is_as_before(batch):
    generator, discriminator = models()
    before = [np.array(v.numpy()) for m in (generator, discriminator) for v in m.variables]
    step, optimizers = make_step(generator, discriminator)
    check_gan_step(generator, discriminator, step, batch[0], optimizers=optimizers)
    after = [np.array(v.numpy()) for m in (generator, discriminator) for v in m.variables]
    assert all(np.array_equal(a, b) for a, b in zip(before, after))


BCE = keras.losses.BinaryCrossentropy(from_logits=True)


def compile_both(generator, discriminator, loss=BCE):
    for model in (generator, discriminator):
        model.compile(keras.optimizers.Adam(1e-3), loss)


def noise_for(images):
    return np.random.normal(size=(len(images), LATENT)).astype("float32")


def not_compiled(generator, discriminator):
    def step(images):
        discriminator.train_on_batch(images, np.ones((len(images), 1)))

    return step


def images_asked_to_be_ones(generator, discriminator):
    compile_both(generator, discriminator)

    def step(images):
        discriminator.train_on_batch(images, np.ones((len(images), 1)))
        generator.train_on_batch(noise_for(images), np.ones((len(images), 1)))

    return step


def discriminator_taught_to_be_fooled(generator, discriminator):
    """ "Train the generator" by the discriminator's own train_on_batch."""
    compile_both(generator, discriminator)

    def step(images):
        fakes = generator.predict(noise_for(images), verbose=0)
        discriminator.train_on_batch(images, np.ones((len(images), 1)))
        discriminator.train_on_batch(fakes, np.zeros((len(images), 1)))
        discriminator.train_on_batch(fakes, np.ones((len(images), 1)))

    return step


def frozen_after_compile(generator, discriminator):
    discriminator.compile(keras.optimizers.Adam(1e-3), BCE)
    discriminator.trainable = False
    together = keras.Sequential([generator, discriminator])
    together.compile(keras.optimizers.Adam(1e-3), BCE)

    def step(images):
        fakes = generator.predict(noise_for(images), verbose=0)
        discriminator.train_on_batch(images, np.ones((len(images), 1)))
        discriminator.train_on_batch(fakes, np.zeros((len(images), 1)))
        together.train_on_batch(noise_for(images), np.ones((len(images), 1)))

    step.optimizers = [discriminator.optimizer, together.optimizer]
    return step


def logits_taken_for_probabilities(generator, discriminator):
    wrong = keras.losses.BinaryCrossentropy()
    optimizer = keras.optimizers.Adam(1e-3, beta_1=0.0)
    other = keras.optimizers.Adam(1e-3, beta_1=0.0)

    def step(images):
        with tf.GradientTape(persistent=True) as tape:
            fakes = generator(tf.random.normal([len(images), LATENT]), training=True)
            real, fake = discriminator(images, training=True), discriminator(fakes, training=True)
            d_loss = wrong(tf.ones_like(real), real) + wrong(tf.zeros_like(fake), fake)
            g_loss = wrong(tf.ones_like(fake), fake)
        for loss, model, adam in ((d_loss, discriminator, optimizer), (g_loss, generator, other)):
            adam.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

    step.optimizers = [optimizer, other]
    return step


def variant(change):
    """A correct step with one thing changed."""

    def build(generator, discriminator):
        optimizers = [keras.optimizers.Adam(1e-3, beta_1=0.0) for _ in range(2)]
        fixed = tf.random.stateless_normal([BATCH, LATENT], [0, 0])

        def step(images):
            noise = fixed if change == "same noise" else tf.random.normal([len(images), LATENT])
            if change == "no real images":
                images = tf.zeros_like(images)
            with tf.GradientTape(persistent=True) as tape:
                fakes = generator(noise, training=change != "inference mode")
                shown = tf.stop_gradient(fakes) if change == "cut gradient" else fakes
                real, fake = discriminator(images, training=True), discriminator(shown, training=True)
                d_loss = tf.reduce_mean(tf.nn.softplus(-real) + tf.nn.softplus(fake))
                g_loss = tf.reduce_mean(tf.nn.softplus(-fake))
                if change == "generator maximizes":
                    g_loss = -g_loss
                if change == "swapped targets":
                    d_loss = tf.reduce_mean(tf.nn.softplus(real) + tf.nn.softplus(-fake))
                if change == "diverges":
                    g_loss /= 0.0
            d, g = discriminator.trainable_variables, generator.trainable_variables
            d_grads, g_grads = tape.gradient(d_loss, d), tape.gradient(g_loss, g)
            optimizers[0].apply(d_grads, d)
            if change != "cut gradient":
                optimizers[1].apply(g_grads, g)

        step.optimizers = optimizers
        return step

    return build


DEFECTS = {
    "not compiled": (not_compiled, "runs"),
    "images asked to be ones": (images_asked_to_be_ones, "runs"),
    "discriminator taught to be fooled": (discriminator_taught_to_be_fooled, "generator moves"),
    "frozen after compile": (frozen_after_compile, "discriminator moves"),
    "logits taken for probabilities": (logits_taken_for_probabilities, "confident mistakes"),
    "same noise": (variant("same noise"), "fresh noise"),
    "no real images": (variant("no real images"), "real images"),
    "inference mode": (variant("inference mode"), "batch statistics"),
    "cut gradient": (variant("cut gradient"), "generator moves"),
    "generator maximizes": (variant("generator maximizes"), "generator's way"),
    "swapped targets": (variant("swapped targets"), "discriminator's way"),
    "diverges": (variant("diverges"), "finite"),
}


@pytest.mark.parametrize("name", DEFECTS)
@pytest.mark.filterwarnings("ignore")
@pytest.mark.slow
def test_each_defect_is_found(batch, name):
    build, check = DEFECTS[name]
    generator, discriminator = models()
    step = build(generator, discriminator)
    found = check_gan_step(generator, discriminator, step, batch[0], optimizers=getattr(step, "optimizers", ()))
    assert check in found.faults, found


@pytest.mark.slow
def test_a_frozen_discriminator_is_not_asked_whether_it_learns(batch):
    generator, discriminator = models()
    step = frozen_after_compile(generator, discriminator)
    found = check_gan_step(generator, discriminator, step, batch[0])
    assert "confident mistakes" not in {finding.check for finding in found.findings}


@pytest.mark.slow
def test_unscaled_images_are_found(batch):
    generator, discriminator = models()
    step, optimizers = make_step(generator, discriminator)
    for images in (batch[0] * 127.5 + 127.5, batch[0] / 2 + 0.5):
        assert "range" in check_gan_step(generator, discriminator, step, images, optimizers=optimizers).faults


def test_other_shapes_are_found(batch):
    generator, discriminator = models()
    step, _ = make_step(generator, discriminator)
    found = check_gan_step(build_generator(LATENT, (20, 20, 1), width=4), discriminator, step, batch[0])
    assert "shapes" in found.faults


def test_findings_are_chinese_and_keep_the_names_of_their_checks(batch, monkeypatch):
    monkeypatch.setattr(checks, "_SENTENCES", read("checkup", "zh"))
    _, discriminator = models()
    found = check_gan_step(build_generator(LATENT, (20, 20, 1), width=4), discriminator, print, batch[0])
    assert str(found) == "✗ shapes  生成器产生的是 (20, 20, 1)，真实图像却是 (16, 16, 1)"


@pytest.mark.parametrize("defect", ["overwritten", "thrown away"])
def test_labels_that_do_not_count_are_found(batch, defect):
    generator, discriminator = models(3)
    good, optimizers = make_step(generator, discriminator)

    def step(images, labels):
        labels = np.random.randint(0, 3, len(images)) if defect == "overwritten" else np.zeros(len(images))
        good(images, tf.constant(labels, tf.int32))

    found = check_gan_step(generator, discriminator, step, *batch, optimizers)
    assert found.faults == ["labels"], found


def test_discriminator_without_a_label_is_found(batch):
    generator, _ = models(3)
    _, discriminator = models()
    found = check_gan_step(generator, discriminator, lambda images, labels: None, *batch)
    assert "takes the label" in found.faults and "discriminator" in str(found)


def test_randomness_out_of_reach_is_said(batch):
    generator, discriminator = models()
    rng = np.random.default_rng()
    game, optimizers = LOSSES["non_saturating"], [keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3)]

    def step(images):
        with tf.GradientTape(persistent=True) as tape:
            fake = discriminator(generator(tf.constant(rng.normal(size=(BATCH, LATENT)), tf.float32), training=True))
            real = discriminator(images)
            losses = tf.reduce_mean(game.discriminator(real, fake, 0.0)), tf.reduce_mean(game.generator(real, fake))
        for loss, model, adam in zip(losses, (discriminator, generator), optimizers):
            adam.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

    found = check_gan_step(generator, discriminator, step, batch[0], optimizers=optimizers)
    assert found.ok and "not checked" in str(found)


def test_sigmoid_at_the_end_is_judged_too(batch):
    generator = build_generator(LATENT, (16, 16, 1), width=4)
    discriminator = keras.Sequential(
        [keras.Input((16, 16, 1)), layers.Flatten(), layers.Dense(16, "relu"), layers.Dense(1, "sigmoid")]
    )
    bce = keras.losses.BinaryCrossentropy()
    optimizers = [keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3)]

    def step(images):
        with tf.GradientTape(persistent=True) as tape:
            fake = discriminator(generator(tf.random.normal([len(images), LATENT]), training=True))
            real = discriminator(images)
            losses = bce(tf.ones_like(real), real) + bce(tf.zeros_like(fake), fake), bce(tf.ones_like(fake), fake)
        for loss, model, adam in zip(losses, (discriminator, generator), optimizers):
            adam.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

    found = check_gan_step(generator, discriminator, step, batch[0], optimizers=optimizers)
    assert found.ok, found
