"""A check-up for GAN training steps: do the right weights move in the right direction?

Nothing is known of the step but what it does. It is run several times from
the same weights, with the same random numbers, and on inputs that differ in
one thing; what changed tells what it pays attention to.
"""

from typing import NamedTuple

import keras
import numpy as np
from keras import ops

from .training.settings import num_classes_of

OK, NOTE, FAULT = "ok", "note", "fault"
_MARKS = {OK: "✓", NOTE: "·", FAULT: "✗"}
_PROBES = 128
#: How far the last bias is moved to make the discriminator confidently wrong, in logits.
_CONFIDENT = 5.0


class Finding(NamedTuple):
    """One check: its name, its state ("ok", "note" or "fault"), and what was seen."""

    check: str
    state: str
    text: str


class Checkup(NamedTuple):
    """The findings of `check_gan_step`, in order."""

    findings: list[Finding]

    @property
    def ok(self):
        return not self.faults

    @property
    def faults(self):
        """Names of the checks that failed."""
        return [finding.check for finding in self.findings if finding.state == FAULT]

    def __str__(self):
        width = max(len(finding.check) for finding in self.findings)
        return "\n".join(f"{_MARKS[f.state]} {f.check:{width}}  {f.text}" for f in self.findings)

    __repr__ = __str__


def check_gan_step(generator, discriminator, step, images, labels=None, optimizers=(), trials=4):
    """Tell whether a training step of a GAN does what it should.

    Args:
        generator: a Keras model, noise (and labels) to images; the first input is the noise.
        discriminator: a Keras model, images (and labels) to logits or
            probabilities (b, 1), or a list that begins with them.
        step: callable, step(images) or step(images, labels): one update of
            both players, however it does that.
        images: a batch of real images, an array or a tensor, as the step takes it.
        labels: their labels, for a conditional GAN.
        optimizers: those the step uses, so that each trial starts alike;
            compiled models bring their own. Without any, what needs repeated
            trials is not checked.
        trials: how often a direction is measured.

    Returns a `Checkup`; print it. Weights, and the optimizers given, are as
    before when it returns. (Optimizers are restarted: their memory is emptied.)
    """
    patient = _Patient(generator, discriminator, step, images, labels, optimizers)
    findings = [_shapes(patient), _range(patient), _label_inputs(patient)]
    if findings[0].state == FAULT:
        return Checkup(findings[:1])
    try:
        # Lets optimizers make their variables, which later trials empty.
        patient.run()
    except Exception as error:  # whatever the step raises is the finding
        reason = (str(error).strip().splitlines() or [""])[0][:200]
        findings.append(Finding("runs", FAULT, f"it raises {type(error).__name__}: {reason}"))
        return Checkup([finding for finding in findings if finding])
    finally:
        patient.restore()
    try:
        moved = patient.run()
        checks = (_finite, _generator_moves, _discriminator_moves, _batch_statistics)
        findings.append(Finding("runs", OK, "one step was done"))
        findings += [check(patient, moved) for check in checks]
        findings += _directions(patient, trials)
        findings.append(_confident_mistakes(patient))
        findings += _what_counts(patient, moved)
    finally:
        patient.restore()
    return Checkup([finding for finding in findings if finding])


class _Patient:
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

    def run(self, images=None, labels=None, reseed=True):
        """One step from the weights as they were; returns all weights after it."""
        self.restore()
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

    def moved(self, model, after):
        """Which trainable weights of a model changed: (those that did, all)."""
        values = {id(variable): value for variable, value in zip(self.variables, after)}
        before = {id(variable): value for variable, value in zip(self.variables, self.before)}
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


def _shapes(patient):
    made, given = patient.generator.output_shape[1:], patient.images.shape[1:]
    if tuple(made) == tuple(given):
        return Finding("shapes", OK, f"real and generated images are {tuple(given)}")
    return Finding("shapes", FAULT, f"the generator makes {tuple(made)}, the real images are {tuple(given)}")


def _range(patient):
    low, high = float(patient.images.min()), float(patient.images.max())
    activation = getattr(getattr(patient.generator.layers[-1], "activation", None), "__name__", "")
    bounds = {"tanh": (-1, 1), "sigmoid": (0, 1)}.get(activation)
    seen = f"real images lie in [{low:.3g}, {high:.3g}]"
    if bounds is None:
        return Finding("range", OK, f"{seen}; the generator's last layer has no bounds")
    reach = f"the generator's {activation} reaches [{bounds[0]}, {bounds[1]}]"
    beyond = low < bounds[0] - 1e-3 or high > bounds[1] + 1e-3
    if beyond or (bounds[0] < 0 <= low):
        return Finding("range", FAULT, f"{seen}, but {reach}: scale the images")
    return Finding("range", OK, f"{seen}; {reach}")


def _label_inputs(patient):
    if patient.labels is None:
        return None
    blind = [m.name for m in patient.models if len(m.inputs) < 2 and not isinstance(m.output, list)]
    if blind:
        return Finding("takes the label", FAULT, f"no input for it: {' and '.join(blind)}")
    return Finding("takes the label", OK, "both networks have a place for it")


def _finite(patient, after):
    bad = sum(not np.isfinite(value).all() for value in after)
    return Finding("finite", FAULT, f"{bad} weight arrays hold NaN or infinity after the step") if bad else None


def _generator_moves(patient, after):
    return _moves(patient, patient.generator, "generator moves", after)


