import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tutorial.losses import LOSSES, get_loss, label_error, range_error
from gan_tutorial.models import (
    ACTIVATIONS,
    DISCRIMINATOR_CONDITIONING,
    GENERATOR_CONDITIONING,
    build_classifier,
    build_discriminator,
    build_encoder,
    build_generator,
    build_patch_discriminator,
    build_points_discriminator,
    build_points_generator,
    build_unet_generator,
    interface,
)
from gan_tutorial.models.generator import BLOCKS
from gan_tutorial.models.layers import MinibatchDeviation
from gan_tutorial.models.parts import Parts
from gan_tutorial.sampling import generate_images
from gan_tutorial.training import train_cgan
from gan_tutorial.training.distribution import place

#: A condition of each kind: names, a number of categories, a range.
CONDITIONS = {"role": ("cook", "pilot"), "label": 3, "tone": (0, 5)}
ASKED = {"role": np.int32([0, 1, 0]), "label": np.int32([2, 1, 0]), "tone": np.float32([0, 2.5, 5])}


@pytest.mark.parametrize(
    "shape", [(28, 28, 1), (32, 32, 3), (64, 64, 3), (16, 16, 1), (20, 20, 1), (100, 100, 3), (128, 128, 3)]
)
def test_every_size_is_made_and_judged(shape):
    generator, discriminator = build_generator(8, shape, width=4), build_discriminator(shape, width=4)
    images = generate_images(generator, 2, seed=0)
    assert images.shape == (2, *shape) and np.abs(images).max() <= 1
    assert discriminator(images).shape == (2, 1)


@pytest.mark.parametrize("shape", [(30, 30, 1), (12, 12, 1), (260, 260, 1), (28, 32, 1), (28, 28)])
def test_impossible_sizes_are_refused(shape):
    for build in (lambda: build_generator(image_shape=shape), lambda: build_discriminator(shape)):
        with pytest.raises(ValueError, match="size"):
            build()


@pytest.mark.parametrize("blocks", BLOCKS)
@pytest.mark.parametrize("conditioning", GENERATOR_CONDITIONING)
def test_generator_uses_each_of_its_conditions(conditioning, blocks):
    options = {"conditions": CONDITIONS, "width": 4, "conditioning": conditioning, "blocks": blocks}
    generator = build_generator(8, (16, 16, 1), **options)
    assert [(tensor.name, tensor.dtype) for tensor in generator.inputs[1:]] == [
        ("role", "int32"), ("label", "int32"), ("tone", "float32")
    ]  # fmt: skip
    noise, start = np.ones((2, 8), np.float32), {"role": "cook", "label": 0, "tone": 0}
    for changed in ({"role": ["cook", "pilot"]}, {"label": [0, 2]}, {"tone": [0, 0.3]}):
        first, other = generate_images(generator, noise=noise, **{**start, **changed})
        assert np.abs(first - other).max() > 1e-4, changed


@pytest.mark.parametrize("blocks", BLOCKS)
@pytest.mark.parametrize("conditioning", [c for c in DISCRIMINATOR_CONDITIONING if c != "auxiliary"])
def test_discriminator_uses_each_of_its_conditions(conditioning, blocks):
    options = {"conditions": CONDITIONS, "width": 4, "conditioning": conditioning, "blocks": blocks}
    discriminator = build_discriminator((16, 16, 1), **options)
    images = np.random.default_rng(0).uniform(-1, 1, (1, 16, 16, 1)).astype("float32").repeat(4, 0)
    role, label, tone = np.int32([0, 1, 0, 0]), np.int32([0, 0, 2, 0]), np.float32([0, 0, 0, 0.3])
    logits = np.asarray(discriminator([images, role, label, tone]))
    assert logits.shape == (4, 1) and len(set(logits[:, 0].round(6))) == 4


def test_auxiliary_discriminator_guesses_each_condition():
    options = {"conditions": CONDITIONS, "width": 4, "conditioning": "auxiliary"}
    discriminator = build_discriminator((16, 16, 1), **options)
    assert len(discriminator.inputs) == 1
    outputs = discriminator(np.zeros((5, 16, 16, 1), "float32"))
    assert [output.shape for output in outputs] == [(5, 1), (5, 2), (5, 3), (5, 1)]
    with pytest.raises(ValueError, match="give num_classes or conditions"):
        build_discriminator(conditioning="auxiliary")


