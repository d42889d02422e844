"""Everything that moves: the explorer, the playground, what is seen of a training, benches, the real-or-fake session.

Names are loaded when first used, so that what the page alone computes needs no TensorFlow. All words come from `strings`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
