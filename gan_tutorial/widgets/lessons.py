"""Benches for what a still cannot teach: two bells, a logit and its sigmoid, who moves in a training."""

from __future__ import annotations

from .. import quiet

quiet.import_tensorflow()

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from ..translations import figure_words
from .benches import Bench, bench
from .figures import show_grid

WORDS = figure_words()


def bells() -> Bench:
    """A real and a generated bell curve: the best discriminator between them, and what the generator gets from it.

    Example:
        >>> panel = bells()
        >>> panel.set(shift=0.0, width=1.0)
        >>> panel.text
        'JS(p, q) = 0.000, of log 2 = 0.693 at most. Mean slope under the generated bell: minimax 0.00, non-saturating 0.00.'
    """
    x = np.linspace(-16, 18, 1701)  # no part of any bell is left out of the integrals

    def log_bell(shift: float, width: float) -> np.ndarray:
        return -(((x - shift) / width) ** 2) / 2 - np.log(width * np.sqrt(2 * np.pi))

    def draw(shift: float = 1.5, width: float = 1.0) -> tuple[Figure, str]:
        log_p, log_q = log_bell(0, 1), log_bell(shift, width)
        both = np.logaddexp(log_p, log_q)
        p, q, log_d, log_not_d = np.exp(log_p), np.exp(log_q), log_p - both, log_q - both
        js = np.trapezoid(p * log_d + q * log_not_d, x) / 2 + np.log(2)
        slopes = [np.trapezoid(q * np.abs(np.gradient(loss, x)), x) for loss in (log_not_d, log_d)]
        figure = Figure(figsize=(10.4, 2.9))
        left, right = figure.subplots(1, 2)
        left.fill_between(x, p, color="C0", alpha=0.4, label=WORDS["lab_real"])
        left.fill_between(x, q, color="C1", alpha=0.4, label=WORDS["lab_generated"])
        left.plot(x, np.exp(log_d), color="C4", label="D* = p / (p + q)")
        left.set(xlim=(-6, 8), ylim=(0, 1.05), xlabel="x", title=WORDS["lab_bells_densities"])
        left.legend(loc="upper right")
        right.plot(x, log_not_d, color="C0", label="minimax: log(1 − D*)")
        right.plot(x, -log_d, color="C1", linestyle="--", label="non-saturating: −log D*")
        right.fill_between(x, -9 + 18 * q / q.max(), -9, color="C1", alpha=0.12, linewidth=0)
        right.set(xlim=(-6, 8), ylim=(-9, 9), xlabel="x", ylabel=WORDS["pg_loss"], title=WORDS["lab_bells_loss"])
        right.legend(loc="upper left")
        values = {"js": js, "minimax": slopes[0], "saturating": slopes[1]}
        return figure, WORDS["lab_bells_text"].format(most=np.log(2), **values)

    return bench(WORDS["lab_bells"], draw, shift=(-4.0, 6.0, 0.1), width=(0.3, 3.0, 0.1))


def saturation() -> Bench:
    """A discriminator's logit, its sigmoid, and how hard each way of writing the loss pulls at it: by automatic differentiation.

    Example:
        >>> panel = saturation()
        >>> panel.set(logit=-4.0, target="real")
        >>> panel.text
        'D = 0.0180. Slope of the loss: 0.98 on the logit, 0.98 on its sigmoid, 0 with the logit taken for a probability.'
    """
    logits = np.linspace(-20, 20, 641, dtype=np.float32)
    losses: dict[str, Callable[[Any, Any], Any]] = {
        "lab_on_logits": lambda target, logit: keras.losses.binary_crossentropy(target, logit, from_logits=True),
        "lab_on_sigmoid": lambda target, logit: keras.losses.binary_crossentropy(target, tf.sigmoid(logit)),
        "lab_mistaken": lambda target, logit: keras.losses.binary_crossentropy(target, logit),
    }

    @functools.cache
    def slopes(target: float) -> dict[str, np.ndarray]:
        found = {}
        for name, loss in losses.items():
            values = tf.constant(logits[:, np.newaxis])
            with tf.GradientTape() as tape:
                tape.watch(values)
                total = tf.reduce_sum(loss(tf.fill(tf.shape(values), target), values))
            found[name] = np.abs(tape.gradient(total, values).numpy().ravel())
        return found

    def draw(logit: float = -4.0, target: float = 1.0) -> tuple[Figure, str]:
        here, found = int(np.abs(logits - logit).argmin()), slopes(target)
        figure = Figure(figsize=(10.4, 2.9))
        left, right = figure.subplots(1, 2)
        d = 1 / (1 + np.exp(-logits))
        left.plot(logits, d, color="C4")
        left.plot(logit, d[here], "o", color="C1")
        left.set(xlabel=WORDS["control_logit"], title="D = sigmoid(logit)", ylim=(-0.05, 1.05))
        for (name, slope), style, colour in zip(found.items(), ("-", "--", ":"), ("C0", "C1", "C4")):
            right.semilogy(logits, np.where(slope > 0, slope, np.nan), style, color=colour, label=WORDS[name])
            right.plot(logit, max(slope[here], 1e-9), "o" if slope[here] else "v", color=colour)
        right.set(ylim=(5e-10, 30), xlabel=WORDS["control_logit"], title=WORDS["lab_slope"])
        right.legend(loc="lower left" if target else "lower right")
        on_logit, on_sigmoid, mistaken = (f"{found[name][here]:.2g}" for name in losses)
        text = WORDS["lab_saturation_text"].format(d=d[here], logits=on_logit, sigmoid=on_sigmoid, mistaken=mistaken)
        return figure, text

    targets = {WORDS["lab_real"]: 1.0, WORDS["lab_generated"]: 0.0}
    return bench(WORDS["lab_saturation"], draw, logit=(-20, 20, 0.25), target=targets)


