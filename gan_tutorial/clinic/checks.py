"""The questions of a check-up. Each takes a `Patient`, most the weights after a step too, and returns what it found."""

from typing import NamedTuple

import numpy as np

from ..training.settings import num_classes_of

OK, NOTE, FAULT = "ok", "note", "fault"
#: How far the last bias is moved to make the discriminator confidently wrong, in logits.
_CONFIDENT = 5.0


class Finding(NamedTuple):
    """One check: its name, its state ("ok", "note" or "fault"), and what was seen."""

    check: str
    state: str
    text: str


def check_shapes(patient):
    made, given = patient.generator.output_shape[1:], patient.images.shape[1:]
    if tuple(made) == tuple(given):
        return Finding("shapes", OK, f"real and generated images are {tuple(given)}")
    return Finding("shapes", FAULT, f"the generator makes {tuple(made)}, the real images are {tuple(given)}")


def check_range(patient):
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


def check_label_inputs(patient):
    if patient.labels is None:
        return None
    blind = [m.name for m in patient.models if len(m.inputs) < 2 and not isinstance(m.output, list)]
    if blind:
        return Finding("takes the label", FAULT, f"no input for it: {' and '.join(blind)}")
    return Finding("takes the label", OK, "both networks have a place for it")


def check_finite(patient, after):
    bad = sum(not np.isfinite(value).all() for value in after)
    return Finding("finite", FAULT, f"{bad} weight arrays hold NaN or infinity after the step") if bad else None


def check_generator_moves(patient, after):
    return _moves(patient, patient.generator, "generator moves", after)


def check_discriminator_moves(patient, after):
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


def check_batch_statistics(patient, after):
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


def check_directions(patient, trials):
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


def check_confident_mistakes(patient):
    """Move the last bias so that everything looks generated: a loss on logits now pulls hard."""
    biases = [getattr(layer, "bias", None) for layer in patient.discriminator.layers]
    biases = [bias for bias in biases if bias is not None and tuple(bias.shape) == (1,)]
    if not biases:
        return None
    shifted = list(patient.before)
    place = next(i for i, variable in enumerate(patient.variables) if variable is biases[-1])
    shifted[place] = shifted[place] - _CONFIDENT
    moved, weights = patient.moved(patient.discriminator, patient.run(start=shifted), shifted)
    if not moved and weights:
        return Finding(
            "confident mistakes", FAULT,
            "a discriminator that is surely wrong does not learn: is its logit taken for a probability? "
            "(from_logits=True is missing)",
        )  # fmt: skip
    return Finding("confident mistakes", OK, "a discriminator that is surely wrong learns from it")


def check_what_counts(patient, moved):
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


def _same(a, b):
    return all(np.array_equal(x, y, equal_nan=True) for x, y in zip(a, b))


def _counts(check, holds, otherwise):
    return Finding(check, OK, "other ones change the step") if holds else Finding(check, FAULT, otherwise)
