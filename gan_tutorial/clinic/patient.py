"""The models and the step under examination, and how to run the step from the same weights again."""

import keras
import numpy as np
from keras import ops

_PROBES = 128


class Patient:
    """The models, the step, and their weights as they were."""

    def __init__(self, generator, discriminator, step, images, labels, optimizers):
        self.generator, self.discriminator = generator, discriminator
        # The step gets tensors where it was given tensors, whatever we do with them.
        as_given = [ops.convert_to_tensor if ops.is_tensor(array) else np.asarray for array in (images, labels)]
        self.step = lambda *batch: step(*(give(array) for give, array in zip(as_given, batch)))
        self.images, self.labels = np.asarray(images), None if labels is None else np.asarray(labels)
        compiled = [model.optimizer for model in (generator, discriminator) if getattr(model, "optimizer", None)]
        self.optimizers = list(optimizers) or compiled
        self.models = (generator, discriminator)
        self.before = [_value(variable) for variable in self.variables]
        rng = np.random.default_rng(0)
        self.noise = rng.standard_normal((_PROBES, generator.inputs[0].shape[-1])).astype(np.float32)
        self.probe_labels = None if labels is None else np.resize(labels, _PROBES)

    @property
    def variables(self):
        return [variable for model in self.models for variable in model.variables]

    def run(self, images=None, labels=None, reseed=True, start=None):
        """One step from the weights as they were, or from `start`; returns all weights after it."""
        self.restore(start)
        self._restart_optimizers()
        if reseed:
            keras.utils.set_random_seed(0)
        images = self.images if images is None else images
        labels = self.labels if labels is None else labels
        self.step(images) if labels is None else self.step(images, labels)
        return [_value(variable) for variable in self.variables]

    def restore(self, values=None):
        for variable, value in zip(self.variables, self.before if values is None else values):
            variable.assign(value)

    def _restart_optimizers(self):
        for optimizer in self.optimizers:
            for variable in optimizer.variables:
                if "learning_rate" not in variable.path:
                    variable.assign(np.zeros(variable.shape, variable.dtype))

    def moved(self, model, after, start=None):
        """Which trainable weights of a model changed, since `run` began: (those that did, all)."""
        values = {id(variable): value for variable, value in zip(self.variables, after)}
        before = {
            id(variable): value for variable, value in zip(self.variables, self.before if start is None else start)
        }
        weights = model.trainable_variables
        return [w for w in weights if not np.array_equal(values[id(w)], before[id(w)])], weights

    def draw(self):
        """Images from the probe noise, by the generator as it is now."""
        inputs = [self.noise, self.probe_labels][: len(self.generator.inputs)]
        return np.asarray(self.generator(inputs if len(inputs) > 1 else inputs[0], training=True))

    def judge(self, images, labels=None):
        """Mean opinion of the discriminator as it is now."""
        inputs = [images, labels][: len(self.discriminator.inputs)]
        opinion = self.discriminator(inputs if len(inputs) > 1 else images, training=False)
        return float(np.mean(np.asarray(opinion[0] if isinstance(opinion, list | tuple) else opinion, np.float64)))


def _value(variable):
    # A copy: what `numpy` gives may share the variable's memory.
    return np.array(variable.numpy())
