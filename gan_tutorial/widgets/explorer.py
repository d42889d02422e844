"""The explorer: sliders for everything a generator can be asked for."""

import ipywidgets as widgets
import keras
import numpy as np

from ..captions import CAPTIONS
from ..data import label_of
from ..plots import png_bytes
from ..sampling import generate_images, generate_noise, interpolate, truncate

_DIRECTIONS = 4
_CRISP = "gan-tutorial-crisp"
_STYLE = widgets.HTML(f"<style>.{_CRISP} {{image-rendering: pixelated; border-radius: 4px}}</style>")


def principal_directions(generator, count=_DIRECTIONS):
    """Directions in the noise that change the generator's first layer most: (count, latent_dim).

    They are the leading left singular vectors of the first dense layer's
    weights, each of length 1, in order of strength.
    """
    latent_dim = generator.inputs[0].shape[-1]
    kernel = generator.get_layer("seed_map").get_weights()[0][:latent_dim]
    left, _, _ = np.linalg.svd(kernel, full_matrices=False)
    return left.T[:count].astype(np.float32)


def split_at_label(generator):
    """A generator that takes the embedded label, and the table of the embeddings.

    From the embedding on, a generator is a smooth function of it: so labels
    can be mixed. Returns (model, float32 (num_classes, k)); the model's inputs
    are noise, attributes if there are any, and embedding (b, k).
    """
    embedding = generator.get_layer("label_embedding")
    others = [tensor for tensor in generator.inputs if tensor.name != "label"]
    return keras.Model([*others, embedding.output], generator.output), embedding.get_weights()[0]


def morph_labels(generator, noise, label, other_label, shares):
    """Images between two labels: one noise (1, latent_dim), several shares of the other label.

    Returns float32 images (len(shares), height, width, channels) in [-1, 1].
    """
    inner, table = split_at_label(generator)
    shares = np.float32(shares)[:, np.newaxis]
    mixed = (1 - shares) * table[label] + shares * table[other_label]
    return inner.predict_on_batch([np.repeat(noise, len(shares), 0), mixed])


def explorer(generator, card, label=0):
    """Sliders for a generator: label, noise, directions, truncation, attributes, morphing.

    Args:
        generator: a Keras model as `load_pretrained` or training gives it.
        card: dict with "class_names" (None for an unconditional generator)
            and "attributes", as `load_pretrained` gives it.
        label: the class shown first, by name or number.

    Returns a widget. Its `controls` hold each control by name, and
    `controls["picture"].value` the PNG bytes of the chosen image.
    """
    names = card.get("class_names")
    controls = _controls(generator, names, card.get("attributes", ()), label_of(label, names) if names else None)
    draw = _painter(generator, names, controls)

    def redraw(change=None):
        controls["picture"].value, strip = draw()
        if strip:
            controls["strip"].value = strip

    for name, control in controls.items():
        if isinstance(control, widgets.ValueWidget) and name not in ("picture", "strip"):
            control.observe(redraw, "value")
    controls["randomize"].on_click(lambda _: _set(controls["noise"], np.random.default_rng().integers(1000)))
    controls["reset"].on_click(lambda _: _reset(controls))
    redraw()
    return _arrange(controls)


