"""Write gan_tutorial/training/train.pyi: the signatures of train, train_cgan and the others with all their options.

At run time these options come from the steps and the trainer; editors and type
checkers need them spelled out.

Usage:
    python -m tools.make_stubs
    python -m tools.make_stubs --check     # change nothing; exit status 1 if the file is out of date
"""

from __future__ import annotations

import argparse
import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path

from gan_tutorial import training

STUB = Path(training.__file__).with_name("train.pyi")
FUNCTIONS = (
    training.train,
    training.train_cgan,
    training.train_style_gan,
    training.train_vae,
    training.train_vae_gan,
    training.train_pix2pix,
    training.train_cyclegan,
)
HEADER = """\
# Written by tools/make_stubs.py from the signatures of train.py at run time: change those, not this file.
# fmt: off
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from ..losses import Loss
from .distribution import Runtime
from .reports import Result
from .trainer import Callback
"""


def make_stub() -> str:
    """The text of the stub."""
    return "\n".join([HEADER, *map(_signature, FUNCTIONS)])


def _signature(function: Callable[..., training.Result]) -> str:
    signature = inspect.signature(function)
    parameters = list(map(_parameter, signature.parameters.values()))
    kinds = [p.kind for p in signature.parameters.values()]
    parameters.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    # Wrapped between parameters, not within one.
    unbroken = " ".join(f"{text},".replace(" ", "\0") for text in parameters)
    lines = textwrap.wrap(unbroken, 116, break_long_words=False, break_on_hyphens=False)
    body = "".join(f"    {line}\n" for line in lines).replace("\0", " ")
    return f"def {function.__name__}(\n{body}) -> {signature.return_annotation}: ...\n"


def _parameter(parameter: inspect.Parameter) -> str:
    text = f"{parameter.name}: {parameter.annotation}"
    if parameter.default is inspect.Parameter.empty:
        return text
    return f"{text} = {parameter.default!r}".replace("'", '"')


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit status 1 if the file is out of date")
    if parser.parse_args().check:
        current = STUB.read_text(encoding="utf-8") == make_stub()
        print(f"{STUB} is {'up to date' if current else 'out of date: run python -m tools.make_stubs'}")
        return 0 if current else 1
    STUB.write_text(make_stub(), encoding="utf-8")
    print(f"written: {STUB}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
