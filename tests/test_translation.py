"""CycleGAN by hand, its history of generated images, and how translations are measured."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tutorial import widgets
from gan_tutorial.evaluation.features import random_extractor
from gan_tutorial.metrics import translation_scores
from gan_tutorial.models import build_patch_discriminator, build_unet_generator
from gan_tutorial.pretrained import load_pretrained, translators
from gan_tutorial.sampling import translate
from gan_tutorial.training import CycleGANStep, train_cyclegan

from .test_stabilizers import corners

SMALL = {"image_shape": (16, 16, 1), "width": 4}
UNET = {**SMALL, "noise_channels": 0, "normalization": "instance"}
PATCH = {**SMALL, "pairs": False}
NAMES = [
    "pix2pix_noto_fluent", "pix2pix_flat_fluent", "cyclegan_noto_fluent", "cyclegan_fluent_noto", "cyclegan_flat_fluent",
    "cyclegan_fluent_flat",
]  # fmt: skip


def networks(seed=0):
    return (
        *(build_unet_generator(**UNET, seed=seed + i) for i in (0, 1)),
        *(build_patch_discriminator(**PATCH, seed=seed + i) for i in (0, 1)),
    )


def linear(scale, offset):
    return keras.Sequential([keras.Input((16, 16, 1)), keras.layers.Rescaling(scale, offset)])


def patches(scale):
    """Logits (b, 4, 4, 1): a multiple of each patch's mean."""
    return keras.Sequential([keras.Input((16, 16, 1)), keras.layers.AveragePooling2D(4), keras.layers.Rescaling(scale)])


@pytest.fixture
def sets():
    return np.random.default_rng(0).uniform(-1, 1, (2, 6, 16, 16, 1)).astype("float32")


def ready(step, x, y, batch_size):
    """A step as a trainer would leave it before the first update."""
    step.check({"picture": x, "image": y}, batch_size)
    step.build()
    return step


def losses_of(step, x, y, number=0, **more):
    batch = {"picture": tf.constant(x), "image": tf.constant(y), **more}
    losses, metrics = step.losses(batch, tf.constant(number, tf.int64))
    return {name: float(value) for name, value in {**losses, **metrics}.items()}


def test_losses_equal_the_formulas(sets):
    x, y = sets
    step = CycleGANStep(linear(0.5, 0.25), linear(1.5, -0.1), patches(2.0), patches(-1.0), history=0)
    found = losses_of(ready(step, x, y, 6), x, y)

    def G(a):  # noqa: N802
        return 0.5 * a + 0.25

    def F(a):  # noqa: N802
        return 1.5 * a - 0.1

    def D_Y(a):  # noqa: N802
        return 2 * a.reshape(6, 4, 4, 4, 4).mean((2, 4))

    def D_X(a):  # noqa: N802
        return -a.reshape(6, 4, 4, 4, 4).mean((2, 4))

    cycle = np.abs(F(G(x)) - x).mean() + np.abs(G(F(y)) - y).mean()
    identity = np.abs(G(y) - y).mean() + np.abs(F(x) - x).mean()
    adversarial = (((D_Y(G(x)) - 1) ** 2).mean() + ((D_X(F(y)) - 1) ** 2).mean()) / 2
    judged = ((D_Y(y) - 1) ** 2 + D_Y(G(x)) ** 2 + (D_X(x) - 1) ** 2 + D_X(F(y)) ** 2).mean() / 2
    assert found["cycle_loss"] == pytest.approx(cycle, rel=1e-5)
    assert found["identity_loss"] == pytest.approx(identity, rel=1e-5)
    assert found["generators"] == pytest.approx(adversarial + 10 * cycle + 5 * identity, rel=1e-5)
    assert found["discriminators"] == pytest.approx(judged, rel=1e-5)


def test_it_does_not_matter_which_image_lies_beside_which_picture(sets):
    x, y = sets
    step = ready(CycleGANStep(*networks(), history=0), x, y, 6)
    found, other = losses_of(step, x, y), losses_of(step, x, y[::-1])
    assert found == pytest.approx(other, rel=1e-4)


