"""The monitor: a training in the background, watched, paused and steered; what it leaves."""

import time

import keras
import numpy as np
import pytest

import gan_tutorial as gt
from gan_tutorial.widgets import monitor, monitor_figures
from gan_tutorial.widgets.figures import as_picture
from gan_tutorial.widgets.learning_rates import AdjustableRate, adjustable_rates

PNG = b"\x89PNG"
RING = gt.load_dataset("ring")


def players(seed=0):
    return gt.models.build_points_generator(seed=seed), gt.models.build_points_discriminator(seed=seed)


def wait_for(condition, seconds=60):
    end = time.time() + seconds
    while not condition():
        assert time.time() < end
        time.sleep(0.01)


def weights(*models):
    return np.concatenate([w.ravel() for model in models for w in model.get_weights()])


@pytest.fixture
def endless():
    """A training that goes on until it is stopped."""
    run = monitor(gt.train, *players(), RING, steps=1_000_000)
    wait_for(lambda: run.moments)
    yield run
    run.close()


@pytest.mark.parametrize("decay_steps", [0, 100])
def test_watching_changes_nothing(decay_steps):
    options = {"steps": 60, "decay_steps": decay_steps}
    plain, watched = players(), players()
    gt.train(*plain, RING, progress=False, **options)
    result = monitor(gt.train, *watched, RING, **options).result()
    assert result.step == 60 and not result.interrupted
    assert np.array_equal(weights(*plain), weights(*watched))


def test_other_algorithms_fall_as_they_do_alone():
    images = gt.data.make_shapes(64)

    def networks():
        options = {"latent_dim": 4, "image_shape": (64, 64, 3), "width": 4, "seed": 0}
        return gt.models.build_encoder(**options), gt.build_generator(**options)

    plain, watched = networks(), networks()
    gt.train_vae(*plain, images, steps=3, steps_per_call=1, progress=False)
    run = monitor(gt.train_vae, *watched, images, steps=3, steps_per_call=1, show={"n": 2})
    assert run.result().step == 3 and np.array_equal(weights(*plain), weights(*watched))
    rates = [moment["learning_rate"] for moment in run.moments]
    assert rates[0] > rates[1] > rates[2] == pytest.approx(0, abs=1e-9)
    assert bytes(run.frames[0]["png"][:4]) == PNG


def test_stopped_in_mid_training_it_keeps_the_weights(endless):
    start = weights(endless._last.models["generator"])
    endless.stop()
    result = endless.result()
    assert result.interrupted and 0 < result.step < 1_000_000 and endless.state == "stopped"
    assert endless.moments[-1]["step"] == endless.frames[-1]["step"] == result.step
    assert not np.array_equal(start, weights(*players()[:1]))


def test_a_pause_stands_still_and_goes_on(endless):
    endless.pause()
    time.sleep(0.3)
    before = len(endless.moments)
    time.sleep(0.3)
    assert endless.state == "paused" and len(endless.moments) == before
    endless.play()
    wait_for(lambda: len(endless.moments) > before)
    assert endless.state == "running"


def test_learning_rates_change_while_it_runs(endless):
    endless.pause()
    time.sleep(0.3)
    before = endless.moments[-1]
    # As the page does it.
    endless.set_state({"factors": {"generator_learning_rate": 0.25, "discriminator_learning_rate": 1.0}})
    endless.play()
    wait_for(lambda: endless.moments[-1]["step"] > before["step"])
    after = endless.moments[-1]
    falls = after["discriminator_learning_rate"] / before["discriminator_learning_rate"]
    assert after["generator_learning_rate"] == pytest.approx(0.25 * falls * before["generator_learning_rate"], rel=1e-3)


def test_a_factor_of_zero_freezes_one_player():
    generator, discriminator = players()
    before = generator.get_weights(), discriminator.get_weights()
    rates = adjustable_rates(gt.train, {})
    rates["generator_learning_rate"].factor.assign(0)
    gt.train(generator, discriminator, RING, steps=20, progress=False, **rates)
    assert all(np.array_equal(a, b) for a, b in zip(before[0], generator.get_weights()))
    assert not all(np.array_equal(a, b) for a, b in zip(before[1], discriminator.get_weights()))


