"""The generator: DCGAN's shape (Radford et al. 2015), any square size."""

from keras import Input, Model, layers

from .parts import (
    LEAK,
    check_choice,
    check_image_shape,
    check_positive,
    condition_inputs,
    conditional_batch_norm,
    embed_condition,
    seeded_initializers,
)

#: How a generator can use its label.
GENERATOR_CONDITIONING = ("concat", "batch_norm")
UPSAMPLING = ("transposed", "resize")
ACTIVATIONS = ("relu", "leaky_relu", "prelu", "silu")


def build_generator(
    latent_dim=64,
    image_shape=(28, 28, 1),
    num_classes=None,
    num_attributes=0,
    width=32,
    conditioning="concat",
    upsampling="transposed",
    activation="relu",
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
        activation: after each normalized feature map: "relu" as in DCGAN,
            "leaky_relu", "prelu" with a learnt slope a channel, or "silu".
        seed: of the initial weights.

    Returns a Keras model: [noise (b, latent_dim) float32, label (b,) int32,
    attributes (b, num_attributes) float32], as far as they apply, to images
    (b, size, size, channels) float32 in [-1, 1].
    """
    size, stages = check_image_shape(image_shape)
    check_choice("conditioning", conditioning, GENERATOR_CONDITIONING)
    check_choice("upsampling", upsampling, UPSAMPLING)
    check_choice("activation", activation, ACTIVATIONS)
    check_positive(latent_dim=latent_dim, width=width)
    init = seeded_initializers(seed)
    noise = Input((latent_dim,), name="noise")
    conditions = condition_inputs(num_classes, num_attributes)
    condition = embed_condition(conditions, num_classes, init) if conditions else None

    def normalize(x, name):
        if condition is None or conditioning == "concat":
            x = layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)
        else:
            x = conditional_batch_norm(x, condition, init, name)
        return _activate(x, activation, name)

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


def _activate(x, activation, name):
    if activation == "prelu":
        return layers.PReLU(shared_axes=[1, 2], alpha_initializer="zeros", name=f"{name}_prelu")(x)
    if activation == "leaky_relu":
        return layers.LeakyReLU(LEAK, name=f"{name}_leaky_relu")(x)
    return layers.Activation(activation, name=f"{name}_{activation}")(x)
