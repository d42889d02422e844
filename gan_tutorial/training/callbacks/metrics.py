"""Metrics while a generator is being trained: measured, logged, the best one kept."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

from ...files import write_csv
from .samples import Pace

if TYPE_CHECKING:
    from ..reports import Report

Numbers = dict[str, float]


class MetricsLog:
    """A callback that measures the generator every so many steps.

    Into `folder` go metrics.csv, one row per measurement, and event files for TensorBoard with these numbers and
    those of the reports.

    Args:
        folder: of the run.
        measure: callable, from a generator to numbers by name: any metrics, your own too.
        every: steps between two measurements.
        rank: callable, from these numbers to one: the smaller, the better; None for no best one.
        keep_best: called with the report and its numbers when they are the best so far.
    """

    def __init__(
        self, folder: Path, measure: Callable[[keras.Model], Numbers], every: int,
        rank: Callable[[Numbers], float] | None = None, keep_best: Callable[[Report, Numbers], None] | None = None,
    ) -> None:  # fmt: skip
        self.folder, self.measure, self.rank, self.keep_best = Path(folder), measure, rank, keep_best
        self.rows = _read_rows(self.folder / "metrics.csv")
        self._pace = Pace(every)
        self._writer: Any = None

    def __call__(self, report: Report) -> None:
        self._log(report.step, report.metrics, "training")
        if not self._pace.is_due(report):
            return
        numbers = self.measure(report.generator)
        row = {"step": report.step, **numbers}
        # A resumed run measures again what came after its checkpoint.
        self.rows = [old for old in self.rows if old["step"] < report.step] + [row]
        write_csv(self.folder / "metrics.csv", list(row), ([old.get(name, "") for name in row] for old in self.rows))
        self._log(report.step, numbers, "metrics")
        if self.rank and self.keep_best and min(self.rows, key=self.rank) is row:
            self.keep_best(report, numbers)

    def _log(self, step: int, values: Mapping[str, float], group: str) -> None:
        """Write numbers for TensorBoard, which itself need not be installed."""
        import tensorflow as tf

        if self._writer is None:
            self._writer = tf.summary.create_file_writer(str(self.folder / "tensorboard"))
        about = tf.compat.v1.SummaryMetadata(
            plugin_data=tf.compat.v1.SummaryMetadata.PluginData(plugin_name="scalars"), data_class="DATA_CLASS_SCALAR"
        )
        with self._writer.as_default():
            for name, value in values.items():
                tf.summary.write(f"{group}/{name}", tf.constant(value, tf.float32), step, about)
            self._writer.flush()


def _read_rows(path: Path) -> list[Numbers]:
    if not path.is_file():
        return []
    with open(path, newline="") as file:
        return [{name: float(value) for name, value in row.items() if value} for row in csv.DictReader(file)]
