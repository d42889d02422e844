"""The real-or-fake session: what is shown, what is counted, what is saved, what the widget does."""

import krippendorff
import numpy as np
import pytest

from gan_tutorial.data import load_fashion_mnist
from gan_tutorial.evaluation.human import (
    Answer,
    agreement,
    make_trials,
    read_answers,
    simulate_rater,
    summarize_answers,
    write_answers,
)
from gan_tutorial.widgets import RealOrFake


@pytest.fixture(scope="module")
def trials():
    real = load_fashion_mnist("test").take(slice(0, 500))
    fake_labels = np.arange(200) % 10
    return make_trials(
        real, np.zeros((200, 28, 28, 1), np.float32) + fake_labels[:, None, None, None] / 10, fake_labels
    )


def answers_to(trials, said_real, rater="a"):
    return [
        Answer(rater, trials.session, i, bool(real), trials.class_names[label], bool(said), 100 + i)
        for i, (real, label, said) in enumerate(zip(trials.real, trials.labels, said_real))
    ]


def test_trials_are_balanced_shuffled_and_seeded(trials):
    assert len(trials) == 40 and trials.real.sum() == 20
    for c in range(10):
        assert trials.real[trials.labels == c].sum() == 2 and (trials.labels == c).sum() == 4
    assert len(set(trials.real[:20])) == 2  # not all real ones first
    # Generated images are those of their label, and no image comes twice.
    fakes = trials.images[~trials.real]
    assert np.allclose(fakes[:, 0, 0, 0], trials.labels[~trials.real] / 10)
    assert len(np.unique(trials.images[trials.real].reshape(20, -1), axis=0)) == 20


def test_trials_of_other_seeds_differ_and_of_the_same_do_not():
    real = load_fashion_mnist("test").take(slice(0, 500))
    fake = np.zeros((40, 28, 28, 1), np.float32)
    sessions = [make_trials(real, fake, n=10, seed=seed).session for seed in (0, 0, 1)]
    assert sessions[0] == sessions[1] != sessions[2]


@pytest.mark.parametrize(
    "options, message",
    [
        ({"n": 7}, "even number"),
        ({"n": 400}, "200 generated images of class 0 are needed, but there are 40"),
        ({"fake_labels": np.full(40, 77)}, "no class in common"),
    ],
)
def test_impossible_sessions_are_explained(options, message):
    real = load_fashion_mnist("test").take(slice(0, 500))
    with pytest.raises(ValueError, match=message):
        make_trials(real, np.zeros((40, 28, 28, 1)), **options)


def test_verdicts(trials):
    perfect = summarize_answers(answers_to(trials, trials.real))
    assert perfect.errors.value == 0 and perfect.errors.high < 0.1 and not perfect.fooling
    gullible = summarize_answers(answers_to(trials, np.ones(40, bool)))
    assert (gullible.errors.value, gullible.fooled.value, gullible.doubted.value) == (0.5, 1, 0)
    assert len(gullible.fooling) == 20
    # All fooled alike: the quickest answers come first.
    assert [trial for trial, _ in gullible.fooling] == sorted(np.flatnonzero(~trials.real))
    only_bags = np.where(trials.labels == 8, ~trials.real, trials.real)
    verdict = summarize_answers(answers_to(trials, only_bags))
    assert verdict.by_class["bag"].value == 1 and verdict.by_class["coat"].value == 0
    with pytest.raises(ValueError, match="no answers yet"):
        summarize_answers([])


def test_pooled_raters_rank_what_fools_most(trials):
    first_fake = int(np.flatnonzero(~trials.real)[0])
    lists = [trials.real.copy() for _ in range(3)]
    for said in lists:
        said[first_fake] = True
    lists[0][np.flatnonzero(~trials.real)[1]] = True
    pooled = [a for i, said in enumerate(lists) for a in answers_to(trials, said, f"rater {i}")]
    verdict = summarize_answers(pooled)
    assert verdict.fooling[0] == (first_fake, 1.0) and verdict.fooling[1][1] == pytest.approx(1 / 3)
    assert verdict.errors.value == pytest.approx(4 / 120)


def test_agreement(trials):
    same = answers_to(trials, trials.real, "a") + answers_to(trials, trials.real, "b")
    assert agreement(same) == pytest.approx(1)
    opposite = answers_to(trials, trials.real, "a") + answers_to(trials, ~trials.real, "b")
    assert agreement(opposite) < -0.9
    chance = [a for r in range(30) for a in simulate_rater(trials, 0.5, str(r), r)]
    assert abs(agreement(chance)) < 0.05
    assert np.isnan(agreement(answers_to(trials, trials.real)))  # one rater alone


