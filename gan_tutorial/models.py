"""Generators and discriminators: DCGAN's shape (Radford et al. 2015), any square size.

Both are plain Keras functional models. A generator takes `noise`, a
discriminator `image`; conditional ones take `label` too, and `attributes` if
they have continuous conditions. Discriminators return logits: the sigmoid
belongs to the loss.
"""

import itertools

from keras import Input, Model, initializers, layers

#: How a generator can use its label, and how a discriminator can.
GENERATOR_CONDITIONING = ("concat", "batch_norm")
DISCRIMINATOR_CONDITIONING = ("projection", "channels", "concat")

UPSAMPLING = ("transposed", "resize")

_EMBEDDING_DIM = 32
_LEAK = 0.2


def build_generator(
    latent_dim=64,
    image_shape=(28, 28, 1),
    num_classes=None,
    num_attributes=0,
    width=32,
    conditioning="concat",
    upsampling="transposed",
    seed=0,
):
    """A convolutional generator: noise (and a label) in, an image out.

    A dense layer makes a small feature map, which is doubled stage by stage
    until it has the image's size.

    Args:
        latent_dim: length of the noise vector.
        image_shape: (size, size, channels); size divisible by 4, 16...128.
        num_classes: number of labels; None for an unconditional generator.
        num_attributes: number of continuous conditions in [0, 1].
        width: channels of the largest hidden feature map; each smaller one has
            twice as many.
        conditioning: "concat" joins an embedding of the label to the noise
            (Mirza & Osindero 2014); "batch_norm" lets it scale and shift every
            normalized feature map (conditional batch normalization).
        upsampling: "transposed" doubles by a stride-2 transposed convolution,
            as DCGAN does; "resize" by bilinear scaling and a 3×3 convolution,
            slower but free of the checkerboard.
        seed: of the initial weights.

    Returns a Keras model: [noise (b, latent_dim) float32, label (b,) int32,
    attributes (b, num_attributes) float32], as far as they apply, to images
    (b, size, size, channels) float32 in [-1, 1].
    """
    size, stages = check_image_shape(image_shape)
    _check_choice("conditioning", conditioning, GENERATOR_CONDITIONING)
    _check_choice("upsampling", upsampling, UPSAMPLING)
    _check_positive(latent_dim=latent_dim, width=width)
    init = _initializers(seed)
    noise = Input((latent_dim,), name="noise")
    conditions = _condition_inputs(num_classes, num_attributes)
    condition = _embed_condition(conditions, num_classes, init) if conditions else None

    def normalize(x, name):
        if condition is None or conditioning == "concat":
            x = layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)
        else:
            x = _conditional_batch_norm(x, condition, init, name)
        return layers.ReLU(name=f"{name}_relu")(x)

    x = noise
    if condition is not None and conditioning == "concat":
        x = layers.Concatenate(name="noise_and_condition")([noise, condition])
    start, channels = size >> stages, width << (stages - 1)
    x = layers.Dense(start * start * channels, use_bias=False, kernel_initializer=next(init), name="seed_map")(x)
    x = layers.Reshape((start, start, channels), name="reshape")(x)
    x = normalize(x, "seed_map")

    def double(x, channels, name, **options):
        options = {"padding": "same", "kernel_initializer": next(init), "name": name, **options}
        if upsampling == "transposed":
            return layers.Conv2DTranspose(channels, 4, 2, **options)(x)
        x = layers.UpSampling2D(interpolation="bilinear", name=f"{name}_resize")(x)
        return layers.Conv2D(channels, 3, **options)(x)

    for stage in range(1, stages):
        x = double(x, channels >> stage, f"up_{stage}", use_bias=False)
        x = normalize(x, f"up_{stage}")
    image = double(x, image_shape[-1], "image", activation="tanh")
    return Model([noise, *conditions] if conditions else noise, image, name="generator")


def build_discriminator(
    image_shape=(28, 28, 1),
    num_classes=None,
    num_attributes=0,
    width=32,
    conditioning="projection",
    dropout=0.0,
    spectral_norm=False,
    seed=0,
):
    """A convolutional discriminator: an image (and a label) in, a logit out.

    Args:
        image_shape, num_classes, num_attributes, seed: as for `build_generator`.
        width: channels of the first, largest feature map.
        conditioning: "projection" adds the inner product of the features and
            an embedding of the label (Miyato & Koyama 2018); "channels" lays
            the label beside the image as constant channels; "concat" joins it
            to the features before a hidden dense layer.
        dropout: share of features dropped in training.
        spectral_norm: divide each layer's weights by their largest singular
            value, so that the logit's slope is bounded (Miyato et al. 2018).

    Returns a Keras model: [image (b, size, size, channels) float32 in [-1, 1],
    label (b,) int32, attributes (b, num_attributes) float32], as far as they
    apply, to logits (b, 1): positive means "real".
    """
    size, stages = check_image_shape(image_shape)
    _check_choice("conditioning", conditioning, DISCRIMINATOR_CONDITIONING)
    _check_positive(width=width)
    init = _initializers(seed + 1000)
    image = Input(image_shape, name="image")
    conditions = _condition_inputs(num_classes, num_attributes)
    condition = _embed_condition(conditions, num_classes, init) if conditions else None

    def bounded(layer):
        return layers.SpectralNormalization(layer, name=layer.name) if spectral_norm else layer

    x = image
    if condition is not None and conditioning == "channels":
        planes = layers.Reshape((1, 1, condition.shape[-1]), name="condition_pixel")(condition)
        planes = layers.UpSampling2D(size, name="condition_channels")(planes)
        x = layers.Concatenate(name="image_and_condition")([image, planes])
    for stage in range(stages):
        conv = layers.Conv2D(width << stage, 4, 2, "same", kernel_initializer=next(init), name=f"down_{stage + 1}")
        x = bounded(conv)(x)
        x = layers.LeakyReLU(_LEAK, name=f"down_{stage + 1}_relu")(x)
    features = layers.Flatten(name="features")(x)
    if dropout:
        features = layers.Dropout(dropout, seed=seed, name="dropout")(features)
    if condition is not None and conditioning == "concat":
        features = layers.Concatenate(name="features_and_condition")([features, condition])
        features = bounded(layers.Dense(4 * width, kernel_initializer=next(init), name="joint"))(features)
        features = layers.LeakyReLU(_LEAK, name="joint_relu")(features)
    logit = bounded(layers.Dense(1, kernel_initializer=next(init), name="logit"))(features)
    if condition is not None and conditioning == "projection":
        project = layers.Dense(features.shape[-1], kernel_initializer=next(init), name="projected_condition")
        target = bounded(project)(condition)
        match = layers.Dot(1, name="match")([features, target])
        logit = layers.Add(name="logit_and_match")([logit, match])
    return Model([image, *conditions] if conditions else image, logit, name="discriminator")


