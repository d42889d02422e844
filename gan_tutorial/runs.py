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
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .data import DATASETS, Dataset, load_dataset
from .evaluation.registry import check_metric
from .evaluation.tracking import QualityTracker
from .files import write_csv, write_json
from .models import build_discriminator, build_generator
from .models.parts import check_image_shape
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
        unconditional: ignore the labels: train a plain GAN.
        attributes: continuous conditions, such as `size` of shapes.
        width: channels of the networks; by default 32, or 16 above 32 pixels.
        latent_dim: length of the noise.
        generator_conditioning: how the generator uses its label.
        discriminator_conditioning: how the discriminator uses its label.
        activation: of the generator's hidden layers.
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
    attributes: list[str] = field(default_factory=list)
    width: int | None = None
    latent_dim: int = 64
    generator_conditioning: str = "concat"
    discriminator_conditioning: str = "projection"
    activation: str = "relu"
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
        for name in (*(self.metrics or ()), self.best_by):
            check_metric(name)
        if unknown := [name for name in self.options if name not in OPTIONS]:
            raise ValueError(f"no option is called {unknown[0]!r}; there are: {', '.join(OPTIONS)}")
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
    content = {"data": str(data), **{name: given.pop(name) for name in fields}, "options": given}
    # As JSON gives it back: tuples are lists there.
    return RunConfig(**json.loads(json.dumps(content)))


def read_config(folder: str | Path) -> RunConfig:
    """The configuration of an existing run. Raises FileNotFoundError or ValueError."""
    path = Path(folder) / "run.json"
    if not path.is_file():
        raise FileNotFoundError(f"{folder} is not the folder of a run: {path} is missing")
    try:
        return RunConfig(**json.loads(path.read_text(encoding="utf-8")))
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
    card, arrays = _card(config, g_options, data), _arrays(config, data, g_options["num_classes"])
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
    num_classes = None if config.unconditional or data.num_classes < 2 else data.num_classes
    shared = {
        "image_shape": list(data.image_shape),
        "num_classes": (config.codes or None) if config.is_infogan else num_classes,
        "num_attributes": config.continuous_codes if config.is_infogan else len(config.attributes),
        "width": config.width or (32 if data.image_shape[0] <= 32 else 16),
        "seed": config.options["seed"],
    }
    generator = {
        "latent_dim": config.latent_dim,
        "conditioning": config.generator_conditioning,
        "activation": config.activation,
        # From 64 pixels on, transposed convolutions leave a visible checkerboard.
        "upsampling": "transposed" if data.image_shape[0] < 64 else "resize",
        **shared,
    }
    conditioning = "auxiliary" if config.is_infogan else config.discriminator_conditioning
    return generator, {"conditioning": conditioning, "spectral_norm": config.spectral_norm, **shared}


def _arrays(config: RunConfig, data: Dataset, num_classes: int | None) -> dict[str, np.ndarray]:
    """What is trained on; an InfoGAN finds conditions of its own: it is shown none."""
    if missing := [name for name in config.attributes if name not in data.attributes]:
        known = ", ".join(data.attributes) or "none"
        raise ValueError(f"{config.data} has no attribute {missing[0]!r}; it has: {known}")
    arrays = {"image": data.images}
    if config.is_infogan:
        return arrays
    if num_classes:
        arrays["label"] = data.labels
    if config.attributes:
        arrays["attributes"] = np.stack([data.attributes[name] for name in config.attributes], 1)
    return arrays


def _card(config: RunConfig, options: dict[str, Any], data: Dataset) -> ModelCard:
    classes, attributes = list(data.class_names), list(config.attributes)
    if config.is_infogan:
        classes = [f"code {i}" for i in range(config.codes)]
        attributes = [f"turn {i + 1}" for i in range(config.continuous_codes)]
    return ModelCard(
        "build_generator", options, data=config.data, class_names=classes if options["num_classes"] else None,
        attributes=attributes, codes=config.is_infogan, command=config.command, seed=options["seed"],
    )  # fmt: skip


def _callbacks(folder: Path, config: RunConfig, data: Dataset, card: ModelCard, sample_every: int) -> list[Callback]:
    classes, pace = card.options["num_classes"], Pace(sample_every)
    columns = min(classes, _MAX_COLUMNS) if classes else None
    labels = np.tile(np.arange(columns), _ROWS) if columns else None
    # With classes one noise per row: down a column all differs, along a row only the label.
    noise = generate_noise(_ROWS if columns else _COUNT, config.latent_dim, seed=card.seed).repeat(columns or 1, 0)

    def keep_generator(report: Report) -> None:
        if pace.is_due(report):
            _save_generator(folder / "generator", report, card)

    def keep_best(report: Report, numbers: dict[str, float]) -> None:
        _save_generator(folder / "best", report, card.replace(metrics=numbers))

    callbacks: list[Callback] = [SamplePictures(folder, noise, labels, sample_every, columns), keep_generator]
    if config.evaluate_every:
        tracker = QualityTracker(data, card, config.metrics, config.best_by)
        callbacks.append(MetricsLog(folder, tracker, config.evaluate_every, tracker.rank, keep_best))
    return callbacks


def _save_generator(stem: Path, state: Report | Result, card: ModelCard) -> None:
    save_model(state.generator, stem, card.replace(name=stem.name, steps=state.step, seconds=round(state.seconds, 1)))
