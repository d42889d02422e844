"""Everything that defines a run, checked, and as `run.json` holds it."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .data import DATASETS
from .data.validation import find
from .evaluation.registry import check_metric
from .models.parts import check_image_shape
from .presets import get_preset, suited_preset
from .training import GANStep, Trainer
from .training.callbacks.samples import Pace
from .training.options import keyword_options

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
        size: side of a folder's images in pixels: 16...256, divisible by 4.
        grey: read a folder's images as grey.
        stream: read a folder's images while training, not all beforehand: for more than fit in memory. A run on more than
            50,000 images always does.
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
        upsampling: how the generator doubles its feature maps; by default resize from 64 pixels on: smoother images,
            though fewer steps in the same time.
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
    stream: bool = False
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
        elif self.stream:
            raise ValueError(f"stream is for a folder of images, but {self.data} is a data set, which is in memory")
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
