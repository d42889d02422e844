"""Learn generative adversarial networks by doing: models, training, data, pictures.

Names are loaded when first used, so that `import gan_tutorial` is quick and
TensorFlow starts only when it is needed. `__init__.pyi` lists them, for
editors and type checkers too.
"""

import lazy_loader

from . import quiet

__version__ = "0.2.0"

quiet.set_environment()

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
