"""`train` and `train_cgan`: the loop with a progress bar, and its result."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from .alerts import find_alerts
from .loop import training_reports
from .settings import Settings, num_classes_of


@dataclass(frozen=True)
class Result:
    """What a training leaves.

    Attributes:
        generator: the generator with averaged weights: the one to draw with.
        history: arrays by name, one value a report: "step",
            "discriminator_loss", "generator_loss", "real_logit", "fake_logit",
            "right_sign", "saturation", "real_sign", "recognition" and
            "augmentation" (see `Report`).
        step: how many steps were trained.
        seconds: spent in training steps.
        interrupted: whether it was stopped before its end.
        alerts: what the logits warned of, with the step of the first time.
    """

    generator: Any
    history: dict[str, np.ndarray]
    step: int
    seconds: float
    interrupted: bool
    alerts: tuple[str, ...] = ()


def train(generator, discriminator, images, *, progress=True, callback=None, runtime=None,
          checkpoints=None, checkpoint_every=500, keep=3, resume=False, **settings):  # fmt: skip
    """Train a GAN.

    Args:
        generator, discriminator, images, checkpoints, checkpoint_every, keep,
            resume, runtime: see `training_reports`.
        progress: show a bar with losses, speed and time left, and alerts:
            what the logits warn of (see `alerts`).
        callback: called with each `Report`; to stop the training, return True.
        **settings: the fields of `Settings`, such as steps=3000.

    Returns a `Result`. Interrupted (Ctrl-C, or JupyterLab's stop button) it
    returns what was trained so far.
    """
    return _drive(
        generator, discriminator, images, None, None, progress, callback, runtime, settings,
        checkpoints=checkpoints, checkpoint_every=checkpoint_every, keep=keep, resume=resume,
    )  # fmt: skip


def train_cgan(generator, discriminator, images, labels, attributes=None, *, progress=True, callback=None,
               runtime=None, checkpoints=None, checkpoint_every=500, keep=3, resume=False, **settings):  # fmt: skip
    """Train a conditional GAN: `train` with labels, and attributes if the models take them.

    Real images come with their own labels; images are generated for the labels
    of the batch, and the discriminator sees both with those labels.
    """
    if num_classes_of(generator) is None:
        raise ValueError("the generator takes no label: build it with num_classes, or call train")
    return _drive(
        generator, discriminator, images, labels, attributes, progress, callback, runtime, settings,
        checkpoints=checkpoints, checkpoint_every=checkpoint_every, keep=keep, resume=resume,
    )  # fmt: skip


def _drive(generator, discriminator, images, labels, attributes, progress, callback, runtime, settings, **options):
    settings, history = Settings(**settings), {}
    if runtime is not None:
        options["runtime"] = runtime
    reports = training_reports(
        generator, discriminator, images, labels, attributes, settings, history=history, **options
    )
    report, interrupted, alerts = None, False, {}
    with tqdm(total=settings.steps, unit="step", disable=not progress) as bar:
        try:
            for report in reports:
                bar.set_postfix_str(
                    f"D {report.discriminator_loss:.2f}  G {report.generator_loss:.2f}  "
                    f"{report.images_per_second:,.0f} images/s",
                    refresh=False,
                )
                bar.update(report.step - bar.n)
                for name, text in find_alerts(history).items():
                    if name not in alerts:
                        alerts[name] = f"step {report.step}: {text}"
                        if progress:
                            bar.write(alerts[name])
                if callback is not None and callback(report):
                    interrupted = report.step < settings.steps
                    break
        except KeyboardInterrupt:
            interrupted = True
        finally:
            # Runs the loop's own clean-up: weights handed back, checkpoint written.
            reports.close()
    if report is None:
        raise KeyboardInterrupt("interrupted before the first steps were done")
    arrays = {name: np.array(values) for name, values in history.items()}
    return Result(report.generator, arrays, report.step, report.seconds, interrupted, tuple(alerts.values()))
