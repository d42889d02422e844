"""Which drawings are held out from training. Part of tools/make_portraits.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np

CONDITIONS = ("style", "role", "gender", "tone")
#: Roles that are held out whole: for what needs people whom no training has seen.
NEW_ROLES = ("judge", "artist", "vampire", "mechanic")
#: Share of the combinations, and of the things, that are held out.
SHARE = 0.1
_SEED = 0


def choose_splits(rows: Sequence[dict]) -> list[str]:
    """ "new_roles", "test" or "train" for each portrait.

    "test" is a tenth of the combinations of style, role, gender and tone, drawn at random, passing over those that would
    take from training the last example but one of a pair of values.
    """
    splits = ["new_roles" if row["role"] in NEW_ROLES else "train" for row in rows]
    candidates = [i for i, split in enumerate(splits) if split == "train" and rows[i]["face"] == "seen"]
    left = Counter(pair for i in candidates for pair in _pairs(rows[i]))
    wanted = round(SHARE * len(candidates))
    for i in np.random.default_rng(_SEED).permutation(candidates):
        pairs = _pairs(rows[i])
        if wanted and all(left[pair] > 2 for pair in pairs):
            splits[i], wanted = "test", wanted - 1
            left.subtract(pairs)
    return splits


def choose_pair_splits(rows: Sequence[dict]) -> list[str]:
    """ "test" for a tenth of the things, in all their styles, and "train" for the others."""
    codes = sorted({row["code"] for row in rows})
    held_out = set(np.random.default_rng(_SEED).permutation(codes)[: round(SHARE * len(codes))])
    return ["test" if row["code"] in held_out else "train" for row in rows]


def _pairs(row: dict) -> list[tuple]:
    return [(a, row[a], b, row[b]) for a, b in combinations(CONDITIONS, 2)]
