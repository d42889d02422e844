"""Sliders that draw an outline, and what a translator makes of it."""

import ipywidgets as widgets
import numpy as np

from ..captions import CAPTIONS
from ..data import draw_outlines, draw_shapes, shapes_label
from ..data.shapes import SHAPES
from ..plots import png_bytes
from ..variants import translate


def translator_lab(translator):
    """Choose kind, size and rotation of an outline, and noise; see it filled.

    Args:
        translator: as `load_pretrained("pix2pix_shapes")` gives it.

    Returns a widget; its `controls` hold "kind", "size", "rotation", "noise" and "picture".
    """
    shape = {"style": {"description_width": "90px"}, "layout": {"width": "360px"}}
    controls = {"kind": widgets.Dropdown(options=SHAPES, description=CAPTIONS["kind"], **shape)}
    for name in ("size", "rotation"):
        controls[name] = widgets.FloatSlider(0.6, min=0, max=1, step=0.02, description=CAPTIONS[name], **shape)
    controls["noise"] = widgets.IntSlider(1, min=0, max=999, description=CAPTIONS["noise"], **shape)
    controls["picture"] = widgets.Image(format="png", layout={"width": "520px"})

    def redraw(change=None):
        label = [shapes_label(controls["kind"].value, "blue")]
        size, rotation = (np.float32([controls[name].value]) for name in ("size", "rotation"))
        outline = draw_outlines(draw_shapes(label, size, rotation))
        filled = translate(translator, outline, controls["noise"].value)
        controls["picture"].value = png_bytes(np.concatenate([outline, filled]), 2, scale=4)

    sliders = [control for name, control in controls.items() if name != "picture"]
    for control in sliders:
        control.observe(redraw, "value")
    redraw()
    box = widgets.HBox([widgets.VBox(sliders), controls["picture"]], layout={"grid_gap": "24px"})
    box.controls = controls
    return box
