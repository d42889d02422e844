"""Conditional GANs as textbooks teach them, made to run on current Keras.

Written here from the published recipes' numbers: layers, widths, rates, batch
sizes, and the order of the updates. Each builder takes images in [-1, 1] and, by name, what they show: int32
arrays of categories. It returns `(step, sample)`: `step()` trains on one batch, compiled; `sample(values)` generates
images in [-1, 1] for such a dict.
"""

import keras
import tensorflow as tf
from keras import layers

_BCE = keras.losses.BinaryCrossentropy(from_logits=True)
#: The slope of every leaky ReLU.
_LEAK = 0.2


def keras_io_dcgan(images, values, seed=0):
    """The conditional DCGAN of keras.io/examples/generative/conditional_gan (2021), for 28×28 pixels.

    Latent 128, 128 channels in the generator, 64 and 128 in the discriminator,
    global max pooling, labels as one-hot channels, Adam 3e-4, batch 64, pixels
    in [0, 1] with a sigmoid, the generator's forward pass made twice.
    """
    keras.utils.set_random_seed(seed)
    classes, size = _one_hot_size(values), images.shape[1]
    discriminator = keras.Sequential([
        keras.Input((size, size, images.shape[-1] + classes)),
        layers.Conv2D(64, 3, 2, "same"), layers.LeakyReLU(_LEAK),
        layers.Conv2D(128, 3, 2, "same"), layers.LeakyReLU(_LEAK),
        layers.GlobalMaxPooling2D(), layers.Dense(1),
    ])  # fmt: skip
    generator = keras.Sequential([
        keras.Input((128 + classes,)),
        layers.Dense(7 * 7 * (128 + classes)), layers.LeakyReLU(_LEAK),
        layers.Reshape((7, 7, 128 + classes)),
        layers.Conv2DTranspose(128, 4, 2, "same"), layers.LeakyReLU(_LEAK),
        layers.Conv2DTranspose(128, 4, 2, "same"), layers.LeakyReLU(_LEAK),
        layers.Conv2D(images.shape[-1], 7, padding="same", activation="sigmoid"),
    ])  # fmt: skip
    return _keras_io_game(generator, discriminator, images, values, seed, batch=64, rate=3e-4)


def keras_io_dcgan_faces(images, values, seed=0):
    """The DCGAN of keras.io/examples/generative/dcgan_overriding_train_step (2019), for 64×64 pixels in colour.

    Latent 128, 128 to 512 channels in the generator, 64 and 128 in the
    discriminator, Adam 1e-4, batch 32, targets blurred by 0.05. Its dropout never
    acts, because its step calls the discriminator outside of training. It has no
    labels; here they come in as in `keras_io_dcgan`.
    """
    keras.utils.set_random_seed(seed)
    classes = _one_hot_size(values)
    discriminator = keras.Sequential([
        keras.Input((64, 64, 3 + classes)),
        layers.Conv2D(64, 4, 2, "same"), layers.LeakyReLU(_LEAK),
        layers.Conv2D(128, 4, 2, "same"), layers.LeakyReLU(_LEAK),
        layers.Conv2D(128, 4, 2, "same"), layers.LeakyReLU(_LEAK),
        layers.Flatten(), layers.Dense(1),
    ])  # fmt: skip
    generator = keras.Sequential([
        keras.Input((128 + classes,)),
        layers.Dense(8 * 8 * 128), layers.Reshape((8, 8, 128)),
        layers.Conv2DTranspose(128, 4, 2, "same"), layers.LeakyReLU(_LEAK),
        layers.Conv2DTranspose(256, 4, 2, "same"), layers.LeakyReLU(_LEAK),
        layers.Conv2DTranspose(512, 4, 2, "same"), layers.LeakyReLU(_LEAK),
        layers.Conv2D(3, 5, padding="same", activation="sigmoid"),
    ])  # fmt: skip
    return _keras_io_game(generator, discriminator, images, values, seed, batch=32, rate=1e-4, blur=0.05)


