"""The explorer: sliders for everything a generator can be asked for."""

import random
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets
import numpy as np
from keras import Model
from numpy.typing import ArrayLike

from ..data import Condition
from ..models.interface import conditions, latent_dim
from ..plots import png_bytes
from ..pretrained.cards import ModelCard
from ..sampling import generate_images, generate_noise, interpolate, truncate
from .strings import STRINGS

_DIRECTIONS = 4
_SHAPE = {"style": {"description_width": "90px"}, "layout": {"width": "360px"}}
_CRISP = "gan-tutorial-crisp"
_STYLE = widgets.HTML(f"<style>.{_CRISP} {{image-rendering: pixelated; border-radius: 4px}}</style>")


def principal_directions(generator: Model, count: int = _DIRECTIONS) -> np.ndarray:
    """Directions in the noise that change the generator's first layer most: (count, latent_dim).

    They are the leading left singular vectors of the first dense layer's weights, each of length 1, in order of strength.
    """
    kernel = generator.get_layer("seed_map").get_weights()[0][: latent_dim(generator)]
    left, _, _ = np.linalg.svd(kernel, full_matrices=False)
    return left.T[:count].astype(np.float32)


def split_at_conditions(generator: Model) -> tuple[Model, dict[str, np.ndarray]]:
    """A generator that takes the embedded categories, of which it is a smooth function: so they can be mixed.

    Returns (model, tables). The model's inputs are those of the generator, in the same order, with an embedding (b, k) in
    place of each category; `tables` holds, by the condition's name, the embeddings of its categories, float32
    (categories, k).
    """
    known = conditions(generator)
    embeddings = {n: generator.get_layer(f"{n}_embedding") for n, c in known.items() if not c.is_range}
    inputs = [embeddings[x.name].output if x.name in embeddings else x for x in generator.inputs]
    return Model(inputs, generator.output), {name: e.get_weights()[0] for name, e in embeddings.items()}


def morph_labels(generator: Model, noise: np.ndarray, label: int, other_label: int, shares: ArrayLike) -> np.ndarray:
    """Images between two labels, float32 in [-1, 1]: one noise (1, latent_dim), several shares of the other label."""
    inner, tables = split_at_conditions(generator)
    shares = np.asarray(shares, np.float32)[:, np.newaxis]
    mixed = (1 - shares) * tables["label"][label] + shares * tables["label"][other_label]
    return inner.predict_on_batch([np.repeat(noise, len(shares), 0), mixed])


def explorer(generator: Model, card: ModelCard, **start: Any) -> widgets.VBox:
    """Menus and sliders for a generator: every condition, noise, directions, truncation, morphing.

    `card` is the generator's; `start` says what is shown first, such as label="bag" or role="pilot", tone=2. Returns a
    widget: its `controls` hold each control by name, and `controls["picture"].value` the PNG bytes of the chosen image.

    Example:
        >>> import gan_tutorial as gt
        >>> generator = gt.build_generator(8, (16, 16, 1), num_classes=2, width=4)
        >>> card = gt.ModelCard("build_generator", {"num_classes": 2}, class_names=["dark", "light"])
        >>> gt.explorer(generator, card, label="light").controls["label"].value
        1
    """
    known = card.conditions
    if strange := [name for name in start if name not in known]:
        raise ValueError(f"this generator takes no {strange[0]}; its conditions: {', '.join(known) or 'none'}")
    sliders = _sliders(known, {name: known[name].numbers(value).item() for name, value in start.items()})
    defaults = {slider: slider.value for slider in sliders.values() if isinstance(slider, widgets.FloatSlider)}
    randomize, reset = (
        widgets.Button(description=STRINGS[name], icon=icon)
        for name, icon in (("randomize", "random"), ("reset", "undo"))
    )
    side = "336px" if generator.output_shape[1] <= 48 else "320px"
    picture = widgets.Image(format="png", layout={"width": side, "height": side}).add_class(_CRISP)
    strip = widgets.Image(format="png", layout={"max_width": "760px"}).add_class(_CRISP)
    draw = _painter(generator, known)

    def redraw(change: Any = None) -> None:
        picture.value, strip.value = draw({name: slider.value for name, slider in sliders.items()})

    def restore(button: widgets.Button) -> None:
        for slider, value in defaults.items():
            slider.value = value

    for slider in sliders.values():
        slider.observe(redraw, "value")
    randomize.on_click(lambda _: sliders["noise"].set_trait("value", random.randrange(1000)))
    reset.on_click(restore)
    redraw()
    left = widgets.VBox([*sliders.values(), widgets.HBox([randomize, reset])])
    rows = [_STYLE, widgets.HBox([left, picture], layout={"grid_gap": "24px"})]
    if shown_in_turn := _first_category(known):
        rows += [widgets.HTML(f"<small>{STRINGS['all_values'].format(name=shown_in_turn)}</small>"), strip]
    box = widgets.VBox(rows)
    box.controls = {**sliders, "randomize": randomize, "reset": reset, "picture": picture, "strip": strip}
    return box


