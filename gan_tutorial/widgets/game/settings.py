"""What a playground is set to: checked values, and their text to send to somebody else."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import numpy as np

from ...data import POINTS
from ...data.points import points_mixture
from ...data.validation import did_you_mean
from ...losses import LOSSES

DRAWN = "drawn"
#: Values to choose from, by setting.
CHOICES: dict[str, tuple[Any, ...]] = {
    "data": (*POINTS, DRAWN), "loss": tuple(LOSSES), "noise": ("normal", "uniform"), "optimizer": ("adam", "sgd"),
    "batch_size": (16, 32, 64, 128, 256, 512), "n": (16, 64, 256, 1000, 10_000),
}  # fmt: skip
#: Smallest and largest value, by setting.
RANGES: dict[str, tuple[float, float]] = {
    "seed": (0, 9999), "generator_learning_rate": (0, 0.1), "discriminator_learning_rate": (0, 0.1),
    "generator_steps": (1, 5), "discriminator_steps": (1, 5), "beta_1": (0, 0.95), "latent_dim": (1, 16),
    "generator_layers": (1, 5), "discriminator_layers": (1, 5), "generator_width": (4, 128), "discriminator_width": (4, 128),
    "r1": (0, 10), "r2": (0, 10), "gradient_penalty": (0, 10), "ema": (0, 0.999),
}  # fmt: skip
#: Coordinates are sent as bytes.
_SCALE = 127 / 0.85


def _heart() -> tuple[tuple[float, float], ...]:
    t = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return _rounded(np.stack([16 * np.sin(t) ** 3, y + 2], 1) / 22)


@dataclass(frozen=True)
class Settings:
    """One experiment with points in the plane.

    Attributes:
        data: the distribution, one of `POINTS`, or "drawn".
        points: centres of the distribution "drawn", ((x, y), …) in [-0.85, 0.85]; rounded to the 254th part of that.
        n: training points.
        seed: of data, weights, order and noise.
        loss, generator_learning_rate, discriminator_learning_rate, beta_1, r1, r2, gradient_penalty, discriminator_steps: as
            of a `GANStep`; generator_steps: the generator's updates per step.
        optimizer: "adam", or "sgd", plain gradient descent, which has no momentum here.
        batch_size, ema: as of a `Trainer`.
        latent_dim, noise: dimension and kind, "normal" or "uniform", of the generator's noise.
        generator_layers, generator_width, discriminator_layers, discriminator_width: of the hidden layers.
        spectral_norm: of the discriminator.
        conditional: both networks are told the label.

    Raises ValueError for a value that cannot be.

    Example:
        >>> Settings(data="grid", r1=0.5).text()
        'data=grid&r1=0.5'
        >>> Settings.from_text("data=grid&r1=0.5").r1
        0.5
    """

    data: str = "ring"
    points: tuple[tuple[float, float], ...] = ()
    n: int = 10_000
    seed: int = 0
    loss: str = "non_saturating"
    generator_learning_rate: float = 1e-3
    discriminator_learning_rate: float = 2e-3
    generator_steps: int = 1
    discriminator_steps: int = 1
    beta_1: float = 0.0
    optimizer: str = "adam"
    batch_size: int = 128
    latent_dim: int = 2
    noise: str = "normal"
    generator_layers: int = 2
    discriminator_layers: int = 2
    generator_width: int = 64
    discriminator_width: int = 64
    r1: float = 0.0
    r2: float = 0.0
    gradient_penalty: float = 0.0
    spectral_norm: bool = False
    ema: float = 0.0
    conditional: bool = False

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            if (value := getattr(self, name)) not in choices:
                hint = did_you_mean(str(value), map(str, choices))
                raise ValueError(f"{name} cannot be {value!r}; choose one of: {', '.join(map(str, choices))}.{hint}")
        for name, (low, high) in RANGES.items():
            value, whole = getattr(self, name), isinstance(_DEFAULTS[name], int)
            if (
                isinstance(value, bool)
                or not isinstance(value, int if whole else (int, float))
                or not low <= value <= high
            ):
                kind = "a whole number" if whole else "a number"
                raise ValueError(f"{name} must be {kind} from {low:g} to {high:g}, not {value!r}")
        for name in ("spectral_norm", "conditional"):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"{name} must be True or False, not {getattr(self, name)!r}")
        points = _rounded(self.points) if len(self.points) else _heart() if self.data == DRAWN else ()
        object.__setattr__(self, "points", points)

    @property
    def distribution(self) -> str | np.ndarray:
        """What `make_points` takes."""
        return np.array(self.points) if self.data == DRAWN else self.data

    @property
    def num_classes(self) -> int | None:
        """Number of labels that the networks are told; None for none."""
        return int(points_mixture(self.distribution)[1].max()) + 1 if self.conditional else None

    def changed(self, **changes: Any) -> Settings:
        """These settings with changes; ValueError for one that does not exist."""
        return replace(self, **_known(changes))

    def differences(self) -> dict[str, Any]:
        """What differs from the defaults."""
        return {name: getattr(self, name) for name, default in _DEFAULTS.items() if getattr(self, name) != default}

    def text(self) -> str:
        """A short text that is safe in an address: what differs from the defaults, and always the data."""
        return urlencode({name: _as_text(value) for name, value in {"data": self.data, **self.differences()}.items()})

    @classmethod
    def from_text(cls, text: str) -> Settings:
        """The settings of such a text; ValueError says what is wrong with it."""
        try:
            # Of an empty text parse_qsl makes an empty list.
            pairs = dict(parse_qsl(text.strip() or "?", keep_blank_values=True, strict_parsing=True))
        except ValueError:
            raise ValueError(
                f"this is no state of a playground: {text.strip()[:60]!r}; it looks like data=ring&r1=0.5"
            ) from None
        return cls(**{name: _from_text(name, value) for name, value in _known(pairs).items()})


_DEFAULTS: dict[str, Any] = {field.name: field.default for field in fields(Settings)}


def _known(changes: Mapping[str, Any]) -> Mapping[str, Any]:
    if unknown := [name for name in changes if name not in _DEFAULTS]:
        hint = did_you_mean(unknown[0], _DEFAULTS)
        raise ValueError(f"a playground has no setting {unknown[0]!r}; it has: {', '.join(_DEFAULTS)}.{hint}")
    return changes


def _rounded(points: Any) -> tuple[tuple[float, float], ...]:
    points = np.asarray(points, float)
    if points.ndim != 2 or points.shape[1:] != (2,) or not np.isfinite(points).all() or not len(points) <= 2000:
        raise ValueError(f"points must be at most 2000 pairs (x, y) of numbers, not an array of shape {points.shape}")
    whole = np.round(np.clip(points, -0.85, 0.85) * _SCALE)
    return tuple((float(x), float(y)) for x, y in np.round(whole / _SCALE, 4).tolist())


def _as_text(value: Any) -> str:
    if isinstance(value, tuple):
        whole = np.round(np.array(value) * _SCALE).astype(np.int8)
        return base64.urlsafe_b64encode(whole.tobytes()).decode().rstrip("=")
    return f"{value:g}" if isinstance(value, float) else str(int(value) if isinstance(value, bool) else value)


def _from_text(name: str, text: str) -> Any:
    default = _DEFAULTS[name]
    try:
        if name == "points":
            numbers = np.frombuffer(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), np.int8)
            return numbers.reshape(-1, 2) / _SCALE
        return {"0": False, "1": True}[text] if isinstance(default, bool) else type(default)(text)
    except (ValueError, KeyError, binascii.Error):
        raise ValueError(f"{name} cannot be {text[:40]!r} in the state of a playground") from None
