"""Every word that a widget shows, in one table, ready to be translated."""

STRINGS = {
    # The explorer.
    "label": "label", "role": "role", "style": "style", "gender": "gender", "tone": "tone", "group": "group",
    "other": "other {name}", "morph": "morph {name}",
    "noise": "noise", "other_noise": "other noise", "morph_noise": "morph noise",
    "truncation": "truncation", "direction": "direction {number}",
    "randomize": "New noise", "reset": "Reset", "all_values": "The same noise with every {name}:",
    # The real-or-fake session.
    "rof_start": "Start", "rof_real": "Real (R or ←)", "rof_fake": "Fake (F or →)",
    "rof_how": "You will see photographs and generated images. Say of each which it is.",
    "rof_progress": "image {trial} of {total}", "rof_image": "the image to be judged",
    "rof_wrong": "wrong answers", "rof_share": "share", "rof_interval": "95 % interval", "rof_errors": "all images",
    "rof_fooled": "generated, taken for real", "rof_doubted": "real, taken for generated",
    "rof_fooling": "These generated images were taken for real:", "rof_saved": "Saved:",
    # The ring.
    "beta_1": "momentum β₁", "generator_learning_rate": "generator's rate", "n": "training points",
    "discriminator_learning_rate": "discriminator's rate", "head_start": "head start (steps)",
    "training": "training …", "trained": "trained for {steps} steps in {seconds:.0f} s",
    # Translation and sample size.
    "kind": "shape", "size": "size", "rotation": "rotation", "sample_size": "samples",
    "distance_frechet": "Fréchet distance", "distance_kernel": "kernel distance",
}  # fmt: skip