@pytest.mark.parametrize("build", [build_generator, build_discriminator, build_classifier])
def test_num_classes_is_short_for_the_condition_label(build):
    short = build(image_shape=(16, 16, 1), num_classes=3, conditions={"size": (0, 1)}, width=4)
    long = build(image_shape=(16, 16, 1), conditions={"label": 3, "size": (0, 1)}, width=4)
    assert [tensor.name for tensor in short.inputs] == [tensor.name for tensor in long.inputs]
    assert all(np.array_equal(a, b) for a, b in zip(short.get_weights(), long.get_weights(), strict=True))
    told, known = (interface.conditions(model) for model in (short, long))
    assert told == known and list(known) == ([] if build is build_classifier else ["label", "size"])


def test_several_conditions_begin_as_wide_as_the_noise():
    def spreads(**options):
        generator = build_generator(16, (16, 16, 1), width=4, **options)
        return [layer.get_weights()[0].std() for layer in generator.layers if layer.name.endswith("_embedding")]

    several = {"num_classes": 40, "conditions": {"tone": (0, 8)}}
    assert spreads(**several) == pytest.approx([1, 1], abs=0.1)
    assert max(spreads(num_classes=40) + spreads(conditioning="batch_norm", **several)) < 0.5


def test_a_fraction_lies_between_its_neighbours():
    """Of a range the whole numbers have a vector each; 2.25 is three parts of that of 2 and one of that of 3."""
    layer = build_generator(8, (16, 16, 1), conditions={"tone": (1, 5)}, width=4).get_layer("tone_embedding")
    table = layer.get_weights()[0]
    assert table.shape == (5, 32)
    vectors = np.asarray(layer(np.float32([1, 2, 2.25, 3, 4.5, 5])))
    expected = [table[0], table[1], 0.75 * table[1] + 0.25 * table[2], table[2], (table[3] + table[4]) / 2, table[4]]
    assert vectors == pytest.approx(np.array(expected), abs=1e-6)


def test_a_fraction_makes_an_image_between_its_neighbours():
    generator = build_generator(8, (16, 16, 1), conditions=CONDITIONS, width=4)
    noise = np.ones((5, 8), np.float32)
    images = generate_images(generator, noise=noise, role="pilot", label=1, tone=[2, 2.25, 2.5, 2.75, 3])
    distances = np.abs(images - images[0]).mean((1, 2, 3))
    assert (np.diff(distances) > 0).all()


def round_trips(model, path):
    """A clone with the same weights, and the model from a file."""
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    model.save(path)
    return clone, keras.models.load_model(path)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"conditioning": "batch_norm", "blocks": "residual", "activation": "silu"},
        {"normalization": False, "upsampling": "resize"},
        {"conditioning": "batch_norm", "skip_z": True, "attention": 8},
    ],
)
def test_generators_survive_cloning_and_saving(options, tmp_path):
    generator = build_generator(8, (16, 16, 1), conditions=CONDITIONS, width=4, **options)
    images, known = generate_images(generator, seed=0, **ASKED), interface.conditions(generator)
    for copy in (*round_trips(generator, tmp_path / "generator.keras"), interface.copy_model(generator)):
        assert np.array_equal(generate_images(copy, seed=0, **ASKED), images)
        assert interface.conditions(copy) == known and list(known) == list(CONDITIONS)
        assert known["role"].categories == ("cook", "pilot") and (known["tone"].low, known["tone"].high) == (0, 5)


@pytest.mark.parametrize("stages, side", [(None, 7), (1, 14), (3, 4), (5, 1)])
@pytest.mark.parametrize("blocks", ["plain", "residual"])
def test_more_stages_leave_less_of_the_image(stages, side, blocks):
    discriminator = build_discriminator((28, 28, 1), width=2, blocks=blocks, stages=stages)
    assert discriminator.get_layer("features").input.shape[1:3] == (side, side)


@pytest.mark.parametrize("stages", [0, 6])
def test_no_image_can_be_halved_so_often(stages):
    with pytest.raises(ValueError, match=f"stages must be from 1 to 5 for images of size 28, not {stages}"):
        build_discriminator((28, 28, 1), stages=stages)


@pytest.mark.parametrize("conditioning", DISCRIMINATOR_CONDITIONING)
@pytest.mark.parametrize(
    "options", [{}, {"blocks": "residual", "minibatch_deviation": True, "spectral_norm": True, "attention": 8}]
)
def test_discriminators_survive_cloning_and_saving(conditioning, options, tmp_path):
    options = {"conditions": CONDITIONS, "width": 4, "conditioning": conditioning, **options}
    discriminator = build_discriminator((16, 16, 1), **options)
    images = np.random.default_rng(0).uniform(-1, 1, (3, 16, 16, 1)).astype("float32")
    logits = interface.call(discriminator, images, ASKED, training=False)
    for copy in round_trips(discriminator, tmp_path / "discriminator.keras"):
        for found, expected in zip(interface.call(copy, images, ASKED, training=False), logits, strict=True):
            assert np.asarray(found) == pytest.approx(np.asarray(expected), abs=1e-5)
        assert interface.conditions(copy) == interface.conditions(discriminator)


