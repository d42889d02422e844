"""What an experiment shows: each variant against the baseline, by one rule of evidence.

The rule: Welch's test, unpaired, since seeds of the same number share no luck (their correlation is about zero); Holm's correction
over all variants of the experiment; and a smallest effect worth naming.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.special import stdtr, stdtrit

BASELINE = "baseline"
#: The error that a whole family of comparisons may have.
ALPHA = 0.05
#: Numbers that live on a scale of factors: compared by their ratio, not their difference.
RATIOS = ("frechet", "rebuilt_frechet", "distance")
#: Numbers of which more is better.
_LARGER = ("quality", "modes", "precision", "recall", "share", "role", "style", "gender", "tone")
#: Smallest effects worth naming: a factor, or a difference.
LEAST_FACTOR, LEAST_DIFFERENCE = 1.1, 0.05


class Comparison(NamedTuple):
    """A variant compared with the baseline.

    value: the variant's mean of the answer, for distances the geometric one. change: how it differs from the baseline's:
    by a factor for distances, by a difference for other numbers. p: of Welch's test, after Holm's correction. low, high: the
    interval at the level at which Holm tests this comparison, so it excludes "no change" exactly where p is below ALPHA.
    verdict: "better" or "worse" if p is below ALPHA and the change at least LEAST_FACTOR or LEAST_DIFFERENCE; "too small
    to matter" if only the first holds; else "unclear"; "diverged" if a training did; "baseline".
    """

    variant: str
    value: float
    change: float
    low: float
    high: float
    p: float
    verdict: str


def means(result: dict[str, Any], number: str) -> dict[str, float]:
    """Mean of a number over the seeds, for each variant; NaN where a training diverged."""
    return {variant: float(np.mean(values)) for variant, values in _by_variant(result, number).items()}


def compare(
    result: dict[str, Any], number: str | None = None, baseline: str = BASELINE, variants: Sequence[str] | None = None
) -> list[Comparison]:
    """A `Comparison` for each variant, the best first.

    Args:
        result: of `load_experiment` or `run_experiment`.
        number: which number of the rows; None for the experiment's answer.
        baseline: the variant to compare with.
        variants: those to compare, which are the family of Holm's correction; None for all.

    Raises ValueError if there is no training of the baseline.
    """
    number = number or result["answer"]
    values = _by_variant(result, number)
    if baseline not in values:
        raise ValueError(f"there is no training of {baseline!r} to compare with")
    names = [name for name in values if name != baseline and (variants is None or name in variants)]
    ratio, sign = number in RATIOS, -1 if number in _LARGER else 1
    scale, back = (np.log, np.exp) if ratio else (np.asarray, np.asarray)
    centres = {name: float(back(scale(numbers).mean())) for name, numbers in values.items()}
    tests = [_welch(scale(values[name]), scale(values[baseline])) for name in names]
    adjusted, levels = holm([test.p for test in tests])
    comparisons = [
        _judge(name, centres[name], test, p, level, ratio, sign)
        for name, test, p, level in zip(names, tests, adjusted, levels)
    ]
    same = 1.0 if ratio else 0.0
    comparisons.append(Comparison(baseline, centres[baseline], same, same, same, 1.0, BASELINE))
    return sorted(comparisons, key=lambda c: np.inf if np.isnan(c.value) else sign * c.value)


def holm(p: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Holm's step-down correction (Holm 1979): adjusted p values, and the level at which each comparison was tested.

    From the first comparison that fails on, all larger p values fail too, and have its level.
    """
    order, factors = np.argsort(p, kind="stable"), len(p) - np.arange(len(p))
    stepped = np.minimum(1, np.maximum.accumulate(factors * np.asarray(p, float)[order]))
    tested = ALPHA / factors
    if (failed := np.flatnonzero(~(stepped < ALPHA))).size:
        tested[failed[0] :] = tested[failed[0]]
    adjusted, levels = np.empty(len(p)), np.empty(len(p))
    adjusted[order], levels[order] = stepped, tested
    return adjusted, levels


class _Test(NamedTuple):
    """A difference of means, its standard error and degrees of freedom (Welch 1947), and the p value."""

    change: float
    error: float
    freedom: float
    p: float


def _welch(a: np.ndarray, b: np.ndarray) -> _Test:
    if min(len(a), len(b)) < 2 or not np.isfinite([*a, *b]).all():
        return _Test(float(a.mean() - b.mean()), np.inf, 1.0, 1.0)
    change, parts = float(a.mean() - b.mean()), np.array([a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)])
    error = float(np.sqrt(parts.sum()))
    if not error:  # all trainings ended alike
        return _Test(change, 0.0, 1.0, 0.0 if change else 1.0)
    freedom = float(parts.sum() ** 2 / (parts**2 / [len(a) - 1, len(b) - 1]).sum())
    return _Test(change, error, freedom, 2 * float(stdtr(freedom, -abs(change) / error)))


def _judge(name: str, value: float, test: _Test, p: float, level: float, ratio: bool, sign: int) -> Comparison:
    half = stdtrit(test.freedom, 1 - level / 2) * test.error
    ends = test.change, test.change - half, test.change + half
    least = np.log(LEAST_FACTOR) if ratio else LEAST_DIFFERENCE
    if np.isnan(value):
        verdict = "diverged"
    elif not p < ALPHA:
        verdict = "unclear"
    elif abs(test.change) < least:
        verdict = "too small to matter"
    else:
        verdict = "better" if sign * test.change < 0 else "worse"
    change, low, high = map(float, np.exp(ends) if ratio else ends)
    return Comparison(name, value, change, low, high, float(p), verdict)


def _by_variant(result: dict[str, Any], number: str) -> dict[str, np.ndarray]:
    """Values of a number for each variant, by seed; NaN where a training diverged."""
    rows = sorted(result["rows"], key=lambda row: row["seed"])
    values = {v: [row.get(number, np.nan) for row in rows if row["variant"] == v] for v in result["variants"]}
    return {variant: np.array(numbers) for variant, numbers in values.items() if numbers}


def format_comparisons(comparisons: list[Comparison], number: str) -> list[str]:
    """Lines of text: a table of the comparisons."""
    ratio = number in RATIOS
    rows = [("", number + " (geometric mean)" * ratio, "factor" if ratio else "change", "interval", "p (Holm)", "")]
    for c in comparisons:
        change, low, high = (f"{v:.2f}" if ratio else f"{v:+.3f}" for v in (c.change, c.low, c.high))
        shown = ("×" * ratio + change, f"{low} … {high}", f"{c.p:.3f}")
        rows.append(
            (c.variant, f"{c.value:.3f}", *(("",) * 3 if c.verdict in (BASELINE, "diverged") else shown), c.verdict)
        )
    columns = list(zip("<>>^><", (max(map(len, column)) for column in zip(*rows))))
    return ["  ".join(f"{cell:{side}{width}}" for cell, (side, width) in zip(row, columns)).rstrip() for row in rows]
