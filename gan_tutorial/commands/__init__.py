"""The commands of the command line, one module for each purpose. What is heavy is imported when a command runs."""

from .drawing import datasets, sample
from .experimenting import experiment
from .grading import evaluate
from .training import train
from .weights import weights

COMMANDS = (train, sample, evaluate, experiment, datasets, weights)
