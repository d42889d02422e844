"""The playground and the failure lab, by simulated events: no browser."""

import io
import time

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import gan_tutorial as gt
from gan_tutorial.data import make_points, points_density
from gan_tutorial.translations import STRINGS
from gan_tutorial.widgets.game import PRESETS, Engine, Settings, as_code
from gan_tutorial.widgets.game.engine import CURVES
from gan_tutorial.widgets.game.settings import CHOICES, RANGES
from gan_tutorial.widgets.game.view import BANDWIDTH, GRID, LIMIT, MESH, latent_grid

SMALL = {"generator_width": 8, "discriminator_width": 8}
DRAWN = ((0.1, -0.2), (0.5, 0.5), (-0.85, 0.85))


def weights(engine):
    networks = engine._trainer.step.networks
    return {name: [w.copy() for w in network.get_weights()] for name, network in networks.items()}


def same(one, other):
    return len(one) == len(other) and all(np.array_equal(a, b) for a, b in zip(one, other))


# Settings.


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"data": "spiral", "loss": "hinge", "latent_dim": 1, "noise": "uniform"},
        {"data": "drawn", "points": DRAWN, "r1": 0.05, "n": 64}, {"data": "drawn"},
        {"conditional": True, "spectral_norm": True, "ema": 0.99, "generator_learning_rate": 3e-4, "seed": 7},
    ],
)  # fmt: skip
def test_state_travels_as_text(changes):
    settings = Settings(**changes)
    text = settings.text()
    assert Settings.from_text(text) == settings
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.=&"), text


def test_state_holds_only_differences_and_stays_short():
    assert Settings().text() == "data=ring"
    assert Settings(r1=0.5).text() == "data=ring&r1=0.5"
    assert max(len(Settings(**changes).text()) for changes in PRESETS.values()) < 200


@pytest.mark.parametrize(
    "text, message",
    [
        ("hello", "no state of a playground"), ("", "no state"), ("data=ring&colour=red", "no setting 'colour'"),
        ("data=rign", "Did you mean 'ring'"), ("data=ring&r1=-1", "r1 must be a number from 0 to 10"),
        ("data=ring&latent_dim=2.5", "latent_dim cannot be '2.5'"), ("data=ring&conditional=yes", "conditional cannot be 'yes'"),
        ("data=drawn&points=AB", "points cannot be"), ("data=ring&r1=nan", "r1 must be"), ("data=ring&r1=inf", "r1 must be"),
    ],
)  # fmt: skip
def test_bad_state_gets_one_clear_line(text, message):
    with pytest.raises(ValueError, match=message) as caught:
        Settings.from_text(text)
    assert "\n" not in str(caught.value)


def test_every_setting_is_checked_and_has_words():
    checked = {*CHOICES, *RANGES, "spectral_norm", "conditional", "points"}
    assert checked == set(Settings.__dataclass_fields__)
    for name in checked - {"points", "data"}:
        assert STRINGS[f"pg_{name}"]
    for name in ("data", "loss", "noise"):
        assert all(STRINGS[f"pg_{name}_{value}"] for value in CHOICES[name])
    assert all(STRINGS[f"pg_preset_{name}"] and STRINGS[f"pg_look_{name}"] for name in PRESETS)


def test_drawn_points_become_data():
    data = make_points(DRAWN, 600)
    near = np.linalg.norm(data.images[:, None] - np.array(DRAWN), axis=2).min(1)
    assert data.images.shape == (600, 2) and near.max() < 0.2
    assert points_density(DRAWN, [0.1, -0.2]) > 10 > points_density(DRAWN, [0.3, 0.1])
    with pytest.raises(ValueError, match="centres"):
        make_points([[0, 2]])


