"""Metrics while a generator is being trained: measured, logged, the best one kept."""

import csv

import numpy as np

from .data import Dataset, load_held_out
from .evaluation.case import case_of_generator
from .evaluation.features import find_judge
from .evaluation.panel import METRICS, choose_metrics, grade, grade_real_images
from .files import write_csv
from .pretrained import save_model
from .training.step import STATISTICS

#: What is measured unless someone says otherwise, as far as it is possible.
WATCHED = ("frechet", "kernel", "precision", "recall", "density", "coverage", "conditional_accuracy")
#: Images that are drawn each time.
_IMAGES = 2000


class Monitor:
    """A callback for `train` that grades the generator every so many steps.

    Into `folder` go metrics.csv, one row a measurement; best.npz and
    best.json, the generator of the best one so far; and event files for
    TensorBoard with metrics, losses and logits.

    Args:
        folder: of the run.
        data: the training `Dataset`.
        card: the generator's card; "attributes" and "data" are read.
        every: steps between two measurements.
        metrics: names; None for those in WATCHED that are possible.
        best_by: the metric that decides which generator is the best.
    """

    def __init__(self, folder, data, card, every, metrics=None, best_by="frechet"):
        if every < 1:
            raise ValueError(f"metrics can be taken every 1 step or more, not every {every}")
        for name in (*(metrics or ()), best_by):
            if name not in METRICS:
                raise ValueError(f"no metric is called {name!r}; there are: {', '.join(METRICS)}")
        self.folder, self.card, self.every, self.last = folder, card, every, 0
        self.train, self.test = _reference(data, card["data"])
        self.judge = find_judge(None, card["data"], data.image_shape)
        self.metrics, self.best_by = metrics, best_by
        self.rows = _read_rows(folder / "metrics.csv")
        self.yardstick = None
        self._writer = None

    def __call__(self, report):
        self._log(report.step, {name: getattr(report, name) for name in STATISTICS}, "training")
        if report.step // self.every > self.last // self.every:
            self._measure(report)
        self.last = report.step

    def _measure(self, report):
        case = case_of_generator(
            report.generator, self.train, self.test, self.judge, _IMAGES, self.card["attributes"], self.card["seed"],
            self.card.get("codes", False),
        )  # fmt: skip
        if self.yardstick is None:
            possible = choose_metrics(case)
            chosen = self.metrics or [name for name in WATCHED if name in possible]
            self.metrics = choose_metrics(case, [*chosen, self.best_by])
            self.yardstick = grade_real_images(case, [self.best_by]).get(self.best_by)
        row = {"step": report.step, **{name: e.value for name, e in grade(case, self.metrics).items()}}
        # A resumed run measures again what came after its checkpoint.
        self.rows = [old for old in self.rows if old["step"] < report.step] + [row]
        write_csv(self.folder / "metrics.csv", row, ([old.get(name, "") for name in row] for old in self.rows))
        self._log(report.step, row, "metrics")
        if min(self.rows, key=self._badness) is row:
            numbers = {name: value for name, value in row.items() if name != "step"}
            card = {**self.card, "steps": report.step, "seconds": round(report.seconds, 1), "metrics": numbers}
            save_model(report.generator, self.folder / "best", card)

    def _badness(self, row):
        """The smaller, the better, whichever way the metric runs."""
        value, better = row.get(self.best_by, np.inf), METRICS[self.best_by].better
        if better == "real":
            return abs(value - (self.yardstick.value if self.yardstick else 1.0))
        return -value if better == "high" else value

    def _log(self, step, values, group):
        """Write numbers for TensorBoard, which itself need not be installed."""
        import tensorflow as tf

        if self._writer is None:
            self._writer = tf.summary.create_file_writer(str(self.folder / "tensorboard"))
        about = tf.compat.v1.SummaryMetadata(
            plugin_data=tf.compat.v1.SummaryMetadata.PluginData(plugin_name="scalars"), data_class="DATA_CLASS_SCALAR"
        )
        with self._writer.as_default():
            for name, value in values.items():
                if name != "step":
                    tf.summary.write(f"{group}/{name}", tf.constant(value, tf.float32), step, about)
            self._writer.flush()


def _reference(data: Dataset, name):
    """Training and test images; of a folder, which has no test images, enough to compare with."""
    test = load_held_out(name)
    if test is not None:
        return data, test
    chosen = np.random.default_rng(0).permutation(len(data))[: 5 * _IMAGES]
    return data.take(np.sort(chosen)), None


def _read_rows(path):
    if not path.is_file():
        return []
    with open(path, newline="") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
