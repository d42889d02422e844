"""The playground: a game in the plane, live. `engine` plays it without any widget."""

from .code import as_code
from .engine import Engine
from .presets import PRESETS
from .settings import Settings
from .widget import Playground, playground

__all__ = ["PRESETS", "Engine", "Playground", "Settings", "as_code", "playground"]
