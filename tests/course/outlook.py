"""Wrong answers to the tasks of notebook 6."""

import numpy as np


def terms(mean, log_variance):
    return np.exp(log_variance) + mean**2 - 1 - log_variance


WRONG = {
    "kl_to_normal": [
        (lambda mean, log_variance: ..., "replace the dots"),
        (lambda mean, log_variance: -terms(mean, log_variance).sum(1) / 2, "never negative"),
        (lambda mean, log_variance: terms(mean, log_variance).sum(1), "½ is missing"),
        (lambda mean, log_variance: terms(mean, log_variance).mean(1) / 2, "mean over the coordinates; their sum"),
        (lambda mean, log_variance: terms(mean, log_variance).mean(1), "without the factor ½"),
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
