"""Experiments: what they measure, how results are kept, what is concluded, and what ships."""

import json

import numpy as np
import pytest
from matplotlib.figure import Figure

from gan_tutorial.data import points_mixture
from gan_tutorial.evaluation.distances import sliced_wasserstein
from gan_tutorial.experiments import (
    EXPERIMENTS,
    FAILURES,
    catalogue,
    compare,
    format_comparisons,
    generator_pull,
    load_experiment,
    means,
    plot_comparisons,
    plot_rates,
    ring_failure,
    run_experiment,
    train_ring,
)
from gan_tutorial.experiments.fashion import FASHION_BASE, train_fashion
from gan_tutorial.experiments.report import overview, report
from gan_tutorial.experiments.ring import oscillation
from gan_tutorial.experiments.uses import BIAS_BASE, RARE_BASE, train_on_unbalanced, train_with_rare_class
from gan_tutorial.training import Settings

CENTRES, _, SIGMA = points_mixture("ring")


def test_sliced_wasserstein_of_known_sets():
    points = np.random.default_rng(0).normal(size=(300, 2))
    assert sliced_wasserstein(points, points[::-1]) == 0
    # Moved by a vector: the mean of |cos| over directions, 2/π, times its length.
    assert sliced_wasserstein(points, points + [3.0, 4.0], directions=4000) == pytest.approx(5 * 2 / np.pi, rel=0.03)
    with pytest.raises(ValueError, match="same number"):
        sliced_wasserstein(points, points[:5])


def history(k):
    return {"real_logit": np.ones(k), "fake_logit": np.zeros(k)}


def test_points_that_rest_do_not_oscillate_and_points_that_turn_do():
    rng = np.random.default_rng(0)
    homes = np.arange(800) % 8
    still = np.stack([CENTRES[homes]] * 9) + SIGMA * rng.normal(size=(9, 800, 2))
    rest = oscillation(still, history(9))
    assert rest["hopping"] == 0 and rest["modes"] == 8 and rest["quality"] > 0.98 and rest["distance"] < 0.06
    turning = np.stack([CENTRES[(homes + turn) % 8] for turn in range(9)])
    assert oscillation(turning, history(9))["hopping"] == 1
    collapsed = np.stack([np.tile(CENTRES[turn % 8], (800, 1)) for turn in range(9)])
    one = oscillation(collapsed, {"real_logit": np.arange(9.0), "fake_logit": np.zeros(9)})
    assert one["modes"] == 1 and one["distance"] > 0.3 and one["gap_swing"] > 0.5


def test_a_ring_run_is_what_its_seed_says():
    runs = [train_ring(seed, steps=200, width=8) for seed in (0, 0, 1)]
    assert np.array_equal(runs[0].frames, runs[1].frames) and not np.array_equal(runs[0].frames, runs[2].frames)
    assert runs[0].frames.shape == (2, 1000, 2) and list(runs[0].steps) == [100, 200]
    assert set(runs[0].metrics) == set(load_experiment("ring-oscillation")["rows"][0]) - {"variant", "seed", "seconds"}


@pytest.fixture
def toy(monkeypatch):
    """An experiment that only counts: "half" is half as bad, "lost" diverges, "like" is like the baseline."""
    calls = []

    def run(seed, factor, diverge=False):
        calls.append((factor, seed))
        if diverge:
            raise FloatingPointError("diverged")
        if stop and len(calls) == stop[0]:
            raise KeyboardInterrupt
        return {"frechet": 10 * factor * (1 + 0.1 * seed)}

    stop = []
    variants = {
        "baseline": {}, "half": {"factor": 0.5}, "twice": {"factor": 2.0},
        "like": {"factor": 1.0}, "lost": {"factor": 3.0, "diverge": True},
    }  # fmt: skip
    experiment = catalogue.Experiment("Which?", run, {"factor": 1.0}, variants, "frechet", 3)
    monkeypatch.setitem(EXPERIMENTS, "toy", experiment)
    return calls, stop


