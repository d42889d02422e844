"""What the package asks of a model, whoever built it.

- The first input of a generator is the noise, of a discriminator the image, whatever it is called. Every other input is
  found by its name in the batch: "label" or another condition, (b,), int32 for categories and float32 for numbers.
- A discriminator returns logits (b, 1), without a sigmoid; or a list that begins with them, followed by a guess of each
  condition.
- Functional and Sequential models tell all this themselves; which categories a condition has, by an `Embedding` called
  "label_embedding", or by an attribute: `num_classes`, or `conditions`, such as {"label": 10, "size": (0, 1)}. A
  subclassed model says by attributes also `input_names`, such as ("noise", "label"), and, for a generator, `latent_dim`.
  It gets its inputs as a list in that order, or the bare one if there is one.
"""

import contextlib
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
from keras import Model

from ..data.conditions import Condition, as_condition


def input_names(model: Model) -> tuple[str, ...]:
    """Names of a model's inputs, in order."""
    if is_static(model):
        return tuple(tensor.name for tensor in model.inputs)
    return tuple(getattr(model, "input_names", None) or ("input",))


def is_static(model: Model) -> bool:
    """Whether a model is functional or sequential, so that its inputs, outputs and layers are known without a call."""
    return isinstance(model, keras.Sequential) or bool(getattr(model, "inputs", None))


def call(model: Model, first: Any, conditions: Mapping[str, Any], training: bool = True) -> list[Any]:
    """Call a model with its first input and those of the conditions that it takes; the list of its outputs."""
    outputs = model(pack_inputs(model, first, conditions), training=training)
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


def pack_inputs(model: Model, first: Any, conditions: Mapping[str, Any]) -> Any:
    """What to call a model with: the bare first input, or the list of all that it takes."""
    names = input_names(model)[1:]
    if missing := [name for name in names if name not in conditions]:
        raise ValueError(f"the {model.name} takes an input {missing[0]!r}, but the data has none of that name")
    return [first, *(conditions[name] for name in names)] if names else first


def latent_dim(generator: Model) -> int:
    """Length of a generator's noise: of its input "noise", or else of its first."""
    if is_static(generator):
        names = input_names(generator)
        return int(generator.inputs[names.index("noise") if "noise" in names else 0].shape[-1])
    if (size := getattr(generator, "latent_dim", None)) is None:
        problem = "does not say how long its noise is: give it an attribute latent_dim"
        raise ValueError(f"the model {generator.name} {problem}")
    return int(size)


def conditions(model: Model) -> dict[str, Condition]:
    """What a model can be asked for, as far as it says: its inputs besides the first, in order."""
    written = dict(getattr(model, "conditions", None) or {})
    if isinstance(known := getattr(model, "num_classes", None), int):
        written.setdefault("label", known)
    embeddings = {layer.name: layer for layer in model.layers} if is_static(model) else {}
    for name in input_names(model)[1:]:
        layer: Any = embeddings.get(f"{name}_embedding")
        if hasattr(layer, "condition"):
            written[name] = layer.condition
        elif hasattr(layer, "input_dim"):
            written.setdefault(name, layer.input_dim)
    return {name: as_condition(name, written[name]) for name in input_names(model)[1:] if name in written}


def num_classes(model: Model) -> int | None:
    """Number of labels that a conditional model knows; None for an unconditional one, or if it does not say."""
    label = conditions(model).get("label")
    return len(label.categories) if label else None


def output_shape(model: Model, first: np.ndarray, conditions: Mapping[str, np.ndarray]) -> tuple[int, ...]:
    """Shape of a model's first output for one example; a subclassed model is built by a call with these inputs."""
    output = model.outputs[0] if is_static(model) else call(model, first, conditions, training=False)[0]
    return tuple(output.shape[1:])


def body_and_head(discriminator: Model) -> tuple[Callable[..., Any], Model]:
    """A discriminator in two: images to features, and [features, each condition] to what it returns. Both share its weights.

    They part at the layer "features", so that an image is looked at once, however many conditions it is shown with. If there
    is none, or a condition comes before it, the images are the features.
    """
    if is_static(discriminator):
        with contextlib.suppress(ValueError):
            features = discriminator.get_layer("features").output
            body = Model(discriminator.inputs[0], features, name="body")
            return body, Model([features, *discriminator.inputs[1:]], discriminator.outputs, name="head")
    return lambda images, training: images, discriminator


def copy_model(model: Model) -> Model:
    """A copy of a model with the same weights. Raises ValueError for a subclassed model that cannot be rebuilt."""
    if is_static(model):
        copy = keras.models.clone_model(model)
    else:
        try:
            config, accepted = model.get_config(), inspect.signature(type(model)).parameters
            copy = type(model)(**{name: value for name, value in config.items() if name in accepted})
            copy.build_from_config(model.get_build_config() or {})
        except Exception as error:  # whatever the user's own constructor raises
            raise ValueError(
                f"the model {model.name} cannot be copied, which averaging its weights needs ({error}): "
                "give it a get_config with the arguments of its constructor, or train with ema=0"
            ) from error
    copy.set_weights(model.get_weights())
    return copy


def has_batch_norm(model: Model) -> bool:
    """Whether a model normalizes over its batch, at any depth."""
    return any(isinstance(layer, keras.layers.BatchNormalization) for layer in model._flatten_layers())


def ends_in(model: Model, activation: str) -> bool:
    """Whether a model's first output comes from a layer with this activation, as far as it can be seen."""
    last = model.outputs[0]._keras_history.operation if is_static(model) else None
    return getattr(getattr(last, "activation", None), "__name__", "") == activation


def has_auxiliary_outputs(discriminator: Model) -> bool:
    """Whether a discriminator returns guesses of its conditions beside the logits."""
    return is_static(discriminator) and len(discriminator.outputs) > 1
