"""The encoder of a variational autoencoder: an image in, a Gaussian over its noise out."""

from keras import Input, Model, layers

from .parts import LEAK, check_image_shape, check_positive, seeded_initializers


def build_encoder(latent_dim=64, image_shape=(28, 28, 1), width=32, seed=0):
    """A convolutional encoder, the mirror of `build_generator` (Kingma & Welling 2014).

    Args:
        latent_dim, image_shape, seed: as for `build_generator`.
        width: channels of the first, largest feature map.

    Returns a Keras model: images (b, size, size, channels) float32 in [-1, 1]
    to [mean, logarithm of the variance], float32 (b, latent_dim) each.
    """
    _, stages = check_image_shape(image_shape)
    check_positive(latent_dim=latent_dim, width=width)
    init = seeded_initializers(seed + 2000)
    x = image = Input(image_shape, name="image")
    for stage in range(stages):
        conv = layers.Conv2D(width << stage, 4, 2, "same", kernel_initializer=next(init), name=f"down_{stage + 1}")
        x = layers.BatchNormalization(momentum=0.9, name=f"down_{stage + 1}_norm")(conv(x))
        x = layers.LeakyReLU(LEAK, name=f"down_{stage + 1}_relu")(x)
    features = layers.Flatten(name="features")(x)
    heads = [
        layers.Dense(latent_dim, kernel_initializer=next(init), name=n)(features) for n in ("mean", "log_variance")
    ]
    return Model(image, heads, name="encoder")
