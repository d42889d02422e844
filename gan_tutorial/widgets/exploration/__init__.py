"""The explorer: what it shows (`scene`), the widget (`widget`), and ways through a generator's noise and conditions (`ways`)."""

from .ways import MeasuredDirection, measured_directions, mix_categories, principal_directions
from .widget import Explorer, explorer

__all__ = [
    "Explorer", "MeasuredDirection", "explorer", "measured_directions", "mix_categories", "principal_directions",
]  # fmt: skip
