"""Metrics as pure functions: features or probabilities in, as NumPy arrays; numbers out.

`distances` compares whole distributions, `neighbours` fidelity and diversity separately, and memorization;
`conditional` needs class probabilities, `diversity` looks at pairs and paths, `geometry` measures drawn shapes,
`translation` compares with the true image of a thing, and `intervals` says how sure a number is. None of these
imports TensorFlow.
"""

from .conditional import conditional_accuracy, confusion_table, inception_score, intra_class_frechet
from .distances import (
    frechet_distance,
    frechet_infinity,
    gaussian_mmd,
    kernel_distance,
    monge_distance,
    sliced_wasserstein,
)
from .diversity import modes_covered, pairwise_distances, path_lengths, structural_similarities, vendi_score
from .geometry import ShapeMeasurements, measure_shapes, rotation_errors
from .intervals import Estimate, mean_estimate, wilson_interval
from .neighbours import PRDC, authenticity, density_coverage, nearest_neighbours, prdc, precision_recall
from .translation import TranslationScores, translation_scores

__all__ = [
    "PRDC", "Estimate", "ShapeMeasurements", "TranslationScores", "authenticity", "conditional_accuracy",
    "confusion_table", "density_coverage", "frechet_distance", "frechet_infinity", "gaussian_mmd", "inception_score",
    "intra_class_frechet", "kernel_distance", "mean_estimate", "measure_shapes", "modes_covered", "monge_distance",
    "nearest_neighbours", "pairwise_distances", "path_lengths", "prdc", "precision_recall", "rotation_errors",
    "sliced_wasserstein", "structural_similarities", "translation_scores", "vendi_score", "wilson_interval",
]  # fmt: skip
