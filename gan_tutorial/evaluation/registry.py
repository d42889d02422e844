"""All metrics by name, and what evaluates an `EvaluationContext` with them."""

import functools
from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple

import numpy as np
from tqdm.auto import tqdm

from ..metrics.intervals import Estimate, mean_estimate
from .context import EvaluationContext
from .features import cached

Better = Literal["low", "high", "real"]
Baseline = Literal["training", "reference"]
Names = Iterable[str] | None
Estimates = dict[str, Estimate]


class Metric(NamedTuple):
    """How a metric is named in tables, how it is read, and how it is computed; see `register_metric`."""

    title: str
    better: Better
    compute: Callable[[EvaluationContext], Any]
    needs: frozenset[str]
    real_baseline: Baseline | None
    no_baseline: str


#: All metrics by name; `register_metric` adds to it, `del METRICS[name]` removes.
METRICS: dict[str, Metric] = {}


def register_metric(
    name: str, *, title: str, better: Better, needs: Iterable[str] = (), real_baseline: Baseline | None = None,
    no_baseline: str = "the metric defines none",
) -> Callable[[Callable], Callable]:  # fmt: skip
    """Decorator that adds a metric of your own to `METRICS`, and so to `evaluate`, its tables and the command line.

    The decorated function takes an `EvaluationContext` and returns an `Estimate`, or an array with one value per
    sample, whose mean is the metric. Raises ValueError if the name is taken.

    Args:
        title: for tables.
        better: "low", "high", or "real" (the nearer to real images' value).
        needs: what must be in `EvaluationContext.available`, such as "labels" or "held-out images".
        real_baseline: which real images in place of the generated ones show what a perfect generator would score:
            "training" for what compares with the reference, "reference" for what does not (a classifier knows its
            training images too well), None if neither makes sense.
        no_baseline: for tables, why there is none.

    Example:
        >>> import gan_tutorial as gt
        >>> @gt.register_metric("brightness", title="mean brightness", better="real", real_baseline="reference")
        ... def brightness(context):
        ...     return context.images.mean((1, 2, 3))
        >>> gt.METRICS.pop("brightness").title
        'mean brightness'
    """
    if name in METRICS:
        raise ValueError(f"a metric is called {name!r} already; choose another name, or remove it from METRICS first")
    if better not in ("low", "high", "real"):
        raise ValueError(f"better must be low, high or real, not {better!r}")
    if real_baseline not in ("training", "reference", None):
        raise ValueError(f"real_baseline must be training, reference or None, not {real_baseline!r}")

    def register(compute: Callable) -> Callable:
        METRICS[name] = Metric(title, better, compute, frozenset(needs), real_baseline, no_baseline)
        return compute

    return register


def check_metric(name: str) -> None:
    """Raise ValueError, with the names that exist, if no metric is called so."""
    if name not in METRICS:
        raise ValueError(f"no metric is called {name!r}; there are: {', '.join(METRICS)}")


def choose_metrics(context: EvaluationContext, metrics: Names = None) -> list[str]:
    """Those asked for, or all that are possible; ValueError if one is unknown or needs what this context lacks."""
    if metrics is None:
        return [name for name, metric in METRICS.items() if metric.needs <= context.available]
    chosen = list(dict.fromkeys(metrics))
    for name in chosen:
        check_metric(name)
        if missing := METRICS[name].needs - context.available:
            raise ValueError(f"the metric {name} needs {' and '.join(sorted(missing))}, which this evaluation lacks")
    return chosen


def evaluate(context: EvaluationContext, metrics: Names = None, progress: bool = False) -> Estimates:
    """Evaluate images by the metrics named, or by all that are possible: a dict of `Estimate`s (value, low, high).

    Example:
        >>> import gan_tutorial as gt
        >>> from gan_tutorial.evaluation import EvaluationContext, FeatureExtractor
        >>> ring = gt.load_dataset("ring").take(slice(0, 200))
        >>> extractor = FeatureExtractor("coordinates", lambda points: points)
        >>> narrow = EvaluationContext(0.5 * ring.images, None, ring, None, extractor)
        >>> round(gt.evaluate(narrow, ["frechet"])["frechet"].value, 2)
        0.14
    """
    results = {}
    bar = tqdm(choose_metrics(context, metrics), disable=not progress, leave=False)
    for name in bar:
        bar.set_description(METRICS[name].title)
        results[name] = _compute(name, context)
    return results


def _compute(name: str, context: EvaluationContext) -> Estimate:
    value = METRICS[name].compute(context)
    if isinstance(value, Estimate):
        return value
    if np.ndim(value) != 1:
        raise ValueError(f"the metric {name} must return an Estimate or one value per sample, not {value!r}")
    return mean_estimate(value, context.seed)


def evaluate_real_images(context: EvaluationContext, metrics: Names = None, progress: bool = False) -> Estimates:
    """What real images score in place of the generated ones, as far as that makes sense; cached on disk."""
    results = {}
    real_context = functools.cache(context.with_real_images)
    for name in tqdm(choose_metrics(context, metrics), "real images, as a baseline", disable=not progress, leave=False):
        kind = METRICS[name].real_baseline
        if kind == "reference" or (kind == "training" and context.test is not None):
            results[name] = _cached_metric(name, real_context(kind))
    return results


def _cached_metric(name: str, context: EvaluationContext) -> Estimate:
    # A metric of the user's own may change while it keeps its name.
    own = not METRICS[name].compute.__module__.startswith(__package__)
    if own or context.key is None:
        return _compute(name, context)
    arrays = cached(("evaluate", name, context.key), lambda: {"estimate": np.array(_compute(name, context))})
    return Estimate(*arrays["estimate"].tolist())
