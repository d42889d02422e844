"""The program that makes an experiment of the playground, to be copied."""

from __future__ import annotations

from typing import Any

from .settings import DRAWN, Settings

_ADAM = ("generator_learning_rate", "discriminator_learning_rate", "beta_1")
_PENALTIES = ("r1", "r2", "gradient_penalty")


def as_code(settings: Settings, steps: int = 3000) -> str:
    """A program that trains the same networks on the same data with the same random numbers, for so many steps.

    Example:
        >>> print(as_code(Settings(r1=0.1), steps=1000).splitlines()[0])
        import gan_tutorial as gt
    """
    s = settings
    lines = ["import gan_tutorial as gt", ""]
    if s.data == DRAWN:
        lines.insert(1, "import numpy as np")
        lines += [f"centres = np.array({_pairs(s.points)})"]
    source = "centres" if s.data == DRAWN else repr(s.data)
    lines += [f"data = gt.data.make_points({source}, n={s.n:_}, seed={s.seed})"]
    told = {"num_classes": "data.num_classes"} if s.conditional else {}
    generator = _arguments(
        latent_dim=s.latent_dim, width=s.generator_width, hidden_layers=s.generator_layers, noise=s.noise, seed=s.seed
    )
    discriminator = _arguments(
        width=s.discriminator_width, hidden_layers=s.discriminator_layers, spectral_norm=s.spectral_norm, seed=s.seed
    )
    lines += [
        _call("generator = gt.models.build_points_generator", {**generator, **told}),
        _call("discriminator = gt.models.build_points_discriminator", {**discriminator, **told}),
        "",
        _call(
            "step = gt.training.GANStep",
            {
                "generator": None, "discriminator": None, **_arguments(loss=s.loss), **_optimizers(s),
                **_arguments(discriminator_steps=s.discriminator_steps, decay_steps=0),
                **_arguments(**{name: getattr(s, name) for name in _PENALTIES if getattr(s, name)}),
            },
        ),
    ]  # fmt: skip
    if s.optimizer == "sgd":
        lines.insert(1, "import keras")
    if s.generator_steps > 1:
        lines.insert(0, "from dataclasses import replace")
        lines += [f'step.players["generator"] = replace(step.players["generator"], updates={s.generator_steps})']
    trainer = {"step": None, "data": None, **_arguments(steps=steps, batch_size=s.batch_size, ema=s.ema, seed=s.seed)}
    conditions = "labels=data.labels[:1000]" if s.conditional else "1000"
    lines += [
        _call("trainer = gt.Trainer", trainer),
        "result = trainer.fit()",
        "",
        f"points = gt.generate_images(result.generator, {conditions}, seed=0)",
        'print("distance:", gt.metrics.sliced_wasserstein(data.images[:1000], points))',
    ]
    return "\n".join(lines) + "\n"


def _optimizers(settings: Settings) -> dict[str, str]:
    if settings.optimizer == "adam":
        return _arguments(**{name: getattr(settings, name) for name in _ADAM})
    rates = {name: getattr(settings, f"{name}_learning_rate") for name in ("generator", "discriminator")}
    return {f"{name}_optimizer": f"keras.optimizers.SGD({rate!r})" for name, rate in rates.items()}


def _arguments(**values: Any) -> dict[str, str]:
    return {name: repr(value) for name, value in values.items()}


def _call(function: str, arguments: dict[str, str | None]) -> str:
    """A call, broken into lines; arguments of the value None stand by their names alone."""
    words = [name if value is None else f"{name}={value}" for name, value in arguments.items()]
    line = f"{function}({', '.join(words)})"
    if len(line) <= 100:
        return line
    rows = [""]
    for word in words:
        if len(rows[-1]) + len(word) > 92:
            rows.append("")
        rows[-1] += f"{word}, "
    return "\n".join([f"{function}(", *(f"    {row.rstrip()}" for row in rows), ")"])


def _pairs(points: tuple[tuple[float, float], ...]) -> str:
    words = [f"({x:g}, {y:g})" for x, y in points]
    rows = [", ".join(words[i : i + 6]) for i in range(0, len(words), 6)]
    return "[\n    " + ",\n    ".join(rows) + ",\n]"
