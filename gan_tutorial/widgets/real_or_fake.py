"""The real-or-fake session: a person judges images one at a time, by keyboard or mouse."""

import base64
import html
import re
import time
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ..evaluation.human import Answer, Trials, Verdict, summarize_answers, write_answers
from ..plots import png_bytes
from .strings import STRINGS

_HERE = Path(__file__).parent
_WORDS = ("start", "real", "fake", "how", "progress", "image")
Folder = str | Path | None


class RealOrFake(anywidget.AnyWidget):
    """Shows the images of a `Trials` one by one and keeps the answers.

    Keys: R or ← for real, F or → for fake. Each answer is saved at once; at the end the widget shows the verdict.

    Args:
        trials: as `make_trials` makes them.
        rater: the person's name, for the file.
        seconds: how long an image is to be seen; None for until the answer.
        folder: for the CSV file; None to save nothing.

    Attributes: `answers`, a list of `Answer`; `path` of their file, or None.
    """

    _esm = _HERE / "real_or_fake.js"
    _css = _HERE / "real_or_fake.css"

    words = traitlets.Dict().tag(sync=True)
    phase = traitlets.Enum(["ready", "showing", "done"], "ready").tag(sync=True)
    picture = traitlets.Bytes().tag(sync=True)
    verdict = traitlets.Unicode().tag(sync=True)
    # `shown` counts up after everything else has changed: the sign to draw.
    trial, total, exposure, shown = (traitlets.Int(0).tag(sync=True) for _ in range(4))

    def __init__(
        self, trials: Trials, rater: str = "me", seconds: float | None = None, folder: Folder = "real_or_fake"
    ) -> None:
        if seconds is not None and not seconds > 0:
            raise ValueError(f"seconds must be greater than 0, or None for unlimited, not {seconds}")
        words = {name: STRINGS[f"rof_{name}"] for name in _WORDS}
        super().__init__(words=words, total=len(trials), exposure=round(1000 * seconds) if seconds else 0)
        self.trials, self.rater = trials, rater
        self.answers: list[Answer] = []
        self.path: Path | None = None
        if folder is not None:
            name, now = re.sub(r"\W+", "_", rater), time.strftime("%Y%m%d_%H%M%S")
            self.path = Path(folder, f"{name}_{trials.session}_{now}.csv")
        self.on_msg(self._hear)

    def _hear(self, _: Any, message: dict[str, Any], buffers: Any) -> None:
        if message["kind"] == "start" and self.phase == "ready":
            self._show()
        # An answer to another image than the one shown is a double click.
        elif message["kind"] == "answer" and self.phase == "showing" and message["trial"] == self.trial:
            self._take(bool(message["said_real"]), int(message["milliseconds"]))

    def _show(self) -> None:
        with self.hold_sync():
            self.phase, self.trial = "showing", len(self.answers)
            self.picture = png_bytes(self.trials.images[self.trial : self.trial + 1])
            self.shown += 1

    def _take(self, said_real: bool, milliseconds: int) -> None:
        trials, i = self.trials, self.trial
        label = trials.class_names[trials.labels[i]]
        self.answers.append(Answer(self.rater, trials.session, i, bool(trials.real[i]), label, said_real, milliseconds))
        if self.path:
            write_answers(self.path, self.answers)
        if len(self.answers) < len(trials):
            return self._show()
        with self.hold_sync():
            self.verdict, self.phase = verdict_html(summarize_answers(self.answers), trials, self.path), "done"
            self.shown += 1


def verdict_html(verdict: Verdict, trials: Trials, path: Path | None = None) -> str:
    """The result of a session as HTML: shares with intervals, by class, and the images that fooled most."""
    rows = [(STRINGS[f"rof_{name}"], getattr(verdict, name)) for name in ("errors", "fooled", "doubted")]
    if len(verdict.by_class) > 1:
        rows += [(html.escape(label), share) for label, share in verdict.by_class.items()]
    table = "".join(
        f"<tr><td>{words}</td><td>{e.value:.0%}</td><td>{e.low:.0%} … {e.high:.0%}</td></tr>" for words, e in rows
    )
    head = "".join(f"<th>{STRINGS[f'rof_{name}']}</th>" for name in ("wrong", "share", "interval"))
    parts = [f"<table><tr>{head}</tr>{table}</table>"]
    if verdict.fooling:
        chosen = trials.images[[trial for trial, _ in verdict.fooling[:8]]]
        png = base64.b64encode(png_bytes(chosen, columns=len(chosen), scale=2)).decode()
        text = STRINGS["rof_fooling"]
        parts.append(f'<div>{text}</div><img alt="{text}" src="data:image/png;base64,{png}">')
    if path:
        parts.append(f"<div><small>{STRINGS['rof_saved']} {html.escape(str(path))}</small></div>")
    return "".join(parts)
