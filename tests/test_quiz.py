"""The quiz before and after the course: its items, a session, files that come from anybody, and what a class learnt."""

import csv
import json
import os
import re
import subprocess
import sys
from collections import Counter

import pytest
from click.testing import CliRunner

from gan_tutorial.__main__ import main
from gan_tutorial.course import pool_quiz, quiz, quizzes
from gan_tutorial.course.quizzes import COLUMNS, PHASES, answer_order, items, items_version, read_quiz, row_of
from gan_tutorial.files import write_csv
from gan_tutorial.translations import questions, read

from .browser import ROOT

NAMES = list(items())
AIMS = {"concepts": 6, "training": 5, "conditions": 3, "evaluation": 4, "failures": 2}
needs_posix = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL and FIFOs")


def tell(widget, choice, forward=True, place=None):
    """The message of the page: the number of the chosen answer as shown, 4 for "I do not know", -1 for none."""
    place = widget.state["place"] if place is None else place
    widget._hear(widget, {"kind": "go", "place": place, "choice": choice, "forward": forward}, [])


def say(widget, number, forward=True):
    """Give the item on show the answer that has this number in quiz.json."""
    order = answer_order(widget.code, widget.phase, NAMES[widget.state["place"]])
    tell(widget, [*order, 0].index(number), forward)


def play(widget, numbers):
    for number in numbers:
        say(widget, number)
    return widget


def write(folder, code, phase, right, names=NAMES, file=None):
    """A file of answers: those to the named items are right, the others are all number 2."""
    rows = [row_of(code, phase, name, 1 if name in right else 2) for name in names]
    path = folder / (file or f"{code}_{phase}.csv")
    write_csv(path, COLUMNS, rows)
    return path


def of_aim(aim):
    return [name for name in NAMES if items()[name]["aim"] == aim]


# The items.


@pytest.mark.parametrize("language", ["en", "zh"])
def test_items_have_one_right_answer_and_three_of_like_length(language):
    found = read("quiz", language)
    assert list(found) == NAMES and Counter(item["aim"] for item in found.values()) == AIMS
    for name, item in found.items():
        assert list(item) == ["aim", "notebook", "question", "answers"], name
        assert (item["aim"], item["notebook"]) == (items()[name]["aim"], items()[name]["notebook"])
        assert (ROOT / "notebooks" / f"{item['notebook']}.ipynb").exists(), name
        assert item["question"].rstrip().endswith(("?", "？")), name
        texts = [answer["text"] for answer in item["answers"]]
        assert len(set(texts)) == 4 and all(set(answer) == {"text", "why"} for answer in item["answers"]), name
        assert all(answer["why"].endswith((".", "。")) for answer in item["answers"]), name
        assert max(map(len, texts)) <= 1.8 * min(map(len, texts)), name
        assert not any(re.search("of the above|none of these|以上", text) for text in texts), name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_right_answer_cannot_be_told_by_its_length(language):
    lengths = [[len(answer["text"]) for answer in item["answers"]] for item in read("quiz", language).values()]
    assert sum(first > max(others) for first, *others in lengths) <= 7
    assert sum(first < min(others) for first, *others in lengths) <= 7


def test_items_are_no_copies_of_the_questions_in_the_notebooks():
    assert not {item["question"] for item in items().values()} & {each["question"] for each in questions().values()}
    assert not set(NAMES) & set(questions())


def test_answers_are_shuffled_for_each_learner_and_the_other_way_round_afterwards():
    places = Counter()
    for i in range(200):
        before, after = (answer_order(f"learner-{i}", phase, NAMES[i % 20]) for phase in PHASES)
        assert sorted(before) == [1, 2, 3, 4] and after == before[::-1] != before
        assert before == answer_order(f"learner-{i}", "before", NAMES[i % 20])
        places[before.index(1)] += 1
    assert len(places) == 4 and min(places.values()) > 25
    assert len({tuple(answer_order("sun-lake-42", "before", name)) for name in NAMES}) > 5


def test_the_version_changes_with_a_question_or_an_answer_but_not_with_a_reason(monkeypatch):
    def changed(change):
        found = read("quiz", "en")
        change(found[NAMES[3]])
        monkeypatch.setattr(quizzes, "read", lambda *_: found)
        return items_version.__wrapped__()

    assert re.fullmatch("[0-9a-f]{8}", items_version())
    assert changed(lambda item: item["answers"][2].update(why="Because.")) == items_version()
    assert changed(lambda item: item.update(question="Why?")) != items_version()
    assert changed(lambda item: item["answers"][2].update(text="Yes.")) != items_version()


