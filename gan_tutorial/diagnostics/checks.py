"""The single checks. Each takes a `StepUnderTest`, or the weights `after` one step, or both, and returns `Finding`s.

What they say is in translations/*/checkup.json, by the name of the check and by the state, or what tells more than it.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ..models.interface import num_classes
from ..translations import language, read
from .step_under_test import StepUnderTest, Weights

OK, NOTE, FAULT = "ok", "note", "fault"
#: How far the last bias is moved to make the discriminator confidently wrong, in logits.
_CONFIDENT = 5.0
_SENTENCES = read("checkup", language())


class Finding(NamedTuple):
    """One check: its name, its state ("ok", "note" or "fault"), and what was seen."""

    check: str
    state: str
    text: str


def found(check: str, state: str, key: str | None = None, **fields: Any) -> Finding:
    """A finding with its sentence, which stands under `key`, or under the state."""
    return Finding(check, state, _SENTENCES[check][key or state].format(**fields))


def _judge(check: str, holds: bool, **fields: Any) -> Finding:
    return found(check, OK if holds else FAULT, **fields)


def check_shapes(subject: StepUnderTest) -> Finding:
    made, given = tuple(subject.generator.output_shape[1:]), tuple(subject.images.shape[1:])
    return _judge("shapes", made == given, made=made, given=given)


def check_range(subject: StepUnderTest) -> Finding:
    low, high = float(subject.images.min()), float(subject.images.max())
    activation = getattr(getattr(subject.generator.layers[-1], "activation", None), "__name__", "")
    bounds = {"tanh": (-1, 1), "sigmoid": (0, 1)}.get(activation)
    if bounds is None:
        return found("range", OK, "unbounded", low=low, high=high)
    least, most = bounds
    fits = least - 1e-3 <= low and high <= most + 1e-3 and not least < 0 <= low
    return _judge("range", fits, low=low, high=high, activation=activation, least=least, most=most)


def check_label_inputs(subject: StepUnderTest) -> Finding | None:
    if subject.labels is None:
        return None
    blind = [m.name for m in subject.models if len(m.inputs) < 2 and not isinstance(m.output, list)]
    return _judge("takes the label", not blind, blind=_SENTENCES["takes the label"]["and"].join(blind))


def check_finite(after: Weights) -> Finding | None:
    bad = sum(not np.isfinite(value).all() for value in after)
    return found("finite", FAULT, bad=bad) if bad else None


def check_moves(subject: StepUnderTest, name: str, after: Weights) -> Finding:
    check, weights = f"{name} moves", getattr(subject, name).trainable_variables
    moved, count = subject.moved(weights, after), len(weights)
    if not weights:
        return found(check, FAULT, "frozen")
    if any(moved) and not all(moved):
        still = ", ".join([weight.path for weight, changed in zip(weights, moved) if not changed][:3])
        return found(check, NOTE, moved=sum(moved), count=count, still=still)
    return _judge(check, all(moved), count=count)


def check_batch_statistics(subject: StepUnderTest, after: Weights) -> Finding | None:
    averages = [variable for variable in subject.generator.variables if "moving_mean" in variable.path]
    if not averages:
        return None
    return _judge("batch statistics", any(subject.moved(averages, after)))


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
    yield _direction("discriminator's way", float(np.mean(gaps)))
    yield _direction("generator's way", float(np.mean(rises)))


def _mean_outputs(subject: StepUnderTest, *fakes: np.ndarray) -> list[float]:
    """For the real images, and for each batch of generated ones."""
    generated = [subject.mean_output(images, subject.probe_labels) for images in fakes]
    return [subject.mean_output(subject.images, subject.labels), *generated]


def _direction(check: str, change: float) -> Finding:
    if change == 0:
        return found(check, FAULT, "unchanged")
    return _judge(check, change > 0, change=change)


def check_confident_mistakes(subject: StepUnderTest) -> Finding | None:
    """Move the last bias so that everything looks generated: a loss on logits now has a large gradient.

    None if there is no last bias, or nothing that could learn.
    """
    biases = [w for w in subject.discriminator.variables if w.name == "bias" and tuple(w.shape) == (1,)]
    weights = subject.discriminator.trainable_variables
    if not biases or not weights:
        return None
    shifted = [old - _CONFIDENT if w is biases[-1] else old for w, old in zip(subject.variables, subject.before)]
    return _judge("confident mistakes", any(subject.moved(weights, subject.run(start=shifted), shifted)))


def check_what_counts(subject: StepUnderTest, after: Weights) -> Iterator[Finding]:
    """Same weights, same random numbers, other inputs: what the step ignores changes nothing."""
    again = subject.run()
    if any(subject.moved(subject.variables, again, after)):
        yield found("what counts", NOTE)
        return

    def counts(check: str, other: Weights) -> Finding:
        return _judge(check, any(subject.moved(subject.variables, other, again)))

    images, labels = subject.images, subject.labels
    noise = np.random.default_rng(1).uniform(images.min(), images.max(), images.shape).astype(images.dtype)
    yield counts("real images", subject.run(noise))
    subject.run()
    yield counts("fresh noise", subject.run(reseed=False))
    if labels is not None:
        others = (labels + 1) % (num_classes(subject.generator) or labels.max() + 1)
        yield counts("labels", subject.run(labels=others.astype(labels.dtype)))
