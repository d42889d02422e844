"""Wrong answers to the tasks of notebook 7."""

import keras
import numpy as np
import tensorflow as tf


def updated(whose=None, sign=1, training=True, freeze=False, loss_of=lambda logits: tf.nn.softplus(-logits), tell=True):
    """An update of the generator, with a mistake."""

    def generator_update(generator, discriminator, optimizer, noise):
        with tf.GradientTape() as tape:
            logits = discriminator(generator(noise, training=training), training=True)
            loss = sign * tf.reduce_mean(loss_of(logits))
        weights = whose(generator, discriminator) if whose else generator.trainable_variables
        if weights:
            optimizer.apply(tape.gradient(loss, weights), weights)
        if freeze:
            discriminator.trainable = False
        return loss if tell else None

    return generator_update


def step_with(noise=tf.random.normal, training=True, sign=-1, players=("generator", "discriminator"), tell=True):
    """The step of the task, with or without its defects."""

    def mended_step(generator, discriminator):
        g_optimizer, d_optimizer = keras.optimizers.Adam(1e-3, 0.0), keras.optimizers.Adam(1e-3, 0.0)

        def step(real):
            with tf.GradientTape(persistent=True) as tape:
                fake = generator(noise([len(real), generator.input_shape[1]]), training=training)
                real_logits, fake_logits = discriminator(real), discriminator(fake)
                d_loss = tf.reduce_mean(tf.nn.softplus(-real_logits) + tf.nn.softplus(fake_logits))
                g_loss = tf.reduce_mean(tf.nn.softplus(sign * fake_logits))
            for name, loss, model, optimizer in (
                ("discriminator", d_loss, discriminator, d_optimizer),
                ("generator", g_loss, generator, g_optimizer),
            ):
                if name in players:
                    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

        return (step, [g_optimizer, d_optimizer]) if tell else step

    return mended_step


WRONG = {
    "generator_update": [
        (lambda generator, discriminator, optimizer, noise: ..., "replace the dots"),
        (updated(lambda g, d: g.trainable_variables + d.trainable_variables), "taught to be fooled"),
        (updated(lambda g, d: d.trainable_variables), "taught to be fooled"),
        (updated(lambda g, d: []), "no weight of the generator moved"),
        (updated(sign=-1), "which way is down"),
        (updated(training=False), "inference mode"),
        (updated(freeze=True), "frozen for ever"),
        (updated(loss_of=lambda logits: -tf.nn.softplus(logits)), "which for logits is softplus"),
        (updated(tell=False), "the loss does not come back"),
    ],
    "scale_images": [
        (lambda pixels: ..., "replace the dots"),
        (lambda pixels: pixels / 255, "the range of a sigmoid"),
        (lambda pixels: pixels / 127.5, "move it down"),
        (lambda pixels: pixels / 128 - 1, "127.5, not by 128"),
        (lambda pixels: pixels / 127 - 1, "127.5, not by 128"),
        (lambda pixels: (pixels - pixels.min()) / np.ptp(pixels) * 2.0 - 1, "brightest pixel"),
        (lambda pixels: 2 * pixels / 255 - 1, "0.412, not -0.592: did uint8 overflow"),
        (lambda pixels: pixels / 127.5 - 1, "networks take float32"),
    ],
    "mended_step": [
        (lambda generator, discriminator: ..., "nothing comes back yet"),
        (step_with(tell=False), "two things should come back"),
        (step_with(noise=tf.ones), "the same noise"),
        (step_with(training=False), "inference mode"),
        (step_with(sign=1), "does not rise: look at the generator's loss, and at whose variables"),
        (step_with(players=["discriminator"]), "no weight of the generator moves"),
        (step_with(players=["generator"]), "no weight of the discriminator moves"),
    ],
}
