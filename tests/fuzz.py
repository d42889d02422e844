"""Damaged files: every reader of bytes from outside gets truncated and damaged ones, and may only refuse them.

`python -m tests.fuzz --cases 10000` prints a table: how many each reader read all the same, how many it refused with a
documented error, and what else came out. Where a file has a checksum, that is mended, so that the reader itself is tried.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import gzip
import hashlib
import io
import json
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

#: What a reader may raise.
DOCUMENTED = (ValueError, FileNotFoundError)
#: A case that takes longer hangs.
SECONDS = 20


@dataclass(frozen=True)
class Reader:
    """What is tried: the files it reads, of which one is damaged in each case, and the call."""

    files: list[Path]
    read: Callable[[], object]
    mend: Callable[[], None] = lambda: None


def damage(content: bytes, rng: np.random.Generator) -> bytes:
    """One of six ways to damage bytes."""
    numbers, n = np.frombuffer(content, np.uint8).copy(), len(content)
    start, length = int(rng.integers(n)), int(rng.integers(1, max(n // 4, 2)))
    match rng.integers(6):
        case 0:
            return content[:start]
        case 1:
            places = rng.integers(n, size=rng.integers(1, 9))
            numbers[places] ^= (1 << rng.integers(8, size=len(places))).astype(np.uint8)
        case 2:
            numbers[start : start + length] = rng.integers(256, size=len(numbers[start : start + length]))
        case 3:
            return content[:start] + content[start + length :]
        case 4:
            return content[:start] + content[start : start + length] * 2 + content[start + length :]
        case _:  # a number that says how much follows, for example
            numbers[start : start + 4] = rng.choice([0, 127, 255])
    return numbers.tobytes()


def make_readers(folder: Path) -> dict[str, Reader]:
    """Small files of each kind in a folder, and what reads them."""
    import gan_tutorial as gt
    from gan_tutorial.course import quizzes
    from gan_tutorial.data.fashion_mnist import load_fashion_mnist
    from gan_tutorial.evaluation import human
    from gan_tutorial.experiments import load_experiment
    from gan_tutorial.pretrained import load_card
    from gan_tutorial.pretrained.storage import read_arrays
    from gan_tutorial.run_config import read_config, run_config
    from gan_tutorial.widgets.game.settings import Settings

    rng, real_data = np.random.default_rng(0), gt.data.paths.data_folder()
    readers: dict[str, Reader] = {}

    # Data sets with sums: small ones of the same form, in a folder that stands for the course's.
    fashion, emoji = folder / "data/fashion_mnist", folder / "data/emoji"
    for part in (fashion, emoji):
        part.mkdir(parents=True)
    images = rng.integers(256, size=(20, 28, 28), dtype=np.uint8)
    idx = [fashion / f"train-{name}-ubyte.gz" for name in ("images-idx3", "labels-idx1")]
    idx[0].write_bytes(gzip.compress(bytes(16) + images.tobytes()))
    idx[1].write_bytes(gzip.compress(bytes(8) + (np.arange(20) % 10).astype(np.uint8).tobytes()))
    readers["IDX"] = Reader(idx, lambda: load_fashion_mnist("train"), lambda: _write_sums(fashion))
    with open(real_data / "emoji/portraits.csv", newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    with open(emoji / "portraits.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows[:8]])
    Image.fromarray(rng.integers(256, size=(64, 512, 3), dtype=np.uint8)).save(emoji / "portraits.webp", quality=50)
    atlas = [emoji / "portraits.csv", emoji / "portraits.webp"]
    readers["atlas and table"] = Reader(atlas, gt.data.load_portraits, lambda: _write_sums(emoji))

    photos = folder / "photos"
    for name, ending in zip("ab", ("png", "jpg")):
        (photos / name).mkdir(parents=True)
        Image.fromarray(images[0]).convert("RGB").save(photos / name / f"one.{ending}")
    readers["folder of images"] = Reader([*photos.rglob("*.*")], lambda: gt.data.load_folder(photos, 16))

    options = {"image_shape": (16, 16, 1), "width": 4}
    card = gt.save_model(gt.build_generator(**options), folder / "model", gt.ModelCard("build_generator", options))
    weights = folder / "model.npz"
    readers["weights"] = Reader(
        [weights],
        lambda: read_arrays(folder / "model", card.replace(sha256=hashlib.sha256(weights.read_bytes()).hexdigest())),
    )
    readers["card"] = Reader([folder / "model.json"], lambda: load_card(folder / "model"))
    readers["checkpoint"] = _checkpoint_reader(folder / "checkpoints")

    answers = [human.Answer("me", "s", i, bool(i % 2), "bag", True, 800) for i in range(12)]
    human.write_answers(folder / "answers.csv", answers)
    readers["raters' answers"] = Reader([folder / "answers.csv"], lambda: human.read_answers(folder / "answers.csv"))
    quizzes.write_csv(
        folder / "quiz.csv",
        quizzes.COLUMNS,
        [quizzes.row_of("abc", "before", name, 2) for name in quizzes.items()],
    )
    readers["answers to the quiz"] = Reader([folder / "quiz.csv"], lambda: quizzes.read_quiz(folder / "quiz.csv"))
    stored = json.loads((real_data / "experiments/ring-modern.json").read_text(encoding="utf-8"))
    stored["rows"] = stored["rows"][:6]
    (folder / "ring-modern.json").write_text(json.dumps(stored))
    readers["experiment"] = Reader([folder / "ring-modern.json"], lambda: load_experiment("ring-modern", folder))
    config = run_config("fashion_mnist", steps=100)
    (folder / "run.json").write_text(json.dumps({**config.__dict__}))
    readers["run.json"] = Reader([folder / "run.json"], lambda: read_config(folder))
    (folder / "state").write_text(Settings(data="drawn", points=((0.1, 0.2), (0.3, 0.4)), r1=0.5, n=64).text())
    readers["state of the playground"] = Reader(
        [folder / "state"], lambda: Settings.from_text((folder / "state").read_text(errors="replace"))
    )
    return readers


def _write_sums(folder: Path) -> None:
    files = [path for path in folder.iterdir() if path.name != "SHA256SUMS"]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines))


def _checkpoint_reader(folder: Path) -> Reader:
    import tensorflow as tf

    from gan_tutorial.training.checkpoints import restore_checkpoint, save_checkpoint

    weights = tf.Variable(np.linspace(0, 1, 40, dtype=np.float32))
    state = tf.train.Checkpoint(step=tf.Variable(3, dtype=tf.int64), weights=weights)
    shapes = {"generator": [[40]]}
    path = save_checkpoint(folder, state, {"history": {}, "seconds": 1.0}, shapes)
    return Reader([*path.iterdir()], lambda: restore_checkpoint(folder, state, shapes))


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def outcome(reader: Reader, rng: np.random.Generator) -> tuple[str, str]:
    """Damage one file, read, and put it back: "read", "refused" or the name of another error; and its traceback."""
    path = reader.files[rng.integers(len(reader.files))]
    whole = path.read_bytes()
    path.write_bytes(damage(whole, rng))
    reader.mend()
    try:
        with _time_limit(), contextlib.redirect_stderr(io.StringIO()):
            reader.read()
        return "read", ""
    except DOCUMENTED as error:
        # A message has to name the file; the text of a playground has none.
        named = path.name in str(error) or path.parent.name in str(error) or path.name == "state"
        return ("refused", "") if named else ("refused without a name", str(error))
    except BaseException as error:
        return type(error).__name__, traceback.format_exc()
    finally:
        path.write_bytes(whole)
        reader.mend()


def fuzz(cases: int, seed: int = 0) -> dict[str, Counter[str]]:
    """Outcomes by reader, of so many cases in all; prints the first of each that is not allowed."""
    results = {}
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        readers = make_readers(Path(folder))
        patch.setenv("GAN_TUTORIAL_DATA", f"{folder}/data")
        for number, (name, reader) in enumerate(readers.items()):
            reader.mend()
            reader.read()
            rng, found, shown = np.random.default_rng([seed, number]), Counter[str](), set[str]()
            for _ in range(-(-cases // len(readers))):
                kind, text = outcome(reader, rng)
                found[kind] += 1
                if text and kind not in shown:
                    shown.add(kind)
                    print(f"{name}: {kind}\n{text}", file=sys.stderr)
            results[name] = found
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000, help="in all (10,000)")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    start = time.perf_counter()
    results = fuzz(chosen.cases, chosen.seed)
    for name, found in results.items():
        print(f"{name:24} " + ", ".join(f"{kind} {count:,}" for kind, count in sorted(found.items())))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{sum(map(Counter.total, results.values())):,} cases in {time.perf_counter() - start:.0f} s, at most {most:,.0f} MiB"
    )
    sys.exit(any(set(found) - {"read", "refused"} for found in results.values()))


if __name__ == "__main__":
    main()
