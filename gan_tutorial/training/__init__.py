"""Training: one loop (`trainer.py`) for every algorithm (`steps/`), and a function for each (`train.py`).

`callbacks/` holds what a training does beside training: progress, pictures, metrics, alerts.
"""

from .. import quiet

quiet.import_tensorflow()

from .callbacks.alerts import find_alerts
from .checkpoints import list_checkpoints
from .distribution import Runtime
from .random_streams import RandomStreams
from .reports import Report, Result
from .steps import CycleGANStep, GANStep, Pix2PixStep, Player, Step, StyleGANStep, VAEGANStep, VAEStep
from .train import train, train_cgan, train_cyclegan, train_pix2pix, train_style_gan, train_vae, train_vae_gan
from .trainer import Trainer

__all__ = [
    "CycleGANStep",
    "GANStep",
    "Pix2PixStep",
    "Player",
    "RandomStreams",
    "Report",
    "Result",
    "Runtime",
    "Step",
    "StyleGANStep",
    "Trainer",
    "VAEGANStep",
    "VAEStep",
    "find_alerts",
    "list_checkpoints",
    "train",
    "train_cgan",
    "train_cyclegan",
    "train_pix2pix",
    "train_style_gan",
    "train_vae",
    "train_vae_gan",
]
