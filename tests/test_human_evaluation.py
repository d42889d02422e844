"""The real-or-fake session: what is shown, what is counted, what is saved, what the widget does."""

import base64

import krippendorff
import numpy as np
import pytest

from gan_tutorial.data import load_fashion_mnist, load_portraits
from gan_tutorial.evaluation.human import (
    Answer,
    Trials,
    agreement,
    make_trials,
    read_answers,
    simulate_rater,
    summarize_answers,
    write_answers,
)
from gan_tutorial.plots import png_bytes
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
    with pytest.raises(ValueError, match="a.csv, line 1: not an answer"):
        read_answers(path)


def tell(widget, kind, **message):
    """What the page sends."""
    widget._hear(widget, {"kind": kind, **message}, [])


def answer(widget, said_real, milliseconds=300):
    tell(widget, "answer", trial=widget.trial, said_real=bool(said_real), milliseconds=milliseconds)


def play(widget, said_real, **start):
    tell(widget, "start", **start)
    for said in said_real:
        answer(widget, said)


def test_widget_plays_a_session_to_its_end(trials, tmp_path):
    widget = RealOrFake(trials, rater="A. B./c", folder=tmp_path)
    assert widget.phase == "ready" and widget.picture == b""
    play(widget, ~trials.real)
    assert widget.phase == "done" and len(widget.answers) == 40
    assert widget.path.parent == tmp_path and read_answers(widget.path) == widget.answers
    verdict = widget.verdict
    shares = {name: value for name, value, low, high in verdict["shares"]}
    assert shares == {"errors": 1, "fooled": 1, "doubted": 1} and verdict["saved"] == str(widget.path)
    assert [name for name, *_ in verdict["classes"]] == sorted(trials.class_names)
    # Of what fooled alike, the first trials come first; each with its class.
    fakes = np.flatnonzero(~trials.real)[:12]
    assert [image["name"] for image in verdict["fooling"]] == [trials.class_names[trials.labels[i]] for i in fakes]
    assert verdict["fooling"][0]["png"] == png_bytes(trials.images[fakes[:1]])


def test_what_the_page_gets_before_the_end_does_not_tell_the_answers(trials):
    widget, inverted = (
        RealOrFake(Trials(trials.images, real, trials.labels, trials.class_names), folder=None)
        for real in (trials.real, ~trials.real)
    )
    for said in trials.real[:-1]:
        states = [
            {name: value for name, value in each.get_state().items() if not name.startswith("_") and name != "layout"}
            for each in (widget, inverted)
        ]
        assert states[0] == states[1] and widget.still() == inverted.still()
        for each in (widget, inverted):
            answer(each, said) if each.phase == "showing" else tell(each, "start")


def test_widget_ignores_double_clicks_and_keeps_each_answer(trials, tmp_path):
    widget = RealOrFake(trials, folder=tmp_path)
    answer(widget, True)  # before the start
    assert widget.answers == []
    tell(widget, "start")
    first = bytes(widget.picture)
    for _ in range(2):  # the same image again
        tell(widget, "answer", trial=0, said_real=True, milliseconds=1)
    assert len(widget.answers) == 1 and widget.trial == 1 and bytes(widget.picture) != first
    assert len(read_answers(widget.path)) == 1  # saved although the session was left


def test_the_last_answer_can_be_taken_back(trials, tmp_path):
    widget = RealOrFake(trials, folder=tmp_path)
    tell(widget, "start")
    tell(widget, "undo")  # nothing to undo yet
    assert widget.trial == 0
    first = bytes(widget.picture)
    answer(widget, True)
    answer(widget, True)
    tell(widget, "undo")
    tell(widget, "undo")
    assert widget.trial == 0 and bytes(widget.picture) == first and read_answers(widget.path) == []
    answer(widget, False)
    assert [each.said_real for each in read_answers(widget.path)] == [False]
    play(widget, trials.real[1:])
    tell(widget, "undo")  # the verdict has been seen
    assert widget.phase == "done" and len(widget.answers) == 40


def test_no_answer_counts_during_a_pause(trials):
    widget = RealOrFake(trials, folder=None)
    tell(widget, "pause")
    assert widget.phase == "ready"
    tell(widget, "start")
    tell(widget, "pause")
    answer(widget, True)
    tell(widget, "undo")
    assert widget.phase == "paused" and widget.answers == []
    tell(widget, "pause")
    answer(widget, True)
    assert widget.phase == "showing" and len(widget.answers) == 1


def test_another_round_has_images_that_nobody_has_seen(trials, tmp_path):
    widget = RealOrFake(trials, folder=tmp_path)
    seen, paths = [], []
    for _ in range(3):
        play(widget, trials.real)
        assert widget.phase == "done" and widget.trials.real.sum() == 20 and widget.path.exists()
        # Generated images of the fixture are grey, alike but for their class.
        seen += [image.tobytes() for image in widget.trials.images[widget.trials.real]]
        paths.append(widget.path)
    assert len(set(seen)) == 60 and len(set(paths)) == 3
    assert widget.trials.session == trials.another().another().session  # the same for everybody in the room


def test_used_up_images_are_told_in_the_widget():
    real = load_fashion_mnist("test").take(slice(0, 6))
    widget = RealOrFake(make_trials(real, np.zeros((40, 28, 28, 1), "float32"), n=8), folder=None)
    play(widget, [True] * 8)
    tell(widget, "start")
    assert "4 real images of class 0 are needed, but there are 2" in widget.error and widget.phase == "done"


def test_sets_by_choice(trials):
    people = load_portraits()
    drawn = np.zeros((40, 64, 64, 3), np.float32)
    styles = make_trials(people, drawn, np.arange(40) % 4, n=8, by="style")
    widget = RealOrFake({"clothes": trials, "portraits": styles}, folder=None)
    assert widget.sets == ["clothes", "portraits"]
    play(widget, styles.real, set="portraits")
    assert widget.trials is styles and widget.total == 8 and widget.verdict["shares"][0][1] == 0
    assert {name for name, *_ in widget.verdict["classes"]} == {"noto", "twemoji", "fluent", "flat"}
    tell(widget, "start", set="clothes")
    assert widget.trials is trials and widget.answers == []  # its first round
    with pytest.raises(ValueError, match="nothing to judge"):
        RealOrFake({})
    with pytest.raises(ValueError, match="one of role, style, gender, not 'tone'"):
        make_trials(people, drawn, np.arange(40) % 4, by="tone")


def test_what_each_class_fooled(trials):
    only_bags = np.where(trials.labels == 8, True, trials.real)
    verdict = summarize_answers(answers_to(trials, only_bags))
    assert verdict.fooled_by_class["bag"].value == 1 and verdict.by_class["bag"].value == 0.5
    assert verdict.fooled_by_class["coat"].value == 0
    widget = RealOrFake(trials, folder=None)
    play(widget, only_bags)
    assert widget.verdict["classes"][0][:2] == ["bag", 1]


def test_widget_refuses_bad_times_and_has_a_still(trials):
    with pytest.raises(ValueError, match="seconds must be greater than 0"):
        RealOrFake(trials, seconds=0)
    widget = RealOrFake(trials, seconds=0.25, folder=None)
    assert widget.exposure == 250 and widget.path is None
    bundle, _ = widget._repr_mimebundle_()
    assert base64.b64decode(bundle["image/png"]) == png_bytes(trials.images[:8], columns=8, scale=2)
