"""Relatives of the GAN with training steps of their own.

InfoGAN and AC-GAN are not here: they are `train` and `train_cgan` with an
auxiliary discriminator.
"""

from .translation import train_translator, translate
from .vae import encode, reconstruct, train_vae, train_vae_gan

__all__ = ["encode", "reconstruct", "train_translator", "train_vae", "train_vae_gan", "translate"]
