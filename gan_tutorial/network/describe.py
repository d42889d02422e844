"""From a Keras model to a `Network`. It asks layers for their names, so that nothing here imports Keras."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from keras import Layer, Model

#: More than a page should be sent.
MAX_WEIGHTS = 3_000_000

#: Functions that `run` and the page know.
ACTIVATIONS = ("linear", "relu", "leaky_relu", "prelu", "silu", "tanh", "sigmoid")


@dataclass(frozen=True)
class Network:
    """A described model.

    Attributes:
        layers: in the order of computation; the last one's output is the image. Each has its `kind`, `inputs`, numbers of
            earlier layers, the `shape` of its output without the batch, `weights`, names of arrays or None, and what else
            its kind needs.
        arrays: the weights by name, float16 or float32.
    """

    layers: list[dict[str, Any]]
    arrays: Mapping[str, np.ndarray]

    @classmethod
    def load(cls, path: str | Path, arrays: Mapping[str, np.ndarray]) -> Network:
        """A network from the file of its `wiring`, and its arrays by name."""
        return cls(json.loads(Path(path).read_text(encoding="utf-8"))["layers"], arrays)

    @property
    def wiring(self) -> dict[str, Any]:
        """All but the numbers, ready for JSON; says in which order `packed` has the arrays."""
        # Pairs, not an object: notebooks are stored with sorted names, and here the order counts.
        pairs = [[name, list(self.arrays[name].shape)] for name in self._used]
        return {"layers": self.layers, "arrays": pairs, "half": self._is_half}

    @property
    def packed(self) -> bytes:
        """The arrays one after another, little-endian; as float16 if that loses nothing."""
        kind = "<f2" if self._is_half else "<f4"
        return b"".join(self.arrays[name].astype(kind).tobytes() for name in self._used)

    @property
    def _used(self) -> list[str]:
        """Names of the arrays that layers have, each once, in their order."""
        return list(dict.fromkeys(name for layer in self.layers for name in layer["weights"] if name))

    @property
    def _is_half(self) -> bool:
        return all(is_half(array) for array in self.arrays.values())


def is_half(array: np.ndarray) -> bool:
    """Whether float16 can hold all numbers of an array exactly."""
    with np.errstate(over="ignore"):
        return array.dtype == np.float16 or np.array_equal(array, array.astype(np.float16).astype(array.dtype))


def describe(model: Model) -> Network:
    """Describe a functional or sequential Keras model, such as a generator.

    Raises ValueError for a layer that cannot be described, and for more than `MAX_WEIGHTS` weights.

    Example:
        >>> import gan_tutorial as gt
        >>> network = describe(gt.build_generator(8, (16, 16, 1), width=4))
        >>> [layer["kind"] for layer in network.layers][:4]
        ['input', 'dense', 'reshape', 'batch_norm']
    """
    if not getattr(model, "inputs", None):
        raise ValueError(
            f"the layers of {model.name} are not known without a call: only functional models are described"
        )
    if model.count_params() > MAX_WEIGHTS:
        raise ValueError(f"{model.name} has {model.count_params():,} weights, more than {MAX_WEIGHTS:,}")
    graph = getattr(model, "_functional", None) or model  # a Sequential keeps one
    nodes = [node for depth in sorted(graph._nodes_by_depth, reverse=True) for node in graph._nodes_by_depth[depth]]
    place: dict[int, int] = {}
    layers: list[dict[str, Any]] = []
    for node in nodes:
        layer, result = node.operation, node.output_tensors[0]
        kind = type(layer).__name__
        if kind not in _DESCRIBED:
            raise ValueError(f"a layer of kind {kind} ({layer.name}) is not known")
        entry = {"inputs": [place[id(tensor)] for tensor in node.input_tensors], "shape": list(result.shape[1:])}
        details = _DESCRIBED[kind](layer)
        weights = [variable.path if variable is not None else None for variable in details.pop("weights", ())]
        layers.append({**details, **entry, "weights": weights})
        place[id(result)] = len(layers) - 1
        if activation := getattr(layer, "activation", None):
            layers += _activation(getattr(activation, "__name__", "?"), len(layers) - 1, entry["shape"])
            place[id(result)] = len(layers) - 1
    if place[id(graph.outputs[0])] != len(layers) - 1:
        raise ValueError(f"{model.name} has more than one output")
    arrays = {variable.path: variable.numpy() for variable in model.variables if variable.dtype == "float32"}
    return Network(layers, arrays)


def _activation(name: str, source: int, shape: list[int]) -> list[dict[str, Any]]:
    """The layer that a layer's own activation amounts to."""
    _check("activation", name, ACTIVATIONS)
    entry = {"kind": "activation", "function": name, "slope": 0.0, "inputs": [source], "shape": shape, "weights": []}
    return [] if name == "linear" else [entry]