def test_conclusions_of_a_known_experiment(toy, tmp_path):
    found = {c.variant: c for c in compare(run_experiment("toy", tmp_path, progress=False))}
    assert found["half"].verdict == "better" and found["half"].change == pytest.approx(0.5)
    assert found["twice"].verdict == "worse" and found["twice"].low > 1.9
    assert found["like"].verdict == "no clear difference" and found["baseline"].verdict == "baseline"
    assert found["lost"].verdict == "diverged" and np.isnan(found["lost"].value)
    assert list(found)[0] == "half" and list(found)[-1] == "lost"
    assert "×0.50" in "\n".join(format_comparisons(list(found.values()), "frechet"))


def test_interrupted_experiment_goes_on(toy, tmp_path):
    calls, stop = toy
    stop.append(4)
    with pytest.raises(KeyboardInterrupt):
        run_experiment("toy", tmp_path, seeds=2, progress=False)
    kept = load_experiment("toy", tmp_path)["rows"]
    assert len(kept) == 3
    calls.clear(), stop.clear()
    result = run_experiment("toy", tmp_path, seeds=2, progress=False)
    assert len(calls) == 10 - 3 and result["rows"][:3] == kept and len(result["rows"]) == 10
    calls.clear()
    assert len(run_experiment("toy", tmp_path, seeds=2, progress=False)["rows"]) == 10 and not calls
    # Other settings: nothing old may be taken for a result.
    run_experiment("toy", tmp_path, seeds=1, variants=["baseline"], changes={"factor": 7.0}, progress=False)
    assert calls == [(7.0, 0)]


def test_a_training_with_the_same_settings_is_not_repeated(toy, tmp_path, monkeypatch):
    calls, _ = toy
    run_experiment("toy", tmp_path, seeds=2, variants=["baseline"], progress=False)
    twin = EXPERIMENTS["toy"]._replace(variants={"baseline": {}, "again": {"factor": 4.0}})
    monkeypatch.setitem(EXPERIMENTS, "toy-twin", twin)
    result = run_experiment("toy-twin", tmp_path, seeds=1, progress=False)
    assert calls == [(1.0, 0), (1.0, 1), (4.0, 0)]
    stored = [(row["variant"], row["seed"]) for row in load_experiment("toy-twin", tmp_path)["rows"]]
    assert stored == [("baseline", 0), ("again", 0)] and len(result["rows"]) == 2


def test_unfit_wishes_and_damaged_results_are_explained(toy, tmp_path):
    with pytest.raises(ValueError, match="no experiment is called 'ring'.*ring-oscillation"):
        run_experiment("ring", tmp_path)
    with pytest.raises(ValueError, match="no variant 'third'; there are: baseline, half"):
        run_experiment("toy", tmp_path, variants=["third"])
    with pytest.raises(ValueError, match="seeds must be at least 1"):
        run_experiment("toy", tmp_path, seeds=0)
    with pytest.raises(FileNotFoundError, match="make it with: gan-tutorial experiment toy"):
        load_experiment("toy", tmp_path)
    (tmp_path / "toy.json").write_text('{"rows": [{}]}')
    with pytest.raises(ValueError, match="delete it to start anew"):
        run_experiment("toy", tmp_path)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_stored_results_are_whole_and_those_of_the_catalogue(name):
    result, experiment = load_experiment(name), EXPERIMENTS[name]
    assert {"command", "versions", "hardware", "seconds", "created", "question"} <= set(result)
    assert result["command"].endswith(f"experiment {name}")
    assert result["base"] == json.loads(json.dumps(experiment.base))
    assert result["variants"] == json.loads(json.dumps(experiment.variants))
    done = {(row["variant"], row["seed"]) for row in result["rows"]}
    assert done == {(v, seed) for v in experiment.variants for seed in range(experiment.seeds)}
    assert all(experiment.answer in row or row["diverged"] for row in result["rows"])
    assert compare(result)


