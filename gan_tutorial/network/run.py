"""What the page computes, in NumPy: for stills, and to check both against Keras."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .describe import Network

Array = np.ndarray


def run(network: Network, inputs: Mapping[str, Array]) -> Array:
    """Images of a described generator, float32 (n, height, width, channels).

    Args:
        inputs: by name; noise float32 (n, latent_dim), numbers of a range (n,), and categories as numbers (n,) or as how
            much of each there is (n, categories).
    """
    results: list[Array] = []
    for layer in network.layers:
        if layer["kind"] == "input":
            results.append(np.asarray(inputs[layer["name"]]))
            continue
        weights = [network.arrays[name].astype(np.float32) if name else None for name in layer["weights"]]
        results.append(_KINDS[layer["kind"]](layer, [results[i] for i in layer["inputs"]], weights))
    return results[-1]


def _embedding(layer: dict[str, Any], values: list[Array], weights: list[Any]) -> Array:
    x, (table,) = values[0], weights
    if knots := layer["knots"]:
        shares = 1 - np.abs(x[:, np.newaxis] - np.float32(knots)) / (knots[1] - knots[0])
        return np.maximum(shares, 0).astype(np.float32) @ table
    return table[x] if x.ndim == 1 else x.astype(np.float32) @ table


def _dense(layer: dict[str, Any], values: list[Array], weights: list[Any]) -> Array:
    kernel, bias = weights
    return values[0] @ kernel + (0 if bias is None else bias)


def _reshape(layer: dict[str, Any], values: list[Array], weights: list[Any]) -> Array:
    return values[0].reshape(-1, *layer["shape"])


def _batch_norm(layer: dict[str, Any], values: list[Array], weights: list[Any]) -> Array:
    gamma, beta, mean, variance = weights
    scale = (1 if gamma is None else gamma) / np.sqrt(variance + np.float32(layer["epsilon"]))
    return (values[0] - mean) * scale + (0 if beta is None else beta)


def _activation(layer: dict[str, Any], values: list[Array], weights: list[Any]) -> Array:
    x, function = values[0], layer["function"]
    if function in ("silu", "sigmoid"):
        sigmoid = 1 / (1 + np.exp(-x))
        return x * sigmoid if function == "silu" else sigmoid
    slope = weights[0] if weights else np.float32(layer["slope"])
    return np.tanh(x) if function == "tanh" else np.where(x > 0, x, x * slope)


def _convolution(layer: dict[str, Any], values: list[Array], weights: list[Any]) -> Array:
    kernel, bias = weights
    stride, sides = layer["stride"], zip(values[0].shape[1:3], layer["shape"], kernel.shape)
    missing = [max((after - 1) * layer["stride"] + size - before, 0) for before, after, size in sides]
    padding = [(0, 0), *((total // 2, total - total // 2) for total in missing), (0, 0)]
    y = _correlate(np.pad(values[0], padding), kernel)[:, ::stride, ::stride]
    return y if bias is None else y + bias


def _transposed(layer: dict[str, Any], values: list[Array], weights: list[Any]) -> Array:
    """The plain convolution of the input, spread out with zeros between, with the kernel turned round."""
    (kernel, bias), x, stride = weights, values[0], layer["stride"]
    n, height, width, channels = x.shape
    spread = np.zeros((n, height * stride, width * stride, channels), np.float32)
    spread[:, ::stride, ::stride] = x
    before = [size - 1 - max(size - stride, 0) // 2 for size in kernel.shape[:2]]
    padding = [(0, 0), *((first, size - 1 - first) for first, size in zip(before, kernel.shape)), (0, 0)]
    y = _correlate(np.pad(spread, padding), kernel[::-1, ::-1].swapaxes(2, 3))
    return y if bias is None else y + bias


def _correlate(x: Array, kernel: Array) -> Array:
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2))
    return np.tensordot(windows, kernel, ((4, 5, 3), (0, 1, 2)))


def _upsampling(layer: dict[str, Any], values: list[Array], weights: list[Any]) -> Array:
    x = values[0]
    for axis, factor in enumerate(layer["factor"], start=1):
        place = np.arange(x.shape[axis] * factor)
        if not layer["bilinear"]:
            x = x.take(place // factor, axis)
            continue
        exact = np.clip((place + 0.5) / factor - 0.5, 0, x.shape[axis] - 1)
        low = exact.astype(int)
        share = (exact - low).astype(np.float32).reshape(-1, *[1] * (3 - axis))
        high = np.minimum(low + 1, x.shape[axis] - 1)
        x = x.take(low, axis) * (1 - share) + x.take(high, axis) * share
    return x


_KINDS: dict[str, Callable[[dict[str, Any], list[Array], list[Any]], Array]] = {
    "embedding": _embedding, "dense": _dense, "reshape": _reshape, "batch_norm": _batch_norm, "activation": _activation,
    "convolution": _convolution, "transposed": _transposed, "upsampling": _upsampling,
    "concatenate": lambda layer, values, weights: np.concatenate(values, -1),
    "add": lambda layer, values, weights: sum(values[1:], values[0]),
    "multiply": lambda layer, values, weights: np.prod(np.broadcast_arrays(*values), 0),
}  # fmt: skip