@pytest.mark.parametrize("shape", [(16, 16, 1), (28, 28, 1), (64, 64, 3)])
def test_residual_networks_of_every_size(shape):
    shared = {"image_shape": shape, "conditions": CONDITIONS, "width": 4, "blocks": "residual"}
    generator = build_generator(8, **shared)
    images = generate_images(generator, seed=0, **ASKED)
    assert images.shape == (3, *shape) and np.abs(images).max() <= 1
    assert not any(isinstance(layer, keras.layers.Conv2DTranspose) for layer in generator.layers)
    assert interface.call(build_discriminator(**shared), images, ASKED)[0].shape == (3, 1)


@pytest.mark.slow
@pytest.mark.parametrize("conditioning", ["projection", "auxiliary"])
def test_residual_networks_learn(conditioning, monkeypatch):
    shared = {"image_shape": (16, 16, 1), "conditions": CONDITIONS, "width": 4, "blocks": "residual"}
    generator = build_generator(8, conditioning="batch_norm", **shared)
    discriminator = build_discriminator(conditioning=conditioning, minibatch_deviation=True, **shared)
    rng = np.random.default_rng(0)
    data = {"role": rng.integers(0, 2, 32), "label": rng.integers(0, 3, 32), "tone": rng.uniform(0, 5, 32)}
    real = rng.uniform(-1, 1, (32, 16, 16, 1)).astype("float32")
    sizes, original = set(), MinibatchDeviation.call
    monkeypatch.setattr(MinibatchDeviation, "call", lambda layer, x: (sizes.add(x.shape[0]), original(layer, x))[1])
    before = {variable.path: variable.numpy() for model in (generator, discriminator) for variable in model.weights}
    options = {"steps": 2, "batch_size": 8, "r1": 1.0, "progress": False}
    history = train_cgan(generator, discriminator, real, conditions=data, **options).history
    assert np.isfinite(history["discriminator_loss"]).all()
    assert (history["auxiliary_loss"] > 0).all() == (conditioning == "auxiliary")
    # It sees real and generated images apart, each a whole batch; never one of unknown size.
    assert sizes == {8}
    for model in (generator, discriminator):
        still = [v.path for v in model.trainable_weights if np.array_equal(v.numpy(), before[v.path])]
        assert not still


def literal_deviation(x, group):
    """Karras et al. 2018, section 3: the deviation of each value in a group, and its mean over all values."""
    maps = np.empty((*x.shape[:3], 1), x.dtype)
    for start in range(0, len(x), group):
        members = x[start : start + group]
        maps[start : start + group] = np.sqrt(members.var(0) + 1e-8).mean()
    return np.concatenate([x, maps], 3)


@pytest.mark.parametrize("n, group", [(16, 4), (8, 4), (12, 2), (4, 2), (6, 1), (7, 1)])
def test_minibatch_deviation_equals_its_formula(n, group):
    x = np.random.default_rng(0).normal(size=(n, 3, 3, 5)).astype("float32")
    made = np.asarray(MinibatchDeviation()(x))
    assert made.shape == (n, 3, 3, 6) and made == pytest.approx(literal_deviation(x, group), abs=1e-5)
    compiled = tf.function(MinibatchDeviation(), jit_compile=True)(tf.constant(x))
    assert np.asarray(compiled) == pytest.approx(made, abs=1e-5)
    unknown = tf.function(MinibatchDeviation(), input_signature=[tf.TensorSpec([None, 3, 3, 5])])
    assert np.asarray(unknown(x)) == pytest.approx(made, abs=1e-5)


