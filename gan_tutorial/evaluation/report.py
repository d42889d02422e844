"""Evaluate a generator from end to end: the data, the features, the table."""

from typing import Any

import numpy as np
from keras import Model

from ..data import load_dataset, load_held_out
from ..metrics.intervals import Estimate
from ..metrics.neighbours import nearest_neighbours
from ..pretrained import ModelCard
from .context import EvaluationContext, context_for_generator
from .features import find_extractor
from .registry import METRICS, Names, choose_metrics, evaluate, evaluate_real_images

_BETTER = {"low": "lower is better", "high": "higher is better", "real": "as real images"}
#: Metrics by name: each with the real baseline, if it has one.
Results = dict[str, tuple[Estimate, Estimate | None]]


def open_context(
    generator: Model, card: ModelCard, data: str | None, n: int | None, features: Any, seed: int, split: str = "test"
) -> EvaluationContext:
    """An `EvaluationContext` for a generator and its card, with the data loaded and n images generated.

    `data` is a name or folder of the real data, None for what the generator was trained on; `features` as for
    `find_extractor`. With n None there are as many images as real ones to compare with, at most 10,000. `split` names the
    real images to compare with; "train" says how well the conditions are met that were seen in training.
    """
    name, shape = data or card.data, card.image_shape
    if name is None:
        raise ValueError(f"the card of {card.name} names no data: say which real images to compare with (data)")
    train = load_dataset(name, "train", shape[0], shape[-1], progress=True)
    test = None if split == "train" else load_held_out(name, split)
    if train.image_shape != shape:
        raise ValueError(f"{name} holds images of shape {train.image_shape}, but this generator makes {shape}")
    for condition in () if card.codes else card.conditions.values():
        own = train.conditions.get(condition.name)
        if own and len(own.knots) != len(condition.knots):
            have, wanted = len(own.knots), len(condition.knots)
            raise ValueError(
                f"{name} has {have} values of {condition.name}, but this generator was trained on {wanted}"
            )
    extractor = find_extractor(features, name, train.image_shape)
    n = n or min(10_000, len(train if test is None else test))
    return context_for_generator(generator, train, test, extractor, n, seed, card.codes)


def evaluate_with_baseline(context: EvaluationContext, metrics: Names = None, progress: bool = False) -> Results:
    """`evaluate` and `evaluate_real_images` together."""
    names = choose_metrics(context, metrics)
    baseline = evaluate_real_images(context, names, progress)
    return {name: (value, baseline.get(name)) for name, value in evaluate(context, names, progress).items()}


def format_table(results: Results) -> list[str]:
    """Lines of text: each metric with its interval, the real baseline, and how to read it; then why one is missing."""
    lines = [f"{'':34} {'value':>9}   {'95 % interval':^19}   {'real images':>11}"]
    reasons: dict[str, int] = {}
    for name, (value, real) in results.items():
        metric, interval = METRICS[name], f"{_number(value.low)} … {_number(value.high)}"
        if real:
            baseline = _number(real.value)
        else:
            held_out = "data has no held-out images to compare with"
            reason = held_out if metric.real_baseline else f"no baseline: {metric.no_baseline}"
            baseline = f"– ({reasons.setdefault(reason, len(reasons) + 1)})"
        row = f"{metric.title:34} {_number(value.value):>9}   {interval:^19}   {baseline:>11}"
        lines.append(f"{row}   {_BETTER[metric.better]}")
    return lines + [f"– ({number}): {reason}" for reason, number in reasons.items()]


def _number(x: float) -> str:
    size = abs(x)
    return f"{x:,.0f}" if size >= 1000 else f"{x:.3g}" if size >= 100 else f"{x:.2f}" if size >= 10 else f"{x:.3f}"


def as_json(results: Results) -> dict[str, Any]:
    """The results as a dict that JSON can hold."""
    return {n: {**value._asdict(), "real_images": real and real._asdict()} for n, (value, real) in results.items()}


def neighbour_picture(context: EvaluationContext, count: int = 12) -> np.ndarray:
    """Images (3 · count, …): samples, and below each its nearest training image in pixels and in features."""
    samples, training = context.images[:count], context.train.images
    _, by_pixels = nearest_neighbours(samples, training)
    _, by_features = nearest_neighbours(context.fake.features[:count], context.training.features)
    return np.concatenate([samples, training[by_pixels], training[by_features]])
