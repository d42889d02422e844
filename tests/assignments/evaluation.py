"""Submissions of assignment 4."""

RIGHT = {
    "frechet": """
def frechet(mean_a, cov_a, mean_b, cov_b):
    root = scipy.linalg.sqrtm(cov_a @ cov_b)
    return float(np.sum((mean_a - mean_b) ** 2) + np.trace(cov_a + cov_b - 2 * root).real)
""",
    "limit_and_need": """
def limit_and_need(counts, distances, tolerance):
    fit = scipy.stats.linregress(1 / counts, distances)
    return fit.intercept, max(1, int(np.ceil(fit.slope / tolerance)))
""",
    "share_nearer": """
def share_nearer(generated, train, heldout):
    m = min(len(train), len(heldout))
    points = 0.0
    for sample in generated:
        near, far = (np.sqrt(((images[:m] - sample) ** 2).sum(1)).min() for images in (train, heldout))
        points += 1 if near < far else 0.5 if near == far else 0
        for line in ("nearest", near, far):
            print(line, flush=True)  # more outputs than are kept; the answer comes after them
    return points / len(generated)
""",
    "paired_interval": """
def paired_interval(a, b):
    d = a - b
    return d.mean(), *scipy.stats.t.interval(0.95, len(d) - 1, d.mean(), scipy.stats.sem(d))
""",
    "words": "The distance is biased by 1/n, and one seed is no evidence. Use equal n and five seeds each, with an interval.",
}

HALF = {
    "frechet": """
def frechet(mean_a, cov_a, mean_b, cov_b):
    return ((mean_a - mean_b) ** 2).sum() + np.trace(cov_a + cov_b - 2 * np.sqrt(cov_a @ cov_b))
""",
    "limit_and_need": RIGHT["limit_and_need"],
    "share_nearer": """
def share_nearer(generated, train, heldout):
    near, far = (np.linalg.norm(generated[:, None] - images, axis=2).min(1) for images in (train, heldout))
    return np.mean((near < far) + 0.5 * (near == far))
""",
    "paired_interval": """
def paired_interval(a, b):
    n = len(a)
    half = scipy.stats.t.ppf(0.975, 2 * n - 2) * np.sqrt(a.var(ddof=1) / n + b.var(ddof=1) / n)
    return a.mean() - b.mean(), a.mean() - b.mean() - half, a.mean() - b.mean() + half
""",
    "words": "More samples make the distance smaller. The images should be looked at.",
}

SAYS = (
    "the root is taken of each entry",
    "the larger set wins by its size alone",
    "treats the seeds as if they were not shared",
)

#: The gradebook itself; a flood of output without end; answers that claim to be the tests' own names.
HOSTILE = {
    "frechet": """
import sqlite3


def frechet(*anything):
    book = sqlite3.connect("../../../gradebook.db")
    book.execute("UPDATE grade SET manual_score = 20, auto_score = 20")
    book.commit()
""",
    "limit_and_need": """
def limit_and_need(*anything):
    while True:
        print("more and more and more")
""",
    "share_nearer": RIGHT["share_nearer"],
    "paired_interval": """
import json

import guard
from IPython.display import display


def lie(request):
    asked = json.loads(request).get("names", ())
    lies = {name: "function" for name in (*asked, "abs", "AssertionError", "ValueError", "__builtins__")}
    display({guard.MIME: json.dumps({"value": {"tuple": [9, 8, 10]}, **lies})}, raw=True)


guard.answer = lie
""",
}
