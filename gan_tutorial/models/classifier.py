"""A small classifier, for grading."""

import itertools

from keras import Input, Model, initializers, layers


def build_classifier(image_shape=(28, 28, 1), num_classes=10, width=32, seed=0):
    """A small convolutional classifier; its layer "features" (b, 128) serves as a measure.

    Args:
        width: channels of the first, largest feature map.

    Returns a Keras model: images float32 in [-1, 1] to logits (b, num_classes).
    """
    init = (initializers.HeNormal(seed=seed + i) for i in itertools.count())
    x = image = Input(image_shape, name="image")
    for stage in range(3):
        conv = layers.Conv2D(width << stage, 3, padding="same", kernel_initializer=next(init), name=f"conv_{stage + 1}")
        x = layers.ReLU(name=f"relu_{stage + 1}")(conv(x))
        x = layers.MaxPooling2D(2, name=f"pool_{stage + 1}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(128, activation="relu", kernel_initializer=next(init), name="features")(x)
    x = layers.Dropout(0.3, seed=seed, name="dropout")(x)
    return Model(image, layers.Dense(num_classes, kernel_initializer=next(init), name="logits")(x), name="classifier")
