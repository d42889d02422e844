"""What a user can bring: an algorithm, a loss, a penalty, optimizers, callbacks, models, a stream of data."""

import sys
import warnings
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

import gan_tutorial as gt
from gan_tutorial.models import build_discriminator, build_generator, build_points_discriminator, build_points_generator
from gan_tutorial.training import GANStep, RandomStreams

from .conftest import weights_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "examples"))
from wgan_div import WGANDiv  # noqa: E402

QUIET = {"progress": False, "batch_size": 8, "steps_per_call": 5}


def ring_models(seed=0):
    return build_points_generator(seed=seed), build_points_discriminator(seed=seed)


def test_own_algorithm_is_short():
    source = Path(sys.modules[WGANDiv.__module__].__file__).read_text()
    body = source[source.index("class WGANDiv") : source.index("if __name__")]
    assert len([line for line in body.splitlines() if line.strip()]) <= 35
    assert "._" not in body, "it uses the public API alone"


@pytest.mark.slow
def test_own_algorithm_learns_the_ring():
    models = ring_models()
    result = gt.Trainer(WGANDiv(*models), gt.load_dataset("ring"), steps=1500, batch_size=256).fit(progress=False)
    modes, quality = gt.metrics.modes_covered(gt.generate_images(result.generator, 2000, seed=0), "ring")
    assert modes == 8 and quality > 0.6
    assert result.history["critic_gap"][-1] < result.history["critic_gap"].max()


@pytest.mark.slow
def test_own_algorithm_resumes_exactly(tmp_path):
    def trained(steps, seed=0, **options):
        models = ring_models(seed)
        gt.Trainer(WGANDiv(*models), gt.load_dataset("ring"), steps=steps, batch_size=16, **options).fit(progress=False)
        return weights_of(*models)

    whole = trained(7)
    trained(3, checkpoints=tmp_path)
    assert np.array_equal(whole, trained(7, seed=4, checkpoints=tmp_path, resume=True))


class CountedStep(gt.Step):
    """Three players that add what they are told to a weight each: at their own pace, and several times a step."""

    averaged, sampler = (), "often"

    def __init__(self):
        sgd = keras.optimizers.SGD(1.0)
        self.networks = {
            name: keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]) for name in ("plain", "often", "rare")
        }
        for network in self.networks.values():
            network.layers[0].set_weights([np.zeros((1, 1)), np.zeros(1)])
        self.players = {
            "plain": gt.Player(("plain",), sgd),
            "often": gt.Player(("often",), sgd, updates=3),
            "rare": gt.Player(("rare",), sgd, every=4),
        }

    def losses(self, batch, step):
        # The gradient of the bias is -1: each update adds one to it.
        return {name: -tf.reduce_mean(network(0 * batch["image"])) for name, network in self.networks.items()}, {
            "one": tf.constant(1.0)
        }

    def random_inputs(self, random):
        return {}


@pytest.mark.filterwarnings("ignore:.*Gradients do not exist")
def test_players_move_at_their_own_pace():
    step = CountedStep()
    result = gt.Trainer(step, np.zeros((8, 1), "float32"), steps=10, batch_size=8, steps_per_call=3).fit(progress=False)
    biases = {name: float(network.layers[0].bias.numpy()[0]) for name, network in step.networks.items()}
    assert biases == {"plain": 10, "often": 30, "rare": 3}  # rare: at steps 0, 4 and 8
    assert list(result.history["one"]) == [1, 1, 1, 1]


def test_loss_that_reaches_no_weights_is_explained():
    class Broken(CountedStep):
        def losses(self, batch, step):
            return {name: tf.reduce_mean(batch["image"]) for name in self.networks}, {}

    with pytest.raises(ValueError, match="loss of the often does not depend on its weights"):
        gt.Trainer(Broken(), np.zeros((8, 1), "float32"), steps=1, batch_size=8).fit(progress=False)


