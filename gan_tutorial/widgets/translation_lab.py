"""Sliders that draw an outline, and what a translator makes of it."""

from typing import Any

import ipywidgets as widgets
import numpy as np
from keras import Model

from ..data import draw_outlines, draw_shapes, shapes_label
from ..data.shapes import SHAPES
from ..plots import png_bytes
from ..sampling import translate
from .strings import STRINGS


def translation_lab(translator: Model) -> widgets.HBox:
    """Choose an outline and noise, see it filled by a translator such as `load_pretrained("pix2pix_shapes")`.

    Returns a widget; its `controls` hold "kind", "size", "rotation", "noise" and "picture".
    """
    shape = {"style": {"description_width": "90px"}, "layout": {"width": "360px"}}
    kind = widgets.Dropdown(options=SHAPES, description=STRINGS["kind"], **shape)
    size, rotation = (
        widgets.FloatSlider(0.6, min=0, max=1, step=0.02, description=STRINGS[n], **shape) for n in ("size", "rotation")
    )
    noise = widgets.IntSlider(1, min=0, max=999, description=STRINGS["noise"], **shape)
    picture = widgets.Image(format="png", layout={"width": "520px"})

    def redraw(change: Any = None) -> None:
        outline = draw_outlines(draw_shapes([shapes_label(kind.value, "blue")], [size.value], [rotation.value]))
        filled = translate(translator, outline, noise.value)
        picture.value = png_bytes(np.concatenate([outline, filled]), 2, scale=4)

    controls = {"kind": kind, "size": size, "rotation": rotation, "noise": noise}
    for control in controls.values():
        control.observe(redraw, "value")
    redraw()
    box = widgets.HBox([widgets.VBox([*controls.values()]), picture], layout={"grid_gap": "24px"})
    box.controls = {**controls, "picture": picture}
    return box
