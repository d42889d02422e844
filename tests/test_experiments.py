"""Experiments: what they measure, how results are kept, what is concluded, and what ships."""

import inspect
import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure
from scipy import stats

from gan_tutorial.data import data_folder, points_mixture
from gan_tutorial.experiments import (
    DECISIONS,
    EXPERIMENTS,
    FAILURES,
    applications,
    autoencoders,
    catalogue,
    compare,
    decide,
    decision_table,
    format_comparisons,
    generator_gradient_norms,
    load_experiment,
    means,
    plot_comparisons,
    plot_rates,
    portraits,
    ring_failure,
    run_experiment,
    train_ring,
)
from gan_tutorial.experiments.analysis import holm
from gan_tutorial.experiments.applications import (
    BIAS_BASE,
    RARE_BASE,
    train_and_attack,
    train_on_unbalanced,
    train_with_rare_class,
)
from gan_tutorial.experiments.autoencoders import EQUAL_BASE, train_on_equal_terms
from gan_tutorial.experiments.fashion import FASHION_BASE, fashion_split, train_fashion
from gan_tutorial.experiments.portraits import (
    RARE_STYLE_BASE,
    TONES_BASE,
    train_on_unbalanced_tones,
    train_portraits,
    train_with_rare_style,
)
from gan_tutorial.experiments.ring import oscillation
from gan_tutorial.experiments.summary import overview, report
from gan_tutorial.metrics.distances import sliced_wasserstein
from gan_tutorial.models import build_discriminator
from gan_tutorial.training import train, train_cgan

CENTRES, _, SIGMA = points_mixture("ring")
MIGRATION = Path(__file__).parents[1] / "tools" / "migrate_experiments.py"
#: What a row holds besides its numbers.
ABOUT = {"variant", "seed", "seconds", "provenance"}


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
    assert rest["mode_switch_rate"] == 0 and rest["modes"] == 8 and rest["quality"] > 0.98 and rest["distance"] < 0.06
    turning = np.stack([CENTRES[(homes + turn) % 8] for turn in range(9)])
    assert oscillation(turning, history(9))["mode_switch_rate"] == 1
    collapsed = np.stack([np.tile(CENTRES[turn % 8], (800, 1)) for turn in range(9)])
    one = oscillation(collapsed, {"real_logit": np.arange(9.0), "fake_logit": np.zeros(9)})
    assert one["modes"] == 1 and one["distance"] > 0.3 and one["gap_swing"] > 0.5


@pytest.mark.slow
def test_a_ring_run_is_what_its_seed_says():
    runs = [train_ring(seed, steps=200, width=8) for seed in (0, 0, 1)]
    assert np.array_equal(runs[0].frames, runs[1].frames) and not np.array_equal(runs[0].frames, runs[2].frames)
    assert runs[0].frames.shape == (2, 1000, 2) and list(runs[0].steps) == [100, 200]
    assert set(runs[0].metrics) == set(load_experiment("ring-oscillation")["rows"][0]) - ABOUT


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
        "like": {"factor": 1.0, "diverge": False}, "lost": {"factor": 3.0, "diverge": True},
    }  # fmt: skip
    experiment = catalogue.Experiment("Which?", run, {"factor": 1.0}, variants, "frechet", 3)
    monkeypatch.setitem(EXPERIMENTS, "toy", experiment)
    return calls, stop


def test_conclusions_of_a_known_experiment(toy, tmp_path):
    found = {c.variant: c for c in compare(run_experiment("toy", tmp_path, progress=False))}
    assert found["half"].verdict == "better" and found["half"].change == pytest.approx(0.5)
    assert found["twice"].verdict == "worse" and found["twice"].low > 1
    assert found["twice"].value == pytest.approx(20 * 1.32 ** (1 / 3))  # the geometric mean of 20, 22 and 24
    assert found["like"].verdict == "unclear" and found["like"].p == 1 and found["baseline"].verdict == "baseline"
    assert found["lost"].verdict == "diverged" and np.isnan(found["lost"].value)
    assert list(found)[0] == "half" and list(found)[-1] == "lost"
    lines = format_comparisons(list(found.values()), "a number with a long name")
    assert {line.rindex(c.verdict) for line, c in zip(lines[1:], found.values())} == {lines[-1].rindex("diverged")}
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


