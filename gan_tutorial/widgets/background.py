"""Work in the background, so that the kernel and all other widgets stay responsive."""

from __future__ import annotations

import atexit
import threading
import weakref
from collections.abc import Callable
from typing import Any

#: Those that live, to be stopped when the process ends: TensorFlow must not be torn down beneath them.
_ALIVE: weakref.WeakSet[Background] = weakref.WeakSet()


class Background:
    """Calls `tick` again and again in a thread of its own, while it is playing.

    Args:
        tick: does a short piece of work, some ten milliseconds; a true value ends the work.
        failed: called with an exception that `tick` or an order raised; the work then pauses.

    `order(function)` runs a function between two ticks, in the same thread, playing or not: so nothing is changed in the
    middle of a piece of work.

    Example:
        >>> done = []
        >>> work = Background(lambda: done.append(1) or len(done) == 3, failed=print)
        >>> work.play(); work.wait(), len(done)
        (True, 3)
    """

    def __init__(self, tick: Callable[[], Any], failed: Callable[[Exception], None]) -> None:
        self._tick, self._failed = tick, failed
        self._wake = threading.Condition()
        self._orders: list[Callable[[], Any]] = []
        self._playing = self._closed = False
        self._finished = threading.Event()
        self._thread: threading.Thread | None = None
        _ALIVE.add(self)

    @property
    def playing(self) -> bool:
        return self._playing

    @property
    def closed(self) -> bool:
        return self._closed

    def play(self) -> None:
        self._set(playing=True)

    def pause(self) -> None:
        self._set(playing=False)

    def order(self, work: Callable[[], Any]) -> None:
        """Run `work` soon, between two ticks."""
        with self._wake:
            self._orders.append(work)
        self._set()

    def close(self) -> None:
        """End at once: the piece of work in hand is finished, no further one begins."""
        with self._wake:
            self._closed, self._playing = True, False
            self._wake.notify_all()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(timeout=60)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end of the work (not of a pause); False if the time ran out."""
        return self._finished.wait(timeout)

    def rest(self, seconds: float) -> None:
        """Let a tick wait, less if there is a pause, an order, or the end."""
        with self._wake:
            self._wake.wait_for(lambda: self._closed or not self._playing or bool(self._orders), max(0.0, seconds))

    def _set(self, playing: bool | None = None) -> None:
        with self._wake:
            if self._closed:
                return
            if playing is not None:
                self._playing = playing
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="gan_tutorial", daemon=True)
                self._thread.start()
            self._wake.notify_all()

    def _run(self) -> None:
        try:
            while True:
                with self._wake:
                    self._wake.wait_for(lambda: self._closed or self._playing or self._orders)
                    if self._closed:
                        return
                    orders, self._orders = self._orders, []
                for work in orders:
                    self._try(work)
                if self._playing and self._try(self._tick):
                    self._closed, self._playing = True, False
        finally:
            self._finished.set()

    def _try(self, work: Callable[[], Any]) -> Any:
        """One that fails takes none of the others with it."""
        try:
            return None if self._closed else work()
        except Exception as problem:
            self._playing = False
            self._failed(problem)
            return None


@atexit.register
def _close_all() -> None:
    for work in list(_ALIVE):
        work.close()
