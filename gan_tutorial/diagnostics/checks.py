"""The single checks. Each takes a `StepUnderTest`, or the weights `after` one step, or both, and returns `Finding`s."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..models.interface import num_classes
from .step_under_test import StepUnderTest, Weights

OK, NOTE, FAULT = "ok", "note", "fault"
#: How far the last bias is moved to make the discriminator confidently wrong, in logits.
_CONFIDENT = 5.0


class Finding(NamedTuple):
    """One check: its name, its state ("ok", "note" or "fault"), and what was seen."""

    check: str
    state: str
    text: str


def _judge(check: str, holds: bool, text: str, otherwise: str) -> Finding:
    return Finding(check, OK, text) if holds else Finding(check, FAULT, otherwise)


def check_shapes(subject: StepUnderTest) -> Finding:
    made, given = tuple(subject.generator.output_shape[1:]), tuple(subject.images.shape[1:])
    otherwise = f"the generator makes {made}, the real images are {given}"
    return _judge("shapes", made == given, f"real and generated images are {given}", otherwise)


def check_range(subject: StepUnderTest) -> Finding:
    low, high = float(subject.images.min()), float(subject.images.max())
    activation = getattr(getattr(subject.generator.layers[-1], "activation", None), "__name__", "")
    bounds = {"tanh": (-1, 1), "sigmoid": (0, 1)}.get(activation)
    seen = f"real images lie in [{low:.3g}, {high:.3g}]"
    if bounds is None:
        return Finding("range", OK, f"{seen}; the generator's last layer has no bounds")
    reach = f"the generator's {activation} reaches [{bounds[0]}, {bounds[1]}]"
    fits = bounds[0] - 1e-3 <= low and high <= bounds[1] + 1e-3 and not bounds[0] < 0 <= low
    return _judge("range", fits, f"{seen}; {reach}", f"{seen}, but {reach}: scale the images")


def check_label_inputs(subject: StepUnderTest) -> Finding | None:
    if subject.labels is None:
        return None
    blind = " and ".join(m.name for m in subject.models if len(m.inputs) < 2 and not isinstance(m.output, list))
    return _judge("takes the label", not blind, "both networks have a place for it", f"no input for it: {blind}")


def check_finite(after: Weights) -> Finding | None:
    bad = sum(not np.isfinite(value).all() for value in after)
    return Finding("finite", FAULT, f"{bad} weight arrays hold NaN or infinity after the step") if bad else None


def check_moves(subject: StepUnderTest, name: str, after: Weights) -> Finding:
    check, weights = f"{name} moves", getattr(subject, name).trainable_variables
    moved, count = subject.moved(weights, after), len(weights)
    if not weights:
        return Finding(check, FAULT, "it has no trainable weights: it is frozen")
    if any(moved) and not all(moved):
        still = ", ".join([weight.path for weight, changed in zip(weights, moved) if not changed][:3])
        return Finding(check, NOTE, f"{sum(moved)} of {count} weight arrays changed; not {still}")
    otherwise = f"none of its {count} weight arrays changed: no gradient reaches it"
    return _judge(check, all(moved), f"all {count} weight arrays changed", otherwise)


def check_batch_statistics(subject: StepUnderTest, after: Weights) -> Finding | None:
    averages = [variable for variable in subject.generator.variables if "moving_mean" in variable.path]
    if not averages:
        return None
    moved = any(subject.moved(averages, after))
    otherwise = "the generator's moving averages stood still: it was called in inference mode, as `predict` does"
    return _judge("batch statistics", moved, "the generator's batch normalization was in training mode", otherwise)


def check_directions(subject: StepUnderTest, trials: int) -> Iterator[Finding]:
    """Does the gap between the discriminator's outputs widen, and does its output for generated images rise?"""
    gaps, rises = [], []
    subject.restore()
    old_fakes = subject.generate()
    for trial in range(trials):
        after = subject.run(reseed=trial == 0)
        new_fakes = subject.generate()
        subject.restore(after)
        real, old, new = _mean_outputs(subject, old_fakes, new_fakes)
        subject.restore()
        real_before, old_before, new_before = _mean_outputs(subject, old_fakes, new_fakes)
        gaps.append((real - old) - (real_before - old_before))
        # The step may have moved the discriminator first: its outputs before and after both count.
        rises.append((new - old + new_before - old_before) / 2)
    gap, rise = float(np.mean(gaps)), float(np.mean(rises))
    yield _direction("discriminator's way", gap, "the gap between real and generated images", "widens", "narrows")
    yield _direction("generator's way", rise, "the discriminator's opinion of generated images", "rises", "falls")


def _mean_outputs(subject: StepUnderTest, *fakes: np.ndarray) -> list[float]:
    """For the real images, and for each batch of generated ones."""
    generated = [subject.mean_output(images, subject.probe_labels) for images in fakes]
    return [subject.mean_output(subject.images, subject.labels), *generated]


def _direction(check: str, change: float, what: str, right: str, wrong: str) -> Finding:
    if change == 0:
        return Finding(check, FAULT, f"{what} does not change at all")
    otherwise = f"{what} {wrong} ({change:+.2g}): is a sign or a target the wrong way round?"
    return _judge(check, change > 0, f"{what} {right} ({change:+.2g})", otherwise)


def check_confident_mistakes(subject: StepUnderTest) -> Finding | None:
    """Move the last bias so that everything looks generated: a loss on logits now has a large gradient.

    None if there is no last bias, or nothing that could learn.
    """
    biases = [w for w in subject.discriminator.variables if w.name == "bias" and tuple(w.shape) == (1,)]
    weights = subject.discriminator.trainable_variables
    if not biases or not weights:
        return None
    shifted = [old - _CONFIDENT if w is biases[-1] else old for w, old in zip(subject.variables, subject.before)]
    learns = any(subject.moved(weights, subject.run(start=shifted), shifted))
    who, missing = "a discriminator that is surely wrong", "(from_logits=True is missing)"
    otherwise = f"{who} does not learn: is its logit taken for a probability? {missing}"
    return _judge("confident mistakes", learns, f"{who} learns from it", otherwise)


def check_what_counts(subject: StepUnderTest, after: Weights) -> Iterator[Finding]:
    """Same weights, same random numbers, other inputs: what the step ignores changes nothing."""
    again = subject.run()
    if any(subject.moved(subject.variables, again, after)):
        text = "the same step twice gives two results: give its optimizers, and let seeds rule its random numbers"
        yield Finding("what counts", NOTE, f"not checked: {text}")
        return

    def counts(check: str, other: Weights, otherwise: str) -> Finding:
        changed = any(subject.moved(subject.variables, other, again))
        return _judge(check, changed, "other ones change the step", otherwise)

    images, labels = subject.images, subject.labels
    noise = np.random.default_rng(1).uniform(images.min(), images.max(), images.shape).astype(images.dtype)
    yield counts("real images", subject.run(noise), "the discriminator never sees them")
    subject.run()
    yield counts("fresh noise", subject.run(reseed=False), "each step uses the same noise")
    if labels is not None:
        others = (labels + 1) % (num_classes(subject.generator) or labels.max() + 1)
        text = "other labels change nothing: they are thrown away or overwritten"
        yield counts("labels", subject.run(labels=others.astype(labels.dtype)), text)
