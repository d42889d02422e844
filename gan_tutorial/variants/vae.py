"""The variational autoencoder, and with a discriminator for its eyes: VAE-GAN (Larsen et al. 2016).

An autoencoder can do what a GAN cannot: say which noise belongs to a given
picture. Compared pixel by pixel, its pictures come out blurred; compared by
the features of a discriminator, sharper.
"""

import keras
import numpy as np
import tensorflow as tf

from ..losses import LOSSES
from ..training.settings import check_images
from ..training.step import averaged_copy, move_average
from .loop import adam, run


def encode(encoder, images):
    """The mean noise of images: float32 (n, latent_dim)."""
    return encoder.predict(np.asarray(images, np.float32), batch_size=250, verbose=0)[0]


def reconstruct(encoder, decoder, images):
    """Images through the encoder's mean noise and back: float32, like the images."""
    return decoder.predict(encode(encoder, images), batch_size=250, verbose=0)


def divergence(mean, log_variance):
    """KL(N(mean, variance) ‖ N(0, 1)), summed over the noise: (b,). Kingma & Welling 2014, appendix B."""
    return tf.reduce_sum(tf.square(mean) + tf.exp(log_variance) - 1 - log_variance, axis=1) / 2


def misfit(target, output):
    """½ log of the mean squared difference, a number.

    It is -log of a Gaussian likelihood, by value, with the variance that fits
    best, up to a constant: so no weight between this and the divergence has to
    be guessed, and the scale of the target does not matter.
    """
    return tf.math.log(tf.reduce_mean(tf.square(target - output)) + 1e-6) / 2


def train_vae(encoder, decoder, images, *, steps=3000, batch_size=64, rate=1e-3, prior=4.0, seed=0, progress=True,
              callback=None):  # fmt: skip
    """Train a variational autoencoder, pixel by pixel (Kingma & Welling 2014).

    Args:
        encoder, decoder: as `build_encoder` and `build_generator` make them; trained in place.
        images: float32 (n, height, width, channels) in [-1, 1].
        prior: weight of keeping the encoder's noise normal. 1 is the bound on
            the likelihood; more blurs reconstructions and makes samples better.
        callback: called with the step's number every twenty steps; return True to stop.

    Returns the history: "misfit" and "divergence" (nats) over "step".
    """
    images = check_images(images, batch_size)
    values = np.prod(images.shape[1:])
    optimizer, weights = adam([encoder, decoder], rate, steps, 0.9)

    def step(batch, others, noise, number):
        with tf.GradientTape() as tape:
            mean, log_variance = encoder(batch, training=True)
            output = decoder(mean + tf.exp(log_variance / 2) * noise, training=True)
            kl, error = tf.reduce_mean(divergence(mean, log_variance)), misfit(batch, output)
            loss = error + prior * kl / values
        optimizer.apply(tape.gradient(loss, weights), weights)
        return tf.stack([error, kl])

    return run(step, [images], ("misfit", "divergence"), steps, batch_size, _latent(encoder), seed, progress, callback)


def train_vae_gan(encoder, decoder, discriminator, images, *, steps=3000, batch_size=64, rate=1e-3,
                  likeness=2.0, prior=16.0, seed=0, progress=True, callback=None):  # fmt: skip
    """Train an autoencoder whose pictures are compared by a discriminator's features (Larsen et al. 2016, algorithm 1).

    The discriminator learns to tell real images from reconstructed and from
    sampled ones. The decoder is to fool it, and to match its features of the
    real image; the encoder only the latter, and to keep its noise normal.

    Args:
        encoder, decoder, images, callback: as for `train_vae`. The decoder's
            weights are averaged over the training at its end.
        discriminator: as `build_discriminator` makes it, without labels.
        likeness: weight of matching features against fooling, for the decoder.
        prior: weight of keeping the encoder's noise normal. A discriminator has
            far more features than a picture has independent values: at weight 1
            they would drown the divergence, and samples fall apart.

    Returns the history: "misfit", "divergence", "discriminator" and "generator" losses over "step".
    """
    images = check_images(images, batch_size)
    features = discriminator.get_layer("features")
    eyes = keras.Model(discriminator.input, [discriminator.output, features.output])
    values, game = features.output.shape[-1], LOSSES["non_saturating"]
    average = averaged_copy(decoder)
    e_optimizer, e_weights = adam([encoder], rate, steps, 0.0)
    g_optimizer, g_weights = adam([decoder], rate, steps, 0.0)
    d_optimizer, d_weights = adam([discriminator], rate, steps, 0.0)

    def step(batch, others, noise, number):
        with tf.GradientTape(persistent=True) as tape:
            mean, log_variance = encoder(batch, training=True)
            kl = tf.reduce_mean(divergence(mean, log_variance))
            # What is sampled comes from fresh noise, not from the encoder's.
            fresh = tf.random.stateless_normal(tf.shape(noise), tf.stack([tf.constant(seed + 1, tf.int64), number]))
            both = tf.concat([mean + tf.exp(log_variance / 2) * noise, fresh], 0)
            fakes = decoder(both, training=True)
            logits, seen = eyes(tf.concat([batch, fakes], 0), training=True)
            real, rebuilt, sampled = tf.split(logits, 3)
            target, output, _ = tf.split(seen, 3)
            error = misfit(target, output)
            d_loss = tf.reduce_mean(game.discriminator(real, rebuilt, 0.0) + game.discriminator(real, sampled, 0.0)) / 2
            g_loss = tf.reduce_mean(game.generator(real, rebuilt) + game.generator(real, sampled)) / 2
            e_target, g_target = error + prior * kl / values, g_loss + likeness * error
        d_optimizer.apply(tape.gradient(d_loss, d_weights), d_weights)
        g_optimizer.apply(tape.gradient(g_target, g_weights), g_weights)
        e_optimizer.apply(tape.gradient(e_target, e_weights), e_weights)
        move_average(average, decoder, number, 0.999)
        return tf.stack([error, kl, d_loss, g_loss])

    names = ("misfit", "divergence", "discriminator", "generator")
    history = run(step, [images], names, steps, batch_size, _latent(encoder), seed, progress, callback)
    decoder.set_weights(average.get_weights())
    return history


def _latent(encoder):
    return encoder.outputs[0].shape[-1]
