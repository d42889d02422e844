"""Tasks of notebook 9."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, numbers, recognize, task


@task
def demodulated_weights(answer: Callable[..., Any]) -> str:
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
        "the weights are scaled by the style, but not divided yet": modulated,
        "the style has no effect: scale the weights by it first": divided(weights, (0, 1, 2)),
        "the lengths are those of the weights before the style: divide by those of the scaled ones": (
            modulated / np.sqrt((weights**2).sum((0, 1, 2), keepdims=True))
        ),
        "that is divided by the sum of squares; the root is missing": divided(modulated, (0, 1, 2), root=False),
        "all outputs are divided by one number; each output has a length of its own": divided(modulated, (0, 1, 2, 3)),
        "the sum runs over places only; each output sums over its inputs as well": divided(modulated, (0, 1)),
        "the sum runs over the outputs; it should run over places and inputs, once for each output": (
            divided(modulated, (0, 1, 3))
        ),
        "that is the mean of the squares in place of their sum": wanted * np.sqrt(18),
    }
    recognize(given, mistakes.items())
    if not close(given, wanted):
        raise Wrong("the squares of the weights of each output, over places and inputs, should add up to 1")
    return "each output's squared weights add up to 1, so independent inputs of deviation 1 give outputs of deviation 1"


@task
def truncated(answer: Callable[..., Any]) -> str:
    """Styles nearer to the mean, mean + ψ (w - mean) (Karras et al. 2019, appendix B)."""
    styles, mean, psi = np.array([[2.0, 4.0], [0.0, -3.0], [5.0, 1.0]]), np.array([1.0, 2.0]), 0.25
    given = numbers(answer(styles.copy(), mean.copy(), psi), styles.shape)
    mistakes = {
        "that goes towards 0; it should go towards the mean style": psi * styles,
        "at ψ = 1 the style should stay as it is, at 0 it should be the mean: yours goes the other way": (
            styles + psi * (mean - styles)
        ),
        "the mean is missing: add it again at the end": psi * (styles - mean),
        "the mean of these three styles is another one: take the mean that is given": (
            styles.mean(0) + psi * (styles - styles.mean(0))
        ),
        "nothing has changed: ψ is not used": styles,
    }
    recognize(given, mistakes.items())
    if not close(given, mean + psi * (styles - mean)):
        raise Wrong(f"for the style (2, 4), the mean (1, 2) and ψ = 0.25 it should be (1.25, 2.5), not {given[0]}")
    return "ψ = 1 leaves the style, ψ = 0 gives the mean to everybody"


@task
def mixed(answer: Callable[..., Any]) -> str:
    """Styles for each layer: those of the first set up to the cut, those of the second behind it (Karras et al. 2019)."""
    coarse, fine, cut, count = np.arange(6.0).reshape(2, 3), -1 - np.arange(6.0).reshape(2, 3), 1, 4
    wanted = np.stack([coarse] * cut + [fine] * (count - cut), 1)
    returned = numbers(answer(coarse.copy(), fine.copy(), cut, count))
    if returned.shape == (count, *coarse.shape):
        raise Wrong(f"the layers come first; the shape should be {wanted.shape}: image, layer, numbers of the style")
    given = numbers(returned, wanted.shape)
    mistakes = {
        "coarse and fine are exchanged: the first layers get the coarse styles": (
            np.stack([fine] * cut + [coarse] * (count - cut), 1)
        ),
        "one layer too many gets the coarse styles: with cut 1 only the first one": (
            np.stack([coarse] * (cut + 1) + [fine] * (count - cut - 1), 1)
        ),
        "the cut is counted from the end; the first `cut` layers get the coarse styles": (
            np.stack([coarse] * (count - cut) + [fine] * cut, 1)
        ),
        "that is an average of the two; each layer gets one of them whole": np.stack([(coarse + fine) / 2] * count, 1),
    }
    recognize(given, mistakes.items())
    if not close(given, wanted):
        raise Wrong("for cut 1 of four layers, layer 1 should have the coarse styles and layers 2 to 4 the fine ones")
    return "with cut 0 everything comes from the second, with the cut behind the last layer from the first"
