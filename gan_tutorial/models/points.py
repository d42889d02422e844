"""Perceptrons for points in the plane."""

from keras import Input, Model, layers

from .parts import LEAK, check_positive, seeded_initializers


def build_points_generator(latent_dim=2, width=64, seed=0):
    """Noise (b, latent_dim) to points (b, 2), through two hidden layers of ReLUs."""
    return _perceptron("generator", "noise", latent_dim, 2, layers.ReLU, width, False, seed)


def build_points_discriminator(width=64, spectral_norm=False, seed=0):
    """Points (b, 2) to logits (b, 1), through two hidden layers of leaky ReLUs."""
    return _perceptron(
        "discriminator", "image", 2, 1, lambda: layers.LeakyReLU(LEAK), width, spectral_norm, seed + 1000
    )


def _perceptron(name, input_name, inputs, outputs, activation, width, spectral_norm, seed):
    check_positive(inputs=inputs, width=width)
    init = seeded_initializers(seed)
    x = first = Input((inputs,), name=input_name)
    for i, size in enumerate((width, width, outputs), start=1):
        layer = layers.Dense(size, kernel_initializer=next(init), name=f"dense_{i}")
        x = (layers.SpectralNormalization(layer, name=layer.name) if spectral_norm else layer)(x)
        if i < 3:
            x = activation()(x)
    return Model(first, x, name=name)
