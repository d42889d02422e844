"""Which experiments there are: what each asks, what it changes, and the number that answers."""

from collections.abc import Callable
from typing import Any, NamedTuple

from ..presets import get_preset
from .applications import (
    BIAS_BASE,
    MEMBERS_BASE,
    RARE_BASE,
    train_and_attack,
    train_on_unbalanced,
    train_with_rare_class,
)
from .autoencoders import EQUAL_BASE, train_on_equal_terms
from .fashion import FASHION_BASE, train_fashion
from .portraits import (
    NETWORKS_BASE,
    PORTRAITS_BASE,
    RARE_STYLE_BASE,
    STYLE_BASE,
    TONES_BASE,
    train_on_unbalanced_tones,
    train_portraits,
    train_with_rare_style,
)
from .ring import RING_BASE, train_ring

Settings = dict[str, Any]
Variants = dict[str, Settings]


class Experiment(NamedTuple):
    """A controlled comparison.

    question: what it asks. run: callable, (seed, **settings) to a dict of numbers. base: the settings that all variants
    share. variants: dict from name to the settings that it changes; "baseline" changes none. answer: name of the number
    that answers the question; smaller is better. seeds: how many the stored result has.
    """

    question: str
    run: Callable[..., dict[str, float]]
    base: Settings
    variants: Variants
    answer: str
    seeds: int


def _run_ring(seed: int, **settings: Any) -> dict[str, float]:
    return train_ring(seed, **settings).metrics


def _ring(question: str, variants: Variants, answer: str = "mode_switch_rate", seeds: int = 8) -> Experiment:
    return Experiment(question, _run_ring, RING_BASE, {"baseline": {}, **variants}, answer, seeds)


def _fashion(question: str, variants: Variants) -> Experiment:
    return Experiment(question, train_fashion, FASHION_BASE, {"baseline": {}, **variants}, "frechet", 3)


def _rates(generator: float, discriminator: float) -> Settings:
    return {"generator_learning_rate": generator, "discriminator_learning_rate": discriminator}


def _preset(name: str) -> Settings:
    """A preset's settings in full, so that a stored result says what it was trained with."""
    preset = get_preset(name)
    return _networks(preset.generator, preset.discriminator, PORTRAITS_BASE) | preset.training


def _networks(
    generator: Settings | None = None, discriminator: Settings | None = None, base: Settings = NETWORKS_BASE
) -> Settings:
    """The networks of a base, with changes."""
    changes = {"generator": generator, "discriminator": discriminator}
    return {part: {**base[part], **(options or {})} for part, options in changes.items()}


_GRID = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
_LOSSES = {name.replace("_", " "): {"loss": name} for name in ("minimax", "least_squares", "hinge")}
_CRITIC = {"loss": "wasserstein", "discriminator_steps": 5}
_DIFF = {"augment": ("translation", "cutout")}
_ADAPTIVE = {**_DIFF, "augment_target": 0.6}

#: Today's recipe: pairs with zero-centred penalties on both sides (Huang et al. 2024), no momentum, two time scales, falling
#: rates, an averaged generator.
MODERN: Settings = {
    "loss": "relativistic", "r1": 0.005, "r2": 0.005, "beta_1": 0.0, "beta_2": 0.99, **_rates(5e-4, 2e-3), "decay_steps": 1000,
    "ema": 0.99,
}  # fmt: skip
_MODERN_PICTURES: Settings = {"loss": "relativistic", "r1": 1.0, "r2": 1.0, "penalty_every": 4}

#: What SAGAN and BigGAN added (Zhang et al. 2019, Brock et al. 2019), as far as the course has it: options of the generator, of
#: the discriminator, and of the training. The authors bound the generator's layers too, and train without R1.
_ATTENTION: Settings = {"attention": 16}
_SKIP_Z: Settings = {"conditioning": "batch_norm", "skip_z": True}
_SPECTRAL: Settings = {"spectral_norm": True}
_HINGE: Settings = {"loss": "hinge", "r1": 0.0}
_ORTHOGONAL: Settings = {"orthogonal": 1e-4}
_REMEDIES: Variants = {
    "baseline": {}, "copies": {"remedy": "copies"}, "shifted and mirrored copies": {"remedy": "shifts"},
    "generated images": {"remedy": "gan"}, "as many real images": {"remedy": "real"},
}  # fmt: skip


def _taken_back(momentum: float, untested: str = "") -> Variants:
    """The changes of today's recipe taken back one by one (but for `untested`), and all at once."""
    changes: Variants = {
        "non-saturating loss": {"loss": "non_saturating"}, "no R1": {"r1": 0.0}, "no R2": {"r2": 0.0},
        "neither R1 nor R2": {"r1": 0.0, "r2": 0.0}, "momentum": {"beta_1": momentum}, "equal rates": _rates(1e-3, 1e-3),
        "constant rates": {"decay_steps": 0}, "no averaged generator": {"ema": 0.0},
    }  # fmt: skip
    every: Settings = {}
    for change in changes.values():
        every |= change
    changes.pop(untested, None)
    return {"baseline": {}, **changes, "all taken back": every}


