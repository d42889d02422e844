"""Sliders that draw an outline, and what a translator makes of it."""

from __future__ import annotations

from .. import quiet

quiet.import_tensorflow()

import numpy as np
from keras import Model

from ..data import draw_outlines, draw_shapes
from ..data.shapes import SHAPES
from ..sampling import translate
from .benches import Bench, bench
from .strings import STRINGS as WORDS


def translation_lab(translator: Model) -> Bench:
    """Choose an outline and noise, see it filled by a translator such as `load_pretrained("pix2pix_shapes")`."""

    def draw(kind: str, size: float = 0.6, rotation: float = 0.6, noise: int = 1) -> tuple[np.ndarray, str]:
        # Any colour will do: an outline is white.
        outline = draw_outlines(draw_shapes([SHAPES.index(kind)], [0], [size], [rotation]))
        images = np.concatenate([outline, translate(translator, outline, noise)])
        return images, WORDS["lab_translation_text"].format(kind=kind)

    controls = {"kind": list(SHAPES), "size": (0.0, 1.0, 0.02), "rotation": (0.0, 1.0, 0.02), "noise": (0, 999, 1)}
    return bench(WORDS["lab_translation"], draw, **controls)
