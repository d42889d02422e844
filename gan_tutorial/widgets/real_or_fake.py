"""The real-or-fake session: a person judges images one at a time, by keyboard or mouse."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import traitlets

from ..evaluation.human import Answer, Trials, Verdict, summarize_answers, write_answers
from ..plots import png_bytes
from ..translations import offered, shown
from .panel import Panel, script, shows_errors

Folder = str | Path | None


class RealOrFake(Panel):
    """Shows the images of a `Trials` one by one and keeps the answers.

    Keys: R or ← for real, F or → for fake, U for undo, P for a pause. Each answer is saved at once; at the end the widget
    shows the verdict, and offers another round with images that nobody has seen yet.

    Args:
        trials: as `make_trials` makes them; or several by name, such as {"clothes": …, "portraits": …}, to choose from.
        rater: the person's name, for the file.
        seconds: how long an image is to be seen; None for until the answer.
        folder: for the CSV files, one for each round; None to save nothing.

    Attributes: of the latest round, `trials`, `answers`, a list of `Answer`, and `path` of their file, or None.

    Raises ValueError if there is nothing to choose from, or for seconds that are not greater than 0.

    Example:
        >>> import numpy as np, gan_tutorial as gt
        >>> from gan_tutorial.evaluation import make_trials
        >>> clothes = gt.load_dataset("fashion_mnist", "test")
        >>> session = RealOrFake(make_trials(clothes, np.zeros((40, 28, 28, 1), "float32")), folder=None)
        >>> session.phase, len(session.trials), session.answers
        ('ready', 40, [])
    """

    _esm = script("real_or_fake")
    prefix = "rof"

    # Names of the sets, and how the page offers them.
    sets, offered = traitlets.List().tag(sync=True), traitlets.List().tag(sync=True)
    phase = traitlets.Enum(["ready", "showing", "paused", "done"], "ready").tag(sync=True)
    picture = traitlets.Bytes().tag(sync=True)
    verdict = traitlets.Dict().tag(sync=True)
    # `shown` counts up after everything else has changed: the sign to draw.
    trial, total, exposure, shown = (traitlets.Int(0).tag(sync=True) for _ in range(4))

    def __init__(
        self,
        trials: Trials | Mapping[str, Trials],
        rater: str = "me",
        seconds: float | None = None,
        folder: Folder = "real_or_fake",
    ) -> None:
        if seconds is not None and not seconds > 0:
            raise ValueError(f"seconds must be greater than 0, or None for unlimited, not {seconds}")
        self._sets = {"": trials} if isinstance(trials, Trials) else dict(trials)
        if not self._sets:
            raise ValueError("there is nothing to judge: pass trials, or a dict from names to trials")
        self._played: set[str] = set()
        self.trials, self.rater, self._folder = next(iter(self._sets.values())), rater, folder
        self.answers: list[Answer] = []
        self.path: Path | None = None
        names = list(self._sets)
        super().__init__(sets=names, offered=[*map(offered, names)], exposure=round(1000 * seconds) if seconds else 0)
        self.on_msg(self._hear)

    def still(self) -> bytes:
        """Eight images of the first set, without their answers."""
        return png_bytes(self.trials.images[:8], columns=8, scale=2)

    @shows_errors
    def _hear(self, _: Any, message: dict[str, Any], buffers: Any) -> None:
        kind, phase = message["kind"], self.phase
        if kind == "start" and phase in ("ready", "done"):
            self._start(message.get("set", self.sets[0]))
        # An answer to another image than the one shown is a double click.
        elif kind == "answer" and phase == "showing" and message["trial"] == self.trial:
            self._take(bool(message["said_real"]), int(message["milliseconds"]))
        elif kind == "undo" and phase == "showing" and self.answers:
            self.answers.pop()
            self._save()
            self._show()
        elif kind == "pause" and phase in ("showing", "paused"):
            self._tell(phase="paused" if phase == "showing" else "showing")

    def _start(self, name: str) -> None:
        trials = self._sets[name]
        if name in self._played and trials.another:
            trials = trials.another()
        self._played.add(name)
        self.trials, self._sets[name], self.answers = trials, trials, []
        if self._folder is not None:
            rater, now = re.sub(r"\W+", "_", self.rater), time.strftime("%Y%m%d_%H%M%S")
            self.path = Path(self._folder, f"{rater}_{self.trials.session}_{now}.csv")
        self._show()

    def _show(self) -> None:
        i = len(self.answers)
        self._tell(phase="showing", trial=i, total=len(self.trials), picture=png_bytes(self.trials.images[i : i + 1]))

    def _take(self, said_real: bool, milliseconds: int) -> None:
        trials, i = self.trials, self.trial
        label = trials.class_names[trials.labels[i]]
        self.answers.append(Answer(self.rater, trials.session, i, bool(trials.real[i]), label, said_real, milliseconds))
        self._save()
        if len(self.answers) < len(trials):
            self._show()
        else:
            self._tell(phase="done", verdict=verdict_table(summarize_answers(self.answers), trials, self.path))

    def _save(self) -> None:
        if self.path:
            write_answers(self.path, self.answers)

    def _tell(self, **traits: Any) -> None:
        with self.hold_sync():
            for name, value in traits.items():
                setattr(self, name, value)
            self.shown += 1


def verdict_table(verdict: Verdict, trials: Trials, path: Path | None = None) -> dict[str, Any]:
    """The result of a session as the page draws it.

    "shares" and "classes" are rows [name, value, low, high], the name of a share being a key of the page's words; "fooling"
    has the images that fooled, as PNG bytes, each with the name of its class; "saved" is the path.
    """
    shares = [[name, *getattr(verdict, name)] for name in ("errors", "fooled", "doubted")]
    ranked = sorted(verdict.fooled_by_class.items(), key=lambda item: -item[1].value)
    classes = [[shown(name), *share] for name, share in ranked] if len(ranked) > 1 else []
    fooling = [
        {"png": png_bytes(trials.images[[i]]), "name": shown(trials.class_names[trials.labels[i]]) if classes else ""}
        for i, _ in verdict.fooling[:12]
    ]
    return {"shares": shares, "classes": classes, "fooling": fooling, "saved": str(path) if path else ""}
