"""Pictures for the page: figures in the colours of its theme on no paper of their own, and grids of images."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from cycler import cycler
from matplotlib import rc_context
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from PIL import Image

from ..plots import image_grid
from ..translations import figure_words

#: The style sheet's colours on white; the page tells those of its theme. `scale`: its pixels per CSS pixel.
LIGHT: Mapping[str, Any] = {
    "ink": "#1c1f23", "soft": "#4d545c", "line": "#d6dade", "real": "#0072b2", "generated": "#c24e00", "good": "#00735a",
    "bad": "#b3261e", "scale": 1,
}  # fmt: skip

_DPI = 100  # CSS pixels per inch of a figure
_LEAST = 320  # CSS pixels of a grid of images, at least
_LOCK = threading.RLock()  # matplotlib's settings are everybody's


class Picture(NamedTuple):
    """PNG bytes, how many CSS pixels wide to show them, and whether their pixels shall be seen."""

    png: bytes
    width: int
    crisp: bool = False


@contextmanager
def themed(theme: Mapping[str, Any] = LIGHT) -> Iterator[None]:
    """Figures made in here suit the page: "C0" is the colour of what is real, "C1" of what is generated."""
    figure_words()  # before: the font that it adds to matplotlib's settings is to stay when these go
    ink, soft = theme["ink"], theme["soft"]
    settings = {
        "figure.facecolor": "none", "axes.facecolor": "none", "savefig.facecolor": "none", "figure.dpi": _DPI,
        "text.color": ink, "axes.labelcolor": ink, "axes.titlecolor": ink, "axes.edgecolor": soft, "grid.color": theme["line"],
        "xtick.color": soft, "ytick.color": soft, "axes.spines.top": False, "axes.spines.right": False,
        "axes.prop_cycle": cycler(color=[theme[name] for name in ("real", "generated", "good", "bad", "ink", "soft")]),
        "legend.frameon": False, "font.size": 9, "axes.titlesize": 10, "legend.fontsize": 9, "lines.linewidth": 1.8,
        "figure.subplot.left": 0.08, "figure.subplot.right": 0.98, "figure.subplot.bottom": 0.17, "figure.subplot.top": 0.89,
    }  # fmt: skip
    with _LOCK, rc_context(settings):
        yield


def as_picture(drawn: Any, scale: float = 1) -> Picture:
    """A `Picture` of a matplotlib figure, of PNG bytes, or of images (n, height, width, 1 or 3) in [-1, 1]."""
    if isinstance(drawn, Figure):
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close(drawn)  # or the notebook would show it a second time
        buffer = io.BytesIO()
        # Least compression: a slider wants speed, and the bytes stay on this machine.
        drawn.savefig(buffer, format="png", dpi=_DPI * scale, pil_kwargs={"compress_level": 1})
        return Picture(buffer.getvalue(), round(drawn.get_figwidth() * _DPI))
    if isinstance(drawn, bytes):
        with Image.open(io.BytesIO(drawn)) as image:
            return Picture(drawn, image.width)
    if isinstance(drawn, np.ndarray):
        png, width = grid_bytes(drawn)
        return Picture(png, width * max(1, round(_LEAST / width)), crisp=True)
    raise ValueError(f"a picture is a matplotlib figure, PNG bytes or an array of images, not {type(drawn).__name__}")


def grid_bytes(images: ArrayLike, columns: int | None = None, gap: int = 1) -> tuple[bytes, int]:
    """Images (n, height, width, 1 or 3) in [-1, 1] as PNG bytes, transparent between them; and the pixels of its width."""
    pixels = image_grid(images, columns, gap=gap)
    alpha = 255 - image_grid(np.full_like(np.asarray(images)[..., :1], -1), columns, gap=gap)
    buffer = io.BytesIO()
    Image.fromarray(np.dstack([pixels, alpha])).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue(), pixels.shape[1]


def on_paper(png: bytes) -> bytes:
    """The same picture on white, for paper and for pages that have no theme."""
    image = Image.open(io.BytesIO(png)).convert("RGBA")
    paper, buffer = Image.new("RGBA", image.size, "white"), io.BytesIO()
    Image.alpha_composite(paper, image).convert("RGB").save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def show_grid(axis: Any, images: ArrayLike, columns: int | None = None, title: str = "") -> None:
    """Show a grid of images, (n, height, width, 1 or 3) in [-1, 1], in matplotlib axes, its gaps transparent."""
    images = np.asarray(images)
    pixels, holes = image_grid(images, columns), image_grid(np.full_like(images[..., :1], -1), columns)
    rgb = pixels if pixels.ndim == 3 else np.dstack([pixels] * 3)
    axis.imshow(np.dstack([rgb, 255 - holes]), interpolation="nearest")
    axis.set_title(title)
    axis.axis("off")
