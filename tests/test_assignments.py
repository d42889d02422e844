"""The graded assignments: how they are made, and the whole cycle of nbgrader with three submissions for each.

Ada is right, Ben is half right with typical mistakes, Mallory attacks. `pytest -s` prints the table of
docs/teaching/assignments.md.
"""

import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.assignments import concepts, conditioning, evaluation, training_step

ROOT = Path(__file__).resolve().parents[1]
FOLDER, PAGE = ROOT / "assignments", ROOT / "docs" / "teaching" / "assignments.md"
WORK = {
    "1_concepts": concepts,
    "2_training_step": training_step,
    "3_conditioning": conditioning,
    "4_evaluation": evaluation,
}
#: Each learner's submission, and what a teacher gives for the written answer.
LEARNERS = {"ada": ("RIGHT", 4), "ben": ("HALF", 2), "mallory": ("HOSTILE", None)}
#: Points by tests. Mallory did one task of four as it should be; all else earns nothing.
POINTS = {name: {"ada": 16, "ben": 8, "mallory": 4} for name in WORK}
POINTS["2_training_step"]["ben"] = POINTS["4_evaluation"]["ben"] = 10

WALL = sys.platform.startswith("linux")
POSIX = pytest.mark.skipif(os.name != "posix", reason="kernels are ended by signals")


def source(name):
    return json.loads((FOLDER / "source" / name / f"{name}.ipynb").read_text(encoding="utf-8"))


def graded(cell):
    return cell["metadata"].get("nbgrader", {})


@pytest.mark.parametrize("name", WORK)
def test_an_assignment_is_complete(name):
    book = source(name)
    cells = {graded(cell)["grade_id"]: cell for cell in book["cells"]}
    assert len(cells) == len(book["cells"])
    assert book["metadata"]["kernelspec"] == {"display_name": "Python 3", "language": "python", "name": "python3"}
    tests = {n: cell for n, cell in cells.items() if graded(cell)["grade"] and not graded(cell)["solution"]}
    assert sum(graded(cell)["points"] for cell in cells.values() if graded(cell)["grade"]) == 20
    assert sum(graded(cell)["points"] for cell in tests.values()) == 16
    assert len(tests) == 8 and all(graded(cell)["locked"] for cell in tests.values())
    # Of two cells of a task the learner sees the first; and the rubric stands in the answer that is cleared away.
    hidden = [n for n, cell in tests.items() if "### BEGIN HIDDEN TESTS" in "".join(cell["source"])]
    assert hidden == list(tests)[1::2]
    assert "**Rubric.**" in "".join(cells["words"]["source"]) and graded(cells["words"])["points"] == 4
    outputs = [output for cell in book["cells"] for output in cell.get("outputs", ())]
    assert len(outputs) == 5 and not [output for output in outputs if output["output_type"] == "error"]


