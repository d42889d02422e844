"""Networks that turn one picture into another: pix2pix (Isola et al. 2017)."""

from keras import Input, Model, layers

from .parts import LEAK, check_image_shape, check_positive, seeded_initializers


def build_translator(image_shape=(64, 64, 3), noise_channels=1, width=16, seed=0):
    """A U-Net: picture in, picture of the same size out (Isola et al. 2017, section 3.2.1).

    It halves the picture step by step to a few pixels, then doubles it again;
    skips hand each size of the way down to the same size of the way up, so
    that edges stay where they are.

    Args:
        image_shape: (size, size, channels) of both pictures; size as for `build_generator`.
        noise_channels: extra channels of noise beside the picture; what it does
            not say, they may decide. 0 for none.
        width: channels of the first, largest feature map.
        seed: of the initial weights.

    Returns a Keras model: [picture (b, size, size, channels) float32 in
    [-1, 1], noise (b, noise_channels) float32, if any] to pictures like the first.
    """
    _, stages = check_image_shape(image_shape)
    check_positive(width=width)
    init = seeded_initializers(seed + 3000)
    picture = x = Input(image_shape, name="picture")
    inputs = [picture]
    if noise_channels:
        noise = Input((noise_channels,), name="noise")
        planes = layers.Reshape((1, 1, noise_channels), name="noise_pixel")(noise)
        planes = layers.UpSampling2D(image_shape[0], name="noise_channels")(planes)
        x = layers.Concatenate(name="picture_and_noise")([picture, planes])
        inputs.append(noise)
    skips = []
    for stage in range(stages + 1):
        conv = layers.Conv2D(width << min(stage, 3), 4, 2, "same", kernel_initializer=next(init), name=f"down_{stage}")
        x = layers.LeakyReLU(LEAK, name=f"down_{stage}_relu")(conv(x))
        skips.append(x)
    for stage in reversed(range(stages)):
        x = layers.UpSampling2D(interpolation="bilinear", name=f"up_{stage}_resize")(x)
        conv = layers.Conv2D(
            width << min(stage, 3), 3, padding="same", use_bias=False, kernel_initializer=next(init), name=f"up_{stage}"
        )
        x = layers.BatchNormalization(momentum=0.9, name=f"up_{stage}_norm")(conv(x))
        x = layers.ReLU(name=f"up_{stage}_relu")(x)
        x = layers.Concatenate(name=f"skip_{stage}")([x, skips[stage]])
    x = layers.UpSampling2D(interpolation="bilinear", name="image_resize")(x)
    x = layers.Concatenate(name="image_skip")([x, picture])
    image = layers.Conv2D(
        image_shape[-1], 3, padding="same", activation="tanh", kernel_initializer=next(init), name="image"
    )(x)
    return Model(inputs if len(inputs) > 1 else picture, image, name="translator")


def build_patch_discriminator(image_shape=(64, 64, 3), width=16, seed=0):
    """Judges each patch of a pair of pictures, not the whole (Isola et al. 2017, section 3.2.2).

    Returns a Keras model: [picture, image], both (b, size, size, channels), to
    logits (b, size/8, size/8, 1): is this patch a real answer to this picture?
    """
    check_image_shape(image_shape)
    check_positive(width=width)
    init = seeded_initializers(seed + 4000)
    picture, image = Input(image_shape, name="picture"), Input(image_shape, name="image")
    x = layers.Concatenate(name="pair")([picture, image])
    for stage in range(3):
        conv = layers.Conv2D(width << stage, 4, 2, "same", kernel_initializer=next(init), name=f"down_{stage + 1}")
        x = layers.LeakyReLU(LEAK, name=f"down_{stage + 1}_relu")(conv(x))
    logits = layers.Conv2D(1, 3, padding="same", kernel_initializer=next(init), name="logit")(x)
    return Model([picture, image], logits, name="patch_discriminator")
