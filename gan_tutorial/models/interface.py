"""What the package asks of a model, whoever built it.

- The first input of a generator is the noise, of a discriminator the image, whatever it is called. Every other input is
  found by its name in the batch: "label" (b,) int32, "attributes" (b, k) float32, or a key of your own data.
- A discriminator returns logits (b, 1), without a sigmoid; or a list that begins with them, followed by guesses of the
  label and of the attributes.
- Functional and Sequential models tell all this themselves; how many labels there are, by an attribute `num_classes` or
  a layer called "label_embedding". A subclassed model says it by attributes: `input_names`, such as ("noise", "label"),
  and, for a generator, `latent_dim`; `num_classes` and `num_attributes` if it takes them. It gets its inputs as a list
  in that order, or the bare one if there is one.
"""

import inspect
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import Model


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


def takes_label(model: Model) -> bool:
    """Whether a model has an input for the label."""
    return "label" in input_names(model)[1:]


def num_classes(model: Model) -> int | None:
    """Number of labels that a conditional model knows; None for an unconditional one, or if it does not say."""
    if not takes_label(model):
        return None
    if isinstance(known := getattr(model, "num_classes", None), int):
        return known
    return next((layer.input_dim for layer in model.layers if layer.name == "label_embedding"), None)


def num_attributes(model: Model) -> int:
    """Number of continuous conditions of a model."""
    if is_static(model):
        return {tensor.name: tensor.shape[-1] for tensor in model.inputs}.get("attributes", 0)
    return getattr(model, "num_attributes", 0) if "attributes" in input_names(model) else 0


def output_shape(model: Model, first: np.ndarray, conditions: Mapping[str, np.ndarray]) -> tuple[int, ...]:
    """Shape of a model's first output for one example; a subclassed model is built by a call with these inputs."""
    output = model.outputs[0] if is_static(model) else call(model, first, conditions, training=False)[0]
    return tuple(output.shape[1:])


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
