"""Controlled experiments: one thing changes, several seeds, numbers with intervals.

`catalogue` says what is compared, `ring` and `fashion` train and measure one
run, `store` keeps results, `conclusions` says what they show.
"""

from .catalogue import EXPERIMENTS, Experiment
from .conclusions import Comparison, compare, format_comparisons, means
from .ring import train_ring
from .store import load_experiment, run_experiment

__all__ = [
    "EXPERIMENTS",
    "Comparison",
    "Experiment",
    "compare",
    "format_comparisons",
    "load_experiment",
    "means",
    "run_experiment",
    "train_ring",
]
