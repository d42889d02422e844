"""What a training algorithm has to say: its networks, its players, and each player's loss for a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from ..options import check_count
from ..random_streams import RandomStreams

Batch = dict[str, tf.Tensor]


@dataclass(frozen=True)
class Player:
    """One side of a game: which networks it moves, and how.

    Attributes:
        networks: names of the networks whose weights it updates.
        optimizer: a Keras optimizer; each training starts with a fresh copy of it.
        updates: updates per training step. Those beyond the first come before the common one, each with a batch of
            its own.
        every: at another pace: it moves only at every n-th step.
        after_update: called after each update, to clip weights for example.

    Example:
        >>> import gan_tutorial as gt, keras
        >>> gt.Player(("discriminator",), keras.optimizers.Adam(1e-4), updates=5).every
        1
    """

    networks: tuple[str, ...]
    optimizer: keras.optimizers.Optimizer
    updates: int = 1
    every: int = 1
    after_update: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        check_count(updates=self.updates, every=self.every)


class Step:
    """One algorithm. Derive from it, set `networks` and `players`, and write `losses`; `Trainer` does the rest.

    Attributes:
        networks: dict from names to Keras models. `Trainer` may replace a model by a copy (for several devices, or in
            bfloat16), so look it up here whenever it is called.
        players: dict from names to `Player`s.
        averaged: names of the networks of which an averaged copy is kept.
        sampler: name of the network that pictures are generated with.
        logits_are_log_odds: whether the metrics hold logits of a cross-entropy, which alerts can read.

    Example, to fit a line:
        >>> import gan_tutorial as gt, keras, numpy as np, tensorflow as tf
        >>> class LineStep(gt.Step):
        ...     def __init__(self, line):
        ...         self.networks = {"generator": line}
        ...         self.players = {"line": gt.Player(("generator",), keras.optimizers.SGD(0.1))}
        ...     def losses(self, batch, step):
        ...         error = tf.reduce_mean((self.networks["generator"](batch["x"]) - batch["image"]) ** 2)
        ...         return {"line": error}, {"error": error}
        >>> x = np.linspace(-1, 1, 64, dtype="float32")[:, np.newaxis]
        >>> step = LineStep(keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]))
        >>> result = gt.Trainer(step, {"x": x, "image": 3 * x}, steps=200).fit(progress=False)
        >>> bool(result.history["error"][-1] < 1e-3)
        True
    """

    networks: dict[str, keras.Model]
    players: dict[str, Player]
    averaged: tuple[str, ...] = ("generator",)
    sampler: str = "generator"
    logits_are_log_odds: bool = False

    def check(self, data: dict[str, np.ndarray], batch_size: int) -> dict[str, np.ndarray]:
        """The data in the form that is trained on; raise ValueError if it does not suit the networks.

        `data` is a dict of arrays with "image", and conditions by name, such as "label", where there are any: the whole
        data set, or the first batch of a stream.
        """
        return data

    def build(self) -> None:
        """Make variables, or models that share layers; called once the networks are where they are trained."""

    @property
    def variables(self) -> dict[str, tf.Variable]:
        """What a checkpoint has to hold beside networks and optimizers."""
        return {}

    @property
    def batches_per_step(self) -> int:
        """Batches that a training step takes: one, or as many as its busiest player has updates."""
        return max(player.updates for player in self.players.values())

    def random_inputs(self, random: RandomStreams) -> Batch:
        """Random numbers that `losses` needs; they are added to the batch. (XLA would draw others inside.)"""
        return {}

    def losses(self, batch: Batch, step: tf.Tensor) -> tuple[dict[str, tf.Tensor], dict[str, tf.Tensor]]:
        """Each player's loss, and the metrics to report: scalars, means over the batch's examples.

        Args:
            batch: this device's rows of the data, by name, and `random_inputs`.
            step: number of training steps done, an int64 tensor.
        """
        raise NotImplementedError

    def after_step(self, metrics: Mapping[str, tf.Tensor]) -> None:
        """Called after each training step with the metrics' means over all devices, to adapt `variables`."""
        return

    def weights_of(self, player: str) -> list[keras.Variable]:
        """The trainable weights that a player updates."""
        return [w for name in self.players[player].networks for w in self.networks[name].trainable_variables]
