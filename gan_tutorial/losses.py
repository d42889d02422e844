"""Adversarial losses, as functions of logits.

Each takes the discriminator's logits of real and of generated images, shape (b, 1), and returns one loss per example,
shape (b, 1). With D = sigmoid(logit), -log D = softplus(-logit) and -log(1 - D) = softplus(logit): no logarithm of a
rounded zero ever appears.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from . import quiet

quiet.import_tensorflow()

import tensorflow as tf
from tensorflow import Tensor

from .data.validation import did_you_mean


class Loss(NamedTuple):
    """A game: what the discriminator minimizes and what the generator minimizes.

    discriminator(real_logits, fake_logits, smoothing) and generator(real_logits, fake_logits) return one loss per example.
    has_targets: whether there are targets that label smoothing can move. border: the logit between real and generated. A loss
    of your own goes straight into `train(..., loss=boundary_seeking)`, or into `LOSSES` to have a name.

    Example:
        >>> import gan_tutorial as gt
        >>> def toward_the_boundary(real_logits, fake_logits):  # D = ½: Hjelm et al. 2017, arXiv:1702.08431
        ...     return tf.square(fake_logits) / 2
        >>> boundary_seeking = gt.Loss(gt.losses.cross_entropy, toward_the_boundary)
        >>> boundary_seeking.generator(None, tf.constant([[-2.0], [0.0]])).numpy().ravel().tolist()
        [2.0, 0.0]
    """

    discriminator: Callable[..., Tensor]
    generator: Callable[[Tensor, Tensor], Tensor]
    has_targets: bool = True
    border: float = 0.0


def cross_entropy(real_logits: Tensor, fake_logits: Tensor, smoothing: float = 0.0) -> Tensor:
    """-log D(x) - log(1 - D(G(z))), Goodfellow et al. 2014, equation 1.

    One-sided label smoothing (Salimans et al. 2016) moves the target of real images only, from 1 to 1 - smoothing.
    """
    real = (1 - smoothing) * tf.nn.softplus(-real_logits) + smoothing * tf.nn.softplus(real_logits)
    return real + tf.nn.softplus(fake_logits)


def minimax_generator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """log(1 - D(G(z))): the zero-sum game as it is derived, Goodfellow et al. 2014, equation 1."""
    return -tf.nn.softplus(fake_logits)


def non_saturating_generator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """-log D(G(z)): the same fixed point, strong gradients early, Goodfellow et al. 2014, section 3."""
    return tf.nn.softplus(-fake_logits)


def least_squares(real_logits: Tensor, fake_logits: Tensor, smoothing: float = 0.0) -> Tensor:
    """½ (D(x) - 1)² + ½ D(G(z))², Mao et al. 2017, equation 9; D is the bare logit here."""
    return (tf.square(real_logits - (1 - smoothing)) + tf.square(fake_logits)) / 2


def least_squares_generator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """½ (D(G(z)) - 1)², Mao et al. 2017, equation 9: a generator that fools the discriminator too well is drawn back."""
    return tf.square(fake_logits - 1) / 2


def hinge(real_logits: Tensor, fake_logits: Tensor, smoothing: float = 0.0) -> Tensor:
    """max(0, 1 - D(x)) + max(0, 1 + D(G(z))), as in Miyato et al. 2018, equation 16."""
    return tf.nn.relu(1 - smoothing - real_logits) + tf.nn.relu(1 + fake_logits)


def critic(real_logits: Tensor, fake_logits: Tensor, smoothing: float = 0.0) -> Tensor:
    """D(G(z)) - D(x): Wasserstein's critic, Arjovsky et al. 2017, equation 2. There are no targets to smooth.

    It has a meaning only if the critic's slope is bounded: by clipped weights, gradient penalty, or spectral normalization.
    """
    return fake_logits - real_logits


def critic_generator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """-D(G(z)): for Wasserstein's critic, and with the hinge loss."""
    return -fake_logits


def relativistic(real_logits: Tensor, fake_logits: Tensor, smoothing: float = 0.0) -> Tensor:
    """softplus(-(D(x) - D(G(z)))): is the real image more real than the generated one? Jolicoeur-Martineau 2019.

    Pairs as in Huang et al. 2024: with penalties on both sides (R1 and R2) the game converges near its solution.
    """
    return tf.nn.softplus(fake_logits - real_logits)


def relativistic_generator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """softplus(-(D(G(z)) - D(x))): the same question, turned round."""
    return tf.nn.softplus(real_logits - fake_logits)


def label_error(logits: Tensor, labels: Tensor) -> Tensor:
    """-log P(label | image), (b,): what an auxiliary classifier minimizes, Odena et al. 2017, equation 3.

    Of codes that were sampled rather than given it is, up to a constant, the bound on the mutual information of InfoGAN,
    Chen et al. 2016, equation 5.
    """
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)


def range_error(guesses: Tensor, shares: Tensor) -> Tensor:
    """½ (2s - 1 - guess)², (b,): -log of a Gaussian of variance 1, up to a constant; s in [0, 1] is a place in a range."""
    return tf.square(2 * shares - 1 - guesses) / 2


def overlap(weights: Sequence[Any]) -> Tensor:
    """Σ ‖WᵀW ⊙ (1 - I)‖² over the kernels W among Keras variables, 0 if the columns of each are orthogonal.

    Brock et al. 2019, equation 3, without its β. A column holds the weights of one output (of a transposed convolution: of one
    input). Since ‖WᵀW‖ = ‖WWᵀ‖, the smaller of the two is computed.
    """
    total = tf.zeros([])
    for kernel in (tf.convert_to_tensor(weight) for weight in weights if weight.name == "kernel"):
        w = tf.reshape(kernel, [-1, kernel.shape[-1]])
        products = tf.matmul(w, w, transpose_a=w.shape[0] > w.shape[1], transpose_b=w.shape[0] <= w.shape[1])
        total += tf.reduce_sum(tf.square(products)) - tf.reduce_sum(tf.square(tf.reduce_sum(tf.square(w), 0)))
    return total


#: The losses by name.
LOSSES: dict[str, Loss] = {
    "minimax": Loss(cross_entropy, minimax_generator),
    "non_saturating": Loss(cross_entropy, non_saturating_generator),
    "least_squares": Loss(least_squares, least_squares_generator, border=0.5),
    "hinge": Loss(hinge, critic_generator),
    "wasserstein": Loss(critic, critic_generator, has_targets=False),
    "relativistic": Loss(relativistic, relativistic_generator, has_targets=False),
}


def get_loss(loss: str | Loss) -> Loss:
    """A `Loss` by name, or the one given; ValueError names the choices."""
    if isinstance(loss, Loss):
        return loss
    if loss not in LOSSES:
        hint = did_you_mean(str(loss), LOSSES)
        raise ValueError(f"no loss is called {loss!r}; choose one of: {', '.join(LOSSES)}.{hint}")
    return LOSSES[loss]
