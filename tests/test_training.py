import _thread
import gc
import itertools
import json
import os
import subprocess
import sys
import time

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tutorial.data import load_dataset
from gan_tutorial.losses import LOSSES
from gan_tutorial.models import (
    build_discriminator,
    build_generator,
    build_points_discriminator,
    build_points_generator,
)
from gan_tutorial.training import (
    GANStep,
    Player,
    RandomStreams,
    Runtime,
    Step,
    Trainer,
    find_alerts,
    list_checkpoints,
    train,
    train_cgan,
)
from gan_tutorial.training.callbacks.alerts import WINDOW
from gan_tutorial.training.checkpoints import save_checkpoint
from gan_tutorial.training.distribution import check_divisible, place

from .conftest import weights_of

QUIET = {"progress": False, "batch_size": 8, "steps_per_call": 5}


def test_one_step_follows_the_formulas(tiny_data, tiny_models):
    """A step of the loop equals a step written out by hand, for both losses."""
    images, labels = tiny_data[0][:8], tiny_data[1][:8]
    for name in ("non_saturating", "minimax"):
        generator, discriminator = tiny_models()
        by_hand = tiny_models()
        noise = tf.random.stateless_normal([8, 8], [0, 0])
        with tf.GradientTape(persistent=True) as tape:
            # One batch is the whole data set, in an order of the loop's own: with
            # one label for all, the order does not matter.
            condition = tf.zeros(8, tf.int32)
            fake = by_hand[0]([noise, condition], training=True)
            real_logits = by_hand[1]([tf.constant(images), condition])
            fake_logits = by_hand[1]([fake, condition])
            d_loss = -tf.reduce_mean(tf.math.log(tf.sigmoid(real_logits)) + tf.math.log(1 - tf.sigmoid(fake_logits)))
            if name == "minimax":
                g_loss = tf.reduce_mean(tf.math.log(1 - tf.sigmoid(fake_logits)))
            else:
                g_loss = -tf.reduce_mean(tf.math.log(tf.sigmoid(fake_logits)))
        for model, value, rate in ((by_hand[0], g_loss, 1e-3), (by_hand[1], d_loss, 2e-3)):
            optimizer = keras.optimizers.Adam(rate, 0.0, 0.99)
            optimizer.apply(tape.gradient(value, model.trainable_variables), model.trainable_variables)
        result = train_cgan(generator, discriminator, images, 0 * labels, steps=1, loss=name, **QUIET)
        assert result.history["discriminator_loss"][0] == pytest.approx(float(d_loss), rel=1e-4)
        assert result.history["generator_loss"][0] == pytest.approx(float(g_loss), rel=1e-4)
        # Adam's first step has one size whatever the gradient's; where that is
        # nearly zero, rounding turns its sign.
        difference = np.abs(weights_of(generator, discriminator) - weights_of(*by_hand))
        assert np.mean(difference < 1e-5) > 0.98


def test_same_seed_same_weights_other_seed_others(tiny_data, tiny_models):
    runs = []
    for seed in (0, 0, 1):
        generator, discriminator = tiny_models()
        result = train_cgan(generator, discriminator, *tiny_data, steps=7, seed=seed, **QUIET)
        runs.append(weights_of(generator, discriminator, result.generator))
    assert np.array_equal(runs[0], runs[1]) and not np.array_equal(runs[0], runs[2])


def trainer(models, data, steps, batch_size=8, steps_per_call=1, **options):
    """A `Trainer` of a GAN step on images and labels."""
    trainer_options = {name: options.pop(name) for name in ("ema", "seed") if name in options}
    arrays = dict(zip(("image", "label"), data))
    return Trainer(
        GANStep(*models, **options), arrays, steps=steps, batch_size=batch_size, steps_per_call=steps_per_call,
        **trainer_options,
    )  # fmt: skip


