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
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .data import DATASETS, Dataset, load_dataset
from .data.conditions import first_category
from .data.validation import find
from .evaluation.registry import check_metric
from .evaluation.tracking import QualityTracker
from .files import write_csv, write_json
from .models import build_discriminator, build_generator
from .models.parts import check_image_shape
from .presets import get_preset, suited_preset
from .pretrained import ModelCard, save_model
from .sampling import generate_noise
from .training import GANStep, Report, Result, Runtime, Trainer, list_checkpoints
from .training.callbacks import MetricsLog, SamplePictures
from .training.callbacks.samples import Pace
from .training.options import keyword_options
from .training.trainer import Callback

#: The picture that a run generates again and again: rows of classes side by side, or so many images without classes.
_ROWS, _MAX_COLUMNS, _COUNT = 6, 24, 64

#: The options of the training that run.json can hold, with their defaults. The others are objects, None by default.
OPTIONS: dict[str, Any] = {
    name: option.default
    for name, option in keyword_options(Trainer, GANStep).items()
    if option.default is not None and name != "resume"
}


@dataclass(frozen=True)
class RunConfig:
    """Everything that defines a run, checked; run.json holds it.

    Args:
        data: name of a data set (see `gan-tutorial datasets`), or a folder of images, one sub-folder per class.
        size: side of a folder's images in pixels: 16...128, divisible by 4.
        grey: read a folder's images as grey.
        unconditional: ignore all conditions: train a plain GAN.
        conditions: which of the data's conditions the networks take, such as `kind` and `size` of shapes; by default all
            of them.
        preset: a recipe by name, whose settings hold for all that is not given; by default what suits the data: matching for
            portraits and shapes, which have several conditions.
        width: channels of the networks; by default 32, or 16 above 32 pixels.
        latent_dim: length of the noise.
        seed_channels: channels of the generator's first, smallest feature map; by default as many as the width asks for.
        generator_conditioning: how the generator uses its conditions.
        discriminator_conditioning: how the discriminator uses its conditions.
        blocks: what a stage of the networks is made of.
        upsampling: how the generator doubles its feature maps; by default resize from 64 pixels on, where transposed
            convolutions leave a visible checkerboard.
        activation: of the generator's hidden layers.
        stages: how often the discriminator halves its feature maps; by default as often as the generator doubles. One more
            lets it see more of the whole image.
        minibatch_deviation: let the discriminator see how much images differ.
        spectral_norm: bound the discriminator's slope by its largest singular values.
        codes: InfoGAN: how many labels to find, without being given any.
        continuous_codes: InfoGAN: how many continuous conditions to find.
        evaluate_every: steps between two measurements by metrics; none by default.
        metrics: which metrics, see `gan-tutorial evaluate`; seven quick ones by default.
        best_by: metric that decides which generator is kept as the best.
        command: the command that began the run.
        options: of `GANStep` and `Trainer`, by name; those of `OPTIONS`.
    """

    data: str
    size: int = 64
    grey: bool = False
    unconditional: bool = False
    conditions: list[str] = field(default_factory=list)
    preset: str = "default"
    width: int | None = None
    latent_dim: int = 64
    seed_channels: int | None = None
    generator_conditioning: str | None = None
    discriminator_conditioning: str | None = None
    blocks: str | None = None
    upsampling: str | None = None
    activation: str | None = None
    stages: int | None = None
    minibatch_deviation: bool = False
    spectral_norm: bool = False
    codes: int = 0
    continuous_codes: int = 0
    evaluate_every: int | None = None
    metrics: list[str] | None = None
    best_by: str = "frechet"
    command: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.data not in DATASETS:
            check_image_shape((self.size, self.size, 3))
        if self.evaluate_every is not None:
            Pace(self.evaluate_every)
        get_preset(self.preset)
        for name in (*(self.metrics or ()), self.best_by):
            check_metric(name)
        for name in self.options:
            find("option", name, OPTIONS)
        # With the defaults, so that a run goes on as it began when a later version has others.
        object.__setattr__(self, "options", {**OPTIONS, **self.options})
        GANStep(None, None, **self.options_of(GANStep))
        Trainer.check_options(**self.options_of(Trainer))

    def options_of(self, owner: type) -> dict[str, Any]:
        """The options of `GANStep`, or of `Trainer`."""
        return {name: value for name, value in self.options.items() if name in keyword_options(owner)}

    @property
    def is_infogan(self) -> bool:
        """Whether conditions are codes to be found."""
        return bool(self.codes or self.continuous_codes)


