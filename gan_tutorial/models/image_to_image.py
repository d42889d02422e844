"""Networks that turn one picture into another: pix2pix (Isola et al. 2017), CycleGAN (Zhu et al. 2017)."""

from keras import Input, Model, layers

from .parts import ImageShape, Parts, check_choice, check_image_shape, check_positive, repeat_in_space


def build_unet_generator(
    image_shape: ImageShape = (64, 64, 3), noise_channels: int = 1, width: int = 16, seed: int = 0,
    normalization: str = "batch",
) -> Model:  # fmt: skip
    """A U-Net: picture in, picture of the same size out (Isola et al. 2017, section 3.2.1).

    It halves the picture step by step to a few pixels, then doubles it again; skip connections pass each size of the
    way down to the same size of the way up, so that edges stay where they are.

    Args:
        image_shape, seed: as for `build_generator`; both pictures have this shape.
        noise_channels: channels of noise appended to the picture, which may decide what it leaves open; 0 for none.
        width: channels of the first, largest feature map.
        normalization: "batch", or "instance": each picture by its own mean and variance (Ulyanov et al. 2016), so that
            the network does the same in training and afterwards, whatever else is in the batch.

    Returns a Keras model: [picture (b, size, size, channels) float32 in [-1, 1], noise (b, noise_channels) float32, if
    any] to pictures like the first.
    """
    _, stages = check_image_shape(image_shape)
    check_positive(width=width)
    check_choice("normalization", normalization, ("batch", "instance"))
    parts = Parts(seed + 3000)
    x = picture = Input(image_shape, name="picture")
    inputs = [picture]
    if noise_channels:
        inputs.append(Input((noise_channels,), name="noise"))
        planes = repeat_in_space(inputs[1], image_shape[0], "noise")
        x = layers.Concatenate(name="picture_and_noise")([picture, planes])
    skips = []
    for stage in range(stages + 1):
        x = parts.downsample(x, width << min(stage, 3), f"down_{stage}")
        skips.append(x)
    for stage in reversed(range(stages)):
        x = parts.upsample(x, width << min(stage, 3), "resize", f"up_{stage}", use_bias=False)
        if normalization == "instance":  # a group of its own for each channel
            x = layers.GroupNormalization(-1, name=f"up_{stage}_norm")(x)
        else:
            x = parts.batch_norm(x, f"up_{stage}")
        x = layers.ReLU(name=f"up_{stage}_relu")(x)
        x = layers.Concatenate(name=f"skip_{stage}")([x, skips[stage]])
    x = layers.UpSampling2D(interpolation="bilinear", name="image_resize")(x)
    x = layers.Concatenate(name="image_skip")([x, picture])
    image = parts.apply(layers.Conv2D, x, image_shape[-1], 3, padding="same", activation="tanh", name="image")
    return Model(inputs if noise_channels else picture, image, name="translator")


def build_patch_discriminator(
    image_shape: ImageShape = (64, 64, 3), width: int = 16, seed: int = 0, pairs: bool = True
) -> Model:
    """A discriminator of each patch of a pair of pictures, not of the whole (Isola et al. 2017, section 3.2.2).

    Args:
        image_shape, seed: as for `build_generator`; both pictures have this shape.
        width: channels of the first, largest feature map.
        pairs: False for a discriminator of single images, which is what CycleGAN takes (Zhu et al. 2017).

    Returns a Keras model: [picture, image], both (b, size, size, channels), or the bare image, to logits
    (b, size/8, size/8, 1): is this patch a real answer to this picture, or of a real image?
    """
    check_image_shape(image_shape)
    check_positive(width=width)
    parts = Parts(seed + 4000)
    inputs = [Input(image_shape, name=name) for name in ("picture", "image")[not pairs :]]
    x = layers.Concatenate(name="pair")(inputs) if pairs else inputs[0]
    for stage in range(3):
        x = parts.downsample(x, width << stage, f"down_{stage + 1}")
    logits = parts.apply(layers.Conv2D, x, 1, 3, padding="same", name="logit")
    return Model(inputs if pairs else inputs[0], logits, name="patch_discriminator")