def test_what_metrics_call_right_and_alerts_can_read_follows_from_the_loss(sets):
    """Least squares puts the border between real and generated at ½."""
    assert not CycleGANStep(*networks()).logits_are_log_odds
    assert CycleGANStep(*networks(), loss="non_saturating").logits_are_log_odds
    step = CycleGANStep(linear(1.0, 0.0), linear(1.0, 0.0), patches(0.0), patches(0.0), history=0)
    found = losses_of(ready(step, *sets, 6), *sets)
    assert found["discriminator_accuracy"] == 0.5 and found["real_sign"] == -1


def test_the_history_shows_what_was_made_before(sets):
    x, y = sets
    step = ready(CycleGANStep(*networks(), history=6), x, y, 3)
    assert step.variables["image_history"].shape == (6, 16, 16, 1)

    def shown(fakes, number, place, swap):
        batch = {"place": tf.constant(place, tf.int64), "swap": tf.constant(swap)}
        result = step._from_history("image", tf.constant(fakes), batch, tf.constant(number, tf.int64)).numpy()
        before = step.variables["image_history"].numpy()
        return result, before

    # In the first round everything is new, whatever the dice say, and is kept once the step is done.
    found, before = shown(x[:3], 0, [4, 0, 2], [0.1, 0.9, 0.1])
    assert np.array_equal(found, x[:3]) and not before.any()
    step.after_step({})
    found, _ = shown(x[3:], 1, [1, 5, 3], [0.1, 0.9, 0.1])
    step.after_step({})
    kept = step.variables["image_history"].numpy()
    assert np.array_equal(kept[[4, 0, 2, 1, 5, 3]], x)
    # Afterwards half of them give way to what lay at their place, and stay there instead.
    found, _ = shown(y[:3], 2, [5, 4, 0], [0.2, 0.7, 0.4])
    assert np.array_equal(found, [x[4], y[1], x[1]])
    assert np.array_equal(step.variables["image_history"], kept)  # a step that fails would leave it so
    step.after_step({})
    kept[[5, 0]] = y[[0, 2]]
    assert np.array_equal(step.variables["image_history"], kept)


def test_only_the_discriminator_sees_the_history(sets):
    x, y = sets
    step = ready(CycleGANStep(*networks(), history=6), x, y, 6)
    for kept in step.variables.values():
        kept.assign(tf.ones_like(kept))
    dice = {"place": tf.range(6, dtype=tf.int64)}
    new, old = (losses_of(step, x, y, 1, swap=tf.fill([6], swap), **dice) for swap in (0.9, 0.1))
    assert new["generators"] == old["generators"] and new["fake_logit"] == old["fake_logit"]
    assert abs(new["discriminators"] - old["discriminators"]) > 1e-3


