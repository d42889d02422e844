"""The explorer's widget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from ...data.conditions import first_category
from ...noise import generate_noise
from ...plots import png_bytes
from ...pretrained.cards import ModelCard
from ...translations import shown
from ..panel import Panel, script
from .scene import Source, scene

if TYPE_CHECKING:
    from keras import Model

_STILL = 256  # pixels, about


class Explorer(Panel):
    """What `explorer` returns.

    The page computes the images if it can: then nothing is asked of the kernel, and all works without one.

    Attributes:
        source: the generator.
        scene: what there is: conditions, directions, and where the state starts.
        state: what is shown: "conditions" as numbers by name, "other" and "share" of a mixture, "seed", "truncation" or
            None, "strengths" of the directions, and "pins", such states without pins. Assign to it to show something else.
    """

    _esm = script("explorer")
    prefix = "ex"

    scene = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    network = traitlets.Dict(allow_none=True).tag(sync=True)
    weights = traitlets.Bytes().tag(sync=True)

    def __init__(self, source: Source, scene: dict[str, Any]) -> None:
        self.source, network = source, source.network
        sent = {"network": network.wiring, "weights": network.packed} if network else {"network": None}
        super().__init__(scene=scene, state={**scene["start"], "pins": []}, alone=network is not None, **sent)
        self.on_msg(self._draw)

    def image(self) -> np.ndarray:
        """The image that is shown, float32 (height, width, channels)."""
        return self.source.images([self._inputs()])[0]

    def still(self) -> bytes:
        return png_bytes(self.image()[np.newaxis], scale=max(1, round(_STILL / self.scene["imageShape"][1])))

    def description(self) -> str:
        known, values = self.source.card.conditions, self.state["conditions"]
        told = {n: f"{values[n]:g}" if c.is_range else shown(c.categories[values[n]]) for n, c in known.items()}
        parts = [f"{shown(name)} {value}" for name, value in told.items()]
        what = ", ".join([*parts, f"{self.words['noise']} {self.state['seed']}"])
        return self.words["picture"].format(what=what)

    def _inputs(self) -> dict[str, Any]:
        """What the network is asked, as the page makes it of the state."""
        state, size = self.state, self.scene["latentDim"]
        noise = generate_noise(1, size, state["seed"], state["truncation"])[0]
        for strength, direction in zip(state["strengths"], self.scene["directions"]):
            noise = noise + np.float32(strength) * np.float32(direction["vector"])
        asked = dict(state["conditions"])
        first = first_category(self.source.card.conditions)
        if first and state["share"] and state["other"] != asked[first.name]:
            asked[first.name] = {asked[first.name]: 1 - state["share"], state["other"]: state["share"]}
        return {"noise": noise, **asked}

    def _draw(self, _: Any, content: dict[str, Any], buffers: Any) -> None:
        """The page asks for images that it cannot compute. It always gets an answer, after an error an empty one."""
        answer = []
        with self.errors_shown():
            answer = [np.ascontiguousarray(self.source.images(content["inputs"]), "<f4").tobytes()]
        self.send({"drawn": content["draw"]}, answer)


def explorer(
    generator: Model | str, card: ModelCard | None = None, *, directions: Mapping[str, ArrayLike] | None = None,
    seed: int = 6, **start: Any,
) -> Explorer:  # fmt: skip
    """Everything that a generator can be asked for, under the hand: conditions, mixtures, noise, directions, a film.

    Args:
        generator: a model, or the name of one that ships; by name it is there at once, without TensorFlow.
        card: the model's; a name needs none.
        directions: vectors (latent_dim,) by name, which sliders add to the noise, each scaled to length 1; by default the
            four `principal_directions`.
        seed: of the noise that is shown first, 0 to 999.
        start: the conditions that are shown first, such as label="bag" or role="pilot", tone=2.

    Returns a widget, see `Explorer`: its `state` tells what is shown, and `image()` gives it. Raises ValueError for a
    condition or a value that the generator does not know.

    Example:
        >>> import gan_tutorial as gt
        >>> gt.explorer("cgan_fashion_mnist", label="bag").image().shape
        (28, 28, 1)
        >>> generator = gt.build_generator(8, (16, 16, 1), num_classes=2, width=4)
        >>> card = gt.ModelCard("build_generator", {"num_classes": 2}, class_names=["dark", "light"])
        >>> gt.explorer(generator, card, label="light").state["conditions"]
        {'label': 1}
    """
    source = Source.open(generator, card)
    return Explorer(source, scene(source, directions, seed, start))
