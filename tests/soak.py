"""Endurance: trainings are interrupted again and again, and still end where an unbroken one does, bit for bit.

    python -m tests.soak --interruptions 200
    python -m tests.soak --algorithms gan --interruptions 10 --seed 3

At random moments a training is killed (SIGKILL, SIGTERM) or stopped (SIGINT); or its disk is full, its folder read-only,
its clock a day ahead or behind. Then it is resumed: after a kill in a new process, else in the same one, whose memory and
open files are counted. Linux only, no root needed: the full disk is a limit on the size of files (RLIMIT_FSIZE), set from
outside; root gives up its right to write where it may not. New processes are forked after TensorFlow's import, before its
first operation, which starts its threads: that saves three seconds each.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import hashlib
import itertools
import json
import multiprocessing
import os
import platform
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gan_tutorial import quiet

quiet.import_tensorflow()

import tensorflow as tf

from gan_tutorial import models, training
from gan_tutorial.files import write_json
from gan_tutorial.pretrained import versions

#: A checkpoint after every call: about half of the time one is being written.
KEEP = 3
OPTIONS = {"batch_size": 8, "steps_per_call": 5, "checkpoint_every": 5, "keep": KEEP}
KILLS, STOPS = ("SIGKILL", "SIGTERM"), ("SIGINT", "full disk", "read-only folder")
CLOCK = {"clock forward": signal.SIGUSR1, "clock back": signal.SIGUSR2}
#: After so many seconds without news a training hangs; a busy machine compiles for minutes.
DAY, SECONDS = 86_400, 900


def networks_of(algorithm: str, seed: int) -> tuple[Any, tuple, list]:
    """The function that trains, tiny networks of 16×16 images, and data."""
    images = np.random.default_rng(0).uniform(-1, 1, (64, 16, 16, 1)).astype("float32")
    small = {"image_shape": (16, 16, 1), "width": 4}
    seeds = (2 * seed, 2 * seed + 1)
    if algorithm == "cyclegan":
        unets = {"noise_channels": 0, "normalization": "instance", **small}
        generators = (models.build_unet_generator(seed=s, **unets) for s in seeds)
        discriminators = (models.build_patch_discriminator(pairs=False, seed=s, **small) for s in seeds)
        return training.train_cyclegan, (*generators, *discriminators), [images, -images]
    pair = models.build_generator(8, seed=seed, **small), models.build_discriminator(dropout=0.2, seed=seed, **small)
    if algorithm == "gan":
        return training.train, pair, [images]
    return training.train_vae_gan, (models.build_encoder(8, seed=seed, **small), *pair), [images]


ALGORITHMS = ("gan", "vae_gan", "cyclegan")


def read_checkpoint(path: Path) -> dict[str, Any]:
    """All tensors of a checkpoint; raises what reading them raises."""
    json.loads((path / "about.json").read_text())["history"]
    reader = tf.train.load_checkpoint(str(path / "state"))
    return {name: reader.get_tensor(name) for name in sorted(reader.get_variable_to_shape_map())}


def traces(folder: Path, networks: tuple, result: training.Result) -> dict[str, Any]:
    """What a training left: sums of the networks' weights and averages and of its last checkpoint; and its history."""
    last = training.list_checkpoints(folder)[-1]
    averages = [model for model in result.models.values() if not any(model is network for network in networks)]
    weights = [w for model in (*networks, *averages) for w in model.get_weights()]
    # What is no array describes the objects.
    arrays = {name: value for name, value in read_checkpoint(last).items() if isinstance(value, np.ndarray)}
    sums = {name: _sum([value]) for name, value in {"step": np.array(last.name), **arrays}.items()}
    return {"weights": _sum(weights), **sums, "history": json.loads((last / "about.json").read_text())["history"]}


def _sum(arrays: list[np.ndarray]) -> str:
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()


# In the process that trains.


