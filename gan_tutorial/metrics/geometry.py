"""What an image of the `shapes` data shows, measured by geometry: no classifier, nothing learnt."""

import functools
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..data.shapes import IMAGE_SIZE, PALETTE, RADIUS_RANGE, SHAPES, draw_shapes

#: Images that are measured at once.
_BLOCK = 200
#: Which of the phases, of three- or of four-fold symmetry, tells each shape's angle; a circle has none.
_PHASES = np.array([0 if shape == "triangle" else 1 for shape in SHAPES])


class ShapeMeasurements(NamedTuple):
    """What was found in n images: arrays (n,), and (n, 3) for the paints."""

    kinds: np.ndarray  #: index into `data.shapes.SHAPES`
    colours: np.ndarray  #: index into `data.shapes.COLOURS`
    sizes: np.ndarray  #: on the scale of the attribute, 0 smallest to 1 largest; not bounded
    rotations: np.ndarray  #: 0...1 over the kind's symmetry angle; meaningless for circles
    areas: np.ndarray  #: in pixels
    paints: np.ndarray  #: mean colour of the inside, in [-1, 1]


def measure_shapes(images: np.ndarray) -> ShapeMeasurements:
    """Kind, colour, size and angle of the shape in each image float32 (n, 64, 64, 3).

    How much of a pixel is painted follows from where its colour lies between the background's and the paint's. The
    painted area gives the size. The kind is told by three numbers that neither rotation nor scaling changes: how far
    the paint is spread, and how strongly it is three- and four-fold symmetric, |Σ (x + iy)^m|. The phase of that sum is
    the angle.
    """
    # In blocks, because the moments take much more memory than the images.
    blocks = [_measure_block(images[i : i + _BLOCK]) for i in range(0, len(images), _BLOCK)]
    return ShapeMeasurements(*(np.concatenate(parts) for parts in zip(*blocks)))


def _measure_block(images: np.ndarray) -> ShapeMeasurements:
    paints, masks = _segment(np.asarray(images, np.float64))
    colours = np.linalg.norm(paints[:, None] - PALETTE, axis=-1).argmin(1)
    areas = masks.sum((1, 2))
    invariants, phases = _rotation_moments(masks)
    prototypes, prototype_phases = _prototypes()
    kinds = np.linalg.norm(invariants[:, None] - prototypes, axis=2).argmin(1)
    turns = (phases - prototype_phases[kinds])[np.arange(len(kinds)), _PHASES[kinds]]
    rotations = turns / (2 * np.pi) % 1
    sizes = (np.sqrt(areas / np.pi) - RADIUS_RANGE[0]) / np.ptp(RADIUS_RANGE)
    return ShapeMeasurements(kinds, colours, sizes, rotations, areas, paints)


def rotation_errors(measured: ArrayLike, asked: ArrayLike) -> np.ndarray:
    """Distance between rotations, around the circle on which 0 and 1 are the same: 0...0.5."""
    apart = np.abs(np.asarray(measured) - np.asarray(asked)) % 1
    return np.minimum(apart, 1 - apart)


def _segment(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The colour of the paint (n, 3), and the painted share of each pixel (n, 64, 64)."""
    rim = np.concatenate([images[:, :4], images[:, -4:]], 1)
    background = np.median(rim, (1, 2), keepdims=True)
    contrast = np.linalg.norm(images - background, axis=-1)
    # The paint is what differs most from the background, except for single pixels.
    inside = contrast > 0.7 * np.quantile(contrast, 0.97, (1, 2), keepdims=True)
    paints = (images * inside[..., None]).sum((1, 2)) / np.maximum(inside.sum((1, 2)), 1)[:, None]
    direction = paints[:, None, None] - background
    shares = ((images - background) * direction).sum(-1) / np.maximum((direction**2).sum(-1), 1e-9)
    # Faint haze in the background is no paint.
    return paints, np.clip((shares - 0.1) / 0.8, 0, 1)


def _rotation_moments(masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Invariants (n, 3): spread, three- and four-fold symmetry; and the phases (n, 2) of the latter two."""
    areas = np.maximum(masks.sum((1, 2)), 1e-9)
    weights = masks / areas[:, None, None]
    pixel = np.arange(IMAGE_SIZE) - (IMAGE_SIZE - 1) / 2
    x = pixel - (weights.sum(1) @ pixel)[:, None]
    y = pixel - (weights.sum(2) @ pixel)[:, None]
    z = x[:, None, :] + 1j * y[:, :, None]
    scale = np.sqrt(areas)
    spread = (weights * np.abs(z) ** 2).sum((1, 2)) / scale**2
    third, fourth = ((weights * z**m).sum((1, 2)) / scale**m for m in (3, 4))
    # The factors bring the three to a similar scale, so that the nearest prototype is the right one.
    invariants = np.stack([8 * spread, 20 * np.abs(third), 20 * np.abs(fourth)], 1)
    return invariants, np.stack([np.angle(third), np.angle(fourth)], 1)


@functools.cache
def _prototypes() -> tuple[np.ndarray, np.ndarray]:
    """Invariants (kinds, 3) and phases (kinds, 2) of each kind, upright and at the largest size."""
    kinds = np.arange(len(SHAPES))
    images = draw_shapes(kinds, np.zeros_like(kinds), size=np.ones(len(kinds)), rotation=np.zeros(len(kinds)))
    return _rotation_moments(_segment(images.astype(np.float64))[1])
