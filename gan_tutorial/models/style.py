"""The style-based generator (Karras et al. 2019, 2020b): noise to a style w, and w, layer by layer, to an image.

Its two halves can be used on their own: `mapping_network` and `synthesis_network` share the generator's weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from keras import Input, Model, initializers, layers
from numpy.typing import ArrayLike

from ..data.conditions import Specification, as_conditions
from .layers import Latent, LayerNoise, LearnedMap, ModulatedConv2D
from .parts import NEGATIVE_SLOPE, ImageShape, Parts, check_image_shape, check_positive

Array = np.ndarray

#: Name of the layer whose output is w, and, with a number, of those that hand it on: not one that a condition might have.
_STYLE = "w_of_layer"


def build_style_generator(
    latent_dim: int = 64, image_shape: ImageShape = (28, 28, 1), num_classes: int | None = None,
    conditions: Mapping[str, Specification] | None = None, width: int = 32, style_dim: int = 64, mapping_layers: int = 3,
    demodulate: bool = True, layer_noise: bool = True, seed: int = 0,
) -> Model:  # fmt: skip
    """A style-based generator (Karras et al. 2019; the convolutions of Karras et al. 2020b).

    A mapping network makes a style w of the noise and of the conditions. The image starts from a learned feature map that
    is always the same; w scales the weights of every convolution. There is one for each size, from 4×4 or 7×7 up, and the
    last one makes the image. Unlike the authors', it has neither skip connections nor equalized learning rates: it is to be
    small.

    Args:
        latent_dim: length of z.
        image_shape, num_classes, conditions, seed: as for `build_generator`.
        width: channels of the largest hidden feature map; each smaller one has twice as many, up to four times.
        style_dim: length of w.
        mapping_layers: dense layers from z and the conditions to w; with 0 they are joined and w is that.
        demodulate: divide each output of a convolution by its expected deviation.
        layer_noise: give each hidden layer noise of its own, a number for each pixel. All of it is part of the input "noise",
            behind z: so that the same noise is always the same image, and seeds decide it all.

    Returns a Keras model like that of `build_generator`, except that its noise is longer than z: z first, then the noise of
    the layers.

    Example:
        >>> import gan_tutorial as gt
        >>> generator = gt.models.build_style_generator(8, (16, 16, 1), num_classes=3, width=4, style_dim=8)
        >>> [tensor.shape for tensor in generator.inputs]  # 8, 4 · 4 and 8 · 8 numbers
        [(None, 88), (None,)]
        >>> generator.output_shape
        (None, 16, 16, 1)
    """
    size, stages = check_image_shape(image_shape)
    check_positive(latent_dim=latent_dim, width=width, style_dim=style_dim)
    if mapping_layers < 0:
        raise ValueError(f"mapping_layers must not be negative, but is {mapping_layers}")
    stages += (size >> stages) == 8
    sizes = [size >> stage for stage in range(stages, -1, -1)]
    planes = [side * side if layer_noise else 0 for side in sizes[:-1]]
    parts = Parts(seed + 5000)
    noise = Input((latent_dim + sum(planes),), name="noise")
    wanted = as_conditions(num_classes, conditions)
    inputs, condition = parts.embed(wanted, like_noise=True)
    x = Latent(latent_dim, name="unit_z")(noise)
    if condition is not None:
        condition = Latent(condition.shape[-1], name="unit_condition")(condition)
        x = layers.Concatenate(name="z_and_condition")([x, condition])
    for number in range(1, mapping_layers + 1):
        x = layers.Rescaling(2**0.5, name=f"mapping_{number}_gain")(parts.hidden(x, style_dim, f"mapping_{number}"))
    w = layers.Identity(name=_STYLE)(x)

    # What each layer gets; other styles can be put in here.
    own = [layers.Identity(name=f"{_STYLE}_{number}")(w) for number in range(1, len(sizes) + 1)]
    x = LearnedMap(sizes[0], 4 * width, initializers.RandomNormal(0, 0.1, seed + 5500), name="learned_map")(own[0])
    for number, side in enumerate(sizes, start=1):
        last = side == size
        style = parts.dense(own[number - 1], x.shape[-1], f"style_{number}", bias_initializer="ones")
        channels = image_shape[-1] if last else width * min(4, max(1, size // side // 2))
        if number > 1:
            x = layers.UpSampling2D(interpolation="bilinear", name=f"resize_{number}")(x)
        options: dict[str, Any] = {"demodulate": demodulate and not last, "activation": "tanh" if last else None}
        x = parts.apply(ModulatedConv2D, [x, style], channels, 3, name=f"conv_{number}", **options)
        if not last:
            if layer_noise:
                first = latent_dim + sum(planes[: number - 1])
                x = LayerNoise(first, name=f"noise_{number}")([x, noise])
            x = layers.LeakyReLU(NEGATIVE_SLOPE, name=f"relu_{number}")(x)
            # A leaky ReLU halves the variance; the next convolution expects 1.
            x = layers.Rescaling(2**0.5, name=f"gain_{number}")(x)
    return Model([noise, *inputs] if inputs else noise, x, name="generator")


def style_layers(generator: Model) -> int:
    """How many layers of a style-based generator take a style. Raises ValueError for another generator."""
    count = sum(layer.name.startswith(f"{_STYLE}_") for layer in generator.layers)
    if not count:
        raise ValueError(f"{generator.name} is not style-based: build it with build_style_generator")
    return count


def mapping_network(generator: Model) -> Model:
    """The generator's first half: [noise, each condition] to styles w (b, style_dim). It shares the generator's weights."""
    style_layers(generator)
    return Model(generator.inputs, generator.get_layer(_STYLE).output, name="mapping")


def synthesis_network(generator: Model) -> Model:
    """The generator's second half: [styles (b, layers, style_dim), noise] to images. It shares the generator's weights.

    Of the noise, which is as long as the generator's, only the part behind z counts.
    """
    count, noise = style_layers(generator), generator.inputs[0]
    taken = [generator.get_layer(f"{_STYLE}_{number}").output for number in range(1, count + 1)]
    graph = Model([*taken, noise], generator.output, name="synthesis_graph")
    styles = Input((count, taken[0].shape[-1]), name="styles")
    given = Input(noise.shape[1:], name="noise")
    rows = [layers.Flatten(name=f"row_{i}")(layers.Cropping1D((i, count - 1 - i))(styles)) for i in range(count)]
    return Model([styles, given], graph([*rows, given]), name="synthesis")


def truncate_styles(styles: ArrayLike, mean: ArrayLike, psi: float) -> Array:
    """mean + ψ (w - mean), Karras et al. 2019, appendix B: float32 like the styles. 1 changes nothing but rounding, 0 gives the mean."""
    styles, mean = np.asarray(styles, np.float32), np.asarray(mean, np.float32)
    return mean + np.float32(psi) * (styles - mean)


def mix_styles(coarse: ArrayLike, fine: ArrayLike, cut: int, count: int) -> Array:
    """Styles for each layer (n, count, style_dim): the first `cut` layers get those of `coarse`, the others of `fine`.

    Both are (n, style_dim). Style mixing, Karras et al. 2019, section 3.1.
    """
    if not 0 <= cut <= count:
        raise ValueError(f"the cut must be from 0 to {count}, the number of layers, not {cut}")
    rows: Sequence[Any] = [coarse] * cut + [fine] * (count - cut)
    return np.stack([np.asarray(row, np.float32) for row in rows], 1)