# Engine.


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"r1": 0.1, "beta_1": 0.5, "ema": 0.9},
        {"loss": "wasserstein", "gradient_penalty": 1.0, "data": "drawn", "points": DRAWN},
        {"optimizer": "sgd", "generator_learning_rate": 0.03, "discriminator_learning_rate": 0.1},
        {"generator_steps": 2, "conditional": True, "noise": "uniform", "spectral_norm": True, "data": "moons"},
    ],
)
def test_code_is_this_very_experiment(changes):
    """Copied as code, the program ends with the same weights, up to rounding: its steps are compiled in other portions."""
    settings = Settings(**SMALL, batch_size=32, **changes)
    engine = Engine(settings)
    engine.advance(2)
    engine.advance(4)
    program = {}
    exec(as_code(settings, steps=6), program)
    for mine, copied in (("generator", program["result"].generator), ("discriminator", program["discriminator"])):
        own = engine._trainer.averaged.get(mine) or engine._trainer.step.networks[mine]
        assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(own.get_weights(), copied.get_weights(), strict=True))


@pytest.fixture(scope="module")
def engine():
    return Engine(Settings(**SMALL, batch_size=32, r1=0.1))


@pytest.mark.parametrize("mover, other", [("discriminator", "generator"), ("generator", "discriminator")])
def test_one_player_moves_alone(engine, mover, other):
    before, step = weights(engine), engine.step
    engine.advance(3, [mover])
    after = weights(engine)
    assert same(before[other], after[other]) and not same(before[mover], after[mover])
    assert engine.step == step + 3


def test_rates_momentum_penalty_and_data_change_without_compiling(engine):
    engine.advance(1)
    compiled, before = engine._run._run, weights(engine)
    traces = compiled.experimental_get_tracing_count()
    engine.change(engine.settings.changed(generator_learning_rate=0.0, discriminator_learning_rate=0.0, data="moons"))
    engine.advance(2)
    assert same(before["generator"], weights(engine)["generator"]), "a learning rate of 0 moves nothing"
    assert same(before["discriminator"], weights(engine)["discriminator"])
    engine.change(engine.settings.changed(discriminator_learning_rate=0.01, beta_1=0.9, r1=5.0, n=16, ema=0.99))
    engine.advance(2)
    assert not same(before["discriminator"], weights(engine)["discriminator"])
    assert engine._run._run is compiled and compiled.experimental_get_tracing_count() == traces
    shown = engine.look()["real"]
    assert np.array_equal(shown, make_points("moons", 16).images)


def test_weight_of_penalty_counts():
    """A weight that was changed leads where it would have led from the start."""
    ends = []
    for first in (0.5, 0.01):
        engine = Engine(Settings(**SMALL, r1=first))
        engine.change(engine.settings.changed(r1=0.5, beta_1=0.3))
        engine.advance(4)
        ends.append(weights(engine)["discriminator"])
    assert same(*ends)
    engine.reset()
    engine.change(engine.settings.changed(r1=0.01))
    engine.advance(4)
    assert not same(ends[0], weights(engine)["discriminator"])


def test_weights_stay_where_the_architecture_does(engine):
    before, step = weights(engine), engine.step
    engine.change(engine.settings.changed(loss="hinge", batch_size=64))
    assert not engine.ready and engine.step == step
    after = weights(engine)
    assert same(before["generator"], after["generator"]) and same(before["discriminator"], after["discriminator"])
    engine.change(engine.settings.changed(discriminator_layers=1))
    after = weights(engine)
    assert same(before["generator"], after["generator"]) and len(after["discriminator"]) == 4


def test_reset_begins_again():
    engine = Engine(Settings(**SMALL))
    start = weights(engine)
    engine.advance(3)
    engine.look()
    engine.reset()
    assert engine.step == 0 and not engine.history["step"] and same(start["generator"], weights(engine)["generator"])
    engine.change(engine.settings.changed(seed=1))
    assert not same(start["generator"], weights(engine)["generator"])


