"""Check a GAN training step: do the right weights move in the right direction?

Nothing is known about the step but what it does. It is run several times from the same weights, with the same random
numbers, on inputs that differ in one thing: what changes shows what the step depends on.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from .. import quiet

quiet.import_tensorflow()

from keras import Model, Optimizer

from . import checks
from .checks import FAULT, NOTE, OK, Finding
from .step_under_test import StepUnderTest

_MARKS = {OK: "✓", NOTE: "·", FAULT: "✗"}


class Checkup(NamedTuple):
    """The findings of `check_gan_step`, in order."""

    findings: list[Finding]

    @property
    def ok(self) -> bool:
        return not self.faults

    @property
    def faults(self) -> list[str]:
        """Names of the checks that failed."""
        return [finding.check for finding in self.findings if finding.state == FAULT]

    def __repr__(self) -> str:
        width = max(len(finding.check) for finding in self.findings)
        return "\n".join(f"{_MARKS[f.state]} {f.check:{width}}  {f.text}" for f in self.findings)


def check_gan_step(
    generator: Model, discriminator: Model, step: Callable[..., Any], images: Any, labels: Any = None,
    optimizers: Sequence[Optimizer] = (), trials: int = 4,
) -> Checkup:  # fmt: skip
    """Tell whether a training step of a GAN does what it should.

    Args:
        generator: noise (and labels) to images; the first input is the noise.
        discriminator: images (and labels) to logits or probabilities (b, 1), or a list that begins with them.
        step: step(images) or step(images, labels): one update of both players, however it does that.
        images: a batch of real images, an array or a tensor, as the step takes it.
        labels: their labels, for a conditional GAN.
        optimizers: those the step uses, so that each trial starts alike; those of compiled models are found.
            Without any, what needs repeated trials is not checked.
        trials: how often a direction is measured.

    Returns a `Checkup`; print it. The weights are afterwards as before; the state of the optimizers (moments, step
    counts) is reset to zero.

    Example: a step that trains the discriminator and forgets the generator.
        >>> import keras, numpy as np
        >>> from gan_tutorial.models import build_points_discriminator, build_points_generator
        >>> generator, discriminator = build_points_generator(width=4), build_points_discriminator(width=4)
        >>> discriminator.compile("sgd", keras.losses.BinaryCrossentropy(from_logits=True))
        >>> def step(images):
        ...     discriminator.train_on_batch(images, np.ones((8, 1)))
        ...     discriminator.train_on_batch(generator(np.random.normal(size=(8, 2))), np.zeros((8, 1)))
        >>> check_gan_step(generator, discriminator, step, np.linspace(0, 1, 16).reshape(8, 2)).faults
        ['generator moves', "generator's way"]
    """
    subject = StepUnderTest(generator, discriminator, step, images, labels, optimizers)
    try:
        return Checkup([finding for finding in _findings(subject, trials) if finding])
    finally:
        subject.restore()


def _findings(subject: StepUnderTest, trials: int) -> Iterator[Finding | None]:
    yield (shapes := checks.check_shapes(subject))
    if shapes.state == FAULT:
        return
    yield checks.check_range(subject)
    yield checks.check_label_inputs(subject)
    try:
        # Lets optimizers make their variables, which later trials empty.
        subject.run()
    except Exception as error:  # whatever the step raises is the finding
        reason = (str(error).strip().splitlines() or [""])[0][:200]
        yield checks.found("runs", FAULT, kind=type(error).__name__, reason=reason)
        return
    after = subject.run()
    yield checks.found("runs", OK)
    yield checks.check_finite(after)
    yield checks.check_moves(subject, "generator", after)
    yield checks.check_moves(subject, "discriminator", after)
    yield checks.check_batch_statistics(subject, after)
    yield from checks.check_directions(subject, trials)
    yield checks.check_confident_mistakes(subject)
    yield from checks.check_what_counts(subject, after)
