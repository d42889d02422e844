"""Draw the rooms of the package, notebooks/pictures/rooms.svg: which may import which, and what is in each.

    python -m tools.draw_rooms

A test compares the stored picture with what this draws.
"""

from html import escape

from gan_tutorial.files import write_whole
from tests.browser import ROOT
from tests.test_import import LAYERS

PICTURE = ROOT / "notebooks" / "pictures" / "rooms.svg"
WIDTH, LEFT, ROW, HEIGHT, GAP = 900, 44, 54, 44, 8
#: What is in each room, in about three words; the longer rows have room for no more.
CONTENT = {
    "quiet": "TensorFlow's start-up lines", "files": "nothing is half-written",
    "data": "data sets", "network": "layers for pages", "noise": "for generators", "plots": "figures",
    "presets": "recipes by name", "translations": "English, Chinese",
    "losses": "adversarial, on logits", "models": "generators, discriminators",
    "sampling": "noise in, images out",
    "training": "one loop for every algorithm, a function for each",
    "pretrained": "models that ship, and their cards", "metrics": "formulas, in NumPy",
    "evaluation": "numbers with intervals", "diagnostics": "check a training step",
    "experiments": "several seeds", "pretrained.recipes": "how models were made", "pretrained.translators": "between styles",
    "run_config": "what defines a run", "runs": "a run's folder",
    "widgets": "everything that moves",
    "course": "tasks, questions, quiz", "export": "SavedModel, ONNX, pages",
    "cli": "the command line",
}  # fmt: skip
STYLE = """
  .room { fill: #e8eef7; stroke: #8fa6c8 } .name { fill: #14233c } .what { fill: #42526b } .way { stroke: #42526b; fill: #42526b }
  text { font: 12px system-ui, sans-serif; text-anchor: middle } .name { font: bold 13px ui-monospace, monospace }
  @media (prefers-color-scheme: dark) {
    .room { fill: #1d2b42; stroke: #55709b } .name { fill: #eef3fb } .what { fill: #b9c6da } .way { stroke: #b9c6da; fill: #b9c6da }
  }
"""


def draw() -> str:
    """The picture as SVG, the foundations below."""
    rows = [row for row in reversed(LAYERS) if set(row) <= CONTENT.keys()]
    height = len(rows) * ROW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">',
        f"<style>{STYLE}</style>",
        f'<path class="way" d="M 18 8 V {height - 26}" stroke-width="2"/>',
        f'<path class="way" d="M 11 {height - 28} h 14 l -7 14 z"/>',
        f'<text class="what" transform="translate(36 {height / 2}) rotate(-90)">may import</text>',
    ]
    for level, row in enumerate(rows):
        space, letters = WIDTH - LEFT - GAP * (len(row) - 1) - 1, sum(len(room) + 10 for room in row)
        x, y = float(LEFT), level * ROW + 2
        for room in row:
            width = space * (len(room) + 10) / letters
            middle = x + width / 2
            parts += [
                f'<rect class="room" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{HEIGHT}" rx="6"/>',
                f'<text class="name" x="{middle:.1f}" y="{y + 18}">{escape(room)}</text>',
                f'<text class="what" x="{middle:.1f}" y="{y + 35}">{escape(CONTENT[room])}</text>',
            ]
            x += width + GAP
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    with write_whole(PICTURE) as path:
        path.write_text(draw(), encoding="utf-8", newline="\n")
    print(PICTURE)