EXPERIMENTS: dict[str, Experiment] = {
    "ring-oscillation": _ring("Which single change calms a GAN that runs in circles?", {
        "half the momentum": {"beta_1": 0.5}, "no momentum": {"beta_1": 0.0},
        "both rates ÷ 4": _rates(2.5e-4, 2.5e-4), "generator's rate ÷ 4": {"generator_learning_rate": 2.5e-4},
        "falling rates": {"decay_steps": 500}, "batch ÷ 4": {"batch_size": 64}, "averaged generator": {"ema": 0.99},
        "R1 penalty": {"r1": 0.1}, "least squares": {"loss": "least_squares"},
    }),
    "ring-rates": _ring("Which pairs of learning rates are stable?", {
        f"g {g:g}, d {d:g}": {**_rates(g, d), "beta_1": 0.5} for g in _GRID for d in _GRID
    }, "distance", 3),
    "ring-batch": _ring("Does another batch size calm it?", {
        **{f"batch {size}": {"batch_size": size} for size in (16, 64, 1024)},
        **{f"batch {size}, no momentum": {"batch_size": size, "beta_1": 0.0} for size in (16, 64, 256, 1024)},
    }),
    "ring-losses": _ring("Does another loss calm it?", {
        **_LOSSES,
        "Wasserstein, clipped": {**_CRITIC, "clip_weights": 0.1},
        "Wasserstein, gradient penalty": {**_CRITIC, "gradient_penalty": 1.0},
        "relativistic": {"loss": "relativistic"},
        "relativistic, R1 and R2": {"loss": "relativistic", "r1": 0.1, "r2": 0.1},
    }),
    "ring-regularizers": _ring("Does a regularizer calm it?", {
        "R1, γ = 0.01": {"r1": 0.01}, "R1, γ = 0.1": {"r1": 0.1}, "R1, γ = 1": {"r1": 1.0}, "R2, γ = 0.1": {"r2": 0.1},
        "R1 and R2, γ = 0.1": {"r1": 0.1, "r2": 0.1}, "gradient penalty": {"gradient_penalty": 1.0},
        "spectral norm": {"spectral_norm": True}, "instance noise": {"instance_noise": 0.1},
        "smoothed labels": {"label_smoothing": 0.1}, "five discriminator steps": {"discriminator_steps": 5},
    }),
    "ring-modern": Experiment(
        "Which of its changes does today's recipe need on the ring?", _run_ring, {**RING_BASE, **MODERN}, _taken_back(0.9),
        "distance", 8,
    ),
    "fashion-modern": Experiment(
        "Which of its changes does today's recipe need on pictures?", train_fashion, {**FASHION_BASE, **_MODERN_PICTURES, "steps": 1000},
        _taken_back(0.5), "frechet", 5,
    ),
    "fashion-losses": _fashion("Does another loss make better pictures?", {
        **_LOSSES,
        "Wasserstein, gradient penalty": {"loss": "wasserstein", "gradient_penalty": 10.0, "discriminator_steps": 5},
        "five discriminator steps": {"discriminator_steps": 5},
        "relativistic": {"loss": "relativistic"},
        "relativistic, R1 and R2": {"loss": "relativistic", "r1": 1.0, "r2": 1.0},
    }),
    "fashion-data": _fashion("How does quality fall with fewer images, and what does augmentation give back?", {
        "300 images": {"n": 300}, "300 images, DiffAugment": {"n": 300, **_DIFF},
        "300 images, adaptive": {"n": 300, **_ADAPTIVE},
        "3000 images": {"n": 3000}, "3000 images, DiffAugment": {"n": 3000, **_DIFF},
        "3000 images, adaptive": {"n": 3000, **_ADAPTIVE},
        "60000 images, DiffAugment": _DIFF,
    }),
    "fashion-capacity": _fashion("Does a bigger generator make better pictures?", {
        "generator 8 wide": {"width": 8}, "generator 32 wide": {"width": 32},
        "both 8 wide": {"width": 8, "discriminator_width": 8},
        "both 32 wide": {"width": 32, "discriminator_width": 32},
    }),
    "fashion-activations": _fashion("Does another activation in the generator make better pictures?", {
        name: {"activation": name} for name in ("leaky_relu", "prelu", "silu")
    }),
    "fashion-training": _fashion("Do other learning rates, batch sizes or momenta make better pictures?", {
        "both rates ÷ 4": _rates(2.5e-4, 5e-4), "both rates × 4": _rates(4e-3, 8e-3),
        "equal rates": {"discriminator_learning_rate": 1e-3}, "momentum 0.9": {"beta_1": 0.9},
        "batch 16, as many images": {"batch_size": 16, "steps": 5000, "decay_steps": 6000},
        "batch 64, as many images": {"batch_size": 64, "steps": 1250, "decay_steps": 1500},
    }),
    "fashion-regularizers": _fashion("Does a regularizer make better pictures?", {
        "R1 penalty": {"r1": 1.0}, "spectral norm": {"spectral_norm": True}, "dropout": {"dropout": 0.3},
        "smoothed labels": {"label_smoothing": 0.1}, "instance noise": {"instance_noise": 0.2},
        "no averaged generator": {"ema": 0.0}, "conditional batch norm": {"generator_conditioning": "batch_norm"},
    }),
    "portraits-recipes": Experiment(
        "Which recipe makes people as they were asked for, in the same time?", train_portraits, PORTRAITS_BASE, {
            "baseline": {}, "R1 penalty": {"r1": 1.0, "penalty_every": 4},
            **{name: _preset(name) for name in ("matching", "dcgan", "r3gan")},
        }, "error", 5,
    ),
    "portraits-style": Experiment(
        "Does a style-based generator make better people, in the same time?", train_portraits, STYLE_BASE,
        {"baseline": {}, "style-based": {"style_based": True, "generator": {"width": 16}}}, "frechet", 3,
    ),
    "portraits-networks": Experiment(
        "Which networks make people as they were asked for, in the same time?", train_portraits, NETWORKS_BASE, {
            "baseline": {}, "resized, then convolved": _networks({"upsampling": "resize"}),
            "64 channels at the start": _networks({"seed_channels": 64}), "64 numbers of noise": _networks({"latent_dim": 64}),
            "one stage more": _networks({}, {"stages": 4}),
        }, "error", 5,
    ),
    "portraits-parts": Experiment(
        "Which parts of SAGAN and BigGAN make better people, in the same time?", train_portraits, NETWORKS_BASE, {
            "baseline": {}, "self-attention": _networks(_ATTENTION, _ATTENTION),
            "conditional batch norm": _networks({"conditioning": "batch_norm"}), "skip-z": _networks(_SKIP_Z),
            "spectral norm and hinge": {**_networks({}, _SPECTRAL), **_HINGE}, "orthogonal regularization": _ORTHOGONAL,
            "all of BigGAN's parts": {
                **_networks({**_ATTENTION, **_SKIP_Z}, {**_ATTENTION, **_SPECTRAL}), **_HINGE, **_ORTHOGONAL,
            },
        }, "frechet", 3,
    ),
    "portraits-modern": Experiment(
        "Which of its changes does today's recipe need on portraits, in the same time?", train_portraits,
        {**_networks(), "seconds": 30.0, **_MODERN_PICTURES}, _taken_back(0.5, "constant rates"), "frechet", 3,
    ),
    "portraits-tones": Experiment(
        "Which tones appear if none is asked for?", train_on_unbalanced_tones, TONES_BASE,
        {"baseline": {}, **{f"minority {share:.0%}": {"share": share} for share in (0.1, 0.03)}}, "error", 3,
    ),
    "fashion-rare-class": Experiment(
        "Do generated images help a classifier with a rare class?", train_with_rare_class, RARE_BASE, _REMEDIES, "error", 5,
    ),
    "portraits-rare-class": Experiment(
        "Do generated images help a classifier with a rare drawing style?", train_with_rare_style, RARE_STYLE_BASE, _REMEDIES,
        "error", 3,
    ),
    "fashion-bias": Experiment(
        "Does a GAN amplify the imbalance of its data?", train_on_unbalanced, BIAS_BASE,
        {"baseline": {}, **{f"minority {share:.0%}": {"share": share} for share in (0.3, 0.1, 0.03)}}, "error", 5,
    ),
    "fashion-autoencoders": Experiment(
        "VAE (baseline), VAE-GAN or GAN: which makes better pictures under equal terms?", train_on_equal_terms, EQUAL_BASE, {
            # 8 over the 1,568 features is 4 over the 784 pixels, as in the VAE.
            "baseline": {}, "VAE-GAN": {"model": "vae_gan", "kl_weight": 8.0}, "GAN": {"model": "gan"},
        }, "frechet", 3,
    ),
    "fashion-membership": Experiment(
        "Of how many images does a GAN give away which they were?", train_and_attack, MEMBERS_BASE,
        {"baseline": {}, **{f"{n} images": {"n": n} for n in (300, 1000, 3000, 10_000)}}, "auc", 3,
    ),
}  # fmt: skip