@pytest.mark.slow
def test_own_loss_and_own_penalty(tiny_data, tiny_models):
    """Written out again under another name they train exactly as the package's own."""
    shipped = gt.LOSSES["hinge"]
    mine = gt.Loss(lambda real, fake, smoothing: tf.nn.relu(1 - real) + tf.nn.relu(1 + fake), lambda real, fake: -fake)

    def slope_at_real(critic, real, fake):
        with tf.GradientTape() as tape:
            tape.watch(real)
            logits = critic(real)
        return 0.5 / 2 * tf.reduce_sum(tape.gradient(logits, real) ** 2, [1, 2, 3])

    weights = []
    for options in ({"loss": shipped, "r1": 0.5}, {"loss": mine, "penalty": slope_at_real}):
        models = tiny_models()
        gt.train_cgan(*models, *tiny_data, steps=5, **QUIET, **options)
        weights.append(weights_of(*models))
    assert weights[0] == pytest.approx(weights[1], abs=1e-5)


class MySchedule(keras.optimizers.schedules.LearningRateSchedule):
    """Not registered with Keras, and without a config."""

    def __call__(self, step):
        return 1e-3 * 0.5 ** tf.cast(step, tf.float32)


def test_own_optimizer_and_schedule(tiny_data, tiny_models):
    """With momentum alone and a rate of zero for one player; used twice, it starts afresh."""
    sgd, frozen = keras.optimizers.SGD(MySchedule(), momentum=0.9), keras.optimizers.SGD(0.0)
    runs = []
    for _ in range(2):
        models = tiny_models()
        before = weights_of(models[1])
        gt.train_cgan(*models, *tiny_data, steps=5, generator_optimizer=sgd, discriminator_optimizer=frozen, **QUIET)
        assert np.array_equal(before, weights_of(models[1]))
        runs.append(weights_of(models[0]))
    assert np.array_equal(*runs) and int(sgd.iterations) == 0


def test_all_callbacks_are_called_and_told_the_end(tiny_data, tiny_models):
    class Watch:
        def __init__(self, stop_at):
            self.steps, self.stop_at, self.result = [], stop_at, None

        def __call__(self, report):
            self.steps.append(report.step)
            return report.step == self.stop_at

        def finish(self, result):
            self.result = result

    first, second = Watch(10), Watch(None)
    result = gt.train_cgan(*tiny_models(), *tiny_data, steps=100, callbacks=[first, second], **QUIET)
    assert first.steps == second.steps == [5, 10] and result.interrupted
    assert first.result is second.result is result and repr(result).startswith("Result(step=10, seconds=")


class SubclassedGenerator(keras.Model):
    input_names, latent_dim, num_classes = ("noise", "label"), 8, 3

    def __init__(self):
        super().__init__()
        self.embed = keras.layers.Embedding(3, 4)
        self.image = keras.Sequential([keras.layers.Dense(256, activation="tanh"), keras.layers.Reshape((16, 16, 1))])

    def call(self, inputs, training=False):
        noise, label = inputs
        return self.image(tf.concat([noise, self.embed(label)], 1), training=training)


class SubclassedDiscriminator(keras.Model):
    input_names = ("image", "label")

    def __init__(self):
        super().__init__()
        self.embed, self.features = keras.layers.Embedding(3, 4), keras.layers.Dense(16, activation="relu")
        self.logit = keras.layers.Dense(1)

    def call(self, inputs, training=False):
        image, label = inputs
        return self.logit(self.features(tf.concat([tf.reshape(image, [-1, 256]), self.embed(label)], 1)))


def test_subclassed_models_are_trained_averaged_and_sampled(tiny_data):
    generator, discriminator = SubclassedGenerator(), SubclassedDiscriminator()
    result = gt.train_cgan(generator, discriminator, *tiny_data, steps=10, **QUIET)
    assert result.generator is not generator and not np.array_equal(weights_of(result.generator), weights_of(generator))
    images = gt.generate_images(result.generator, labels=[0, 1, 2], seed=0)
    assert images.shape == (3, 16, 16, 1) and np.ptp(images, 0).max() > 0
    with pytest.raises(ValueError, match="label 3 is out of range"):
        gt.generate_images(result.generator, labels=[3])
    two = gt.Runtime(devices=("CPU:0",), mixed_precision=True)
    with pytest.raises(ValueError, match="is subclassed, so it cannot be copied"):
        gt.train_cgan(generator, discriminator, *tiny_data, steps=1, runtime=two, **QUIET)


