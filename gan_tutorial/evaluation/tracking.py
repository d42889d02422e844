"""Quality along a training: what `training.callbacks.MetricsLog` measures and ranks by."""

from collections.abc import Mapping

import numpy as np
from keras import Model

from ..data import Dataset, load_held_out
from ..pretrained import ModelCard
from .context import context_for_generator, random_order
from .features import find_extractor
from .registry import METRICS, check_metric, choose_metrics, evaluate, evaluate_real_images

#: What is measured unless someone says otherwise, as far as it is possible.
QUICK_METRICS = ("frechet", "kernel", "precision", "recall", "density", "coverage", "conditional_accuracy")
#: Images that are generated each time.
_IMAGES = 2000


class QualityTracker:
    """Callable: a generator, trained on `data` and described by `card`, to its metrics by name.

    `metrics` are names, None for those of QUICK_METRICS that are possible; `best_by` is the metric that decides which
    generator is the best.
    """

    def __init__(self, data: Dataset, card: ModelCard, metrics: list[str] | None, best_by: str) -> None:
        for metric in (*(metrics or ()), best_by):
            check_metric(metric)
        self.card, self.metrics, self.best_by = card, metrics, best_by
        self._target: float | None = None
        name = card.data or data.name
        self.train, self.test = data, load_held_out(name)
        if self.test is None:
            # A folder has no test images: enough of the training images to compare with.
            self.train = data.take(random_order(len(data), 0)[: 5 * _IMAGES])
        self.extractor = find_extractor(None, name, data.image_shape)

    def __call__(self, generator: Model) -> dict[str, float]:
        card = self.card
        context = context_for_generator(
            generator, self.train, self.test, self.extractor, _IMAGES, card.seed or 0, card.codes
        )
        if self._target is None:
            possible = choose_metrics(context)
            chosen = self.metrics or [name for name in QUICK_METRICS if name in possible]
            self.metrics = choose_metrics(context, [*chosen, self.best_by])
            baseline = evaluate_real_images(context, [self.best_by]).get(self.best_by)
            self._target = baseline.value if baseline else 1.0
        return {name: estimate.value for name, estimate in evaluate(context, self.metrics).items()}

    def rank(self, numbers: Mapping[str, float]) -> float:
        """The smaller, the better, whichever way the metric runs."""
        value, better = numbers.get(self.best_by, np.inf), METRICS[self.best_by].better
        if better == "real":
            return abs(value - (1.0 if self._target is None else self._target))
        return -value if better == "high" else value