def test_stored_conclusion_on_the_ring_can_be_reproduced(tmp_path):
    """One seed of the strongest remedy, against the stored numbers."""
    live = run_experiment(
        "ring-oscillation", tmp_path, 1, ["baseline", "generator's rate ÷ 4"], progress=False
    )  # fmt: skip
    here, stored = means(live, "hopping"), means(load_experiment("ring-oscillation"), "hopping")
    assert here["baseline"] > 0.7 and here["generator's rate ÷ 4"] < 0.2
    assert stored["baseline"] > 0.9 and stored["generator's rate ÷ 4"] < 0.1


@pytest.mark.parametrize("name", [name for name in EXPERIMENTS if name.startswith("ring")])
def test_variants_are_settings_that_exist(name):
    fields = {*Settings.__dataclass_fields__, "spectral_norm", "width", "n"}
    for changes in EXPERIMENTS[name].variants.values():
        assert set(changes) <= fields


def test_one_short_training_on_fashion(monkeypatch):
    from gan_tutorial.experiments import fashion

    monkeypatch.setattr(fashion, "_IMAGES", 200)
    changes = {
        "n": 400,
        "augment": ("cutout",),
        "augment_target": 0.6,
        "width": 4,
        "discriminator_width": 4,
        "dropout": 0.1,
    }
    numbers = train_fashion(0, steps=20, **{"activation": "silu", "generator_conditioning": "batch_norm", **changes})
    assert numbers["frechet"] > 50 and set(numbers) == set(load_experiment("fashion-data")["rows"][0]) - {
        "variant", "seed", "seconds",
    }  # fmt: skip
    assert set(changes) - {"augment", "augment_target", "dropout"} <= set(FASHION_BASE)


@pytest.mark.parametrize("remedy", ["none", "copies", "shifts", "gan", "real"])
def test_rare_class(remedy):
    numbers = train_with_rare_class(0, **{**RARE_BASE, "many": 50, "few": 5, "epochs": 1, "steps": 5, "remedy": remedy})
    assert 0 <= numbers["other_error"] <= 1 and 0 <= numbers["error"] <= 1


def test_unbalanced_set():
    numbers = train_on_unbalanced(0, **{**BIAS_BASE, "n": 200, "steps": 5, "share": 0.1})
    assert 0 <= numbers["share"] <= 1 and numbers["error"] == pytest.approx(100 * (0.1 - numbers["share"]) / 0.1)


def test_failures_are_caused_by_their_setting():
    calm, wild = (ring_failure("collapse", value, 1500).metrics for value in (3e-4, 1e-2))
    assert calm["modes"] >= 6 > wild["modes"] and calm["hopping"] < 0.3 < wild["hopping"]
    with pytest.raises(ValueError, match="no failure is called 'fire'; there are: oscillation"):
        ring_failure("fire", 1)
    assert all(len(failure.values) >= 4 for failure in FAILURES.values())


def test_a_head_start_weakens_the_minimax_loss_only():
    early, late = generator_pull(10)[0], generator_pull(600)[0]
    assert late["minimax"] < 0.1 * late["non_saturating"]
    assert late["non_saturating"] > 0.5 * early["non_saturating"]


def test_pictures_hold_every_variant():
    result = load_experiment("ring-losses")
    axis = Figure().subplots()
    plot_comparisons(axis, result)
    shown = [label.get_text() for label in axis.get_yticklabels()]
    assert sorted(text.lstrip("+− ✗") for text in shown) == sorted(result["variants"])
    image = plot_rates(Figure().subplots(), load_experiment("ring-rates"))
    table = np.asarray(image.get_array())
    assert table.shape == (5, 5)
    assert table[2, 3] == pytest.approx(means(load_experiment("ring-rates"), "distance")["g 0.001, d 0.003"])


def test_texts_for_the_command_line(toy, tmp_path):
    lines = "\n".join(overview())
    assert "ring-oscillation" in lines and "better: generator's rate ÷ 4" in lines
    again = "\n".join(report("ring-losses", load_experiment("ring-losses")))
    assert "7 of 7 verdicts are those of the stored result" in again
