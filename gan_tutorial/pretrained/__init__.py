"""Models that ship and models of your own: cards, weights, and (in `recipes`) how those that ship were made.

Names are loaded when first used: cards and the explorer of a shipped model need no TensorFlow.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
