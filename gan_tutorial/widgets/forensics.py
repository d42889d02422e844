"""Benches on telling and marking generated images: a detector's threshold, a watermark's strength."""

from __future__ import annotations

import io

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from PIL import Image
from scipy import ndimage

from ..plots import image_grid
from ..translations import figure_words
from .benches import Bench, bench
from .figures import show_grid

WORDS = figure_words()

_PRIORS = (0.5, 0.1, 0.01, 0.001)
_SHOWN = 8


def detector_threshold(real: ArrayLike, fake: ArrayLike) -> Bench:
    """A detector's threshold on its ROC curve, and how many of those it accuses are generated.

    Args:
        real, fake: for real and for generated images, each (n,), how strongly it prefers "generated", such as a
            difference of two logits.

    Example:
        >>> panel = detector_threshold(real=[0, 1, 2, 3], fake=[2, 3, 4, 5])
        >>> panel.set(threshold=1.5, prior=0.01)
        >>> panel.text
        'It accuses 100.0% of the generated images and 50.0% of the real ones. Of all accused images, 2.0% are generated and 98.0% are real.'
    """
    real, fake = np.sort(np.asarray(real, float)), np.sort(np.asarray(fake, float))
    everything = np.concatenate([real, fake])
    low, high = everything.min(), everything.max()
    if not low < high:
        raise ValueError("all scores are equal: there is no threshold to choose")
    thresholds = np.concatenate([[np.inf], np.unique(everything)[::-1], [-np.inf]])
    false, true = (_share_above(scores, thresholds) for scores in (real, fake))
    area = np.trapezoid(true, false)

    def draw(threshold: float = (real.mean() + fake.mean()) / 2, prior: float = 0.5) -> tuple[Figure, str]:
        accused, found = float(_share_above(real, threshold)), float(_share_above(fake, threshold))
        figure = Figure(figsize=(10.4, 3.0))
        left, right = figure.subplots(1, 2, width_ratios=(1.5, 1))
        bins = np.linspace(low, high, 41)
        for scores, colour, name in ((real, "C0", "lab_real"), (fake, "C1", "lab_generated")):
            left.hist(scores, bins, density=True, color=colour, alpha=0.5, label=WORDS[name])
        left.axvline(threshold, color="C4")
        left.set(xlabel=WORDS["lab_score"], yticks=[])
        left.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
        right.plot([0, 1], [0, 1], color="C5", linewidth=0.8, linestyle=":")
        right.plot(false, true, color="C4")
        right.plot(accused, found, "o", color="C1", markersize=8)
        right.set(xlabel=WORDS["lab_false"], ylabel=WORDS["lab_true"], title=f"ROC, AUC {area:.3f}")
        all_accused = prior * found + (1 - prior) * accused
        if not all_accused:
            return figure, WORDS["lab_detector_nobody"]
        precision = prior * found / all_accused
        values = {"found": found, "accused": accused, "precision": precision, "innocent": 1 - precision}
        return figure, WORDS["lab_detector_text"].format(**values)

    size = float(f"{(high - low) / 200:.1g}")
    ends = (np.floor(low / size) * size).item(), (np.ceil(high / size) * size).item()
    return bench(WORDS["lab_detector"], draw, threshold=(*ends, size), prior={f"{p:.1%}": p for p in _PRIORS})


def _share_above(scores: np.ndarray, thresholds: ArrayLike) -> np.ndarray:
    return 1 - np.searchsorted(scores, thresholds, side="right") / len(scores)


def watermark_strength(images: np.ndarray, seed: int = 42) -> Bench:
    """A secret pattern in images: the stronger, the more surely it is found, and the more it is seen.

    Args:
        images: float32 (n, height, width, channels) in [-1, 1], grey; half of them get the mark.
        seed: of the pattern.
    """
    marked, unmarked = np.array_split(np.asarray(images, np.float32), 2)
    key = np.random.default_rng(seed).choice([-1.0, 1.0], images.shape[1:]).astype(np.float32)

    def correlation(pictures: np.ndarray) -> np.ndarray:
        """How strongly each image carries the pattern: mean of its fine detail times the pattern."""
        detail = pictures - ndimage.uniform_filter(pictures, (1, 3, 3, 1))
        return (detail * key).mean((1, 2, 3))

    usual = correlation(unmarked)
    threshold = usual.mean() + 3 * usual.std()

    def draw(strength: float = 0.04, attack: str = "nothing") -> tuple[Figure, str]:
        made = np.clip(marked * (1 - strength) + strength * key, -1, 1)
        kept = ATTACKS[attack](made)
        found = correlation(kept)
        figure = Figure(figsize=(10.4, 3.0))
        left, right = figure.subplots(1, 2, width_ratios=(1.9, 1))
        figure.subplots_adjust(left=0.01)
        show_grid(left, np.concatenate([marked[:_SHOWN], kept[:_SHOWN]]), _SHOWN, WORDS["lab_marked"])
        bins = np.linspace(min(usual.min(), found.min()), max(usual.max(), found.max()), 41)
        right.hist(usual, bins, color="C0", alpha=0.5, density=True, label=WORDS["lab_unmarked"])
        right.hist(found, bins, color="C1", alpha=0.5, density=True, label=WORDS["lab_with_mark"])
        right.axvline(threshold, color="C4")
        right.set(yticks=[], xlabel=WORDS["lab_correlation"])
        right.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
        error = float(np.mean((made - marked) ** 2))
        noise = 10 * np.log10(4 / error) if error else np.inf
        values = {"found": (found > threshold).mean(), "false": (usual > threshold).mean(), "noise": noise}
        return figure, WORDS["lab_watermark_text"].format(**values)

    attacks = {WORDS[f"lab_{name}"]: name for name in ATTACKS}
    return bench(WORDS["lab_watermark"], draw, strength=(0.0, 0.2, 0.005), attack=attacks)


def _jpeg(images: np.ndarray, quality: int = 75) -> np.ndarray:
    files = [io.BytesIO() for _ in images]
    for file, image in zip(files, images):
        Image.fromarray(image_grid(image[np.newaxis])).save(file, "JPEG", quality=quality)
    read = np.stack([np.asarray(Image.open(file), np.float32) for file in files])
    return read.reshape(images.shape) / 127.5 - 1


#: What may happen to an image on its way.
ATTACKS = {
    "nothing": lambda images: images,
    "png": lambda images: np.round(images * 127.5) / 127.5,
    "jpeg": _jpeg,
    "blurred": lambda images: ndimage.gaussian_filter(images, (0, 0.6, 0.6, 0)),
    "shifted": lambda images: np.roll(images, 1, 2),
}
