"""What a training tells: a `Report` as it goes on, a `Result` at its end."""

from __future__ import annotations

from dataclasses import dataclass, field

import keras
import numpy as np


class _HasModels:
    """What reports and results share: models by name, and which of them generates pictures."""

    models: dict[str, keras.Model]
    sampler: str

    @property
    def generator(self) -> keras.Model:
        """The model to generate pictures with, its weights averaged if an average is kept."""
        return self.models[self.sampler]


@dataclass(frozen=True)
class Report(_HasModels):
    """How a training stands.

    Attributes:
        step, steps: done and to do.
        metrics: means over the steps since the last report, by name; for a GAN "discriminator_loss",
            "generator_loss", "auxiliary_loss", "augmentation_probability" and `steps.gan.logit_metrics`.
        images_per_second: since the last report.
        seconds: spent in training steps, earlier sessions included.
        seconds_left: estimated.
        models: the networks by name, with averaged weights where an average is kept.
        sampler: name of the model to generate pictures with; `generator` is that model.
        history: dict of lists, the numbers of all reports so far.
    """

    step: int
    steps: int
    metrics: dict[str, float]
    images_per_second: float
    seconds: float
    seconds_left: float
    models: dict[str, keras.Model] = field(repr=False)
    sampler: str
    history: dict[str, list[float]] = field(repr=False)


@dataclass(frozen=True)
class Result(_HasModels):
    """What a training leaves.

    Attributes:
        models, sampler: as in `Report`.
        history: arrays by name, one value per report: "step" and the metrics.
        step: how many steps were trained.
        seconds: spent in training steps, earlier sessions included.
        interrupted: whether it was stopped before its end.
        alerts: what the logits warned of, with the step of the first time.
    """

    models: dict[str, keras.Model] = field(repr=False)
    sampler: str = field(repr=False)
    history: dict[str, np.ndarray] = field(repr=False)
    step: int
    seconds: float
    interrupted: bool
    alerts: tuple[str, ...] = ()