def work(algorithm: str, steps: int, connection: Any) -> None:
    """Train in each folder that the other side names, resuming what is there; tells how each ends."""
    nothing, stoppable, offset, clock = os.open(os.devnull, os.O_WRONLY), False, 0.0, time.time
    os.dup2(nothing, 1), os.dup2(nothing, 2), os.close(nothing)
    time.time = lambda: clock() + offset

    def interrupt(*_: object) -> None:
        if stoppable:
            raise KeyboardInterrupt

    def jump(number: int, _: object) -> None:
        nonlocal offset
        offset += DAY if number == signal.SIGUSR1 else -DAY

    signal.signal(signal.SIGINT, interrupt)
    for number in CLOCK.values():
        signal.signal(number, jump)
    for seed in itertools.count():
        folder = Path(connection.recv())
        connection.send(("checked", [_damage(path) for path in training.list_checkpoints(folder)]))
        try:
            stoppable = True
            outcome = _train(algorithm, steps, folder, seed, connection)
            stoppable = False
        except BaseException as error:
            stoppable = False
            outcome = (type(error).__name__, traceback.format_exc()[-600:])
        gc.collect()
        connection.send(outcome)


def _damage(path: Path) -> str:
    try:
        read_checkpoint(path)
        return ""
    except Exception as error:
        return f"{path.name}: {type(error).__name__} {error}"


def _train(algorithm: str, steps: int, folder: Path, seed: int, connection: Any) -> tuple[str, Any]:
    """All weights have to come from the checkpoint: only where there is none, the networks are the usual ones."""
    resumed = bool(training.list_checkpoints(folder))
    function, networks, data = networks_of(algorithm, seed + 1 if resumed else 0)
    options = {**OPTIONS, "resume": resumed, "steps": steps, "checkpoints": folder}
    result = function(*networks, *data, callbacks=[lambda report: connection.send(("step", report.step))], **options)
    return ("interrupted", "") if result.interrupted else ("done", traces(folder, networks, result))


# In the process that interrupts.


@dataclass
class Record:
    """What happened to one algorithm; `failures` has to stay empty."""

    interruptions: Counter[str] = field(default_factory=Counter)
    in_checkpoint_write: int = 0
    before_first_step: int = 0
    lost_signals: int = 0
    odd_errors: int = 0
    trainings: int = 0
    processes: int = 0
    checkpoints_read: int = 0
    half_deleted: int = 0
    leftovers: int = 0
    missing_rows: int = 0
    failures: list[str] = field(default_factory=list)
    curves: list[list[tuple[float, int]]] = field(default_factory=list)  # of each process: MiB, open files
    seconds: float = 0.0


class Ended(Exception):
    """A training is done before it could be interrupted."""


