"""From an image to a vector: the encoder of a variational autoencoder, and a small classifier for evaluation."""

from keras import Input, Model, initializers, layers

from .parts import ImageShape, Parts, check_image_shape, check_positive


def build_encoder(latent_dim: int = 64, image_shape: ImageShape = (28, 28, 1), width: int = 32, seed: int = 0) -> Model:
    """A convolutional encoder, the mirror of `build_generator` (Kingma & Welling 2014).

    Its arguments are as for `build_generator`; `width` is the number of channels of the first, largest feature map. Returns
    a Keras model: images (b, size, size, channels) float32 in [-1, 1] to [mean, logarithm of the variance], float32
    (b, latent_dim) each.
    """
    _, stages = check_image_shape(image_shape)
    check_positive(latent_dim=latent_dim, width=width)
    parts = Parts(seed + 2000)
    x = image = Input(image_shape, name="image")
    for stage in range(stages):
        x = parts.downsample(x, width << stage, f"down_{stage + 1}", normalize=True)
    x = layers.Flatten(name="features")(x)
    return Model(image, [parts.dense(x, latent_dim, name) for name in ("mean", "log_variance")], name="encoder")


def build_classifier(
    image_shape: ImageShape = (28, 28, 1), num_classes: int = 10, width: int = 32, seed: int = 0
) -> Model:
    """A small convolutional classifier; its layer "features" (b, 128) serves metrics as a feature extractor.

    `width` is the number of channels of the first, largest feature map. Returns a Keras model: images float32 in [-1, 1]
    to logits (b, num_classes).
    """
    init = [initializers.HeNormal(seed + i) for i in range(5)]
    x = image = Input(image_shape, name="image")
    for i in range(3):
        x = layers.Conv2D(width << i, 3, padding="same", kernel_initializer=init[i], name=f"conv_{i + 1}")(x)
        x = layers.ReLU(name=f"relu_{i + 1}")(x)
        x = layers.MaxPooling2D(2, name=f"pool_{i + 1}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(128, activation="relu", kernel_initializer=init[3], name="features")(x)
    x = layers.Dropout(0.3, seed=seed, name="dropout")(x)
    return Model(image, layers.Dense(num_classes, kernel_initializer=init[4], name="logits")(x), name="classifier")