# A session.


def test_each_answer_is_saved_and_nothing_else(tmp_path):
    widget = quiz("before", "Sun-Lake-42 ", tmp_path)
    assert widget.code == "sun-lake-42" and not list(tmp_path.iterdir())
    numbers = [1, 2, 0, 4, 3] * 4
    for done, number in enumerate(numbers, 1):
        say(widget, number)
        with open(tmp_path / "sun-lake-42_before.csv", newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        assert header == ["code", "phase", "item", "aim", "answer", "right", "version"] and len(rows) == done
        item = items()[NAMES[done - 1]]
        assert rows[-1] == ["sun-lake-42", "before", NAMES[done - 1], item["aim"], str(number), str(int(number == 1)),
                            items_version()]  # fmt: skip
    assert widget.state["place"] == 20 and widget.state["right"] == 4 and not widget.error
    assert [path.name for path in tmp_path.iterdir()] == ["sun-lake-42_before.csv"]
    assert read_quiz(widget.path) == ("sun-lake-42", "before", dict(zip(NAMES, numbers)))


def test_reasons_come_at_the_end_and_only_after_the_course():
    ends = {}
    for phase in PHASES:
        widget = quiz(phase, "abc", None)
        for number in [1] * 19 + [2]:
            page = json.dumps(widget.get_state(), default=str)
            assert items()[NAMES[0]]["answers"][0]["why"] not in page and "solutions" not in widget.state
            say(widget, number)
        ends[phase] = widget.state
    assert ends["before"].keys() == {"place", "given", "right"} and ends["before"]["right"] == 19
    order = answer_order("abc", "after", NAMES[19])
    assert ends["after"]["solutions"][19] == order.index(1) != ends["after"]["given"][19]
    assert ends["after"]["whys"][19] == [items()[NAMES[19]]["answers"][number - 1]["why"] for number in order]


def test_one_may_go_back_and_change_an_answer_until_the_end(tmp_path):
    widget = quiz("before", "abc", tmp_path)
    tell(widget, -1)  # nothing is chosen yet
    assert widget.state["place"] == 0 and not widget.answers
    tell(widget, -1, forward=False)
    assert widget.state["place"] == 0
    play(widget, [1, 2])
    tell(widget, -1, forward=False)
    assert widget.state["place"] == 1 and widget.state["given"][1] == answer_order("abc", "before", NAMES[1]).index(2)
    say(widget, 3, forward=False)  # what was chosen is kept, whatever the direction
    assert widget.state["place"] == 0 and read_quiz(widget.path)[2] == {NAMES[0]: 1, NAMES[1]: 3}
    tell(widget, -1)
    tell(widget, 0, place=0)  # a double click: the first item is no longer on show
    assert widget.state["place"] == 1 and widget.answers == {NAMES[0]: 1, NAMES[1]: 3}
    play(widget, [0] * 19)
    assert widget.state["place"] == 20 and widget.state["right"] == 1
    tell(widget, 2, place=20)
    tell(widget, 2, place=19)
    assert widget.state["right"] == 1 and len(widget.answers) == 20


@pytest.mark.parametrize(
    "message", [{}, {"place": 0, "choice": "1", "forward": True}, {"place": 0, "choice": 7, "forward": True}]
)
def test_odd_messages_change_nothing(message):
    widget = quiz("before", "abc", None)
    widget._hear(widget, message, [])
    assert widget.state["place"] == 0 and not widget.answers


def test_a_session_that_has_ended_stays_as_it_is(tmp_path):
    play(quiz("after", "abc", tmp_path), [1] * 20)
    again = quiz("after", "abc", tmp_path)
    assert again.state["place"] == 20 and again.state["right"] == 20 and len(again.state["whys"]) == 20
    tell(again, 0, forward=False, place=20)
    assert again.state["place"] == 20


@needs_posix
def test_a_killed_session_goes_on_where_it_stood(tmp_path):
    script = f"""
import os
from tests.test_quiz import play
from gan_tutorial.course import quiz
play(quiz("before", "abc", {str(tmp_path)!r}), [2] * 7)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == -9, done.stderr
    widget = quiz("before", "abc", tmp_path)
    assert widget.state["place"] == 7 and widget.answers == dict.fromkeys(NAMES[:7], 2)
    play(widget, [1] * 13)
    assert widget.state["right"] == 13 and len(read_quiz(widget.path)[2]) == 20


def test_an_answer_that_cannot_be_saved_does_not_count(tmp_path):
    (tmp_path / "file").write_text("")
    widget = quiz("before", "abc", tmp_path / "file")
    say(widget, 1)
    assert "Error" in widget.error and widget.state["place"] == 0 and not widget.answers


def test_after_the_course_a_code_without_answers_from_before_is_told(tmp_path):
    play(quiz("before", "abc", tmp_path), [1])
    assert not quiz("after", "abc", tmp_path).unpaired and quiz("after", "abd", tmp_path).unpaired
    assert not quiz("before", "abd", tmp_path).unpaired and not quiz("after", "abd", None).unpaired


def test_codes_made_at_random_are_easy_to_note():
    codes = {quiz("before", folder=None).code for _ in range(20)}
    assert len(codes) > 15 and all(re.fullmatch("[a-z]{2,8}-[a-z]{2,8}-[1-9][0-9]", code) for code in codes)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"phase": "during"}, 'phase must be "before" or "after", not \'during\''),
        ({"phase": None}, "not None"),
        ({"phase": "after"}, "pass the code that you noted before it"),
        (
            {"phase": "before", "code": "ab"},
            "a code has 3 to 40 letters, digits and hyphens, such as sun-lake-42, not 'ab'",
        ),
        ({"phase": "before", "code": "../../etc"}, "a code has 3 to 40"),
        ({"phase": "before", "code": "=1+1"}, "a code has 3 to 40"),
        ({"phase": "before", "code": "a\nb"}, "a code has 3 to 40"),
        ({"phase": "before", "code": "x" * 5000}, "a code has 3 to 40"),
        ({"phase": "before", "code": ""}, "a code has 3 to 40"),
    ],
)
def test_bad_input_gets_one_line(given, message):
    with pytest.raises(ValueError, match=re.escape(message)) as found:
        quiz(**given, folder=None)
    assert len(str(found.value)) < 200 and "\n" not in str(found.value)


def test_a_file_of_somebody_else_is_refused(tmp_path):
    write(tmp_path, "abc", "before", (), file="abd_before.csv")
    with pytest.raises(ValueError, match=r"'abd_before.csv' holds the answers of another code"):
        quiz("before", "abd", tmp_path)


def test_where_no_widget_lives_the_title_stays_and_the_code_does_not():
    bundle, _ = quiz("before", "sun-lake-42", None)._repr_mimebundle_()
    assert "GAN" in bundle["text/plain"] and "sun-lake" not in bundle["text/plain"]


# Files from anybody.

GOOD = [",".join(row_of("abc", "before", name, 2)) for name in NAMES]


def text_of(*lines):
    return "\r\n".join([",".join(COLUMNS), *lines, ""]).encode()


def changed(old, new):
    return text_of(GOOD[0].replace(old, new), *GOOD[1:])


HOSTILE = {
    "empty": (b"", "it has to begin with code,phase,item"),
    "header alone": (text_of(), "and to hold answers"),
    "other columns": (b"name,answer\r\nme,1\r\n", "it has to begin with code,phase,item"),
    "semicolons": (text_of(*GOOD).replace(b",", b";"), "it has to begin with"),
    "more columns": (text_of(GOOD[0] + ",x"), "it has to begin with"),
    "a short line": (text_of(*GOOD[:3], "abc,before"), "a line of it"),
    "no text": (b"\xff\xfe\x00\x01" * 50, "codec can't decode"),
    "a NUL": (changed("abc", "a\0bc"), "a\0b.csv"),
    "huge": (text_of(*GOOD) + b" " * 200_000, "this is no file of at most 100,000 bytes"),
    "a formula as code": (text_of(*GOOD).replace(b"abc", b"=1+1"), "a line of it"),
    "a formula as answer": (changed(",2,0,", ",=2,0,"), "a line of it"),
    "a formula as aim": (changed("concepts", "@SUM(A1)"), "a line of it"),
    "a code in capitals": (text_of(*GOOD).replace(b"abc", b"ABC"), "a line of it"),
    "other phase": (text_of(*GOOD).replace(b"before", b"during"), "a line of it"),
    "unknown item": (changed(NAMES[0], "x" * 9000), "a line of it"),
    "answer 5": (changed(",2,0,", ",5,0,"), "a line of it"),
    "answer as a word": (changed(",2,0,", ",two,0,"), "a line of it"),
    "other digits": (changed(",2,0,", ",٢,0,"), "a line of it"),
    "right that is wrong": (changed(",2,0,", ",2,1,"), "a line of it"),
    "an item twice": (text_of(*GOOD, GOOD[0]), "a line of it"),
    "two codes": (text_of(*GOOD[:10], *[line.replace("abc", "abd") for line in GOOD[10:]]), "a line of it"),
    "other version": (text_of(*GOOD).replace(items_version().encode(), b"00000000"), "items of version '00000000', not"),
    "an open quote": (text_of(*GOOD[:5], '"abc'), "a line of it"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_the_quiz_does_not_write_is_refused_in_one_line(kind, tmp_path):
    content, message = HOSTILE[kind]
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError) as found:
        read_quiz(path)
    said = str(found.value)
    assert said.startswith("'a.csv': ") and "\n" not in said and len(said) < 250
    assert kind == "a NUL" or message in said


def test_what_a_spreadsheet_adds_does_no_harm(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text_of(*GOOD).replace(b"\r\n", b"\n") + b"\n\n")
    assert read_quiz(path) == ("abc", "before", dict.fromkeys(NAMES, 2))


# Pooling.


def test_gains_are_those_computed_by_hand(tmp_path):
    concepts = of_aim("concepts")
    # Ann: 3, then 6 of 6. Ben: 0, then 3. The class: 1/4, then 3/4; of the missing 3/4 it learnt 1/2.
    for code, before, after in (("ann", 3, 6), ("ben", 0, 3)):
        write(tmp_path, code, "before", concepts[:before])
        write(tmp_path, code, "after", concepts[:after])
    result = pool_quiz(tmp_path)
    assert result.pairs == 2 and not result.notes and len(result.rows) == 80
    before, after, gain, clear = result.gains["concepts"]
    # The mean of both learners' own gains, 1 and 1/2, would be 3/4.
    assert (before, after, gain.value) == (0.25, 0.75, pytest.approx(2 / 3))
    # Ann twice gives 1, Ben twice 1/2, each in a quarter of the resamples.
    assert (gain.low, gain.high) == (pytest.approx(0.5), pytest.approx(1))
    assert not clear  # of two learners
    before, after, gain, _ = result.gains["all"]
    assert (before, after) == (pytest.approx(3 / 40), pytest.approx(9 / 40))
    assert gain.value == pytest.approx((6 / 40) / (37 / 40))
    assert list(result.gains) == [*AIMS, "all"] and result.gains["training"].gain.value == 0
    assert result.shares[concepts[0]] == (0.5, 1) and result.shares[concepts[5]] == (0, 0.5)


@pytest.mark.parametrize(("learners", "clear"), [(9, False), (10, True)])
def test_with_fewer_than_ten_pairs_nothing_is_clear(learners, clear, tmp_path):
    for i in range(learners):
        write(tmp_path, f"learner-{i}", "before", of_aim("concepts")[: i % 3])
        write(tmp_path, f"learner-{i}", "after", of_aim("concepts")[i % 2 :])
    result = pool_quiz(tmp_path)
    assert result.gains["concepts"].gain.low > 0 and result.gains["concepts"].clear is clear
    assert not result.gains["training"].clear  # nothing was learnt: the interval is 0 alone
    lines = [line for line in result.lines() if line.startswith("concepts")]
    assert len(lines) == 1 and lines[0].endswith("unclear") is not clear


def test_an_interval_around_zero_is_unclear_and_a_loss_is_told(tmp_path):
    training = of_aim("training")
    for i in range(12):
        write(tmp_path, f"learner-{i}", "before", [*of_aim("failures"), *training[:3], "only_shirts"])
        write(tmp_path, f"learner-{i}", "after", [*of_aim("failures"), *training[: 2 + 2 * (i % 2)]])
    result = pool_quiz(tmp_path)
    assert result.gains["training"].gain.low < 0 < result.gains["training"].gain.high
    assert not result.gains["training"].clear and result.gains["evaluation"].clear
    assert result.gains["evaluation"].gain.high < 0
    # All were right before: there is nothing to gain, and the gain is no number.
    assert result.gains["failures"].before == 1 and not result.gains["failures"].gain.value >= 0
    assert not result.gains["failures"].clear
    easy, worse = result.lines()[-2:]
    assert (
        easy
        == f"Right before in 90 % or more: {', '.join(sorted([*training[:3], 'only_shirts', *of_aim('failures')], key=NAMES.index))}"
    )
    assert worse == f"Fewer right after than before: {training[2]}, only_shirts"


def test_answers_of_those_who_do_not_know_are_counted(tmp_path):
    for code, unknown in (("ann", 10), ("ben", 0)):
        play(quiz("before", code, tmp_path), [0] * unknown + [2] * (20 - unknown))
        play(quiz("after", code, tmp_path), [1] * 20)
    assert "Do not know: 25% before, 0% after" in pool_quiz(tmp_path).lines()


def test_what_cannot_be_pooled_is_left_out_with_a_note(tmp_path):
    for phase in PHASES:
        write(tmp_path, "good", phase, ())
    before = pool_quiz(tmp_path)
    write(tmp_path, "half", "before", (), NAMES[:12])
    write(tmp_path, "half", "after", ())
    write(tmp_path, "good", "after", NAMES, file="later copy.csv")
    (tmp_path / ".writing_x.csv").write_text("of a session that was killed")
    (tmp_path / "notes.txt").write_text("no answers")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "broken.csv").write_bytes(HOSTILE["a formula as code"][0])
    if os.name == "posix":
        os.mkfifo(tmp_path / "pipe.csv")  # reading it would wait for ever
    result = pool_quiz(tmp_path)
    assert result._replace(notes=[]) == before
    said = "\n".join(result.notes)
    assert "'half_before.csv': only 12 of 20 items are answered" in said and "half: there is only 'after'" in said
    assert "'later copy.csv': another file has answers of good, after" in said
    assert "'folder.csv': this is no file" in said and "'broken.csv': a line of it" in said
    assert len(result.notes) == 5 + (os.name == "posix") and "writing" not in said and "notes" not in said


def test_the_command_pools_and_writes(tmp_path):
    folder, out = tmp_path / "answers", tmp_path / "pooled.csv"
    for code in ("ann", "ben"):
        write(folder, code, "before", of_aim("concepts")[:3])
        write(folder, code, "after", of_aim("concepts"))
    (folder / "broken.csv").write_text("x")
    done = CliRunner().invoke(main, ["quiz", "pool", str(folder), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "Do not know: 0% before, 0% after" in done.output
    assert "Left out: 'broken.csv': it has to begin with" in done.output and "2 pairs of answers" in done.output
    assert re.search(r"^concepts +50% +100% +1\.00 +1\.00 … +1\.00   unclear$", done.output, re.MULTILINE)
    with open(out, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == [*COLUMNS] and rows == pool_quiz(folder).rows and len(rows) == 80
    # The pooled table in the same folder is no file of a learner.
    out.rename(folder / "pooled.csv")
    assert "'pooled.csv': a line of it is not as the quiz writes it" in pool_quiz(folder).notes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pool", "nowhere"], "'nowhere' does not exist"),
        (["pool", "file"], "'file' is a file"),
        (["pool", "folder"], "'folder' has no pair of answers, before and after"),
        (["pool", "folder", "--out", "folder"], "'folder' is a directory"),
        (["pool"], "Missing argument 'FOLDER'"),
        (["pol", "folder"], "No such command 'pol'"),
    ],
)
def test_bad_calls_get_one_line(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(main, ["quiz", *arguments])
    errors = [line for line in done.output.splitlines() if line.startswith("Error")]
    assert done.exit_code == 2 and len(errors) == 1 and message in errors[0], done.output


def test_why_nothing_can_be_pooled_is_told(tmp_path):
    write(tmp_path, "ann", "before", ())
    with pytest.raises(
        ValueError, match="no pair of answers, before and after; left out: ann: there is only 'before'$"
    ):
        pool_quiz(tmp_path)
    with pytest.raises(ValueError, match="is no folder"):
        pool_quiz(tmp_path / "nowhere")


def test_help_has_examples():
    for command in (["quiz", "--help"], ["quiz", "pool", "--help"]):
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 0 and "pool" in done.output
    assert "gan-tutorial quiz pool answers/ --out pooled.csv" in CliRunner().invoke(main, ["quiz", "--help"]).output
