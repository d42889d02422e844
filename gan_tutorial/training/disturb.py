"""What the discriminator is shown instead of the bare images: noise, and differentiable augmentation.

Real and generated images are disturbed alike, and gradients pass through, so
the generator is never asked to draw the disturbance. Each function takes
random numbers rather than drawing them: `uniforms` (b, 8) in [0, 1), a row for
each image.
"""

import tensorflow as tf

#: How many random numbers an image needs.
NUMBERS = 8


def colour(images, uniforms):
    """Brightness, saturation and contrast of each image changed at random, Zhao et al. 2020, appendix."""
    brightness, saturation, contrast = (uniforms[:, i, None, None, None] for i in range(3))
    images += brightness - 0.5
    grey = tf.reduce_mean(images, 3, keepdims=True)
    images = (images - grey) * (2 * saturation) + grey
    mean = tf.reduce_mean(images, [1, 2, 3], keepdims=True)
    return (images - mean) * (contrast + 0.5) + mean


def translation(images, uniforms, ratio=0.125):
    """Each image moved by up to an eighth of its size each way; the rim shows black, -1."""
    size = images.shape[1]
    reach = int(size * ratio + 0.5)
    shift = tf.cast(tf.floor(uniforms[:, 3:5] * (2 * reach + 1)), tf.int32)
    padded = tf.pad(images, [[0, 0], [reach, reach], [reach, reach], [0, 0]], constant_values=-1)
    places = tf.range(size)
    rows, columns = shift[:, :1] + places, shift[:, 1:] + places
    padded = tf.gather(padded, rows, axis=1, batch_dims=1)
    return tf.gather(padded, columns, axis=2, batch_dims=1)


def cutout(images, uniforms, ratio=0.5):
    """A square of half the size, anywhere in each image, made grey, 0."""
    size = images.shape[1]
    half = size * ratio / 2
    centre = uniforms[:, 5:7] * size
    places = tf.range(size, dtype=tf.float32) + 0.5
    rows, columns = (tf.abs(places - centre[:, i : i + 1]) < half for i in range(2))
    hole = rows[:, :, None] & columns[:, None, :]
    return images * tf.cast(~hole, images.dtype)[..., None]


#: DiffAugment's three kinds, by name.
AUGMENTATIONS = {"colour": colour, "translation": translation, "cutout": cutout}


def augment(images, uniforms, kinds):
    """All of the named augmentations, one after the other."""
    for kind in kinds:
        images = AUGMENTATIONS[kind](images, uniforms)
    return images
