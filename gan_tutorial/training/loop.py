"""The training loop: from models and data to a stream of progress reports."""

import time
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from ..losses import get_loss
from ..runtime import Runtime, place
from . import settings as checks
from .checkpoints import restore_checkpoint, save_checkpoint
from .settings import Settings
from .step import STATISTICS, averaged_copy, compile_steps


@dataclass(frozen=True)
class Report:
    """How a training stands.

    Attributes:
        step, steps: done and to do.
        discriminator_loss, generator_loss: means over the steps since the last report.
        real_logit, fake_logit: mean logits of real and of generated images;
            their difference is the gap.
        right_sign: share of images that the discriminator sorts rightly, a
            logit above 0 for real ones and below for generated; 0.5 is guessing.
        saturation: share of images of which it is so sure that less than 1 %
            of the cross-entropy's gradient is left.
        real_sign: mean sign of the logits of real images; near 1 for long, the
            discriminator knows the training images by heart.
        recognition: mean error of guessing the conditions of generated images;
            0 without an auxiliary discriminator.
        augmentation: probability of augmentation, 0 without `augment`.
        images_per_second: real images, since the last report.
        seconds: spent in training steps, this session.
        seconds_left: estimated.
        generator: the generator with averaged weights, to draw pictures with.
    """

    step: int
    steps: int
    discriminator_loss: float
    generator_loss: float
    real_logit: float
    fake_logit: float
    right_sign: float
    saturation: float
    real_sign: float
    recognition: float
    augmentation: float
    images_per_second: float
    seconds: float
    seconds_left: float
    generator: Any


