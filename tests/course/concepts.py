"""Wrong answers to the tasks of notebook 1."""

WRONG = {
    "optimal_discriminator": [
        (lambda p, q: p / q, "a share, between 0 and 1"),
        (lambda p, q: q / (p + q), "the real density, belongs on top"),
        (lambda p, q: 0.5 + 0 * p, "it should be"),
    ],
}
