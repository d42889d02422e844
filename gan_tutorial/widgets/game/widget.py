"""The playground: a GAN in the plane that is played, stepped, changed and shared while it is watched."""

from __future__ import annotations

from typing import Any

import traitlets

from ...data.points import POINTS, points_mixture
from ...data.validation import find
from .code import as_code
from .engine import Engine
from .presets import PRESETS
from .settings import CHOICES, RANGES, Settings
from .stage import Stage


class Playground(Stage):
    """See `playground`.

    Attributes:
        settings: what differs from the defaults of `Settings` or not, by name; change it by `change`.
        preset: the name of the preset that these settings are, or "".
        state, code: the settings as a short text, and as a program.
    """

    prefix = "pg"

    settings = traitlets.Dict().tag(sync=True)
    preset = traitlets.Unicode().tag(sync=True)
    state = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    choices = traitlets.Dict({name: list(values) for name, values in CHOICES.items()}).tag(sync=True)
    ranges = traitlets.Dict({name: list(values) for name, values in RANGES.items()}).tag(sync=True)
    presets = traitlets.List(list(PRESETS)).tag(sync=True)
    thumbnails = traitlets.Dict({name: points_mixture(name)[0].tolist() for name in POINTS}).tag(sync=True)
    classes = traitlets.Int().tag(sync=True)

    def __init__(self, settings: Settings, steps: int = 0) -> None:
        self._wanted = settings
        super().__init__([Engine(settings)], kind="playground")
        self._tell()
        self._begin_at(steps)

    def change(self, **changes: Any) -> None:
        """Change settings while it runs; ValueError for what cannot be."""
        self._set(self._wanted.changed(**changes))

    def _set(self, settings: Settings) -> None:
        self._wanted, self.error = settings, ""
        self._tell()
        # Of many changes in a row only the last is carried out: the others find nothing left to do.
        self._order(lambda engine: engine.change(self._wanted))

    def _tell(self) -> None:
        settings = self._wanted
        with self.hold_sync():
            self.settings = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
            self.preset = next((name for name, changes in PRESETS.items() if Settings(**changes) == settings), "")
            if self.classes != (settings.num_classes or 0):
                self._label, self.classes = 0, settings.num_classes or 0
            self.state, self.code = settings.text(), as_code(settings)

    def _show_label(self, label: int) -> None:
        if not 0 <= label < (self.classes or 1):
            raise ValueError(f"label must be from 0 to {(self.classes or 1) - 1}, not {label}")
        self._label = label

    def _begin(self, settings: Settings) -> None:
        """Other settings from the start."""
        self._set(settings)
        self.reset()

    def _obey(self, wish: dict[str, Any]) -> None:
        match wish["do"]:
            case "set":
                self.change(**wish["changes"])
            case "preset":
                self._begin(Settings(**find("preset", wish["name"], PRESETS)))
            case "state":
                self._begin(Settings.from_text(wish["text"]))
            case "label":
                self._show_label(int(wish["label"]))
                self._order(lambda engine: None)
            case _:
                super()._obey(wish)

    def captions(self) -> list[str]:
        name = self.words.get(f"preset_{self.preset}", self.words[f"data_{self._wanted.data}"])
        return [f"{name} · {super().captions()[0]}"]


def playground(preset: str = "", state: str = "", steps: int = 0, **settings: Any) -> Playground:
    """A GAN in the plane, to play with.

    Args:
        preset: the name of an experiment that teaches something, one of `PRESETS`; "" for none.
        state: the text of somebody's playground, in place of a preset.
        steps: training steps before it is first shown, by twenties.
        settings: changes to preset, state or defaults: see `Settings`.

    Returns a widget: display it, or use `play`, `pause`, `step`, `change`, `reset`, `still` and `close`. Raises ValueError for
    what does not exist or cannot be.

    Example:
        >>> game = playground("mode_collapse", generator_width=16, discriminator_width=16)
        >>> game.state.split("&")[0]
        'data=ring'
        >>> game.close()
    """
    if preset and state:
        raise ValueError("give a preset or a state, not both")
    base = Settings.from_text(state) if state else Settings(**(find("preset", preset, PRESETS) if preset else {}))
    return Playground(base.changed(**settings), steps)