class Worker:
    """A process that trains, as the other side sees it."""

    def __init__(self, algorithm: str, steps: int, record: Record) -> None:
        context = multiprocessing.get_context("fork")
        self.connection, other = context.Pipe()
        self.process = context.Process(target=work, args=(algorithm, steps, other), daemon=True)
        self.process.start()
        other.close()
        self.record, self.steps_seen = record, 0
        record.processes += 1
        record.curves.append([])

    def start(self, folder: Path) -> None:
        """Train on in a folder; what an interruption left there is marked, to see whether it goes."""
        for leftover in folder.glob(".writing_*"):
            self.record.leftovers += 1
            (leftover / "leftover").touch()
        self.folder, self.before = folder, _newest(folder)
        self.steps_seen = 0
        self.connection.send(str(folder))
        _, damage = self.receive()
        self.record.checkpoints_read += len(damage)
        self.record.half_deleted += sum(map(bool, damage[:-KEEP]))
        self.record.failures += [text for text in damage[-KEEP:] if text]

    def receive(self) -> tuple[str, Any]:
        """The next message. A step tells that leftovers have gone as soon as there is a new checkpoint."""
        if not self.connection.poll(SECONDS):
            raise TimeoutError(f"no news in {SECONDS} s")
        kind, content = self.connection.recv()
        if kind == "step":
            self.steps_seen += 1
            if _newest(self.folder) > self.before and list(self.folder.glob("*/leftover")):
                self.record.failures.append(f"step {content}: leftovers of an earlier process are still there")
        return kind, content

    def receive_end(self) -> tuple[str, Any]:
        """The message that ends a training, whatever steps come before."""
        while (message := self.receive())[0] == "step":
            pass
        return message

    def wait(self, calls: int, delay: float) -> None:
        """Let it train for so many calls, and a little more."""
        for _ in range(calls):
            kind, content = self.receive()
            if kind != "step":
                raise Ended(kind, content)
        time.sleep(delay)

    def is_writing(self) -> bool:
        return any(self.folder.glob(".writing_*"))

    def measure(self) -> None:
        """Note its memory and open files."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        kib = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        self.record.curves[-1].append((round(kib / 1024, 1), len(os.listdir(f"/proc/{self.process.pid}/fd"))))

    def close(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def _newest(folder: Path) -> str:
    return max((path.name for path in folder.glob("step_*")), default="")


def interrupt(worker: Worker, kind: str, rng: np.random.Generator) -> bool:
    """Do it; returns whether the process is still there. Raises Ended if the training was done by then."""
    pid, folder = worker.process.pid, worker.folder
    if kind in KILLS:
        os.kill(pid, getattr(signal, kind))
        worker.process.join(SECONDS)
        if worker.process.exitcode != -getattr(signal, kind):
            worker.record.failures.append(f"{kind}: exit code {worker.process.exitcode}")
        return False
    if kind in CLOCK:
        os.kill(pid, CLOCK[kind])
        worker.wait(2, 0)
        return True
    largest = max((path.stat().st_size for path in folder.glob("step_*/*")), default=30_000)
    unlimited = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    if kind == "full disk":
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (int(rng.integers(largest)), unlimited[1]))
    elif kind == "read-only folder":
        folder.chmod(0o555)
    else:
        os.kill(pid, signal.SIGINT)
    try:
        if kind == "SIGINT":
            outcome = _until_it_stops(worker)
        else:
            outcome = worker.receive_end()
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
        folder.chmod(0o755)
    if outcome[0] == "done":
        raise Ended(*outcome)
    if kind == "SIGINT" and outcome[0] in ("StagingError", "SystemError"):
        # TensorFlow's tracing may turn Ctrl-C into an error of its own. The training is stopped all the same, but what it
        # has traced is not to be trusted: the user would start the kernel again.
        worker.record.odd_errors += 1
        worker.process.kill()
        worker.process.join(SECONDS)
        return False
    if outcome[0] not in (("interrupted", "KeyboardInterrupt") if kind == "SIGINT" else ("OSError", "PermissionError")):
        worker.record.failures.append(f"{kind}: {outcome[0]} {outcome[1]}")
    worker.measure()
    return True


def _until_it_stops(worker: Worker) -> tuple[str, Any]:
    """Python drops an interrupt that hits a callback of C code: then the user presses Ctrl-C again."""
    while True:
        for _ in range(4):
            if (message := worker.receive())[0] != "step":
                return message
        worker.record.lost_signals += 1
        os.kill(worker.process.pid, signal.SIGINT)


def plan(count: int, rng: np.random.Generator) -> list[str]:
    """Kinds of interruptions: all in turn, kills twice; in the last third none that ends the process."""
    gentle = [*STOPS, *CLOCK]
    mixed = -(-2 * count // 3)
    first = list(itertools.islice(itertools.cycle([*KILLS, *gentle, *KILLS]), mixed))
    last = list(itertools.islice(itertools.cycle(gentle), count - mixed))
    return [*rng.permutation(first).tolist(), *rng.permutation(last).tolist()]


def soak(algorithm: str, count: int, steps: int, rng: np.random.Generator, folder: Path) -> Record:
    """Interrupt trainings so often, and compare each with one that nobody disturbed."""
    record, start, kinds, early = Record(), time.perf_counter(), plan(count, rng), [3.0]
    numbers = (folder / f"training_{number}" for number in itertools.count())

    def new_folder() -> Path:
        path = next(numbers)
        path.mkdir(parents=True)
        return path

    worker = Worker(algorithm, steps, record)
    worker.start(new_folder())
    _, unbroken = worker.receive_end()
    worker.close()
    worker, training_folder = Worker(algorithm, steps, record), new_folder()
    worker.start(training_folder)
    while True:
        try:
            if not kinds:
                raise Ended(*worker.receive_end())
            _disturb(worker, kinds[0], early, rng)
            kind = kinds.pop(0)
            if not worker.process.is_alive():
                worker.close()
                worker = Worker(algorithm, steps, record)
            if kind not in CLOCK:
                worker.start(training_folder)
        except Ended as end:
            record.failures += _compare(end.args, unbroken, training_folder, record)
            if not kinds or record.failures:
                break
            training_folder = new_folder()
            worker.start(training_folder)
        except (TimeoutError, EOFError, OSError) as error:
            record.failures.append(f"{kinds[:1]}: {type(error).__name__} {error}, exit code {worker.process.exitcode}")
            break
    worker.close()
    record.seconds = round(time.perf_counter() - start, 1)
    return record


def _disturb(worker: Worker, kind: str, early: list[float], rng: np.random.Generator) -> None:
    """Wait for a random moment, one in six before the first step, and interrupt."""
    start, fresh, record = time.perf_counter(), worker.steps_seen == 0, worker.record
    # TensorFlow writes the code that it makes of ours to a file: without that it cannot train in this process again.
    if fresh and kind != "full disk" and rng.random() < 1 / 6:
        time.sleep(rng.uniform(0, min(early)))
    else:
        worker.wait(1, 0)
        if fresh:
            early.append(time.perf_counter() - start)
        worker.wait(int(rng.integers(6)), rng.uniform(0, 0.1))
    writing = worker.is_writing()
    none_so_far = worker.steps_seen == 0 and not worker.connection.poll()
    interrupt(worker, kind, rng)
    record.interruptions[kind] += 1
    record.before_first_step += none_so_far
    record.in_checkpoint_write += writing
    print(f"{sum(record.interruptions.values()):4} {kind:18} {_newest(worker.folder)}", flush=True)


def _compare(end: tuple, unbroken: dict[str, Any], folder: Path, record: Record) -> list[str]:
    record.trainings += 1
    kind, found = end
    if kind != "done":
        return [f"a training ended by itself: {kind} {found}"]
    left = sorted(path.name for path in folder.iterdir())
    wrong = [] if len(left) == KEEP and all(name.startswith("step_") for name in left) else [f"left: {left}"]
    rows, expected = (dict(zip(h["step"], zip(*h.values()))) for h in (found.pop("history"), unbroken["history"]))
    record.missing_rows += len(expected.keys() - rows.keys())
    wrong += [f"other history at step {step}" for step, row in rows.items() if row != expected.get(step)]
    return wrong + [f"other {name} than an unbroken run" for name in found if found[name] != unbroken.get(name)]


def summary(record: Record) -> dict[str, Any]:
    """The record for JSON; of all processes that with most resumes shows how memory and open files go on."""
    content = asdict(record)
    curve = np.array(max(content.pop("curves"), key=len))
    slope = float(np.polyfit(np.arange(len(curve)), curve[:, 0], 1)[0]) if len(curve) > 2 else None
    memory = {"resumes": len(curve), "mib": curve[:, 0].tolist(), "mib_per_resume": slope} if len(curve) else {}
    files = {"open_files": curve[:, 1].astype(int).tolist()} if len(curve) else {}
    if files and np.ptp(curve[:, 1]) > 2:
        content["failures"].append(f"open files grow: {files['open_files']}")
    return {**content, "interruptions": dict(record.interruptions), "one_process": memory | files}


def respect_permissions() -> None:
    """Root writes in read-only folders by the capability CAP_DAC_OVERRIDE, number 1: do without it."""
    libc, header, data = ctypes.CDLL(None), (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc.capget(header, data)
    data[0] &= ~2
    libc.capset(header, data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interruptions", type=int, default=200, help="in all (200)")
    parser.add_argument("--algorithms", default=",".join(ALGORITHMS), help="names with commas (all three)")
    parser.add_argument("--steps", type=int, default=300, help="of each training (300)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("build/soak.json"), help="JSON file (build/soak.json)")
    chosen = parser.parse_args()
    names, start = chosen.algorithms.split(","), time.perf_counter()
    if unknown := set(names) - set(ALGORITHMS):
        parser.error(f"no algorithm is called {unknown.pop()!r}; there are: {', '.join(ALGORITHMS)}")
    respect_permissions()
    command = " ".join(["python -m tests.soak", *sys.argv[1:]])
    content = {"command": command, "versions": versions(), "cores": os.cpu_count(), "machine": platform.machine()}
    content |= {"seed": chosen.seed, "steps": chosen.steps, "algorithms": {}}
    for number, name in enumerate(names):
        count = chosen.interruptions // len(names) + (number < chosen.interruptions % len(names))
        with tempfile.TemporaryDirectory() as folder:
            record = soak(name, count, chosen.steps, np.random.default_rng([chosen.seed, number]), Path(folder))
        content["algorithms"][name] = summary(record)
        passed = {"load": os.getloadavg(), "seconds": round(time.perf_counter() - start)}
        write_json(chosen.out, {**content, **passed, "date": time.strftime("%Y-%m-%d %H:%M")})
        print(f"{name}: {json.dumps(content['algorithms'][name])}", flush=True)
    failed = any(result["failures"] for result in content["algorithms"].values())
    print(f"{'FAILED' if failed else 'bit for bit as unbroken'}: {chosen.out}")
    sys.exit(failed)


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