def test_agreement_of_a_worked_example():
    """Two raters, five items: (1,1) (1,0) (0,0) (0,0) (1,1). alpha = 1 - D_o / D_e."""
    pairs = [(1, 1), (1, 0), (0, 0), (0, 0), (1, 1)]
    answers = [Answer(r, "s", i, True, "x", bool(v), 1) for i, p in enumerate(pairs) for r, v in zip("ab", p)]
    # Ten values, five ones: D_o = 2 of 10 ordered pairs, D_e = 2·5·5 of 10·9.
    assert agreement(answers) == pytest.approx(1 - (2 / 10) / (50 / 90))


@pytest.mark.parametrize("seed", range(4))
def test_agreement_equals_the_package_krippendorff(seed):
    """Raters who leave images out, over two sessions."""
    rng = np.random.default_rng(seed)
    said = np.where(rng.random((5, 30)) < 0.3, np.nan, rng.random((5, 30)) < rng.random(30))
    answers = [
        Answer(str(rater), "ab"[i % 2], i // 2, True, "x", bool(said[rater, i]), 1)
        for rater, i in zip(*np.nonzero(~np.isnan(said)))
    ]
    assert agreement(answers) == pytest.approx(krippendorff.alpha(said, level_of_measurement="nominal"))


def test_simulated_raters_have_the_skill_they_are_given(trials):
    answers = [a for seed in range(50) for a in simulate_rater(trials, 0.8, seed=seed)]
    assert np.mean([a.right for a in answers]) == pytest.approx(0.8, abs=0.03)


def test_answers_survive_the_file(trials, tmp_path):
    answers = simulate_rater(trials, 0.7, 'Zoë, "the eye"')
    path = write_answers(tmp_path / "deep" / "a.csv", answers)
    assert read_answers(path) == answers and len(read_answers(path, path)) == 80
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:3], lines[3].rsplit(",", 2)[0] + ",maybe,100"]), encoding="utf-8")
    with pytest.raises(ValueError, match="a.csv, line 4: not an answer"):
        read_answers(path)
    path.write_text("x,y\n1,2\n")
    with pytest.raises(ValueError, match="a.csv holds no answers"):
        read_answers(path)


def play(widget, said_real):
    widget._hear(widget, {"kind": "start"}, [])
    for i, said in enumerate(said_real):
        widget._hear(widget, {"kind": "answer", "trial": i, "said_real": bool(said), "milliseconds": 300}, [])


def test_widget_plays_a_session_to_its_end(trials, tmp_path):
    widget = RealOrFake(trials, rater="A. B./c", folder=tmp_path)
    assert widget.phase == "ready" and widget.picture == b""
    play(widget, ~trials.real)
    assert widget.phase == "done" and len(widget.answers) == 40
    assert "100%" in widget.verdict and "data:image/png;base64" in widget.verdict and "ankle boot" in widget.verdict
    assert widget.path.parent == tmp_path and read_answers(widget.path) == widget.answers


def test_widget_ignores_double_clicks_and_keeps_each_answer(trials, tmp_path):
    widget = RealOrFake(trials, folder=tmp_path)
    answer = {"kind": "answer", "trial": 0, "said_real": True, "milliseconds": 1}
    widget._hear(widget, answer, [])  # before the start
    assert widget.answers == []
    widget._hear(widget, {"kind": "start"}, [])
    first = bytes(widget.picture)
    widget._hear(widget, answer, [])
    widget._hear(widget, answer, [])  # the same image again
    assert len(widget.answers) == 1 and widget.trial == 1 and bytes(widget.picture) != first
    assert len(read_answers(widget.path)) == 1  # saved although the session was left


def test_widget_escapes_names_and_refuses_bad_times(trials):
    with pytest.raises(ValueError, match="seconds must be greater than 0"):
        RealOrFake(trials, seconds=0)
    named = make_trials(
        load_fashion_mnist("test").take(slice(0, 100)), np.zeros((100, 28, 28, 1)), np.arange(100) % 2, n=4
    )
    evil = type(named)(named.images, named.real, named.labels, ("<script>", "b"))
    widget = RealOrFake(evil, folder=None)
    play(widget, evil.real)
    assert "<script>" not in widget.verdict and "&lt;script&gt;" in widget.verdict and widget.path is None