def test_divergence_is_said_in_one_line():
    engine = Engine(Settings(**SMALL, loss="wasserstein"))
    for weight in engine._trainer.step.networks["discriminator"].weights:
        weight.assign(np.full(weight.shape, 1e30))
    with pytest.raises(FloatingPointError, match="diverged at step 1"):
        engine.advance(1)


def test_what_is_seen_is_what_the_networks_say():
    engine = Engine(Settings(**SMALL))
    seen = engine.look()
    networks = engine._trainer.step.networks
    axis = np.linspace(-LIMIT, LIMIT, GRID, dtype=np.float32)
    corner = np.array([[axis[3], axis[40]]], np.float32)
    assert np.isclose(seen["landscape"][40, 3], networks["discriminator"](corner).numpy()[0, 0], atol=1e-5)
    grid = networks["generator"](latent_grid(2)).numpy().reshape(MESH, MESH, 2)
    assert np.allclose(seen["manifold"], grid, atol=1e-5)
    assert seen["curves"].shape == (len(CURVES), 0), "nothing is measured before the first step"
    engine.advance(1)
    assert engine.look()["curves"].shape == (len(CURVES), 1)
    # A small move along the push lowers the generator's loss.
    seen, step = engine.look(), 1e-3

    def loss(points):
        return np.logaddexp(0, -networks["discriminator"](points).numpy()).sum()

    assert loss(seen["fake"] + step * seen["push"]) < loss(seen["fake"])
    expected = step * (seen["push"] ** 2).sum()
    assert np.isclose(loss(seen["fake"]) - loss(seen["fake"] + step * seen["push"]), expected, rtol=0.05)


def test_optimal_discriminator_is_half_where_generated_is_real():
    engine = Engine(Settings(**SMALL, data="blobs"))
    view = engine._view
    view._generator = lambda noise, training: tf.constant(make_points("blobs", len(noise), seed=5).images)
    seen = view.look()
    axis = np.linspace(-LIMIT, LIMIT, GRID)
    places = np.stack(np.meshgrid(axis, axis), -1)
    dense = points_density("blobs", places) > 0.5
    assert np.abs(seen["optimal"][dense] - 0.5).max() < 0.12 and BANDWIDTH < 0.1
    assert Engine(Settings(**SMALL, data="blobs"))._view.look()["optimal"][dense].mean() > 0.6


@pytest.mark.parametrize("latent_dim, shape", [(1, (312, 2)), (2, (MESH, MESH, 2)), (3, (0, 2))])
def test_grid_by_dimension_of_noise(latent_dim, shape):
    assert Engine(Settings(**SMALL, latent_dim=latent_dim)).look()["manifold"].shape == shape


def test_conditional_game_shows_one_class():
    engine = Engine(Settings(**SMALL, data="moons", conditional=True))
    engine.advance(2)
    first, second = engine.look(0), engine.look(1)
    assert set(first["fake_labels"]) == {0, 1}
    assert not np.allclose(first["optimal"], second["optimal"]) and not np.allclose(
        first["manifold"], second["manifold"]
    )


# Widgets.


@pytest.fixture
def game():
    game = gt.widgets.playground(**SMALL)
    game.sent = []
    game.send = lambda content, buffers=None: game.sent.append((content, buffers))
    yield game
    game.close()


def do(widget, **wish):
    widget._receive(widget, wish, [])


def test_slow_motion_is_left_at_once(game):
    do(game, do="speed", speed=0)
    do(game, do="step", moving=["generator", "discriminator"])
    assert game.wait(60)
    do(game, do="play")
    end = time.time() + 30
    while game._engines[0].step < 2 and time.time() < end:
        time.sleep(0.01)
    start = time.time()  # a step has just begun: the next one is seconds away
    do(game, do="pause")
    assert game.wait(30) and time.time() - start < 1.5 and game._engines[0].step == 2


