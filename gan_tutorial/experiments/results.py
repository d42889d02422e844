"""Results of experiments on disk: one JSON file each, a row for each training.

The file is rewritten after each training: an interrupted experiment goes on with what is missing. Each row has a
"provenance": versions, hardware, date, and the experiment that it was trained for. A row is reused, also by another
experiment in the same folder, only if settings and versions of TensorFlow, Keras, NumPy and this package are the same,
and keeps its provenance. Else it is trained again.
"""

import itertools
import json
import os
import platform
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm

from .. import __version__
from ..data import data_folder
from ..data.validation import find
from ..files import write_json
from ..pretrained.cards import versions
from .catalogue import EXPERIMENTS, Experiment

Json = dict[str, Any]
Rows = dict[tuple[str, int], Json]


def load_experiment(name: str, folder: str | Path | None = None) -> Json:
    """The stored result of an experiment, a dict; `folder` None for the one that ships.

    "rows" holds a dict for each training: variant, seed, seconds, provenance, and its numbers; "diverged" instead of
    numbers if it did. The rest is the card: question, base, variants, answer, command, seconds. Raises FileNotFoundError
    if there is none, ValueError if it is damaged.
    """
    find("experiment", name, EXPERIMENTS)
    path = Path(folder or data_folder("experiments")) / f"{name}.json"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; make it with: gan-tutorial experiment {name} --out {path.parent}")
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        missing = {"question", "answer", "base", "variants", "rows"} - result.keys()
        missing = missing.union(*({"variant", "seed", "seconds"} - row.keys() for row in result["rows"]))
        if missing or any(row["variant"] not in result["variants"] for row in result["rows"]):
            raise ValueError(f"without {', '.join(sorted(missing)) or 'the variants of its rows'}")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not the result of an experiment ({error}); delete it to start again") from error
    # Files of version 0.1 say once for all rows how they were made.
    shared = {key: result.pop(key) for key in ("versions", "hardware", "created") if key in result}
    for row in result["rows"]:
        row.setdefault("provenance", shared)
    return result


def run_experiment(
    name: str, folder: str | Path, seeds: int | None = None, variants: list[str] | None = None,
    changes: Json | None = None, progress: bool = True,
) -> Json:  # fmt: skip
    """Train every variant with every seed, and store the numbers in `folder/NAME.json`.

    What the folder has with the same settings and versions is not repeated. Returns what `load_experiment` does.

    Args:
        seeds: how many, from 0 on; None for as many as the stored result has.
        variants: names of those to train; None for all.
        changes: settings to change in all variants, such as steps=200 for a quick look.
        progress: show a bar with the time left.
    """
    experiment, path = find("experiment", name, EXPERIMENTS), Path(folder) / f"{name}.json"
    seeds = experiment.seeds if seeds is None else seeds
    if seeds < 1:
        raise ValueError(f"seeds must be at least 1, not {seeds}")
    for variant in variants or ():
        if variant not in experiment.variants:
            raise ValueError(f"{name} has no variant {variant!r}; there are: {', '.join(experiment.variants)}")
    card, provenance = _card(name, experiment, changes or {}), _provenance(name)
    # Seed by seed: interrupted early, there is something of each variant.
    wanted = [(variant, seed) for seed in range(seeds) for variant in variants or experiment.variants]
    rows = _reusable_rows(path, card, provenance["versions"], wanted)
    todo = [key for key in wanted if key not in rows]
    with tqdm(todo, unit="training", disable=not progress) as bar:
        for variant, seed in bar:
            bar.set_postfix_str(f"{variant}, seed {seed}")
            numbers = _train(experiment, {**card["base"], **card["variants"][variant]}, seed)
            rows[variant, seed] = {"variant": variant, "seed": seed, **numbers, "provenance": provenance}
            write_json(path, _result(card, rows.values()))
    if not todo:
        write_json(path, _result(card, rows.values()))
    return _result(card, [rows[key] for key in rows if key in wanted])


def _card(name: str, experiment: Experiment, changes: Json) -> Json:
    card = {
        "name": name, "question": experiment.question, "command": f"python -m gan_tutorial experiment {name}",
        "answer": experiment.answer, "base": {**experiment.base, **changes}, "variants": experiment.variants,
    }  # fmt: skip
    # As JSON gives it back: tuples are lists there.
    return json.loads(json.dumps(card))


def _provenance(name: str) -> Json:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    hardware = f"{platform.processor() or platform.machine()}, {cores} of {os.cpu_count()} cores"
    made_by = {**versions(), "gan_tutorial": __version__}
    return {"experiment": name, "versions": made_by, "hardware": hardware, "created": time.strftime("%Y-%m-%d")}


def _reusable_rows(path: Path, card: Json, versions: Json, wanted: list[tuple[str, int]]) -> Rows:
    """Rows of all files in the folder that were trained with the card's settings and these versions."""
    decisive = {key: versions[key] for key in ("tensorflow", "keras", "numpy", "gan_tutorial")}
    rows: Rows = {}
    # The experiment's own rows first, also those of seeds that are not wanted now.
    for name in sorted(EXPERIMENTS, key=lambda name: name != path.stem):
        if not path.with_stem(name).is_file() or EXPERIMENTS[name].run != EXPERIMENTS[path.stem].run:
            continue
        old = load_experiment(name, path.parent)
        for row, variant in itertools.product(old["rows"], card["variants"]):
            key, made_by = (variant, row["seed"]), row["provenance"].get("versions", {})
            settings = {**old["base"], **old["variants"][row["variant"]]}
            same = settings == {**card["base"], **card["variants"][variant]} and decisive.items() <= made_by.items()
            if same and (name == path.stem or key in wanted):
                rows.setdefault(key, {**row, "variant": variant})
    return rows


def _train(experiment: Experiment, settings: Json, seed: int) -> Json:
    start = time.perf_counter()
    try:
        numbers = {name: round(value, 5) for name, value in experiment.run(seed, **settings).items()}
    except FloatingPointError:
        numbers = {"diverged": True}
    return {"seconds": round(time.perf_counter() - start, 1), **numbers}


def _result(card: Json, rows: Iterable[Json]) -> Json:
    rows = list(rows)
    return {**card, "rows": rows, "seconds": round(sum(row["seconds"] for row in rows), 1)}
