"""One HTML file with an explorer in it: it needs no kernel, no network and no server."""

from __future__ import annotations

import base64
import html
import json
from string import Template
from typing import Any

from ..translations import STRINGS, language
from ..widgets.exploration import Explorer
from ..widgets.panel import script

_PAGE = Template("""<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>$style</style>
</head>
<body class="gt-page">
<main>
<h1>$title</h1>
<p>$about</p>
<div id="explorer"></div>
</main>
<script type="application/json" id="traits">$traits</script>
<script type="application/octet-stream" id="weights">$weights</script>
<script>$script</script>
</body>
</html>
""")


def explorer_page(explorer: Explorer) -> str:
    """The page, as HTML, with the explorer as it is now. Raises ValueError if only a kernel can compute its images.

    Example:
        >>> import gan_tutorial as gt
        >>> explorer_page(gt.explorer("gan_fashion_mnist"))[:15]
        '<!doctype html>'
    """
    if explorer.network is None:
        raise ValueError(f"a page cannot compute this generator: {explorer.source.obstacle}")
    traits: dict[str, Any] = {name: getattr(explorer, name) for name in ("words", "scene", "state", "network")}
    return _PAGE.substitute(
        language=language(),
        title=html.escape(explorer.source.card.name or explorer.words["title"]),
        about=html.escape(STRINGS["page_about"]),
        style=script("page").with_name("style.css").read_text(encoding="utf-8"),
        traits=json_in_page(traits),
        weights=base64.b64encode(explorer.weights).decode(),
        script=script_in_page("page"),
    )


def json_in_page(content: Any) -> str:
    """JSON for a script element, which no text in it can end."""
    return json.dumps(content).replace("<", r"\u003c")


def script_in_page(name: str) -> str:
    """A built script for a script element, which no text in it can end."""
    return script(name).read_text(encoding="utf-8").replace("</script", r"<\/script")
