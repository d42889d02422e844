"""Many training steps in one compiled call."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from .data_sources import ArraySource, StreamSource
from .distribution import reduced, replica_sum
from .ema import update_ema
from .random_streams import RandomStreams
from .steps.base import Batch

if TYPE_CHECKING:
    from .trainer import Trainer

Gradients = dict[str, list[tf.Tensor]]
#: Which players move, if not all do.
Moving = dict[str, tf.Tensor] | None


class CompiledSteps:
    """Callable: a number of training steps, done in one compiled call, to (number done, means of the metrics).

    It stops before the first step with a loss or gradient that is not finite, and leaves the weights as they were
    before that step (a player's early updates, which come before it, are kept). With `moving`, names of players, only
    these move; which ones may differ from call to call, at no cost.
    """

    def __init__(self, trainer: Trainer, state: tf.train.Checkpoint, source: ArraySource | StreamSource) -> None:
        self.trainer, self.state, self.source = trainer, state, source
        self.step, self.players, self.strategy = trainer.step, trainer.step.players, trainer.strategy
        self.replicas = self.strategy.num_replicas_in_sync
        # Players that move more often than once get their own batches before the common one.
        self.draws = trainer.step.batches_per_step
        self.metric_names: list[str] = []
        # Without XLA the gradients stay part of the one compiled call: on several
        # devices a function within it could not average over the replicas.
        xla = trainer.runtime.use_xla(self.strategy)
        self._find_gradients = tf.function(self._gradients, jit_compile=True) if xla else self._gradients

    def __call__(self, count: int, moving: Collection[str] | None = None) -> tuple[int, dict[str, float]]:
        done, rows = self._run(tf.constant(count), self._as_tensors(moving))
        done = int(done)
        return done, dict(zip(self.metric_names, rows.numpy()[:done].mean(0).tolist())) if done else {}

    def compile(self, moving: Collection[str] | None = None) -> None:
        """Do now what the first call would have to wait for."""
        self._run.get_concrete_function(tf.constant(1), self._as_tensors(moving))

    def _as_tensors(self, moving: Collection[str] | None) -> Moving:
        return None if moving is None else {name: tf.constant(name in moving) for name in self.players}

    @tf.function
    def _run(self, count: tf.Tensor, moves: Moving) -> tuple[tf.Tensor, tf.Tensor]:
        done, go_on = tf.constant(0), tf.constant(True)
        # How many metrics there are is not known before the first step is traced.
        rows = tf.TensorArray(tf.float32, 0, dynamic_size=True, infer_shape=False)
        while go_on and done < count:
            draw, fine = self.state.step * self.draws, tf.constant(float(self.replicas))
            for i in range(self.draws - 1):
                early = tuple(name for name, player in self.players.items() if player.updates >= self.draws - i)
                ok = self.strategy.run(self._update_early, (early, self.source.fetch(), draw + i, moves))
                fine = tf.minimum(fine, self.strategy.experimental_local_results(ok)[0])
            # The forward pass moves batch statistics and dropout's seeds.
            moving = [v for network in self.step.networks.values() for v in network.non_trainable_variables]
            before = [tf.identity(variable) for variable in moving]
            batch = self.source.fetch()
            gradients, metrics, ok = self.strategy.run(
                self._compute, (tuple(self.players), batch, draw + self.draws - 1)
            )
            go_on = tf.minimum(fine, self.strategy.experimental_local_results(ok)[0]) > self.replicas - 0.5
            means = self.strategy.reduce(tf.distribute.ReduceOp.SUM, metrics, axis=None)
            rows = rows.write(done, means)
            if go_on:
                self._finish_step(gradients, means, moves)
                done += 1
            else:
                for variable, value in zip(moving, before):
                    variable.assign(value)
        return done, rows.stack()

    def _finish_step(self, gradients: Gradients, means: tf.Tensor, moves: Moving) -> None:
        for every in sorted({player.every for player in self.players.values()}):
            due = {name: grads for name, grads in gradients.items() if self.players[name].every == every}
            if every == 1:
                self.strategy.run(self._apply, (due, moves))
            else:
                if self.state.step % every == 0:
                    self.strategy.run(self._apply, (due, moves))
        for name, averaged in self.trainer.averaged.items():
            update_ema(averaged, self.step.networks[name], self.state.step, self.trainer.ema)
        self.state.step.assign_add(1)
        self.step.after_step(dict(zip(self.metric_names, tf.unstack(means, len(self.metric_names)))))

    def _update_early(self, moving: tuple[str, ...], fetched: Any, draw: tf.Tensor, moves: Moving) -> tf.Tensor:
        """An update of those players that move more often, before the common step; on each replica."""
        gradients, _, ok = self._compute(moving, fetched, draw)
        # Gradients that are not finite are replaced by zero here; then the step stops.
        fine = ok > self.replicas - 0.5
        kept = {name: [tf.where(fine, g, tf.zeros_like(g)) for g in grads] for name, grads in gradients.items()}
        self._apply(kept, moves)
        return ok

    def _compute(self, moving: tuple[str, ...], fetched: Any, draw: tf.Tensor) -> Any:
        """Gradients of the moving players, metrics, and on how many replicas all is finite; on each replica."""
        random = RandomStreams(self.trainer.seed, draw, self.trainer.batch_size, self.replicas)
        batch = {**self.source.rows(fetched, random), **self.step.random_inputs(random)}
        gradients, metrics, total = self._find_gradients(moving, batch, tf.identity(self.state.step))
        # A sum of squares is finite only if every summand is.
        for gradient in (g for grads in gradients.values() for g in grads):
            total += tf.reduce_sum(tf.square(gradient))
        return gradients, metrics / self.replicas, replica_sum(tf.cast(tf.math.is_finite(total), tf.float32))

    def _gradients(self, moving: tuple[str, ...], batch: Batch, number: tf.Tensor) -> Any:
        with tf.GradientTape(persistent=True) as tape:
            losses, metrics = self.step.losses(batch, number)
            # Gradients are summed over the devices.
            shares = {name: losses[name] / self.replicas for name in moving}
        self.metric_names[:] = metrics
        gradients = {
            name: self._dense(name, tape.gradient(shares[name], self.step.weights_of(name))) for name in moving
        }
        return gradients, tf.stack(list(metrics.values())), tf.add_n([tf.identity(losses[name]) for name in moving])

    def _dense(self, name: str, gradients: list) -> list[tf.Tensor]:
        lost = [w.path for w, g in zip(self.step.weights_of(name), gradients) if g is None]
        if lost:
            raise ValueError(
                f"the loss of the {name} does not depend on its weights {lost[0]}: no gradient reaches them"
            )
        # The gradient of an embedding comes as a list of its touched rows.
        return [tf.convert_to_tensor(gradient) for gradient in gradients]

    def _apply(self, gradients: Gradients, moves: Moving) -> None:
        for name, grads in gradients.items():
            if moves is None:
                self._update(name, grads)
            else:
                if moves[name]:
                    self._update(name, grads)

    def _update(self, name: str, gradients: list[tf.Tensor]) -> None:
        optimizer = self.trainer.optimizers[name]
        with reduced(optimizer, self.strategy):
            optimizer.apply(gradients, self.step.weights_of(name))
        if after_update := self.players[name].after_update:
            after_update()
