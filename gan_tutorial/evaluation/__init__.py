"""How good are generated images? Numbers one can trust, each with its formula, source and interval.

The formulas are in `gan_tutorial.metrics`. Here, `features` says where features come from, `context` holds what metrics
share, `registry` names all metrics and evaluates them, `report` makes tables, and `human` asks people.
"""

from .. import quiet

quiet.import_tensorflow()

from . import builtin_metrics  # noqa: F401  (fills METRICS)
from .classification import (
    classification_accuracy_score,
    classifier_heads,
    classifier_outputs,
    conditions_met,
    train_classifier,
)
from .context import EvaluationContext, context_for_generator
from .features import FeatureExtractor, find_extractor
from .human import Trials, agreement, make_trials, read_answers, simulate_rater, summarize_answers, write_answers
from .registry import METRICS, Metric, evaluate, evaluate_real_images, register_metric

__all__ = [
    "METRICS", "EvaluationContext", "FeatureExtractor", "Metric", "Trials", "agreement",
    "classification_accuracy_score", "classifier_heads", "classifier_outputs", "conditions_met", "context_for_generator", "evaluate",
    "evaluate_real_images", "find_extractor", "make_trials", "read_answers", "register_metric", "simulate_rater",
    "summarize_answers", "train_classifier", "write_answers",
]  # fmt: skip