def test_rows_keep_their_own_provenance(toy, tmp_path, monkeypatch):
    """A row borrowed from another experiment says when, where and for what it was trained."""
    run_experiment("toy", tmp_path, seeds=1, variants=["baseline"], progress=False)
    stored = json.loads((tmp_path / "toy.json").read_text())
    stored["rows"][0]["provenance"] |= {"created": "2020-01-01", "hardware": "an abacus"}
    (tmp_path / "toy.json").write_text(json.dumps(stored))
    monkeypatch.setitem(
        EXPERIMENTS, "toy-twin", EXPERIMENTS["toy"]._replace(variants={"baseline": {}, "again": {"factor": 4.0}})
    )
    borrowed, trained = run_experiment("toy-twin", tmp_path, seeds=1, progress=False)["rows"]
    assert borrowed == stored["rows"][0] and borrowed["provenance"]["experiment"] == "toy"
    assert trained["provenance"]["experiment"] == "toy-twin" and trained["provenance"]["hardware"] != "an abacus"
    assert not {"versions", "hardware", "created"} & set(json.loads((tmp_path / "toy-twin.json").read_text()))


@pytest.mark.parametrize("package", ["tensorflow", "keras", "numpy", "gan_tutorial"])
def test_rows_of_other_versions_are_trained_again(toy, tmp_path, package):
    calls, _ = toy
    run_experiment("toy", tmp_path, seeds=1, variants=["baseline"], progress=False)
    stored = json.loads((tmp_path / "toy.json").read_text())
    current = stored["rows"][0]["provenance"]["versions"][package]
    stored["rows"][0]["provenance"]["versions"][package] = "0.0"
    (tmp_path / "toy.json").write_text(json.dumps(stored))
    row = run_experiment("toy", tmp_path, seeds=1, variants=["baseline"], progress=False)["rows"][0]
    assert len(calls) == 2 and row["provenance"]["versions"][package] == current


def test_rows_without_provenance_have_that_of_their_file(toy, tmp_path):
    calls, _ = toy
    run_experiment("toy", tmp_path, seeds=1, variants=["baseline"], progress=False)
    stored = json.loads((tmp_path / "toy.json").read_text())
    shared = {"versions": {"tensorflow": "2.0"}, "hardware": "an abacus", "created": "2020-01-01"}
    del stored["rows"][0]["provenance"]
    (tmp_path / "toy.json").write_text(json.dumps({**stored, **shared}))
    assert load_experiment("toy", tmp_path)["rows"][0]["provenance"] == shared
    run_experiment("toy", tmp_path, seeds=1, variants=["baseline"], progress=False)
    assert len(calls) == 2


def test_a_result_of_borrowed_rows_only_is_stored_too(toy, tmp_path, monkeypatch):
    run_experiment("toy", tmp_path, seeds=1, progress=False)
    monkeypatch.setitem(EXPERIMENTS, "toy-twin", EXPERIMENTS["toy"])
    assert len(run_experiment("toy-twin", tmp_path, seeds=1, progress=False)["rows"]) == 5
    assert len(load_experiment("toy-twin", tmp_path)["rows"]) == 5


def test_old_names_are_migrated_once():
    migrate = runpy.run_path(str(MIGRATION))["migrate"]
    old = {
        "question": "Which?", "answer": "hopping", "base": {"generator_rate": 0.001, "steps": 5},
        "variants": {"baseline": {}, "slow": {"discriminator_rate": 0.1, "half_rate_steps": 3}},
        "rows": [{"variant": "slow", "seed": 0, "hopping": 0.5, "memory": -0.1, "augmentation": 1.0, "quality": 0.2}],
    }  # fmt: skip
    new = migrate(old)
    assert new == {
        "question": "Which?", "answer": "mode_switch_rate", "base": {"generator_learning_rate": 0.001, "steps": 5},
        "variants": {"baseline": {}, "slow": {"discriminator_learning_rate": 0.1, "decay_steps": 3}},
        "rows": [{
            "variant": "slow", "seed": 0, "mode_switch_rate": 0.5, "generalization_gap": -0.1,
            "augmentation_probability": 1.0, "quality": 0.2,
        }],
        "migrated": "names of 0.1 renamed by tools/migrate_experiments.py",
    }  # fmt: skip
    assert migrate(new) == new
    for path in data_folder("experiments").glob("*.json"):
        stored = json.loads(path.read_text(encoding="utf-8"))
        assert migrate(stored) == stored


