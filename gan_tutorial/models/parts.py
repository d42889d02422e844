"""What generators and discriminators share: conditions, initial weights, checks."""

import itertools

from keras import Input, initializers, layers

EMBEDDING_DIM = 32
LEAK = 0.2


def check_image_shape(image_shape):
    """Size and number of doublings for an image shape; ValueError if it cannot be made."""
    if len(image_shape) != 3 or image_shape[0] != image_shape[1]:
        raise ValueError(f"image_shape must be (size, size, channels), not {tuple(image_shape)}")
    size = image_shape[0]
    if size % 4 or not 16 <= size <= 128:
        raise ValueError(f"images of size {size} cannot be made: the size must be divisible by 4 and from 16 to 128")
    stages = 2
    while (size >> stages) > 8 and (size >> stages) % 2 == 0:
        stages += 1
    return size, stages


def condition_inputs(num_classes, num_attributes):
    inputs = []
    if num_classes is not None:
        if num_classes < 2:
            raise ValueError(f"num_classes must be at least 2, or None for no labels, not {num_classes}")
        inputs.append(Input((), dtype="int32", name="label"))
    if num_attributes:
        inputs.append(Input((num_attributes,), name="attributes"))
    return inputs


def embed_condition(conditions, num_classes, init):
    """One vector for the label and the attributes together."""
    parts = []
    for condition in conditions:
        if condition.name == "label":
            embedding = layers.Embedding(
                num_classes, EMBEDDING_DIM, embeddings_initializer=next(init), name="label_embedding"
            )
            parts.append(embedding(condition))
        else:
            dense = layers.Dense(EMBEDDING_DIM, kernel_initializer=next(init), name="attribute_embedding")
            parts.append(layers.LeakyReLU(LEAK, name="attribute_relu")(dense(condition)))
    return parts[0] if len(parts) == 1 else layers.Concatenate(name="condition")(parts)


def conditional_batch_norm(x, condition, init, name):
    """Normalize, then scale by 1 + gamma(condition) and shift by beta(condition)."""
    channels = x.shape[-1]
    x = layers.BatchNormalization(momentum=0.9, center=False, scale=False, name=f"{name}_norm")(x)
    gamma = layers.Dense(channels, bias_initializer="ones", kernel_initializer=next(init), name=f"{name}_gamma")(
        condition
    )
    beta = layers.Dense(channels, kernel_initializer=next(init), name=f"{name}_beta")(condition)
    x = layers.Multiply(name=f"{name}_scale")([x, layers.Reshape((1, 1, channels), name=f"{name}_gamma_map")(gamma)])
    return layers.Add(name=f"{name}_shift")([x, layers.Reshape((1, 1, channels), name=f"{name}_beta_map")(beta)])


def seeded_initializers(seed):
    """Endless initializers, each with a seed of its own; DCGAN's spread of 0.02 is
    too small for narrow networks, so the spread follows the fan-in."""
    return (initializers.GlorotUniform(seed=seed + i) for i in itertools.count())


def check_choice(name, value, allowed):
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")


def check_positive(**values):
    for name, value in values.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")
