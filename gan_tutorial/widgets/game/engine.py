"""A game in the plane that can be played step by step and changed while it runs; no widget, nothing painted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ...data import make_points
from ...models import build_points_discriminator, build_points_generator
from ...training import GANStep, Runtime, Trainer
from ...training.compilation import CompiledSteps
from ...training.data_sources import ArraySource
from .settings import Settings
from .view import View

PLAYERS = ("discriminator", "generator")
CURVES = ("step", "discriminator_loss", "generator_loss", "real_logit", "fake_logit", "gradient", "distance")
#: Rows of points on the device: fewer training points are repeated, so that their number can change.
_ROWS = 10_000
#: Moments that the curves hold; with twice as many, every other one is forgotten.
_MOMENTS = 300
_PENALTIES = ("r1", "r2", "gradient_penalty")
_NETWORKS = {
    "generator": ("seed", "latent_dim", "noise", "generator_layers", "generator_width"),
    "discriminator": ("seed", "discriminator_layers", "discriminator_width", "spectral_norm"),
}


class _Weight:
    """The weight of a penalty, changed without compiling again; as truth it counts as not zero."""

    def __init__(self, value: float) -> None:
        self.variable = tf.Variable(float(value), trainable=False)

    def __truediv__(self, number: float) -> tf.Tensor:
        return self.variable / number

    def __mul__(self, other: Any) -> tf.Tensor:
        return self.variable * other


class _Points(ArraySource):
    """Training points that can be exchanged."""

    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        self._variables = {name: tf.Variable(array, trainable=False) for name, array in arrays.items()}

    def exchange(self, arrays: dict[str, np.ndarray]) -> None:
        for name, variable in self._variables.items():
            variable.assign(arrays[name])

    def fetch(self) -> dict[str, tf.Tensor]:
        return {name: variable.value() for name, variable in self._variables.items()}


class Engine:
    """Plays a game with the package's own training.

    Rates, momentum, averaging, data and the weights of penalties that are on change at once; everything else compiles again,
    and keeps the weights of each network whose architecture stays. With n below 10 000 the points come in an order of their
    own; otherwise it takes the very steps of the program that `as_code` writes.

    Attributes:
        settings: see `Settings`; changed by `change`.
        step: training steps done.
        ready: whether it is compiled.
        history: lists by the names in CURVES.

    Example:
        >>> engine = Engine(Settings(data="line", generator_width=8, discriminator_width=8))
        >>> engine.advance(3)
        >>> engine.advance(2, ["discriminator"])
        >>> engine.step, engine.look()["fake"].shape
        (5, (400, 2))
    """

    _run: CompiledSteps

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.reset()

    def reset(self) -> None:
        """Start again, with new weights from the seed."""
        self.step = 0
        self.history: dict[str, list[float]] = {name: [] for name in CURVES}
        self._metrics: dict[str, float] = {}
        self._build({})

    def advance(self, count: int = 1, moving: Collection[str] = PLAYERS) -> None:
        """Train so many steps; only players named in `moving` move.

        Raises FloatingPointError if a loss or gradient is no longer finite.
        """
        done, metrics = self._run(count, moving)
        self.ready = True
        self.step += done
        self._metrics = metrics or self._metrics
        if done < count:
            raise FloatingPointError(f"diverged at step {self.step + 1}: lower the learning rates, or reset")

    def look(self, label: int = 0) -> dict[str, np.ndarray]:
        """What there is to see now, see `View.look`, and in "curves" the history, (names, moments)."""
        seen = self._view.look(label)
        if self._metrics and (not self.history["step"] or self.history["step"][-1] != self.step):
            numbers = {**self._metrics, "step": self.step, **{name: seen[name][0] for name in ("gradient", "distance")}}
            for name, values in self.history.items():
                values.append(float(numbers[name]))
            if len(self.history["step"]) >= 2 * _MOMENTS:
                self.history = {name: values[1::2] for name, values in self.history.items()}
        return {**seen, "curves": np.array(list(self.history.values()), np.float32)}

    def prepare(self) -> None:
        """Compile now, so that the first step need not wait."""
        self._run.compile(PLAYERS)
        self.ready = True

    def change(self, settings: Settings) -> None:
        """Go on with other settings."""
        before, self.settings = self.settings, settings
        changed = {name for name in settings.__dataclass_fields__ if getattr(before, name) != getattr(settings, name)}
        if "seed" in changed:
            self.reset()
            return
        live = {"generator_learning_rate", "discriminator_learning_rate", "beta_1", "ema", "n", "data", "points"}
        live |= {name for name in _PENALTIES if getattr(before, name) and getattr(settings, name)}
        same = before.num_classes == settings.num_classes
        if same and changed <= live:
            self._assign()
        else:
            networks = self._trainer.step.networks if same else {}
            self._build({name: network for name, network in networks.items() if not changed & set(_NETWORKS[name])})

    def _build(self, kept: dict[str, Any]) -> None:
        s, self.ready = self.settings, False
        data = make_points(s.distribution, s.n, seed=s.seed)
        given: dict[str, Any] = {"num_classes": s.num_classes, "seed": s.seed}
        generator = kept.get("generator") or build_points_generator(
            s.latent_dim, s.generator_width, hidden_layers=s.generator_layers, noise=s.noise, **given
        )
        discriminator = kept.get("discriminator") or build_points_discriminator(
            s.discriminator_width, s.spectral_norm, hidden_layers=s.discriminator_layers, **given
        )
        step = GANStep(
            generator, discriminator, loss=s.loss, discriminator_steps=s.discriminator_steps, decay_steps=0,
            generator_optimizer=self._sgd(), discriminator_optimizer=self._sgd(),
        )  # fmt: skip
        step.players["generator"] = replace(step.players["generator"], updates=s.generator_steps)
        for name in _PENALTIES:
            if weight := getattr(s, name):
                setattr(step, name, _Weight(weight))
        # An average that forgets at once is the generator itself.
        runtime = Runtime(mixed_precision=False)
        self._trainer = Trainer(step, self._rows(data), batch_size=s.batch_size, seed=s.seed, ema=0.5, runtime=runtime)
        self._run = self._trainer.by_hand()
        self._trainer.ema = self._ema = tf.Variable(0.0, trainable=False)
        self._run.source = self._points = _Points(self._trainer.data)
        self._run.state.step.assign(self.step)
        if s.optimizer == "adam":
            for optimizer in self._trainer.optimizers.values():
                optimizer.beta_1 = tf.Variable(0.0, trainable=False)
        self._view = View(self._trainer.averaged["generator"], discriminator, s)
        self._assign()

    def _assign(self) -> None:
        """Bring into the running training what can change at once."""
        s, trainer = self.settings, self._trainer
        for name, optimizer in trainer.optimizers.items():
            optimizer.learning_rate = getattr(s, f"{name}_learning_rate")
            if s.optimizer == "adam":
                optimizer.beta_1.assign(s.beta_1)
        for name in _PENALTIES:
            if isinstance(weight := getattr(trainer.step, name), _Weight):
                weight.variable.assign(getattr(s, name))
        self._ema.assign(s.ema)
        self._points.exchange(self._rows(make_points(s.distribution, s.n, seed=s.seed)))
        self._view.show_data(s)

    def _sgd(self) -> keras.optimizers.Optimizer | None:
        """Gradient descent, if that is wanted; its rate is assigned with all others."""
        return keras.optimizers.SGD() if self.settings.optimizer == "sgd" else None

    @staticmethod
    def _rows(data: Any) -> dict[str, np.ndarray]:
        repeats = -(-_ROWS // len(data.images))
        return {"image": np.tile(data.images, (repeats, 1))[:_ROWS], "label": np.tile(data.labels, repeats)[:_ROWS]}
