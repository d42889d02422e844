"""What a picture of the `shapes` data shows, measured by geometry: no classifier, nothing learnt."""

from typing import NamedTuple

import numpy as np

from ..data.shapes import (
    COLOURS,
    IMAGE_SIZE,
    PALETTE,
    RADIUS_RANGE,
    SHAPES,
    SYMMETRY_DEGREES,
    draw_shapes,
)

#: Images that are measured at once.
_BLOCK = 200


class Measured(NamedTuple):
    """What was found in n pictures.

    kinds, colours: places in `data.shapes.SHAPES` and `COLOURS`, (n,).
    labels: the class that both make, (n,).
    sizes: on the scale of the attribute, 0 smallest to 1 largest; not bounded.
    rotations: 0...1 over the kind's symmetry angle; meaningless for circles.
    areas: in pixels.
    paints: mean colour of the inside, (n, 3) in [-1, 1].
    """

    kinds: np.ndarray
    colours: np.ndarray
    labels: np.ndarray
    sizes: np.ndarray
    rotations: np.ndarray
    areas: np.ndarray
    paints: np.ndarray


def measure_shapes(images):
    """Kind, colour, size and angle of the shape in each image float32 (n, 64, 64, 3); a `Measured`.

    How much of a pixel is painted follows from where its colour lies between
    the background's and the paint's. The painted area gives the size. The kind
    is told by two numbers that neither turning nor scaling changes: how far
    the paint is spread, and how strongly it is three- and four-fold symmetric,
    |Σ (x + iy)^m|. The phase of that sum is the angle.
    """
    # In blocks, because the moments take much more memory than the images.
    blocks = [_measure(images[i : i + _BLOCK]) for i in range(0, len(images), _BLOCK)]
    return Measured(*(np.concatenate(parts) for parts in zip(*blocks)))


def _measure(images):
    coverage, colours, paints = _coverage(np.asarray(images, np.float64))
    areas = coverage.sum((1, 2))
    invariants, phases = _moments(coverage, areas)
    prototypes, prototype_phases = _prototypes()
    kinds = np.linalg.norm(invariants[:, None] - prototypes, axis=2).argmin(1)
    fold = np.array([_fold(shape) for shape in SHAPES])[kinds]
    turn = (phases[np.arange(len(kinds)), fold - 3] - prototype_phases[kinds]) / fold
    degrees = np.array([SYMMETRY_DEGREES[shape] for shape in SHAPES])[kinds]
    rotations = np.rad2deg(turn) / degrees % 1
    sizes = (np.sqrt(areas / np.pi) - RADIUS_RANGE[0]) / np.ptp(RADIUS_RANGE)
    return Measured(kinds, colours, kinds * len(COLOURS) + colours, sizes, rotations, areas, paints)


def rotation_errors(measured, asked):
    """Distance between rotations, around the circle on which 0 and 1 are the same: 0...0.5."""
    apart = np.abs(np.asarray(measured) - asked) % 1
    return np.minimum(apart, 1 - apart)


def _coverage(images):
    """Painted share of each pixel (n, 64, 64), number of the paint (n,), and the paint itself (n, 3)."""
    rim = np.concatenate([images[:, :4].reshape(len(images), -1, 3), images[:, -4:].reshape(len(images), -1, 3)], 1)
    background = np.median(rim, 1)[:, None, None]
    away = np.linalg.norm(images - background, axis=-1)
    # The paint is what lies farthest from the background, bar single pixels.
    inside = away > 0.7 * np.quantile(away, 0.97, (1, 2), keepdims=True)
    paint = (images * inside[..., None]).sum((1, 2)) / np.maximum(inside.sum((1, 2)), 1)[:, None]
    colours = np.linalg.norm(paint[:, None] - PALETTE, axis=-1).argmin(1)
    direction = paint[:, None, None] - background
    share = ((images - background) * direction).sum(-1) / np.maximum((direction**2).sum(-1), 1e-9)
    # Faint haze in the background is no paint.
    return np.clip((share - 0.1) / 0.8, 0, 1), colours, paint


def _moments(coverage, areas):
    """Invariants (n, 3): spread, three- and four-fold symmetry; and the phases (n, 2) of the latter."""
    pixel = np.arange(IMAGE_SIZE) - (IMAGE_SIZE - 1) / 2
    weights = coverage / np.maximum(areas, 1e-9)[:, None, None]
    x = pixel - (weights.sum(1) @ pixel)[:, None]
    y = pixel - (weights.sum(2) @ pixel)[:, None]
    z = x[:, None, :] + 1j * y[:, :, None]
    scale = np.sqrt(np.maximum(areas, 1e-9))
    spread = (weights * np.abs(z) ** 2).sum((1, 2)) / scale**2
    third, fourth = ((weights * z**m).sum((1, 2)) / scale**m for m in (3, 4))
    # Weights bring the three to a like scale, so that the nearest prototype is the right one.
    invariants = np.stack([8 * spread, 20 * np.abs(third), 20 * np.abs(fourth)], 1)
    return invariants, np.stack([np.angle(third), np.angle(fourth)], 1)


def _fold(shape):
    return 3 if shape == "triangle" else 4


def _prototypes():
    """Invariants and phase of each kind, upright and as large as they come."""
    labels = np.arange(len(SHAPES)) * len(COLOURS)
    coverage, _, _ = _coverage(draw_shapes(labels, np.ones(len(SHAPES)), np.zeros(len(SHAPES))).astype(np.float64))
    invariants, phases = _moments(coverage, coverage.sum((1, 2)))
    return invariants, phases[np.arange(len(SHAPES)), [_fold(shape) - 3 for shape in SHAPES]]
