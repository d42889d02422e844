"""The discriminator: strided convolutions, and one of several ways to use a label."""

from collections.abc import Mapping

from keras import Input, Model, layers

from ..data.conditions import Specification, as_conditions
from .generator import BLOCKS
from .layers import MinibatchDeviation
from .parts import ImageShape, Parts, check_choice, check_image_shape, check_positive, repeat_in_space

#: How a discriminator can use its label.
DISCRIMINATOR_CONDITIONING = ("projection", "channels", "concat", "auxiliary")


def build_discriminator(
    image_shape: ImageShape = (28, 28, 1), num_classes: int | None = None,
    conditions: Mapping[str, Specification] | None = None, width: int = 32, conditioning: str = "projection",
    blocks: str = "plain", stages: int | None = None, minibatch_deviation: bool = False, dropout: float = 0.0,
    spectral_norm: bool = False, attention: int | None = None, seed: int = 0,
) -> Model:  # fmt: skip
    """A convolutional discriminator: an image (and a label) in, a logit out.

    Args:
        image_shape, num_classes, conditions, blocks, attention, seed: as for `build_generator`.
        width: channels of the first, largest feature map.
        conditioning: "projection" adds the inner product of the features and an embedding of the label (Miyato & Koyama
            2018); "channels" appends the label to the image as constant channels; "concat" joins it to the features
            before a hidden dense layer. "auxiliary" takes no condition but guesses it from the image (Odena et al. 2017).
        stages: how often the feature maps are halved; by default as often as the generator doubles. Except with
            "concat", the logit is a sum over the places that are left, so that more stages, down to 4×4 or less, can judge
            how parts go together.
        minibatch_deviation: let it see how much the images of a small group differ (Karras et al. 2018).
        dropout: share of features dropped in training.
        spectral_norm: divide each layer's weights by their largest singular value, so that the logit's slope is bounded
            (Miyato et al. 2018).

    Returns a Keras model: [image (b, size, size, channels) float32 in [-1, 1], each condition (b,) int32 or float32] to
    logits (b, 1): positive means "real". With "auxiliary": images to [logits, a guess of each condition], which are
    logits (b, categories) or, of a range, numbers (b, 1), -1 at its low end and 1 at its high end.

    Example:
        >>> import gan_tutorial as gt
        >>> discriminator = gt.build_discriminator((16, 16, 1), num_classes=3, width=4)
        >>> discriminator.output_shape, [tensor.name for tensor in discriminator.inputs]
        ((None, 1), ['image', 'label'])
    """
    size, usual = check_image_shape(image_shape)
    stages, most = usual if stages is None else stages, (size - 1).bit_length()
    if not isinstance(stages, int) or not 1 <= stages <= most:
        raise ValueError(f"stages must be from 1 to {most} for images of size {size}, not {stages}")
    check_choice("conditioning", conditioning, DISCRIMINATOR_CONDITIONING)
    check_choice("blocks", blocks, BLOCKS)
    check_choice("attention", attention, (None, *(-(-size >> stage) for stage in range(1, stages + 1))))
    check_positive(width=width)
    auxiliary = conditioning == "auxiliary"
    wanted = as_conditions(num_classes, conditions)
    if auxiliary and not wanted:
        raise ValueError("an auxiliary discriminator guesses conditions: give num_classes or conditions")
    parts = Parts(seed + 1000, spectral_norm)
    x = image = Input(image_shape, name="image")
    inputs, condition = parts.embed({} if auxiliary else wanted)
    conditioning = conditioning if inputs else "none"

    if conditioning == "channels":
        planes = repeat_in_space(condition, size, "condition")
        x = layers.Concatenate(name="image_and_condition")([image, planes])
    for stage in range(stages):
        step = parts.residual_down if stage and blocks == "residual" else parts.downsample
        x = step(x, width << stage, f"down_{stage + 1}")
        if x.shape[1] == attention:
            # With seeds of its own, so that all other weights start as without it.
            x = Parts(seed + 7000, spectral_norm).attend(x)
    if minibatch_deviation:
        x = MinibatchDeviation(name="minibatch_deviation")(x)
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
    for name, guessed in wanted.items():
        units = 1 if guessed.is_range else len(guessed.categories)
        outputs.append(layers.Dense(units, kernel_initializer=parts.initializer(), name=f"{name}_guess")(hidden))
    return Model(image, outputs, name="discriminator")
