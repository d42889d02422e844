"""Questions: the learner commits to an answer, and learns why it is right or wrong."""

from __future__ import annotations

from html import escape
from typing import Any

import traitlets

from ..translations import STRINGS, questions
from ..widgets.panel import Panel, script


class Question(Panel):
    """What `question` returns.

    Attributes:
        text: the question.
        answers: dicts of "text", "right" and "why", as the page shows them.
    """

    _esm = script("question")
    prefix = "question"

    text = traitlets.Unicode().tag(sync=True)
    answers = traitlets.List().tag(sync=True)
    alone = traitlets.Bool(True).tag(sync=True)

    def description(self) -> str:
        return "\n".join([self.text, *(f"- {answer['text']}" for answer in self.answers)])

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """For pages where no widget lives the question stays readable, its answer folded away."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**(data or {}), **self.readable()}, metadata

    def readable(self) -> dict[str, str]:
        """The question for pages without widgets, by MIME type."""
        options = "".join(f"<li>{escape(answer['text'])}</li>" for answer in self.answers)
        said = "".join(f"<li><em>{escape(answer['text'])}</em> {escape(answer['why'])}</li>" for answer in self.answers)
        fold = f"<details><summary>{escape(STRINGS['question_fold'])}</summary><ul>{said}</ul></details>"
        html = f"<p><strong>{escape(self.text)}</strong></p><ul>{options}</ul>{fold}"
        return {"text/plain": self.description(), "text/html": html}


def question(name: str) -> Question:
    """A question of the course by its name.

    Raises ValueError for a name that there is not.

    Example:
        >>> question("half_everywhere").text
        'A discriminator answers 0.5 everywhere. Is the generator perfect?'
    """
    known = questions()
    if name not in known:
        raise ValueError(f"there is no question {name!r}; there are: {', '.join(sorted(known))}")
    found = known[name]
    answers = [{**answer, "right": place == 0} for place, answer in enumerate(found["answers"])]
    # Shuffled, but the same each time.
    answers.sort(key=lambda answer: hash_of(answer["text"]))
    return Question(text=found["question"], answers=answers)


def hash_of(text: str) -> int:
    """A number that depends on the text alone, unlike Python's own hash."""
    # A prime with which the right answers of no notebook all have one place; a test would notice.
    return int.from_bytes(text.encode(), "big") % 1_007_047