def test_conditions_of_any_name_reach_the_models(tiny_data):
    """A key of the data that a model has an input for; here it shifts the brightness."""
    images, _ = tiny_data
    brightness = images.mean((1, 2, 3))[:, None]
    noise, value = keras.Input((4,), name="noise"), keras.Input((1,), name="brightness")
    body = keras.layers.Dense(256, activation="tanh")(keras.layers.Concatenate()([noise, value]))
    generator = keras.Model([noise, value], keras.layers.Reshape((16, 16, 1))(body))
    image, value = keras.Input((16, 16, 1), name="image"), keras.Input((1,), name="brightness")
    logit = keras.layers.Dense(1)(keras.layers.Concatenate()([keras.layers.Flatten()(image), value]))
    discriminator = keras.Model([image, value], logit)
    data = {"image": images, "brightness": brightness.astype("float32")}
    assert gt.train(generator, discriminator, data, steps=3, **QUIET).step == 3
    with pytest.raises(
        ValueError, match="the generator takes a brightness, but the data has none; its conditions: none"
    ):
        gt.train(generator, discriminator, images, steps=3, **QUIET)


def test_contract_is_checked_when_training_begins(tiny_data, tiny_models):
    images, labels = tiny_data
    plain = build_generator(8, (16, 16, 1), width=4)

    def discriminator(*last):
        return keras.Sequential([keras.Input((16, 16, 1)), *last])

    flat, dense = keras.layers.Flatten, keras.layers.Dense
    with pytest.raises(ValueError, match="ends in a sigmoid"):
        gt.train(plain, discriminator(flat(), dense(1, activation="sigmoid")), images, steps=1, **QUIET)
    with pytest.raises(ValueError, match=r"must return logits of shape \(b, 1\)"):
        gt.train(plain, discriminator(flat(), dense(2)), images, steps=1, **QUIET)
    with pytest.raises(ValueError, match="takes more conditions than the generator"):
        gt.train(plain, tiny_models()[1], images, steps=1, **QUIET)
    with pytest.warns(UserWarning, match="judges no image on its own"):
        gt.train(plain, discriminator(keras.layers.BatchNormalization(), flat(), dense(1)), images, steps=1, **QUIET)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gt.train(plain, discriminator(flat(), dense(1)), images, steps=1, **QUIET)


def same_batches(arrays, batch_size, steps, seed=0):
    """The rows that the loop draws from arrays, batch by batch, as a stream."""
    n = len(arrays["image"])

    def batches():
        for draw in range(steps):
            rows = RandomStreams(seed, tf.constant(draw, tf.int64), batch_size).shuffled_rows(n).numpy()
            yield {name: array[rows] for name, array in arrays.items()}

    spec = {name: tf.TensorSpec([None, *a.shape[1:]], a.dtype) for name, a in arrays.items()}
    return tf.data.Dataset.from_generator(batches, output_signature=spec)


@pytest.mark.parametrize("discriminator_steps", [1, 2])
@pytest.mark.slow
def test_a_stream_of_the_same_batches_gives_the_same_weights(tiny_data, tiny_models, discriminator_steps):
    arrays = dict(zip(("image", "label"), tiny_data))
    stream = same_batches(arrays, 8, 12 * discriminator_steps)
    weights = []
    for data in (arrays, stream):
        models = tiny_models()
        gt.train_cgan(*models, data, steps=12, discriminator_steps=discriminator_steps, **QUIET)
        weights.append(weights_of(*models))
    assert np.array_equal(*weights)


@pytest.mark.slow
def test_a_stream_is_resumed_where_it_was(tmp_path, tiny_data, tiny_models):
    arrays = dict(zip(("image", "label"), tiny_data))

    def trained(steps, seed=0, **options):
        models = tiny_models(seed)
        gt.train_cgan(*models, same_batches(arrays, 8, 12), steps=steps, **QUIET, **options)
        return weights_of(*models)

    whole = trained(12)
    trained(7, checkpoints=tmp_path)
    assert np.array_equal(whole, trained(12, seed=3, checkpoints=tmp_path, resume=True))


