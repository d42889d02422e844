"""What to try, as far as the stored experiments tell: nothing in it that the rule of evidence calls unclear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from IPython.display import Markdown

from .analysis import compare
from .results import load_experiment

#: Which variants are compared with which baseline; None for all with the baseline.
_FAMILIES: dict[str, dict[str, tuple[str, ...]]] = {
    "fashion-data": {f"{n} images": (f"{n} images, DiffAugment", f"{n} images, adaptive") for n in (300, 3000)}
    | {"baseline": ("60000 images, DiffAugment",)},
    "fashion-rare-class": {"copies": ("generated images", "shifted and mirrored copies")},
}


class Decision(NamedTuple):
    """A row of the table: a symptom or a question, the experiments that tell, and by which number."""

    seen: str
    experiments: tuple[str, ...]
    number: str


DECISIONS = (
    Decision(
        "the same noise switches from mode to mode",
        ("ring-oscillation", "ring-batch", "ring-losses", "ring-regularizers"), "mode_switch_rate",
    ),
    Decision(
        "points lie at no mode",
        ("ring-oscillation", "ring-batch", "ring-losses", "ring-regularizers"), "quality",
    ),
    Decision(
        "all calm, but the pictures are poor",
        ("fashion-training", "fashion-regularizers", "fashion-losses", "fashion-capacity", "fashion-activations"), "frechet",
    ),
    Decision("augmentation: distance", ("fashion-data",), "frechet"),
    Decision("augmentation: variety", ("fashion-data",), "recall"),
    Decision("people are not as they were asked for", ("portraits-recipes",), "error"),
    Decision("a rare class, with its copies as the baseline", ("fashion-rare-class",), "error"),
)  # fmt: skip


def decide(decision: Decision) -> dict[str, list[str]]:
    """Variants by verdict, the best of each experiment first; "better", "worse" and "unclear" are always there.

    What two experiments have tried with the same settings counts once, with the first one's name and verdict.
    """
    found: dict[str, list[str]] = {"better": [], "worse": [], "unclear": []}
    tried: list[dict[str, Any]] = []
    for name in decision.experiments:
        result = load_experiment(name)
        families: Mapping[str, Any] = _FAMILIES.get(name, {"baseline": None})
        for baseline, variants in families.items():
            for c in compare(result, decision.number, baseline, variants):
                settings = {**result["base"], **result["variants"][c.variant]}
                if c.variant != baseline and settings not in tried:
                    tried.append(settings)
                    found.setdefault(c.verdict, []).append(c.variant)
    return found


def decision_table() -> Markdown:
    """The course's advice, as a table that a notebook shows: what the stored experiments call clear, and what not.

    Every variant is compared with its baseline by the rule of `compare`; of those that stay unclear, the table only says how
    many there are.
    """
    lines = ["| symptom or question | clearly better | clearly worse | unclear | experiments |", "|---" * 5 + "|"]
    for decision in DECISIONS:
        found = decide(decision)
        cells = ["; ".join(found[verdict]) or "–" for verdict in ("better", "worse")]
        cells.append(f"{len(found['unclear'])} of {sum(map(len, found.values()))}")
        names = ", ".join(f"`{name}`" for name in decision.experiments)
        lines.append(f"| {decision.seen} | {' | '.join(cells)} | {names} |")
    return Markdown("\n".join(lines))
