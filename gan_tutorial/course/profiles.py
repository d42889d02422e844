"""The quick profile says that it is quick, under each cell that it shortens."""

from __future__ import annotations

import re
from typing import Any

from IPython import get_ipython
from IPython.display import display

from ..data.validation import find
from ..translations import STRINGS

#: How long the notebooks train: "full" is the course, "quick" is for tests and for a first look.
PROFILES = {"full": False, "quick": True}


def is_quick(profile: str) -> bool:
    """Whether a notebook's profile is "quick". In a notebook, cells that ask for `quick` then say so below their outputs.

    Raises ValueError for another name.

    Example:
        >>> is_quick("full")
        False
    """
    quick = find("profile", profile, PROFILES)
    if quick and (shell := get_ipython()):
        shell.events.register("post_run_cell", _remind)
    return quick


def _remind(result: Any) -> None:
    source = result.info.raw_cell or ""
    if result.success and re.search(r"\bquick\b", re.sub(r"#.*", "", source)):
        words = STRINGS["profile_quick_set" if "is_quick" in source else "profile_quick"]
        display({"text/plain": words, "text/html": f'<p role="note"><em>{words}</em></p>'}, raw=True)
