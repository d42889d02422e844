"""The generator: DCGAN's shape (Radford et al. 2016), any square size."""

from collections.abc import Mapping

from keras import Input, KerasTensor, Model, layers

from ..data.conditions import Specification, as_conditions
from .parts import NEGATIVE_SLOPE, Activation, ImageShape, Parts, check_choice, check_image_shape, check_positive

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
    seed_channels: int | None = None, attention: int | None = None, skip_z: bool = False, seed: int = 0,
) -> Model:  # fmt: skip
    """A convolutional generator: noise (and a label) in, an image out.

    A dense layer makes a small feature map, which is doubled stage by stage until it has the image's size.

    Args:
        latent_dim: length of the noise vector.
        image_shape: (size, size, channels); size divisible by 4, 16...256.
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
        attention: side of the hidden feature map that self-attention follows, such as 16 (Zhang et al. 2019); None for no
            attention. It begins as if it were not there.
        skip_z: cut the noise into chunks, the first for the dense layer and one for each further stage, whose normalization
            it scales and shifts together with the conditions (Brock et al. 2019); needs conditioning="batch_norm".
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
    check_choice("attention", attention, (None, *(size >> stage for stage in range(stages, 0, -1))))
    if skip_z and not (normalization and conditioning == "batch_norm" and latent_dim >= stages):
        needed = f"normalization, conditioning='batch_norm' and a latent_dim of at least {stages}"
        raise ValueError(f"skip_z gives noise to each stage's normalization: it needs {needed}")
    parts = Parts(seed)
    x = noise = Input((latent_dim,), name="noise")
    wanted = as_conditions(num_classes, conditions)
    # With a single label nothing was measured yet; the stored experiments have the smaller start.
    inputs, condition = parts.embed(wanted, like_noise=skip_z or conditioning == "concat" and len(wanted) > 1)
    if inputs and conditioning == "concat":
        x = layers.Concatenate(name="noise_and_condition")([noise, condition])
        condition = None  # normalization does not need it as well

    vectors = [condition] * stages
    if skip_z:
        x, *chunks = _chunks(noise, stages)
        if condition is not None:
            named = enumerate(chunks, start=1)
            chunks = [layers.Concatenate(name=f"chunk_{i}_and_condition")([z, condition]) for i, z in named]
        vectors[1:] = chunks

    def activation_of(stage: int) -> Activation:
        def activate(x: KerasTensor, name: str) -> KerasTensor:
            x = parts.batch_norm(x, name, vectors[stage]) if normalization else x
            return _activate(x, activation, name)

        return activate

    def attend(x: KerasTensor) -> KerasTensor:
        # With seeds of its own, so that all other weights start as without it.
        return Parts(seed + 7000).attend(x) if x.shape[1] == attention else x

    start, channels = size >> stages, width << (stages - 1)
    first = seed_channels or channels
    x = parts.dense(x, start * start * first, "seed_map", use_bias=not normalization)
    x = layers.Reshape((start, start, first), name="reshape")(x)
    if blocks == "plain":
        x = activation_of(0)(x, "seed_map")
    x = attend(x)
    for stage in range(1, stages):
        name, wide = f"up_{stage}", channels >> stage
        if blocks == "residual":
            x = parts.residual_up(x, wide, activation_of(stage), name)
        else:
            x = parts.upsample(x, wide, upsampling, name, use_bias=not normalization)
            x = activation_of(stage)(x, name)
        x = attend(x)
    if blocks == "residual":
        x, upsampling = activation_of(0)(x, "last"), "resize"
    image = parts.upsample(x, image_shape[-1], upsampling, "image", activation="tanh")
    return Model([noise, *inputs] if inputs else noise, image, name="generator")


def _chunks(noise: KerasTensor, count: int) -> list[KerasTensor]:
    """The noise (b, n) in so many parts, (b, n / count) or one more."""
    n = noise.shape[1]
    column = layers.Reshape((n, 1), name="noise_column")(noise)
    cuts = [(n * i // count, n - n * (i + 1) // count) for i in range(count)]
    parts = [layers.Cropping1D(cut, name=f"chunk_{i}_column")(column) for i, cut in enumerate(cuts)]
    return [layers.Flatten(name=f"chunk_{i}")(part) for i, part in enumerate(parts)]


def _activate(x: KerasTensor, activation: str, name: str) -> KerasTensor:
    if activation == "prelu":
        return layers.PReLU(shared_axes=[1, 2], alpha_initializer="zeros", name=f"{name}_prelu")(x)
    if activation == "leaky_relu":
        return layers.LeakyReLU(NEGATIVE_SLOPE, name=f"{name}_leaky_relu")(x)
    return layers.Activation(activation, name=f"{name}_{activation}")(x)
