"""Everything that moves: the explorer, pictures during training, the real-or-fake session, sample size.

A slider redraws an `ipywidgets.Image` with PNG bytes, far faster than a
matplotlib figure. All words come from `captions`.
"""

from .explorer import explorer, morph_labels, principal_directions, split_at_label
from .live import live_landscape, live_pictures
from .real_or_fake import RealOrFake
from .sample_size import sample_size

__all__ = [
    "RealOrFake",
    "explorer",
    "live_landscape",
    "live_pictures",
    "morph_labels",
    "principal_directions",
    "sample_size",
    "split_at_label",
]
