"""Results of experiments on disk: one JSON file each, a row for each training.

After each training the file is written anew, whole. So an experiment can be
interrupted at any time, and goes on with what is missing.
"""

import json
import os
import platform
import time
from pathlib import Path

from tqdm.auto import tqdm

from ..data import data_folder
from ..pretrained import versions, write_json
from .catalogue import EXPERIMENTS


def results_folder():
    """The folder of the results that ship: `data/experiments`."""
    return data_folder() / "experiments"


def find_experiment(name):
    if name not in EXPERIMENTS:
        raise ValueError(f"no experiment is called {name!r}; there are: {', '.join(EXPERIMENTS)}")
    return EXPERIMENTS[name]


def load_experiment(name, folder=None):
    """The stored result of an experiment, a dict; `folder` None for the one that ships.

    "rows" holds a dict for each training: variant, seed, seconds, and its
    numbers; "diverged" instead of numbers if it did. The rest is the card:
    question, base, variants, answer, command, versions, hardware.

    Raises FileNotFoundError if there is none, ValueError if it is damaged.
    """
    find_experiment(name)
    path = Path(folder or results_folder()) / f"{name}.json"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; make it with: gan-tutorial experiment {name} --out {path.parent}")
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        for row in result["rows"]:
            row["variant"], row["seed"], row["seconds"]
        result["base"], result["variants"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is not the result of an experiment ({error}); delete it to start anew") from error
    return result


def run_experiment(name, folder, seeds=None, variants=None, changes=None, progress=True):
    """Train every variant with every seed, and store the numbers in `folder/NAME.json`.

    Trainings whose rows are there already, with the same settings, are not
    repeated. Returns the result, as `load_experiment` does.

    Args:
        seeds: how many, from 0 on; None for as many as the stored result has.
        variants: names of those to train; None for all.
        changes: settings to change in all variants, such as steps=200 for a quick look.
        progress: show a bar with the time left.
    """
    experiment = find_experiment(name)
    seeds = experiment.seeds if seeds is None else seeds
    if seeds < 1:
        raise ValueError(f"seeds must be at least 1, not {seeds}")
    chosen = list(experiment.variants) if variants is None else list(variants)
    for variant in chosen:
        if variant not in experiment.variants:
            raise ValueError(f"{name} has no variant {variant!r}; there are: {', '.join(experiment.variants)}")
    result = _card(name, experiment, changes or {})
    path = Path(folder) / f"{name}.json"
    result["rows"] = _usable_rows(path, result, seeds)
    done = {(row["variant"], row["seed"]) for row in result["rows"]}
    # Seed by seed: interrupted early, all variants have been seen.
    todo = [(v, seed) for seed in range(seeds) for v in chosen if (v, seed) not in done]
    with tqdm(todo, unit="training", disable=not progress) as bar:
        for variant, seed in bar:
            bar.set_postfix_str(f"{variant}, seed {seed}")
            row = _train(experiment, {**result["base"], **result["variants"][variant]}, variant, seed)
            result["rows"].append(row)
            result["seconds"] = round(sum(row["seconds"] for row in result["rows"]), 1)
            write_json(path, result)
    wanted = {(v, seed) for seed in range(seeds) for v in chosen}
    return {**result, "rows": [row for row in result["rows"] if (row["variant"], row["seed"]) in wanted]}


def _train(experiment, settings, variant, seed):
    start = time.perf_counter()
    try:
        numbers = {name: round(value, 5) for name, value in experiment.run(seed, **settings).items()}
    except FloatingPointError:
        numbers = {"diverged": True}
    return {"variant": variant, "seed": seed, "seconds": round(time.perf_counter() - start, 1), **numbers}


def _card(name, experiment, changes):
    card = {
        "name": name,
        "question": experiment.question,
        "command": f"python -m gan_tutorial experiment {name}",
        "answer": experiment.answer,
        "base": {**experiment.base, **changes},
        "variants": experiment.variants,
        "versions": versions(),
        "hardware": f"{platform.processor() or platform.machine()}, {len(_cores())} of {os.cpu_count()} cores",
        "created": time.strftime("%Y-%m-%d"),
    }
    # As JSON gives it back: tuples are lists there.
    return json.loads(json.dumps(card))


def _cores():
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count())


def _usable_rows(path, wanted, seeds):
    """Rows that were trained with the same settings: by an interrupted call, or for another experiment beside it."""
    rows = {}
    for file in sorted(path.parent.glob("*.json"), key=lambda file: file == path):
        if file.stem not in EXPERIMENTS:
            continue
        old = load_experiment(file.stem, path.parent)
        if old["base"] != wanted["base"]:
            continue
        for name, changes in wanted["variants"].items():
            twins = [variant for variant, settings in old["variants"].items() if settings == changes]
            for row in old["rows"]:
                # Of other experiments no more seeds than are asked for.
                if row["variant"] in twins and (file == path or row["seed"] < seeds):
                    rows[name, row["seed"]] = {**row, "variant": name}
    return list(rows.values())
