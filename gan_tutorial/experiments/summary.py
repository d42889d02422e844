"""Texts about experiments, for the command line."""

from typing import Any

from .analysis import BASELINE, compare, format_comparisons
from .catalogue import EXPERIMENTS
from .results import load_experiment


def overview() -> list[str]:
    """Lines: every experiment, its question, and what the stored result says."""
    lines = []
    for name, experiment in EXPERIMENTS.items():
        lines.append(f"{name:22} {experiment.question}")
        verdicts = _stored_verdicts(name)
        for verdict in ("better", "worse"):
            if chosen := [variant for variant in verdicts if verdicts[variant] == verdict]:
                lines.append(f"{'':22} {verdict}: {'; '.join(chosen)}")
    return lines


def report(name: str, result: dict[str, Any]) -> list[str]:
    """Lines: the comparisons of a result, and how far they agree with the stored one."""
    comparisons = compare(result)
    lines = [result["question"], *format_comparisons(comparisons, result["answer"])]
    if stored := _stored_verdicts(name):
        mine = {c.variant: c.verdict for c in comparisons if c.verdict != BASELINE}
        others = [variant for variant in mine if stored.get(variant) != mine[variant]]
        lines.append(f"{len(mine) - len(others)} of {len(mine)} verdicts are those of the stored result.")
        lines += [f"  {variant}: stored: {stored.get(variant)}, here: {mine[variant]}" for variant in others]
    return lines


def _stored_verdicts(name: str) -> dict[str, str]:
    try:
        return {c.variant: c.verdict for c in compare(load_experiment(name))}
    except FileNotFoundError:
        return {}
