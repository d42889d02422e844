"""The explorer: sliders for everything a generator can be asked for."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
from keras import Model
from numpy.typing import ArrayLike

from ..data import label_of
from ..models.interface import latent_dim
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


def split_at_label(generator: Model) -> tuple[Model, np.ndarray]:
    """A generator that takes the embedded label, of which it is a smooth function: so labels can be mixed.

    Returns (model, embeddings); the model's inputs are noise, attributes if there are any, and embedding (b, k); the
    embeddings of all labels are float32 (num_classes, k).
    """
    embedding = generator.get_layer("label_embedding")
    others = [tensor for tensor in generator.inputs if tensor.name != "label"]
    return Model([*others, embedding.output], generator.output), embedding.get_weights()[0]


def morph_labels(generator: Model, noise: np.ndarray, label: int, other_label: int, shares: ArrayLike) -> np.ndarray:
    """Images between two labels, float32 in [-1, 1]: one noise (1, latent_dim), several shares of the other label."""
    inner, table = split_at_label(generator)
    shares = np.asarray(shares, np.float32)[:, np.newaxis]
    mixed = (1 - shares) * table[label] + shares * table[other_label]
    return inner.predict_on_batch([np.repeat(noise, len(shares), 0), mixed])


def explorer(generator: Model, card: ModelCard, label: str | int = 0) -> widgets.VBox:
    """Sliders for a generator: label, noise, directions, truncation, attributes, morphing.

    `card`, the generator's, gives `class_names` (None for an unconditional generator) and `attributes`; `label` is the class
    shown first, by name or number. Returns a widget: its `controls` hold each control by name, and
    `controls["picture"].value` the PNG bytes of the chosen image.

    Example:
        >>> import gan_tutorial as gt
        >>> generator = gt.build_generator(8, (16, 16, 1), num_classes=2, width=4)
        >>> card = gt.ModelCard("build_generator", {}, class_names=["dark", "light"])
        >>> gt.explorer(generator, card, label="light").controls["label"].value
        1
    """
    names = card.class_names
    sliders = _sliders(names, card.attributes, label_of(label, names) if names else 0)
    defaults = {slider: slider.value for slider in sliders.values() if isinstance(slider, widgets.FloatSlider)}
    randomize, reset = (
        widgets.Button(description=STRINGS[name], icon=icon)
        for name, icon in (("randomize", "random"), ("reset", "undo"))
    )
    side = "336px" if generator.output_shape[1] <= 48 else "320px"
    picture = widgets.Image(format="png", layout={"width": side, "height": side}).add_class(_CRISP)
    strip = widgets.Image(format="png", layout={"max_width": "760px"}).add_class(_CRISP)
    draw = _painter(generator, bool(names))

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
    if names:
        rows += [widgets.HTML(f"<small>{STRINGS['all_labels']}</small>"), strip]
    box = widgets.VBox(rows)
    box.controls = {**sliders, "randomize": randomize, "reset": reset, "picture": picture, "strip": strip}
    return box


def _sliders(names: Sequence[str] | None, attributes: Sequence[str], label: int) -> dict[str, Any]:
    """What the picture depends on, by name."""
    sliders: dict[str, Any] = {}

    def add(key: str, low: float, high: float, value: float, step: float, text: str = "") -> None:
        options = {"description": text or STRINGS[key], "readout_format": ".2f", **_SHAPE}
        sliders[key] = widgets.FloatSlider(value, min=low, max=high, step=step, **options)

    if names:
        options = [(name, number) for number, name in enumerate(names)]
        for key, value in (("label", label), ("other_label", (label + 1) % len(names))):
            sliders[key] = widgets.Dropdown(options=options, value=value, description=STRINGS[key], **_SHAPE)
        add("morph_label", 0, 1, 0, 0.02)
    for key, value in (("noise", 1), ("other_noise", 2)):
        sliders[key] = widgets.IntSlider(value, min=0, max=999, description=STRINGS[key], **_SHAPE)
    add("morph_noise", 0, 1, 0, 0.02)
    add("truncation", 0.2, 3, 3, 0.05)
    for number in range(1, _DIRECTIONS + 1):
        add(f"direction_{number}", -5, 5, 0, 0.1, STRINGS["direction"].format(number=number))
    for name in attributes:
        add(f"attribute_{name}", 0, 1, 0.5, 0.02, STRINGS["attribute"].format(name=name))
    return sliders


def _painter(generator: Model, conditional: bool) -> Callable[[dict[str, Any]], tuple[bytes, bytes]]:
    """A function from the sliders' values to the PNGs of picture and strip (of none, without labels)."""
    size, directions = latent_dim(generator), principal_directions(generator)
    if conditional:
        inner, table = split_at_label(generator)

    def draw(values: dict[str, Any]) -> tuple[bytes, bytes]:
        z, other = (
            truncate(generate_noise(1, size, values[name]), values["truncation"]) for name in ("noise", "other_noise")
        )
        if values["morph_noise"]:
            z = interpolate(z, other, values["morph_noise"])
        strengths = np.array([values[f"direction_{k + 1}"] for k in range(_DIRECTIONS)])
        z = (z + strengths @ directions).astype(np.float32)
        if not conditional:
            return png_bytes(generate_images(generator, noise=z)), b""
        mix = values["morph_label"]
        chosen = (1 - mix) * table[values["label"]] + mix * table[values["other_label"]]
        # The chosen image and, with the same noise, one of every label.
        embeddings = np.concatenate([chosen[np.newaxis], table])
        n = len(embeddings)
        inputs = [z.repeat(n, 0), embeddings]
        if attributes := [value for name, value in values.items() if name.startswith("attribute_")]:
            inputs.insert(1, np.tile(np.array(attributes, np.float32), (n, 1)))
        images = inner.predict_on_batch(inputs)
        scale = 2 if images.shape[1] <= 48 else 1
        return png_bytes(images[:1]), png_bytes(images[1:], columns=10 if n <= 11 else 12, scale=scale)

    return draw
