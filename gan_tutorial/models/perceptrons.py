"""Perceptrons for points in the plane."""

from keras import Input, Layer, Model, layers

from .parts import NEGATIVE_SLOPE, Parts, check_positive


def build_points_generator(latent_dim: int = 2, width: int = 64, seed: int = 0) -> Model:
    """Noise (b, latent_dim) to points (b, 2), through two hidden layers of ReLUs."""
    relus = [layers.ReLU() for _ in range(2)]
    return _perceptron("generator", "noise", latent_dim, 2, relus, width, Parts(seed))


def build_points_discriminator(width: int = 64, spectral_norm: bool = False, seed: int = 0) -> Model:
    """Points (b, 2) to logits (b, 1), through two hidden layers of leaky ReLUs."""
    relus = [layers.LeakyReLU(NEGATIVE_SLOPE) for _ in range(2)]
    return _perceptron("discriminator", "image", 2, 1, relus, width, Parts(seed + 1000, spectral_norm))


def _perceptron(
    name: str, input_name: str, inputs: int, outputs: int, activations: list[Layer], width: int, parts: Parts
) -> Model:
    check_positive(inputs=inputs, width=width)
    x = first = Input((inputs,), name=input_name)
    for i, activation in enumerate(activations, start=1):
        x = activation(parts.dense(x, width, f"dense_{i}"))
    return Model(first, parts.dense(x, outputs, "dense_3"), name=name)
