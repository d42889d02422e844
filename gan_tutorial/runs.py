"""A run: one training and all it leaves, in a folder of its own.

run.json                the `RunConfig`; enough to resume
checkpoints/            the newest few, to resume from
generator.npz, .json    the averaged generator, with its card
history.csv             losses and logits
samples/                pictures of the same noise as training goes on
training.webp           those pictures as an animation
metrics.csv             with evaluate_every: metrics over the steps,
best.npz, best.json     the generator of the best measurement, and
tensorboard/            all numbers for TensorBoard
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .data import DATASETS, Dataset, load_dataset, load_folder, stream_folder
from .data.conditions import first_category
from .data.folder import count_images
from .evaluation.tracking import QualityTracker
from .files import write_csv, write_json
from .models import build_discriminator, build_generator
from .presets import get_preset
from .pretrained import ModelCard, save_model
from .run_config import RunConfig
from .sampling import generate_noise
from .training import GANStep, Report, Result, Runtime, Trainer, list_checkpoints
from .training.callbacks import MetricsLog, SamplePictures
from .training.callbacks.samples import Pace
from .training.distribution import is_chief
from .training.trainer import Callback

#: The picture that a run generates again and again: rows of classes side by side, or so many images without classes.
_ROWS, _MAX_COLUMNS, _COUNT = 6, 24, 64

#: A folder with more images is streamed; that many in colour, 64×64, take 2.5 GB.
_STREAMED = 50_000


def start_run(
    folder: str | Path, config: RunConfig, resume: bool = False, runtime: Runtime | None = None, sample_every: int = 250
) -> Result:
    """Carry out a run in `folder`; with `resume`, go on where it stopped, or begin if it never got to a checkpoint.

    Returns the `Result` of the training; interrupted, that of what was done. Raises FileExistsError if the folder holds
    something else, or a run and `resume` is False.
    """
    runtime = runtime or Runtime()
    folder, done, chief = Path(folder), steps_done(folder), is_chief(runtime.strategy())
    # A run that never got to a checkpoint has nothing to lose; a worker may come when the chief has begun to write.
    may_write = resume or not chief or (not done and (folder / "run.json").is_file())
    if not may_write and folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} exists and is not empty: resume it, or choose another folder")
    if config.options["steps"] < done:
        raise ValueError(f"{folder} has {done} steps already, more than {config.options['steps']}: choose more")
    if not done and config.data not in DATASETS and Path(config.data).expanduser().is_dir():
        config = dataclasses.replace(config, stream=config.stream or count_images(config.data) > _STREAMED)
    data, batches = _load(config)
    if len(data.image_shape) != 3:
        raise ValueError(f"{config.data} holds points, not images; notebook 01 trains on them")
    g_options, d_options = _model_options(config, data)
    networks = build_generator(**g_options), build_discriminator(**d_options)
    made_by = {"command": config.command, "seed": g_options["seed"]}
    card = ModelCard("build_generator", g_options, data=config.data, codes=config.is_infogan, **made_by)
    step = GANStep(*networks, **config.options_of(GANStep))
    options = {"checkpoints": folder / "checkpoints", "resume": done > 0, **config.options_of(Trainer)}
    trainer = Trainer(step, batches, runtime=runtime, **options)
    callbacks = _callbacks(folder, config, data, card, sample_every)
    # Nothing is written before configuration, data and networks have been checked.
    if chief:
        write_json(folder / "run.json", dataclasses.asdict(config))
    result = trainer.fit(callbacks=callbacks, progress=done < trainer.steps)
    if chief and result.step:
        _save_generator(folder / "generator", result, card)
        columns = [values.tolist() for values in result.history.values()]
        write_csv(folder / "history.csv", list(result.history), zip(*columns))
    return result


def _load(config: RunConfig) -> tuple[Dataset, Any]:
    """The data, and what of it to train on; of a folder that is streamed, the data is a sample: enough to measure with."""
    channels, options = 1 if config.grey else 3, config.options
    if config.stream:
        data = load_folder(config.data, config.size, channels, most=10_000 if config.evaluate_every else 100)
    else:
        data = load_dataset(config.data, "train", config.size, channels, progress=True)
    # An InfoGAN finds conditions of its own: it is shown none.
    arrays = {"image": data.images} | ({} if config.is_infogan or config.unconditional else data.values)
    if not config.stream:
        return data, arrays
    stream = stream_folder(config.data, config.size, options["batch_size"], channels, options["seed"])
    return data, stream.map(lambda batch: {name: batch[name] for name in arrays})


def steps_done(folder: str | Path) -> int:
    """How many steps the newest checkpoint of a run holds; 0 if there is none."""
    checkpoints = list_checkpoints(Path(folder) / "checkpoints")
    return int(checkpoints[-1].name.split("_")[-1]) if checkpoints else 0


def _model_options(config: RunConfig, data: Dataset) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options of both builders: those of the run, else those of its preset, else what suits the size of the images."""
    preset, size = get_preset(config.preset), data.image_shape[0]
    width, upsampling = 32 if size <= 32 else 16, "transposed" if size < 64 else "resize"
    shape, seed = list(data.image_shape), config.options["seed"]
    shared = {"image_shape": shape, "conditions": _conditions(config, data), "seed": seed}
    generator = {"width": width, "upsampling": upsampling, **preset.generator, **_given(build_generator, config)}
    discriminator = {"width": width, **preset.discriminator, **_given(build_discriminator, config)}
    if config.is_infogan:
        discriminator["conditioning"] = "auxiliary"
    return {**generator, **shared}, {**discriminator, **shared}


