"""Training: one loop under `train` and `train_cgan`.

`training_reports` is the loop, as a generator of progress reports; the two
functions drive it with a progress bar and come back with the result.
"""

from .alerts import find_alerts
from .checkpoints import list_checkpoints
from .loop import Report, training_reports
from .result import Result, train, train_cgan
from .settings import Settings

__all__ = ["Report", "Result", "Settings", "find_alerts", "list_checkpoints", "train", "train_cgan", "training_reports"]
