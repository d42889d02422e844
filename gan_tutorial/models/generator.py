"""The generator: DCGAN's shape (Radford et al. 2016), any square size."""

from collections.abc import Mapping

from keras import Input, KerasTensor, Model, layers

from ..data.conditions import Specification, as_conditions
from .parts import NEGATIVE_SLOPE, ImageShape, Parts, check_choice, check_image_shape, check_positive

#: How a generator can use its label.
GENERATOR_CONDITIONING = ("concat", "batch_norm")
UPSAMPLING = ("transposed", "resize")
#: What a stage of a network is made of.
BLOCKS = ("plain", "residual")
ACTIVATIONS = ("relu", "leaky_relu", "prelu", "silu")


def build_generator(
    latent_dim: int = 64, image_shape: ImageShape = (28, 28, 1), num_classes: int | None = None,
    conditions: Mapping[str, Specification] | None = None, width: int = 32, conditioning: str = "concat",
    blocks: str = "plain", upsampling: str = "transposed", normalization: bool = True, activation: str = "relu",
    seed_channels: int | None = None, seed: int = 0,
) -> Model:  # fmt: skip
    """A convolutional generator: noise (and a label) in, an image out.

    A dense layer makes a small feature map, which is doubled stage by stage until it has the image's size.

    Args:
        latent_dim: length of the noise vector.
        image_shape: (size, size, channels); size divisible by 4, 16...128.
        num_classes: number of labels, if any; short for the condition "label".
        conditions: what images are asked for, by name: the names of categories, their number, or a range (low, high),
            within which numbers between the whole ones are possible too. A data set's `conditions` will do.
        width: channels of the largest hidden feature map; each smaller one has twice as many.
        conditioning: "concat" joins an embedding of the label to the noise (Mirza & Osindero 2014); "batch_norm" lets it
            scale and shift every normalized feature map (conditional batch normalization).
        upsampling: "transposed" doubles by a stride-2 transposed convolution, as DCGAN does; "resize" by bilinear
            scaling and a 3×3 convolution, slower but free of the checkerboard.
        blocks: "plain", one layer a stage, as in DCGAN; "residual", two 3×3 convolutions a stage beside a shortcut, always
            resized (He et al. 2016; Huang et al. 2024).
        normalization: batch normalization of the hidden feature maps.
        activation: "relu" as in DCGAN, "leaky_relu", "prelu" with a learnt slope per channel, or "silu".
        seed_channels: channels of the first, smallest feature map, which the dense layer makes; as many as `width` asks for
            by default. More of them give conditions more room to combine, at little cost.
        seed: of the initial weights.

    Returns a Keras model: [noise (b, latent_dim) float32, each condition (b,) int32 or, of a range, float32] to images
    (b, size, size, channels) float32 in [-1, 1].

    Example:
        >>> import gan_tutorial as gt
        >>> generator = gt.build_generator(latent_dim=8, image_shape=(16, 16, 1), num_classes=3, width=4)
        >>> generator.output_shape, [tensor.name for tensor in generator.inputs]
        ((None, 16, 16, 1), ['noise', 'label'])
    """
    size, stages = check_image_shape(image_shape)
    check_choice("conditioning", conditioning, GENERATOR_CONDITIONING)
    check_choice("upsampling", upsampling, UPSAMPLING)
    check_choice("activation", activation, ACTIVATIONS)
    check_positive(latent_dim=latent_dim, width=width, seed_channels=seed_channels or 1)
    check_choice("blocks", blocks, BLOCKS)
    parts = Parts(seed)
    x = noise = Input((latent_dim,), name="noise")
    wanted = as_conditions(num_classes, conditions)
    # With a single label nothing was measured yet; the stored experiments have the smaller start.
    inputs, condition = parts.embed(wanted, like_noise=conditioning == "concat" and len(wanted) > 1)
    if inputs and conditioning == "concat":
        x = layers.Concatenate(name="noise_and_condition")([noise, condition])
        condition = None  # normalization does not need it as well

    def activate(x: KerasTensor, name: str) -> KerasTensor:
        x = parts.batch_norm(x, name, condition) if normalization else x
        return _activate(x, activation, name)

    start, channels = size >> stages, width << (stages - 1)
    first = seed_channels or channels
    x = parts.dense(x, start * start * first, "seed_map", use_bias=not normalization)
    x = layers.Reshape((start, start, first), name="reshape")(x)
    if blocks == "plain":
        x = activate(x, "seed_map")
    for stage in range(1, stages):
        name, wide = f"up_{stage}", channels >> stage
        if blocks == "residual":
            x = parts.residual_up(x, wide, activate, name)
        else:
            x = activate(parts.upsample(x, wide, upsampling, name, use_bias=not normalization), name)
    if blocks == "residual":
        x, upsampling = activate(x, "last"), "resize"
    image = parts.upsample(x, image_shape[-1], upsampling, "image", activation="tanh")
    return Model([noise, *inputs] if inputs else noise, image, name="generator")


def _activate(x: KerasTensor, activation: str, name: str) -> KerasTensor:
    if activation == "prelu":
        return layers.PReLU(shared_axes=[1, 2], alpha_initializer="zeros", name=f"{name}_prelu")(x)
    if activation == "leaky_relu":
        return layers.LeakyReLU(NEGATIVE_SLOPE, name=f"{name}_leaky_relu")(x)
    return layers.Activation(activation, name=f"{name}_{activation}")(x)