def _given(builder: Callable[..., Any], config: RunConfig) -> dict[str, Any]:
    """The options of a builder that a run gives; `conditioning` is "generator_conditioning" there, and so on."""
    network = builder.__name__.removeprefix("build_")
    names, fields = inspect.signature(builder).parameters, vars(config)
    values = {name: fields.get(f"{network}_{name}", fields.get(name)) for name in names}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def _conditions(config: RunConfig, data: Dataset) -> dict[str, Any]:
    """What the networks take, by name: conditions of the data or, of an InfoGAN, codes to be found."""
    if config.is_infogan:
        labels: dict[str, Any] = {"label": [f"code {i}" for i in range(config.codes)]} if config.codes else {}
        return labels | {f"turn_{i + 1}": [0.0, 1.0] for i in range(config.continuous_codes)}
    known = {} if config.unconditional else data.conditions
    if missing := [name for name in config.conditions if name not in known]:
        raise ValueError(f"{config.data} has no condition {missing[0]!r}; it has: {', '.join(known) or 'none'}")
    return {name: known[name].specification for name in config.conditions or known}


def _callbacks(folder: Path, config: RunConfig, data: Dataset, card: ModelCard, sample_every: int) -> list[Callback]:
    pace, first = Pace(sample_every), first_category(card.conditions)
    rows, columns = (_ROWS, min(len(first.categories), _MAX_COLUMNS)) if first else (_COUNT, 1)
    # One noise and one set of all else per row: down a column all differs, along a row only the first with categories.
    rng, noise = np.random.default_rng(card.seed), generate_noise(rows, config.latent_dim, seed=card.seed)
    asked = {name: condition.sample(rng, rows).repeat(columns) for name, condition in card.conditions.items()}
    if first:
        asked[first.name] = np.tile(np.arange(columns), rows)
    pictures = SamplePictures(folder, noise.repeat(columns, 0), asked, sample_every, columns if first else None)

    def keep_generator(report: Report) -> None:
        if pace.is_due(report):
            _save_generator(folder / "generator", report, card)

    def keep_best(report: Report, numbers: dict[str, float]) -> None:
        _save_generator(folder / "best", report, card.replace(metrics=numbers))

    callbacks: list[Callback] = [pictures, keep_generator]
    if config.evaluate_every:
        tracker = QualityTracker(data, card, config.metrics, config.best_by)
        callbacks.append(MetricsLog(folder, tracker, config.evaluate_every, tracker.rank, keep_best))
    return callbacks


def _save_generator(stem: Path, state: Report | Result, card: ModelCard) -> None:
    save_model(state.generator, stem, card.replace(name=stem.name, steps=state.step, seconds=round(state.seconds, 1)))
