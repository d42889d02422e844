"""For every test, wherever it lies: notebooks run in their short profile."""

import os

os.environ["GAN_TUTORIAL_PROFILE"] = "quick"
