"""Benches: controls beside a picture that the kernel draws."""

import io
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import gan_tutorial as gt
from gan_tutorial import pretrained, widgets
from gan_tutorial.widgets.figures import LIGHT, as_picture, grid_bytes, on_paper, themed

DARK = {**LIGHT, "ink": "#e8eaed", "real": "#56b4e9"}


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def ask(panel, **values):
    """Move controls as the page does; values of choices are their places."""
    asked = panel.asked
    number = asked["number"] + 1
    panel.set_state({"asked": {**asked, "number": number, "values": {**asked["values"], **values}}})
    return number


def test_every_kind_of_control():
    seen = []

    def draw(size, name, many, where, on=True):
        seen.append((size, name, many, where, on))
        return np.zeros((1, 8, 8, 1))

    panel = widgets.bench(
        "Kinds", draw, size=(0.0, 1.0, 0.25), name=["a", "b"], many=[5, 50, 500], where={"here": 1.5, "there": None},
        on=False,
    )  # fmt: skip
    assert seen == [(0.0, "a", 5, 1.5, True)]
    assert [each["kind"] for each in panel.controls] == ["slider", "menu", "steps", "menu", "tick"]
    assert panel.controls[0]["digits"] == 2
    number = ask(panel, size=0.75, name=1, many=2, where=1, on=False)
    assert seen[-1] == (0.75, "b", 500, None, False) and panel.answered == number
    panel.set(many=50)
    assert panel.values == {"size": 0.75, "name": "b", "many": 50, "where": None, "on": False}
    with pytest.raises(ValueError, match="there is no control 'nme'; there are: size, name"):
        panel.set(nme=1)
    with pytest.raises(ValueError, match="where cannot be 'elsewhere'; choose from: here, there"):
        panel.set(where="elsewhere")
    panel.set(where="here")
    assert panel.values["where"] == 1.5


CHINESE = """
import io, json, warnings
import numpy as np
import gan_tutorial as gt
from gan_tutorial.evaluation.human import make_trials, simulate_rater, summarize_answers
from gan_tutorial.translations import figure_words, shown
from gan_tutorial.widgets import RealOrFake, bench
from gan_tutorial.widgets.real_or_fake import verdict_table

images = np.zeros((2, 8, 8, 1), np.float32)
panel = bench("Names", lambda name, colour: images, name={"bag": 0, "mine": 1}, colour=["red"])
panel.set(name="bag")
trials = make_trials(gt.load_dataset("fashion_mnist", "test"), np.zeros((40, 28, 28, 1), np.float32), np.arange(40) % 10)
game = RealOrFake({"clothes": trials, "mine": trials}, folder=None)
verdict = verdict_table(summarize_answers(simulate_rater(trials, 0.5)), trials)
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    figure = gt.display_images(images, ["bag", "mine"])
    figure.savefig(io.BytesIO(), format="png")
print(json.dumps({
    "options": [each["options"] for each in panel.controls], "label": panel.controls[1]["label"], "values": panel.values,
    "sets": [game.sets, game.offered], "classes": [name for name, *_ in verdict["classes"]],
    "titles": [axis.get_title() for axis in figure.axes], "letters": figure_words()["figure_step"] == "训练步",
    "boxes": [str(each.message) for each in said if "missing from" in str(each.message)],
}))
"""


