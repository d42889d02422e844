"""Perceptrons for points in the plane."""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import Input, KerasTensor, Layer, Model, layers, ops

from ..data.conditions import as_condition
from .parts import NEGATIVE_SLOPE, Parts, check_choice, check_positive


@keras.saving.register_keras_serializable("gan_tutorial")
class UniformNoise(Layer):
    """Makes standard normal noise uniform in [-1, 1]; each number keeps its rank."""

    def call(self, noise: KerasTensor) -> KerasTensor:
        return ops.erf(noise / math.sqrt(2))


def build_points_generator(
    latent_dim: int = 2, width: int = 64, seed: int = 0, hidden_layers: int = 2, noise: str = "normal",
    num_classes: int | None = None,
) -> Model:  # fmt: skip
    """Noise (b, latent_dim), and labels (b,) if there are classes, to points (b, 2), through hidden layers of ReLUs.

    With noise="uniform" its first layer makes the standard normal noise, which it takes like all generators, uniform.
    """
    check_choice("noise", noise, ("normal", "uniform"))
    first = [UniformNoise(name="uniform")] if noise == "uniform" else []
    relus = [layers.ReLU() for _ in range(hidden_layers)]
    return _perceptron("generator", "noise", latent_dim, 2, first, relus, width, Parts(seed), num_classes)


def build_points_discriminator(
    width: int = 64, spectral_norm: bool = False, seed: int = 0, hidden_layers: int = 2, num_classes: int | None = None
) -> Model:
    """Points (b, 2), and labels (b,) if there are classes, to logits (b, 1), through hidden layers of leaky ReLUs."""
    relus = [layers.LeakyReLU(NEGATIVE_SLOPE) for _ in range(hidden_layers)]
    parts = Parts(seed + 1000, spectral_norm)
    return _perceptron("discriminator", "image", 2, 1, [], relus, width, parts, num_classes)


def _perceptron(
    name: str, input_name: str, inputs: int, outputs: int, first: list[Layer], activations: list[Layer], width: int,
    parts: Parts, num_classes: int | None,
) -> Model:  # fmt: skip
    check_positive(inputs=inputs, width=width, hidden_layers=len(activations))
    x = given = Input((inputs,), name=input_name)
    for layer in first:
        x = layer(x)
    labels: list[Any] = []
    if num_classes:
        labels, vector = parts.embed({"label": as_condition("label", num_classes)}, like_noise=input_name == "noise")
        x = layers.Concatenate(name="with_label")([x, vector])
    for i, activation in enumerate(activations, start=1):
        x = activation(parts.dense(x, width, f"dense_{i}"))
    x = parts.dense(x, outputs, f"dense_{len(activations) + 1}")
    return Model([given, *labels] if labels else given, x, name=name)