def build_classifier(image_shape=(28, 28, 1), num_classes=10, width=32, seed=0):
    """A small convolutional classifier; its layer "features" (b, 128) serves as a measure.

    Args:
        width: channels of the first, largest feature map.

    Returns a Keras model: images float32 in [-1, 1] to logits (b, num_classes).
    """
    init = (initializers.HeNormal(seed=seed + i) for i in itertools.count())
    x = image = Input(image_shape, name="image")
    for stage in range(3):
        conv = layers.Conv2D(width << stage, 3, padding="same", kernel_initializer=next(init), name=f"conv_{stage + 1}")
        x = layers.ReLU(name=f"relu_{stage + 1}")(conv(x))
        x = layers.MaxPooling2D(2, name=f"pool_{stage + 1}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(128, activation="relu", kernel_initializer=next(init), name="features")(x)
    x = layers.Dropout(0.3, seed=seed, name="dropout")(x)
    return Model(image, layers.Dense(num_classes, kernel_initializer=next(init), name="logits")(x), name="classifier")


def check_image_shape(image_shape):
    """Size and number of doublings for an image shape; ValueError if it cannot be made."""
    if len(image_shape) != 3 or image_shape[0] != image_shape[1]:
        raise ValueError(f"image_shape must be (size, size, channels), not {tuple(image_shape)}")
    size = image_shape[0]
    if size % 4 or not 16 <= size <= 128:
        raise ValueError(f"images of size {size} cannot be made: the size must be divisible by 4 and from 16 to 128")
    stages = 2
    while (size >> stages) > 8 and (size >> stages) % 2 == 0:
        stages += 1
    return size, stages


def _condition_inputs(num_classes, num_attributes):
    inputs = []
    if num_classes is not None:
        if num_classes < 2:
            raise ValueError(f"num_classes must be at least 2, or None for no labels, not {num_classes}")
        inputs.append(Input((), dtype="int32", name="label"))
    if num_attributes:
        inputs.append(Input((num_attributes,), name="attributes"))
    return inputs


def _embed_condition(conditions, num_classes, init):
    """One vector for the label and the attributes together."""
    parts = []
    for condition in conditions:
        if condition.name == "label":
            embedding = layers.Embedding(
                num_classes, _EMBEDDING_DIM, embeddings_initializer=next(init), name="label_embedding"
            )
            parts.append(embedding(condition))
        else:
            dense = layers.Dense(_EMBEDDING_DIM, kernel_initializer=next(init), name="attribute_embedding")
            parts.append(layers.LeakyReLU(_LEAK, name="attribute_relu")(dense(condition)))
    return parts[0] if len(parts) == 1 else layers.Concatenate(name="condition")(parts)


def _conditional_batch_norm(x, condition, init, name):
    """Normalize, then scale by 1 + gamma(condition) and shift by beta(condition)."""
    channels = x.shape[-1]
    x = layers.BatchNormalization(momentum=0.9, center=False, scale=False, name=f"{name}_norm")(x)
    gamma = layers.Dense(channels, bias_initializer="ones", kernel_initializer=next(init), name=f"{name}_gamma")(
        condition
    )
    beta = layers.Dense(channels, kernel_initializer=next(init), name=f"{name}_beta")(condition)
    x = layers.Multiply(name=f"{name}_scale")([x, layers.Reshape((1, 1, channels), name=f"{name}_gamma_map")(gamma)])
    return layers.Add(name=f"{name}_shift")([x, layers.Reshape((1, 1, channels), name=f"{name}_beta_map")(beta)])


def _initializers(seed):
    """Endless initializers, each with a seed of its own; DCGAN's spread of 0.02 is
    too small for narrow networks, so the spread follows the fan-in."""
    return (initializers.GlorotUniform(seed=seed + i) for i in itertools.count())


def _check_choice(name, value, allowed):
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")


def _check_positive(**values):
    for name, value in values.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")
