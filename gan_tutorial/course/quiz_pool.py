"""What a class learnt: files of answers to the quiz, pooled by code."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..metrics.intervals import Estimate, bootstrap
from .quizzes import PHASES, items, read_quiz, row_of

#: With fewer pairs no gain is called clear.
_FEWEST = 10


class Gain(NamedTuple):
    """Shares of right answers before and after, and the normalized gain (after - before) / (1 - before), Hake 1998."""

    before: float
    after: float
    gain: Estimate
    clear: bool  #: ten pairs or more, and an interval without 0


class PooledQuiz(NamedTuple):
    """What `pool_quiz` returns."""

    rows: list[list[str]]  #: the answers of all pairs, in the columns of the files
    pairs: int
    gains: dict[str, Gain]  #: by aim, and of "all"
    shares: dict[str, tuple[float, float]]  #: by item, of right answers before and after
    notes: list[str]  #: a line for each file or code that was left out

    def lines(self) -> list[str]:
        """The result in words, for a terminal."""
        easy = [name for name, (before, _) in self.shares.items() if before >= 0.9]
        worse = [name for name, (before, after) in self.shares.items() if after < before]
        lines = [f"Left out: {note}" for note in self.notes]
        lines += [f"{self.pairs} pairs of answers", f"{'aim':12} before  after    gain   95 % interval"]
        for aim, (before, after, (gain, low, high), clear) in self.gains.items():
            verdict = "" if clear else "   unclear"
            lines.append(f"{aim:12} {before:6.0%} {after:6.0%}   {gain:5.2f}   {low:5.2f} … {high:5.2f}{verdict}")
        unknown = [sum(row[1] == phase and row[4] == "0" for row in self.rows) / len(self.rows) * 2 for phase in PHASES]
        lines.append("Do not know: {:.0%} before, {:.0%} after".format(*unknown))
        lines.append(f"Right before in 90 % or more: {', '.join(easy) or 'no item'}")
        return [*lines, f"Fewer right after than before: {', '.join(worse) or 'no item'}"]


def pool_quiz(folder: str | Path, seed: int = 0) -> PooledQuiz:
    """Pool the files of answers in a folder: by aim and in all, how much of what was missing before was learnt.

    The gain is that of the class's averages; its interval is a bootstrap over learners. A file that is damaged, incomplete,
    or a second one of the same code and phase is left out, with a note; so is a code without both phases.

    Raises ValueError if there is no such folder, or no pair in it.
    """
    if not Path(folder).is_dir():
        raise ValueError(f"{str(folder)!r:.200} is no folder")
    found: dict[tuple[str, str], dict[str, int]] = {}
    notes = []
    for path in sorted(Path(folder).glob("[!.]*.csv")):
        try:
            code, phase, answers = read_quiz(path)
            if len(answers) < len(items()):
                raise ValueError(f"{path.name!r}: only {len(answers)} of {len(items())} items are answered")
            if (code, phase) in found:
                raise ValueError(f"{path.name!r}: another file has answers of {code}, {phase}")
            found[code, phase] = answers
        except ValueError as error:
            notes.append(str(error))
    codes = sorted({code for code, _ in found if all((code, phase) in found for phase in PHASES)})
    notes += [f"{code}: there is only {phase!r}" for code, phase in sorted(found) if code not in codes]
    if not codes:
        because = f"; left out: {notes[0]}" + (f", and {len(notes) - 1} more" if notes[1:] else "") if notes else ""
        raise ValueError(f"{str(folder)!r:.200} has no pair of answers, before and after{because}")
    pooled = [(code, phase, found[code, phase]) for code in codes for phase in PHASES]
    right = np.array([[answers[name] == 1 for name in items()] for *_, answers in pooled], float)
    right = right.reshape(len(codes), len(PHASES), -1)
    aims = np.array([item["aim"] for item in items().values()])
    gains = {aim: _gain(right[:, :, aims == aim].mean(2), seed) for aim in dict.fromkeys(aims.tolist())}
    gains["all"] = _gain(right.mean(2), seed)
    rows = [row_of(code, phase, name, answers[name]) for code, phase, answers in pooled for name in items()]
    shares = {name: (float(before), float(after)) for name, (before, after) in zip(items(), right.mean(0).T)}
    return PooledQuiz(rows, len(codes), gains, shares, notes)


def _gain(shares: np.ndarray, seed: int) -> Gain:
    """Of shares (learners, 2)."""

    def of_averages(some: np.ndarray) -> float:
        before, after = some.mean(0)
        return (after - before) / (1 - before) if before < 1 else float("nan")

    gain = bootstrap(shares, of_averages, seed)
    before, after = map(float, shares.mean(0))
    return Gain(before, after, gain, len(shares) >= _FEWEST and (gain.low > 0 or gain.high < 0))
