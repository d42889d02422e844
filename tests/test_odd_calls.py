"""Odd calls of the command line; `python -m tests.odd_calls` tries many more."""

import pytest

from . import odd_calls


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory):
    with odd_calls.prepared(tmp_path_factory.mktemp("calls") / "folder"):
        yield


def test_odd_calls_get_one_line_and_leave_nothing():
    results = odd_calls.try_calls(210, seed=1)
    assert list(results) == list(odd_calls.CALLS)
    for command, found in results.items():
        assert set(found) <= {"exit code 1", "exit code 2"}, (command, found)


SAMPLE = ["sample", "gan_fashion_mnist", "-n", "4", "--out", "a.png"]


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([*SAMPLE, "--seed", "-1"], "'--seed': -1 is not from 0 to 2,147,483,647."),
        ([*SAMPLE, "--scale", "1" + "0" * 30], "'--scale': 1000000000000000000000000000000 is not in the range"),
        ([*SAMPLE, "--out", "file/a.png"], "'--out': file/a.png: Not a directory."),
        ([*SAMPLE, "--out", ""], "'--out': a path cannot be empty."),
        (["evaluate", "gan_fashion_mnist", "--n", "0"], "'--n': 0 is not from 1"),
        (["evaluate", "gan_fashion_mnist", "--json", "folder"], "'--json': File 'folder' is a directory."),
        (["experiment", "ring-losses", "--steps", "0"], "'--steps': 0 is not from 1"),
        (["experiment", "ring-losses", "--out", "x" * 5000], "xxx: File name too long."),
        (["train", "--data", "photos", "--steps", "1" + "0" * 30, "--out", "run"], "'--steps': 1000"),
        (
            ["train", "--data", "photos", "--codes", "3", "--condition", "label", "--out", "run"],
            "leave --condition out",
        ),
        (["weights", "make", "cgan_shapes", "--out", "file"], "'--out': Directory 'file' is a file."),
    ],
)
def test_what_was_found_stays_mended(arguments, message):
    kind, text = odd_calls.outcome(arguments)
    assert kind == "exit code 2" and message in text


@pytest.mark.parametrize(
    ("error", "kind"),
    [(KeyError("x"), "KeyError"), (OSError("no room left for it"), "left files"), (OSError("a\nb"), "not one line")],
)
def test_the_tool_tells_refusals_from_the_rest(error, kind, monkeypatch):
    def broken(*_, **__):
        if kind == "left files":
            open("left", "w").close()
        raise error

    monkeypatch.setattr("gan_tutorial.sampling.generate_images", broken)
    assert odd_calls.outcome(SAMPLE)[0] == kind


@pytest.mark.parametrize("command", odd_calls.CALLS)
def test_the_calls_would_work(command):
    assert odd_calls.outcome([command, *odd_calls.CALLS[command].split()])[0] == "accepted"
