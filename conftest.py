"""For every test, wherever it lies: notebooks run in their short profile."""

import os

# The Chinese notebooks have the code and the outputs of the English ones: tests/test_chinese.py.
collect_ignore_glob = ["notebooks/zh/*"]

os.environ["GAN_TUTORIAL_PROFILE"] = "quick"
os.environ.pop("GAN_TUTORIAL_LANGUAGE", None)  # of the one who runs the tests
