"""The discriminator: strided convolutions, and one of several ways to use a label."""

from keras import Input, Model, layers

from .parts import (
    LEAK,
    check_choice,
    check_image_shape,
    check_positive,
    condition_inputs,
    embed_condition,
    seeded_initializers,
)

#: How a discriminator can use its label.
DISCRIMINATOR_CONDITIONING = ("projection", "channels", "concat", "auxiliary")


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
            to the features before a hidden dense layer. "auxiliary" takes no
            condition but guesses it from the image (Odena et al. 2017).
        dropout: share of features dropped in training.
        spectral_norm: divide each layer's weights by their largest singular
            value, so that the logit's slope is bounded (Miyato et al. 2018).

    Returns a Keras model: [image (b, size, size, channels) float32 in [-1, 1],
    label (b,) int32, attributes (b, num_attributes) float32], as far as they
    apply, to logits (b, 1): positive means "real". With "auxiliary": images
    to [logits, label logits (b, num_classes), attribute guesses (b,
    num_attributes) in [-1, 1]], as far as they apply.
    """
    size, stages = check_image_shape(image_shape)
    check_choice("conditioning", conditioning, DISCRIMINATOR_CONDITIONING)
    check_positive(width=width)
    init = seeded_initializers(seed + 1000)
    image = Input(image_shape, name="image")
    auxiliary = conditioning == "auxiliary"
    conditions = [] if auxiliary else condition_inputs(num_classes, num_attributes)
    condition = embed_condition(conditions, num_classes, init) if conditions else None

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
        x = layers.LeakyReLU(LEAK, name=f"down_{stage + 1}_relu")(x)
    features = layers.Flatten(name="features")(x)
    if dropout:
        features = layers.Dropout(dropout, seed=seed, name="dropout")(features)
    if condition is not None and conditioning == "concat":
        features = layers.Concatenate(name="features_and_condition")([features, condition])
        features = bounded(layers.Dense(4 * width, kernel_initializer=next(init), name="joint"))(features)
        features = layers.LeakyReLU(LEAK, name="joint_relu")(features)
    logit = bounded(layers.Dense(1, kernel_initializer=next(init), name="logit"))(features)
    if condition is not None and conditioning == "projection":
        project = layers.Dense(features.shape[-1], kernel_initializer=next(init), name="projected_condition")
        target = bounded(project)(condition)
        match = layers.Dot(1, name="match")([features, target])
        logit = layers.Add(name="logit_and_match")([logit, match])
    if not auxiliary:
        return Model([image, *conditions] if conditions else image, logit, name="discriminator")
    if num_classes is None and not num_attributes:
        raise ValueError("an auxiliary discriminator guesses a label or attributes: give num_classes or num_attributes")
    hidden = bounded(layers.Dense(4 * width, kernel_initializer=next(init), name="recognition"))(features)
    hidden = layers.LeakyReLU(LEAK, name="recognition_relu")(hidden)
    sizes = {"label_logits": num_classes, "attribute_guesses": num_attributes}
    guesses = [layers.Dense(n, kernel_initializer=next(init), name=name)(hidden) for name, n in sizes.items() if n]
    return Model(image, [logit, *guesses], name="discriminator")
