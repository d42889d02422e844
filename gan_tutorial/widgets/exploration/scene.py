"""What an explorer shows, ready to be sent to a page: conditions, directions, and the network if the page can compute it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ...data.conditions import Condition, first_category
from ...network import Network, describe, run
from ...pretrained.cards import ModelCard, load_card
from ...pretrained.storage import generator_stem, list_pretrained, read_arrays, weights_folder
from ...translations import STRINGS, offered, shown
from .ways import leading_directions

if TYPE_CHECKING:
    from keras import Model

_DIRECTIONS = 4


@dataclass
class Source:
    """A generator that is explored: its card, and what computes its images, a `Network` or else the Keras model.

    `obstacle` says why it is no `Network`, so that a page cannot compute it.
    """

    card: ModelCard
    network: Network | None = None
    model: Model | None = None
    obstacle: str = ""

    @classmethod
    def open(cls, generator: Model | str, card: ModelCard | None) -> Source:
        """From a model and its card or, without TensorFlow, from the name of a generator that ships."""
        if not isinstance(generator, str):
            if card is None:
                raise ValueError("a model needs its card: gt.explorer(generator, card)")
            try:
                return cls(card, describe(generator))
            except ValueError as problem:  # the kernel computes
                return cls(card, model=generator, obstacle=str(problem))
        stem = generator_stem(generator)
        if not Path(f"{stem}.network.json").is_file():  # of layers that no page knows
            from ...pretrained import load_model

            return cls.open(*load_model(stem))
        card = load_card(stem)
        return cls(card, Network.load(f"{stem}.network.json", read_arrays(stem, card)))

    @property
    def latent_dim(self) -> int:
        if self.network:
            return next(
                layer["shape"][0] for layer in self.network.layers if layer["shape"] and layer["kind"] == "input"
            )
        from ...models import interface

        return interface.latent_dim(self.model)

    @property
    def mixable(self) -> bool:
        """Whether categories of the first condition that has some can be mixed: it has a table of embeddings."""
        first = first_category(self.card.conditions)
        layers = getattr(self.model, "layers", [])
        return first is not None and (
            self.network is not None or any(layer.name == f"{first.name}_embedding" for layer in layers)
        )

    def principal_directions(self) -> np.ndarray:
        """As the function does; none for a model without the layer that they come from."""
        if self.network:
            named = {name for layer in self.network.layers if layer["kind"] == "dense" for name in layer["weights"][:1]}
            kernel = self.network.arrays["seed_map/kernel"] if "seed_map/kernel" in named else None
        else:
            found = [layer for layer in getattr(self.model, "layers", []) if layer.name == "seed_map"]
            kernel = found[0].get_weights()[0] if found else None
        none = np.zeros((0, self.latent_dim), np.float32)
        return none if kernel is None else leading_directions(kernel[: self.latent_dim], _DIRECTIONS)

    def images(self, inputs: list[dict[str, Any]]) -> np.ndarray:
        """Images (n, height, width, channels) for inputs as the page makes them: noise, and conditions as numbers or shares."""
        noise, known = np.asarray([each["noise"] for each in inputs], np.float32), self.card.conditions
        if self.network:
            asked = {name: np.stack([_column(c, each[name]) for each in inputs]) for name, c in known.items()}
            return run(self.network, {"noise": noise, **asked})
        from ...sampling import generate_images

        columns: dict[str, Any] = {name: [each[name] for each in inputs] for name in known}
        if not any(isinstance(value, Mapping) for values in columns.values() for value in values):
            return generate_images(self.model, noise=noise, **columns)
        return np.concatenate([self._mixed(noise[i : i + 1], each) for i, each in enumerate(inputs)])

    def _mixed(self, noise: np.ndarray, asked: dict[str, Any]) -> np.ndarray:
        from ...sampling import generate_images
        from .ways import mix_categories

        first, shares = first_category(self.card.conditions), None
        values = {name: asked[name] for name in self.card.conditions}
        if first and isinstance(values[first.name], Mapping):
            shares = {int(category): [share] for category, share in values.pop(first.name).items()}
        # Only the first can be mixed; of the others the larger share counts.
        values = {
            name: int(max(v, key=lambda category: v[category])) if isinstance(v, Mapping) else v
            for name, v in values.items()
        }
        if shares:
            return mix_categories(self.model, noise, shares, **values)
        return generate_images(self.model, noise=noise, **values)


def _column(condition: Condition, value: Any) -> np.ndarray:
    """A number of a range as it is, a category as its share of one, (categories,)."""
    if condition.is_range:
        return np.float32(value)
    shares = value if isinstance(value, Mapping) else {value: 1}
    row = np.zeros(len(condition.categories), np.float32)
    row[[int(category) for category in shares]] = [*shares.values()]
    return row


def scene(
    source: Source, directions: Mapping[str, ArrayLike] | None, seed: int, start: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything that the page has to know, but for the network. Raises ValueError for what the generator does not know."""
    known = source.card.conditions
    if strange := [name for name in start if name not in known]:
        raise ValueError(f"this generator takes no {strange[0]}; its conditions: {', '.join(known) or 'none'}")
    if not 0 <= seed < 1000:
        raise ValueError(f"the seed of the noise goes from 0 to 999 here, not {seed}")
    named = _principal(source) if directions is None else _unit(directions, source.latent_dim)
    chosen = {name: _start(condition, start.get(name)) for name, condition in known.items()}
    first = first_category(known)
    other = (int(chosen[first.name]) + 1) % len(first.categories) if first else 0
    return {
        "conditions": [_condition(condition) for condition in known.values()],
        "latentDim": source.latent_dim,
        "imageShape": list(source.card.image_shape),
        "directions": [{"name": name, "vector": vector.tolist()} for name, vector in named.items()],
        "principal": directions is None,
        "mixable": source.mixable,
        "loader": _loader(source.card),
        "start": {"conditions": chosen, "other": other, "share": 0, "seed": seed, "truncation": None, "strengths": [0] * len(named)},
    }  # fmt: skip


