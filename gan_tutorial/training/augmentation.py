"""What the discriminator is shown instead of the bare images: noise, and differentiable augmentation.

Real and generated images are disturbed alike, and gradients pass through, so the generator is never asked to draw the
disturbance. Each function takes random numbers rather than drawing them: `uniforms` (b, NUMBERS) in [0, 1), a row for
each image.
"""

from collections.abc import Iterable
from typing import Any

import tensorflow as tf

#: How many random numbers an image needs: seven for the disturbances, three to decide which are made.
NUMBERS = 10
_FIRST_GATE = 7

#: Images that it takes for the probability of augmentation to go from 0 to 1, at the fastest.
_RAMP = 64_000


def colour(images: tf.Tensor, uniforms: tf.Tensor) -> tf.Tensor:
    """Brightness, saturation and contrast of each image changed at random, Zhao et al. 2020, appendix."""
    brightness, saturation, contrast = (uniforms[:, i, None, None, None] for i in range(3))
    images += brightness - 0.5
    grey = tf.reduce_mean(images, 3, keepdims=True)
    images = (images - grey) * (2 * saturation) + grey
    mean = tf.reduce_mean(images, [1, 2, 3], keepdims=True)
    return (images - mean) * (contrast + 0.5) + mean


def translation(images: tf.Tensor, uniforms: tf.Tensor, ratio: float = 0.125) -> tf.Tensor:
    """Each image moved by up to an eighth of its size each way; the rim shows black, -1."""
    size = images.shape[1]
    reach = int(size * ratio + 0.5)
    shift = tf.cast(tf.floor(uniforms[:, 3:5] * (2 * reach + 1)), tf.int32)
    padded = tf.pad(images, [[0, 0], [reach, reach], [reach, reach], [0, 0]], constant_values=-1)
    places = tf.range(size)
    rows, columns = shift[:, :1] + places, shift[:, 1:] + places
    padded = tf.gather(padded, rows, axis=1, batch_dims=1)
    return tf.gather(padded, columns, axis=2, batch_dims=1)


def cutout(images: tf.Tensor, uniforms: tf.Tensor, ratio: float = 0.5) -> tf.Tensor:
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


def augment(images: tf.Tensor, uniforms: tf.Tensor, kinds: Iterable[str], probability: Any = None) -> tf.Tensor:
    """All of the named augmentations, one after the other.

    With a probability, each is made to each image with that probability only (Karras et al. 2020, section 2.2).
    """
    for kind in kinds:
        changed = AUGMENTATIONS[kind](images, uniforms)
        if probability is not None:
            gate = uniforms[:, _FIRST_GATE + list(AUGMENTATIONS).index(kind)] < probability
            changed = tf.where(gate[:, None, None, None], changed, images)
        images = changed
    return images


def adapted(probability: tf.Tensor, real_sign: tf.Tensor, target: float, batch_size: int) -> tf.Tensor:
    """The probability of augmentation after one more step, Karras et al. 2020, section 3.1.

    real_sign is the mean sign of the logits of real images: near 1, the discriminator knows the training images too
    well, and sees them disturbed more often; below `target`, less often.
    """
    return tf.clip_by_value(probability + tf.sign(real_sign - target) * batch_size / _RAMP, 0.0, 1.0)