def test_a_stream_begins_again_and_leaves_a_partial_batch_out(tiny_data, tiny_models):
    images, labels = tiny_data
    stream = tf.data.Dataset.from_tensor_slices({"image": images[:20], "label": labels[:20]}).batch(8)
    assert gt.train_cgan(*tiny_models(), stream, steps=10, **QUIET).step == 10  # two batches and a half, five times


@pytest.mark.parametrize(
    "stream, message",
    [
        (lambda x, y: tf.data.Dataset.from_tensor_slices(x).batch(8), 'must yield dicts of batches with the key "image"'),
        (lambda x, y: tf.data.Dataset.from_tensor_slices({"image": x, "label": y}).batch(4), "batches of 4, but batch_size is 8"),
        (lambda x, y: tf.data.Dataset.from_tensor_slices({"image": x}).batch(8), "the generator takes a label, but the data has none"),
        (lambda x, y: tf.data.Dataset.from_tensor_slices({"image": x * 9, "label": y}).batch(8), r"must lie in \[-1, 1\]"),
        (lambda x, y: tf.data.Dataset.from_tensor_slices({"image": x[:0], "label": y[:0]}).batch(8), "the first element is missing"),
    ],
)  # fmt: skip
def test_unfit_streams_are_explained(stream, message, tiny_data, tiny_models):
    with pytest.raises(ValueError, match=message):
        gt.train_cgan(*tiny_models(), stream(*tiny_data), steps=1, **QUIET)


def test_a_dataset_brings_its_labels(tiny_data, tiny_models):
    data = gt.Dataset("mine", *tiny_data, ("a", "b", "c"))
    weights = []
    for arguments in (tiny_data, (data,)):
        models = tiny_models()
        gt.train_cgan(*models, *arguments, steps=3, **QUIET)
        weights.append(weights_of(*models))
    assert np.array_equal(*weights)


def test_seconds_and_history_go_on_over_sessions(tmp_path, tiny_data, tiny_models):
    first = gt.train_cgan(*tiny_models(), *tiny_data, steps=5, checkpoints=tmp_path, **QUIET)
    second = gt.train_cgan(*tiny_models(), *tiny_data, steps=10, checkpoints=tmp_path, resume=True, **QUIET)
    assert second.seconds > first.seconds and list(second.history["step"]) == [5, 10]


def test_checkpoints_of_another_training_are_not_mixed(tmp_path, tiny_data, tiny_models):
    gt.train_cgan(*tiny_models(), *tiny_data, steps=5, checkpoints=tmp_path, **QUIET)
    with pytest.raises(ValueError, match="holds the checkpoints of a training: resume it, or choose another folder"):
        gt.train_cgan(*tiny_models(), *tiny_data, steps=5, checkpoints=tmp_path, **QUIET)
    trainer = gt.Trainer(GANStep(*ring_models()), gt.load_dataset("ring"), steps=2)
    trainer.fit(progress=False)
    with pytest.raises(ValueError, match="has trained already"):
        trainer.fit(progress=False)


def test_checkpoint_without_an_average_is_refused_unchanged(tmp_path, tiny_data, tiny_models):
    gt.train_cgan(*tiny_models(), *tiny_data, steps=5, ema=0.0, checkpoints=tmp_path, **QUIET)
    models = tiny_models(seed=3)
    before = weights_of(*models)
    with pytest.raises(ValueError, match="belongs to another generator's average: it holds none"):
        gt.train_cgan(*models, *tiny_data, steps=9, checkpoints=tmp_path, resume=True, **QUIET)
    assert np.array_equal(before, weights_of(*models))


def test_a_resumed_training_takes_the_learning_rate_it_is_given(tmp_path, tiny_data, tiny_models):
    """As after a divergence, where a lower one is the advice."""
    options = {**QUIET, "decay_steps": 0, "checkpoints": tmp_path}
    models = tiny_models()
    gt.train_cgan(*models, *tiny_data, steps=5, **options)
    before = weights_of(models[1])
    gt.train_cgan(*models, *tiny_data, steps=10, resume=True, discriminator_learning_rate=0.0, **options)
    assert np.array_equal(before, weights_of(models[1]))


