"""Wrong answers to the tasks of notebook 10."""

import numpy as np
import tensorflow as tf


def loss_with(noised=None, target=lambda points, noise: noise, reduce=tf.reduce_mean):
    """The loss of the task, with a mistake."""
    noised = noised or (lambda points, noise, kept: tf.sqrt(kept) * points + tf.sqrt(1 - kept) * noise)

    def noise_loss(network, points, noise, time, kept):
        return reduce((network([noised(points, noise, kept), time]) - target(points, noise)) ** 2)

    return noise_loss


def step_with(take=np.sqrt, shrink=True, grow=True, add=True, swap=False):
    """The step of the task, with a mistake."""

    def ddim_step(noised, noise, kept, kept_next):
        kept, kept_next = (kept_next, kept) if swap else (kept, kept_next)
        clean = (noised - take(1 - kept) * noise) / (take(kept) if grow else 1)
        return (take(kept_next) if shrink else 1) * clean + (take(1 - kept_next) * noise if add else 0)

    return ddim_step


WRONG = {
    "noise_loss": [
        (lambda *given: ..., "replace the dots"),
        (loss_with(lambda points, noise, kept: points), "clean ones hold no noise"),
        (loss_with(target=lambda points, noise: points), "compare with the noise"),
        (loss_with(lambda points, noise, kept: kept * points + (1 - kept) * noise), "square roots are missing"),
        (
            loss_with(lambda points, noise, kept: tf.sqrt(1 - kept) * points + tf.sqrt(kept) * noise),
            "wrong way round",
        ),
        (loss_with(lambda points, noise, kept: tf.sqrt(kept) * points + (1 - tf.sqrt(kept)) * noise), "add up to 1"),
        (loss_with(lambda points, noise, kept: points + tf.sqrt(1 - kept) * noise), "have to shrink"),
        (loss_with(reduce=tf.reduce_sum), "sum over all points"),
        (loss_with(reduce=lambda errors: tf.reduce_mean(tf.reduce_sum(errors, 1))), "sum over the coordinates"),
        (loss_with(reduce=lambda errors: tf.reduce_mean(errors, 1)), "one number should come back"),
        (lambda network, points, noise, time, kept: tf.reduce_mean(network(points) ** 2), "a list of two"),
        (lambda *given: 0.0, "it should be"),
    ],
    "ddim_step": [
        (lambda *given: ..., "replace the dots"),
        (lambda noised, noise, kept, kept_next: step_with()(noised, noise, kept, 1), "estimate of the clean points"),
        (lambda noised, noise, kept, kept_next: step_with()(noised, noise, kept, kept), "nothing has changed"),
        (step_with(add=False), "the noise is missing"),
        (step_with(shrink=False), "has to shrink"),
        (step_with(grow=False), "divide by √kept"),
        (step_with(take=np.asarray), "square roots are missing"),
        (step_with(swap=True), "wrong way round"),
        (lambda noised, noise, kept, kept_next: 0 * noised, "should move to"),
    ],
}
