"""Submissions of assignment 2."""

RIGHT = {
    "discriminator_update": """
def discriminator_update(w, b, real, fake, rate):
    w, b = tf.Variable(w), tf.Variable(b, dtype=tf.float64)
    with tf.GradientTape() as tape:
        logits = [tf.linalg.matvec(tf.constant(points), w) + b for points in (real, fake)]
        loss = tf.reduce_mean(tf.nn.softplus(-logits[0])) + tf.reduce_mean(tf.nn.softplus(logits[1]))
    by_w, by_b = tape.gradient(loss, [w, b])
    return w - rate * by_w, b - rate * by_b
""",
    "generator_update": """
def generator_update(a, c, w, b, noise, rate):
    a, c = tf.Variable(a), tf.Variable(c)
    with tf.GradientTape() as tape:
        logits = tf.linalg.matvec(tf.constant(noise) @ a + c, tf.constant(w)) + b
        loss = tf.reduce_mean(tf.nn.softplus(-logits))
    by_a, by_c = tape.gradient(loss, [a, c])
    return (a - rate * by_a).numpy(), (c - rate * by_c).numpy()
""",
    "one_round": """
def one_round(d, g, d_update, g_update, d_steps, order):
    seen = {"simultaneous": d}
    after = d
    for _ in range(d_steps):
        after = d_update(after, g)
    seen["alternating"] = after
    if order not in seen:
        raise ValueError(order)
    return after, g_update(g, seen[order])
""",
    "r1_penalty": """
def r1_penalty(logits_of, images, gamma):
    images = tf.Variable(images)
    with tf.GradientTape() as tape:
        logits = logits_of(images)
    slopes = tape.gradient(logits, images)
    return float(gamma * tf.reduce_sum(slopes * slopes) / (2 * images.shape[0]))
""",
    "words": "The images are made outside of the tape: print the gradients. Or D's learning rate is far too large: lower it.",
}

HALF = {
    "discriminator_update": """
def discriminator_update(w, b, real, fake, rate):
    pull, push = -1 / (1 + np.exp(real @ w + b)), 1 / (1 + np.exp(-(fake @ w + b)))
    n = len(real)
    return w - rate * (pull @ real + push @ fake) / n, b - rate * (pull.sum() + push.sum()) / n
""",
    "generator_update": """
def generator_update(a, c, w, b, noise, rate):
    logits = (noise @ a + c) @ w + b
    on_points = np.outer(-1 / (1 + np.exp(-logits)), w) / len(noise)
    return a - rate * noise.T @ on_points, c - rate * on_points.sum(0)
""",
    "one_round": """
def one_round(d, g, d_update, g_update, d_steps, order):
    for _ in range(d_steps):
        d = d_update(d, g)
    return d, g_update(g, d)
""",
    "r1_penalty": RIGHT["r1_penalty"],
    "words": "The learning rate of D is too large: lower it. Or the generator has collapsed.",
}

SAYS = (
    "both sums are divided by the number of real points",
    "that is the minimax loss",
    "already sees the discriminator",
)

#: A loop that no interrupt ends; files by TensorFlow, past Python; a result that is equal to everything.
HOSTILE = {
    "discriminator_update": """
def discriminator_update(*anything):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
""",
    "generator_update": """
def generator_update(*anything):
    for place in ("../../../source/2_training_step/2_training_step.ipynb", "../../../gradebook.db"):
        try:
            print("STOLEN", tf.io.read_file(place).numpy()[:20])
        except Exception as problem:
            print("STOLEN nothing:", type(problem).__name__)
    try:
        tf.io.write_file("../../../../OUTSIDE", "here I was")
    except Exception as problem:
        print("WRITTEN nothing:", type(problem).__name__)
    return np.zeros((1, 2)), np.zeros(2)
""",
    "one_round": """
class Everything(float):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __sub__(self, other):
        return 0.0


def one_round(*anything):
    return Everything(), Everything()
""",
    "r1_penalty": RIGHT["r1_penalty"],
}