def test_unfit_wishes_and_damaged_results_are_explained(toy, tmp_path):
    with pytest.raises(ValueError, match="no experiment is called 'ring'.*ring-oscillation"):
        run_experiment("ring", tmp_path)
    with pytest.raises(ValueError, match="no variant 'third'; there are: baseline, half"):
        run_experiment("toy", tmp_path, variants=["third"])
    with pytest.raises(ValueError, match="seeds must be at least 1"):
        run_experiment("toy", tmp_path, seeds=0)
    with pytest.raises(FileNotFoundError, match="make it with: gan-tutorial experiment toy"):
        load_experiment("toy", tmp_path)
    good = {"question": "?", "answer": "n", "base": {}, "variants": {"baseline": {}}, "rows": []}
    for damaged, why in (
        ("[1", "Expecting"), ("[]", "has no attribute"), ({**good, "rows": [{"seed": 0, "seconds": 1}]}, "without variant"),
        ({**good, "rows": [{"variant": "third", "seed": 0, "seconds": 1}]}, "without the variants of its rows"),
        ({"rows": [], "base": {}}, "without answer, question, variants"),
    ):  # fmt: skip
        (tmp_path / "toy.json").write_text(damaged if isinstance(damaged, str) else json.dumps(damaged))
        with pytest.raises(ValueError, match=f"{why}.*delete it to start again"):
            run_experiment("toy", tmp_path)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_stored_results_are_whole_and_those_of_the_catalogue(name):
    result, experiment = load_experiment(name), EXPERIMENTS[name]
    assert {"command", "seconds", "question"} <= set(result)
    assert all({"versions", "hardware", "created"} <= set(row["provenance"]) for row in result["rows"])
    assert result["command"].endswith(f"experiment {name}")
    assert result["base"] == json.loads(json.dumps(experiment.base))
    assert result["variants"] == json.loads(json.dumps(experiment.variants))
    done = {(row["variant"], row["seed"]) for row in result["rows"]}
    assert done == {(v, seed) for v in experiment.variants for seed in range(experiment.seeds)}
    assert all(experiment.answer in row or row["diverged"] for row in result["rows"])
    assert compare(result)


def test_holm_steps_down_and_stops_at_the_first_that_fails():
    adjusted, levels = holm([0.01, 0.04, 0.03, 0.005])  # Holm 1979
    assert adjusted == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert levels == pytest.approx([0.05 / 3, 0.05 / 2, 0.05 / 2, 0.05 / 4])


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("number", [None, "quality"])
def test_verdicts_follow_from_the_stored_rows(name, number):
    """Recomputed with scipy's own test, and Holm's rule as it is told: the smallest p against 0.05 / k, the next against …"""
    result = load_experiment(name)
    number = number or result["answer"]
    if number not in result["rows"][0]:
        pytest.skip("it has no such number")
    ratio, larger = number in ("frechet", "distance"), number == "quality"
    rows = {v: [row[number] for row in result["rows"] if row["variant"] == v] for v in result["variants"]}
    values = {v: np.log(numbers) if ratio else np.array(numbers) for v, numbers in rows.items()}
    others = [v for v in values if v != "baseline"]
    with np.errstate(all="ignore"):
        p = {v: stats.ttest_ind(values[v], values["baseline"], equal_var=False).pvalue for v in others}
    expected, going = {}, True
    for place, variant in enumerate(sorted(others, key=p.get)):
        going = going and p[variant] < 0.05 / (len(others) - place)
        change = values[variant].mean() - values["baseline"].mean()
        enough = abs(change) >= (np.log(1.1) if ratio else 0.05)
        good = (change < 0) != larger
        expected[variant] = (
            "unclear" if not going else "too small to matter" if not enough else "better" if good else "worse"
        )
    found = {c.variant: c for c in compare(result, number)}
    assert {variant: found[variant].verdict for variant in others} == expected
    same = 1 if ratio else 0
    for variant in others:
        inside = found[variant].low <= same <= found[variant].high
        assert inside == (found[variant].verdict == "unclear"), found[variant]


def test_the_decision_table_recommends_nothing_that_is_unclear():
    lines = decision_table().data.splitlines()[2:]
    assert len(lines) == len(DECISIONS)
    for line, decision in zip(lines, DECISIONS):
        seen, better, worse, *_ = (cell.strip() for cell in line.strip("|").split("|"))
        found = decide(decision)
        assert seen == decision.seen
        assert [v for v in better.split("; ") if v != "–"] == found["better"]
        assert [v for v in worse.split("; ") if v != "–"] == found["worse"]
        assert not set(found["better"]) & set(found["unclear"]), decision.seen
    assert {"generator's rate ÷ 4", "least squares"} <= set(decide(DECISIONS[0])["better"])


