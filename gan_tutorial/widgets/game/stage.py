"""Games that are played before the eyes of a page: one binary message for each frame, and never a queue."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import traitlets

from ...plots import figure_bytes
from ..background import Background
from ..panel import Panel, script
from .engine import PLAYERS, Engine
from .still import draw

#: Steps per frame that a page can choose; 0 is slow motion.
SPEEDS = (0, 1, 2, 5, 10, 20, 50)
#: Seconds: of a frame at least, of one in slow motion, and until a page counts as gone.
_FRAME, _SLOW, _GONE = 1 / 30, 2.4, 0.25
#: Frames that may be under way. The page says only now and then what it has seen: JupyterLab has work with each message.
_AHEAD = 6
#: Steps between two points of the curves, where nobody watches.
_PORTION = 20
Frame = dict[str, np.ndarray]


class Stage(Panel):
    """Engines that advance together, seen by a page; the one place where their thread is.

    Attributes:
        playing, busy: whether they are training, or compiling; speed: steps per frame, one of SPEEDS.
    """

    _esm = script("playground")

    kind = traitlets.Unicode().tag(sync=True)
    playing = traitlets.Bool().tag(sync=True)
    busy = traitlets.Bool().tag(sync=True)
    speed = traitlets.Int(2).tag(sync=True)
    speeds = traitlets.List(list(SPEEDS)).tag(sync=True)

    def __init__(self, engines: list[Engine], **traits: Any) -> None:
        self._engines, self._label = engines, 0
        self._frames: list[Frame] = []
        self._looking, self._seen, self._number = threading.Condition(), 0, 0
        self._background = Background(self._tick, self._failed)
        super().__init__(**traits)
        self.on_msg(self._receive)

    def play(self) -> None:
        """Train until `pause`."""
        self.playing, self.error = True, ""
        self._background.play()

    def pause(self) -> None:
        self.playing = False
        self._background.pause()

    def step(self, count: int = 1, moving: tuple[str, ...] = PLAYERS) -> None:
        """Train so many steps; only the players named move."""
        self.pause()
        self._order(lambda engine: engine.advance(count, moving))

    def reset(self) -> None:
        """Start again from the seed."""
        self.error = ""
        self._order(Engine.reset)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until all that was ordered is done; False if the time ran out, or the widget was closed."""
        done, end = threading.Event(), time.monotonic() + (np.inf if timeout is None else timeout)
        self._background.order(done.set)
        while not done.wait(min(0.1, max(0.0, end - time.monotonic()))):
            if self._background.closed or time.monotonic() >= end:
                return False
        return True

    def close(self) -> None:
        # Of a widget that failed to be made Python closes what there is.
        if background := getattr(self, "_background", None):
            background.close()
        super().close()

    def still(self) -> bytes:
        return figure_bytes(draw(self._frames or self._look(), self.captions()))

    def captions(self) -> list[str]:
        """A line above each picture."""
        return [f"{self.words['step']} {engine.step}" for engine in self._engines]

    def description(self) -> str:
        return f"{super().description()}: {'; '.join(self.captions())}"

    def _begin_at(self, steps: int) -> None:
        """Train so many steps before anything is shown; the curves show them."""
        for _ in range(0, steps, _PORTION):
            for engine in self._engines:
                engine.advance(_PORTION)
            self._frames = self._look()

    def _look(self) -> list[Frame]:
        return [engine.look(self._label) for engine in self._engines]

    def _order(self, work: Callable[[Engine], Any]) -> None:
        """Do something with each engine, between two ticks, and show it."""

        def do() -> None:
            for engine in self._engines:
                work(engine)
            self._show()
            self._prepare()

        self._background.order(do)

    def _prepare(self) -> None:
        for engine in self._engines:
            if not engine.ready:
                self.busy = True
                engine.prepare()
        self.busy = False

    def _tick(self) -> None:
        start, slow = time.perf_counter(), not self.speed
        self._prepare()
        for engine in self._engines:
            engine.advance(max(1, self.speed))
        self._show()
        self._background.rest((_SLOW if slow else _FRAME) - (time.perf_counter() - start))

    def _show(self) -> None:
        self._frames = self._look()
        self._number += 1
        with self._looking:
            if not self._looking.wait_for(lambda: self._number - self._seen <= _AHEAD, _GONE):
                self._seen = self._number - _AHEAD  # nobody looks: one frame at a time
        parts = [[[name, list(array.shape)] for name, array in frame.items()] for frame in self._frames]
        data = np.concatenate([array.ravel() for frame in self._frames for array in frame.values()])
        content = {"frame": self._number, "steps": [engine.step for engine in self._engines], "parts": parts}
        self.send(content, [np.ascontiguousarray(data, "<f4").data])

    def _failed(self, problem: Exception) -> None:
        self.playing = self.busy = False
        self.error = str(problem)

    def _receive(self, _: Any, content: dict[str, Any], buffers: Any) -> None:
        if content.get("do") == "seen":
            with self._looking:
                self._seen = content["frame"]
                self._looking.notify()
            return
        with self.errors_shown():
            self._obey(content)

    def _obey(self, wish: dict[str, Any]) -> None:
        """What the page asks for."""
        match wish["do"]:
            case "look":
                self._order(lambda engine: None)
            case "play":
                self.play()
            case "pause":
                self.pause()
            case "step":
                self.step(1, tuple(wish["moving"]))
            case "reset":
                self.reset()
            case "speed":
                self.speed = int(wish["speed"])
            case other:
                raise ValueError(f"the page asked for {other!r}, which is unknown")
