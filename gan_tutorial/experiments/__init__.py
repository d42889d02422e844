"""Controlled experiments: one thing changes, several seeds, numbers with intervals.

`catalogue` says what is compared; `ring`, `fashion`, `portraits`, `autoencoders` and `applications` train and measure one run;
`results` runs them all and keeps the numbers; `analysis` says what they show by one rule of evidence, `decisions` what follows; `plots` and `summary` show it. `failures`
are ways to fail on the ring.
"""

from .analysis import Comparison, compare, format_comparisons, means
from .catalogue import EXPERIMENTS, Experiment
from .decisions import DECISIONS, decide, decision_table
from .failures import FAILURES, HEAD_STARTS, generator_gradient_norms, ring_failure
from .plots import plot_comparisons, plot_gradient_norms, plot_rates, plot_ring_runs
from .results import load_experiment, run_experiment
from .ring import train_ring

__all__ = [
    "DECISIONS", "EXPERIMENTS", "FAILURES", "HEAD_STARTS", "Comparison", "Experiment", "compare", "decide", "decision_table",
    "format_comparisons",
    "generator_gradient_norms", "load_experiment", "means", "plot_comparisons", "plot_gradient_norms", "plot_rates",
    "plot_ring_runs", "ring_failure", "run_experiment", "train_ring",
]  # fmt: skip
