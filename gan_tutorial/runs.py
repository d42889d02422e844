"""A run: one training and all it leaves, in a folder of its own.

run.json                what was asked for; enough to resume
checkpoints/            the newest few, to resume from
generator.npz           the averaged generator, with its card
generator.json
history.csv             losses and logits
samples/                the same noise, drawn again as training goes on
training.webp           those pictures as an animation
metrics.csv             with evaluate_every: metrics over the steps,
best.npz, best.json     the generator of the best measurement, and
tensorboard/            all numbers for TensorBoard
"""

import dataclasses
import json
import shlex
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from .data import load_dataset
from .files import write_csv, write_whole
from .models import build_discriminator, build_generator
from .monitoring import Monitor
from .plots import save_images
from .pretrained import save_model, write_json
from .runtime import Runtime
from .sampling import generate_images, generate_noise
from .training import Settings, train, train_cgan
from .training.loop import check_data

#: Rows of the picture that a run draws again and again; columns are the classes.
_SAMPLE_COUNT, _SAMPLE_ROWS = 64, 6
_MAX_FRAMES = 60


def plan_run(
    data,
    *,
    size=64,
    channels=3,
    unconditional=False,
    attributes=(),
    width=None,
    latent_dim=64,
    generator_conditioning="concat",
    discriminator_conditioning="projection",
    activation="relu",
    spectral_norm=False,
    codes=0,
    continuous_codes=0,
    evaluate_every=None,
    metrics=None,
    best_by="frechet",
    **settings,
):
    """Everything that defines a run, as a dict that JSON can hold; checks it all.

    `data`, `size` and `channels` are as for `load_dataset`, `attributes` are
    names of continuous conditions, `settings` the fields of `Settings`;
    `codes` and `continuous_codes` make an InfoGAN that ignores labels;
    `evaluate_every`, `metrics` and `best_by` are as for `monitoring.Monitor`.
    """
    return {
        "data": str(data),
        "size": size,
        "channels": channels,
        "unconditional": unconditional,
        "attributes": list(attributes),
        "width": width,
        "latent_dim": latent_dim,
        "generator_conditioning": generator_conditioning,
        "discriminator_conditioning": discriminator_conditioning,
        "activation": activation,
        "spectral_norm": spectral_norm,
        "codes": codes,
        "continuous_codes": continuous_codes,
        "evaluate_every": evaluate_every,
        "metrics": metrics,
        "best_by": best_by,
        "settings": dataclasses.asdict(Settings(**settings)),
    }


def start_run(folder, plan, resume=False, runtime=Runtime(), sample_every=250, progress=True, command=None):
    """Carry out a plan in `folder`; with `resume`, go on where it stopped.

    Returns the `Result` of the training. Interrupted, it saves what is there.
    Raises FileExistsError if the folder holds something and `resume` is False.
    """
    folder = Path(folder)
    if not resume and folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} exists and is not empty: resume it, or choose another folder")
    data = load_dataset(plan["data"], size=plan["size"], channels=plan["channels"], progress=progress)
    if len(data.image_shape) != 3:
        raise ValueError(f"{plan['data']} holds points, not images; notebook 01 trains on them")
    options, d_options = _model_options(plan, data)
    # An InfoGAN finds conditions of its own: it is shown none.
    labels, attributes = (None, None) if _has_codes(plan) else (data.labels, _attributes(plan, data))
    generator, discriminator = build_generator(**options), build_discriminator(**d_options)
    check_data(generator, discriminator, data.images, labels, attributes, Settings(**plan["settings"]))
    recorder = _Recorder(folder, data, generator, options, plan, sample_every, command)
    monitor = None
    if plan["evaluate_every"]:
        monitor = Monitor(folder, data, recorder.card, plan["evaluate_every"], plan["metrics"], plan["best_by"])

    write_json(folder / "run.json", plan)

    def callback(report):
        recorder.on_report(report)
        if monitor:
            monitor(report)

    arguments = dict(
        callback=callback, runtime=runtime, checkpoints=folder / "checkpoints",
        resume=resume, progress=progress, **plan["settings"],
    )  # fmt: skip
    if options["num_classes"] is None or labels is None:
        result = train(generator, discriminator, data.images, **arguments)
    else:
        result = train_cgan(generator, discriminator, data.images, labels, attributes, **arguments)
    recorder.finish(result)
    return result