def _keras_io_game(generator, discriminator, images, values, seed, batch, rate, blur=0.0, latent=128):
    d_optimizer, g_optimizer = keras.optimizers.Adam(rate), keras.optimizers.Adam(rate)
    draw = _batches(images / 2 + 0.5, _one_hot(values), batch)

    def with_planes(pictures, one_hot):
        planes = tf.broadcast_to(one_hot[:, None, None, :], [*pictures.shape[:3], one_hot.shape[-1]])
        return tf.concat([pictures, planes], -1)

    @tf.function
    def step():
        real, one_hot = draw()
        fake = generator(tf.concat([tf.random.normal([batch, latent]), one_hot], 1))
        both = tf.concat([with_planes(fake, one_hot), with_planes(real, one_hot)], 0)
        with tf.GradientTape() as tape:
            # As published: 1 stands for generated, 0 for real.
            targets = tf.concat([tf.ones([batch, 1]), tf.zeros([batch, 1])], 0)
            targets += blur * tf.random.uniform(targets.shape)
            loss = _BCE(targets, discriminator(both))
        _update(d_optimizer, tape, loss, discriminator)
        with tf.GradientTape() as tape:
            fake = generator(tf.concat([tf.random.normal([batch, latent]), one_hot], 1))
            loss = _BCE(tf.zeros([batch, 1]), discriminator(with_planes(fake, one_hot)))
        _update(g_optimizer, tape, loss, generator)

    @tf.function(reduce_retracing=True)
    def generate(one_hot):
        noise = tf.random.stateless_normal([tf.shape(one_hot)[0], latent], [seed, 1])
        return generator(tf.concat([noise, one_hot], 1)) * 2 - 1

    return step, lambda wanted: generate(_one_hot(wanted, values))


def keras_gan_mlp(images, values, seed=0):
    """The CGAN of the Keras-GAN collection (2017), in one compiled step.

    Dense 256-512-1024 with batch normalization against dense 512×3 with
    dropout 0.4; an embedding of the label multiplied into the noise and into
    the image; Adam 2e-4 with beta_1 0.5, batch 32.
    """
    keras.utils.set_random_seed(seed)
    batch, latent, classes, pixels = 32, 100, 10, 784

    def conditioned(size, body, name):
        vector, label = keras.Input((size,)), keras.Input((), dtype="int32")
        product = layers.Multiply()([vector, layers.Embedding(classes, size)(label)])
        return keras.Model([vector, label], body(product), name=name)

    hidden = []
    for width in (256, 512, 1024):
        hidden += [layers.Dense(width), layers.LeakyReLU(_LEAK), layers.BatchNormalization(momentum=0.8)]
    generator = conditioned(latent, keras.Sequential([*hidden, layers.Dense(pixels, activation="tanh")]), "generator")
    critic = [layers.Dense(512), layers.LeakyReLU(_LEAK)]
    for _ in range(2):
        critic += [layers.Dense(512), layers.LeakyReLU(_LEAK), layers.Dropout(0.4)]
    discriminator = conditioned(pixels, keras.Sequential([*critic, layers.Dense(1)]), "discriminator")
    d_optimizer, g_optimizer = keras.optimizers.Adam(2e-4, 0.5), keras.optimizers.Adam(2e-4, 0.5)
    draw = _batches(images.reshape(-1, pixels), values["label"], batch)

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

    return step, lambda wanted: sample(tf.constant(wanted["label"]))


def _one_hot_size(values):
    return sum(int(column.max()) + 1 for column in values.values())


def _one_hot(values, known=None):
    """Categories by name as ones and zeros, side by side: float32 (n, all categories)."""
    sizes = {name: int(column.max()) + 1 for name, column in (known or values).items()}
    return tf.concat([tf.one_hot(values[name], size) for name, size in sizes.items()], 1)


def _batches(images, labels, batch):
    images, labels = tf.constant(images), tf.constant(labels)

    def draw():
        index = tf.random.uniform([batch], 0, len(labels), tf.int32)
        return tf.gather(images, index), tf.gather(labels, index)

    return draw


def _update(optimizer, tape, loss, model):
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