def _first_category(known: Mapping[str, Condition]) -> str | None:
    """The condition that can be morphed, and of which all categories are shown."""
    return next((name for name, condition in known.items() if not condition.is_range), None)


def _sliders(known: Mapping[str, Condition], start: Mapping[str, float]) -> dict[str, Any]:
    """What the picture depends on, by name."""
    sliders: dict[str, Any] = {}

    def add(key: str, low: float, high: float, value: float, step: float, text: str = "") -> None:
        options = {"description": text or STRINGS[key], "readout_format": ".2f", **_SHAPE}
        sliders[key] = widgets.FloatSlider(value, min=low, max=high, step=step, **options)

    def add_menu(key: str, condition: Condition, value: int, text: str) -> None:
        options = [(category, number) for number, category in enumerate(condition.categories)]
        sliders[key] = widgets.Dropdown(options=options, value=value, description=text, **_SHAPE)

    first = _first_category(known)
    for name, condition in known.items():
        text = STRINGS.get(name, name.replace("_", " "))
        if condition.is_range:
            middle, step = (condition.low + condition.high) / 2, (condition.high - condition.low) / 50
            add(name, condition.low, condition.high, start.get(name, middle), step, text)
            continue
        value = int(start.get(name, 0))
        add_menu(name, condition, value, text)
        if name == first:
            add_menu(
                f"other_{name}", condition, (value + 1) % len(condition.categories), STRINGS["other"].format(name=text)
            )
            add(f"morph_{name}", 0, 1, 0, 0.02, STRINGS["morph"].format(name=text))
    for key, value in (("noise", 1), ("other_noise", 2)):
        sliders[key] = widgets.IntSlider(value, min=0, max=999, description=STRINGS[key], **_SHAPE)
    add("morph_noise", 0, 1, 0, 0.02)
    add("truncation", 0.2, 3, 3, 0.05)
    for number in range(1, _DIRECTIONS + 1):
        add(f"direction_{number}", -5, 5, 0, 0.1, STRINGS["direction"].format(number=number))
    return sliders


def _painter(generator: Model, known: Mapping[str, Condition]) -> Callable[[dict[str, Any]], tuple[bytes, bytes]]:
    """A function from the sliders' values to the PNGs of picture and strip (of none, without categories)."""
    size, directions, first = latent_dim(generator), principal_directions(generator), _first_category(known)
    inner, tables = split_at_conditions(generator)

    def draw(values: dict[str, Any]) -> tuple[bytes, bytes]:
        z, other = (
            truncate(generate_noise(1, size, values[name]), values["truncation"]) for name in ("noise", "other_noise")
        )
        if values["morph_noise"]:
            z = interpolate(z, other, values["morph_noise"])
        strengths = np.array([values[f"direction_{k + 1}"] for k in range(_DIRECTIONS)])
        z = (z + strengths @ directions).astype(np.float32)
        if first is None:
            return png_bytes(generate_images(generator, noise=z, **{name: values[name] for name in known})), b""
        # The chosen image and, with the same noise, one of every category.
        mix, table = values[f"morph_{first}"], tables[first]
        chosen = (1 - mix) * table[values[first]] + mix * table[values[f"other_{first}"]]
        n = len(table) + 1
        columns = {name: np.full(n, values[name], np.float32) for name in known}
        columns |= {name: t[[values[name]]].repeat(n, 0) for name, t in tables.items()}
        columns[first] = np.concatenate([chosen[np.newaxis], table])
        images = inner.predict_on_batch([z.repeat(n, 0), *columns.values()])
        scale = 2 if images.shape[1] <= 48 else 1
        return png_bytes(images[:1]), png_bytes(images[1:], columns=10 if n <= 11 else 12, scale=scale)

    return draw