@pytest.mark.slow
def test_cyclegan_learns_a_translation_without_pairs():
    """Dark pictures, and others brightened: it moves towards the right ones, and finds back."""
    images, _ = corners()
    first, second = np.split(images[: len(images) // 2 * 2], 2)
    options = {"steps": 300, "batch_size": 16, "identity_weight": 0.0, "learning_rate": 2e-3, "progress": False}
    result = train_cyclegan(*networks(), first, second + 0.3, **options)
    there = translate(result.generator, second[:50])
    back = translate(result.models["back_generator"], there)
    assert np.abs(there - second[:50] - 0.3).mean() < 0.5 * 0.3
    assert np.abs(back - second[:50]).mean() < 0.1


def test_sets_may_differ_in_size_but_not_in_shape(sets):
    x, y = sets
    step = CycleGANStep(*networks())
    given = step.check({"picture": x, "image": y[:4]}, 2)
    assert len(given["picture"]) == len(given["image"]) == 6 and np.array_equal(given["image"][4:], y[:2])
    with pytest.raises(ValueError, match="same shape"):
        step.check({"picture": x, "image": np.repeat(y, 3, -1)}, 2)
    with pytest.raises(ValueError, match='two sets: the data must have "picture" and "image"'):
        step.check({"image": y}, 2)


def test_networks_that_do_not_suit_are_refused(sets):
    data, (g, f, d, e) = dict(zip(("picture", "image"), sets)), networks()
    in_sigmoids = keras.Sequential([keras.Input((16, 16, 1)), keras.layers.Conv2D(1, 4, 4, activation="sigmoid")])
    cases = {
        "takes no noise": (build_unet_generator(**{**UNET, "noise_channels": 1}), f, d, e),
        "batch normalization": (g, build_unet_generator(**{**UNET, "normalization": "batch"}), d, e),
        "build it with pairs=False": (g, f, build_patch_discriminator(**SMALL), e),
        "the back_discriminator takes images of shape": (
            g,
            f,
            d,
            build_patch_discriminator((16, 16, 3), 4, pairs=False),
        ),
        "the discriminator ends in a sigmoid": (g, f, in_sigmoids, e),
        "makes images of shape": (build_unet_generator(**{**UNET, "image_shape": (16, 16, 3)}), f, d, e),
    }
    for message, given in cases.items():
        with pytest.raises(ValueError, match=message):
            CycleGANStep(*given).check(data, 2)
    with pytest.raises(ValueError, match="cycle_weight must not be negative"):
        CycleGANStep(g, f, d, e, cycle_weight=-1)
    with pytest.raises(ValueError, match="normalization must be one of batch, instance"):
        build_unet_generator(normalization="group")


def test_instance_normalization_does_the_same_in_training_and_alone(sets):
    network = build_unet_generator(**UNET)
    together = network(sets[0], training=True).numpy()
    alone = np.concatenate([network(sets[0][i : i + 1], training=False) for i in range(6)])
    assert np.allclose(together, alone, atol=1e-5)


def test_scores_of_translations():
    rng = np.random.default_rng(0)
    truth, made = rng.uniform(-1, 1, (2, 20, 4, 4, 3))
    features, true_features = rng.normal(size=(2, 20, 5))
    scores = translation_scores(made, truth, features, true_features)
    for i in range(20):
        distances = [np.sqrt(((features[i] - other) ** 2).sum()) for other in true_features]
        assert scores.pixels[i] == pytest.approx(np.abs(made[i] - truth[i]).mean())
        assert scores.features[i] == pytest.approx(distances[i])
        assert scores.found[i] == (np.argmin(distances) == i)
    perfect = translation_scores(truth, truth, true_features, true_features)
    assert not perfect.pixels.any() and not perfect.features.any() and perfect.found.all()
    with pytest.raises(ValueError, match="row by row the same thing"):
        translation_scores(made, truth[:5], features, true_features)
    with pytest.raises(ValueError, match="must be finite"):
        translation_scores(made, truth, features * np.nan, true_features)


def test_halves_have_nothing_in_common():
    first, second = translators.halves(101)
    assert sorted([*first, *second]) == list(range(101)) and not set(first) & set(second)


@pytest.mark.parametrize("name", NAMES)
def test_shipped_translators_do_what_their_cards_say(name):
    network, card = load_pretrained(name)
    _, source, target = name.split("_")
    (test, things), extract = translators.drawings("test"), random_extractor((64, 64, 3))
    made, truth = translate(network, test[source][things]), test[target][things]
    scores = translation_scores(made, truth, extract(made).features, extract(truth).features)
    assert scores.pixels.mean() == pytest.approx(card.metrics["pixel_distance"], rel=0.01)
    assert scores.features.mean() == pytest.approx(card.metrics["feature_distance"], rel=0.01)
    assert scores.found.mean() == pytest.approx(card.metrics["found"], abs=0.02)


def test_style_lab_shows_things_and_own_drawings():
    rng = np.random.default_rng(0)
    styles = {name: rng.uniform(-1, 1, (2, 64, 64, 3)).astype("float32") for name in ("flat", "fluent")}
    network = build_unet_generator(noise_channels=0, width=4)
    panel = widgets.style_lab({("flat", "fluent"): {"CycleGAN": network}}, styles, ["a cup", "a car"])
    assert "a cup" in panel.text and "flat to fluent" in panel.text
    for name, value in {"thing": "a car", "kind": "cross", "colour": "red", "size": 0.2, "rotation": 0.1}.items():
        before = panel.picture
        panel.set(**{name: value})
        assert not panel.error, name
        # The sliders draw something of your own, and matter only then.
        assert (panel.picture != before) == (name == "thing"), name
    panel.set(thing="your own drawing")
    before = panel.picture
    panel.set(size=0.9)
    assert panel.picture != before and "no true drawing" in panel.text and not panel.error