def _check(what: str, value: Any, known: tuple[Any, ...]) -> None:
    if value not in known:
        raise ValueError(f"{what} {value!r} is not known")


def _input(layer: Layer) -> dict[str, Any]:
    return {"kind": "input", "name": layer.name}


def _embedding(layer: Layer) -> dict[str, Any]:
    condition = getattr(layer, "condition", None)
    knots = condition.knots.tolist() if condition is not None and condition.is_range else []
    return {"kind": "embedding", "knots": knots, "weights": [layer.embeddings]}


def _batch_norm(layer: Layer) -> dict[str, Any]:
    _check(f"{layer.name}: axis", layer.axis, (-1, len(layer.input.shape) - 1))
    statistics = [layer.gamma, layer.beta, layer.moving_mean, layer.moving_variance]
    return {"kind": "batch_norm", "epsilon": layer.epsilon, "weights": statistics}


def _convolution(layer: Layer) -> dict[str, Any]:
    plain = {
        "padding": "same",
        "groups": 1,
        "dilation_rate": (1, 1),
        "data_format": "channels_last",
        "output_padding": None,
    }
    for name, value in plain.items():
        _check(f"{layer.name}: {name}", getattr(layer, name, value), (value,))
    kind = "convolution" if type(layer).__name__ == "Conv2D" else "transposed"
    _check(f"{layer.name}: strides", layer.strides, ((1, 1), (2, 2)))
    return {"kind": kind, "stride": layer.strides[0], "weights": [layer.kernel, layer.bias]}


def _upsampling(layer: Layer) -> dict[str, Any]:
    _check(f"{layer.name}: interpolation", layer.interpolation, ("nearest", "bilinear"))
    return {"kind": "upsampling", "factor": list(layer.size), "bilinear": layer.interpolation == "bilinear"}


def _leaky_relu(layer: Layer) -> dict[str, Any]:
    return {"kind": "activation", "function": "leaky_relu", "slope": float(layer.negative_slope)}


def _relu(layer: Layer) -> dict[str, Any]:
    _check(f"{layer.name}: max_value", layer.max_value, (None,))
    _check(f"{layer.name}: threshold", layer.threshold, (0, 0.0))
    return {"kind": "activation", "function": "leaky_relu", "slope": float(layer.negative_slope)}


def _prelu(layer: Layer) -> dict[str, Any]:
    _check(f"{layer.name}: slopes", tuple(layer.alpha.shape), ((1, 1, layer.alpha.shape[-1]),))  # one per channel
    return {"kind": "activation", "function": "prelu", "slope": 0.0, "weights": [layer.alpha]}


def _concatenate(layer: Layer) -> dict[str, Any]:
    _check(f"{layer.name}: axis", layer.axis, (-1, len(layer.output.shape) - 1))
    return {"kind": "concatenate"}


_DESCRIBED: dict[str, Callable[[Layer], dict[str, Any]]] = {
    "InputLayer": _input, "CategoryEmbedding": _embedding, "RangeEmbedding": _embedding, "Embedding": _embedding,
    "Dense": lambda layer: {"kind": "dense", "weights": [layer.kernel, layer.bias]},
    "Reshape": lambda layer: {"kind": "reshape"}, "Flatten": lambda layer: {"kind": "reshape"},
    "Dropout": lambda layer: {"kind": "reshape"}, "Activation": lambda layer: {"kind": "reshape"},
    "Concatenate": _concatenate, "BatchNormalization": _batch_norm, "ReLU": _relu, "LeakyReLU": _leaky_relu,
    "PReLU": _prelu, "Conv2D": _convolution, "Conv2DTranspose": _convolution, "UpSampling2D": _upsampling,
    "Add": lambda layer: {"kind": "add"}, "Multiply": lambda layer: {"kind": "multiply"},
}  # fmt: skip
