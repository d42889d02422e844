"""Controlled experiments: one thing changes, several seeds, numbers with intervals.

`catalogue` says what is compared, `ring` and `fashion` train and measure one
run, `store` keeps results, `conclusions` says what they show, `pictures`
draws it. `failures` are the ways to fail on the ring.
"""

from .catalogue import EXPERIMENTS, Experiment
from .conclusions import Comparison, compare, format_comparisons, means
from .failures import FAILURES, HEAD_STARTS, generator_pull, ring_failure
from .pictures import plot_comparisons, plot_pull, plot_rates, plot_ring_runs
from .ring import train_ring
from .store import load_experiment, run_experiment

__all__ = [
    "EXPERIMENTS",
    "FAILURES",
    "HEAD_STARTS",
    "Comparison",
    "Experiment",
    "compare",
    "format_comparisons",
    "generator_pull",
    "load_experiment",
    "means",
    "plot_comparisons",
    "plot_pull",
    "plot_rates",
    "plot_ring_runs",
    "ring_failure",
    "run_experiment",
    "train_ring",
]
