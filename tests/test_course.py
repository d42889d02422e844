"""Tasks take their solutions and say what is wrong with wrong answers; questions are answered in the page."""

import ast
import importlib
import inspect
import json
import re
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from gan_tutorial.course import check, is_quick, question, tasks
from gan_tutorial.course.tasks import MODULES, SENTENCES, TASKS
from gan_tutorial.translations import questions, read

BOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("[0-9]*.ipynb"))
for module in MODULES:
    importlib.import_module(f"gan_tutorial.course.{module}")  # fills TASKS, as `check` does
NOTEBOOKS = {module: path for module in MODULES for path in BOOKS if path.stem.endswith(f"_{module}")}


def wrong_answers(module):
    return importlib.import_module(f"tests.course.{module}").WRONG


WRONG = [
    (name, answer, part)
    for module in MODULES
    for name, given in wrong_answers(module).items()
    for answer, part in given
]
SOLVED = [(module, name) for module in MODULES for name in wrong_answers(module)]


def sources(module, kind):
    cells = json.loads(NOTEBOOKS[module].read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == kind]


def solution(module, name):
    """The function in the folded solution of a notebook."""
    blocks = re.findall(r"```python\n(.*?)```", "\n".join(sources(module, "markdown")), re.DOTALL)
    (block,) = (block for block in blocks if f"def {name}(" in block)
    names = {}
    exec("import keras, numpy as np, tensorflow as tf\nimport gan_tutorial as gt\n" + block, names)
    return names[name]


@pytest.mark.parametrize(("name", "answer", "part"), WRONG)
def test_a_wrong_answer_gets_the_message_that_fits(name, answer, part):
    verdict = check(name, answer)
    assert not verdict.right and part in verdict.message, verdict


@pytest.mark.parametrize(("module", "name"), SOLVED)
def test_the_folded_solution_is_right(module, name):
    assert check(name, solution(module, name)).right
    assert any(f'check("{name}", {name})' in code for code in sources(module, "code"))


@pytest.mark.parametrize("module", MODULES)
def test_each_notebook_lets_the_learner_write_code(module):
    assert len(wrong_answers(module)) >= 2
    assert all(len(given) >= 3 for given in wrong_answers(module).values())
    assert set(wrong_answers(module)) == {
        name for name, task in TASKS.items() if task.__module__.endswith(f".{module}")
    }


def test_an_empty_answer_a_broken_one_and_a_misspelt_task():
    assert "replace the dots" in check("optimal_discriminator", lambda p, q: ...).message
    assert "stopped with KeyError" in check("optimal_discriminator", lambda p, q: {}[0]).message
    assert "✗" in check("optimal_discriminator", lambda p, q: None)._repr_html_()
    with pytest.raises(ValueError, match="no task 'optimal'; there are: .*optimal_discriminator"):
        check("optimal", print)


def sentences_used(source):
    """Keys in a task's source: those that `Wrong` or `recognize` gets, and the mistakes that `compare` gets."""
    used = {"right", "should_be"} if "compare(" in source else {"right"}
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(ast.Name("Wrong" | "recognize"), arguments):
                parts = (part for argument in arguments for part in ast.walk(argument))
                used |= {part.value for part in parts if isinstance(getattr(part, "value", 0), str)}
            case ast.Assign([ast.Name("mistakes")], ast.Dict(keys)) | ast.Call(
                ast.Name("compare"), [_, _, ast.Dict(keys)]
            ):
                used |= {key.value for key in keys}
    return used


@pytest.mark.parametrize("name", [name for _, name in SOLVED])
def test_a_task_has_each_sentence_that_it_uses_and_no_other(name):
    used, own, common = sentences_used(inspect.getsource(TASKS[name])), SENTENCES[name].keys(), SENTENCES["common"]
    assert own <= used and used - own <= common.keys()


def test_no_sentences_are_left_over():
    assert SENTENCES.keys() == {"common", "hints", *TASKS}
    assert SENTENCES["hints"].keys() - {"between"} <= read("checkup", "en").keys()
    assert all(f'"{key}"' in inspect.getsource(tasks) for key in SENTENCES["common"])


def test_every_question_has_one_right_answer_and_a_reason_for_each():
    asked = "\n".join(code for module in MODULES for code in sources(module, "code"))
    for name, content in questions().items():
        assert len(content["answers"]) >= 3 and content["question"].endswith("?"), name
        assert all(answer["text"] and answer["why"] for answer in content["answers"]), name
        assert sum(answer["right"] for answer in question(name).answers) == 1
        assert f'question("{name}")' in asked, f"no notebook asks {name}"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_place_of_an_answer_does_not_tell_that_it_is_right(monkeypatch, language):
    texts = {path.stem: read(f"questions/{path.stem}", language) for path in BOOKS}
    monkeypatch.setattr(
        "gan_tutorial.course.asking.questions", lambda: {k: v for part in texts.values() for k, v in part.items()}
    )
    places = {
        book: [[answer["right"] for answer in question(name).answers].index(True) for name in asked]
        for book, asked in texts.items()
    }
    assert all(len(set(found)) > 1 for found in places.values()), places
    found = [place for part in places.values() for place in part]
    assert len(found) > 30 and all(0.2 < found.count(place) / len(found) < 0.45 for place in range(3))


def test_a_question_stays_readable_where_no_widget_lives():
    asked = question("half_everywhere")
    bundle, _ = asked._repr_mimebundle_()
    assert all(answer["text"] in bundle["text/plain"] for answer in asked.answers)
    assert "<details>" in bundle["text/html"] and asked.answers[0]["why"].replace("'", "&#x27;") in bundle["text/html"]
    with pytest.raises(ValueError, match="no question 'half'"):
        question("half")


def test_cells_that_the_quick_profile_shortens_say_so(capsys):
    shell = InteractiveShell.instance()
    try:
        shell.run_cell("from gan_tutorial.course import is_quick\nquick = is_quick('quick')")
        assert "Quick profile: all trainings" in shown(capsys)
        shell.run_cell("steps = 10 if quick else 1000")
        assert "Quick profile: this cell" in shown(capsys)
        shell.run_cell("steps  # not quick")
        assert "Quick profile" not in shown(capsys)
    finally:
        InteractiveShell.clear_instance()
    assert not is_quick("full")
    with pytest.raises(ValueError, match="profile"):
        is_quick("slow")


def shown(capsys):
    return capsys.readouterr().out
