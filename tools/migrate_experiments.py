"""Rename settings and numbers of version 0.1 in stored experiments; values stay as they are.

Usage:
    python tools/migrate_experiments.py             # the files in data/experiments
    python tools/migrate_experiments.py FOLDER      # results of your own
    python tools/migrate_experiments.py --check     # change nothing; exit status 1 if a file has old names
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

SETTINGS = {
    "generator_rate": "generator_learning_rate",
    "discriminator_rate": "discriminator_learning_rate",
    "half_rate_steps": "decay_steps",
}
NUMBERS = {"hopping": "mode_switch_rate", "memory": "generalization_gap", "augmentation": "augmentation_probability"}
NOTE = "names of 0.1 renamed by tools/migrate_experiments.py"


def migrate(result: dict[str, Any]) -> dict[str, Any]:
    """The result of an experiment under today's names; an equal one if it has them already."""
    renamed = {
        **result,
        "answer": NUMBERS.get(result["answer"], result["answer"]),
        "base": _rename(result["base"], SETTINGS),
        "variants": {name: _rename(changes, SETTINGS) for name, changes in result["variants"].items()},
        "rows": [_rename(row, NUMBERS) for row in result["rows"]],
    }
    return renamed if renamed == result else {**renamed, "migrated": NOTE}


def _rename(content: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(key, key): value for key, value in content.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parents[1] / "data" / "experiments")
    parser.add_argument("--check", action="store_true", help="change nothing; exit status 1 if a file has old names")
    options = parser.parse_args()
    old = []
    for path in sorted(options.folder.glob("*.json")):
        result = json.loads(path.read_text(encoding="utf-8"))
        migrated = migrate(result)
        if migrated != result:
            old.append(path.name)
            if not options.check:
                path.write_text(json.dumps(migrated, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{'old names in' if options.check else 'migrated'}: {', '.join(old) or 'none'}")
    return 1 if options.check and old else 0


if __name__ == "__main__":
    raise SystemExit(main())
