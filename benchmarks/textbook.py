"""Two conditional GANs as textbooks teach them, made to run on current Keras.

Written here from the published recipes' numbers: layers, widths, rates, batch
sizes, and the order of the updates. Each builder returns `(step, sample)`:
`step()` trains on one batch, compiled; `sample(labels)` draws images in [-1, 1].
"""

import keras
import tensorflow as tf
from keras import layers

_BCE = keras.losses.BinaryCrossentropy(from_logits=True)


def keras_io_dcgan(images, labels, seed=0):
    """The conditional DCGAN of keras.io/examples/generative/conditional_gan (2021).

    Latent 128, 128 channels in the generator, 64 and 128 in the discriminator,
    global max pooling, labels as one-hot channels, Adam 3e-4, batch 64, pixels
    in [0, 1] with a sigmoid, the generator's forward pass made twice.
    """
    keras.utils.set_random_seed(seed)
    batch, latent, classes, size = 64, 128, 10, 28
    leak = 0.2
    discriminator = keras.Sequential([
        keras.Input((size, size, 1 + classes)),
        layers.Conv2D(64, 3, 2, "same"), layers.LeakyReLU(leak),
        layers.Conv2D(128, 3, 2, "same"), layers.LeakyReLU(leak),
        layers.GlobalMaxPooling2D(), layers.Dense(1),
    ])  # fmt: skip
    generator = keras.Sequential([
        keras.Input((latent + classes,)),
        layers.Dense(7 * 7 * (latent + classes)), layers.LeakyReLU(leak),
        layers.Reshape((7, 7, latent + classes)),
        layers.Conv2DTranspose(128, 4, 2, "same"), layers.LeakyReLU(leak),
        layers.Conv2DTranspose(128, 4, 2, "same"), layers.LeakyReLU(leak),
        layers.Conv2D(1, 7, padding="same", activation="sigmoid"),
    ])  # fmt: skip
    d_optimizer, g_optimizer = keras.optimizers.Adam(3e-4), keras.optimizers.Adam(3e-4)
    draw = _batches(images / 2 + 0.5, labels, batch)

    def with_planes(pictures, one_hot):
        planes = tf.broadcast_to(one_hot[:, None, None, :], [len(one_hot), size, size, classes])
        return tf.concat([pictures, planes], -1)

    @tf.function
    def step():
        real, label = draw()
        one_hot = tf.one_hot(label, classes)
        fake = generator(tf.concat([tf.random.normal([batch, latent]), one_hot], 1))
        both = tf.concat([with_planes(fake, one_hot), with_planes(real, one_hot)], 0)
        with tf.GradientTape() as tape:
            # As published: 1 stands for generated, 0 for real.
            targets = tf.concat([tf.ones([batch, 1]), tf.zeros([batch, 1])], 0)
            loss = _BCE(targets, discriminator(both))
        _update(d_optimizer, tape, loss, discriminator)
        with tf.GradientTape() as tape:
            fake = generator(tf.concat([tf.random.normal([batch, latent]), one_hot], 1))
            loss = _BCE(tf.zeros([batch, 1]), discriminator(with_planes(fake, one_hot)))
        _update(g_optimizer, tape, loss, generator)

    @tf.function(reduce_retracing=True)
    def sample(label):
        noise = tf.random.stateless_normal([tf.shape(label)[0], latent], [seed, 1])
        return generator(tf.concat([noise, tf.one_hot(label, classes)], 1)) * 2 - 1

    return step, sample


def keras_gan_mlp(images, labels, seed=0):
    """The CGAN of the Keras-GAN collection (2017), in one compiled step.

    Dense 256-512-1024 with batch normalization against dense 512×3 with
    dropout 0.4; an embedding of the label multiplied into the noise and into
    the image; Adam 2e-4 with beta_1 0.5, batch 32.
    """
    keras.utils.set_random_seed(seed)
    batch, latent, classes, pixels, leak = 32, 100, 10, 784, 0.2

    def conditioned(size, body, name):
        vector, label = keras.Input((size,)), keras.Input((), dtype="int32")
        product = layers.Multiply()([vector, layers.Embedding(classes, size)(label)])
        return keras.Model([vector, label], body(product), name=name)

    hidden = []
    for width in (256, 512, 1024):
        hidden += [layers.Dense(width), layers.LeakyReLU(leak), layers.BatchNormalization(momentum=0.8)]
    generator = conditioned(latent, keras.Sequential([*hidden, layers.Dense(pixels, activation="tanh")]), "generator")
    critic = [layers.Dense(512), layers.LeakyReLU(leak)]
    for _ in range(2):
        critic += [layers.Dense(512), layers.LeakyReLU(leak), layers.Dropout(0.4)]
    discriminator = conditioned(pixels, keras.Sequential([*critic, layers.Dense(1)]), "discriminator")
    d_optimizer, g_optimizer = keras.optimizers.Adam(2e-4, 0.5), keras.optimizers.Adam(2e-4, 0.5)
    draw = _batches(images.reshape(-1, pixels), labels, batch)

    @tf.function
    def step():
        real, label = draw()
        # As published: generated images for the discriminator come from the
        # generator in inference mode.
        fake = generator([tf.random.normal([batch, latent]), label], training=False)
        with tf.GradientTape() as tape:
            loss = 0.5 * _BCE(tf.ones([batch, 1]), discriminator([real, label], training=True))
            loss += 0.5 * _BCE(tf.zeros([batch, 1]), discriminator([fake, label], training=True))
        _update(d_optimizer, tape, loss, discriminator)
        wanted = tf.random.uniform([batch], 0, classes, tf.int32)
        with tf.GradientTape() as tape:
            fake = generator([tf.random.normal([batch, latent]), wanted], training=True)
            loss = _BCE(tf.ones([batch, 1]), discriminator([fake, wanted], training=True))
        _update(g_optimizer, tape, loss, generator)

    @tf.function(reduce_retracing=True)
    def sample(label):
        noise = tf.random.stateless_normal([tf.shape(label)[0], latent], [seed, 1])
        return tf.reshape(generator([noise, label], training=False), [-1, 28, 28, 1])

    return step, sample


def _batches(images, labels, batch):
    images, labels = tf.constant(images), tf.constant(labels)

    def draw():
        index = tf.random.uniform([batch], 0, len(labels), tf.int32)
        return tf.gather(images, index), tf.gather(labels, index)

    return draw


def _update(optimizer, tape, loss, model):
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
