"""The monitor: a training in the background, to be watched, paused and steered, and a time machine through it."""

from __future__ import annotations

import inspect
import math
import time
from collections.abc import Callable, Mapping
from threading import Event, RLock
from typing import Any

import numpy as np
import traitlets
from IPython.display import display

from ..sampling import generate_images
from ..training import Report, Result
from ..translations import figure_words
from .background import Background
from .figures import as_picture, grid_bytes
from .learning_rates import AdjustableRate, adjustable_rates
from .messages import handle_widget_messages
from .monitor_figures import points_figure, training_figure
from .panel import Panel, script, shows_errors, words_of

#: Moments and pictures that are kept; when there are more, every other one goes.
_MOMENTS, _FRAMES = 1000, 160
#: Pictures that a notebook keeps which is executed with nobody watching.
_STORED = 16
#: Seconds between two messages to the page.
_PACE = 0.2

Metrics = Mapping[str, Callable[[Report], float]]


class Monitor(Panel):
    """What `monitor` returns.

    Attributes:
        state: "running", "paused", "stopped", "done" or "failed".
        moments: a dict of numbers for each report: step, steps, speed, seconds, seconds left, metrics, learning rates.
        frames: dicts of a step and the PNG bytes of the pictures made then.
        factors: what each learning rate is multiplied with, by name; set it to change them.
        alerts: what the logits warned of.
    """

    _esm = script("monitor")
    prefix = "monitor"

    state = traitlets.Unicode("running").tag(sync=True)
    # These two grow in place: the page is sent what is new, and all of it when a view opens.
    moments = traitlets.List().tag(sync=True)
    frames = traitlets.List().tag(sync=True)
    factors = traitlets.Dict().tag(sync=True)
    metrics = traitlets.List().tag(sync=True)
    alerts = traitlets.List().tag(sync=True)

    def __init__(self, train: Callable[[Callable[[Report], bool]], Result], rates: Mapping[str, AdjustableRate],
                 draw: Callable[[Report], dict[str, Any]], every: int | None, metrics: Metrics,
                 metrics_every: int | None) -> None:  # fmt: skip
        super().__init__(factors=dict.fromkeys(rates, 1.0), metrics=list(metrics))
        self._train, self._rates, self._draw, self._metrics = train, rates, draw, metrics
        self._every, self._metrics_every = every, metrics_every
        self._stopping, self._going, self._lock = Event(), Event(), RLock()
        self._going.set()
        self._outcome: Result | Exception | None = None
        self._last: Report | None = None
        self._unsent: list[dict[str, Any]] = []
        self._sent, self._watched = 0.0, False
        self._work = _Work(self)
        self.on_msg(self._hear)
        self.observe(self._adjust, "factors")
        self._shown = display(self, display_id=True)
        self._work.play()

    def play(self) -> None:
        """Go on after a pause."""
        if self.state == "paused":
            self.state = "running"
            self._going.set()

    def pause(self) -> None:
        """Pause at the next report."""
        if self.state == "running":
            self._going.clear()
            self.state = "paused"

    def stop(self) -> None:
        """Stop at the next report; what was trained stays."""
        self._stopping.set()
        self._going.set()

    def close(self) -> None:
        """Stop the training and remove the widget."""
        self._work.close()
        super().close()

    def result(self) -> Result:
        """Wait for the end, and return what the training function returns.

        Jupyter's stop button stops the training, and what was trained so far is returned. Raises what the training raised.
        """
        finished = False
        while not finished:
            try:
                finished = self._work.wait(0.05)
                handle_widget_messages()
            except KeyboardInterrupt:
                self.stop()
        self._store()
        if isinstance(self._outcome, Exception):
            raise self._outcome
        assert self._outcome
        return self._outcome

    def still(self) -> bytes | None:
        words = words_of(self.prefix, figure_words())
        return training_figure(self.moments, self.frames, words, self.metrics) if self.moments else None

    def __repr__(self) -> str:
        return self.description()

    def description(self) -> str:
        if not self.moments:
            return super().description()
        last = self.moments[-1]
        return f"{self.words['title']}: {self.words['at'].format(step=last['step'], steps=last['steps'])}"

    def train(self) -> None:
        """The whole training, in the thread that runs it."""
        try:
            outcome: Any = self._train(self._report)
            state = "stopped" if outcome.interrupted else "done"
            self.alerts = list(outcome.alerts)
        except Exception as problem:
            outcome, state = problem, "failed"
            self.error = f"{type(problem).__name__}: {problem}"
        if self._last and self.frames and self.frames[-1]["step"] < self._last.step:
            self._add_frame(self._last)
        self._flush()
        self._outcome, self.state = outcome, state

    def _report(self, report: Report) -> bool:
        """The training's callback: keep the moment, make pictures, wait in a pause; true to stop."""
        before, self._last = self._last, report
        with self.errors_shown():
            self._add_moment(report, before)
            self._every = self._every or max(1, report.steps // 100)
            if not before or report.step // self._every > before.step // self._every:
                self._add_frame(report)
        paused = not self._going.is_set()
        if paused or time.monotonic() - self._sent > _PACE:
            self._flush()
        self._going.wait()
        return self._stopping.is_set()

    def _add_moment(self, report: Report, before: Report | None) -> None:
        numbers = {
            "step": report.step, "steps": report.steps, "speed": report.images_per_second, "seconds": report.seconds,
            "seconds_left": report.seconds_left, **report.metrics,
            **{name: float(rate(report.step)) for name, rate in self._rates.items()},
        }  # fmt: skip
        every = self._metrics_every or max(1, report.steps // 50)
        if not before or report.step // every > before.step // every:
            numbers |= {name: float(measure(report)) for name, measure in self._metrics.items()}
        moment = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
        with self._lock:
            self.moments.append(moment)
            self._unsent.append(moment)
        if len(self.moments) > _MOMENTS:
            self._halve("moments")

    def _add_frame(self, report: Report) -> None:
        frame = {"step": report.step, **self._draw(report)}
        with self._lock:
            self.frames.append(frame)
        self.send({"kind": "frame", **frame, "png": None}, buffers=[frame["png"]])
        if len(self.frames) > _FRAMES:
            self._halve("frames")
            self._every = 2 * (self._every or 1)

    def _halve(self, name: str) -> None:
        self._flush()
        with self._lock:
            kept = getattr(self, name)
            kept[:] = kept[::2]
        self.send({"kind": "halve", "name": name})

    def _flush(self) -> None:
        with self._lock:
            moments, self._unsent = self._unsent, []
        if moments:
            self.send({"kind": "moments", "moments": moments})
        self._sent = time.monotonic()

    @shows_errors
    def _hear(self, widget: Any, message: dict[str, Any], buffers: Any) -> None:
        """What a view asks for: "ready" is a new one."""
        if message["do"] == "ready":
            self._watched = True
            with self._lock:
                self.send_state(["moments", "frames"])
        elif message["do"] in ("play", "pause", "stop"):
            getattr(self, message["do"])()

    @shows_errors
    def _adjust(self, change: Any) -> None:
        for name, factor in self.factors.items():
            self._rates[name].factor.assign(factor)

    def _store(self) -> None:
        """Leave to the notebook what its readers shall see: a still and, where nobody watches, a short time machine."""
        if not self._watched:
            while len(self.frames) > _STORED:
                self.frames[:] = [*self.frames[:-1:2], self.frames[-1]]
            self.send_state()
        if self._shown:
            self._shown.update(self)


class _Work(Background):
    """The thread of a training: its only tick is the whole of it."""

    def __init__(self, monitored: Monitor) -> None:
        super().__init__(self._tick, failed=lambda problem: None)
        self._monitored = monitored

    def _tick(self) -> bool:
        self._monitored.train()
        return True

    def close(self) -> None:
        self._monitored.stop()
        super().close()


def monitor(
    train: Callable[..., Result], /, *arguments: Any, show: Mapping[str, Any] | Callable[[Report], Any] | None = None,
    every: int | None = None, columns: int | None = None, metrics: Metrics | None = None,
    metrics_every: int | None = None, **options: Any,
) -> Monitor:  # fmt: skip
    """Start a training in the background, and show how it goes; learning rates can be changed while it runs.

    Args:
        train: a function that takes `callbacks` and returns a `Result`, such as `train`, `train_cgan` or `train_vae`.
        arguments, options: for that function.
        show: what `generate_images` is to be asked for again and again, such as {"noise": noise, "role": "cook"}; None for
            32 images; or a function of a `Report` that returns images, a matplotlib figure or PNG bytes.
        every: steps between two pictures, None for a hundred pictures in all. It doubles when there are too many to keep.
        columns: images side by side.
        metrics: functions of a `Report` by name, each returns a number.
        metrics_every: steps between two measurements; None for fifty in all.

    Returns a `Monitor`; call its `result()` for the `Result`.

    Example:
        >>> import gan_tutorial as gt
        >>> models = gt.models.build_points_generator(), gt.models.build_points_discriminator()
        >>> run = monitor(gt.train, *models, gt.load_dataset("ring"), steps=40)
        Training
        >>> run.result().step, [moment["step"] for moment in run.moments]
        (40, [20, 40])
    """
    known = inspect.signature(train).parameters
    if "callbacks" not in known:
        raise ValueError(f"{getattr(train, '__name__', train)} takes no callbacks, so its training cannot be watched")
    rates = adjustable_rates(train, options)
    quiet = {"progress": False} if "progress" in known else {}
    given = list(options.pop("callbacks", ()))

    def run(callback: Callable[[Report], bool]) -> Result:
        return train(*arguments, **{**options, **rates, **quiet, "callbacks": [*given, callback]})

    def draw(report: Report) -> dict[str, Any]:
        asked = {"n": 32, "seed": 0, **({} if show is None or callable(show) else show)}
        made = show(report) if callable(show) else generate_images(report.generator, **asked)
        if isinstance(made, np.ndarray) and made.ndim == 4:
            return {"png": grid_bytes(made, columns)[0], "crisp": True}
        return {"png": as_picture(points_figure(made) if isinstance(made, np.ndarray) else made).png, "crisp": False}

    return Monitor(run, rates, draw, every, metrics or {}, metrics_every)