@pytest.mark.parametrize("n", [16, 12, 8, 4])
def test_minibatch_deviation_never_mixes_the_halves_of_a_batch(n):
    """Real images fill one half and generated ones the other: what one half is must not show in the other."""
    layer, rng = MinibatchDeviation(), np.random.default_rng(0)
    x = rng.normal(size=(n, 2, 2, 3)).astype("float32")
    for changed, kept in ((slice(n // 2), slice(n // 2, n)), (slice(n // 2, n), slice(n // 2))):
        other = x.copy()
        other[changed] = rng.normal(size=other[changed].shape)
        before, after = np.asarray(layer(x)), np.asarray(layer(other))
        assert np.array_equal(before[kept], after[kept])
        assert (before[changed, :, :, -1] != after[changed, :, :, -1]).all()


def test_minibatch_deviation_tells_alike_images_from_different_ones():
    rng = np.random.default_rng(0)
    different = rng.normal(size=(8, 4, 4, 2)).astype("float32")
    alike = different[:1].repeat(8, 0)
    assert np.asarray(MinibatchDeviation()(alike))[..., -1].max() < 1e-3
    assert np.asarray(MinibatchDeviation()(different))[..., -1].min() > 0.5


def test_a_classifier_has_logits_for_each_condition():
    images = np.zeros((5, 16, 16, 1), "float32")
    one = build_classifier((16, 16, 1), num_classes=4, width=4)
    assert one(images).shape == (5, 4) and one.output_names == ["logits"]
    several = build_classifier((16, 16, 1), conditions=CONDITIONS, width=4, stages=2, normalization=True)
    # Of a range it tells the nearest whole number.
    assert [output.shape for output in several(images)] == [(5, 2), (5, 3), (5, 6)]
    assert several.get_layer("features").output.shape == (None, 128)
    assert build_classifier((16, 16, 1), width=4)(images).shape == (5, 10)


def test_seed_channels_widen_the_first_feature_map_alone():
    options = {"latent_dim": 4, "image_shape": (16, 16, 1), "width": 4}
    usual, wide = build_generator(**options), build_generator(**options, seed_channels=20)
    assert usual.get_layer("reshape").output.shape[1:] == (4, 4, 8)
    assert wide.get_layer("reshape").output.shape[1:] == (4, 4, 20)
    assert wide.get_layer("up_1").output.shape == usual.get_layer("up_1").output.shape
    with pytest.raises(ValueError, match="seed_channels must be at least 1, not -2"):
        build_generator(**options, seed_channels=-2)


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
    with pytest.raises(ValueError, match="blocks must be one of plain, residual, not 'dense'"):
        build_generator(blocks="dense")
    with pytest.raises(ValueError, match="blocks must be one of plain, residual, not 'dense'"):
        build_discriminator(blocks="dense")
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
    guesses, shares = np.float32([0.0, 1.0, 0.5, -1.0]), np.float32([0.5, 0.0, 1.0, 0.0])
    assert np.asarray(range_error(guesses, shares)) == pytest.approx([0, 4 / 2, 0.25 / 2, 0], rel=1e-5)


def test_spectral_norm_bounds_the_slope():
    model = build_discriminator((16, 16, 1), num_classes=3, width=4, spectral_norm=True)
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


def literal_attention(x, kernels, gamma):
    """Zhang et al. 2019, equations 1 to 3, for one image and place by place; keys and values max-pooled, two by two."""
    query, key, value, output = kernels
    height, width, _ = x.shape

    def pooled(maps):
        return [maps[i : i + 2, j : j + 2].max((0, 1)) for i in range(0, height, 2) for j in range(0, width, 2)]

    keys, values, made = pooled(x @ key), pooled(x @ value), np.empty_like(x)
    for i, j in np.ndindex(height, width):
        weights = np.exp([key @ (x[i, j] @ query) for key in keys])
        seen = sum(w * value for w, value in zip(weights / weights.sum(), values))
        made[i, j] = x[i, j] + gamma * (seen @ output)
    return made


@pytest.mark.parametrize("shape", [(4, 4, 16), (5, 5, 8), (2, 6, 3)])
def test_self_attention_equals_its_formula(shape):
    rng, inputs = np.random.default_rng(0), keras.Input(shape)
    model = keras.Model(inputs, Parts(0).attend(inputs))
    channels = shape[-1]
    few, half = max(channels // 8, 1), max(channels // 2, 1)
    names = {"query": (channels, few), "key": (channels, few), "value": (channels, half), "output": (half, channels)}
    kernels = [rng.normal(size=size) / 2 for size in names.values()]
    for name, kernel in zip(names, kernels):
        model.get_layer(f"attention_{name}").set_weights([kernel[None, None]])
    x = rng.normal(size=(2, *shape)).astype("float32")
    assert np.array_equal(model(x), x)  # γ starts at 0
    model.get_layer("attention_sum").gamma.assign(-1.7)
    expected = [literal_attention(each, kernels, -1.7) for each in x]
    assert np.asarray(model(x)) == pytest.approx(np.array(expected), abs=1e-4)
    compiled = tf.function(model, jit_compile=True)(tf.constant(x))
    assert np.asarray(compiled) == pytest.approx(np.array(expected), abs=1e-4)


@pytest.mark.parametrize("blocks", BLOCKS)
@pytest.mark.parametrize("spectral_norm", [False, True])
def test_attention_begins_as_if_it_were_not_there(blocks, spectral_norm):
    """All other weights start as without it, so that with γ = 0 both networks do the same."""
    shared = {"image_shape": (16, 16, 1), "conditions": CONDITIONS, "width": 4, "blocks": blocks}
    images = generate_images(build_generator(8, **shared), seed=0, **ASKED)
    logits = np.asarray(interface.call(build_discriminator(spectral_norm=spectral_norm, **shared), images, ASKED)[0])
    for side in (4, 8):
        generator = build_generator(8, attention=side, **shared)
        discriminator = build_discriminator(attention=side, spectral_norm=spectral_norm, **shared)
        assert generator.get_layer("attention_sum").output.shape[1:3] == (side, side)
        assert discriminator.get_layer("attention_sum").output.shape[1:3] == (side, side)
        assert np.array_equal(generate_images(generator, seed=0, **ASKED), images)
        found = np.asarray(interface.call(discriminator, images, ASKED)[0])
        assert found == pytest.approx(logits, abs=1e-6)
        for model in (generator, discriminator):
            model.get_layer("attention_sum").gamma.assign(1.0)
        assert np.abs(generate_images(generator, seed=0, **ASKED) - images).max() > 1e-3
        assert np.abs(np.asarray(interface.call(discriminator, images, ASKED)[0]) - found).max() > 1e-4


def test_attention_needs_a_feature_map_of_its_side():
    with pytest.raises(ValueError, match="attention must be one of None, 7, 14, not 16"):
        build_generator(attention=16)
    with pytest.raises(ValueError, match="attention must be one of None, 14, 7, 4, not 28"):
        build_discriminator(stages=3, attention=28)


@pytest.mark.parametrize("blocks", BLOCKS)
def test_skip_z_gives_each_stage_a_chunk_of_its_own(blocks):
    """With its map set to 0, a stage's chunk has no effect, and the other chunks have theirs."""
    options = {"image_shape": (32, 32, 1), "conditions": CONDITIONS, "width": 4, "blocks": blocks}
    generator = build_generator(7, conditioning="batch_norm", skip_z=True, **options)
    noise, asked = np.zeros((2, 7), np.float32), {"role": "cook", "label": 0, "tone": 0}

    def effect_of(chunk):
        changed = noise.copy()
        changed[1, chunk] = 1
        first, other = generate_images(generator, noise=changed, **asked)
        return np.abs(first - other).max()

    assert build_generator(7, **options).get_layer("seed_map").input.shape[1] > 7
    assert generator.get_layer("seed_map").input.shape == (None, 3)  # 7 = 3 + 4 for the two stages of 32 pixels
    first, second = slice(3), slice(3, 7)
    assert effect_of(first) > 1e-3 and effect_of(second) > 1e-3
    for layer in generator.layers:
        if layer.name.startswith("up_1") and layer.name.endswith(("_gamma", "_beta")):
            kernel, bias = layer.get_weights()
            assert kernel.shape[0] == 4 + 3 * 32  # the chunk and the embeddings of three conditions, one vector for all
            layer.set_weights([np.zeros_like(kernel), bias])
    assert effect_of(first) > 1e-3 and effect_of(second) == 0


@pytest.mark.parametrize("options", [{}, {"normalization": False}, {"latent_dim": 1, "conditioning": "batch_norm"}])
def test_skip_z_says_what_it_needs(options):
    with pytest.raises(
        ValueError, match="skip_z .* needs normalization, conditioning='batch_norm' and a latent_dim of"
    ):
        build_generator(skip_z=True, **options)
    assert build_generator(8, (16, 16, 1), width=2, conditioning="batch_norm", skip_z=True).input.shape == (None, 8)


def test_skip_z_and_attention_can_do_with_half_the_bits():
    """Placing a model in bfloat16 rebuilds every layer."""
    generator = build_generator(8, (16, 16, 1), width=4, conditioning="batch_norm", skip_z=True, attention=8)
    noise = np.random.default_rng(0).normal(size=(3, 8)).astype("float32")
    halved = tf.cast(place(generator, tf.distribute.get_strategy(), True)(noise), tf.float32)
    assert np.asarray(halved) == pytest.approx(np.asarray(generator(noise)), abs=0.05)
