"""What an experiment shows: each variant beside the baseline, seed by seed."""

from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

BASELINE = "baseline"
#: Numbers that live on a scale of factors: compared by their ratio, not their difference.
_RATIOS = ("frechet", "distance")


class Comparison(NamedTuple):
    """A variant beside the baseline.

    value: the variant's mean of the answer. change, low, high: how it differs
    from the baseline with the same seed, mean and 95 % interval of Student's t
    over the seeds: a factor for distances, a difference for other numbers.
    verdict: "better" or "worse" if the interval leaves no doubt, else "no clear
    difference"; "diverged" if a training did; "baseline".
    """

    variant: str
    value: float
    change: float
    low: float
    high: float
    verdict: str


def means(result, number):
    """Mean of a number over the seeds, for each variant; NaN where a training diverged."""
    return {variant: float(np.mean(values)) for variant, values in _by_variant(result, number).items()}


def compare(result, number=None):
    """A `Comparison` for each variant, the best first.

    Args:
        result: as `load_experiment` gives it.
        number: which; None for the experiment's answer. Smaller is better.
    """
    number = number or result["answer"]
    values = _by_variant(result, number)
    if BASELINE not in values:
        raise ValueError("there is no training of the baseline to compare with")
    comparisons = [_compare(name, values[name], values[BASELINE], number in _RATIOS) for name in values]
    return sorted(comparisons, key=lambda c: np.inf if np.isnan(c.value) else c.value)


def _by_variant(result, number):
    """Values of a number for each variant, by seed; NaN where a training diverged."""
    present = [name for name in result["variants"] if any(row["variant"] == name for row in result["rows"])]
    rows = sorted(result["rows"], key=lambda row: row["seed"])
    return {name: np.array([row.get(number, np.nan) for row in rows if row["variant"] == name]) for name in present}


def _compare(name, values, baseline, ratio):
    n = min(len(values), len(baseline))
    a, b = values[:n], baseline[:n]
    differences = np.log(a / b) if ratio else a - b
    change, deviation = differences.mean(), differences.std(ddof=1) if n > 1 else np.nan
    half = stdtrit(n - 1, 0.975) * deviation / np.sqrt(n) if n > 1 else np.inf
    low, high = change - half, change + half
    if name == BASELINE:
        verdict = BASELINE
    elif np.isnan(a).any():
        verdict = "diverged"
    else:
        verdict = "better" if high < 0 else "worse" if low > 0 else "no clear difference"
    shown = np.exp([change, low, high]) if ratio else np.array([change, low, high])
    return Comparison(name, float(values.mean()), *map(float, shown), verdict)


def format_comparisons(comparisons, number):
    """Lines of text: a table of the comparisons."""
    sign, unit = ("×", "factor") if number in _RATIOS else ("", "change")
    width = max(len(c.variant) for c in comparisons)
    lines = [f"{'':{width}}  {number:>10}  {unit:>7}   {'95 % interval':^17}"]
    for c in comparisons:
        if c.verdict in (BASELINE, "diverged"):
            change = f"{'':30}"
        else:
            form = "{:.2f}" if sign else "{:+.3f}"
            low, high = (form.format(value) for value in (c.low, c.high))
            change = f"{sign + form.format(c.change):>7}   {low + ' … ' + high:^17}  "
        lines.append(f"{c.variant:{width}}  {c.value:10.3f}  {change} {c.verdict}")
    return lines
