"""Grade a generator from end to end: the data, the judge, the table."""

import numpy as np

from ..data import load_dataset, load_held_out
from .case import case_of_generator
from .features import find_judge
from .neighbours import nearest_neighbours
from .panel import METRICS, choose_metrics, grade, grade_real_images

_BETTER = {"low": "lower is better", "high": "higher is better", "real": "as real images"}
_MOST = 10_000


def open_case(generator, card, data=None, n=None, features=None, seed=0, progress=False):
    """A `Case` for a generator and its card, with the data loaded and images drawn.

    Args:
        generator, card: as `load_model` gives them.
        data: name or folder of the real data; None for what the generator was trained on.
        n: images to draw; None for as many as there are real ones to compare with, at most 10,000.
        features: see `find_judge`.
    """
    name = data or card["data"]
    size, _, channels = card["options"]["image_shape"]
    train = load_dataset(name, "train", size, channels, progress)
    test = load_held_out(name)
    if train.image_shape != tuple(card["options"]["image_shape"]):
        raise ValueError(
            f"{name} holds images of shape {train.image_shape}, but this generator draws {(size, size, channels)}"
        )
    codes = card.get("codes", False)
    classes = None if codes else card["options"].get("num_classes")
    if classes and classes != train.num_classes:
        raise ValueError(f"{name} has {train.num_classes} classes, but this generator was trained on {classes}")
    judge = find_judge(features, name, train.image_shape)
    n = n or min(_MOST, len(train if test is None else test))
    return case_of_generator(generator, train, test, judge, n, card.get("attributes", ()), seed, codes)


def grade_beside_real(case, metrics=None, progress=False):
    """Metrics of a case, each beside what real images score: dict of (Estimate, Estimate or None) by name."""
    names = choose_metrics(case, metrics)
    yardstick = grade_real_images(case, names, progress)
    return {name: (value, yardstick.get(name)) for name, value in grade(case, names, progress).items()}


def format_table(grades):
    """Lines of text: each metric with its interval, the yardstick, and how to read it."""
    lines = [f"{'':34} {'value':>9}   {'95 % interval':^19}   {'real images':>11}"]
    for name, (value, real) in grades.items():
        interval = f"{_number(value.low)} … {_number(value.high)}"
        beside = _number(real.value) if real else "–"
        better = _BETTER[METRICS[name].better]
        lines.append(f"{METRICS[name].title:34} {_number(value.value):>9}   {interval:^19}   {beside:>11}   {better}")
    return lines


def _number(x):
    return (
        f"{x:,.0f}" if abs(x) >= 1000 else f"{x:.3g}" if abs(x) >= 100 else f"{x:.2f}" if abs(x) >= 10 else f"{x:.3f}"
    )


def as_json(grades):
    """The grades as a dict that JSON can hold."""
    return {name: {**value._asdict(), "real_images": real and real._asdict()} for name, (value, real) in grades.items()}


def neighbour_picture(case, count=12):
    """Images (3 · count, …): samples, and below each its nearest training image in pixels and in features."""
    samples = case.images[:count]
    _, by_pixels = nearest_neighbours(samples, case.train.images)
    _, by_features = nearest_neighbours(case.fake[0][:count], case.training[0])
    return np.concatenate([samples, case.train.images[by_pixels], case.train.images[by_features]])