def run_config(data: str, **given: Any) -> RunConfig:
    """A `RunConfig` from its fields and the options of the training, all by name."""
    fields = {field.name for field in dataclasses.fields(RunConfig)} & given.keys()
    content = {"data": str(data), **{name: given.pop(name) for name in fields}}
    plain = content.get("unconditional") or content.get("codes") or content.get("continuous_codes")
    content.setdefault("preset", "default" if plain else suited_preset(data))
    content["options"] = {**get_preset(content["preset"]).training, **given}
    # As JSON gives it back: tuples are lists there.
    return RunConfig(**json.loads(json.dumps(content)))


def read_config(folder: str | Path) -> RunConfig:
    """The configuration of an existing run. Raises FileNotFoundError or ValueError."""
    path = Path(folder) / "run.json"
    if not path.is_file():
        raise FileNotFoundError(f"{folder} is not the folder of a run: {path} is missing")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.get("attributes") == []:  # as an earlier version wrote, where there were none
            del content["attributes"]
        return RunConfig(**content)
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is damaged, or of an earlier version: {error}") from error


def resumed_config(folder: str | Path, **given: Any) -> RunConfig:
    """The configuration with which an existing run goes on: its own, but for `steps`, which may change.

    Raises ValueError if another field or option is given that is not as the run's.
    """
    old = read_config(folder)
    before = {**vars(old), **old.options}
    del before["options"]
    new = run_config(**{**before, **given})
    for name, after in {**vars(new), **new.options}.items():
        if name not in ("steps", "options") and after != before[name]:
            raise ValueError(
                f"the run in {folder} has {name} {before[name]!r}, not {after!r}. Only the number of steps can change "
                "when it is resumed: leave the option out, or begin a run in another folder."
            )
    return new


def start_run(
    folder: str | Path, config: RunConfig, resume: bool = False, runtime: Runtime | None = None, sample_every: int = 250
) -> Result:
    """Carry out a run in `folder`; with `resume`, go on where it stopped, or begin if it never got to a checkpoint.

    Returns the `Result` of the training; interrupted, that of what was done. Raises FileExistsError if the folder holds
    something else, or a run and `resume` is False.
    """
    folder, done = Path(folder), steps_done(folder)
    # A run that never got to a checkpoint has nothing to lose.
    if not resume and (done or not (folder / "run.json").is_file()) and folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} exists and is not empty: resume it, or choose another folder")
    if config.options["steps"] < done:
        raise ValueError(f"{folder} has {done} steps already, more than {config.options['steps']}: choose more")
    data = load_dataset(config.data, "train", config.size, 1 if config.grey else 3, progress=True)
    if len(data.image_shape) != 3:
        raise ValueError(f"{config.data} holds points, not images; notebook 01 trains on them")
    g_options, d_options = _model_options(config, data)
    networks = build_generator(**g_options), build_discriminator(**d_options)
    # An InfoGAN finds conditions of its own: it is shown none.
    arrays = {"image": data.images} | ({} if config.is_infogan or config.unconditional else data.values)
    made_by = {"command": config.command, "seed": g_options["seed"]}
    card = ModelCard("build_generator", g_options, data=config.data, codes=config.is_infogan, **made_by)
    step = GANStep(*networks, **config.options_of(GANStep))
    options = {"checkpoints": folder / "checkpoints", "resume": done > 0, **config.options_of(Trainer)}
    trainer = Trainer(step, arrays, runtime=runtime, **options)
    callbacks = _callbacks(folder, config, data, card, sample_every)
    # Nothing is written before configuration, data and networks have been checked.
    write_json(folder / "run.json", dataclasses.asdict(config))
    result = trainer.fit(callbacks=callbacks, progress=done < trainer.steps)
    if result.step:
        _save_generator(folder / "generator", result, card)
        columns = [values.tolist() for values in result.history.values()]
        write_csv(folder / "history.csv", list(result.history), zip(*columns))
    return result


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
