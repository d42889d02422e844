"""The explorer: sliders for everything a generator can be asked for."""

import functools
import random
from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets
import numpy as np
from keras import Model
from numpy.typing import ArrayLike

from ..data.conditions import Condition, first_category
from ..models import interface
from ..models.interface import latent_dim
from ..plots import png_bytes
from ..pretrained.cards import ModelCard
from ..sampling import complete_conditions, generate_images, generate_noise, interpolate, truncate
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


@functools.lru_cache(maxsize=4)
def _after_embedding(generator: Model, name: str) -> Model:
    """A generator that takes the embedding of a condition, (b, k), of which it is a smooth function, in place of its number."""
    embedded = generator.get_layer(f"{name}_embedding").output
    return Model([embedded if tensor.name == name else tensor for tensor in generator.inputs], generator.output)


def mix_categories(
    generator: Model, noise: np.ndarray, shares: Mapping[Any, ArrayLike], /, **conditions: Any
) -> np.ndarray:
    """Images between the categories of a generator's first condition with categories: float32 (n, height, width, channels).

    Args:
        noise: one for all images, (1, latent_dim).
        shares: how much of a category each image gets, (n,), by its name or number.
        conditions: the others, one value for all images; what is not given is chosen at random, always the same.

    Raises ValueError if there is nothing to mix, or a value is given for the condition that is mixed.

    Example:
        >>> import gan_tutorial as gt
        >>> generator = gt.build_generator(8, (16, 16, 1), conditions={"role": ("cook", "pilot")}, width=4)
        >>> mix_categories(generator, gt.generate_noise(1, 8), {"cook": [1, 0.5, 0], "pilot": [0, 0.5, 1]}).shape
        (3, 16, 16, 1)
    """
    if (first := first_category(interface.conditions(generator))) is None:
        raise ValueError(f"the {generator.name} has no condition with categories that could be mixed")
    if first.name in conditions:
        raise ValueError(f"{first.name} is mixed: its shares say which {first.name} each image shows")
    table = generator.get_layer(f"{first.name}_embedding").get_weights()[0]
    mixed = np.stack([*shares.values()], 1).astype(np.float32) @ table[first.numbers([*shares])]
    asked = complete_conditions(generator, 1, conditions, seed=0)
    inputs = {name: values.repeat(len(mixed)) for name, values in asked.items()} | {first.name: mixed}
    return _after_embedding(generator, first.name).predict_on_batch([noise.repeat(len(mixed), 0), *inputs.values()])


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
    randomize = widgets.Button(description=STRINGS["randomize"], icon="random")
    reset = widgets.Button(description=STRINGS["reset"], icon="undo")
    side = "336px" if generator.output_shape[1] <= 48 else "320px"
    picture = widgets.Image(format="png", layout={"width": side, "height": side}).add_class(_CRISP)
    strip = widgets.Image(format="png", layout={"max_width": "760px"}).add_class(_CRISP)
    directions = principal_directions(generator)

    def redraw(change: Any = None) -> None:
        values = {name: slider.value for name, slider in sliders.items()}
        picture.value, strip.value = _draw(generator, known, directions, values)

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
    if first := first_category(known):
        rows += [widgets.HTML(f"<small>{STRINGS['all_values'].format(name=first.name)}</small>"), strip]
    box = widgets.VBox(rows)
    box.controls = {**sliders, "randomize": randomize, "reset": reset, "picture": picture, "strip": strip}
    return box


def _sliders(known: Mapping[str, Condition], start: Mapping[str, float]) -> dict[str, Any]:
    """What the picture depends on, by name."""
    sliders: dict[str, Any] = {}

    def add(key: str, low: float, high: float, value: float, step: float, text: str = "") -> None:
        options = {"description": text or STRINGS[key], "readout_format": ".2f", **_SHAPE}
        sliders[key] = widgets.FloatSlider(value, min=low, max=high, step=step, **options)

    def add_menu(key: str, condition: Condition, value: int, text: str) -> None:
        options = [(category, number) for number, category in enumerate(condition.categories)]
        sliders[key] = widgets.Dropdown(options=options, value=value, description=text, **_SHAPE)

    first = first_category(known)
    for name, condition in known.items():
        text = STRINGS.get(name, name.replace("_", " "))
        if condition.is_range:
            middle, step = (condition.low + condition.high) / 2, (condition.high - condition.low) / 50
            add(name, condition.low, condition.high, start.get(name, middle), step, text)
            continue
        value = int(start.get(name, 0))
        add_menu(name, condition, value, text)
        if condition is first:
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


def _draw(
    generator: Model, known: Mapping[str, Condition], directions: np.ndarray, values: dict[str, Any]
) -> list[bytes]:
    """The PNGs of picture and strip (of none, without categories) for the sliders' values."""
    z, other = (
        truncate(generate_noise(1, latent_dim(generator), values[name]), values["truncation"])
        for name in ("noise", "other_noise")
    )
    if values["morph_noise"]:
        z = interpolate(z, other, values["morph_noise"])
    strengths = [values[f"direction_{number}"] for number in range(1, _DIRECTIONS + 1)]
    z, asked = (z + strengths @ directions).astype(np.float32), {name: values[name] for name in known}
    if (first := first_category(known)) is None:
        return [png_bytes(generate_images(generator, noise=z, **asked)), b""]
    # The chosen image and, with the same noise, one of every category.
    n, share = len(first.categories), values[f"morph_{first.name}"]
    rows = np.eye(n + 1, n, -1)
    rows[0, asked.pop(first.name)] += 1 - share
    rows[0, values[f"other_{first.name}"]] += share
    images = mix_categories(generator, z, dict(enumerate(rows.T)), **asked)
    scale = 2 if images.shape[1] <= 48 else 1
    return [png_bytes(images[:1]), png_bytes(images[1:], columns=10 if n <= 10 else 12, scale=scale)]
