"""Odd calls of the command line: each gets one line that says what is wrong, and leaves nothing behind.

`python -m tests.odd_calls --calls 2000` prints a table by command: how many calls click refused (exit code 2), how many the
package did (1), and what else came out. A call is one that would work, with one thing wrong: a number, a name, a path, an
option of another command, a conflict. Options are looked up, so that new ones are tried as well.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from gan_tutorial import quiet

quiet.import_tensorflow()

from gan_tutorial.__main__ import main as program
from gan_tutorial.cli import COMMANDS
from gan_tutorial.pretrained.recipes import RECIPES

from . import fuzz

#: What would work, in a folder with `photos`, a folder of images, `file`, a file, and `folder`, an empty folder.
CALLS = {
    "train": "--data photos --size 16 --width 4 --batch-size 4 --steps 4 --out run",
    "sample": "gan_fashion_mnist -n 4 --out a.png",
    "evaluate": "gan_fashion_mnist --n 100 --metrics frechet",
    "experiment": "ring-losses --steps 20 --seeds 1 --out experiments",
    "datasets": "--preview photos --size 16 --out a.png",
    "weights": "make cgan_shapes --out weights",
    "export": "gan_fashion_mnist --output a.html",
}
_HUGE, _BYTES, _LONG = "1" + "0" * 30, "a\udcff", "x" * 5000
_WORDS = ("", "ten", "None", _BYTES, "1;2", "[1]", "0x1g")
NUMBERS = {
    "integer": (*_WORDS, "nan", "inf", "1.5", "1e3", "-1", "-99999999999", _HUGE, f"-{_HUGE}"),
    "float": (*_WORDS, "nan", "-nan", "inf", "-inf", "1e999", "-1", "1,5", f"-{_HUGE}"),
}
NAMES = ("", " ", "nowhere", _BYTES, "a\nb", "../..", "file", "folder", _LONG, "ring-losse", "None", "%s", "{0}", "🦆")
#: A file's name cannot be any of these; some are folders, or lie in what is none.
FILES = ("", "folder", "file/a.png", f"{_LONG}.png", ".", "..")
FOLDERS = ("", "file", "file/run", _LONG)
CONFLICTS = {
    "train": (
        "--resume", "--unconditional --condition label", "--codes 3 --condition label", "--resume --steps 0",
        "--augment-target 0.5", "--size 17", "--batch-size 400", "--device GPU:7", "--stages 9", "--metrics frechet,,x",
        "--conditions label", "--condition", "--best-by fid", "--sample-every 0", "--evaluate-every 0", "--out photos",
    ),
    "sample": ("--label 1", "--scale 0", "--columns 0", "--truncation 0", "-n 0", "-nan", "--out a.gif", "second"),
    "evaluate": ("--split half", "--n 5", "--data ring", "--metrics ,", "--features inception,random"),
    "experiment": ("--variant best", "--seeds 0", "--steps 0", "second", "--variant"),
    "datasets": ("--preview ring", "--size 0", "--size 2000", "--out a.txt", "photos"),
    "weights": ("--format page", "cgan_shapes"),
    "export": ("--format html", "--execute", "--format word", "--format", "second", "--format savedmodel --execute"),
}  # fmt: skip
#: Lines that may stand beside the error.
_BESIDE = ("Usage: ", "Try '", "Training on ")


class Accepted(BaseException):
    """An odd call got as far as the work itself."""


def odd_call(command: str, rng: np.random.Generator) -> list[str]:
    """The arguments of a call with one thing wrong."""
    given, own = CALLS[command].split(), _options_of(command)

    def choose(values):
        return values[rng.integers(len(values))]

    match rng.integers(8):
        case 0:  # an option that there is not, or of another command
            others = {flag for name in CALLS for flag in _options_of(name)} - {*own} | {
                "--ouut",
                "-z",
                "--",
                "---",
                "-é",
            }
            extra = [choose(sorted(others)), choose(["1", "photos"])]
        case 1:
            extra = choose(CONFLICTS[command]).split()
        case 2 if "--" not in given[0]:
            given[0 if command != "weights" else 1], extra = choose(NAMES), []
        case 3:  # the last value is missing
            return [command, *given, choose([flag for flag, option in own.items() if not option.is_flag] or ["--z"])]
        case _:
            flag = choose(sorted(own))
            extra = [f"{flag}=1"] if own[flag].is_flag else [flag, choose(_wrong_values(own[flag]))]
    # The last of two values counts: the right one goes.
    while extra and extra[0] in given and extra[0].startswith("-"):
        place = given.index(extra[0])
        del given[place : place + 2]
    first = len(given) % 2
    at = first + 2 * int(rng.integers(len(given) // 2 + 1))
    return [command, *given[:at], *extra, *given[at:]]


def _options_of(name: str) -> dict[str, click.Option]:
    command = next(command for command in COMMANDS if command.name == name)
    command = command.commands["make"] if isinstance(command, click.Group) else command
    params = command.get_params(click.Context(command))
    return {p.opts[0]: p for p in params if isinstance(p, click.Option) and "--help" not in p.opts}


def _wrong_values(option: click.Option) -> tuple[str, ...]:
    if isinstance(option.type, click.Path):
        return FILES if option.type.file_okay else FOLDERS
    values = NUMBERS.get(option.type.name.removesuffix(" range"), NAMES)
    # Infinity is as far as noise may go.
    return tuple(value for value in values if not (option.name == "truncation" and value in ("inf", "1e999")))


@contextlib.contextmanager
def prepared(folder: Path) -> Iterator[None]:
    """What the calls name lies in the current folder, and no call can begin its real work."""

    def accept(*_: object, **__: object) -> None:
        raise Accepted

    rng = np.random.default_rng(0)
    for name in ("cats", "dogs"):
        (folder / "photos" / name).mkdir(parents=True)
        for i in range(4):
            Image.fromarray(rng.integers(256, size=(16, 16, 3), dtype=np.uint8)).save(folder / f"photos/{name}/{i}.png")
    (folder / "folder").mkdir()
    (folder / "file").write_text("no model")
    before = os.getcwd()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fuzz, "SECONDS", 120)  # some load a data set and a classifier
        patch.setenv("GAN_TUTORIAL_CACHE", str(folder.parent / f"{folder.name}-cache"))
        patch.setattr("gan_tutorial.training.trainer.Trainer.fit", accept)
        patch.setattr("gan_tutorial.evaluation.report.evaluate_real_images", accept)
        patch.setattr("gan_tutorial.pretrained.recipes.RECIPES", dict.fromkeys(RECIPES, accept))
        patch.setattr("gan_tutorial.experiments.results._train", accept)
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def outcome(arguments: list[str]) -> tuple[str, str]:
    """Call: "exit code 2", "exit code 1", or what is wrong with the answer; and the answer."""
    before = _content()
    try:
        with fuzz._time_limit():
            done = CliRunner().invoke(program, arguments, prog_name="gan-tutorial")
    except Accepted:
        return "accepted", ""
    text = done.output
    if done.exit_code == 0 or f"more than {fuzz.SECONDS} seconds" in text:
        return "accepted" if done.exit_code == 0 else "hangs", text
    if done.exception and not isinstance(done.exception, SystemExit):
        text += "".join(traceback.format_exception(done.exception))
        return type(done.exception).__name__, text
    if _content() != before:
        return "left files", text + str(_content() ^ before)
    shown = [line for line in text.splitlines() if line and not line.startswith(_BESIDE) and "image/s]" not in line]
    if len(shown) != 1 or not shown[0].startswith("Error: ") or len(shown[0]) < 20:
        return "not one line", text
    return f"exit code {done.exit_code}", text


def _content() -> set[tuple[str, float]]:
    return {(str(path), path.stat().st_mtime) for path in Path().rglob("*")}


def try_calls(count: int, seed: int = 0) -> dict[str, Counter[str]]:
    """Outcomes by command, of so many calls in all; prints the first of each that is not allowed."""
    results = {name: Counter[str]() for name in CALLS}
    rng, shown = np.random.default_rng(seed), set()
    with tempfile.TemporaryDirectory() as folder, prepared(Path(folder)):
        for number in range(count):
            command = list(CALLS)[number % len(CALLS)]
            arguments = odd_call(command, rng)
            kind, text = outcome(arguments)
            results[command][kind] += 1
            if not kind.startswith("exit code") and (command, kind) not in shown:
                shown.add((command, kind))
                print(f"{shlex.join(arguments)[:300]!a}: {kind}\n{text[-1500:]!a}", file=sys.stderr)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=2000, help="in all (2,000)")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    start = time.perf_counter()
    results = try_calls(chosen.calls, chosen.seed)
    for name, found in results.items():
        print(f"{name:12} " + ", ".join(f"{kind} {count:,}" for kind, count in sorted(found.items())))
    print(f"{chosen.calls:,} calls in {time.perf_counter() - start:.0f} s")
    sys.exit(any(not kind.startswith("exit code") for found in results.values() for kind in found))


if __name__ == "__main__":
    main()