@pytest.mark.slow
def test_stored_conclusion_on_the_ring_can_be_reproduced():
    """With seeds that the stored result does not have."""
    stored, remedy = load_experiment("ring-oscillation"), "generator's rate ÷ 4"
    rows = [
        {"variant": variant, "seed": seed, **train_ring(seed, **stored["variants"][variant]).metrics}
        for variant in ("baseline", remedy)
        for seed in (21, 22, 23)
    ]
    here, there = ({c.variant: c for c in compare(result)}[remedy] for result in ({**stored, "rows": rows}, stored))
    assert here.verdict == there.verdict == "better"
    assert here.low <= there.high and there.low <= here.high


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_variants_are_settings_that_exist(name):
    experiment = EXPERIMENTS[name]
    models = {"spectral_norm", "dropout", "activation", "generator_conditioning"}
    known = set(inspect.signature(experiment.run).parameters)
    if experiment.run is catalogue._run_ring:
        known = {*inspect.signature(train).parameters, "spectral_norm", "width", "n"}
    elif experiment.run is train_fashion:
        known = {*inspect.signature(train_cgan).parameters, *FASHION_BASE, *models}
    elif experiment.run is train_portraits:
        known |= set(inspect.signature(train_cgan).parameters)
    assert all(set(settings) <= known for settings in (experiment.base, *experiment.variants.values()))


@pytest.mark.slow
def test_one_short_training_on_fashion(monkeypatch):
    from gan_tutorial.experiments import fashion

    monkeypatch.setattr(fashion, "_IMAGES", 200)
    changes = {"n": 400, "augment": ("cutout",), "augment_target": 0.6, "dropout": 0.1, "activation": "silu"}
    widths = {"width": 4, "discriminator_width": 4, "generator_conditioning": "batch_norm"}
    numbers = train_fashion(0, steps=20, **changes, **widths)
    assert numbers["frechet"] > 50 and set(numbers) == set(load_experiment("fashion-data")["rows"][0]) - ABOUT


@pytest.fixture
def few_people(monkeypatch):
    everybody = portraits._split
    monkeypatch.setattr(portraits, "_split", lambda split: everybody(split).take(slice(None, None, 5)))


@pytest.mark.slow
def test_one_short_training_on_portraits(few_people):
    narrow = {"generator": {"width": 4, "latent_dim": 8}, "discriminator": {"width": 4}}
    numbers = train_portraits(0, seconds=0.1, mismatch=1.0, **narrow)
    assert numbers["done"] == 20 and set(numbers) == set(load_experiment("portraits-style")["rows"][0]) - ABOUT
    assert 0.3 < numbers["error"] <= 1 and numbers["real_error"] < 0.2 and numbers["pixel_error"] > 10


@pytest.mark.slow
def test_unbalanced_tones_are_trained_on_and_counted(few_people, monkeypatch):
    given = {}

    def train(generator, discriminator, images, conditions, **options):
        given.update(conditions, images=images)
        return train_cgan(generator, discriminator, images, conditions=conditions, **options)

    monkeypatch.setattr(portraits, "train_cgan", train)
    numbers = train_on_unbalanced_tones(0, **{**TONES_BASE, "steps": 2, "share": 0.2})
    majority = (portraits._split("train").attributes["tone"] == 1).sum()
    assert len(given["images"]) == majority + round(majority / 4) and set(given) == {
        "role",
        "style",
        "gender",
        "images",
    }
    assert set(numbers) == set(load_experiment("portraits-tones")["rows"][0]) - ABOUT
    # Nearly untrained, and so of any tone or of none: whatever is counted, the parts make a whole.
    assert 0 <= numbers["share"] <= 1 and 0 <= numbers["other"] <= 1 and numbers["error"] >= 0


@pytest.fixture
def no_training(monkeypatch):
    """Replaces GAN and classifier of the applications; what each was given is recorded."""
    seen = {}

    def record(name, returned):
        def replacement(*args, **options):
            seen[name] = (args, options)
            return returned

        monkeypatch.setattr(applications, name, replacement)

    gan = SimpleNamespace(generator=None)
    record("train", gan)
    record("train_cgan", gan)
    record("generate_images", np.zeros((45, 28, 28, 1), np.float32))
    record("fit_classifier", None)
    return seen, record


