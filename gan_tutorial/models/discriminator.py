"""The discriminator: strided convolutions, and one of several ways to use a label."""

from keras import Input, Model, layers

from .parts import ImageShape, Parts, check_choice, check_image_shape, check_positive, repeat_in_space

#: How a discriminator can use its label.
DISCRIMINATOR_CONDITIONING = ("projection", "channels", "concat", "auxiliary")


def build_discriminator(
    image_shape: ImageShape = (28, 28, 1), num_classes: int | None = None, num_attributes: int = 0, width: int = 32,
    conditioning: str = "projection", dropout: float = 0.0, spectral_norm: bool = False, seed: int = 0,
) -> Model:  # fmt: skip
    """A convolutional discriminator: an image (and a label) in, a logit out.

    Args:
        image_shape, num_classes, num_attributes, seed: as for `build_generator`.
        width: channels of the first, largest feature map.
        conditioning: "projection" adds the inner product of the features and an embedding of the label (Miyato & Koyama
            2018); "channels" appends the label to the image as constant channels; "concat" joins it to the features
            before a hidden dense layer. "auxiliary" takes no condition but guesses it from the image (Odena et al. 2017).
        dropout: share of features dropped in training.
        spectral_norm: divide each layer's weights by their largest singular value, so that the logit's slope is bounded
            (Miyato et al. 2018).

    Returns a Keras model: [image (b, size, size, channels) float32 in [-1, 1], label (b,) int32, attributes
    (b, num_attributes) float32], as far as they apply, to logits (b, 1): positive means "real". With "auxiliary":
    images to [logits, label logits (b, num_classes), attribute guesses (b, num_attributes) in [-1, 1]], likewise.

    Example:
        >>> import gan_tutorial as gt
        >>> discriminator = gt.build_discriminator((16, 16, 1), num_classes=3, width=4)
        >>> discriminator.output_shape, [tensor.name for tensor in discriminator.inputs]
        ((None, 1), ['image', 'label'])
    """
    size, stages = check_image_shape(image_shape)
    check_choice("conditioning", conditioning, DISCRIMINATOR_CONDITIONING)
    check_positive(width=width)
    auxiliary = conditioning == "auxiliary"
    if auxiliary and num_classes is None and not num_attributes:
        raise ValueError("an auxiliary discriminator guesses a label or attributes: give num_classes or num_attributes")
    parts = Parts(seed + 1000, spectral_norm)
    x = image = Input(image_shape, name="image")
    inputs, condition = ([], None) if auxiliary else parts.embed(num_classes, num_attributes)
    conditioning = conditioning if inputs else "none"

    if conditioning == "channels":
        planes = repeat_in_space(condition, size, "condition")
        x = layers.Concatenate(name="image_and_condition")([image, planes])
    for stage in range(stages):
        x = parts.downsample(x, width << stage, f"down_{stage + 1}")
    features = layers.Flatten(name="features")(x)
    if dropout:
        features = layers.Dropout(dropout, seed=seed, name="dropout")(features)
    if conditioning == "concat":
        features = layers.Concatenate(name="features_and_condition")([features, condition])
        features = parts.hidden(features, 4 * width, "joint")
    logit = parts.dense(features, 1, "logit")
    if conditioning == "projection":
        target = parts.dense(condition, features.shape[-1], "projected_condition")
        match = layers.Dot(1, name="match")([features, target])
        logit = layers.Add(name="logit_and_match")([logit, match])
    if not auxiliary:
        return Model([image, *inputs] if inputs else image, logit, name="discriminator")
    hidden = parts.hidden(features, 4 * width, "recognition")
    outputs = [logit]
    for name, units in (("label_logits", num_classes), ("attribute_guesses", num_attributes)):
        if units:
            outputs.append(layers.Dense(units, kernel_initializer=parts.initializer(), name=name)(hidden))
    return Model(image, outputs, name="discriminator")