def test_names_are_chinese_where_they_are_shown():
    done = subprocess.run(
        [sys.executable, "-c", CHINESE],
        env={**os.environ, "GAN_TUTORIAL_LANGUAGE": "zh"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["options"] == [["包 bag", "mine"], ["红色 red"]] and told["label"] == "颜色"
    assert told["values"] == {"name": 0, "colour": "red"}
    assert told["sets"] == [["clothes", "mine"], ["服装 clothes", "mine"]]
    assert len(told["classes"]) == 10 and "短靴" in told["classes"]
    # Where matplotlib has no Chinese letters, the names stay as they are, and are no boxes.
    assert told["titles"] == ["包" if told["letters"] else "bag", "mine"] and not told["boxes"]


@pytest.mark.parametrize("given", [(1, 0), (0, 1, 0), 5, {}, [], None, (0, "a", [])])
def test_what_is_no_control_is_named(given):
    with pytest.raises(ValueError, match="odd"):
        widgets.bench("Odd", lambda odd: None, odd=given)


def test_an_error_is_one_line_and_the_picture_stays():
    def draw(x=1):
        return np.full((1, 4, 4, 1), 1 / x)

    panel = widgets.bench("Errors", draw, x=(-1, 1))
    before = panel.picture
    ask(panel, x=0)
    assert panel.error == "ZeroDivisionError: division by zero" and panel.picture == before
    ask(panel, x=-1)
    assert not panel.error and panel.picture != before
    with pytest.raises(ZeroDivisionError):
        widgets.bench("At first", lambda x: 1 / x, x=(0, 1))
    with pytest.raises(ValueError, match="a picture is a matplotlib figure, .*, not int"):
        widgets.bench("Nothing to see", lambda x: x, x=(0, 1))


def test_figures_follow_the_theme_and_paper_is_white():
    def draw():
        figure = Figure(figsize=(1, 1))
        figure.text(0.2, 0.4, "■", fontsize=20)
        return figure, "a square"

    panel = widgets.bench("Square", draw)
    light = pixels(panel.picture)
    assert (
        panel.width == 100 and light[0, 0, 3] == 0 and tuple(light[light[..., 3] == 255][0, :3]) == (0x1C, 0x1F, 0x23)
    )
    panel.set_state({"asked": {"number": 1, "values": {}, "theme": {**DARK, "scale": 2}}})
    dark = pixels(panel.picture)
    assert dark.shape[:2] == (200, 200) and panel.width == 100 and panel.ink == "#e8eaed"
    assert tuple(dark[dark[..., 3] == 255][0, :3]) == (0xE8, 0xEA, 0xED)
    assert (pixels(on_paper(panel.picture))[0, 0] == 255).all()
    data, _ = panel._repr_mimebundle_()
    assert data["text/plain"] == "Square: a square" and data["image/png"]
    with themed(DARK):
        (line,) = Figure().subplots().plot([0, 1])
    assert line.get_color() == "#56b4e9"


def test_pyplots_figures_are_not_shown_twice():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    widgets.bench("Twice", lambda: plt.figure(figsize=(1, 1)))
    assert plt.get_fignums() == before


def test_images_are_transparent_between():
    png, width = grid_bytes(np.ones((2, 4, 4, 3)), columns=2, gap=1)
    found = pixels(png)
    assert width == 9 and found.shape == (4, 9, 4)
    assert (found[:, 4, 3] == 0).all() and (np.delete(found, 4, 1) == 255).all()
    made = as_picture(np.zeros((1, 100, 100, 1)))
    assert made.crisp and made.width == 300


def test_translations():
    panel = widgets.translation_lab(pretrained.load_pretrained("pix2pix_shapes")[0])
    for name, value in {"kind": "cross", "size": 0.2, "rotation": 0.1}.items():
        before = panel.picture
        panel.set(**{name: value})
        assert panel.picture != before and not panel.error, name
    assert "outline of a cross" in panel.text


def test_few_samples_are_biased():
    rng = np.random.default_rng(0)
    real, other = rng.normal(size=(2, 400, 16))
    panel = widgets.sample_size(real, {"the same": other}, value=400)
    assert panel.values == {"samples": 200}
    many = float(panel.text.split()[-1].rstrip("."))
    panel.set(samples=50)
    assert float(panel.text.split()[-1].rstrip(".")) > 2 * many
    with pytest.raises(ValueError, match="at least 50 samples of each are needed, but there are 49"):
        widgets.sample_size(real[:49], {})


def test_bells_far_apart_leave_no_slope():
    panel = widgets.bells()
    panel.set(shift=0.0, width=1.0)
    assert panel.text.startswith("JS(p, q) = 0.000")
    panel.set(shift=6.0)
    assert "JS(p, q) = 0.68" in panel.text and "minimax 0.0" in panel.text
    slope = float(panel.text.split()[-1].rstrip("."))
    assert slope == pytest.approx(6, abs=0.1)  # d/dx -log D* = shift, where D* is near 0


def test_slopes_by_automatic_differentiation():
    panel = widgets.saturation()
    panel.set(logit=-18.0, target="real")
    # Keras clips probabilities at 1e-7, and what is clipped has no slope.
    assert "Slope of the loss: 1 on the logit, 0 on its sigmoid" in panel.text
    panel.set(logit=1.0, target="generated")
    assert "0.73 on the logit, 0.73 on its sigmoid" in panel.text


def test_who_moves():
    import keras

    def patient(trainable):
        def make():
            generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(16), keras.layers.Reshape((4, 4, 1))])
            discriminator = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
            discriminator.trainable = trainable
            stack = keras.Sequential([generator, discriminator])
            stack.compile(keras.optimizers.SGD(0.1), keras.losses.BinaryCrossentropy(from_logits=True))
            noise = np.ones((3, 2), "float32")
            return generator, discriminator, lambda real: stack.train_on_batch(noise, np.ones((3, 1)))

        return make

    panel = widgets.what_moves({"thawed": patient(True), "frozen": patient(False)}, [None] * 3, np.ones((4, 2)))
    assert panel.text.endswith("generator 0 / 2, discriminator 0 / 2.")
    panel.set(step=3)
    assert panel.text.endswith("generator 2 / 2, discriminator 2 / 2.")
    panel.set(training="frozen")
    assert panel.text.endswith("generator 2 / 2, discriminator 0 / 2.")