def training_reports(
    generator,
    discriminator,
    images,
    labels=None,
    attributes=None,
    settings=Settings(),
    runtime=Runtime(),
    checkpoints=None,
    checkpoint_every=500,
    keep=3,
    resume=False,
    history=None,
):
    """Train step by step, yielding a `Report` after every `settings.steps_per_call` steps.

    The models that are passed in are trained; each report's generator has the
    averaged weights. To stop early, stop iterating.

    Args:
        generator, discriminator: Keras models as `models` builds them. A
            discriminator without a label input sees no labels.
        images: float32 (n, height, width, channels) in [-1, 1], or points (n, 2).
        labels: integers (n,) if the generator takes a label.
        attributes: floats (n, k) if the generator takes attributes. Without
            labels and attributes, a generator that takes them and a
            discriminator with conditioning="auxiliary" make an InfoGAN: the
            codes are drawn at random, and the discriminator guesses them.
        settings: a `Settings`.
        runtime: a `Runtime`; the default uses the GPUs that there are.
        checkpoints: folder for checkpoints; None for none. One is written every
            `checkpoint_every` steps and when the iteration ends, however it
            ends; the newest `keep` stay.
        resume: go on from the newest checkpoint, exactly as if never stopped.
        history: a dict of lists to which the reports' numbers are appended.

    Raises ValueError for unfit models, data or checkpoints and
    FloatingPointError when a loss is no longer finite; the models then have
    the last good weights.
    """
    history = {} if history is None else history
    arrays = check_data(generator, discriminator, images, labels, attributes, settings)
    strategy = runtime.strategy()
    _check_divisible(settings.batch_size, strategy)
    precision = runtime.use_mixed_precision()
    state = _make_state(
        place(generator, strategy, precision), place(discriminator, strategy, precision), strategy, settings
    )
    if resume:
        history.update(restore_checkpoint(checkpoints, state))
    # The data lives on the device; each replica has a copy.
    data = strategy.experimental_distribute_values_from_function(lambda _: [tf.constant(a) for a in arrays])
    codes = checks.codes_of(generator, discriminator, len(arrays))
    latent_dim, xla = generator.inputs[0].shape[-1], runtime.use_xla(strategy)
    run_steps = compile_steps(state, strategy, get_loss(settings.loss), settings, latent_dim, codes, xla)

    def hand_back():
        for trained, given in ((state.generator, generator), (state.discriminator, discriminator)):
            if trained is not given:
                given.set_weights(trained.get_weights())

    seconds, done_here = 0.0, 0
    try:
        while (step := int(state.step.numpy())) < settings.steps:
            # Calls end on multiples of steps_per_call, wherever a run resumed,
            # so that checkpoints and reports stand at round numbers.
            count = min(settings.steps_per_call - step % settings.steps_per_call, settings.steps - step)
            start = time.perf_counter()
            done, sums = run_steps(data, tf.constant(count))
            done = int(done)
            elapsed = time.perf_counter() - start
            step += done
            if done < count:
                raise FloatingPointError(
                    f"training diverged at step {step + 1}: a loss or gradient is not finite. The models keep the "
                    f"weights of step {step}. Try a lower learning rate, or another loss."
                )
            means = dict(zip(STATISTICS, (sums / done).numpy().tolist()))
            seconds, done_here = seconds + elapsed, done_here + done
            for name, value in {"step": step, **means}.items():
                history.setdefault(name, []).append(value)
            hand_back()
            if checkpoints and (step // checkpoint_every > (step - done) // checkpoint_every):
                save_checkpoint(checkpoints, state, history, keep)
            yield Report(
                step=step,
                steps=settings.steps,
                **means,
                images_per_second=done * settings.batch_size / elapsed,
                seconds=seconds,
                # The first call includes compiling, so the newest call is the better guide.
                seconds_left=(settings.steps - step) * min(elapsed / done, seconds / done_here),
                generator=state.averaged,
            )
    finally:
        hand_back()
        if checkpoints and int(state.step.numpy()):
            save_checkpoint(checkpoints, state, history, keep)


def check_data(generator, discriminator, images, labels, attributes, settings):
    """The data as a list of arrays: images, then the conditions the models take."""
    images = checks.check_images(images, settings.batch_size)
    checks.check_models(generator, discriminator, images.shape[1:])
    arrays = [images]
    if labels is None and attributes is None and checks.codes_of(generator, discriminator, 1):
        return arrays
    num_classes, num_attributes = checks.num_classes_of(generator), checks.num_attributes_of(generator)
    if num_classes is not None:
        if labels is None:
            raise ValueError("the generator takes labels, but none were given")
        arrays.append(checks.check_labels(labels, len(images), num_classes))
    if num_attributes:
        if attributes is None:
            raise ValueError(f"the generator takes {num_attributes} attributes, but none were given")
        arrays.append(checks.check_attributes(attributes, len(images), num_attributes))
    if len(discriminator.inputs) > len(arrays):
        raise ValueError("the discriminator takes more conditions than the generator; give both the same")
    return arrays


def _check_divisible(batch_size, strategy):
    replicas = strategy.num_replicas_in_sync
    if batch_size % replicas:
        raise ValueError(f"batch_size {batch_size} cannot be shared among {replicas} devices: choose a multiple")


def _make_state(generator, discriminator, strategy, settings):
    """All that a training has to remember, ready to be checkpointed."""
    with strategy.scope():
        averaged = averaged_copy(generator)
        optimizers = []
        for model, rate in ((generator, settings.generator_rate), (discriminator, settings.discriminator_rate)):
            if settings.half_rate_steps and isinstance(rate, (int, float)):
                rate = keras.optimizers.schedules.InverseTimeDecay(rate, settings.half_rate_steps, 1.0)
            optimizer = keras.optimizers.Adam(rate, settings.beta_1, settings.beta_2)
            optimizer.build(model.trainable_variables)
            optimizers.append(optimizer)
        step = tf.Variable(0, dtype=tf.int64, trainable=False)
        # Without a target, augmentation is certain.
        augmentation = tf.Variable(float(bool(settings.augment and not settings.augment_target)), trainable=False)
    return tf.train.Checkpoint(
        generator=generator,
        discriminator=discriminator,
        averaged=averaged,
        generator_optimizer=optimizers[0],
        discriminator_optimizer=optimizers[1],
        step=step,
        augmentation=augmentation,
        # Keras's models do not pass their dropouts' seeds on to a checkpoint.
        seeds=[v.value for v in (*generator.variables, *discriminator.variables) if v.dtype != "float32"],
    )