def test_rates_are_those_of_the_function():
    given = keras.optimizers.schedules.CosineDecay(0.5, 10)
    rates = adjustable_rates(gt.train_cgan, {"generator_learning_rate": given, "decay_steps": 100})
    assert float(rates["generator_learning_rate"](0)) == 0.5
    assert float(rates["discriminator_learning_rate"](100)) == pytest.approx(1e-3)
    assert not adjustable_rates(gt.train, {"generator_optimizer": 1, "discriminator_optimizer": 1})
    assert adjustable_rates(lambda callbacks: None, {}) == {}
    with pytest.raises(ValueError, match="generator_learning_rate must not be negative, not -1"):
        adjustable_rates(gt.train, {"generator_learning_rate": -1})
    assert float(AdjustableRate(given)(10)) == pytest.approx(0)


def test_divergence_is_told_in_one_line_and_raised():
    run = monitor(gt.train, *players(), RING, steps=400, generator_learning_rate=1e30, discriminator_learning_rate=1e30)
    with pytest.raises(FloatingPointError, match="diverged"):
        run.result()
    assert run.state == "failed" and run.error.startswith("FloatingPointError: training diverged at step")


def test_what_does_not_suit_is_raised_by_result():
    run = monitor(gt.train, *players(), RING, steps=0)
    with pytest.raises(ValueError, match="steps must be at least 1"):
        run.result()
    with pytest.raises(ValueError, match="print takes no callbacks, so its training cannot be watched"):
        monitor(print)


def test_a_failing_picture_does_not_stop_the_training():
    def show(report):
        raise KeyError("nothing to show")

    run = monitor(gt.train, *players(), RING, steps=40, show=show)
    assert run.result().step == 40 and "nothing to show" in run.error


def test_metrics_and_callbacks_are_called():
    heard = []
    run = monitor(
        gt.train, *players(), RING, steps=80, metrics={"twice": lambda report: 2 * report.step}, metrics_every=40,
        callbacks=[lambda report: heard.append(report.step) or report.step == 60],
    )  # fmt: skip
    assert run.result().interrupted and heard == [20, 40, 60]
    assert [moment.get("twice") for moment in run.moments] == [40, 80, None]


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr("gan_tutorial.widgets.monitoring._MOMENTS", 10)
    monkeypatch.setattr("gan_tutorial.widgets.monitoring._FRAMES", 6)
    run = monitor(gt.train, *players(), RING, steps=600, every=20)
    run.result()
    assert len(run.moments) <= 11 and len(run.frames) <= 8
    steps = [frame["step"] for frame in run.frames]
    assert steps == sorted(set(steps)) and steps[0] == 20 and steps[-1] == 600


def test_views_get_the_whole_history_and_what_comes(endless):
    sent = []
    endless.send = lambda content, buffers=None: sent.append((content, buffers))
    states = []
    endless.send_state = lambda key=None: states.append(key)
    endless._hear(endless, {"do": "ready"}, [])
    assert states == [["moments", "frames"]]
    wait_for(lambda: any(content["kind"] == "moments" for content, _ in sent))
    endless._hear(endless, {"do": "pause"}, [])
    assert endless.state == "paused"
    endless._hear(endless, {"do": "close"}, [])
    assert endless.state == "paused"


def test_a_notebook_without_readers_keeps_a_still():
    run = monitor(gt.train, *players(), RING, steps=400, every=20)
    run.result()
    data, _ = run._repr_mimebundle_()
    assert data["text/plain"] == "Training: step 400 of 400" and "image/png" in data
    assert len(run.frames) <= 16 and run.frames[-1]["step"] == 400


def test_the_still_has_a_chart_for_each_metric_and_legends_above_the_curves(monkeypatch):
    drawn = []
    monkeypatch.setattr(monitor_figures, "as_picture", lambda figure: drawn.append(figure) or as_picture(figure))
    metrics = {"twice": lambda report: 2 * report.step, "undefined": lambda report: np.nan}
    run = monitor(gt.train, *players(), RING, steps=80, metrics=metrics, metrics_every=40)
    run.result()
    run.still()
    *charts, last = drawn[-1].axes[1:]
    titles = [axis.get_title("left") for axis in (*charts, last)]
    assert titles == [*map(run.words.get, ("losses", "logits", "accuracy")), "twice"]
    assert np.array_equal(last.lines[0].get_xydata(), [[20, 40], [40, 80], [80, 160]]) and not last.get_legend()
    assert last.get_xlabel() == "step"
    assert all(axis.get_legend().get_window_extent().y0 > axis.bbox.y1 - 1 for axis in charts)  # in pixels


def test_closing_stops_the_training():
    run = monitor(gt.train, *players(), RING, steps=1_000_000)
    wait_for(lambda: run.moments)
    run.close()
    assert run._work.wait(10) and run.state == "stopped"
