"""Drawn shapes: 64×64 colour images of which everything is known.

Each image shows one filled shape on a grey background. Its kind, colour, size and rotation are known exactly, so what
a conditional generator was asked for can be measured in the picture by geometry, without a learned classifier.
"""

import numpy as np
from numpy.typing import ArrayLike

from .conditions import Condition
from .dataset import Dataset, check_split

SHAPES = ("circle", "square", "triangle", "cross")

# Okabe & Ito's palette, which colour-blind people can tell apart too.
COLOURS = {
    "orange": (230, 159, 0), "sky blue": (86, 180, 233), "green": (0, 158, 115),
    "yellow": (240, 228, 66), "blue": (0, 114, 178), "red": (213, 94, 0),
}  # fmt: skip
#: The colours in [-1, 1], float32 (6, 3).
PALETTE = np.array(list(COLOURS.values()), np.float32) / 127.5 - 1

IMAGE_SIZE = 64
#: Radius in pixels, at size 0 and at size 1, of the circle with the shape's area.
RADIUS_RANGE = (7.0, 18.0)
#: Degrees after which a shape looks the same again; rotation 0...1 spans this angle.
SYMMETRY_DEGREES = {"circle": 360.0, "square": 90.0, "triangle": 120.0, "cross": 90.0}
#: The centre lies at most this many pixels from the image's centre, each way.
CENTRE_JITTER = 3.0
#: Grey levels of the background, in [-1, 1].
DARKEST, LIGHTEST = -0.95, -0.65

# An inscribed measure for each shape, as a multiple of the radius of the circle of equal area: half a side, the
# apothem, and half the length of an arm.
_SQUARE_HALF_SIDE = np.sqrt(np.pi) / 2
_TRIANGLE_APOTHEM = np.sqrt(np.pi / (3 * np.sqrt(3)))
_CROSS_HALF_LENGTH = np.sqrt(9 * np.pi / 20)


def make_shapes(n: int = 20_000, split: str = "train", seed: int = 0) -> Dataset:
    """Draw n random shapes; the same n, split and seed give the same images.

    Returns a `Dataset`: images float32 (n, 64, 64, 3) in [-1, 1]; labels are the kinds of shape; attributes are "colour",
    "size" (0 smallest, 1 largest) and "rotation" (0...1 over the shape's own symmetry angle).

    Example:
        >>> import gan_tutorial as gt
        >>> shapes = gt.data.make_shapes(10)
        >>> list(shapes.conditions), shapes.class_names
        (['kind', 'colour', 'size', 'rotation'], ('circle', 'square', 'triangle', 'cross'))
    """
    check_split(split)
    if n < 1:
        raise ValueError(f"cannot draw {n} shapes: n must be at least 1")
    # Separate streams of random numbers keep the splits disjoint.
    rng = np.random.default_rng([seed, split == "test"])
    # One random number for both; so the images are those of earlier versions.
    kinds, colours = np.divmod(rng.integers(len(SHAPES) * len(COLOURS), size=n, dtype=np.int32), len(COLOURS))
    size, rotation = rng.random((2, n), dtype=np.float32)
    centre = rng.uniform(-CENTRE_JITTER, CENTRE_JITTER, (n, 2)).astype(np.float32)
    background = rng.uniform(DARKEST, LIGHTEST, n).astype(np.float32)
    images = draw_shapes(kinds, colours, size, rotation, centre, background)
    attributes = {"colour": colours, "size": size, "rotation": rotation}
    return Dataset("shapes", images, kinds, SHAPES, attributes, {"colour": tuple(COLOURS)}, "kind")


def draw_shapes(
    kinds: ArrayLike, colours: ArrayLike, size: ArrayLike, rotation: ArrayLike, centre: ArrayLike = (0, 0),
    background: ArrayLike = DARKEST,
) -> np.ndarray:  # fmt: skip
    """Draw the shapes described by arrays of length n: float32 images (n, 64, 64, 3) in [-1, 1], edges anti-aliased.

    Args:
        kinds, colours: integers, the places in `SHAPES` and in `COLOURS`.
        size, rotation: floats in [0, 1].
        centre: (n, 2) offsets (x, y) in pixels from the image's centre.
        background: (n,) grey levels in [-1, 1].

    Raises ValueError for a kind or colour that there is not, or if they differ in number.
    """
    n = len(np.asarray(kinds))
    kinds = Condition("kind", SHAPES).column(kinds, n)
    colours = Condition("colour", tuple(COLOURS)).column(colours, n)
    centre = np.broadcast_to(np.asarray(centre, np.float32), (n, 2))
    background = np.broadcast_to(np.asarray(background, np.float32), n)
    radius = RADIUS_RANGE[0] + np.asarray(size, np.float32) * np.ptp(RADIUS_RANGE)
    images = np.empty((n, IMAGE_SIZE, IMAGE_SIZE, 3), np.float32)
    for kind, shape in enumerate(SHAPES):
        angle = np.deg2rad(SYMMETRY_DEGREES[shape] * np.asarray(rotation, np.float32))
        members = np.flatnonzero(kinds == kind)
        # Blocks small enough for the processor's cache: three times as fast.
        for block in np.array_split(members, max(1, len(members) // 64)):
            coverage = _coverage(shape, radius[block], angle[block], centre[block])
            ground = background[block, None, None]
            for channel in range(3):
                paint = PALETTE[colours[block], channel, None, None]
                images[block, :, :, channel] = ground + coverage * (paint - ground)
    return images


def _coverage(shape: str, radius: np.ndarray, angle: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """How much of each pixel the shape covers, 0...1: (n, 64, 64)."""
    pixel = np.arange(IMAGE_SIZE, dtype=np.float32) - (IMAGE_SIZE - 1) / 2
    x = pixel[None, None, :] - centre[:, 0, None, None]
    y = pixel[None, :, None] - centre[:, 1, None, None]
    cos, sin, radius = (values[:, None, None] for values in (np.cos(angle), np.sin(angle), radius))
    # Turning the axes back by the angle lets each shape be described upright.
    u, v = np.abs(cos * x + sin * y), cos * y - sin * x
    # Distance in pixels to the outline, negative inside (exact along the sides).
    if shape == "circle":
        distance = np.sqrt(u * u + v * v) - radius
    elif shape == "square":
        distance = np.maximum(u, np.abs(v)) - _SQUARE_HALF_SIDE * radius
    elif shape == "triangle":
        distance = np.maximum(np.float32(np.sqrt(3) / 2) * u - v / 2, v) - _TRIANGLE_APOTHEM * radius
    else:
        half_length, v = _CROSS_HALF_LENGTH * radius, np.abs(v)
        distance = np.maximum(np.maximum(u, v) - half_length, np.minimum(u, v) - half_length / 3)
    return np.clip(0.5 - distance, 0, 1)


def draw_outlines(images: np.ndarray) -> np.ndarray:
    """The outlines of drawn shapes, white on the same background; float32 (n, 64, 64, 3) in [-1, 1] like the images."""
    from scipy import ndimage

    background = images[:, :1, :1]
    differs = np.abs(images - background).max(3)
    inside = differs / differs.max((1, 2), keepdims=True)
    line = inside - ndimage.grey_erosion(inside, (1, 3, 3))
    return (background + line[..., np.newaxis] * (1 - background)).astype(np.float32)
