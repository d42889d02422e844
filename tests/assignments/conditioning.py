"""Submissions of assignment 3."""

RIGHT = {
    "condition_vector": """
class NoSuchCondition(ValueError):
    pass


def condition_vector(labels, sizes, num_classes, low, high):
    rows = []
    for label, size in zip(labels, sizes):
        if label not in range(num_classes) or not low <= size <= high:
            raise NoSuchCondition(label, size)
        rows.append([float(label == k) for k in range(num_classes)] + [(2 * size - low - high) / (high - low)])
    return rows
""",
    "embed": """
def embed(values, knots, table):
    left = np.clip(np.searchsorted(knots, values, side="right") - 1, 0, len(knots) - 2)
    share = ((values - knots[left]) / (knots[left + 1] - knots[left]))[:, None]
    return (1 - share) * table[left] + share * table[left + 1]
""",
    "two_answers": """
def two_answers(p, q):
    with np.errstate(invalid="ignore"):
        with_label = np.nan_to_num(p / (p + q), nan=0.5)
    return with_label, p.sum(axis=1) / (p.sum(axis=1) + q.sum(axis=1))
""",
    "accuracy_by_class": """
def accuracy_by_class(seen, asked, num_classes):
    often = np.bincount(asked, minlength=num_classes)
    right = np.bincount(asked[seen == asked], minlength=num_classes)
    shares = np.full(num_classes, np.nan)
    shares[often > 0] = right[often > 0] / often[often > 0]
    return shares, shares[often > 0].mean()
""",
    "words": "D does not see the label, or G does not. Show D real images with wrong labels: if it does not mind, it is D.",
}

HALF = {
    "condition_vector": """
def condition_vector(labels, sizes, num_classes, low, high):
    return np.column_stack([np.eye(num_classes)[labels], 2 * (sizes - low) / (high - low) - 1])
""",
    "embed": """
def embed(values, knots, table):
    places = (values - knots[0]) / (knots[-1] - knots[0]) * (len(knots) - 1)
    left = np.minimum(places.astype(int), len(knots) - 2)
    share = (places - left)[:, None]
    return (1 - share) * table[left] + share * table[left + 1]
""",
    "two_answers": """
def two_answers(p, q):
    both = p + q
    with_label = np.where(both > 0, p / np.where(both > 0, both, 1), 0.5)
    return with_label, with_label.mean(axis=1)
""",
    "accuracy_by_class": """
def accuracy_by_class(seen, asked, num_classes):
    shares = [(seen[asked == k] == k).mean() if (asked == k).any() else np.nan for k in range(num_classes)]
    return np.array(shares), (seen == asked).mean()
""",
    "words": "D does not see the label. Train longer, and look at the images.",
}

SAYS = (
    *("label −1 passes", "your code takes the knots to be equally far apart", "that is the mean of D over the labels"),
    "so the class that was asked for most decides",
)

#: Code that ends its own kernel; other programs and signals; tests that are written anew, with more points.
HOSTILE = {
    "condition_vector": """
import os


def condition_vector(*anything):
    os._exit(0)
""",
    "embed": """
import os
import signal
import subprocess


def embed(*anything):
    for attempt in (
        lambda: subprocess.run(["touch", "../../../../OUTSIDE"]),
        lambda: os.system("touch ../../../../OUTSIDE"),
        lambda: os.kill(os.getppid(), signal.SIGTERM),
        lambda: os.symlink(os.path.abspath("../../../gradebook.db"), "mine"),
    ):
        try:
            attempt()
        except Exception as problem:
            print("nothing:", type(problem).__name__)
    return np.zeros((4, 2))
""",
    "two_answers": """
def two_answers(*anything):
    while True:
        pass
""",
    "task3_with_label": "print('all is well')",
    "task3_blind": "20",
    "accuracy_by_class": RIGHT["accuracy_by_class"],
}