@pytest.mark.parametrize("n, batch", [(24, 8), (20, 8)])
def test_every_image_is_seen_once_an_epoch(n, batch):
    """The order is a permutation in every epoch, another one each time, even where batches cross its end."""
    rows = [
        RandomStreams(7, tf.constant(draw, tf.int64), batch).shuffled_rows(n).numpy() for draw in range(2 * n // batch)
    ]
    first, second = np.concatenate(rows)[:n], np.concatenate(rows)[n : 2 * n]
    assert sorted(first) == sorted(second) == list(range(n)) and list(first) != list(second)


#: Everything at once that draws random numbers or looks at the step.
STABILIZED = {
    "r1": 0.5,
    "r2": 0.5,
    "penalty_every": 3,
    "instance_noise": 0.2,
    "augment": ("colour", "translation", "cutout"),
    "augment_target": 0.3,
    "mismatch": 0.5,
}


@pytest.mark.parametrize(
    "dropout, stabilizers",
    [(0.0, {}), pytest.param(0.3, {}, marks=pytest.mark.slow), pytest.param(0.0, STABILIZED, marks=pytest.mark.slow)],
)
def test_resumed_run_equals_unbroken_run(tmp_path, tiny_data, tiny_models, dropout, stabilizers):
    settings = {**QUIET, "discriminator_steps": 2, "label_smoothing": 0.1, **stabilizers}
    whole = tiny_models(dropout=dropout)
    unbroken = train_cgan(*whole, *tiny_data, steps=17, **settings)
    first = tiny_models(dropout=dropout)
    train_cgan(*first, *tiny_data, steps=8, checkpoints=tmp_path, **settings)
    # New models with other weights: all must come from the checkpoint.
    second = tiny_models(seed=5, dropout=dropout)
    resumed = train_cgan(*second, *tiny_data, steps=17, checkpoints=tmp_path, resume=True, **settings)
    assert np.array_equal(weights_of(*whole, unbroken.generator), weights_of(*second, resumed.generator))
    assert resumed.history["step"][-1] == 17 and 8 in resumed.history["step"]


@pytest.mark.slow
def test_resumed_infogan_equals_unbroken_one(tmp_path, tiny_data):
    """Codes are drawn anew each step, from the seed."""
    images, _ = tiny_data
    turns = {"turn_1": (0, 1), "turn_2": (-1, 1)}
    shared = {"image_shape": (16, 16, 1), "num_classes": 3, "conditions": turns, "width": 4}

    def run(steps, seed=0, **options):
        models = (
            build_generator(8, seed=seed, **shared),
            build_discriminator(conditioning="auxiliary", seed=seed, **shared),
        )
        result = train(*models, images, steps=steps, **QUIET, **options)
        return weights_of(*models, result.generator), result.history

    whole, history = run(15)
    run(7, checkpoints=tmp_path)
    resumed, _ = run(15, seed=5, checkpoints=tmp_path, resume=True)
    assert np.array_equal(whole, resumed) and (history["auxiliary_loss"] > 0).all()


def test_newest_checkpoints_are_kept(tmp_path, tiny_data, tiny_models):
    train_cgan(*tiny_models(), *tiny_data, steps=30, checkpoints=tmp_path, checkpoint_every=5, keep=2, **QUIET)
    assert [path.name for path in list_checkpoints(tmp_path)] == ["step_00000025", "step_00000030"]
    assert {path.name for path in tmp_path.iterdir()} == {"step_00000025", "step_00000030"}


def test_damaged_checkpoint_is_named_and_nothing_changes(tmp_path, tiny_data, tiny_models):
    train_cgan(*tiny_models(), *tiny_data, steps=5, checkpoints=tmp_path, **QUIET)
    (shard,) = tmp_path.glob("step_00000005/state.data*")
    shard.write_bytes(shard.read_bytes()[: shard.stat().st_size // 2])
    models = tiny_models(seed=9)
    before = weights_of(*models)
    with pytest.raises(ValueError, match="step_00000005 is damaged.*Delete"):
        train_cgan(*models, *tiny_data, steps=9, checkpoints=tmp_path, resume=True, **QUIET)
    assert np.array_equal(before, weights_of(*models))


def test_checkpoint_of_other_models_is_refused(tmp_path, tiny_data, tiny_models):
    train_cgan(*tiny_models(), *tiny_data, steps=5, checkpoints=tmp_path, **QUIET)
    wider = build_generator(8, (16, 16, 1), num_classes=3, width=8), tiny_models()[1]
    with pytest.raises(ValueError, match="belongs to another generator"):
        train_cgan(*wider, *tiny_data, steps=9, checkpoints=tmp_path, resume=True, **QUIET)
    constant = {**QUIET, "decay_steps": 0}
    with pytest.raises(ValueError, match="another discriminator's optimizer"):
        train_cgan(*tiny_models(), *tiny_data, steps=9, checkpoints=tmp_path, resume=True, **constant)
    with pytest.raises(FileNotFoundError, match="nothing to resume"):
        train_cgan(*tiny_models(), *tiny_data, steps=9, checkpoints=tmp_path / "none", resume=True, **QUIET)


def test_checkpoint_of_another_algorithm_is_refused(tmp_path):
    """What a step remembers beside its networks, such as CycleGAN's earlier images, has to be the same."""

    class Remembering(Step):
        def __init__(self, size):
            self.networks = {"generator": keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])}
            self.players = {"line": Player(("generator",), keras.optimizers.SGD(0.1))}
            self.size = size

        def build(self):
            self.kept = tf.Variable(tf.zeros(self.size))

        @property
        def variables(self):
            return {"kept": self.kept}

        def losses(self, batch, step):
            error = tf.reduce_mean(self.networks["generator"](batch["image"]) ** 2)
            return {"line": error}, {"error": error}

    def run(size, steps):
        data, options = {"image": np.ones((8, 1), np.float32)}, {"batch_size": 8, "checkpoints": tmp_path}
        Trainer(Remembering(size), data, steps=steps, resume=steps > 1, **options).fit(progress=False)

    run(3, 1)
    with pytest.raises(ValueError, match="another algorithm: it holds 1 arrays with 3 values, this"):
        run(5, 2)
    about = tmp_path / "step_00000001" / "about.json"
    earlier = json.loads(about.read_text())
    del earlier["shapes"]["algorithm"]  # as earlier versions wrote
    about.write_text(json.dumps(earlier))
    run(3, 2)


def test_divergence_stops_with_the_last_good_weights(tmp_path, tiny_data, tiny_models):
    models = tiny_models()

    def stop_at_ten(report):
        return report.step == 10

    # From step 12 on the learning rate is absurd: an update or two, then nothing is finite.
    settings = {
        **QUIET,
        "generator_learning_rate": keras.optimizers.schedules.PiecewiseConstantDecay([12], [1e-3, 1e30]),
    }
    train_cgan(*models, *tiny_data, steps=30, checkpoints=tmp_path, callbacks=[stop_at_ten], **settings)
    with pytest.raises(FloatingPointError, match="diverged at step 1[0-9]"):
        train_cgan(*models, *tiny_data, steps=30, checkpoints=tmp_path, resume=True, **settings)
    assert np.isfinite(weights_of(*models)).all()


def test_nan_in_the_middle_of_a_call_changes_nothing(tiny_data, tiny_models):
    """The weights after a failed step are those of a run that ended before it."""
    bad_from = 6

    def poisoned(real, fake, smoothing=0.0):
        loss = LOSSES["non_saturating"].discriminator(real, fake, smoothing)
        return tf.where(counter >= bad_from, np.nan, 1.0) * loss

    from gan_tutorial.losses import Loss

    counter = tf.Variable(0)
    good = tiny_models()
    train_cgan(*good, *tiny_data, steps=6, **QUIET)
    failed = tiny_models()
    loss = Loss(lambda *a: (counter.assign_add(1), poisoned(*a))[1], LOSSES["non_saturating"].generator)
    bad_from += 1  # the counter is raised before it is read
    with pytest.raises(FloatingPointError, match="diverged at step 7.*weights of step 6"):
        train_cgan(*failed, *tiny_data, steps=20, loss=loss, **QUIET)
    assert np.array_equal(weights_of(*good), weights_of(*failed))


def test_interrupt_keeps_what_was_trained(tmp_path, tiny_data, tiny_models):
    models = tiny_models()

    def interrupt(report):
        if report.step == 10:
            _thread.interrupt_main()

    result = train_cgan(*models, *tiny_data, steps=1000, checkpoints=tmp_path, callbacks=[interrupt], **QUIET)
    assert result.interrupted and 10 <= result.step < 1000
    assert list_checkpoints(tmp_path)[-1].name >= "step_00000010"


def test_callback_can_stop(tiny_data, tiny_models):
    result = train_cgan(*tiny_models(), *tiny_data, steps=100, callbacks=[lambda report: report.step >= 20], **QUIET)
    assert result.step == 20 and result.interrupted


def test_reports_tell_how_it_stands(tiny_data, tiny_models):
    reports = list(trainer(tiny_models(), tiny_data, 12, steps_per_call=5).reports())
    assert [report.step for report in reports] == [5, 10, 12]
    last = reports[-1]
    assert last.steps == 12 and last.seconds_left == 0 and last.images_per_second > 0
    assert reports[0].seconds_left > 0 and last.seconds > reports[0].seconds
    assert {"discriminator_loss", "generator_loss", "real_logit", "fake_logit"} < set(last.metrics)
    assert np.isfinite(list(last.metrics.values())).all()


def test_rates_fall_as_promised(tiny_data, tiny_models):
    """With one step size, Adam's first moves show the rate; without decay they stay."""

    def moved(decay_steps):
        models, last, sizes = tiny_models(), None, []
        for _ in trainer(models, tiny_data, 4, decay_steps=decay_steps, beta_2=0.0).reports():
            weights = models[1].get_layer("logit").get_weights()[1].copy()
            sizes.append(None if last is None else abs(float((weights - last)[0])))
            last = weights
        return np.array(sizes[1:])

    # beta_1 = beta_2 = 0: every step moves by the rate itself, up or down.
    assert moved(0) == pytest.approx(2e-3, rel=1e-2)
    assert moved(1) == pytest.approx(2e-3 / np.array([2, 3, 4]), rel=1e-2)


def test_average_follows_its_formula(tiny_data, tiny_models):
    generator, discriminator = tiny_models()
    track = []
    average = weights_of(generator)
    for report in trainer((generator, discriminator), tiny_data, 6, ema=0.3).reports():
        decay = min(0.3, report.step / (9 + report.step))
        average = decay * average + (1 - decay) * weights_of(generator)
        track.append(np.abs(average - weights_of(report.generator)).max())
    assert max(track) < 1e-5


def test_plain_gan_trains_on_images_and_points():
    images = np.random.default_rng(0).uniform(-1, 1, (32, 16, 16, 1)).astype("float32")
    result = train(
        build_generator(8, (16, 16, 1), width=4), build_discriminator((16, 16, 1), width=4), images, steps=5, **QUIET
    )
    assert result.step == 5 and result.generator.count_params() > 0
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    discriminator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    before = weights_of(generator)
    train(generator, discriminator, images[:, 0, :2, 0], steps=5, **QUIET)
    assert not np.array_equal(before, weights_of(generator))


@pytest.mark.parametrize("stabilizers", [{}, STABILIZED], ids=["plain", "stabilized"])
@pytest.mark.slow
def test_xla_and_mixed_precision_follow_the_plain_run(tiny_data, tiny_models, stabilizers):
    def run(runtime):
        models = tiny_models()
        return train_cgan(*models, *tiny_data, steps=3, runtime=runtime, **QUIET, **stabilizers).history

    plain = run(Runtime())
    xla = run(Runtime(xla=True))
    mixed = run(Runtime(mixed_precision=True))
    assert xla["discriminator_loss"] == pytest.approx(plain["discriminator_loss"], rel=1e-3)
    assert mixed["discriminator_loss"] == pytest.approx(plain["discriminator_loss"], rel=5e-2)
    assert not np.array_equal(mixed["discriminator_loss"], plain["discriminator_loss"])


def test_mixed_precision_keeps_outputs_and_weights_in_float32(tiny_models):
    for model in tiny_models():
        copy = place(model, tf.distribute.get_strategy(), mixed_precision=True)
        assert {layer.compute_dtype for layer in copy.layers} == {"bfloat16", "float32"}
        assert all(output.dtype == "float32" for output in copy.outputs)
        assert all(v.dtype == "float32" for v in copy.trainable_variables)


SEVERAL_DEVICES = """
import functools, sys, numpy as np
from gan_tutorial import quiet
quiet.import_tensorflow()
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 4)
from gan_tutorial.models import (build_discriminator, build_encoder, build_generator, build_patch_discriminator,
                                 build_style_generator, build_unet_generator)
from gan_tutorial.sampling import generate_images
from gan_tutorial.training.distribution import Runtime
from gan_tutorial.training import (train, train_cgan, train_cyclegan, train_pix2pix, train_style_gan, train_vae,
                                   train_vae_gan)
rng = np.random.default_rng(0)
images, labels = rng.uniform(-1, 1, (64, 16, 16, 1)).astype("float32"), rng.integers(0, 3, 64)
one, several = None, tuple(f"CPU:{i}" for i in range(int(sys.argv[1])))
curves, weights = [], []
stabilizers = dict(r1=0.5, gradient_penalty=1.0, penalty_every=2, instance_noise=0.1, augment=("translation", "colour"),
                   augment_target=0.3)
for devices in (one, several):
    shared = dict(image_shape=(16, 16, 1), num_classes=3, width=4)
    models = build_generator(8, **shared), build_discriminator(**shared)
    result = train_cgan(*models, images, labels, steps=6, batch_size=8, steps_per_call=3, progress=False,
                        generator_learning_rate=1e-4, discriminator_learning_rate=1e-4, **stabilizers, runtime=Runtime(devices=devices))
    curves.append(result.history)
    weights.append(np.concatenate([w.ravel() for m in (*models, result.generator) for w in m.get_weights()]))
    assert len(generate_images(result.generator, 5)) == 5
for curve, weight in zip(curves[1:], weights[1:]):
    for name in curves[0]:
        np.testing.assert_allclose(curves[0][name], curve[name], rtol=1e-3, atol=1e-4, err_msg=name)
    # Where a gradient is nearly zero, Adam's sign may turn by rounding: 6 steps of 1e-4 each way at most.
    difference = np.abs(weights[0] - weight)
    assert np.mean(difference < 1e-5) > 0.95 and difference.max() < 2e-3, (np.mean(difference < 1e-5), difference.max())
if len(several) > 2:  # the rest takes long, and two devices show it
    print("same trajectory")
    sys.exit()
# The codes of an InfoGAN are shared out like everything else.
curves = []
for devices in (one, several):
    shared = dict(image_shape=(16, 16, 1), num_classes=3, conditions={"turn": (0, 1)}, width=4)
    models = build_generator(8, **shared), build_discriminator(conditioning="auxiliary", **shared)
    curves.append(train(*models, images, steps=6, batch_size=8, steps_per_call=3, progress=False, generator_learning_rate=1e-4,
                        discriminator_learning_rate=1e-4, runtime=Runtime(devices=devices)).history)
for name in curves[0]:
    np.testing.assert_allclose(curves[0][name], curves[1][name], rtol=1e-3, atol=1e-4, err_msg=name)
# So do the other algorithms; the autoencoders' loss is a logarithm of a mean over all devices.
small = dict(image_shape=(16, 16, 1), width=4)
options = dict(steps=6, batch_size=8, steps_per_call=3, learning_rate=1e-4, progress=False)
def style_gan(*networks, learning_rate, **options):
    return train_style_gan(*networks, mixing=0.5, path_length=1.0, path_every=2, generator_learning_rate=learning_rate,
                           discriminator_learning_rate=learning_rate, **options)
for build, train_it, arrays in (
    (lambda: (build_encoder(8, **small), build_generator(8, **small)), train_vae, [images]),
    (lambda: (build_encoder(8, **small), build_generator(8, **small), build_discriminator(**small)), train_vae_gan, [images]),
    (lambda: (build_unet_generator(**small), build_patch_discriminator(**small)), train_pix2pix, [images, -images]),
    (lambda: (*(build_unet_generator(noise_channels=0, normalization="instance", seed=i, **small) for i in (0, 1)),
              *(build_patch_discriminator(pairs=False, seed=i, **small) for i in (0, 1))),
     functools.partial(train_cyclegan, history=16), [images, -images]),
    (lambda: (build_style_generator(8, style_dim=8, **small), build_discriminator(**small)), style_gan, [images]),
):
    curves, weights = [], []
    for devices in (one, several):
        models = build()
        result = train_it(*models, *arrays, **options, runtime=Runtime(devices=devices))
        curves.append(result.history)
        weights.append(np.concatenate([w.ravel() for m in models for w in m.get_weights()]))
    for name in curves[0]:
        np.testing.assert_allclose(curves[0][name], curves[1][name], rtol=1e-3, atol=2e-4, err_msg=f"{train_it} {name}")
    assert np.mean(np.abs(weights[0] - weights[1]) < 1e-5) > 0.95, train_it
print("same trajectory")
"""


@pytest.mark.slow
@pytest.mark.parametrize("devices", [2, 4])  # each in a process: TensorFlow mixes up groups of different sizes
def test_several_devices_follow_the_trajectory_of_one(devices):
    command = [sys.executable, "-c", SEVERAL_DEVICES, str(devices)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.stdout.strip().endswith("same trajectory"), done.stderr[-3000:]


@pytest.mark.slow
def test_a_device_can_be_named(tiny_data, tiny_models):
    models, others = tiny_models(), tiny_models()
    train_cgan(*models, *tiny_data, steps=3, **QUIET)
    train_cgan(*others, *tiny_data, steps=3, runtime=Runtime(devices=("CPU:0",)), **QUIET)
    assert weights_of(*models) == pytest.approx(weights_of(*others), abs=1e-6)
    with pytest.raises(ValueError, match="there is no device 'GPU:7' here; there are: CPU:0"):
        train_cgan(*models, *tiny_data, steps=3, runtime=Runtime(devices=("GPU:7",)), **QUIET)


def test_batch_must_suit_the_devices():
    class Three:
        num_replicas_in_sync = 3

    with pytest.raises(ValueError, match="batch_size 8 cannot be shared among 3 devices"):
        check_divisible(8, Three)


BAD_DATA = {
    "labels out of range": (lambda x, y: (x, np.where(y == 2, 3, y)), "label 3 is out of range.*0 to 2"),
    "negative labels": (lambda x, y: (x, y - 1), "label -1 is out of range"),
    "labels of wrong type": (lambda x, y: (x, y.astype(float)), "labels must be names or integers, not float64"),
    "too few labels": (lambda x, y: (x, y[:-1]), r"labels must have the shape \(64,\).*not \(63,\)"),
    "no labels": (lambda x, y: (x, None), "the generator takes a label, but the data has none; its conditions: none"),
    "NaN": (lambda x, y: (np.where(np.arange(64)[:, None, None, None] == 5, np.nan, x), y), "1 images .*first is number 5"),
    "0...255": (lambda x, y: (x * 127.5 + 127.5, y), r"must lie in \[-1, 1\].*images / 127.5 - 1"),
    "integers": (lambda x, y: (x.astype("uint8"), y), "must be floats in .*uint8"),
    "wrong rank": (lambda x, y: (x[..., 0], y), r"shape \(n, height, width, channels\)"),
    "wrong size": (lambda x, y: (x[:, :8], y), r"the generator makes images of shape \(16, 16, 1\), but the data has \(8, 16, 1\)"),
    "too few images": (lambda x, y: (x[:5], y[:5]), "5 images are fewer than a batch of 8"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_DATA)
def test_bad_data_is_refused_before_anything_changes(case, tiny_data, tiny_models):
    spoil, message = BAD_DATA[case]
    models = tiny_models()
    before = weights_of(*models)
    with pytest.raises(ValueError, match=message):
        train_cgan(*models, *spoil(*tiny_data), steps=3, **QUIET)
    assert np.array_equal(before, weights_of(*models))


@pytest.mark.parametrize(
    "option, value, message",
    [
        ("steps", 0, "steps must be at least 1"),
        ("batch_size", -1, "batch_size must be at least 1"),
        ("steps", 2.5, "whole number"),
        ("ema", 1.0, "below 1"),
        ("label_smoothing", 0.5, "below 0.5"),
        ("loss", "wgan", "choose one of"),
        ("generator_learning_rate", -1.0, "must not be negative"),
        ("resume", True, "resume needs checkpoints"),
    ],
)
def test_bad_options_are_named(option, value, message, tiny_data, tiny_models):
    with pytest.raises(ValueError, match=message):
        train_cgan(*tiny_models(), *tiny_data, **{"batch_size": 8, "progress": False, option: value})


def test_misspelt_option_gets_a_hint(tiny_data, tiny_models):
    with pytest.raises(TypeError, match="train_cgan has no option 'stpes'. Did you mean 'steps'"):
        train_cgan(*tiny_models(), *tiny_data, stpes=3)


def test_unconditional_generator_is_refused_by_train_cgan(tiny_data):
    with pytest.raises(ValueError, match="takes no condition: build it with num_classes or conditions, or call train"):
        train_cgan(build_generator(8, (16, 16, 1), width=4), None, *tiny_data)


def alarming_history(**columns):
    n = 2 * WINDOW
    calm = {"real_logit": 0.8, "fake_logit": -0.8, "discriminator_accuracy": 0.75, "saturation": 0.05}
    return {"step": np.arange(n), **{k: np.full(n, v) for k, v in {**calm, **columns}.items()}}


def test_alerts_name_what_the_logits_show():
    assert find_alerts(alarming_history()) == {}
    assert list(find_alerts(alarming_history(saturation=0.95))) == ["saturated"]
    guessing = alarming_history(real_logit=0.01, fake_logit=-0.01, discriminator_accuracy=0.5)
    assert list(find_alerts(guessing)) == ["guessing"] and "(50% right, a coin 50%" in find_alerts(guessing)["guessing"]
    swinging = alarming_history()
    swinging["real_logit"] = swinging["real_logit"] + 6 * np.sin(np.arange(2 * WINDOW))
    assert list(find_alerts(swinging)) == ["swinging"]
    # A short history is left to settle.
    assert find_alerts({k: v[:WINDOW] for k, v in alarming_history(saturation=1.0).items()}) == {}


def test_training_reports_its_alerts(tiny_models, tiny_data, capsys):
    images, labels = tiny_data
    result = train_cgan(
        *tiny_models(), images, labels, steps=90, batch_size=8, steps_per_call=1, discriminator_learning_rate=0.05,
        generator_learning_rate=0.0, decay_steps=0,
    )  # fmt: skip
    assert result.alerts[0].startswith("step 30: the discriminator is sure of")
    # Each is shown once.
    assert capsys.readouterr().out.count("the discriminator is sure of") == 1


def test_sign_and_saturation_are_what_they_say(tiny_models, tiny_data):
    generator, discriminator = tiny_models()
    discriminator.get_layer("logit").bias.assign([10.0])  # sure that everything is real
    (report,) = trainer((generator, discriminator), tiny_data, 1, discriminator_learning_rate=0.0).reports()
    assert report.metrics["discriminator_accuracy"] == 0.5 and report.metrics["saturation"] == 0.5


@pytest.mark.slow
def test_ctrl_c_between_a_call_and_its_row_of_the_history_leaves_no_gap(tmp_path, monkeypatch):
    clock, calls = time.perf_counter, itertools.count(1)

    def stopped_once():
        if next(calls) == 4:  # the end of the second call
            raise KeyboardInterrupt
        return clock()

    def run(**options):
        networks = build_points_generator(), build_points_discriminator()
        return train(*networks, load_dataset("ring").images, steps=20, checkpoints=tmp_path, **options, **QUIET)

    monkeypatch.setattr("gan_tutorial.training.trainer.time.perf_counter", stopped_once)
    assert run(checkpoint_every=5).interrupted
    assert run(checkpoint_every=5, resume=True).history["step"].tolist() == [5, 10, 15, 20]


def test_a_checkpoint_is_no_checkpoint_while_it_is_deleted(tmp_path, monkeypatch):
    number = tf.Variable(0, dtype=tf.int64)
    state, unlink = tf.train.Checkpoint(step=number), os.unlink

    def killed(*arguments, **options):
        unlink(*arguments, **options)
        raise KeyboardInterrupt

    for step in (1, 2):
        number.assign(step)
        save_checkpoint(tmp_path, state, {"history": {}}, {}, keep=2)
    monkeypatch.setattr(os, "unlink", killed)
    number.assign(3)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(tmp_path, state, {"history": {}}, {}, keep=2)
    assert [path.name for path in list_checkpoints(tmp_path)] == ["step_00000002", "step_00000003"]


def test_a_training_that_is_over_leaves_no_graph_behind(tiny_data, tiny_models):
    """TensorFlow's registry of gradients once kept every graph, and the data with it: 75 MB for each training."""

    def graphs_after_a_training():
        train_cgan(*tiny_models(), *tiny_data, steps=1, **QUIET)
        gc.collect()
        gc.collect()
        return sum(isinstance(found, tf.Graph) for found in gc.get_objects())

    assert graphs_after_a_training() >= graphs_after_a_training()


def test_a_training_that_is_over_gives_large_data_back(tiny_models, monkeypatch):
    monkeypatch.setattr("gan_tutorial.training.trainer._LARGE", 0)
    images, labels = np.zeros((37, 16, 16, 1), np.float32), np.zeros(37, np.int32)
    gc.disable()  # as if Python's own turn were far away
    try:
        train_cgan(*tiny_models(), images, labels, steps=1, **QUIET)
        held = [o for o in gc.get_objects() if isinstance(o, tf.Tensor) and o.shape == images.shape]
        assert not [tensor for tensor in held if hasattr(tensor, "numpy")]
    finally:
        gc.enable()
