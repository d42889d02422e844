"""Real or fake? What human eyes say of generated images (HYPE, Zhou et al. 2019).

The measure is the share of wrong answers. 50 % means that nobody can tell; more, that the generated images look more
real than the real ones.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..data import Dataset
from ..files import write_csv
from ..metrics.intervals import Estimate, wilson_interval
from .features import digest

_FLAGS = {"0": False, "1": True}


@dataclass(frozen=True)
class Trials:
    """The images of a session, float32 (n, height, width, channels), in the order in which they are shown."""

    images: np.ndarray
    real: np.ndarray  #: bool (n,)
    labels: np.ndarray
    class_names: tuple[str, ...]
    #: Makes a set of images that nobody has seen yet, for another round; None if there is nothing to make it from.
    another: Callable[[], Trials] | None = None

    @property
    def session(self) -> str:
        """Eight letters that tell this set of images from others."""
        return digest(self.images)[:8]

    def __len__(self) -> int:
        return len(self.images)


class Answer(NamedTuple):
    """What one person said about one image."""

    rater: str
    session: str
    trial: int
    real: bool
    label: str
    said_real: bool
    milliseconds: int

    @property
    def right(self) -> bool:
        return self.real == self.said_real


class Verdict(NamedTuple):
    """Summary of a session's answers: shares, with Wilson's interval, and the most fooling images."""

    errors: Estimate  #: share of wrong answers
    fooled: Estimate  #: share of generated images called real
    doubted: Estimate  #: share of real images called generated
    by_class: dict[str, Estimate]  #: share of wrong answers for each class
    fooled_by_class: dict[str, Estimate]  #: share of generated images of each class called real
    #: (trial, share of raters fooled) of generated images, the most fooling first; of equals, the fastest answered.
    fooling: list[tuple[int, float]]


def make_trials(
    real: Dataset,
    fake_images: np.ndarray,
    fake_labels: ArrayLike | None = None,
    n: int = 40,
    seed: int = 0,
    by: str | None = None,
) -> Trials:
    """A shuffled set of n/2 real images and n/2 generated ones.

    With labels, each class occurs equally often in both halves: nobody can win by knowing which classes are shown more.

    Args:
        real: the data set.
        fake_images: float32 (m, height, width, channels) in [-1, 1].
        fake_labels: (m,), what the generated images were asked to show; None to pay no heed to classes.
        n: how many images, half of them real.
        seed: of the choice and the order.
        by: the condition that `fake_labels` are numbers of, such as "style"; default the data's labels.

    `another` of the result makes further sets without the images of this one. Raises ValueError if there are too few.

    Example:
        >>> import gan_tutorial as gt
        >>> people, clothes = gt.load_dataset("portraits"), gt.load_dataset("fashion_mnist", "test")
        >>> trials = make_trials(clothes, np.zeros((100, 28, 28, 1), "float32"), np.arange(100) % 10, n=20)
        >>> len(trials), int(trials.real.sum())
        (20, 10)
        >>> styles = make_trials(people, np.zeros((80, 64, 64, 3), "float32"), np.arange(80) % 4, by="style")
        >>> styles.class_names
        ('noto', 'twemoji', 'fluent', 'flat')
    """
    if n < 2 or n % 2:
        raise ValueError(f"n must be an even number from 2 on, so that half are real, not {n}")
    class_names: tuple[str, ...] = ("any",)
    if fake_labels is None:
        fakes, reals = np.zeros(len(fake_images), int), np.zeros(len(real), int)
    else:
        fakes, (reals, class_names) = np.asarray(fake_labels), _classes(real, by)
    shared = np.intersect1d(reals, fakes)
    if not len(shared):
        raise ValueError("real and generated images have no class in common")
    rng = np.random.default_rng(seed)
    labels = np.resize(rng.permutation(shared), n // 2)
    chosen = {"real": np.empty(n // 2, int), "generated": np.empty(n // 2, int)}
    for label in shared:
        places = np.flatnonzero(labels == label)
        for kind, kind_labels in (("real", reals), ("generated", fakes)):
            found, what = np.flatnonzero(kind_labels == label), f"{kind} images of class {label}"
            if len(found) < len(places):
                raise ValueError(f"{len(places)} {what} are needed, but there are {len(found)}")
            chosen[kind][places] = rng.choice(found, len(places), replace=False)
    images = np.concatenate([real.images[chosen["real"]], fake_images[chosen["generated"]]])
    order = rng.permutation(n)

    def another() -> Trials:
        unseen = np.delete(np.arange(len(real)), chosen["real"])
        left = np.delete(np.arange(len(fake_images)), chosen["generated"])
        return make_trials(
            real.take(unseen), fake_images[left], None if fake_labels is None else fakes[left], n, seed + 1, by
        )

    is_real = np.repeat([True, False], n // 2)
    return Trials(images[order], is_real[order], np.tile(labels, 2)[order], class_names, another)


def _classes(data: Dataset, by: str | None) -> tuple[np.ndarray, tuple[str, ...]]:
    """Numbers (n,) of the images' classes, and the classes' names."""
    if by in (None, data.label_name):
        return data.labels, data.class_names
    if by not in data.conditions or not (names := data.conditions[by].categories):
        known = [name for name, condition in data.conditions.items() if condition.categories]
        raise ValueError(f"by must be a condition with categories, one of {', '.join(known)}, not {by!r}")
    return data.values[by], names


def summarize_answers(answers: Sequence[Answer]) -> Verdict:
    """The `Verdict` of the answers of one rater, or of many to the same session.

    The intervals treat answers as independent, which those of one person, or to one image, are not quite: with few
    raters they are somewhat too narrow.
    """
    if not answers:
        raise ValueError("there are no answers yet")
    real, fake = [a for a in answers if a.real], [a for a in answers if not a.real]
    labels = sorted({a.label for a in answers})
    by_class, fooled_by_class = (
        {label: _wrong([a for a in some if a.label == label]) for label in labels} for some in (answers, fake)
    )
    return Verdict(_wrong(answers), _wrong(fake), _wrong(real), by_class, fooled_by_class, _most_fooling(fake))


def _wrong(answers: Sequence[Answer]) -> Estimate:
    """Share of wrong answers."""
    if not answers:
        return Estimate(float("nan"), 0.0, 1.0)
    return wilson_interval(sum(not answer.right for answer in answers), len(answers))


def _most_fooling(answers: list[Answer]) -> list[tuple[int, float]]:
    ranked = []
    for trial in {a.trial for a in answers}:
        said_real, times = np.transpose([(a.said_real, a.milliseconds) for a in answers if a.trial == trial])
        ranked.append((-said_real.mean(), np.median(times), trial))
    return [(trial, float(-share)) for share, _, trial in sorted(ranked) if share]


def agreement(answers: Sequence[Answer]) -> float:
    """Krippendorff's alpha of raters who saw the same images: 1 they agree, 0 no more than by chance.

    alpha = 1 - observed / expected disagreement, over all pairs of answers to the same image. Images with one answer
    do not count. NaN if there is no image with two answers, or if everybody always said the same.
    """
    calls = Counter((a.session, a.trial, a.said_real) for a in answers)
    images = dict.fromkeys((session, trial) for session, trial, _ in calls)
    counts = np.array([[calls[s, t, said] for said in (True, False)] for s, t in images], float).reshape(-1, 2)
    counts = counts[counts.sum(1) > 1]
    total = counts.sum(0)
    expected = 2 * total[0] * total[1] / max(total.sum() - 1, 1)
    observed = (2 * counts[:, 0] * counts[:, 1] / (counts.sum(1) - 1)).sum()
    return float(1 - observed / expected) if expected else float("nan")


def write_answers(path: str | Path, answers: Sequence[Answer]) -> Path:
    """Save answers as CSV, whole or not at all; returns the path."""
    rows = ([int(value) if isinstance(value, bool) else value for value in answer] for answer in answers)
    write_csv(path, Answer._fields, rows)
    return Path(path)


def read_answers(*paths: str | Path) -> list[Answer]:
    """Answers from CSV files, pooled. Raises ValueError naming the file and line that is damaged."""
    answers = []
    for path in paths:
        with open(path, newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            try:
                if tuple(next(rows, ())) != Answer._fields:
                    raise ValueError(f"the first line should be {','.join(Answer._fields)}")
                for rater, session, trial, real, label, said_real, time in filter(None, rows):
                    answer = Answer(rater, session, int(trial), _FLAGS[real], label, _FLAGS[said_real], int(time))
                    answers.append(answer)
            except (KeyError, ValueError, csv.Error) as error:
                raise ValueError(f"{path}, line {rows.line_num}: not an answer ({error})") from error
    return answers


def simulate_rater(trials: Trials, skill: float, rater: str = "simulated", seed: int = 0) -> list[Answer]:
    """Answers of an imagined person who is right with probability `skill`, for trying things out."""
    rng = np.random.default_rng(seed)
    right = rng.random(len(trials)) < skill
    times = rng.lognormal(6.7, 0.4, len(trials)).astype(int)
    return [
        Answer(rater, trials.session, i, bool(real), trials.class_names[label], bool(real == ok), int(ms))
        for i, (real, label, ok, ms) in enumerate(zip(trials.real, trials.labels, right, times))
    ]
