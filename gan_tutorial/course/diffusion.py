"""Tasks of notebook 10."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .tasks import Wrong, close, numbers, recognize, task


@task
def noise_loss(answer: Callable[..., Any]) -> str:
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
            raise Wrong("the network takes a list of two: the noised points, and the step of each")
        return predict(tf.convert_to_tensor(inputs[0]), tf.cast(inputs[1], tf.float32))

    def errors(noised: Any, target: Any = noise) -> Any:
        return (predict(noised, time) - target) ** 2

    noised = np.sqrt(kept) * points + np.sqrt(1 - kept) * noise
    returned = numbers(answer(network, *map(tf.constant, (points, noise, time, kept))))
    if returned.shape:
        raise Wrong("one number should come back: the mean over all points and both coordinates")
    mistakes = {
        "the network is to see the noised points: the clean ones hold no noise that it could find": errors(points),
        "compare with the noise: it is what the network predicts, not the points": errors(noised, points),
        "the square roots are missing: kept is a share of the variance": errors(kept * points + (1 - kept) * noise),
        "the two weights are the wrong way round: the share of the points is kept": errors(
            np.sqrt(1 - kept) * points + np.sqrt(kept) * noise
        ),
        "the weight of the noise is √(1 - kept), so that the variances add up to 1": errors(
            np.sqrt(kept) * points + (1 - np.sqrt(kept)) * noise
        ),
        "the points have to shrink, too: they keep the factor √kept": errors(points + np.sqrt(1 - kept) * noise),
    }
    recognize(returned, ((message, error.mean()) for message, error in mistakes.items()))
    wanted = errors(noised).mean()
    recognize(returned, [("that is the sum over all points: take the mean", errors(noised).sum())])
    recognize(returned, [("that is the sum over the coordinates: take the mean over them, too", 2 * wanted)])
    if not close(returned, wanted):
        raise Wrong(f"for these points, noise and network it should be {wanted:.4f}, not {float(returned):.4f}")
    return "that is the whole loss, without an opponent; the best prediction is the mean of the noise that may be there"


@task
def ddim_step(answer: Callable[..., Any]) -> str:
    """One step without randomness (Song et al. 2021, equation 12 with σ = 0)."""
    rng = np.random.default_rng(1)
    noised, noise = rng.normal(size=(2, 5, 2))
    kept, kept_next = 0.3, 0.8
    clean = (noised - np.sqrt(1 - kept) * noise) / np.sqrt(kept)
    wanted = np.sqrt(kept_next) * clean + np.sqrt(1 - kept_next) * noise
    given = numbers(answer(noised.copy(), noise.copy(), kept, kept_next), noised.shape)
    if close(given, wanted):
        return "out with the noise, and some of it in again: at kept_next = 1 the estimate itself remains"
    mistakes = {
        "that is the estimate of the clean points: take it back to the next step's noise": clean,
        "nothing has changed: the way back has to use kept_next": noised,
        "the noise is missing on the way back: its share is √(1 - kept_next)": np.sqrt(kept_next) * clean,
        "on the way back the estimate has to shrink, too: by √kept_next": clean + np.sqrt(1 - kept_next) * noise,
        "the noise came out, but the points have to grow again: divide by √kept": (
            np.sqrt(kept_next) * (noised - np.sqrt(1 - kept) * noise) + np.sqrt(1 - kept_next) * noise
        ),
        "the square roots are missing: kept is a share of the variance": (
            kept_next * (noised - (1 - kept) * noise) / kept + (1 - kept_next) * noise
        ),
        "the two steps are the wrong way round: the noised points belong to kept": (
            np.sqrt(kept) * (noised - np.sqrt(1 - kept_next) * noise) / np.sqrt(kept_next) + np.sqrt(1 - kept) * noise
        ),
    }
    recognize(given, mistakes.items())
    raise Wrong(
        f"for kept = {kept} and kept_next = {kept_next} the first point {noised[0].round(2).tolist()} with the noise "
        f"{noise[0].round(2).tolist()} should move to {wanted[0].round(2).tolist()}, not {given[0].round(2).tolist()}"
    )