def _controls(generator, names, attributes, label):
    def slider(caption, low, high, value, step=0.05, **words):
        return widgets.FloatSlider(
            value, min=low, max=high, step=step, description=CAPTIONS[caption].format(**words),
            readout_format=".2f", style={"description_width": "90px"}, layout={"width": "360px"},
        )  # fmt: skip

    controls = {}
    if names:
        options = [(name, number) for number, name in enumerate(names)]
        shape = {"style": {"description_width": "90px"}, "layout": {"width": "360px"}}
        controls["label"] = widgets.Dropdown(options=options, value=label, description=CAPTIONS["label"], **shape)
        controls["other_label"] = widgets.Dropdown(
            options=options, value=(label + 1) % len(names), description=CAPTIONS["other_label"], **shape
        )
        controls["morph_label"] = slider("morph_label", 0, 1, 0, 0.02)
    controls["noise"] = _seed_slider("noise", 1)
    controls["other_noise"] = _seed_slider("other_noise", 2)
    controls["morph_noise"] = slider("morph_noise", 0, 1, 0, 0.02)
    controls["truncation"] = slider("truncation", 0.2, 3, 3)
    for number in range(1, _DIRECTIONS + 1):
        controls[f"direction_{number}"] = slider("direction", -5, 5, 0, 0.1, number=number)
    for name in attributes:
        controls[f"attribute_{name}"] = slider("attribute", 0, 1, 0.5, 0.02, name=name)
    controls["randomize"] = widgets.Button(description=CAPTIONS["randomize"], icon="random")
    controls["reset"] = widgets.Button(description=CAPTIONS["reset"], icon="undo")
    size = generator.output_shape[1]
    side = 336 if size <= 48 else 320
    controls["picture"] = widgets.Image(format="png", layout={"width": f"{side}px", "height": f"{side}px"})
    controls["strip"] = widgets.Image(format="png", layout={"max_width": "760px"})
    for name in ("picture", "strip"):
        controls[name].add_class(_CRISP)
    return controls


def _seed_slider(name, value):
    return widgets.IntSlider(
        value, min=0, max=999, description=CAPTIONS[name], style={"description_width": "90px"},
        layout={"width": "360px"},
    )  # fmt: skip


def _painter(generator, names, controls):
    """A function that reads the controls and returns the PNGs of picture and strip."""
    latent_dim = generator.inputs[0].shape[-1]
    directions = principal_directions(generator)
    attributes = [name for name in controls if name.startswith("attribute_")]
    if names:
        inner, table = split_at_label(generator)

    def value(name):
        return controls[name].value

    def draw():
        z = truncate(generate_noise(1, latent_dim, value("noise")), value("truncation"))
        if value("morph_noise"):
            other = truncate(generate_noise(1, latent_dim, value("other_noise")), value("truncation"))
            z = interpolate(z[0], other[0], value("morph_noise"))
        strengths = np.array([value(f"direction_{k + 1}") for k in range(_DIRECTIONS)])
        z = (z + strengths @ directions).astype(np.float32)
        if not names:
            return png_bytes(generate_images(generator, noise=z)), None
        mix = value("morph_label")
        chosen = (1 - mix) * table[value("label")] + mix * table[value("other_label")]
        # The chosen image and, with the same noise, one of every label.
        embeddings = np.concatenate([chosen[np.newaxis], table])
        n = len(embeddings)
        parts = [z.repeat(n, 0)]
        if attributes:
            parts.append(np.tile(np.float32([value(name) for name in attributes]), (n, 1)))
        images = inner.predict_on_batch([*parts, embeddings])
        columns = 10 if n <= 11 else 12
        return png_bytes(images[:1]), png_bytes(images[1:], columns, scale=2 if images.shape[1] <= 48 else 1)

    return draw


def _arrange(controls):
    left = [control for name, control in controls.items() if name not in ("picture", "strip", "randomize", "reset")]
    buttons = widgets.HBox([controls["randomize"], controls["reset"]])
    rows = [_STYLE, widgets.HBox([widgets.VBox([*left, buttons]), controls["picture"]], layout={"grid_gap": "24px"})]
    if "label" in controls:
        rows += [widgets.HTML(f"<small>{CAPTIONS['all_labels']}</small>"), controls["strip"]]
    box = widgets.VBox(rows)
    box.controls = controls
    return box


def _set(control, value):
    control.value = int(value)


def _reset(controls):
    for name, control in controls.items():
        if name.startswith(("direction_", "morph_")):
            control.value = 0
        elif name.startswith("attribute_"):
            control.value = 0.5
    controls["truncation"].value = controls["truncation"].max
