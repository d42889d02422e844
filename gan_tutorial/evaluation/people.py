"""Real or fake? What human eyes say of generated images (HYPE, Zhou et al. 2019).

A session shows real and generated images one at a time; the share of wrong
answers is the measure. 50 % means that nobody can tell; more, that the
generated images look more real than the real ones.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..files import write_csv
from .features import digest
from .intervals import Estimate, wilson_interval


@dataclass(frozen=True)
class Trials:
    """The images of a session, in the order in which they are shown.

    images: float32 (n, height, width, channels). real: bool (n,). labels: (n,).
    """

    images: np.ndarray
    real: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]

    @property
    def session(self):
        """Eight letters that tell this set of images from others."""
        return digest(self.images)[:8]

    def __len__(self):
        return len(self.images)


class Answer(NamedTuple):
    """What one person said to one image."""

    rater: str
    session: str
    trial: int
    real: bool
    label: str
    said_real: bool
    milliseconds: int

    @property
    def right(self):
        return self.real == self.said_real


class Verdict(NamedTuple):
    """What answers add up to.

    errors: share of wrong answers. fooled: share of generated images called
    real. doubted: share of real images called generated; `Estimate`s with
    Wilson's interval. by_class: dict from class to the share of wrong answers.
    fooling: (trial, share of raters fooled) of generated images, the most
    fooling first; of equals, the one that was answered fastest.
    """

    errors: Estimate
    fooled: Estimate
    doubted: Estimate
    by_class: dict[str, Estimate]
    fooling: list[tuple[int, float]]


def make_trials(real, fake_images, fake_labels=None, n=40, seed=0):
    """A balanced, shuffled set: n/2 real images of a `Dataset` and n/2 generated ones.

    With labels, each class occurs as often among the real as among the
    generated ones: nobody can win by knowing which classes are shown more.
    """
    if n < 2 or n % 2:
        raise ValueError(f"n must be an even number from 2 on, so that half are real, not {n}")
    rng = np.random.default_rng(seed)
    if fake_labels is None:
        labels = np.zeros(n // 2, int)
        pools = {0: (np.arange(len(real)), np.arange(len(fake_images)))}
    else:
        shared = np.intersect1d(real.labels, fake_labels)
        if not len(shared):
            raise ValueError("real and generated images have no class in common")
        labels = np.resize(rng.permutation(shared), n // 2)
        pools = {c: (np.flatnonzero(real.labels == c), np.flatnonzero(np.asarray(fake_labels) == c)) for c in shared}
    chosen = [np.empty(n // 2, int), np.empty(n // 2, int)]
    for c, both in pools.items():
        places = np.flatnonzero(labels == c)
        for picks, pool, kind in zip(chosen, both, ("real", "generated")):
            if len(pool) < len(places):
                raise ValueError(f"{len(places)} {kind} images of class {c} are needed, but there are {len(pool)}")
            picks[places] = rng.choice(pool, len(places), replace=False)
    order = rng.permutation(n)
    return Trials(
        np.concatenate([real.images[chosen[0]], fake_images[chosen[1]]])[order],
        np.repeat([True, False], n // 2)[order],
        np.concatenate([labels, labels])[order],
        ("any",) if fake_labels is None else real.class_names,
    )


def judge_answers(answers):
    """The `Verdict` of the answers of one rater, or of many to the same session.

    The intervals treat answers as independent, which those of one person, or
    to one image, are not quite: with few raters they are somewhat too narrow.
    """
    if not answers:
        raise ValueError("there are no answers yet")
    by_class, by_trial = defaultdict(list), defaultdict(list)
    for answer in answers:
        by_class[answer.label].append(not answer.right)
        if not answer.real:
            by_trial[answer.trial].append(answer)
    fooling = [
        (np.mean([a.said_real for a in group]), -np.median([a.milliseconds for a in group]), trial)
        for trial, group in by_trial.items()
    ]
    return Verdict(
        _share([not answer.right for answer in answers]),
        _share([answer.said_real for answer in answers if not answer.real]),
        _share([not answer.said_real for answer in answers if answer.real]),
        {label: _share(wrong) for label, wrong in sorted(by_class.items())},
        [(trial, float(share)) for share, _, trial in sorted(fooling, reverse=True) if share > 0],
    )


def _share(outcomes):
    return wilson_interval(sum(outcomes), len(outcomes)) if outcomes else Estimate(float("nan"), 0.0, 1.0)


def agreement(answers):
    """Krippendorff's alpha of raters who saw the same images: 1 they agree, 0 no more than by chance.

    alpha = 1 - observed / expected disagreement, over all pairs of answers to
    the same image. Images with one answer do not count. NaN if there is no
    image with two answers, or if everybody always said the same.
    """
    groups = defaultdict(list)
    for answer in answers:
        groups[answer.session, answer.trial].append(answer.said_real)
    counts = np.array([[sum(g), len(g) - sum(g)] for g in groups.values() if len(g) > 1], float).reshape(-1, 2)
    total = counts.sum(0)
    expected = 2 * total[0] * total[1] / max(total.sum() - 1, 1)
    observed = (2 * counts[:, 0] * counts[:, 1] / (counts.sum(1) - 1)).sum()
    return float(1 - observed / expected) if expected else float("nan")


def write_answers(path, answers):
    """Save answers as CSV, whole or not at all; returns the path."""
    rows = (answer._replace(real=int(answer.real), said_real=int(answer.said_real)) for answer in answers)
    write_csv(path, Answer._fields, rows)
    return Path(path)


def read_answers(*paths):
    """Answers from CSV files, pooled. Raises ValueError naming the file and line that is damaged."""
    answers = []
    for path in paths:
        with open(path, newline="", encoding="utf-8") as file:
            rows = csv.DictReader(file)
            if tuple(rows.fieldnames or ()) != Answer._fields:
                raise ValueError(f"{path} holds no answers: its first line should be {','.join(Answer._fields)}")
            for row in rows:
                answers.append(_read_answer(row, f"{path}, line {rows.line_num}"))
    return answers


def _read_answer(row, place):
    try:
        flags = {name: bool(("0", "1").index(row[name])) for name in ("real", "said_real")}
        numbers = {name: int(row[name]) for name in ("trial", "milliseconds")}
    except (ValueError, TypeError) as error:
        raise ValueError(f"{place}: not an answer ({error})") from error
    return Answer(**{**row, **flags, **numbers})


def simulate_rater(trials, skill, rater="simulated", seed=0):
    """Answers of an imagined person who is right with probability `skill`, for trying things out."""
    rng = np.random.default_rng(seed)
    right = rng.random(len(trials)) < skill
    times = rng.lognormal(6.7, 0.4, len(trials)).astype(int)
    return [
        Answer(rater, trials.session, i, bool(real), trials.class_names[label], bool(real == ok), int(ms))
        for i, (real, label, ok, ms) in enumerate(zip(trials.real, trials.labels, right, times))
    ]