def test_thresholds():
    panel = widgets.detector_threshold([0, 1, 2, 3], [2, 3, 4, 5])
    panel.set(threshold=2.5, prior=0.5)
    assert "75.0% of the generated images and 25.0% of the real" in panel.text and "75.0% are generated" in panel.text
    panel.set(prior=0.01)
    # 0.01 · 0.75 / (0.01 · 0.75 + 0.99 · 0.25)
    assert "2.9% are generated and 97.1% are real" in panel.text
    panel.set(threshold=5.0)
    assert "accuses no image" in panel.text
    with pytest.raises(ValueError, match="all scores are equal"):
        widgets.detector_threshold([1, 1], [1, 1])


def test_a_stronger_mark_is_found_more_often_and_seen_more():
    images = gaussian_images(400)
    panel = widgets.watermark_strength(images)
    panel.set(strength=0.0)
    assert "Found in 0.0%" in panel.text or "Found in 0.5%" in panel.text
    panel.set(strength=0.2)
    assert "Found in 100.0% of the marked" in panel.text
    panel.set(attack="shifted")
    assert "Found in 0." in panel.text  # the pattern is no longer where it is looked for
    for attack in ("png", "jpeg", "blurred", "nothing"):
        panel.set(attack=attack)
        assert not panel.error


def gaussian_images(n):
    from scipy.ndimage import gaussian_filter

    noise = np.random.default_rng(0).normal(0, 4, (n, 28, 28, 1))
    return np.clip(gaussian_filter(noise, (0, 3, 3, 0)), -1, 1).astype(np.float32)


@pytest.mark.slow
def test_steering_and_blending():
    names = gt.load_dataset("fashion_mnist", "test").class_names
    generator, classifier = (pretrained.load_pretrained(f"{n}_fashion_mnist")[0] for n in ("gan", "classifier"))
    panel = widgets.steering(generator, classifier, names, start=0, wish=2)
    far = float(panel.text.split("wish ")[1].split(",")[0])
    light = abs(float(panel.text.split()[-1].rstrip(".")))
    assert far > 3
    panel.set(held=True)
    assert abs(float(panel.text.split()[-1].rstrip("."))) < light
    panel.set(step=0)
    assert "wish +0.0, brightness +0.000" in panel.text
    networks = [pretrained.load_pretrained(f"vae_gan_{part}_fashion_mnist")[0] for part in ("encoder", "decoder")]
    panel = widgets.blend(*networks, gt.load_dataset("fashion_mnist", "test").images[:4])
    before = panel.picture
    panel.set(share=0.2)
    assert panel.picture != before and panel.text.startswith("20% of the second")


@pytest.mark.slow
def test_metrics_notice_what_they_are_made_for():
    train, test = (gt.load_dataset("fashion_mnist", split) for split in ("train", "test"))
    panel = widgets.metric_bench(train, test)
    assert panel.text == "No metric has left the interval of undamaged images."
    panel.set(copies=100)
    assert "nearest training image, pixels" in panel.text and "Fréchet" not in panel.text
    panel.set(copies=0, sigma=0.4)
    assert "precision" in panel.text and "Fréchet distance" in panel.text
    panel.set(sigma=0.0, repeats=99)
    assert "coverage" in panel.text and "recall" in panel.text
    with pytest.raises(ValueError, match="20000 test images are needed"):
        widgets.metric_bench(train, test, n=10_000)
