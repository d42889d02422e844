"""A training step with its models, and how to run it from the same weights again."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import Model, ops

Weights = list[np.ndarray]

_PROBES = 128


class StepUnderTest:
    """The models, the step, and the weights as they were."""

    def __init__(
        self, generator: Model, discriminator: Model, step: Callable[..., Any], images: Any, labels: Any,
        optimizers: Sequence[keras.Optimizer],
    ) -> None:  # fmt: skip
        self.generator, self.discriminator = self.models = (generator, discriminator)
        # The step gets tensors where it was given tensors, whatever we do with them.
        as_given = [ops.convert_to_tensor if ops.is_tensor(array) else np.asarray for array in (images, labels)]
        self.step = lambda *batch: step(*(give(array) for give, array in zip(as_given, batch)))
        self.images, self.labels = np.asarray(images), None if labels is None else np.asarray(labels)
        compiled = [model.optimizer for model in self.models if getattr(model, "optimizer", None)]
        self.optimizers = list(optimizers) or compiled
        self.variables = [*generator.variables, *discriminator.variables]
        self.before = self._weights()
        rng = np.random.default_rng(0)
        self.noise = rng.standard_normal((_PROBES, generator.inputs[0].shape[-1])).astype(np.float32)
        self.probe_labels = None if labels is None else np.resize(labels, _PROBES)

    def _weights(self) -> Weights:
        # Copies: what `numpy` gives may share the variable's memory.
        return [np.array(variable.numpy()) for variable in self.variables]

    def run(self, images: Any = None, labels: Any = None, reseed: bool = True, start: Weights | None = None) -> Weights:
        """One step from the weights as they were, or from `start`; returns all weights after it."""
        self.restore(start)
        for variable in (variable for optimizer in self.optimizers for variable in optimizer.variables):
            if "learning_rate" not in variable.path:
                variable.assign(np.zeros(variable.shape, variable.dtype))
        if reseed:
            keras.utils.set_random_seed(0)
        batch = [self.images if images is None else images, self.labels if labels is None else labels]
        self.step(*batch[: 1 if self.labels is None else 2])
        return self._weights()

    def restore(self, values: Weights | None = None) -> None:
        for variable, value in zip(self.variables, values or self.before):
            variable.assign(value)

    def moved(self, variables: list[keras.Variable], after: Weights, start: Weights | None = None) -> list[bool]:
        """Which of the variables `run` has changed."""
        triples = zip(self.variables, start or self.before, after)
        still = {id(variable) for variable, old, new in triples if np.array_equal(old, new, equal_nan=True)}
        return [id(variable) not in still for variable in variables]

    def generate(self) -> np.ndarray:
        """Images from the probe noise, by the generator as it is now."""
        return _call(self.generator, self.noise, self.probe_labels, training=True)

    def mean_output(self, images: np.ndarray, labels: np.ndarray | None) -> float:
        """Mean logit, or probability, by the discriminator as it is now."""
        return float(_call(self.discriminator, images, labels, training=False).astype(np.float64).mean())


def _call(model: Model, first: np.ndarray, labels: np.ndarray | None, training: bool) -> np.ndarray:
    output = model([first, labels] if len(model.inputs) > 1 else first, training=training)
    return np.asarray(output[0] if isinstance(output, list | tuple) else output)
