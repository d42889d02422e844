"""Everything that moves: the explorer, pictures during training, the real-or-fake session, sample size.

A slider redraws an `ipywidgets.Image` with PNG bytes, far faster than a matplotlib figure. All words come from `strings`.
"""

from .. import quiet

quiet.import_tensorflow()

from .explorer import explorer, mix_categories, principal_directions
from .live import live_landscape, live_pictures
from .real_or_fake import RealOrFake
from .ring_lab import ring_lab
from .sample_size import sample_size
from .translation_lab import translation_lab

__all__ = [
    "RealOrFake", "explorer", "live_landscape", "live_pictures", "mix_categories", "principal_directions",
    "ring_lab", "sample_size", "translation_lab",
]  # fmt: skip
