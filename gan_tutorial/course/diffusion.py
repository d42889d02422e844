"""Tasks of notebook 10."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, compare, numbers, task


@task
def noise_loss(answer: Callable[..., Any]) -> None:
    """Mean squared error of the predicted noise (Ho et al. 2020, equation 14)."""
    import tensorflow as tf

    rng = np.random.default_rng(0)
    points, noise = rng.normal(size=(2, 6, 2)).astype(np.float32)
    time = np.array([1, 50, 200, 400, 700, 1000], np.float32)
    kept = np.array([[0.99], [0.9], [0.7], [0.5], [0.2], [0.05]], np.float32)

    def predict(noised: Any, time: Any) -> Any:
        return 0.7 * noised + 0.001 * time[:, np.newaxis]

    def network(inputs: Any, training: bool | None = None) -> Any:
        if not isinstance(inputs, list | tuple) or len(inputs) != 2:
            raise Wrong("list_of_two")
        return predict(tf.convert_to_tensor(inputs[0]), tf.cast(inputs[1], tf.float32))

    def loss(noised: Any, target: Any = noise) -> Any:
        return ((predict(noised, time) - target) ** 2).mean()

    noised = np.sqrt(kept) * points + np.sqrt(1 - kept) * noise
    returned = numbers(answer(network, *map(tf.constant, (points, noise, time, kept))))
    if returned.shape:
        raise Wrong("one_number")
    wanted = loss(noised)
    mistakes = {
        "clean_points": loss(points),
        "against_points": loss(noised, points),
        "no_roots": loss(kept * points + (1 - kept) * noise),
        "weights_exchanged": loss(np.sqrt(1 - kept) * points + np.sqrt(kept) * noise),
        "weight_of_noise": loss(np.sqrt(kept) * points + (1 - np.sqrt(kept)) * noise),
        "not_shrunk": loss(points + np.sqrt(1 - kept) * noise),
        "sum": wanted * noise.size,
        "sum_of_coordinates": 2 * wanted,
    }
    compare(returned, wanted, mistakes)


@task
def ddim_step(answer: Callable[..., Any]) -> None:
    """One step without randomness (Song et al. 2021, equation 12 with σ = 0)."""
    rng = np.random.default_rng(1)
    noised, noise = rng.normal(size=(2, 5, 2))
    kept, kept_next = 0.3, 0.8
    clean = (noised - np.sqrt(1 - kept) * noise) / np.sqrt(kept)
    wanted = np.sqrt(kept_next) * clean + np.sqrt(1 - kept_next) * noise
    given = numbers(answer(noised.copy(), noise.copy(), kept, kept_next), noised.shape)
    mistakes = {
        "estimate": clean,
        "unchanged": noised,
        "no_noise": np.sqrt(kept_next) * clean,
        "not_shrunk": clean + np.sqrt(1 - kept_next) * noise,
        "not_grown": np.sqrt(kept_next) * (noised - np.sqrt(1 - kept) * noise) + np.sqrt(1 - kept_next) * noise,
        "no_roots": kept_next * (noised - (1 - kept) * noise) / kept + (1 - kept_next) * noise,
        "steps_exchanged": (
            np.sqrt(kept) * (noised - np.sqrt(1 - kept_next) * noise) / np.sqrt(kept_next) + np.sqrt(1 - kept) * noise
        ),
    }
    points = {"point": noised, "noise": noise, "given": given, "wanted": wanted}
    first = {name: values[0].round(2).tolist() for name, values in points.items()}
    compare(given, wanted, mistakes, kept=kept, kept_next=kept_next, **first)