def rows_of(images):
    return {image.tobytes() for image in images}


@pytest.mark.parametrize("remedy", ["none", "copies", "shifts", "gan", "real"])
def test_rare_class(no_training, remedy):
    seen, record = no_training
    data, test = fashion_split("train"), fashion_split("test")
    coat = data.class_names.index("coat")
    # A classifier that never says "coat", and is right about half of the rest.
    answers = np.where((np.arange(len(test)) % 2 == 0) & (test.labels != coat), test.labels, (test.labels + 1) % 10)
    answers[answers == coat] = 0
    record("classifier_outputs", (None, np.eye(10)[answers]))
    numbers = train_with_rare_class(0, **{**RARE_BASE, "many": 50, "few": 5, "remedy": remedy})
    others = test.labels != coat
    assert numbers == {"error": 1.0, "other_error": pytest.approx((answers != test.labels)[others].mean())}

    images, targets, conditions = seen["fit_classifier"][0][:3]
    labels = targets["label"]
    assert conditions == {"label": 10}
    assert list(np.bincount(labels)) == [50] * coat + [5 if remedy == "none" else 50] + [50] * (9 - coat)
    coats, real_coats = images[labels == coat], rows_of(data.images[data.labels == coat])
    made = {image for image in rows_of(coats) if image not in real_coats}
    different = {"none": (5, 0), "copies": (5, 0), "real": (50, 0), "gan": (6, 1)}
    if remedy == "shifts":
        # Moving and mirroring leaves the pixels' values, in another order.
        originals = {np.sort(image, None).tobytes() for image in coats}
        assert len(originals) == 5 and len(made) > 20
    else:
        assert (len(rows_of(coats)), len(made)) == different[remedy]
    if remedy == "gan":
        shown, asked = seen["train_cgan"][0][2:4], seen["generate_images"][1]
        assert list(np.bincount(shown[1])) == [1000] * 10 and asked["labels"] == coat
        assert rows_of(shown[0]) <= rows_of(images) | rows_of(coats)


@pytest.mark.parametrize("remedy", ["copies", "gan", "real"])
def test_rare_style(no_training, few_people, monkeypatch, remedy):
    seen, record = no_training
    people, test = portraits._split("train"), portraits._split("test")
    fluent, many = 2, np.bincount(people.attributes["style"]).min()
    # A classifier that takes everything for the first style.
    record("classifier_outputs", (None, np.eye(4)[np.zeros(len(test), int)]))
    record("generate_images", np.zeros((many - 5, 32, 32, 3), np.float32))
    for name in ("train_cgan", "generate_images"):
        monkeypatch.setattr(portraits, name, getattr(applications, name))
    numbers = train_with_rare_style(0, **{**RARE_STYLE_BASE, "few": 5, "remedy": remedy})
    share = (test.attributes["style"] == 0).sum() / (test.attributes["style"] != fluent).sum()
    assert numbers == {"error": 1.0, "other_error": pytest.approx(1 - share)}

    images, targets, _ = seen["fit_classifier"][0][:3]
    assert images.shape[1:] == (32, 32, 3) and list(np.bincount(targets["label"])) == [many] * 4
    rare = rows_of(images[targets["label"] == fluent])
    assert len(rare) == {"copies": 5, "gan": 6, "real": many}[remedy]
    if remedy == "gan":
        (*_, shown), options = seen["train_cgan"]
        assert list(np.bincount(options["conditions"]["style"])) == [many] * 4
        # It is shown no more pictures of the rare style than the classifier has.
        assert rows_of(shown[options["conditions"]["style"] == fluent]) <= rare
        asked = seen["generate_images"][1]
        assert asked["style"] == fluent and set(asked) == {"seed", "role", "style", "gender", "tone"}
        assert len(asked["role"]) == many - 5


def test_unbalanced_set(no_training):
    seen, record = no_training
    data = fashion_split("train")
    bag, sneaker = (data.class_names.index(name) for name in ("bag", "sneaker"))
    # Of a hundred generated images 5 are bags, 75 sneakers, 20 something else.
    record("classifier_outputs", (None, np.eye(10)[[bag] * 5 + [sneaker] * 75 + [0] * 20]))
    numbers = train_on_unbalanced(0, **{**BIAS_BASE, "n": 200, "share": 0.1})
    assert numbers == pytest.approx({"share": 5 / 80, "error": 37.5, "other": 0.2})
    shown = [image.tobytes() for image in seen["train"][0][2]]
    bags, sneakers = (rows_of(data.images[data.labels == label]) for label in (bag, sneaker))
    assert sum(image in bags for image in shown) == 20 and sum(image in sneakers for image in shown) == 180


