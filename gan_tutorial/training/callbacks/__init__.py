"""Callbacks: habits of a training, each a callable that gets every `Report`. One that returns true stops it."""

from .alerts import Alerts, find_alerts
from .metrics import MetricsLog
from .progress import ProgressBar
from .samples import SamplePictures

__all__ = ["Alerts", "MetricsLog", "ProgressBar", "SamplePictures", "find_alerts"]
