"""Training algorithms, a file each: which networks there are, and each player's loss for a batch."""

from .base import Player, Step
from .cyclegan import CycleGANStep
from .gan import GANStep
from .pix2pix import Pix2PixStep
from .style import StyleGANStep
from .vae import VAEStep
from .vae_gan import VAEGANStep

__all__ = ["CycleGANStep", "GANStep", "Pix2PixStep", "Player", "Step", "StyleGANStep", "VAEGANStep", "VAEStep"]
