"""What a notebook has stored, for the tools that show it elsewhere: its pictures, and the captions below them."""

import base64
import re
import struct
from typing import NamedTuple

import nbformat


class Picture(NamedTuple):
    """A stored picture: its bytes, the size in pixels that it asks for, and what it shows, in words."""

    png: bytes
    width: int
    height: int
    alt: str


def picture(output: nbformat.NotebookNode) -> Picture | None:
    """The picture of an output, or None."""
    data, about = output.get("data", {}), output.get("metadata", {}).get("image/png", {})
    if "image/png" not in data:
        return None
    png = base64.b64decode(data["image/png"])
    width, height = struct.unpack(">II", png[16:24])
    alt = about.get("alt") or data.get("text/plain", "")
    return Picture(png, about.get("width", width), about.get("height", height), alt)


def caption(cells: list[nbformat.NotebookNode], cell: nbformat.NotebookNode) -> str:
    """The caption of a cell's picture, without its marks: the text in italics that the next cell begins with."""
    following = cells[cells.index(cell) + 1 :][:1]
    found = re.match(r"\*([^*].*?)\*\n", following[0].source + "\n") if following else None
    return re.sub(r"\[(.*?)\]\(.*?\)|[*`$]", r"\1", found[1]) if found else ""
