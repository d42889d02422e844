"""Does it teach? The same items before and after the course, answered under a code instead of a name."""

from __future__ import annotations

import csv
import functools
import hashlib
import json
import re
import secrets
from pathlib import Path
from typing import Any

import traitlets

from ..files import write_csv
from ..translations import language, read
from ..widgets.panel import Panel, script, shows_errors

#: What a file of answers holds, and nothing else. An answer is its number in quiz.json: 1 is right, 0 "I do not know".
COLUMNS = ("code", "phase", "item", "aim", "answer", "right", "version")
PHASES = ("before", "after")
ANSWERS = range(5)
_CODE = re.compile(r"\w[\w-]{2,39}")
_MOST_BYTES = 100_000  # a full file has about 1,500


@functools.cache
def items() -> dict[str, dict[str, Any]]:
    """The items by name, in the language of the course: aim, notebook, question and answers, the right one first."""
    return read("quiz", language())


@functools.cache
def items_version() -> str:
    """Eight letters that change with any question or answer; the same in each language."""
    said = [
        [name, it["question"], *(each["text"] for each in it["answers"])] for name, it in read("quiz", "en").items()
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:8]


def answer_order(code: str, phase: str, item: str) -> list[int]:
    """The numbers of an item's answers as one learner sees them: after the course the other way round than before."""
    mixed = sorted(ANSWERS[1:], key=lambda number: hashlib.sha256(f"{code} {item} {number}".encode()).digest())
    return mixed if phase == "before" else mixed[::-1]


def row_of(code: str, phase: str, item: str, number: int) -> list[str]:
    """One line of a file of answers."""
    return [code, phase, item, items()[item]["aim"], str(number), str(int(number == 1)), items_version()]


def read_quiz(path: str | Path) -> tuple[str, str, dict[str, int]]:
    """Code, phase, and the answers by item, of a file that may come from anybody.

    Raises ValueError, with the file's name, if there is anything in it that the quiz would not write.
    """
    try:
        if not Path(path).is_file() or Path(path).stat().st_size > _MOST_BYTES:
            raise ValueError(f"this is no file of at most {_MOST_BYTES:,} bytes")
        text = Path(path).read_text(encoding="utf-8-sig")
        header, *rows = [row for row in csv.reader(text.splitlines()) if row] or [[]]
        if header != [*COLUMNS] or not rows or len(rows[0]) != len(COLUMNS):
            raise ValueError(f"it has to begin with {','.join(COLUMNS)}, and to hold answers")
        code, phase, *_, version = rows[0]
        if version != items_version():
            raise ValueError(f"it answers the items of version {version!r:.20}, not {items_version()}")
        legal = {tuple(row_of(code, phase, name, number)): (name, number) for name in items() for number in ANSWERS}
        answers = dict(legal[tuple(row)] for row in rows if tuple(row) in legal)
        if len(answers) < len(rows) or phase not in PHASES or not _CODE.fullmatch(code) or code != code.lower():
            raise ValueError("a line of it is not as the quiz writes it")
    except (ValueError, csv.Error, OSError) as error:
        raise ValueError(f"{Path(path).name!r}: {getattr(error, 'strerror', None) or error}") from error
    return code, phase, answers


class Quiz(Panel):
    """What `quiz` returns.

    Attributes:
        code, phase: as given; the code in small letters.
        path: of the file of answers; empty if none is written.
        answers: by the name of an item the number of the answer in quiz.json, from 1, or 0 for "I do not know".
    """

    _esm = script("quiz")
    prefix = "quiz"

    code, phase, path = (traitlets.Unicode().tag(sync=True) for _ in range(3))
    unpaired = traitlets.Bool().tag(sync=True)
    items = traitlets.List().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, code: str, phase: str, folder: str | Path | None) -> None:
        before, path = (Path(folder or "", f"{code}_{each}.csv") for each in ("before", phase))
        self.answers: dict[str, int] = {}
        if folder is not None and path.exists():
            *whose, self.answers = read_quiz(path)
            if whose != [code, phase]:
                raise ValueError(f"{path.name!r} holds the answers of another code or phase")
        self._orders = {name: answer_order(code, phase, name) for name in items()}
        asked = [self._shown(name, "text") for name in items()]
        unpaired = folder is not None and phase == "after" and not before.exists()
        where = "" if folder is None else str(path)
        super().__init__(code=code, phase=phase, path=where, unpaired=unpaired, items=asked)
        self._go(next((place for place, name in enumerate(items()) if name not in self.answers), len(asked)))
        self.on_msg(self._hear)

    def _shown(self, name: str, what: str) -> dict[str, Any]:
        """An item's question, and the texts or reasons of its answers in the order of this learner."""
        answers = items()[name]["answers"]
        return {"text": items()[name]["question"], "answers": [answers[n - 1][what] for n in self._orders[name]]}

    @shows_errors
    def _hear(self, _: Any, message: dict[str, Any], buffers: Any) -> None:
        place, choice, forward = self.state["place"], message["choice"], message["forward"]
        # A message about another item than the one on show is a double click; after the end nothing changes.
        if message["place"] != place or place == len(items()):
            return
        name = list(items())[place]
        if choice in ANSWERS:
            answers = {**self.answers, name: [*self._orders[name], 0][choice]}
            if self.path and answers != self.answers:
                rows = [row_of(self.code, self.phase, each, answers[each]) for each in items() if each in answers]
                write_csv(self.path, COLUMNS, rows)
            self.answers = answers
        if name in self.answers or not forward:
            self._go(max(0, place + (1 if forward else -1)))

    def _go(self, place: int) -> None:
        given = [[*self._orders[name], 0].index(self.answers[name]) if name in self.answers else -1 for name in items()]
        state = {"place": place, "given": given}
        if place == len(items()):
            state["right"] = sum(number == 1 for number in self.answers.values())
            if self.phase == "after":
                state["solutions"] = [self._orders[name].index(1) for name in items()]
                state["whys"] = [self._shown(name, "why")["answers"] for name in items()]
        self.state = state


def quiz(phase: str, code: str | None = None, folder: str | Path | None = "quiz") -> Quiz:
    """The course's twenty items, one at a time, before and after it. Each answer is saved at once.

    The same call goes on where a session was stopped. One that has ended shows how many answers were right, and in phase
    "after" why.

    Args:
        phase: "before" or "after" the course.
        code: stands for the learner, 3 to 40 letters, digits and hyphens; None makes one at random, to be noted down,
            because the same code is needed after the course.
        folder: for the file of answers, CODE_PHASE.csv; None to save nothing.

    Raises ValueError for an impossible phase or code, no code after the course, or a damaged file of answers.

    Example:
        >>> session = quiz("before", code="sun-lake-42", folder=None)
        >>> session.code, len(session.items), session.answers
        ('sun-lake-42', 20, {})
    """
    if phase not in PHASES:
        raise ValueError(f'phase must be "before" or "after", not {phase!r:.60}')
    if code is None:
        if phase == "after":
            raise ValueError("after the course, pass the code that you noted before it, as in code='sun-lake-42'")
        words = json.loads(Path(__file__).with_name("code_words.json").read_text(encoding="utf-8"))
        code = f"{secrets.choice(words)}-{secrets.choice(words)}-{secrets.randbelow(90) + 10}"
    code = str(code).strip().lower()
    if not _CODE.fullmatch(code):
        raise ValueError(f"a code has 3 to 40 letters, digits and hyphens, such as sun-lake-42, not {code!r:.60}")
    return Quiz(code, phase, folder)