class FragileStep(CountedStep):
    """Its loss, or a metric, is not finite from some update on."""

    def __init__(self, bad_loss_from=None):
        super().__init__()
        self.count, self.bad_loss_from = tf.Variable(0), bad_loss_from

    def losses(self, batch, step):
        self.count.assign_add(1)
        losses, _ = super().losses(batch, step)
        if self.bad_loss_from is not None:
            factor = tf.where(self.count == self.bad_loss_from, np.nan, 1.0)
            losses = {name: factor * loss for name, loss in losses.items()}
        return losses, {"harmless": tf.constant(np.nan)}


def test_only_losses_and_gradients_have_to_be_finite():
    step = FragileStep()
    gt.Trainer(step, np.zeros((8, 1), "float32"), steps=4, batch_size=8).fit(progress=False)
    assert float(step.networks["plain"].layers[0].bias[0]) == 4


def test_trouble_in_an_early_update_stops_the_step():
    step = FragileStep(bad_loss_from=4)  # three a step: the first early one of the second step
    with pytest.raises(FloatingPointError, match="diverged at step 2"):
        gt.Trainer(step, np.zeros((8, 1), "float32"), steps=4, batch_size=8).fit(progress=False)
    assert float(step.networks["plain"].layers[0].bias[0]) == 1
    assert np.isfinite(weights_of(*step.networks.values())).all()


@pytest.mark.slow
def test_alerts_are_silent_where_logits_are_no_log_odds(tiny_data, tiny_models):
    options = {"steps": 60, "batch_size": 8, "steps_per_call": 2, "discriminator_learning_rate": 0.05, "decay_steps": 0}
    options |= {"generator_learning_rate": 0.0, "progress": False}
    assert gt.train_cgan(*tiny_models(), *tiny_data, **options).alerts
    assert not gt.train_cgan(*tiny_models(), *tiny_data, loss="wasserstein", **options).alerts


def test_autoencoder_and_images_must_fit():
    small, images = {"image_shape": (16, 16, 1), "width": 4}, np.zeros((64, 16, 16, 1), "float32")
    encoder, colour = gt.models.build_encoder(8, **small), build_generator(8, (16, 16, 3), width=4)
    with pytest.raises(ValueError, match=r"the decoder makes \(16, 16, 3\), but the data has \(16, 16, 1\)"):
        gt.train_vae(encoder, colour, images, steps=1, progress=False)
    with pytest.raises(ValueError, match="learning_rate must not be negative"):
        gt.train_vae(encoder, build_generator(8, **small), images, learning_rate=-1.0, progress=False)


def test_labels_beside_a_stream_are_refused(tiny_data, tiny_models):
    images, labels = tiny_data
    stream = tf.data.Dataset.from_tensor_slices({"image": images, "label": labels}).batch(8)
    with pytest.raises(ValueError, match="brings its own conditions, by keys such as"):
        gt.train_cgan(*tiny_models(), stream, labels, steps=1, **QUIET)


def test_nested_models_are_adapted_to_half_precision():
    from gan_tutorial.training.distribution import place

    body = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8), keras.layers.BatchNormalization()], name="body")
    noise = keras.Input((4,), name="noise")
    model = keras.Model(noise, keras.layers.Dense(2, name="last")(body(noise)))
    placed = place(model, tf.distribute.get_strategy(), mixed_precision=True)
    inner = placed.get_layer("body").layers
    assert {layer.compute_dtype for layer in inner if layer.weights} == {"bfloat16"}
    assert placed.get_layer("last").compute_dtype == "float32"
    assert np.array_equal(weights_of(model), weights_of(placed))


def test_options_are_documented_once_and_shown_everywhere():
    from gan_tutorial.training.options import documented_options, keyword_options

    known, told = keyword_options(GANStep, gt.Trainer), documented_options(GANStep, gt.Trainer)
    assert set(known) <= set(told)
    for door in (gt.train, gt.train_cgan):
        assert all(f"    {name}: {told[name]}" in door.__doc__ for name in known), door
        assert keyword_options(door).keys() >= {*known, "callbacks", "progress"}


def test_discriminator_that_guesses_without_conditions_to_guess():
    with pytest.raises(ValueError, match="give num_classes or conditions"):
        build_discriminator((16, 16, 1), width=4, conditioning="auxiliary")