def _principal(source: Source) -> dict[str, np.ndarray]:
    text = STRINGS["ex_direction"]
    return {text.format(number=k): vector for k, vector in enumerate(source.principal_directions(), start=1)}


def _unit(directions: Mapping[str, ArrayLike], latent_dim: int) -> dict[str, np.ndarray]:
    """The same directions, each of length 1."""
    arrays = {name: np.asarray(vector, np.float32) for name, vector in directions.items()}
    for name, vector in arrays.items():
        if vector.shape != (latent_dim,) or not np.isfinite(vector).all() or not vector.any():
            problem = f"has the shape {vector.shape}" if vector.shape != (latent_dim,) else "is zero or not finite"
            raise ValueError(f"the direction {name!r} must be a vector of {latent_dim} numbers, but it {problem}")
    return {name: vector / np.linalg.norm(vector) for name, vector in arrays.items()}


def _start(condition: Condition, value: Any) -> float:
    if value is not None:
        return condition.numbers(value).item()
    return (condition.low + condition.high) / 2 if condition.is_range else 0


def _condition(condition: Condition) -> dict[str, Any]:
    """A condition by the names that code has, "name" and "categories", and by those that people read.

    "text" and "told" are for sentences, "label" and "offered" for where one chooses.
    """
    name, categories = condition.name, condition.categories
    return {
        "name": name, "text": shown(name).replace("_", " "), "label": offered(name).replace("_", " "),
        "categories": list(categories), "told": [*map(shown, categories)], "offered": [*map(offered, categories)],
        "knots": condition.knots.tolist() if condition.is_range else [], "low": condition.low, "high": condition.high,
    }  # fmt: skip


def _loader(card: ModelCard) -> str | None:
    """Python that loads this very generator, if it ships."""
    if card.name not in list_pretrained() or load_card(weights_folder() / card.name).sha256 != card.sha256:
        return None
    return f'gt.load_pretrained("{card.name}")'
