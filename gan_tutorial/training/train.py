"""The front doors: one function per algorithm, each a `Step` in a `Trainer`.

Their options are those of the step and of the trainer; names, defaults and explanations are written there, once, and
joined to the signature and docstring here. `train.pyi` spells them out for editors and type checkers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import keras

from ..data.validation import did_you_mean
from ..models import interface
from .data_sources import as_arrays
from .options import check_not_negative, documented_options, keyword_options
from .reports import Result
from .steps import CycleGANStep, GANStep, Pix2PixStep, StyleGANStep, VAEGANStep, VAEStep
from .trainer import Trainer

_Function = TypeVar("_Function", bound=Callable[..., Result])


def _options_of(step: type) -> Callable[[_Function], _Function]:
    """Give a function the options of a step, of the trainer and of its `fit`, in signature and docstring."""
    sources = (step, Trainer, Trainer.fit)

    def decorate(function: _Function) -> _Function:
        own = inspect.signature(function)
        shown = {name: p for name, p in own.parameters.items() if p.kind is not inspect.Parameter.VAR_KEYWORD}
        options = {**keyword_options(*sources), **shown}
        order = [*shown, *(name for name in options if name not in shown)]
        function.__signature__ = own.replace(parameters=[options[name] for name in order])  # type: ignore[attr-defined]
        texts, doc = documented_options(*sources), inspect.getdoc(function) or ""
        lines = [f"    {name}: {texts[name]}" for name in keyword_options(function) if f"\n    {name}:" not in doc]
        function.__doc__ = doc.replace("    {options}", "\n".join(lines))
        return function

    return decorate


def _fit(function: Callable[..., Result], step: type, networks: tuple, data: Any, options: dict[str, Any]) -> Result:
    known = inspect.signature(function).parameters
    if unknown := [name for name in options if name not in known]:
        raise TypeError(f"{function.__name__} has no option {unknown[0]!r}.{did_you_mean(unknown[0], known)}")

    def chosen(*sources: Callable[..., Any]) -> dict[str, Any]:
        return {name: options[name] for name in keyword_options(*sources) if name in options}

    return Trainer(step(*networks, **chosen(step)), data, **chosen(Trainer)).fit(**chosen(Trainer.fit))


@_options_of(GANStep)
def train(generator: keras.Model, discriminator: keras.Model, data: Any, **options: Any) -> Result:
    """Train a GAN. The defaults suit 28×28 images on two cores.

    Args:
        generator, discriminator: Keras models, trained in place.
        data: images float32 (n, height, width, channels) in [-1, 1], or points (n, 2), or what else `Trainer` takes.
        {options}

    Returns a `Result`; its generator has the averaged weights. Raises ValueError for what does not suit and
    FloatingPointError if the training diverges.

    Example:
        >>> import gan_tutorial as gt
        >>> ring = gt.load_dataset("ring")
        >>> models = gt.models.build_points_generator(), gt.models.build_points_discriminator()
        >>> result = gt.train(*models, ring.images, steps=20, progress=False)
        >>> gt.generate_images(result.generator, 5).shape
        (5, 2)
    """
    return _fit(train, GANStep, (generator, discriminator), data, options)


@_options_of(GANStep)
def train_cgan(
    generator: keras.Model, discriminator: keras.Model, data: Any, labels: Any = None,
    conditions: Mapping[str, Any] | None = None, **options: Any,
) -> Result:  # fmt: skip
    """Train a conditional GAN: `train` with the conditions that the generator takes, such as labels.

    Real images come with their own conditions; images are generated for the conditions of the batch, and the
    discriminator sees both with those.

    Args:
        generator, discriminator: Keras models, trained in place.
        data: as for `train`; a `Dataset` brings its conditions along.
        labels: integers (n,), if `data` is an array of images.
        conditions: further ones by name, each (n,): integers for categories, numbers for ranges.
        {options}

    Returns and raises as `train`.

    Example:
        >>> import gan_tutorial as gt
        >>> shapes = gt.data.make_shapes(64)
        >>> options = {"image_shape": shapes.image_shape, "conditions": shapes.conditions, "width": 4}
        >>> models = gt.build_generator(**options), gt.build_discriminator(**options)
        >>> gt.train_cgan(*models, shapes, steps=2, progress=False).step
        2
    """
    if len(interface.input_names(generator)) < 2:
        raise ValueError("the generator takes no condition: build it with num_classes or conditions, or call train")
    return _fit(train_cgan, GANStep, (generator, discriminator), as_arrays(data, labels, conditions), options)


@_options_of(StyleGANStep)
def train_style_gan(
    generator: keras.Model, discriminator: keras.Model, data: Any, labels: Any = None,
    conditions: Mapping[str, Any] | None = None, **options: Any,
) -> Result:  # fmt: skip
    """Train a style-based generator (Karras et al. 2019): `train` or `train_cgan`, with mixed styles and path lengths.

    Args:
        generator: of `build_style_generator`, trained in place.
        discriminator: a Keras model, trained in place.
        data: as for `train`; a `Dataset` brings its conditions along.
        labels: integers (n,), if `data` is an array of images.
        conditions: further ones by name, each (n,): integers for categories, numbers for ranges.
        {options}

    Returns and raises as `train`.

    Example:
        >>> import gan_tutorial as gt
        >>> options = {"image_shape": (64, 64, 3), "width": 4}
        >>> networks = gt.models.build_style_generator(8, **options), gt.build_discriminator(**options)
        >>> images = gt.data.make_shapes(64).images
        >>> gt.training.train_style_gan(*networks, images, mixing=0.5, steps=2, progress=False).step
        2
    """
    given = as_arrays(data, labels, conditions)
    return _fit(train_style_gan, StyleGANStep, (generator, discriminator), given, options)


def _falling(options: dict[str, Any]) -> dict[str, Any]:
    """The options with a learning rate that falls to zero over the training, unless it is a schedule already."""
    defaults = {name: parameter.default for name, parameter in keyword_options(VAEStep, Trainer).items()}
    rate, steps = (options.get(name, defaults[name]) for name in ("learning_rate", "steps"))
    if isinstance(rate, int | float):
        check_not_negative(learning_rate=rate)
        rate = keras.optimizers.schedules.CosineDecay(rate, steps)
    return {**options, "learning_rate": rate}


@_options_of(VAEStep)
def train_vae(encoder: keras.Model, decoder: keras.Model, data: Any, *, batch_size: int = 64, **options: Any) -> Result:
    """Train a variational autoencoder, pixel by pixel (Kingma & Welling 2014).

    Args:
        encoder, decoder: Keras models, trained in place.
        data: images float32 (n, height, width, channels) in [-1, 1], or what else `Trainer` takes.
        {options}

    A learning rate given as a number falls to zero over the training, by a cosine. Returns a `Result`; its history
    has "reconstruction_loss" and "kl_divergence" (nats).

    Example:
        >>> import gan_tutorial as gt
        >>> options = {"image_shape": (64, 64, 3), "latent_dim": 8, "width": 4}
        >>> models = gt.models.build_encoder(**options), gt.build_generator(**options)
        >>> sorted(gt.train_vae(*models, gt.data.make_shapes(64), steps=2, progress=False).models)
        ['decoder', 'encoder']
    """
    return _fit(train_vae, VAEStep, (encoder, decoder), data, _falling({**options, "batch_size": batch_size}))


@_options_of(VAEGANStep)
def train_vae_gan(
    encoder: keras.Model, decoder: keras.Model, discriminator: keras.Model, data: Any, *, batch_size: int = 64,
    **options: Any,
) -> Result:  # fmt: skip
    """Train an autoencoder whose pictures are compared by a discriminator's features (Larsen et al. 2016).

    Args:
        encoder, decoder, discriminator: Keras models, trained in place.
        data: images float32 (n, height, width, channels) in [-1, 1], or what else `Trainer` takes.
        {options}

    A learning rate given as a number falls to zero over the training, by a cosine. Returns a `Result`;
    `models["decoder"]` has the averaged weights.

    Example:
        >>> import gan_tutorial as gt
        >>> options = {"image_shape": (64, 64, 3), "width": 4}
        >>> models = gt.models.build_encoder(**options), gt.build_generator(**options)
        >>> critic, shapes = gt.build_discriminator(**options), gt.data.make_shapes(64)
        >>> gt.train_vae_gan(*models, critic, shapes, steps=2, progress=False).step
        2
    """
    networks = encoder, decoder, discriminator
    return _fit(train_vae_gan, VAEGANStep, networks, data, _falling({**options, "batch_size": batch_size}))


@_options_of(Pix2PixStep)
def train_pix2pix(
    generator: keras.Model, discriminator: keras.Model, pictures: Any, images: Any = None, *, batch_size: int = 16,
    **options: Any,
) -> Result:  # fmt: skip
    """Train a generator that turns pictures into images, on pairs (Isola et al. 2017).

    Args:
        generator, discriminator: Keras models, trained in place.
        pictures: what goes in: float32 (n, height, width, channels) in [-1, 1]; or a dict or a `tf.data.Dataset` of
            dicts with "picture" and "image".
        images: what is to come out, pair by pair.
        {options}

    A learning rate given as a number falls to zero over the training, by a cosine. Returns a `Result`; its generator
    has the averaged weights.

    Example:
        >>> import gan_tutorial as gt
        >>> models = gt.models.build_unet_generator(width=4), gt.models.build_patch_discriminator(width=4)
        >>> images = gt.data.make_shapes(32).images
        >>> gt.train_pix2pix(*models, gt.data.draw_outlines(images), images, steps=2, progress=False).step
        2
    """
    data = pictures if images is None else {"picture": pictures, "image": images}
    options = _falling({**options, "batch_size": batch_size})
    return _fit(train_pix2pix, Pix2PixStep, (generator, discriminator), data, options)


@_options_of(CycleGANStep)
def train_cyclegan(
    generator: keras.Model, back_generator: keras.Model, discriminator: keras.Model, back_discriminator: keras.Model,
    pictures: Any, images: Any = None, *, batch_size: int = 8, **options: Any,
) -> Result:  # fmt: skip
    """Train two generators, from pictures to images and back, on two sets without pairs (Zhu et al. 2017).

    Args:
        generator, back_generator, discriminator, back_discriminator: Keras models, trained in place.
        pictures: one set: float32 (n, height, width, channels) in [-1, 1]; or a dict or a `tf.data.Dataset` of dicts
            with "picture" and "image".
        images: the other set, (m, height, width, channels), in any order.
        {options}

    A learning rate given as a number falls to zero over the training, by a cosine. Returns a `Result`; in its `models`,
    "generator" and "back_generator" have the averaged weights.

    Example:
        >>> import gan_tutorial as gt
        >>> unet = {"noise_channels": 0, "normalization": "instance", "width": 4}
        >>> generators = [gt.models.build_unet_generator(**unet, seed=seed) for seed in (0, 1)]
        >>> discriminators = [gt.models.build_patch_discriminator(width=4, pairs=False, seed=seed) for seed in (0, 1)]
        >>> images = gt.data.make_shapes(32).images
        >>> outlines = gt.data.draw_outlines(gt.data.make_shapes(32, "test").images)
        >>> gt.training.train_cyclegan(*generators, *discriminators, outlines, images, steps=2, progress=False).step
        2
    """
    data = pictures if images is None else {"picture": pictures, "image": images}
    options = _falling({**options, "batch_size": batch_size})
    networks = generator, back_generator, discriminator, back_discriminator
    return _fit(train_cyclegan, CycleGANStep, networks, data, options)