def test_playground_plays_pauses_and_steps(game):
    do(game, do="speed", speed=1)
    do(game, do="play")
    end = time.time() + 60
    while game._engines[0].step < 5 and time.time() < end:
        do(game, do="seen", frame=game._number)
        time.sleep(0.01)
    do(game, do="pause")
    assert game.wait(30) and not game.playing
    step = game._engines[0].step
    assert step >= 5
    time.sleep(0.2)
    assert game._engines[0].step == step
    do(game, do="step", moving=["generator"])
    assert game.wait(30) and game._engines[0].step == step + 1
    content, (buffer,) = game.sent[-1]
    assert content["steps"] == [step + 1]
    sizes = [int(np.prod(shape)) for _, shape in content["parts"][0]]
    assert len(buffer) * buffer.itemsize == 4 * sum(sizes)


def test_frames_never_queue(game):
    """Without an answer from the page a few frames are sent ahead, and then one now and then."""
    game.speed = 1
    game._engines[0].prepare()
    game.play()
    time.sleep(1.2)
    game.pause()
    assert game.wait(30)
    assert 1 <= len(game.sent) <= 11


def test_settings_change_by_the_page(game):
    do(game, do="set", changes={"loss": "hinge", "r1": 1})
    assert game.wait(60) and game._engines[0].settings.loss == "hinge"
    assert game.state == "data=ring&loss=hinge&generator_width=8&discriminator_width=8&r1=1"
    assert "loss='hinge'" in game.code and game.preset == ""
    do(game, do="set", changes={"loss": "hing"})
    assert "Did you mean 'hinge'" in game.error
    do(game, do="set", changes={"data": "drawn", "points": [[0.1, 0.2], [0.3, 0.4]]})
    assert game.error == "" and game.wait(30) and len(game._engines[0].settings.points) == 2
    do(game, do="preset", name="fair_game")
    assert game.preset == "fair_game" and game.wait(60) and game._engines[0].step == 0
    do(game, do="state", text="nonsense")
    assert "no state of a playground" in game.error
    do(game, do="fly")
    assert "fly" in game.error
    do(game, do="label", label=3)
    assert "label must be from 0 to 0" in game.error


def test_still_shows_the_game():
    game = gt.widgets.playground("fair_game", **SMALL, steps=2)
    picture = Image.open(io.BytesIO(game.still()))
    assert picture.width > 300 and len(np.unique(np.asarray(picture.convert("RGB")).reshape(-1, 3), axis=0)) > 1000
    assert "step 2" in game.description()
    game.close()


def test_bad_calls():
    with pytest.raises(ValueError, match="no preset"):
        gt.widgets.playground("fire")
    with pytest.raises(ValueError, match="not both"):
        gt.widgets.playground("fair_game", state="data=ring")
    with pytest.raises(ValueError, match="no setting 'width'"):
        gt.widgets.playground(width=3)


def test_failure_lab_acts_during_the_training():
    lab = gt.widgets.failure_lab("oscillation", 0.95)
    lab.send = lambda content, buffers=None: None
    healthy, failing = lab._engines
    assert healthy.settings.beta_1 == 0 and failing.settings.beta_1 == 0.95
    lab.step(2)
    assert lab.wait(60)
    do(lab, do="value", value=0.5)
    assert lab.wait(60) and failing.settings.beta_1 == 0.5 and failing.step == 2 == healthy.step
    assert len(lab.captions()) == 2 and Image.open(io.BytesIO(lab.still())).width > 600
    do(lab, do="value", value=3)
    assert "beta_1 must be" in lab.error and lab.value == 0.5
    lab.close()
    with pytest.raises(ValueError, match="Did you mean 'collapse'"):
        gt.widgets.failure_lab("collaps")


@pytest.mark.slow
def test_head_start_leaves_no_push():
    lab = gt.widgets.failure_lab("vanishing", 1000)
    lab.send = lambda content, buffers=None: None
    early, late = (engine.look()["gradient"][0] for engine in lab._engines)
    assert [engine.step for engine in lab._engines] == [10, 1000] and late < early / 10
    lab.close()
