"""Benches for translators: outlines to be filled, and things from one style to another."""

from __future__ import annotations

from .. import quiet

quiet.import_tensorflow()

from collections.abc import Mapping, Sequence

import numpy as np
from keras import Model
from matplotlib.figure import Figure

from ..data import draw_outlines, draw_shapes
from ..data.shapes import COLOURS, SHAPES
from ..sampling import translate
from ..translations import figure_name, figure_words
from .benches import Bench, bench
from .figures import show_grid

WORDS = figure_words()


def translation_lab(translator: Model) -> Bench:
    """Choose an outline and noise, see it filled by a translator such as `load_pretrained("pix2pix_shapes")`."""

    def draw(kind: str, size: float = 0.6, rotation: float = 0.6, noise: int = 1) -> tuple[np.ndarray, str]:
        # Any colour will do: an outline is white.
        outline = draw_outlines(draw_shapes([SHAPES.index(kind)], [0], [size], [rotation]))
        images = np.concatenate([outline, translate(translator, outline, noise)])
        return images, WORDS["lab_translation_text"].format(kind=figure_name(kind))

    controls = {"kind": list(SHAPES), "size": (0.0, 1.0, 0.02), "rotation": (0.0, 1.0, 0.02), "noise": (0, 999, 1)}
    return bench(WORDS["lab_translation"], draw, **controls)


def style_lab(
    translators: Mapping[tuple[str, str], Mapping[str, Model]], styles: Mapping[str, np.ndarray], names: Sequence[str]
) -> Bench:
    """Choose a thing, or draw a shape, and a direction: source, translations, and the true drawing if there is one.

    Args:
        translators: for each direction, (source, target), the networks by the name of their method.
        styles: by the name of a style its drawings (n, 64, 64, 3) in [-1, 1] of the same things.
        names: of the n things.
    """
    own = WORDS["lab_own"]
    directions = {f"{source} → {target}": (source, target) for source, target in translators}
    things = {**{name: place for place, name in enumerate(names)}, own: None}

    def draw(
        direction: tuple[str, str] = next(iter(translators)), thing: int | None = 0, kind: str = SHAPES[0],
        colour: str = "red", size: float = 0.8, rotation: float = 0.0,
    ) -> tuple[Figure, str]:  # fmt: skip
        source, target = direction
        if thing is None:
            shape = [SHAPES.index(kind)], [list(COLOURS).index(colour)], [size], [rotation]
            picture = draw_shapes(*shape, background=1.0)
        else:
            picture = styles[source][thing : thing + 1]
        shown = {WORDS["lab_source"].format(style=source): picture}
        shown |= {method: translate(network, picture) for method, network in translators[direction].items()}
        if thing is not None:
            shown[WORDS["lab_truth"].format(style=target)] = styles[target][thing : thing + 1]
        # Always as wide as the most that there is to show, so that nothing jumps.
        most = 2 + max(map(len, translators.values()))
        figure = Figure(figsize=(1.9 * most, 2.2))
        for place, (title, image) in enumerate(shown.items()):
            show_grid(figure.add_axes((place / most, 0.01, 0.95 / most, 0.86)), image, title=title)
        methods = WORDS["list_and"].join(translators[direction])
        truth = WORDS["lab_style_no_truth" if thing is None else "lab_style_truth"]
        name = own if thing is None else names[thing]
        return figure, WORDS["lab_style_text"].format(
            thing=name, source=source, target=target, methods=methods, truth=truth
        )

    controls = {"kind": list(SHAPES), "colour": list(COLOURS), "size": (0.0, 1.0, 0.02), "rotation": (0.0, 1.0, 0.02)}
    return bench(WORDS["lab_style"], draw, direction=directions, thing=things, **controls)
