"""What an experiment shows: each variant against the baseline, seed by seed."""

from typing import Any, NamedTuple

import numpy as np
from scipy.special import stdtrit

BASELINE = "baseline"
#: Numbers that live on a scale of factors: compared by their ratio, not their difference.
_RATIOS = ("frechet", "distance")


class Comparison(NamedTuple):
    """A variant compared with the baseline.

    value: the variant's mean of the answer. change, low, high: how it differs from the baseline with the same seed, mean
    and 95 % interval of Student's t over the seeds: a factor for distances, a difference for other numbers. verdict:
    "better" or "worse" if the interval excludes "no change", else "no clear difference"; "diverged" if a training did;
    "baseline". Each interval holds for its own comparison, uncorrected for how many there are: of twenty variants that
    change nothing, one is expected to seem better or worse.
    """

    variant: str
    value: float
    change: float
    low: float
    high: float
    verdict: str


def means(result: dict[str, Any], number: str) -> dict[str, float]:
    """Mean of a number over the seeds, for each variant; NaN where a training diverged."""
    return {variant: float(np.mean(values)) for variant, values in _by_variant(result, number).items()}


def compare(result: dict[str, Any], number: str | None = None) -> list[Comparison]:
    """A `Comparison` for each variant, the best (smallest) first, by a number; None for the experiment's answer."""
    number = number or result["answer"]
    values = _by_variant(result, number)
    if BASELINE not in values:
        raise ValueError("there is no training of the baseline to compare with")
    comparisons = [_compare(name, values[name], values[BASELINE], number in _RATIOS) for name in values]
    return sorted(comparisons, key=lambda c: np.inf if np.isnan(c.value) else c.value)


def _by_variant(result: dict[str, Any], number: str) -> dict[str, np.ndarray]:
    """Values of a number for each variant, by seed; NaN where a training diverged."""
    rows = sorted(result["rows"], key=lambda row: row["seed"])
    values = {v: [row.get(number, np.nan) for row in rows if row["variant"] == v] for v in result["variants"]}
    return {variant: np.array(numbers) for variant, numbers in values.items() if numbers}


def _compare(name: str, values: np.ndarray, baseline: np.ndarray, ratio: bool) -> Comparison:
    n = min(len(values), len(baseline))
    a, b = values[:n], baseline[:n]
    differences = np.log(a / b) if ratio else a - b
    change = differences.mean()
    half = stdtrit(n - 1, 0.975) * differences.std(ddof=1) / np.sqrt(n) if n > 1 else np.inf
    low, high = change - half, change + half
    if name == BASELINE:
        verdict = BASELINE
    elif np.isnan(a).any():
        verdict = "diverged"
    else:
        verdict = "better" if high < 0 else "worse" if low > 0 else "no clear difference"
    change, low, high = map(float, np.exp([change, low, high]) if ratio else (change, low, high))
    return Comparison(name, float(values.mean()), change, low, high, verdict)


def format_comparisons(comparisons: list[Comparison], number: str) -> list[str]:
    """Lines of text: a table of the comparisons."""
    ratio = number in _RATIOS
    rows = [("", number, "factor" if ratio else "change", "95 % interval", "")]
    for c in comparisons:
        change, low, high = (f"{v:.2f}" if ratio else f"{v:+.3f}" for v in (c.change, c.low, c.high))
        shown = ("", "") if c.verdict in (BASELINE, "diverged") else ("×" * ratio + change, f"{low} … {high}")
        rows.append((c.variant, f"{c.value:.3f}", *shown, c.verdict))
    columns = list(zip("<>>^<", (max(map(len, column)) for column in zip(*rows))))
    return ["  ".join(f"{cell:{side}{width}}" for cell, (side, width) in zip(row, columns)).rstrip() for row in rows]
