"""Tasks of notebook 9."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, compare, numbers, task


@task
def demodulated_weights(answer: Callable[..., Any]) -> None:
    """One image's convolution weights: scaled by its style, each output divided by its length (Karras et al. 2020b)."""
    rng = np.random.default_rng(0)
    weights, style = rng.normal(size=(3, 3, 2, 4)), np.array([0.5, 3.0])
    given = numbers(answer(weights.copy(), style.copy()), weights.shape)

    def divided(w: np.ndarray, axes: tuple[int, ...], root: bool = True) -> np.ndarray:
        squares = (w**2).sum(axes, keepdims=True)
        return w / (np.sqrt(squares) if root else squares)

    modulated = weights * style[:, None]
    wanted = divided(modulated, (0, 1, 2))
    mistakes = {
        "not_divided": modulated,
        "no_style": divided(weights, (0, 1, 2)),
        "lengths_before": modulated / np.sqrt((weights**2).sum((0, 1, 2), keepdims=True)),
        "no_root": divided(modulated, (0, 1, 2), root=False),
        "one_length": divided(modulated, (0, 1, 2, 3)),
        "places_only": divided(modulated, (0, 1)),
        "over_outputs": divided(modulated, (0, 1, 3)),
        "mean": wanted * np.sqrt(18),
    }
    compare(given, wanted, mistakes)


@task
def truncated(answer: Callable[..., Any]) -> None:
    """Styles nearer to the mean, mean + ψ (w - mean) (Karras et al. 2019, appendix B)."""
    styles, mean, psi = np.array([[2.0, 4.0], [0.0, -3.0], [5.0, 1.0]]), np.array([1.0, 2.0]), 0.25
    given = numbers(answer(styles.copy(), mean.copy(), psi), styles.shape)
    mistakes = {
        "towards_zero": psi * styles,
        "other_way": styles + psi * (mean - styles),
        "no_mean": psi * (styles - mean),
        "own_mean": styles.mean(0) + psi * (styles - styles.mean(0)),
        "unchanged": styles,
    }
    compare(given, mean + psi * (styles - mean), mistakes)


@task
def mixed(answer: Callable[..., Any]) -> None:
    """Styles for each layer: those of the first set up to the cut, those of the second behind it (Karras et al. 2019)."""
    coarse, fine, cut, count = np.arange(6.0).reshape(2, 3), -1 - np.arange(6.0).reshape(2, 3), 1, 4

    def stacked(first: np.ndarray, times: int, second: np.ndarray) -> np.ndarray:
        return np.stack([first] * times + [second] * (count - times), 1)

    wanted = stacked(coarse, cut, fine)
    returned = numbers(answer(coarse.copy(), fine.copy(), cut, count))
    if returned.shape == (count, *coarse.shape):
        raise Wrong("layers_first", wanted=wanted.shape)
    mistakes = {
        "exchanged": stacked(fine, cut, coarse),
        "too_many": stacked(coarse, cut + 1, fine),
        "from_the_end": stacked(coarse, count - cut, fine),
        "average": np.stack([(coarse + fine) / 2] * count, 1),
    }
    compare(numbers(returned, wanted.shape), wanted, mistakes)