def test_members_are_told_from_others(no_training):
    """By a discriminator that likes bright images, and by a generator that copies what it was trained on."""
    seen, record = no_training
    record("build_discriminator", SimpleNamespace(predict=lambda images, **options: images.mean((1, 2, 3))))
    data, test, rng = fashion_split("train").images, fashion_split("test").images, np.random.default_rng(0)
    members = data[rng.permutation(len(data))[:40]]
    others = test[rng.permutation(len(test))[:1000]]
    record("generate_images", members)
    numbers = train_and_attack(0, n=40, steps=1)
    assert np.array_equal(seen["train"][0][2], members)
    bright, usual = members.mean((1, 2, 3)), others.mean((1, 2, 3))
    pairs = np.sign(bright[:, np.newaxis] - usual) / 2 + 0.5
    assert numbers["auc"] == pytest.approx(pairs.mean(), abs=1e-6) and numbers["generator_auc"] == 1
    assert numbers["found"] == pytest.approx((bright > np.quantile(usual, 0.99)).mean())


@pytest.mark.slow
def test_variants_on_equal_terms_differ_in_nothing_else(monkeypatch):
    trained = []

    def trainer(step, data, **options):
        trained.append((step, options))
        return SimpleNamespace(fit=lambda progress: SimpleNamespace(generator=step.networks[step.sampler]))

    monkeypatch.setattr(autoencoders, "Trainer", trainer)
    monkeypatch.setattr(autoencoders, "_IMAGES", 100)
    stored = {row["variant"]: row for row in load_experiment("fashion-autoencoders")["rows"]}
    features = build_discriminator(width=EQUAL_BASE["width"]).get_layer("features").output.shape[-1]
    assert features * 4.0 / 784 == EXPERIMENTS["fashion-autoencoders"].variants["VAE-GAN"]["kl_weight"]
    for variant in ("baseline", "VAE-GAN", "GAN"):
        settings = {**EQUAL_BASE, **EXPERIMENTS["fashion-autoencoders"].variants[variant]}
        numbers = train_on_equal_terms(0, **{**settings, "width": 4})
        assert set(numbers) == set(stored[variant]) - ABOUT and np.isfinite(list(numbers.values())).all()
    first, *_ = trained
    for step, options in trained:
        assert options == first[1] and step.averaged == (step.sampler,)
        for player in step.players.values():
            described = player.optimizer.get_config()
            assert (described["beta_1"], described["beta_2"]) == (EQUAL_BASE["beta_1"], EQUAL_BASE["beta_2"])
            assert float(player.optimizer._learning_rate(0)) == pytest.approx(EQUAL_BASE["learning_rate"])
        weights = [network.networks[network.sampler].get_weights() for network in (step, first[0])]
        assert all(map(np.array_equal, *weights))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "symptom", "sign"),
    [
        ("oscillation", "mode_switch_rate", 1),
        ("collapse", "modes", -1),
        ("winning", "distance", 1),
        ("memorization", "generalization_gap", 1),
    ],
)
def test_failures_are_caused_by_their_setting(name, symptom, sign):
    values = FAILURES[name].values
    calm, wild = (
        [sign * ring_failure(name, value, seed=seed).metrics[symptom] for seed in (0, 1)]
        for value in (values[0], values[-1])
    )
    assert max(calm) < min(wild)


def test_unknown_failures_are_explained():
    with pytest.raises(ValueError, match="no failure is called 'fire'; there are: oscillation"):
        ring_failure("fire", 1)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.slow
def test_a_head_start_weakens_the_minimax_loss_only(seed):
    early, late = (generator_gradient_norms(steps, seed)[0] for steps in (10, 600))
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


def test_texts_for_the_command_line():
    lines = "\n".join(overview())
    assert "ring-oscillation" in lines and "better: generator's rate ÷ 4" in lines
    other = load_experiment("ring-losses")
    for row in other["rows"]:
        row["mode_switch_rate"] += row["variant"] == "least squares"
    again = "\n".join(report("ring-losses", other))
    assert "6 of 7 verdicts are those of the stored result" in again
    assert again.endswith("  least squares: stored: better, here: worse")
