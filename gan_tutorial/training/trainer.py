"""The one training loop: compiled steps, reports, stopping, checkpoints, devices. It knows nothing of any algorithm."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ..models.interface import copy_model
from .callbacks.alerts import Alerts
from .callbacks.progress import ProgressBar
from .checkpoints import Shapes, list_checkpoints, restore_checkpoint, save_checkpoint
from .compilation import CompiledSteps
from .data_sources import ArraySource, StreamSource, as_arrays, first_batch
from .distribution import Runtime, check_divisible, fresh_optimizer, is_chief, is_constant, place, watched, worker_sum
from .options import check_below, check_count
from .reports import Report, Result
from .steps.base import Step

#: Called with each report; a true return value stops the training.
Callback = Callable[[Report], Any]
#: Bytes of training data that are worth looking for when a training is over.
_LARGE = 50_000_000


class Trainer:
    """Trains the networks of a `Step` on data: `Trainer(step, data, steps=3000).fit()`.

    Args:
        step: the algorithm, such as a `GANStep`. Its networks are trained in place.
        data: an array of images; a `Dataset`; a dict of arrays of equal length, with "image" and, as the networks
            want, conditions (n,) by name, such as "label"; or a `tf.data.Dataset` of such dicts, already in batches.
            Arrays are shuffled in each epoch; a stream is taken as it comes.
        steps: training steps in all.
        batch_size: images per step, over all devices together.
        seed: of the order of the images and of all random numbers in training.
        ema: decay of the averaged weights, from 0 (no average) to below 1.
        steps_per_call: steps in one compiled call, between two reports.
        runtime: a `Runtime`: devices, XLA, precision; None for what suits this machine.
        checkpoints: folder for checkpoints, which all workers must see; None for none. One is written every
            `checkpoint_every` steps and when the training ends, however it ends.
        checkpoint_every: steps between two checkpoints.
        keep: how many checkpoints stay; older ones are deleted.
        resume: go on from the newest checkpoint, exactly as if never stopped.

    Raises ValueError for options, networks or data that do not suit, before anything changes.

    Example:
        >>> import gan_tutorial as gt
        >>> ring = gt.load_dataset("ring")
        >>> generator, critic = gt.models.build_points_generator(), gt.models.build_points_discriminator()
        >>> trainer = gt.Trainer(gt.training.GANStep(generator, critic, r1=0.1), ring, steps=20)
        >>> trainer.fit(progress=False)
        Result(step=20, seconds=..., interrupted=False, alerts=())
    """

    def __init__(
        self,
        step: Step,
        data: Any,
        *,
        steps: int = 3000,
        batch_size: int = 32,
        seed: int = 0,
        ema: float = 0.999,
        steps_per_call: int = 20,
        runtime: Runtime | None = None,
        checkpoints: str | Path | None = None,
        checkpoint_every: int = 500,
        keep: int = 3,
        resume: bool = False,
    ) -> None:
        self.check_options(steps, batch_size, ema, steps_per_call, checkpoint_every, keep)
        if resume and checkpoints is None:
            raise ValueError("resume needs checkpoints: the folder that holds them")
        if checkpoints and not resume and list_checkpoints(checkpoints):
            raise ValueError(f"{checkpoints} holds the checkpoints of a training: resume it, or choose another folder")
        if unknown := [name for name in (*step.averaged, step.sampler) if name not in step.networks]:
            raise ValueError(f"`averaged` and `sampler` of a step name networks, but there is no {unknown[0]!r}")
        self.step, self.steps, self.batch_size, self.seed, self.ema = step, steps, batch_size, seed, ema
        self.steps_per_call, self.runtime = steps_per_call, runtime or Runtime()
        self.checkpoints, self.checkpoint_every, self.keep, self.resume = checkpoints, checkpoint_every, keep, resume
        self.data = as_arrays(data)
        # Of a stream only the first batch can be checked in advance.
        streamed = isinstance(self.data, tf.data.Dataset)
        checked = step.check(first_batch(self.data, batch_size) if streamed else self.data, batch_size)
        if len(set(map(len, checked.values()))) > 1:
            raise ValueError(f"data of different lengths: { {name: len(array) for name, array in checked.items()} }")
        self.dtypes = {name: array.dtype for name, array in checked.items()}
        self.data = self.data if streamed else checked
        self.strategy = self.runtime.strategy()
        check_divisible(batch_size, self.strategy)
        self.history: dict[str, list[float]] = {}
        self.seconds, self.models, self.step_number = 0.0, dict(step.networks), 0

    @staticmethod
    def check_options(
        steps: int = 1, batch_size: int = 1, ema: float = 0.0, steps_per_call: int = 1, checkpoint_every: int = 1,
        keep: int = 1, **others: Any,
    ) -> None:  # fmt: skip
        """ValueError for an option that cannot be."""
        check_count(steps=steps, batch_size=batch_size, steps_per_call=steps_per_call)
        check_count(checkpoint_every=checkpoint_every, keep=keep)
        check_below(1, ema=ema)

    def fit(self, *, callbacks: Iterable[Callback] = (), progress: bool = True) -> Result:
        """Train to the end, or until a callback or the user stops it.

        Args:
            callbacks: callables that get each `Report`; one that returns true stops the training. A method
                `finish(result)`, if it has one, is called at the end. Of several workers only the chief calls them.
            progress: show a bar with losses, speed and time left, and alerts.

        Interrupted (Ctrl-C, or JupyterLab's stop button) it returns what was trained so far. Raises
        FloatingPointError when a loss or gradient is no longer finite; the networks then have their last good
        weights, and ConnectionError when another worker is gone.
        """
        chief = is_chief(self.strategy)
        bar, alerts = ProgressBar(self.steps, progress and chief), Alerts(self.step.logits_are_log_odds)
        everybody: list[Any] = [bar, alerts, *callbacks] if chief else [alerts]
        reports, interrupted = self.reports(), False
        try:
            for report in reports:
                # All are told before any of them stops it, on all workers.
                stop = any([bool(callback(report)) for callback in everybody])
                if worker_sum(stop, self.strategy) and report.step < self.steps:
                    interrupted = True
                    break
                bar.write(alerts.take_new())
        except KeyboardInterrupt:
            interrupted = True
        finally:
            # Runs the loop's own clean-up: weights handed back, checkpoint written.
            reports.close()
            bar.close()
            # The compiled call, which holds the data, is part of a cycle, and Python may take long to look for those.
            if isinstance(self.data, dict) and sum(array.nbytes for array in self.data.values()) > _LARGE:
                gc.collect()
                gc.collect()  # what TensorFlow let go when the first one found its function
        history = {name: np.array(values) for name, values in self.history.items()}
        result = Result(
            self.models, self.step.sampler, history, self.step_number, self.seconds, interrupted, alerts.texts
        )
        for callback in everybody:
            getattr(callback, "finish", lambda result: None)(result)
        return result

    def reports(self) -> Generator[Report, None, None]:
        """Train, yielding a `Report` after every `steps_per_call` steps; to stop early, stop iterating."""
        if self.history:
            raise ValueError("this Trainer has trained already: make a new one, with resume=True to go on")
        given = dict(self.step.networks)
        try:
            with watched(self.strategy):
                state = self._make_state()
                yield from self._train(state, given)
        finally:
            self.step.networks = given

    def by_hand(self) -> CompiledSteps:
        """Train a few steps at a time: a callable (count, players who move) to (steps done, means of the metrics).

        It trains the networks of `step.networks`, which are those given unless they had to be copied (to several devices, or
        to bfloat16), on data that are arrays; fewer steps done than asked for mean that the training diverged. There are no
        reports, checkpoints or alerts.

        Example:
            >>> import gan_tutorial as gt
            >>> networks = gt.models.build_points_generator(), gt.models.build_points_discriminator()
            >>> run = gt.Trainer(gt.training.GANStep(*networks), gt.load_dataset("ring")).by_hand()
            >>> run(10, ["discriminator"])[0], run(5)[0]
            (10, 5)
        """
        return CompiledSteps(self, self._make_state(), self._source(0))

    def _train(self, state: tf.train.Checkpoint, given: dict[str, keras.Model]) -> Generator[Report, None, None]:
        if self.resume and self.checkpoints:
            chosen = [(o, o.learning_rate.numpy()) for o in self.optimizers.values() if is_constant(o)]
            about = restore_checkpoint(self.checkpoints, state, self._shapes())
            for optimizer, learning_rate in chosen:  # those of this call, as schedules are
                optimizer.learning_rate = learning_rate
            self.history, self.seconds = about["history"], about["seconds"]
        number = int(state.step.numpy())
        if worker_sum(number, self.strategy) != number * worker_sum(1, self.strategy):
            raise ValueError(
                f"this worker goes on from step {number}, another one does not: let all see one folder {self.checkpoints}"
            )
        source = self._source(number)
        run_steps = CompiledSteps(self, state, source)
        done_here, seconds_here = 0, 0.0
        try:
            while (number := int(state.step.numpy())) < self.steps:
                # Calls end on multiples of steps_per_call, wherever a run resumed,
                # so that checkpoints and reports stand at round numbers.
                count = min(self.steps_per_call - number % self.steps_per_call, self.steps - number)
                start = time.perf_counter()
                done, metrics = run_steps(count)
                elapsed = time.perf_counter() - start
                number += done
                self.seconds, seconds_here, done_here = self.seconds + elapsed, seconds_here + elapsed, done_here + done
                for name, value in {"step": number, **metrics}.items() if done else ():
                    self.history.setdefault(name, []).append(value)
                if done < count:
                    raise FloatingPointError(
                        f"training diverged at step {number + 1}: a loss or gradient is not finite. The models keep the "
                        f"weights of step {number}. Try a lower learning rate, or another loss."
                    )
                self._hand_back(state, given)
                if number // self.checkpoint_every > (number - done) // self.checkpoint_every:
                    self._save(state)
                # The first call includes compiling, so the newest call is the better guide.
                seconds_left = (self.steps - number) * min(elapsed / done, seconds_here / done_here)
                speed = done * self.batch_size / elapsed
                yield Report(
                    number, self.steps, metrics, speed, self.seconds, seconds_left, self.models, self.step.sampler,
                    self.history,
                )  # fmt: skip
        except tf.errors.OpError:
            self.checkpoints = None  # the step that it broke off may be half done
            raise
        finally:
            self._hand_back(state, given)
            # Interrupted between a call and its row of the history, the steps since the last checkpoint are left out of both.
            rows = list(self.history.values())
            if rows and len({*map(len, rows)}) == 1 and self.history["step"][-1] == self.step_number:
                self._save(state)

    def _make_state(self) -> tf.train.Checkpoint:
        """All that a training has to remember, ready to be checkpointed."""
        step, strategy = self.step, self.strategy
        precision = self.runtime.use_mixed_precision(*step.networks.values())
        step.networks = {name: place(model, strategy, precision) for name, model in step.networks.items()}
        with strategy.scope():
            averaged = {name: copy_model(step.networks[name]) for name in step.averaged} if self.ema else {}
            self.optimizers = {name: fresh_optimizer(player.optimizer) for name, player in step.players.items()}
            for name, optimizer in self.optimizers.items():
                optimizer.build(step.weights_of(name))
            step.build()
            number = tf.Variable(0, dtype=tf.int64, trainable=False)
        self.averaged, self.models = averaged, {**step.networks, **averaged}
        for model in (*step.networks.values(), *averaged.values()):
            model._distribute_strategy = None  # else Keras predicts on every device, and joins the equal results
        group = tf.train.Checkpoint
        return group(
            networks=group(**step.networks),
            averaged=group(**averaged),
            optimizers=group(**self.optimizers),
            variables=group(**step.variables),
            step=number,
            # Keras's models do not pass their dropouts' seeds on to a checkpoint.
            seeds=[v.value for model in step.networks.values() for v in model.variables if v.dtype != "float32"],
        )

    def _source(self, number: int) -> ArraySource | StreamSource:
        if isinstance(self.data, dict):
            return ArraySource(self.data, self.strategy)
        taken = number * self.step.batches_per_step
        return StreamSource(self.data, self.dtypes, self.batch_size, self.strategy, taken)

    def _shapes(self) -> Shapes:
        roles = {**self.step.networks, **{f"{name}'s optimizer": o for name, o in self.optimizers.items()}}
        roles |= {f"{name}'s average": model for name, model in self.averaged.items()}
        found = {role: holder.variables for role, holder in roles.items()} | {"algorithm": self.step.variables.values()}
        return {role: [list(v.shape) for v in variables] for role, variables in found.items()}

    def _save(self, state: tf.train.Checkpoint) -> None:
        # A copy of each variable lies on every worker, so one of them can write alone.
        if self.checkpoints and is_chief(self.strategy):
            about = {"history": self.history, "seconds": self.seconds}
            save_checkpoint(self.checkpoints, state, about, self._shapes(), self.keep)

    def _hand_back(self, state: tf.train.Checkpoint, given: dict[str, keras.Model]) -> None:
        """Bring the trained weights into the models that were passed in."""
        self.step_number = int(state.step.numpy())
        for name, trained in self.step.networks.items():
            if trained is not given[name]:
                given[name].set_weights(trained.get_weights())
