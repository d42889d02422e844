"""How good are generated images? Numbers one can trust, each with its formula, source and interval.

The metrics are functions of features or probabilities, NumPy arrays in,
Python floats out. `features` says where features come from, `panel` takes all
metrics together, `people` asks human eyes.
"""

from .case import Case, case_of_generator
from .classifier import classification_accuracy_score, classifier_outputs, train_classifier
from .conditional import conditional_accuracy, confusion_table, inception_score, intra_class_frechet
from .distances import frechet_distance, frechet_infinity, kernel_distance
from .features import Judge, find_judge
from .intervals import Estimate, wilson_interval
from .neighbours import density_coverage, nearest_neighbours, precision_recall
from .panel import METRICS, grade, grade_real_images
from .people import Trials, agreement, judge_answers, make_trials, read_answers, simulate_rater, write_answers
from .shapes import measure_shapes, rotation_errors
from .variety import modes_covered, pairwise_distances, path_lengths, structural_similarities

__all__ = [
    "METRICS",
    "Case",
    "Estimate",
    "Judge",
    "Trials",
    "agreement",
    "case_of_generator",
    "classification_accuracy_score",
    "classifier_outputs",
    "conditional_accuracy",
    "confusion_table",
    "density_coverage",
    "find_judge",
    "frechet_distance",
    "frechet_infinity",
    "grade",
    "grade_real_images",
    "inception_score",
    "intra_class_frechet",
    "judge_answers",
    "kernel_distance",
    "make_trials",
    "measure_shapes",
    "modes_covered",
    "nearest_neighbours",
    "pairwise_distances",
    "path_lengths",
    "precision_recall",
    "read_answers",
    "rotation_errors",
    "simulate_rater",
    "structural_similarities",
    "train_classifier",
    "wilson_interval",
    "write_answers",
]
