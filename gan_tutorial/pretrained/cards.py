"""The card of a stored model: how to build it, what its labels mean, and how it came about."""

from __future__ import annotations

import dataclasses
import json
import platform
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..data.conditions import Condition, Specification, as_conditions
from ..files import write_json

#: The functions of `gan_tutorial.models` that a card may name; first those whose models make images of noise.
GENERATORS = ("build_generator", "build_style_generator")
BUILDERS = (*GENERATORS, "build_discriminator", "build_classifier", "build_encoder", "build_unet_generator")
#: Names that cards of earlier versions used.
_FORMER = {"build_translator": "build_unet_generator"}


@dataclass(frozen=True)
class ModelCard:
    """All that is known of a stored model, besides its weights.

    Attributes:
        builder, options: the function of `gan_tutorial.models` that builds it, and its arguments.
        data: name or folder of what it was trained on.
        class_names: one name per label; None without labels.
        codes: whether its conditions are codes that an InfoGAN found.
        command, seed: what makes it again.
        steps, seconds, metrics: how long it was trained, and how good it is, by name.
        versions, created, sha256: versions of what decides the numbers, date, and sum of the weights, by `save_model`.

    Example:
        >>> import gan_tutorial as gt
        >>> gt.ModelCard("build_generator", {"image_shape": (64, 64, 3)}, data="shapes").image_shape
        (64, 64, 3)
    """

    builder: str
    options: dict[str, Any]
    name: str = ""
    data: str | None = None
    class_names: list[str] | None = None
    codes: bool = False
    command: str | None = None
    seed: int | None = None
    steps: int | None = None
    seconds: float | None = None
    metrics: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    created: str = ""
    sha256: str = ""

    def __post_init__(self) -> None:
        if self.builder not in BUILDERS:
            raise ValueError(f"no builder is called {self.builder!r}; there are: {', '.join(BUILDERS)}")
        options = dict(self.options)
        if written := options.get("conditions"):  # as JSON can hold them, though a data set's own were given
            plain = {name: c.specification if isinstance(c, Condition) else c for name, c in dict(written).items()}
            object.__setattr__(self, "options", {**options, "conditions": plain})

    @property
    def image_shape(self) -> tuple[int, ...]:
        """Shape of the model's images, (height, width, channels)."""
        return tuple(self.options.get("image_shape", (28, 28, 1)))

    @property
    def conditions(self) -> dict[str, Condition]:
        """What the model can be asked for, or tells, by name."""
        written: dict[str, Specification] = dict(self.options.get("conditions") or {})
        if count := self.options.get("num_classes"):
            written = {"label": self.class_names or count, **written}
        return as_conditions(None, written)

    def replace(self, **changes: Any) -> ModelCard:
        """The card with some entries changed."""
        return dataclasses.replace(self, **changes)

    def write(self, path: str | Path) -> None:
        """Write the card as JSON, whole or not at all."""
        write_json(path, dataclasses.asdict(self))


def load_card(stem: str | Path) -> ModelCard:
    """The card of a stored model, by its path without ending. FileNotFoundError without one, ValueError if damaged."""
    path = Path(f"{stem}.json")
    if not path.is_file():
        raise FileNotFoundError(f"there is no model {stem}: {path} is missing")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.pop("attributes", None):
            raise ValueError("it is of an earlier version, whose conditions had no names: train the model again")
        # Earlier versions wrote how many of these there are, even if none.
        options = {name: value for name, value in dict(content["options"]).items() if name != "num_attributes"}
        builder = _FORMER.get(content["builder"], content["builder"])
        return ModelCard(**{**content, "builder": builder, "options": options})
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} cannot be read as the card of a model: {error}") from error


def versions() -> dict[str, str]:
    """Versions of what decides the numbers of a training."""
    import keras
    import numpy
    import tensorflow

    libraries = {library.__name__: library.__version__ for library in (tensorflow, keras, numpy)}
    return {"python": platform.python_version(), **libraries, "platform": f"{sys.platform} {platform.machine()}"}
