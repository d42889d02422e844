"""One training step, compiled, and the loop that runs many of them in one call.

All randomness is a function of (seed, step): which images, which noise. So a
run can be stopped and resumed anywhere, and follows the same path.
"""

import keras
import tensorflow as tf

from ..losses import attribute_error, label_error
from .chance import Chance
from .disturb import NUMBERS, adapted, augment
from .penalties import penalty

#: What is averaged over the steps of a call: see `Report`.
STATISTICS = (
    "discriminator_loss", "generator_loss", "real_logit", "fake_logit", "right_sign", "saturation", "real_sign",
    "recognition", "augmentation",
)  # fmt: skip

#: A logit this far on its right side leaves less than 1 % of the gradient: sigmoid(-4.6) = 0.01.
_SATURATED = 4.6


def compile_steps(state, strategy, loss, settings, latent_dim, codes, xla):
    """Build `run_steps(data, count)`: `count` training steps in one compiled call.

    Args:
        state: the tf.train.Checkpoint that holds models, optimizers and step.
        strategy: runs the step on every replica.
        loss: a `losses.Loss`.
        settings: the `Settings` of the run.
        latent_dim: length of the noise.
        codes: what an InfoGAN draws, see `Chance`.
        xla: compile the gradients with XLA.

    The call returns (number of steps done, sums of STATISTICS over them). It
    stops before the first step with a loss or gradient that is not finite, and
    leaves the weights as they were before that step.
    """
    generator, discriminator = state.generator, state.discriminator
    replicas = strategy.num_replicas_in_sync
    chance = Chance(settings.seed, settings.batch_size, replicas, codes)
    # Without XLA the gradients stay part of the one compiled call: on several
    # devices a function within it could not average over the replicas.
    jit = tf.function(jit_compile=True) if xla else lambda function: function

    def draw_numbers(draw, data):
        """The random numbers of a step, as far as the settings need any. XLA would draw others: so outside of it."""
        numbers = {}
        if settings.augment:
            numbers["augment"] = chance.uniforms(draw, [NUMBERS])
            if settings.augment_target:
                numbers["probability"] = tf.identity(state.augmentation)
        if settings.gradient_penalty:
            numbers["mix"] = chance.uniforms(draw, [NUMBERS + 1])[: settings.batch_size // replicas, NUMBERS]
        if settings.instance_noise:
            numbers["noise"] = noise_level(settings, state.step) * chance.normals(draw, data[0].shape[1:].as_list())
        return numbers

    def disturb(both, numbers):
        """What the discriminator is shown instead of the images."""
        if settings.augment:
            both = augment(both, numbers["augment"], settings.augment, numbers.get("probability"))
        return both + numbers["noise"] if settings.instance_noise else both

    def penalize(both, conditions, numbers):
        """The penalties on what the discriminator was shown, summed."""
        images, fakes = tf.split(tf.stop_gradient(both), 2)

        def judge(pictures):
            return call(discriminator, pictures, conditions)[0]

        def take():
            mix = numbers.get("mix")
            return settings.penalty_every * tf.reduce_sum(penalty(judge, images, fakes, mix, settings))

        if settings.penalty_every == 1:
            return take()
        return tf.cond(state.step % settings.penalty_every == 0, take, lambda: 0.0)

    def losses(images, conditions, noise, numbers):
        """Both losses (summed here, divided by the global batch) from one forward pass."""
        (fakes,) = call(generator, noise, conditions)
        # Real and generated images pass the discriminator as one batch; it has
        # no batch normalization, so they do not see each other.
        both = disturb(tf.concat([images, tf.cast(fakes, images.dtype)], 0), numbers)
        twice = [tf.concat([c, c], 0) for c in conditions]
        logits, *guesses = call(discriminator, both, twice)
        real, fake = tf.split(tf.cast(logits, tf.float32), 2)
        real_error, fake_error = tf.split(recognition_error(guesses, twice, len(both)), 2)
        d_loss = loss.discriminator(real, fake, settings.label_smoothing)
        g_loss = loss.generator(real, fake)
        right = (share(real > 0) + share(fake < 0)) / 2
        saturated = (share(real > _SATURATED) + share(fake < -_SATURATED)) / 2
        values = (d_loss, g_loss, real, fake, right, saturated, tf.sign(real), fake_error)
        sums = [tf.reduce_sum(value) / settings.batch_size for value in values]
        d_target, g_target = sums[:2]
        if guesses:
            g_target += settings.auxiliary * sums[-1]
            # Codes that were drawn belong to generated images alone.
            error = fake_error if codes else real_error + fake_error
            d_target += settings.auxiliary * tf.reduce_sum(error) / settings.batch_size
        if settings.r1 or settings.r2 or settings.gradient_penalty:
            d_target += penalize(both, conditions, numbers) / settings.batch_size
        augmentation = tf.identity(state.augmentation) / replicas
        return d_target, g_target, tf.stack([*sums, augmentation])

    @jit
    def both_gradients(images, conditions, noise, numbers):
        with tf.GradientTape(persistent=True) as tape:
            d_loss, g_loss, statistics = losses(images, conditions, noise, numbers)
        d_grads = tape.gradient(d_loss, discriminator.trainable_variables)
        g_grads = tape.gradient(g_loss, generator.trainable_variables)
        return dense(d_grads), dense(g_grads), statistics

    @jit
    def discriminator_gradients(images, conditions, noise, numbers):
        with tf.GradientTape() as tape:
            d_loss, _, statistics = losses(images, conditions, noise, numbers)
        return dense(tape.gradient(d_loss, discriminator.trainable_variables)), statistics

    def compute(data, draw):
        d_grads, g_grads, statistics = both_gradients(*chance.batch(data, draw, latent_dim), draw_numbers(draw, data))
        return d_grads, g_grads, statistics, replica_sum(finite(statistics, d_grads, g_grads))

    def move_discriminator(gradients):
        state.discriminator_optimizer.apply(gradients, discriminator.trainable_variables)
        if settings.clip_weights:
            for weight in discriminator.trainable_variables:
                weight.assign(tf.clip_by_value(weight, -settings.clip_weights, settings.clip_weights))

    def apply(d_grads, g_grads):
        move_discriminator(d_grads)
        state.generator_optimizer.apply(g_grads, generator.trainable_variables)

    def discriminator_only(data, draw):
        d_grads, statistics = discriminator_gradients(*chance.batch(data, draw, latent_dim), draw_numbers(draw, data))
        ok = replica_sum(finite(statistics, d_grads))
        # A gradient that is not finite is replaced by zero here; the full step
        # that follows sees the same trouble and stops.
        safe = [tf.where(ok > replicas - 0.5, g, tf.zeros_like(g)) for g in d_grads]
        move_discriminator(safe)

    @tf.function
    def run_steps(data, count):
        done, total = tf.constant(0), tf.zeros(len(STATISTICS))
        go_on = tf.constant(True)
        while go_on and done < count:
            draw = state.step * settings.discriminator_steps
            for extra in range(settings.discriminator_steps - 1):
                strategy.run(discriminator_only, (data, draw + extra))
            draw += settings.discriminator_steps - 1
            # The forward pass moves batch statistics and dropout's seeds.
            moving = [*generator.non_trainable_variables, *discriminator.non_trainable_variables]
            before = [tf.identity(variable) for variable in moving]
            d_grads, g_grads, statistics, ok = strategy.run(compute, (data, draw))
            go_on = strategy.experimental_local_results(ok)[0] > replicas - 0.5
            if go_on:
                strategy.run(apply, (d_grads, g_grads))
                move_average(state.averaged, generator, state.step, settings.ema)
                state.step.assign_add(1)
                done += 1
                means = strategy.reduce(tf.distribute.ReduceOp.SUM, statistics, axis=None)
                total += means
                if settings.augment_target:
                    sign = means[STATISTICS.index("real_sign")]
                    probability = adapted(state.augmentation, sign, settings.augment_target, settings.batch_size)
                    state.augmentation.assign(probability)
            else:
                for variable, value in zip(moving, before):
                    variable.assign(value)
        return done, total

    return run_steps


def call(model, first, conditions):
    """Call a model with those of the conditions that it has inputs for; returns the list of its outputs."""
    inputs = [first, *conditions][: len(model.inputs)]
    outputs = model(inputs if len(inputs) > 1 else first, training=True)
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


def recognition_error(guesses, conditions, n):
    """How wrong an auxiliary discriminator's guesses of the conditions are, (n,); zeros if it guesses nothing."""
    error = tf.zeros(n)
    for guess, condition in zip(guesses, conditions):
        compare = label_error if condition.dtype.is_integer else attribute_error
        error += compare(tf.cast(guess, tf.float32), condition)
    return error


def noise_level(settings, step):
    """Standard deviation of the instance noise: it falls as the learning rates do."""
    if not settings.half_rate_steps:
        return settings.instance_noise
    return settings.instance_noise / (1 + tf.cast(step, tf.float32) / settings.half_rate_steps)


def share(condition):
    return tf.cast(condition, tf.float32)


def dense(gradients):
    # The gradient of an embedding comes as a list of its touched rows.
    return [tf.convert_to_tensor(gradient) for gradient in gradients]


def finite(statistics, *gradient_lists):
    """1.0 if all losses and gradients are finite, else 0.0."""
    # A sum of squares is finite only if every summand is.
    total = tf.reduce_sum(statistics)
    for gradient in (g for gradients in gradient_lists for g in gradients):
        total += tf.reduce_sum(tf.square(gradient))
    return tf.cast(tf.math.is_finite(total), tf.float32)


def replica_sum(value):
    return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, value)


def averaged_copy(model):
    """A copy of the model with the same weights, for `move_average`."""
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    return copy


def move_average(averaged, model, step, decay):
    """averaged += (1 - decay) (weights - averaged), Yazıcı et al. 2019.

    The decay starts small and rises to its value, so that the first, poor
    weights are soon forgotten.
    """
    step = tf.cast(step, tf.float32)
    rate = 1 - tf.minimum(decay, (1 + step) / (10 + step))
    for average, weight in zip(averaged.variables, model.variables):
        if average.dtype == "float32":
            average.assign_add(rate * (tf.convert_to_tensor(weight) - tf.convert_to_tensor(average)))
