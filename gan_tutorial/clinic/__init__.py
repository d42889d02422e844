"""A check-up for GAN training steps: do the right weights move in the right direction?

Nothing is known of the step but what it does. It is run several times from
the same weights, with the same random numbers, and on inputs that differ in
one thing; what changed tells what it pays attention to.
"""

from typing import NamedTuple

from .checks import (
    FAULT,
    NOTE,
    OK,
    Finding,
    check_batch_statistics,
    check_confident_mistakes,
    check_directions,
    check_discriminator_moves,
    check_finite,
    check_generator_moves,
    check_label_inputs,
    check_range,
    check_shapes,
    check_what_counts,
)
from .patient import Patient

_MARKS = {OK: "✓", NOTE: "·", FAULT: "✗"}


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
    patient = Patient(generator, discriminator, step, images, labels, optimizers)
    findings = [check_shapes(patient), check_range(patient), check_label_inputs(patient)]
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
        checks = (check_finite, check_generator_moves, check_discriminator_moves, check_batch_statistics)
        findings.append(Finding("runs", OK, "one step was done"))
        findings += [check(patient, moved) for check in checks]
        findings += check_directions(patient, trials)
        findings.append(check_confident_mistakes(patient))
        findings += check_what_counts(patient, moved)
    finally:
        patient.restore()
    return Checkup([finding for finding in findings if finding])