def read_plan(folder):
    """The plan of an existing run. Raises FileNotFoundError or ValueError."""
    path = Path(folder) / "run.json"
    if not path.is_file():
        raise FileNotFoundError(f"{folder} is not the folder of a run: {path} is missing")
    try:
        plan = json.loads(path.read_text(encoding="utf-8"))
        plan["settings"] = dataclasses.asdict(Settings(**plan["settings"]))
        # Runs of earlier versions have no codes.
        return {"codes": 0, "continuous_codes": 0, "activation": "relu", **plan}
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is damaged: {error}") from error


def _model_options(plan, data):
    width = plan["width"] or (32 if data.image_shape[0] <= 32 else 16)
    num_classes = None if plan["unconditional"] or data.num_classes < 2 else data.num_classes
    shared = {
        "image_shape": list(data.image_shape),
        "num_classes": (plan["codes"] or None) if _has_codes(plan) else num_classes,
        "num_attributes": len(_attribute_names(plan)),
        "width": width,
        "seed": plan["settings"]["seed"],
    }
    generator = {
        "latent_dim": plan["latent_dim"],
        "conditioning": plan["generator_conditioning"],
        "activation": plan["activation"],
        # From 64 pixels on, transposed convolutions leave a visible checkerboard.
        "upsampling": "transposed" if data.image_shape[0] < 64 else "resize",
        **shared,
    }
    conditioning = "auxiliary" if _has_codes(plan) else plan["discriminator_conditioning"]
    discriminator = {"conditioning": conditioning, "spectral_norm": plan["spectral_norm"]}
    return generator, {**discriminator, **shared}


def _has_codes(plan):
    return bool(plan["codes"] or plan["continuous_codes"])


def _attribute_names(plan):
    return [f"turn {i + 1}" for i in range(plan["continuous_codes"])] if _has_codes(plan) else plan["attributes"]


def _attributes(plan, data):
    missing = [name for name in plan["attributes"] if name not in data.attributes]
    if missing:
        known = ", ".join(data.attributes) or "none"
        raise ValueError(f"{plan['data']} has no attribute {missing[0]!r}; it has: {known}")
    return np.stack([data.attributes[name] for name in plan["attributes"]], 1) if plan["attributes"] else None


def _class_names(plan, data):
    return [f"code {i}" for i in range(plan["codes"])] if _has_codes(plan) else list(data.class_names)


class _Recorder:
    """Writes a run's pictures and weights while it is being trained."""

    def __init__(self, folder, data, generator, options, plan, sample_every, command):
        self.folder, self.sample_every, self.last = folder, sample_every, 0
        columns = options["num_classes"] and min(options["num_classes"], 24)
        self.columns = columns
        n = columns * _SAMPLE_ROWS if columns else _SAMPLE_COUNT
        self.labels = np.arange(n) % columns if columns else None
        # One noise a row: down a column all differs, along a row only the label.
        rows = generate_noise(_SAMPLE_ROWS if columns else n, options["latent_dim"], seed=plan["settings"]["seed"])
        self.noise = rows.repeat(columns, 0) if columns else rows
        self.card = {
            "builder": "build_generator",
            "options": options,
            "data": plan["data"],
            "class_names": _class_names(plan, data) if options["num_classes"] else None,
            "attributes": _attribute_names(plan),
            "codes": _has_codes(plan),
            "command": command or shlex.join(["python -m gan_tutorial", *sys.argv[1:]]),
            "seed": plan["settings"]["seed"],
        }

    def on_report(self, report):
        if report.step // self.sample_every > self.last // self.sample_every:
            self.save(report)
        self.last = report.step

    def save(self, state):
        """Write picture and weights of a `Report` or a `Result`."""
        images = generate_images(state.generator, noise=self.noise, labels=self.labels)
        save_images(images, self.folder / "samples" / f"step_{state.step:06d}.png", self.columns)
        card = {**self.card, "steps": state.step, "seconds": round(state.seconds, 1)}
        save_model(state.generator, self.folder / "generator", card)

    def finish(self, result):
        self.save(result)
        columns = (values.tolist() for values in result.history.values())
        write_csv(self.folder / "history.csv", result.history, zip(*columns))
        _animate(self.folder)


def _animate(folder):
    """Make an animation of the sample pictures."""
    files = sorted((folder / "samples").glob("step_*.png"))
    chosen = [files[i] for i in np.unique(np.linspace(0, len(files) - 1, min(len(files), _MAX_FRAMES)).astype(int))]
    frames = []
    for file in chosen:
        with Image.open(file) as image:
            frames.append(image.convert("RGB"))
    with write_whole(folder / "training.webp") as temporary:
        frames[0].save(temporary, save_all=True, append_images=frames[1:], duration=200, loop=0)
