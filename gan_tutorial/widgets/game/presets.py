"""Experiments that teach something, by name; the sentence what to look for is in the table of strings.

Each was watched with seeds 0, 1 and 2 for 1500 steps: they show what their sentences say, which name the seeds where these
differ.
"""

from typing import Any

_ROTATION = {"generator_learning_rate": 5e-4, "discriminator_learning_rate": 1e-3, "beta_1": 0.9}

PRESETS: dict[str, dict[str, Any]] = {
    "fair_game": {"data": "blobs", "r1": 0.1},
    "mode_collapse": {"generator_learning_rate": 1e-2, "discriminator_learning_rate": 1e-3, "beta_1": 0.5},
    "rotation": _ROTATION,
    "r1_cures": {**_ROTATION, "r1": 0.5},
    "discriminator_wins": {
        "loss": "minimax", "discriminator_learning_rate": 1e-2, "generator_learning_rate": 1e-4, "beta_1": 0.5,
    },
    "wasserstein": {"data": "moons", "loss": "wasserstein", "gradient_penalty": 1.0, "discriminator_steps": 3},
    "thread": {"data": "spiral", "latent_dim": 1, "r1": 0.02},
    "classes": {"conditional": True, "r1": 0.1},
    "memorization": {
        "n": 16, "batch_size": 16, "generator_learning_rate": 3e-4, "discriminator_learning_rate": 3e-3, "beta_1": 0.5,
        "generator_width": 128, "discriminator_width": 128,
    },
}  # fmt: skip
