"""Pictures into pictures: pix2pix (Isola et al. 2017)."""

import numpy as np
import tensorflow as tf

from ..losses import LOSSES
from ..sampling import generate_noise
from ..training.settings import check_images
from ..training.step import averaged_copy, call, move_average
from .loop import adam, run


def translate(translator, pictures, seed=0):
    """Each picture's translation, float32 like the pictures; the seed decides what the picture leaves open."""
    pictures = np.asarray(pictures, np.float32)
    if len(translator.inputs) == 1:
        return translator.predict(pictures, batch_size=100, verbose=0)
    noise = generate_noise(len(pictures), translator.inputs[1].shape[-1], seed)
    return translator.predict([pictures, noise], batch_size=100, verbose=0)


def train_translator(translator, discriminator, pictures, images, *, steps=3000, batch_size=16, rate=1e-3,
                     closeness=10.0, adversarial=1.0, seed=0, progress=True, callback=None):  # fmt: skip
    """Train a translator on pairs (Isola et al. 2017, equations 3 and 4).

    Args:
        translator, discriminator: as `build_translator` and
            `build_patch_discriminator` make them. The translator's weights are
            averaged over the training at its end.
        pictures, images: what goes in and what is to come out, pair by pair:
            float32 (n, height, width, channels) in [-1, 1].
        closeness: weight λ of the mean absolute difference.
        adversarial: weight of fooling the discriminator; 0 trains without it.
        callback: called with the step's number every twenty steps; return True to stop.

    Returns the history: "difference", "discriminator" and "translator" losses over "step".
    """
    pictures, images = check_images(pictures, batch_size), check_images(images, batch_size)
    if len(pictures) != len(images):
        raise ValueError(f"{len(pictures)} pictures and {len(images)} images do not make pairs")
    game = LOSSES["non_saturating"]
    average = averaged_copy(translator)
    g_optimizer, g_weights = adam([translator], rate, steps, 0.0)
    d_optimizer, d_weights = adam([discriminator], rate, steps, 0.0)
    noise_dim = translator.inputs[1].shape[-1] if len(translator.inputs) > 1 else 1

    def step(batch, others, noise, number):
        (target,) = others
        with tf.GradientTape(persistent=True) as tape:
            (output,) = call(translator, batch, [noise])
            twice = tf.concat([batch, batch], 0)
            real, fake = tf.split(discriminator([twice, tf.concat([target, output], 0)], training=True), 2)
            d_loss = tf.reduce_mean(game.discriminator(real, fake, 0.0))
            g_loss = tf.reduce_mean(game.generator(real, fake))
            difference = tf.reduce_mean(tf.abs(target - output))
            g_target = adversarial * g_loss + closeness * difference
        if adversarial:
            d_optimizer.apply(tape.gradient(d_loss, d_weights), d_weights)
        g_optimizer.apply(tape.gradient(g_target, g_weights), g_weights)
        move_average(average, translator, number, 0.999)
        return tf.stack([difference, d_loss, g_loss])

    names = ("difference", "discriminator", "translator")
    history = run(step, [pictures, images], names, steps, batch_size, noise_dim, seed, progress, callback)
    translator.set_weights(average.get_weights())
    return history
