"""Wrong answers to the tasks of notebook 6."""

import numpy as np


def log_q(logits, codes):
    logits = logits - logits.max(1, keepdims=True)
    return (logits - np.log(np.exp(logits).sum(1, keepdims=True)))[np.arange(len(codes)), codes]


def overflowing(logits, codes):
    with np.errstate(all="ignore"):
        shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
        return np.log(shares[np.arange(len(codes)), codes]).mean() + np.log(logits.shape[1])


def terms(mean, log_variance):
    return np.exp(log_variance) + mean**2 - 1 - log_variance


WRONG = {
    "information_bound": [
        (lambda logits, codes: ..., "replace the dots"),
        (lambda logits, codes: log_q(logits, codes).mean(), "H(c), is missing"),
        (lambda logits, codes: -log_q(logits, codes).mean(), "cross-entropy"),
        (lambda logits, codes: np.log(4) - log_q(logits, codes).mean(), "a sign"),
        (lambda logits, codes: logits[np.arange(len(codes)), codes].mean() + np.log(4), "softmax is missing"),
        (lambda logits, codes: np.exp(log_q(logits, codes)).mean() + np.log(4), "before the mean"),
        (lambda logits, codes: log_q(logits, codes).mean() + np.log(10), "not log 10"),
        (overflowing, "overflows"),
    ],
    "kl_to_normal": [
        (lambda mean, log_variance: ..., "replace the dots"),
        (lambda mean, log_variance: -terms(mean, log_variance).sum(1) / 2, "never negative"),
        (lambda mean, log_variance: terms(mean, log_variance).sum(1), "½ is missing"),
        (lambda mean, log_variance: terms(mean, log_variance).mean(1) / 2, "mean over the coordinates"),
        (lambda mean, log_variance: terms(mean, log_variance).sum() / 2, "one for each is wanted"),
        (lambda mean, log_variance: terms(mean, log_variance) / 2, "per coordinate"),
        (
            lambda mean, log_variance: (log_variance**2 + mean**2 - 1 - np.log(log_variance**2)).sum(1) / 2,
            "not the standard deviation",
        ),
    ],
    "roc_area": [
        (lambda members, others: ..., "replace the dots"),
        (lambda members, others: (members[:, None] > others).mean(), "not as nothing"),
        (lambda members, others: (members[:, None] >= others).mean(), "not as a whole"),
        (lambda members, others: (np.sign(others - members[:, None]) / 2 + 0.5).mean(), "turned round"),
        (lambda members, others: members.mean() - others.mean(), "difference of the means"),
        (lambda members, others: 0.5, "11 are won and 3 tied"),
    ],
}
