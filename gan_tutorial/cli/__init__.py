"""The commands of the command line, one module for each. What is heavy is imported when a command runs."""

from .datasets import datasets
from .doctor import doctor
from .evaluate import evaluate
from .experiment import experiment
from .export import export
from .quiz import quiz
from .sample import sample
from .train import train
from .weights import weights

COMMANDS = (train, sample, evaluate, experiment, datasets, weights, quiz, export, doctor)