Patient = Callable[[], Sequence[Any]]


def what_moves(patients: Mapping[str, Patient], batches: Sequence[np.ndarray], noise: np.ndarray) -> Bench:
    """Trainings to compare step by step: which layers of each network move, how the loss falls, and what is generated.

    Args:
        patients: functions by name; each makes a training and returns (generator, discriminator, step, …), where
            step(batch) trains once and returns the generator's loss, or a tuple that ends with it.
        batches: real images for each step.
        noise: (n, latent_dim), for the pictures.

    All trainings are run when they are first chosen.
    """

    @functools.cache
    def trained(name: str) -> list[tuple[dict[str, np.ndarray], float, np.ndarray]]:
        generator, discriminator, step, *_ = patients[name]()
        networks = {WORDS["lab_generator"]: generator, WORDS["lab_discriminator"]: discriminator}
        start = {title: [w.numpy() for w in _weights(model)] for title, model in networks.items()}
        moments = []
        for number in range(len(batches) + 1):
            loss = float(np.ravel(step(batches[number - 1]))[-1]) if number else np.nan
            moved = {title: _distances(_weights(model), start[title]) for title, model in networks.items()}
            moments.append((moved, loss, np.asarray(generator(noise, training=False))))
        return moments

    def draw(training: str, step: int = 0) -> tuple[Figure, str]:
        moments = trained(training)
        moved, loss, images = moments[step]
        figure = Figure(figsize=(10.4, 3.1))
        left, middle, right = figure.subplots(1, 3, width_ratios=(1.2, 1, 1))
        most = max(1e-6, *(values.max() for values in moments[-1][0].values()))
        for colour, (title, values) in zip(("C1", "C0"), moved.items()):
            offset = 0 if colour == "C1" else len(moved[WORDS["lab_generator"]]) + 1
            left.bar(offset + np.arange(len(values)), values, color=colour, label=title)
        left.set(ylim=(0, 1.1 * most), xticks=[], title=WORDS["lab_moved"])
        left.set(xlabel=WORDS["lab_arrays"], ylabel=WORDS["lab_change"])
        left.legend(loc="upper right")
        middle.plot([loss for _, loss, _ in moments], color="C1")
        middle.plot(step, loss, "o", color="C1")
        middle.set(xlabel=WORDS["control_step"], title=WORDS["lab_generator_loss"])
        show_grid(right, images, title=WORDS["lab_moment"].format(training=training, step=step))
        counts = {title: f"{(values > 0).sum()} / {len(values)}" for title, values in moved.items()}
        told = WORDS["list_comma"].join(f"{title} {count}" for title, count in counts.items())
        return figure, WORDS["lab_moves_text"].format(step=step, counts=told)

    return bench(WORDS["lab_moves"], draw, training=list(patients), step=(0, len(batches), 1))


def _weights(model: keras.Model) -> list[Any]:
    """Those that a training could move, frozen or not."""
    return [v for layer in model._flatten_layers(include_self=False) for v in layer._trainable_variables]


def _distances(weights: list[Any], before: list[np.ndarray]) -> np.ndarray:
    """How far each array has moved: the root of its mean squared change."""
    return np.array([np.sqrt(np.mean((w.numpy() - old) ** 2)) for w, old in zip(weights, before)])
