"""What generators, discriminators and encoders share: checks, conditions, layers."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from keras import Initializer, Input, KerasTensor, Layer, initializers, layers

from ..data.conditions import Condition
from .layers import CategoryEmbedding, LearnedSum, RangeEmbedding

EMBEDDING_DIM = 32
NEGATIVE_SLOPE = 0.2
ImageShape = tuple[int, int, int]
Activation = Callable[[KerasTensor, str], KerasTensor]


def check_image_shape(image_shape: Sequence[int]) -> tuple[int, int]:
    """Size and number of doublings for an image shape; ValueError if it cannot be made."""
    if len(image_shape) != 3 or image_shape[0] != image_shape[1]:
        raise ValueError(f"image_shape must be (size, size, channels), not {tuple(image_shape)}")
    size = image_shape[0]
    if size % 4 or not 16 <= size <= 256:
        raise ValueError(f"images of size {size} cannot be made: the size must be divisible by 4 and from 16 to 256")
    stages = 2
    while (size >> stages) > 8 and (size >> stages) % 2 == 0:
        stages += 1
    return size, stages


def check_choice(name: str, value: Any, allowed: Sequence[Any]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(map(str, allowed))}, not {value!r}")


def check_positive(**values: int) -> None:
    for name, value in values.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")


def repeat_in_space(x: KerasTensor, size: int, name: str) -> KerasTensor:
    """A vector as constant channels of an image: (b, k) to (b, size, size, k)."""
    x = layers.Reshape((1, 1, x.shape[-1]), name=f"{name}_pixel")(x)
    return layers.UpSampling2D(size, name=f"{name}_channels")(x)


class Parts:
    """Applies layers whose initial weights follow from one seed.

    DCGAN's spread of 0.02 is too small for narrow networks, so the spread of the weights follows the fan-in.
    """

    def __init__(self, seed: int, spectral_norm: bool = False) -> None:
        self._seeds, self._spectral_norm = itertools.count(seed), spectral_norm

    def initializer(self) -> Initializer:
        """The next initializer, with a seed of its own."""
        return initializers.GlorotUniform(next(self._seeds))

    def apply(self, kind: type[Layer], x: KerasTensor, *sizes: Any, **options: Any) -> KerasTensor:
        layer = kind(*sizes, kernel_initializer=self.initializer(), **options)
        if not self._spectral_norm:
            return layer(x)
        bounded = layers.SpectralNormalization(layer, name=layer.name)
        x = bounded(x)
        # Keras starts the power iteration from a vector without a seed.
        start = initializers.RandomNormal(stddev=0.02, seed=layer.kernel_initializer.seed)
        bounded.vector_u.assign(start(bounded.vector_u.shape))
        return x

    def dense(self, x: KerasTensor, units: int, name: str, **options: Any) -> KerasTensor:
        return self.apply(layers.Dense, x, units, name=name, **options)

    def hidden(self, x: KerasTensor, units: int, name: str) -> KerasTensor:
        return layers.LeakyReLU(NEGATIVE_SLOPE, name=f"{name}_relu")(self.dense(x, units, name))

    def embed(
        self, conditions: Mapping[str, Condition], like_noise: bool = False
    ) -> tuple[list[KerasTensor], KerasTensor | None]:
        """An input for each condition, and one vector for all together; [] and None without any.

        It is the shared embedding of Brock et al. 2019: each normalization has a linear map of its own, from this vector to
        its scales and shifts.

        With `like_noise` the vectors start with the noise's standard deviation; smaller ones would be drowned by it.
        """
        inputs, vectors = [], []
        for name, condition in conditions.items():
            kind, dtype = (RangeEmbedding, "float32") if condition.is_range else (CategoryEmbedding, "int32")
            inputs.append(Input((), dtype=dtype, name=name))
            start = initializers.RandomNormal(0, 1, next(self._seeds)) if like_noise else self.initializer()
            vectors.append(kind(condition, EMBEDDING_DIM, start, name=f"{name}_embedding")(inputs[-1]))
        if len(vectors) > 1:
            return inputs, layers.Concatenate(name="condition")(vectors)
        return inputs, vectors[0] if vectors else None

    def batch_norm(self, x: KerasTensor, name: str, condition: KerasTensor | None = None) -> KerasTensor:
        """Batch normalization; with a condition, scaled by gamma(condition) and shifted by beta(condition)."""
        plain = condition is None
        x = layers.BatchNormalization(momentum=0.9, center=plain, scale=plain, name=f"{name}_norm")(x)
        if plain:
            return x
        maps = []
        for part, bias in (("gamma", "ones"), ("beta", "zeros")):
            vector = self.dense(condition, x.shape[-1], f"{name}_{part}", bias_initializer=bias)
            maps.append(layers.Reshape((1, 1, x.shape[-1]), name=f"{name}_{part}_map")(vector))
        x = layers.Multiply(name=f"{name}_scale")([x, maps[0]])
        return layers.Add(name=f"{name}_shift")([x, maps[1]])

    def downsample(self, x: KerasTensor, channels: int, name: str, normalize: bool = False) -> KerasTensor:
        """Halve a feature map's sides by a strided convolution, followed by a leaky ReLU."""
        x = self.apply(layers.Conv2D, x, channels, 4, 2, "same", name=name)
        x = self.batch_norm(x, name) if normalize else x
        return layers.LeakyReLU(NEGATIVE_SLOPE, name=f"{name}_relu")(x)

    def upsample(self, x: KerasTensor, channels: int, upsampling: str, name: str, **options: Any) -> KerasTensor:
        """Double a feature map's sides."""
        if upsampling == "transposed":
            return self.apply(layers.Conv2DTranspose, x, channels, 4, 2, "same", name=name, **options)
        x = layers.UpSampling2D(interpolation="bilinear", name=f"{name}_resize")(x)
        return self.apply(layers.Conv2D, x, channels, 3, padding="same", name=name, **options)

    def residual_up(self, x: KerasTensor, channels: int, activate: Activation, name: str) -> KerasTensor:
        """Double a feature map's sides: two convolutions beside a shortcut. `activate` normalizes and bends."""
        y = self.conv(activate(x, f"{name}_1"), channels, 3, f"{name}_conv_1")
        y = layers.UpSampling2D(interpolation="bilinear", name=f"{name}_resize")(activate(y, f"{name}_2"))
        y = self.conv(y, channels, 3, f"{name}_conv_2")
        shortcut = self.conv(x, channels, 1, f"{name}_shortcut_conv")
        shortcut = layers.UpSampling2D(interpolation="bilinear", name=f"{name}_shortcut")(shortcut)
        return layers.Add(name=f"{name}_sum")([shortcut, y])

    def residual_down(self, x: KerasTensor, channels: int, name: str) -> KerasTensor:
        """Halve a feature map's sides: two convolutions beside a shortcut; then a leaky ReLU."""
        y = layers.LeakyReLU(NEGATIVE_SLOPE, name=f"{name}_relu_1")(self.conv(x, x.shape[-1], 3, f"{name}_conv_1"))
        y = self.apply(layers.Conv2D, y, channels, 4, 2, "same", name=f"{name}_conv_2")
        pooled = layers.AveragePooling2D(2, padding="same", name=f"{name}_pool")(x)
        shortcut = self.conv(pooled, channels, 1, f"{name}_shortcut")
        return layers.LeakyReLU(NEGATIVE_SLOPE, name=f"{name}_relu_2")(layers.Add(name=f"{name}_sum")([shortcut, y]))

    def conv(self, x: KerasTensor, channels: int, size: int, name: str, **options: Any) -> KerasTensor:
        return self.apply(layers.Conv2D, x, channels, size, padding="same", name=name, **options)

    def attend(self, x: KerasTensor, name: str = "attention") -> KerasTensor:
        """Self-attention between the places of a feature map, (b, h, w, c) to (b, h, w, c) (Zhang et al. 2019, section 3).

        y_j = x_j + γ v(Σ_i a_ij h(x_i)), where a_ij = softmax over i of f(x_i) · g(x_j), and γ starts at 0. Keys f and queries
        g have c/8 channels. As in the authors' code and BigGAN's, values h have c/2, and keys and values are max-pooled to
        half the side: a quarter of the numbers a_ij.
        """
        height, width, channels = x.shape[1:]
        few, half = max(channels // 8, 1), max(channels // 2, 1)

        def project(part: str, units: int, pooled: bool) -> KerasTensor:
            y = self.conv(x, units, 1, f"{name}_{part}", use_bias=False)
            y = layers.MaxPooling2D(padding="same", name=f"{name}_{part}_pool")(y) if pooled else y
            return layers.Reshape((-1, units), name=f"{name}_{part}_places")(y)

        query, key = project("query", few, False), project("key", few, True)
        seen = layers.Attention(name=f"{name}_weights")([query, project("value", half, True), key])
        seen = layers.Reshape((height, width, half), name=f"{name}_map")(seen)
        seen = self.conv(seen, channels, 1, f"{name}_output", use_bias=False)
        return LearnedSum(name=f"{name}_sum")([x, seen])
