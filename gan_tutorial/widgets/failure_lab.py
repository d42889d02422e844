"""A healthy training and a failing one side by side, with the cause of the failure on a slider."""

from __future__ import annotations

from typing import Any

import traitlets

from ..data.validation import find
from ..experiments.failures import FAILURES, HEAD_STARTS
from .game.engine import Engine
from .game.settings import Settings
from .game.stage import Stage

#: A failure of the loss rather than of a training: the discriminator had a head start.
_VANISHING = "vanishing"
#: What a first attempt looks like, as in `experiments.RING_BASE`.
_BASE: dict[str, Any] = {"discriminator_learning_rate": 1e-3, "beta_1": 0.9, "batch_size": 256}
_CASES: dict[str, tuple[str, tuple, dict[str, Any]]] = {
    **{name: (f.setting, tuple(min(v, 10_000) for v in f.values), f.base) for name, f in FAILURES.items()},
    _VANISHING: ("head_start", HEAD_STARTS, {"loss": "minimax", "beta_1": 0.0, "discriminator_learning_rate": 3e-3}),
}


class FailureLab(Stage):
    """See `failure_lab`.

    Attributes:
        failure: its name; setting: what causes it; values: from harmless to harmful; value: the one it is set to.
        push: whether gradients are shown, which tell of this failure.
    """

    prefix = "fl"

    failure = traitlets.Unicode().tag(sync=True)
    setting = traitlets.Unicode().tag(sync=True)
    values = traitlets.List().tag(sync=True)
    value = traitlets.Any().tag(sync=True)
    push = traitlets.Bool().tag(sync=True)

    def __init__(self, name: str, value: float | None = None, steps: int = 0) -> None:
        setting, values, base = find("failure", name, _CASES)
        value = values[-1] if value is None else value
        options = dict(base)
        if width := options.pop("width", None):
            options |= {"generator_width": width, "discriminator_width": width}
        self._setting, self._settings = setting, Settings(**{**_BASE, **options})
        super().__init__(
            [Engine(self._with(values[0])), Engine(self._with(value))], kind="failure", failure=name, setting=setting,
            values=list(values), value=value, push=name == _VANISHING,
        )  # fmt: skip
        for engine in self._engines:
            self._head_start(engine)
        self._begin_at(steps)

    def set(self, value: float) -> None:
        """Set the cause of the failure while both train; ValueError if it cannot be."""
        settings = self._with(value)
        self.value = value
        if self._setting == "head_start":
            self.reset()
        else:
            self._order(lambda engine: engine.change(settings) if engine is self._engines[1] else None)

    def reset(self) -> None:
        super().reset()
        self._order(self._head_start)

    def _with(self, value: float) -> Settings:
        if self._setting == "head_start":
            if value not in HEAD_STARTS:
                raise ValueError(f"head_start cannot be {value!r}; choose one of: {', '.join(map(str, HEAD_STARTS))}")
            return self._settings
        return self._settings.changed(**{self._setting: value})

    def _head_start(self, engine: Engine) -> None:
        if self._setting == "head_start" and not engine.step:
            engine.advance(self.value if engine is self._engines[1] else self.values[0], ["discriminator"])

    def _obey(self, wish: dict[str, Any]) -> None:
        if wish["do"] == "value":
            self.set(wish["value"])
        else:
            super()._obey(wish)

    def captions(self) -> list[str]:
        names = (f"{self.words[self.setting]} {value:g}" for value in (self.values[0], self.value))
        return [f"{name} · {caption}" for name, caption in zip(names, super().captions())]


def failure_lab(name: str, value: float | None = None, steps: int = 0) -> FailureLab:
    """Train on the ring with the cause of a failure as the slider says, beside a training with the harmless value.

    The slider acts while both train. A head start is given again from the start when it changes.

    Args:
        name: "oscillation", "collapse", "winning", "memorization" or "vanishing"; see `experiments.FAILURES`.
        value: the slider's first position; None for the most harmful.
        steps: training steps of both before they are first shown, by twenties.

    Returns a widget with the methods of a `playground`, and `set(value)`. Raises ValueError for what does not exist.

    Example:
        >>> lab = failure_lab("collapse", 1e-2)
        >>> lab.setting, lab.value
        ('generator_learning_rate', 0.01)
        >>> lab.close()
    """
    return FailureLab(name, value, steps)
