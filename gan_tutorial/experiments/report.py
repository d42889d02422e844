"""Texts about experiments, for the command line."""

from .catalogue import EXPERIMENTS
from .conclusions import compare, format_comparisons
from .store import load_experiment


def overview():
    """Lines: every experiment, its question, and what the stored result says."""
    lines = []
    for name, experiment in EXPERIMENTS.items():
        lines.append(f"{name:22} {experiment.question}")
        try:
            found = compare(load_experiment(name))
        except FileNotFoundError:
            continue
        for verdict in ("better", "worse"):
            chosen = [c.variant for c in found if c.verdict == verdict]
            if chosen:
                lines.append(f"{'':22} {verdict}: {'; '.join(chosen)}")
    return lines


def report(name, result):
    """Lines: the comparisons of a result, and how far they agree with the stored one."""
    comparisons = compare(result)
    lines = [result["question"], *format_comparisons(comparisons, result["answer"])]
    try:
        stored = {c.variant: c.verdict for c in compare(load_experiment(name))}
    except FileNotFoundError:
        return lines
    mine = {c.variant: c.verdict for c in comparisons if c.verdict != "baseline"}
    agreeing = [variant for variant in mine if stored.get(variant) == mine[variant]]
    lines.append(f"{len(agreeing)} of {len(mine)} verdicts are those of the stored result.")
    lines += [f"  {v}: stored: {stored.get(v)}, here: {mine[v]}" for v in mine if v not in agreeing]
    return lines
