"""From an image to a vector: the encoder of a variational autoencoder, and a small classifier for evaluation."""

from collections.abc import Mapping

from keras import Input, Model, initializers, layers

from ..data.conditions import Specification, as_conditions
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
    image_shape: ImageShape = (28, 28, 1), num_classes: int | None = None,
    conditions: Mapping[str, Specification] | None = None, width: int = 32, stages: int = 3,
    normalization: bool = False, seed: int = 0,
) -> Model:  # fmt: skip
    """A small convolutional classifier; its layer "features" (b, 128) serves metrics as a feature extractor.

    Args:
        image_shape, seed: as for `build_generator`.
        num_classes: number of labels, 10 if there are no conditions either; short for the condition "label".
        conditions: what it tells of an image; of a range it tells the nearest knot.
        width: channels of the first, largest feature map.
        stages: how often a feature map is halved.
        normalization: batch normalization after each convolution.

    Returns a Keras model: images float32 in [-1, 1] to logits (b, categories), or a list of them, one for each condition.
    """
    wanted = as_conditions(num_classes or (None if conditions else 10), conditions)
    init = [initializers.HeNormal(seed + i) for i in range(stages + 2)]
    x = image = Input(image_shape, name="image")
    for i in range(stages):
        x = layers.Conv2D(width << i, 3, padding="same", kernel_initializer=init[i], name=f"conv_{i + 1}")(x)
        if normalization:
            x = layers.BatchNormalization(name=f"norm_{i + 1}")(x)
        x = layers.ReLU(name=f"relu_{i + 1}")(x)
        x = layers.MaxPooling2D(2, name=f"pool_{i + 1}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(128, activation="relu", kernel_initializer=init[-2], name="features")(x)
    x = layers.Dropout(0.3, seed=seed, name="dropout")(x)
    names = {name: "logits" if len(wanted) == 1 else f"{name}_logits" for name in wanted}
    heads = [
        layers.Dense(len(condition.knots), kernel_initializer=init[-1], name=names[name])(x)
        for name, condition in wanted.items()
    ]
    return Model(image, heads[0] if len(heads) == 1 else heads, name="classifier")
