"""Learn generative adversarial networks by doing: models, training, data, pictures.

Names are loaded when first used, so that `import gan_tutorial` is quick and
TensorFlow starts only when it is needed.
"""

import importlib

from . import quiet as _quiet

__version__ = "0.1.0"

_MODULES = {
    "data": (
        "DATASETS Dataset draw_outlines draw_shapes load_dataset load_fashion_mnist load_folder make_points make_shapes "
        "points_density points_mixture shapes_label"
    ),
    "models": (
        "build_classifier build_discriminator build_encoder build_generator build_patch_discriminator "
        "build_points_discriminator build_points_generator build_translator"
    ),
    "losses": "LOSSES Loss",
    "training": "Report Result Settings train train_cgan training_reports",
    "runtime": "Runtime",
    "sampling": "generate_images generate_noise interpolate",
    "variants": "encode reconstruct train_translator train_vae train_vae_gan translate",
    "clinic": "check_gan_step",
    "pretrained": "list_pretrained load_model load_pretrained save_model",
    "evaluation": (
        "METRICS Case Estimate case_of_generator classification_accuracy_score classifier_outputs conditional_accuracy confusion_table "
        "density_coverage find_judge frechet_distance frechet_infinity grade grade_real_images inception_score intra_class_frechet "
        "kernel_distance make_trials measure_shapes modes_covered nearest_neighbours pairwise_distances path_lengths "
        "precision_recall structural_similarities wilson_interval"
    ),
    "experiments": (
        "EXPERIMENTS FAILURES compare format_comparisons generator_pull load_experiment plot_comparisons plot_rates "
        "plot_ring_runs ring_failure run_experiment train_ring"
    ),
    "plots": "display_images image_grid plot_history plot_landscape plot_points save_images",
    "widgets": "RealOrFake explorer live_landscape live_pictures ring_lab sample_size translator_lab",
}
_HOME = {name: module for module, names in _MODULES.items() for name in names.split()}

__all__ = sorted(_HOME)

_quiet.set_environment()


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module 'gan_tutorial' has no attribute {name!r}")
    if _HOME[name] not in ("data", "plots"):
        _quiet.import_tensorflow()
    value = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted([*globals(), *__all__])
