"""Which experiments there are: what each asks, what it changes, and the number that answers."""

from collections.abc import Callable
from typing import NamedTuple

from .fashion import FASHION_BASE, train_fashion
from .ring import RING_BASE, train_ring
from .uses import BIAS_BASE, RARE_BASE, train_on_unbalanced, train_with_rare_class


class Experiment(NamedTuple):
    """A controlled comparison.

    question: what it asks.
    run: callable, (seed, **settings) to a dict of numbers.
    base: the settings that all variants share.
    variants: dict from name to the settings that it changes; "baseline" changes none.
    answer: name of the number that answers, smaller is better.
    seeds: how many the stored result has.
    """

    question: str
    run: Callable
    base: dict
    variants: dict
    answer: str
    seeds: int


def _ring(question, answer="hopping", seeds=5, **variants):
    def run(seed, **settings):
        return train_ring(seed, **settings).metrics

    return Experiment(question, run, RING_BASE, {"baseline": {}, **variants}, answer, seeds)


def _fashion(question, seeds=3, **variants):
    return Experiment(question, train_fashion, FASHION_BASE, {"baseline": {}, **variants}, "frechet", seeds)


_RATES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
_CRITIC = {"loss": "wasserstein", "discriminator_steps": 5}
_DIFF = {"augment": ("translation", "cutout")}
_ADAPTIVE = {**_DIFF, "augment_target": 0.6}

EXPERIMENTS = {
    "ring-oscillation": _ring(
        "Which single change calms a GAN that runs in circles?",
        **{
            "half the momentum": {"beta_1": 0.5},
            "no momentum": {"beta_1": 0.0},
            "both rates ÷ 4": {"generator_rate": 2.5e-4, "discriminator_rate": 2.5e-4},
            "generator's rate ÷ 4": {"generator_rate": 2.5e-4},
            "falling rates": {"half_rate_steps": 500},
            "batch ÷ 4": {"batch_size": 64},
            "averaged generator": {"ema": 0.99},
            "R1 penalty": {"r1": 0.1},
            "least squares": {"loss": "least_squares"},
        },
    ),
    "ring-rates": _ring(
        "Which pairs of learning rates are stable?",
        answer="distance",
        seeds=3,
        **{
            f"g {g:g}, d {d:g}": {"generator_rate": g, "discriminator_rate": d, "beta_1": 0.5}
            for g in _RATES
            for d in _RATES
        },
    ),
    "ring-batch": _ring(
        "Does another batch size calm it?",
        **{f"batch {size}": {"batch_size": size} for size in (16, 64, 1024)},
        **{f"batch {size}, no momentum": {"batch_size": size, "beta_1": 0.0} for size in (16, 64, 256, 1024)},
    ),
    "ring-losses": _ring(
        "Does another loss calm it?",
        **{
            "minimax": {"loss": "minimax"},
            "least squares": {"loss": "least_squares"},
            "hinge": {"loss": "hinge"},
            "Wasserstein, clipped": {**_CRITIC, "clip_weights": 0.1},
            "Wasserstein, gradient penalty": {**_CRITIC, "gradient_penalty": 1.0},
            "relativistic": {"loss": "relativistic"},
            "relativistic, R1 and R2": {"loss": "relativistic", "r1": 0.1, "r2": 0.1},
        },
    ),
    "ring-regularizers": _ring(
        "Does a regularizer calm it?",
        **{
            "R1, γ = 0.01": {"r1": 0.01},
            "R1, γ = 0.1": {"r1": 0.1},
            "R1, γ = 1": {"r1": 1.0},
            "R2, γ = 0.1": {"r2": 0.1},
            "R1 and R2, γ = 0.1": {"r1": 0.1, "r2": 0.1},
            "gradient penalty": {"gradient_penalty": 1.0},
            "spectral norm": {"spectral_norm": True},
            "instance noise": {"instance_noise": 0.1},
            "smoothed labels": {"label_smoothing": 0.1},
            "five discriminator steps": {"discriminator_steps": 5},
        },
    ),
    "fashion-losses": _fashion(
        "Does another loss make better pictures?",
        **{
            "minimax": {"loss": "minimax"},
            "least squares": {"loss": "least_squares"},
            "hinge": {"loss": "hinge"},
            "Wasserstein, gradient penalty": {"loss": "wasserstein", "gradient_penalty": 10.0},
            "relativistic": {"loss": "relativistic"},
            "relativistic, R1 and R2": {"loss": "relativistic", "r1": 1.0, "r2": 1.0},
        },
    ),
    "fashion-data": _fashion(
        "How does quality fall with fewer images, and what does augmentation give back?",
        **{
            f"{n} images{words}": {"n": n, **changes}
            for n in (300, 3000)
            for words, changes in (("", {}), (", DiffAugment", _DIFF), (", adaptive", _ADAPTIVE))
        },
        **{"60000 images, DiffAugment": _DIFF},
    ),
    "fashion-capacity": _fashion(
        "Does a bigger generator make better pictures?",
        **{f"generator {16 * factor // 4} wide": {"width": 16 * factor // 4} for factor in (2, 8)},
        **{
            "both 8 wide": {"width": 8, "discriminator_width": 8},
            "both 32 wide": {"width": 32, "discriminator_width": 32},
        },
    ),
    "fashion-activations": _fashion(
        "Does another activation in the generator make better pictures?",
        **{name: {"activation": name} for name in ("leaky_relu", "prelu", "silu")},
    ),
    "fashion-training": _fashion(
        "Do other learning rates, batch sizes or momenta make better pictures?",
        **{
            "both rates ÷ 4": {"generator_rate": 2.5e-4, "discriminator_rate": 5e-4},
            "both rates × 4": {"generator_rate": 4e-3, "discriminator_rate": 8e-3},
            "equal rates": {"discriminator_rate": 1e-3},
            "momentum 0.9": {"beta_1": 0.9},
            "batch 16, as many images": {"batch_size": 16, "steps": 5000, "half_rate_steps": 6000},
            "batch 64, as many images": {"batch_size": 64, "steps": 1250, "half_rate_steps": 1500},
        },
    ),
    "fashion-regularizers": _fashion(
        "Does a regularizer make better pictures?",
        **{
            "R1 penalty": {"r1": 1.0},
            "spectral norm": {"spectral_norm": True},
            "dropout": {"dropout": 0.3},
            "smoothed labels": {"label_smoothing": 0.1},
            "instance noise": {"instance_noise": 0.2},
            "no averaged generator": {"ema": 0.0},
            "conditional batch norm": {"generator_conditioning": "batch_norm"},
        },
    ),
    "fashion-rare-class": Experiment(
        "Do generated images help a classifier with a rare class?",
        train_with_rare_class,
        RARE_BASE,
        {
            "baseline": {},
            "copies": {"remedy": "copies"},
            "shifted and mirrored copies": {"remedy": "shifts"},
            "generated images": {"remedy": "gan"},
            "as many real images": {"remedy": "real"},
        },
        "error",
        5,
    ),
    "fashion-bias": Experiment(
        "Does a GAN amplify the imbalance of its data?",
        train_on_unbalanced,
        BIAS_BASE,
        {"baseline": {}, **{f"minority {share:.0%}": {"share": share} for share in (0.3, 0.1, 0.03)}},
        "error",
        5,
    ),
}