def _discriminator_moves(patient, after):
    return _moves(patient, patient.discriminator, "discriminator moves", after)


def _moves(patient, model, check, after):
    moved, weights = patient.moved(model, after)
    if not weights:
        return Finding(check, FAULT, "it has no trainable weights: it is frozen")
    if not moved:
        return Finding(check, FAULT, f"none of its {len(weights)} weight arrays changed: no gradient reaches it")
    if len(moved) < len(weights):
        still = [w.path for w in weights if not any(w is m for m in moved)]
        return Finding(check, NOTE, f"{len(moved)} of {len(weights)} weight arrays changed; not {', '.join(still[:3])}")
    return Finding(check, OK, f"all {len(weights)} weight arrays changed")


def _batch_statistics(patient, after):
    # The generator's variables come first.
    averages = [i for i, variable in enumerate(patient.generator.variables) if "moving_mean" in variable.path]
    if not averages:
        return None
    if all(np.array_equal(after[i], patient.before[i]) for i in averages):
        return Finding(
            "batch statistics", FAULT,
            "the generator's moving averages stood still: it was called in inference mode, as `predict` does",
        )  # fmt: skip
    return Finding("batch statistics", OK, "the generator's batch normalization was in training mode")


def _directions(patient, trials):
    """Does the discriminator's gap widen, and do generated images gain the discriminator's favour?"""
    gaps, favours = [], []
    patient.restore()
    old_fakes = patient.draw()
    patient.restore()
    labels = patient.probe_labels
    for trial in range(trials):
        after = patient.run(reseed=trial == 0)
        patient.restore(after)
        new_fakes = patient.draw()
        patient.restore(after)
        real, old, new = _opinions(patient, old_fakes, new_fakes, labels)
        patient.restore()
        real_before, old_before, new_before = _opinions(patient, old_fakes, new_fakes, labels)
        gaps.append((real - old) - (real_before - old_before))
        # The step may have moved the discriminator first: both its old and its new opinion count.
        favours.append((new - old + new_before - old_before) / 2)
    gap, favour = np.mean(gaps), np.mean(favours)
    yield _direction("discriminator's way", gap, "the gap between real and generated images", "widens", "narrows")
    yield _direction("generator's way", favour, "the discriminator's opinion of generated images", "rises", "falls")


def _opinions(patient, old_fakes, new_fakes, labels):
    return (
        patient.judge(patient.images, patient.labels),
        patient.judge(old_fakes, labels),
        patient.judge(new_fakes, labels),
    )


def _direction(check, change, what, right, wrong):
    if change > 0:
        return Finding(check, OK, f"{what} {right} ({change:+.2g})")
    if change == 0:
        return Finding(check, FAULT, f"{what} does not change at all")
    return Finding(check, FAULT, f"{what} {wrong} ({change:+.2g}): is a sign or a target the wrong way round?")


def _confident_mistakes(patient):
    """Move the last bias so that everything looks generated: a loss on logits now pulls hard."""
    biases = [getattr(layer, "bias", None) for layer in patient.discriminator.layers]
    biases = [bias for bias in biases if bias is not None and tuple(bias.shape) == (1,)]
    if not biases:
        return None
    shifted = [value.copy() for value in patient.before]
    place = next(i for i, variable in enumerate(patient.variables) if variable is biases[-1])
    shifted[place] = shifted[place] - _CONFIDENT
    kept, patient.before = patient.before, shifted
    try:
        moved, weights = patient.moved(patient.discriminator, patient.run())
    finally:
        patient.before = kept
        patient.restore()
    if not moved and weights:
        return Finding(
            "confident mistakes", FAULT,
            "a discriminator that is surely wrong does not learn: is its logit taken for a probability? "
            "(from_logits=True is missing)",
        )  # fmt: skip
    return Finding("confident mistakes", OK, "a discriminator that is surely wrong learns from it")


def _what_counts(patient, moved):
    """Same weights, same random numbers, other inputs: what the step takes no notice of changes nothing."""
    again = patient.run()
    if not _same(moved, again):
        text = "the same step twice gives two results: give its optimizers, and let seeds rule its random numbers"
        return [Finding("what counts", NOTE, f"not checked: {text}")]
    findings = []
    noise = np.random.default_rng(1).uniform(patient.images.min(), patient.images.max(), patient.images.shape)
    other = patient.run(noise.astype(patient.images.dtype))
    findings.append(_counts("real images", not _same(again, other), "the discriminator never sees them"))
    patient.run()
    other = patient.run(reseed=False)
    findings.append(_counts("fresh noise", not _same(again, other), "each step uses the same noise"))
    if patient.labels is not None:
        classes = num_classes_of(patient.generator) if _has_embedding(patient.generator) else patient.labels.max() + 1
        shifted = ((patient.labels + 1) % classes).astype(patient.labels.dtype)
        other = patient.run(labels=shifted)
        text = "other labels change nothing: they are thrown away or overwritten"
        findings.append(_counts("labels", not _same(again, other), text))
    return findings


def _has_embedding(model):
    return any(layer.name == "label_embedding" for layer in model.layers)


def _value(variable):
    # A copy: what `numpy` gives may share the variable's memory.
    return np.array(variable.numpy())


def _same(a, b):
    return all(np.array_equal(x, y, equal_nan=True) for x, y in zip(a, b))


def _counts(check, holds, otherwise):
    return Finding(check, OK, "other ones change the step") if holds else Finding(check, FAULT, otherwise)