def test_only_plain_values_pass_between_learner_and_tests(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    import guard

    value = {"a": [1, 2.5, None, "text"], "b": (np.float32([[1, 2], [3, np.nan]]), True), 3: np.array(7)}
    again = guard.unpack(json.loads(json.dumps(guard.pack(value))))
    assert again["a"] == value["a"] and again["b"][1] is True and again[3] == 7
    assert again["b"][0].dtype == np.float32 and np.array_equal(again["b"][0], value["b"][0], equal_nan=True)
    for odd in (lambda: 0, ..., object(), np.array([object()]), {1, 2}):
        with pytest.raises(TypeError, match="should come back"):
            guard.pack(odd)


def nbgrader(course, *arguments):
    # As somebody who has no configuration of their own.
    folder = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader calls alembic by name
    environment = {**os.environ, "PATH": folder, "JUPYTER_CONFIG_DIR": str(course / "none"), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr
    return done.stderr


def hand_in(course, name, learner):
    """The released notebook, with a learner's work in it, where files from a learning platform are put."""
    work = dict(getattr(WORK[name], LEARNERS[learner][0]))
    book = json.loads((course / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    for cell in book["cells"]:
        cell["source"] = work.pop(graded(cell)["grade_id"], cell["source"])
        if learner == "mallory" and "points" in graded(cell):
            graded(cell)["points"] = 100
    if (
        learner == "mallory"
    ):  # a cell of tests of her own, and one of hers made such a cell: tests run outside of her kernel
        graded(next(cell for cell in book["cells"] if graded(cell).get("solution"))).update(grade=True, solution=False)
        forged = dict(
            grade=True, grade_id="mine", locked=True, points=100, schema_version=3, solution=False, task=False
        )
        own = {
            "cell_type": "code",
            "id": "mine",
            "metadata": {"nbgrader": forged},
            "outputs": [],
            "execution_count": None,
        }
        book["cells"].append({**own, "source": "open('OUTSIDE', 'w').close()"})
    assert not work
    archive = course / "downloaded" / name / "archive"
    archive.mkdir(parents=True, exist_ok=True)
    (archive / f"{learner}_{name}.ipynb").write_text(json.dumps(book), encoding="utf-8")


def files_outside(course):
    """What every file is, but those that grading Mallory makes or changes."""
    own = (course / "autograded" / "mallory", course / "gradebook.db")
    paths = [path for path in course.parent.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    kept = [path for path in paths if not any(path == o or o in path.parents for o in own)]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


def points_of(course):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        found = {}
        for name in WORK:
            for one in book.assignment_submissions(name):
                grades = [grade for notebook in one.notebooks for grade in notebook.grades]
                by_tests = sum(grade.auto_score or 0 for grade in grades)
                found[name, one.student.id] = by_tests, sum(grade.manual_score or 0 for grade in grades), one.score
    return found


@pytest.fixture(scope="module")
def cycle(tmp_path_factory):
    """The course after release, collection, autograding, grading by hand, and feedback."""
    pytest.importorskip("nbgrader")
    from nbgrader.api import Gradebook

    course = tmp_path_factory.mktemp("outside") / "course"
    course.mkdir()
    shutil.copytree(FOLDER / "source", course / "source", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for path in FOLDER.glob("*.py"):
        shutil.copy(path, course)
    nbgrader(course, "generate_assignment", "*")
    for name in WORK:
        for learner in LEARNERS:
            hand_in(course, name, learner)
        nbgrader(course, "zip_collect", name)
    told = {"honest": nbgrader(course, "autograde", "*", "--CourseDirectory.student_id_exclude=mallory")}
    before, files = points_of(course), files_outside(course)
    told["mallory"] = nbgrader(course, "autograde", "*", "--student=mallory", "--RunApart.timeout=3")
    changed = {path for path, content in files_outside(course).items() if files.pop(path, None) != content}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:  # as a teacher does in the formgrader
        for name in WORK:
            for learner, (_, points) in LEARNERS.items():
                if points is not None:
                    book.find_grade("words", name, name, learner).manual_score = points
        book.db.commit()
    nbgrader(course, "generate_feedback", "*")
    return {"course": course, "told": told, "before": before, "changed": changed | set(files)}


def feedback(cycle, name, learner):
    page = cycle["course"] / "feedback" / learner / name / f"{name}.html"
    return html.unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8")))


@POSIX
@pytest.mark.slow
def test_every_submission_gets_its_points(cycle):
    found = points_of(cycle["course"])
    rows = []
    for name in WORK:
        for learner, (kind, by_hand) in LEARNERS.items():
            by_tests, hand, both = found[name, learner]
            rows.append(f"| {name} | {learner}, {kind.lower()} | {by_tests:g} | {hand:g} | {both:g} |")
            assert (by_tests, hand, both) == (POINTS[name][learner], by_hand or 0, by_tests + (by_hand or 0)), rows[-1]
    print("\n" + "\n".join(rows))
    page = PAGE.read_text(encoding="utf-8")
    assert not [row for row in rows if row not in page]


@POSIX
@pytest.mark.slow
@pytest.mark.parametrize("name", WORK)
def test_released_notebooks_hold_neither_solutions_nor_hidden_tests(cycle, name):
    released = (cycle["course"] / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    for secret in ("SOLUTION", "HIDDEN TESTS\\n", "Rubric", "Model answer", *WORK[name].SAYS):
        assert secret not in released
    assert released.count("...  # your code here") == 4 and "YOUR ANSWER HERE" in released


@POSIX
@pytest.mark.slow
@pytest.mark.parametrize("name", WORK)
def test_feedback_names_the_misconception(cycle, name):
    text = feedback(cycle, name, "ben")
    # As what a test said, not only as the hidden test's own text, which the page shows as well.
    said = re.findall(r"^Not yet: (.*)", text, re.MULTILINE)
    assert len(said) == len(WORK[name].SAYS)
    assert [words for words, line in zip(WORK[name].SAYS, said) if words not in line] == []
    assert "Not yet: " not in feedback(cycle, name, "ada") and "Stopped" not in feedback(cycle, name, "ada")


@POSIX
@pytest.mark.slow
def test_attacks_change_nothing_and_are_told(cycle):
    assert cycle["changed"] == set()
    after = points_of(cycle["course"])
    assert all(after[key][0] == points[0] for key, points in cycle["before"].items() if key[1] != "mallory")
    assert "refused" not in cycle["told"]["honest"].replace("refused: nothing by the system", "")
    said = cycle["told"]["mallory"]
    expected = ["open .*1_concepts.ipynb", "open .*gradebook.db", "open to write .*OUTSIDE", "subprocess.Popen"]
    expected += ["os.system", "os.kill", "os.symlink", "sqlite3.connect .*gradebook.db"]
    assert [what for what in expected if not re.search(f"mallory: refused: {what}", said)] == []
    pages = {name: feedback(cycle, name, "mallory") for name in WORK}
    assert "no end within 3 seconds" in pages["1_concepts"] and "ended its own kernel" in pages["3_conditioning"]
    assert said.count("cell 'mine' says that it is graded") == len(WORK)
    assert "all is well" not in pages["3_conditioning"]
    if WALL and "nothing by the system" not in said:
        for name in ("1_concepts", "2_training_step"):
            assert "STOLEN nothing: Permission" in pages[name] and "STOLEN b" not in pages[name]
