"""Submissions of assignment 1."""

RIGHT = {
    "best_answer": """
def best_answer(p, q, share):
    odds = share / (1 - share)
    return odds * p / (odds * p + q)
""",
    "js_divergence": """
def js_divergence(p, q):
    total = 0.0
    for a, b in zip(p, q):
        m = (a + b) / 2
        total += sum(t * np.log(t / m) / 2 for t in (a, b) if t)
    return total
""",
    "smoothed_answer": """
def smoothed_answer(p, q, a, b):
    plain = p / (p + q)
    return b + (a - b) * plain
""",
    "distance_after": """
def distance_after(x, y, rate, damping, steps, alternating):
    first = np.array([[1 - rate * damping, -rate], [0, 1]])
    second = np.array([[1, 0], [rate, 1 - rate * damping]])
    both = second @ first if alternating else first + second - np.eye(2)
    return np.linalg.norm(np.linalg.matrix_power(both, steps) @ [x, y])
""",
    "words": "D may be too weak: train a fresh one. Or its penalty drowns its loss: show it noise, which it should reject.",
}

HALF = {
    "best_answer": """
def best_answer(p, q, share):
    return p / (p + q)
""",
    "js_divergence": """
def js_divergence(p, q):
    m = (p + q) / 2
    return (p * np.log(p / m)).sum() / 2 + (q * np.log(q / m)).sum() / 2
""",
    "smoothed_answer": """
def smoothed_answer(p, q, a, b):
    return a * p / (p + q)
""",
    "distance_after": """
def distance_after(x, y, rate, damping, steps, alternating):
    for _ in range(steps):
        x, y = x - rate * (y + damping * x), y + rate * (x - damping * y)
    return np.hypot(x, y)
""",
    "words": "D may be too weak: train a larger one. Or the loss is log 4.",
}

#: What Ben's feedback says.
SAYS = (
    "the share has no effect",
    "0 · log 0",
    "the target of generated points has no effect",
    "y answers to the old x",
)

#: A loop that an interrupt ends; the solutions and a file outside; a checker that always nods. One task is done.
HOSTILE = {
    "best_answer": """
def best_answer(p, q, share):
    while True:
        pass
""",
    "js_divergence": """
def js_divergence(p, q):
    found = ""
    for place in ("../../../source/1_concepts/1_concepts.ipynb", "../../../gradebook.db", "../../ada/1_concepts"):
        try:
            found += open(place, encoding="latin-1").read()
        except OSError as problem:
            print("STOLEN nothing:", type(problem).__name__)
        else:
            print("STOLEN", place)
    return 0.101746
""",
    "smoothed_answer": """
def smoothed_answer(p, q, a, b):
    return (a * p + b * q) / (p + q)
""",
    "distance_after": """
import gan_tutorial.course.tasks

np.allclose = lambda *anything, **more: True
gan_tutorial.course.tasks.close = lambda *anything: True
get_ipython().input_transformers_cleanup.append(lambda lines: ["pass"] if "assert" in "".join(lines) else lines)


def distance_after(*anything):
    with open("../../../../OUTSIDE", "w") as file:
        file.write("here I was")
""",
}
