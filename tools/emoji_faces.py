"""Where to cut a drawn person, so that all faces have one size and place. Part of tools/make_portraits.py.

Skin is what darkens between the lightest and the darkest tone of the same drawing; the largest disc inside it is the
face. Hair, glasses and masks only ever shrink that disc, so the size of a style's faces is taken from its larger ones.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import ndimage

#: Radius and height of a face's disc in the finished picture, as fractions of its side.
FACE_RADIUS, FACE_HEIGHT = 0.20, 0.54
#: Resolution at which faces are searched.
_SEARCH = 128
#: Styles in which these roles are heads without shoulders; such heads are drawn larger than those on shoulders.
_PLAIN = {"adult", "child", "baby", "older", "beard"}
_HAIRS = {"red hair", "curly hair", "white hair", "bald", "blond"}
_BARE = {
    "noto": _PLAIN | {"royal", "baby angel"},
    "twemoji": _PLAIN | _HAIRS | {"royal", "claus", "baby angel", "skullcap"},
    "fluent": _PLAIN | _HAIRS | {"claus", "baby angel", "turban"},
}
_BARE["flat"] = _BARE["fluent"]
#: How much larger a bare head's face is shown than one on shoulders.
_BARE_SCALE = {"noto": 1.05, "twemoji": 1.1, "fluent": 1.2, "flat": 1.2}
#: Gestures are drawn smaller in some styles: the face of their own decides, the one least covered by an arm.
_SMALL = ("frowning", "pouting", "gesturing NO", "gesturing OK", "tipping hand", "raising hand", "shrugging", "bowing",
          "facepalming")  # fmt: skip
#: A crop grows by at most this factor to show what stands above the head.
_MAX_GROWTH = 1.22

Crop = tuple[float, float, float]


def find_face(lightest: np.ndarray, darkest: np.ndarray) -> tuple[float, float, float]:
    """Centre (y, x) and radius of the face, in fractions of the side, from one drawing in two tones (RGBA)."""
    light, dark = (rgba[..., :3].astype(float) @ (0.299, 0.587, 0.114) for rgba in (lightest, darkest))
    skin = (light > 165) & (light - dark > 60) & (lightest[..., 3] > 200)
    skin = ndimage.binary_fill_holes(ndimage.binary_closing(skin, np.ones((3, 3))))
    depth = ndimage.distance_transform_edt(np.pad(skin, 1))[1:-1, 1:-1]
    y, x = np.nonzero(depth >= depth.max() - 0.5)
    return y.mean() / len(skin), x.mean() / len(skin), depth.max() / len(skin)


def find_crops(style: str, people: list, drawings: dict, render: Callable) -> dict[str, tuple[Crop, bool]]:
    """For each person, by base code: (x, y, side) in fractions of the drawing, and whether something is cut off."""
    # The shaded style has the flat one's geometry, and the flat one's skin is plainer.
    source = drawings["flat" if style == "fluent" else style]
    codes = {(p.base, p.tone): p.code for p in people}
    roles = {p.base: p.role for p in people}
    faces, heights = {}, {}
    for base in roles:
        light, dark = (np.asarray(render(source[codes[base, tone]], _SEARCH)) for tone in (1, 5))
        faces[base], heights[base] = np.array(find_face(light, dark)), _extent(light)
    crops = {}
    for base, role in roles.items():
        largest = max(faces[other][2] for other, r in roles.items() if r == role)
        bare = role in _BARE[style]
        peers = [faces[b] for b, r in roles.items() if (r in _BARE[style]) == bare and r not in _SMALL]
        scale, own = _BARE_SCALE[style] if bare else 1.0, largest if role in _SMALL else None
        crops[base] = _crop(faces[base], np.array(peers), own, scale, heights[base])
    return crops


def _extent(rgba: np.ndarray) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of what is drawn, in fractions of the side."""
    columns, rows = (np.flatnonzero((rgba[..., 3] > 40).any(axis)) / len(rgba) for axis in (0, 1))
    return columns[0], columns[-1], rows[0], rows[-1]


def _crop(face: np.ndarray, peers: np.ndarray, own: float | None, scale: float, extent: tuple) -> tuple[Crop, bool]:
    y, x, radius = face
    middle, usual = np.median(peers, 0), np.percentile(peers[:, 2], 80)
    if own is not None:
        usual = np.clip(own, 0.7 * usual, 1.2 * usual)
    # A face that is mostly covered says little about where it is.
    y = np.clip(y, middle[0] - 0.08, middle[0] + 0.08) if radius > 0.5 * usual else middle[0]
    x = x if radius > 0.6 * usual and abs(x - 0.5) < 0.17 else 0.5
    side = usual / (FACE_RADIUS * scale)
    left, right, top, bottom = extent
    above = y - FACE_HEIGHT * side - top
    if above > 0:  # a tall hat: look up a little, and step back
        side *= min(_MAX_GROWTH, 1 + above / side)
    upper = y - FACE_HEIGHT * side
    upper = max(min(upper, top), upper - 0.1 * side)
    cut = top < upper - 0.02 or left < x - side / 2 - 0.04 or right > x + side / 2 + 0.04
    return (float(x - side / 2), float(upper), float(side)), bool(cut)
