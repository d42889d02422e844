"""A generator as a list of layers and one block of numbers: what a web page, or NumPy alone, needs to compute its images."""

from .describe import MAX_WEIGHTS, Network, describe
from .run import run

__all__ = ["MAX_WEIGHTS", "Network", "describe", "run"]
