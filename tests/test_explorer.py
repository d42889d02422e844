"""The explorer: networks described, computed by NumPy and in the page, and the widget that shows them."""

import base64
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

import gan_tutorial as gt
from gan_tutorial.models import interface
from gan_tutorial.network import MAX_WEIGHTS, Network, describe, run
from gan_tutorial.noise import generate_noise, interpolate
from gan_tutorial.plots import png_bytes
from gan_tutorial.sampling import complete_conditions, generate_images
from gan_tutorial.translations import read
from gan_tutorial.widgets import explorer, measured_directions, mix_categories, principal_directions

JAVASCRIPT = Path(__file__).resolve().parents[1] / "javascript"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="no node here, which runs what the page computes")

#: A condition of each kind: names, a number of categories, a range.
CONDITIONS = {"role": ("cook", "pilot", 'the "mage"'), "style": 3, "tone": (0, 5)}
CARD = gt.ModelCard("build_generator", {"conditions": CONDITIONS, "image_shape": (16, 16, 3)})
#: Every option of `build_generator` once, at least.
OPTIONS = [
    {"activation": "silu"},
    {"conditioning": "batch_norm", "activation": "leaky_relu"},
    {"upsampling": "resize", "normalization": False, "activation": "prelu"},
    {"blocks": "residual", "conditioning": "batch_norm"},
    {"image_shape": (20, 20, 1), "blocks": "residual", "normalization": False},
]
SHIPPED = ["cgan_fashion_mnist", "cgan_portraits", "cgan_shapes", "gan_fashion_mnist", "infogan_fashion_mnist"]


def build(**options):
    generator = gt.build_generator(8, **{"image_shape": (16, 16, 3), "conditions": CONDITIONS, "width": 5, **options})
    rng = np.random.default_rng(0)
    # Slopes, means and variances that matter.
    generator.set_weights([w + rng.normal(0, 0.1, w.shape) ** 2 for w in generator.get_weights()])
    return generator


@pytest.fixture(scope="module")
def generator():
    return build()


def ask_page(*questions):
    """Answers of the page's code, which node runs."""
    done = subprocess.run(
        [NODE, "test/answers.mjs"],
        cwd=JAVASCRIPT,
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def drawn_by_page(network, inputs):
    weights = base64.b64encode(network.packed).decode()
    return ["images", {"wiring": network.wiring, "weights": weights, "all": inputs}]


def cases(generator, n=3):
    """Inputs for Keras, and for the page."""
    noise, asked = (
        generate_noise(n, interface.latent_dim(generator), seed=1),
        complete_conditions(generator, n, {}, seed=1),
    )
    asked = {name: values.repeat(1) for name, values in asked.items()}
    rows = [{"noise": z.tolist(), **{name: v[i].item() for name, v in asked.items()}} for i, z in enumerate(noise)]
    return {"noise": noise, **asked}, rows


@needs_node
def test_numpy_and_page_compute_what_keras_does():
    models = [build(**options) for options in OPTIONS] + [gt.load_pretrained(name)[0] for name in SHIPPED]
    inputs = [cases(model) for model in models]
    answers = ask_page(*(drawn_by_page(describe(model), rows) for model, (_, rows) in zip(models, inputs)))
    for model, (columns, _), answer in zip(models, inputs, answers):
        expected = generate_images(model, noise=columns.pop("noise"), **columns)
        assert expected.std() > 0.01
        assert run(describe(model), {"noise": cases(model)[0]["noise"], **columns}) == pytest.approx(expected, abs=1e-4)
        assert np.reshape(answer, expected.shape) == pytest.approx(expected, abs=1e-3)


@needs_node
def test_layers_that_no_builder_uses():
    """Models of one's own: a sequential one, flattened features, odd kernels, nearest neighbours, strides."""
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((6,), name="noise"), layers.Dense(48, activation="sigmoid"), layers.Reshape((4, 4, 3)),
        layers.Conv2DTranspose(5, 3, 2, "same", activation="relu"), layers.Conv2D(7, (5, 2), 2, "same"), layers.ReLU(),
        layers.Flatten(), layers.Dropout(0.5), layers.Dense(18), layers.Reshape((3, 3, 2)), layers.UpSampling2D((2, 3)),
        layers.Conv2DTranspose(3, 5, 1, "same"), layers.UpSampling2D(3, interpolation="bilinear"),
    ])  # fmt: skip
    noise, network = generate_noise(2, 6, seed=0), describe(model)
    expected = model.predict(noise, verbose=0)
    assert run(network, {"noise": noise}) == pytest.approx(expected, abs=1e-5)
    (images,) = ask_page(drawn_by_page(network, [{"noise": z.tolist()} for z in noise]))
    assert np.reshape(images, expected.shape) == pytest.approx(expected, abs=1e-5)


def test_weights_travel_as_they_are_stored(generator):
    half, full = describe(gt.load_pretrained("cgan_fashion_mnist")[0]), describe(generator)
    assert half.wiring["half"] and not full.wiring["half"]
    assert len(full.packed) == 4 * sum(np.prod(shape) for _, shape in full.wiring["arrays"])
    assert len(half.packed) < 700_000


@pytest.mark.parametrize("name", gt.list_pretrained())
def test_stored_descriptions_are_those_of_the_models(name):
    model, card = gt.load_pretrained(name)
    path = gt.pretrained.weights_folder() / f"{name}.network.json"
    assert path.is_file() == (card.builder == "build_generator")
    if path.is_file():
        assert json.loads(path.read_text("utf-8")) == json.loads(json.dumps(describe(model).wiring))
        assert Network.load(path, describe(model).arrays).packed == describe(model).packed


def test_what_cannot_be_described_says_why():
    layers = keras.layers

    def model(*stack):
        return keras.Sequential([keras.Input((4,)), *stack], name="mine")

    with pytest.raises(ValueError, match="kind LayerNormalization"):
        describe(model(layers.LayerNormalization()))
    with pytest.raises(ValueError, match="activation 'gelu' is not known"):
        describe(model(layers.Dense(2, activation="gelu")))
    with pytest.raises(ValueError, match=f"more than {MAX_WEIGHTS:,}"):
        describe(model(layers.Dense(MAX_WEIGHTS // 4)))
    with pytest.raises(ValueError, match="padding 'valid' is not known"):
        describe(model(layers.Reshape((2, 2, 1)), layers.Conv2D(1, 2, name="c")))


@needs_node
def test_noise_of_the_page_is_that_of_the_kernel():
    seeds = [0, 1, 6, 999, 123_456, 2**32 - 1]
    cuts = [(seed, bound) for seed in seeds[:4] for bound in (0.2, 1.5, 2.95)]
    questions = [["noise", {"size": 3000, "seed": seed, "truncation": None}] for seed in seeds]
    questions += [["noise", {"size": 64, "seed": seed, "truncation": bound}] for seed, bound in cuts]
    a, b = generate_noise(2, 16, seed=0).tolist()
    *answers, way = ask_page(*questions, ["interpolate", {"start": a, "end": b, "t": 0.3}])
    expected = [generate_noise(1, 3000, seed)[0] for seed in seeds]
    expected += [generate_noise(1, 64, seed, bound)[0] for seed, bound in cuts]
    # The tail beyond the ziggurat is in it.
    assert max(np.abs(noise).max() for noise in expected) > 3.7
    for answer, noise in zip(answers, expected):
        assert answer == pytest.approx(noise, abs=1e-6)
    assert way == pytest.approx(interpolate(a, b, 0.3)[0], abs=1e-6)


STATES = [
    {},
    {"truncation": 0.6, "seed": 999},
    {"strengths": [1.2, 0, -3.1, 0.1]},
    {"share": 0.3, "other": 2, "conditions": {"role": 1, "style": 2, "tone": 4.2}},
]


@needs_node
@pytest.mark.parametrize("named", [False, True])
def test_copied_code_makes_the_image_that_is_shown(generator, named):
    rng = np.random.default_rng(3)
    directions = {f"smile {i}": rng.normal(size=8) * 10 for i in range(4)} if named else None
    widget = explorer(generator, CARD, directions=directions)
    states = [{**widget.state, **changes} for changes in STATES]
    question = {"scene": widget.scene, "states": states}
    drawn, weights = widget.network, base64.b64encode(widget.weights).decode()
    codes, images = ask_page(["code", question], ["images", {**question, "wiring": drawn, "weights": weights}])
    seen = []
    for state, code, image in zip(states, codes, images):
        names = {"generator": generator}
        exec(code, names)
        widget.state = state
        assert names["images"][0] == pytest.approx(widget.image(), abs=1e-4), code
        assert np.reshape(image, (16, 16, 3)) == pytest.approx(widget.image(), abs=1e-3), code
        seen.append(widget.image())
    assert all(np.abs(a - b).max() > 1e-2 for i, a in enumerate(seen) for b in seen[:i])


@needs_node
def test_a_saved_film_can_be_played():
    rng = np.random.default_rng(0)
    few = rng.choice([-1, -0.2, 0.5, 1], (3, 8, 8, 3))
    many = rng.uniform(-1, 1, (2, 64, 64, 1))  # long enough for codes of 12 bits, and for a new table
    files = ask_page(
        *(["gif", {"images": x.reshape(len(x), -1).tolist(), "shape": x.shape[1:], "scale": 2}] for x in (few, many))
    )
    for images, file in zip((few, many), files):
        film = Image.open(io.BytesIO(base64.b64decode(file)))
        assert film.n_frames == len(images) and film.info["loop"] == 0 and film.info["duration"] == 100
        for number, image in enumerate(images):
            film.seek(number)
            shown = np.asarray(film.convert("RGB"), np.float32)[::2, ::2] / 127.5 - 1
            assert np.abs(shown - image).max() < 0.04


def test_shipped_explorer_needs_no_tensorflow():
    code = (
        "import sys, gan_tutorial as gt; widget = gt.explorer('cgan_portraits', role='pilot')\n"
        "widget._repr_mimebundle_(); print([m for m in ('tensorflow', 'keras', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stderr


CHINESE = """
import json
import gan_tutorial as gt
widget = gt.explorer("cgan_portraits", role="pilot", tone=2)
print(json.dumps([widget.description(), widget.scene, widget.state]))
"""


@needs_node
def test_names_are_chinese_where_they_are_shown_and_english_in_code():
    done = subprocess.run(
        [sys.executable, "-c", CHINESE],
        env={**os.environ, "GAN_TUTORIAL_LANGUAGE": "zh"},
        capture_output=True,
        text=True,
    )
    description, scene, state = json.loads(done.stdout)
    (code,), told = ask_page(["code", {"scene": scene, "states": [state]}], ["told", {"scene": scene, "state": state}])
    said = "职业 飞行员, 画风 noto, 性别 女人, 肤色 2, "
    assert told.startswith(said) and description.startswith(f"生成的图像：{said}")
    assert 'role="pilot", style="noto", gender="woman", tone=2' in code
    role, *_, tone = scene["conditions"]
    assert role["label"] == "职业 role" and tone["label"] == "肤色 tone"
    assert "厨师 cook" in role["offered"] and "cook" in role["categories"]
    english = gt.explorer("cgan_portraits", role="pilot", tone=2)
    assert english.state == state
    for each in english.scene["conditions"]:
        assert each["told"] == each["offered"] == each["categories"] and each["text"] == each["label"] == each["name"]


def test_every_name_of_the_courses_data_has_a_chinese_one():
    people = gt.data.load_portraits("new_roles", hidden=True)
    others = [gt.load_dataset(name, "test") for name in ("emoji", "shapes", "fashion_mnist")]
    named = {name: each.categories for data in (people, *others) for name, each in data.conditions.items()}
    names = {*named, *(category for categories in named.values() for category in categories), *people.class_names}
    chinese, english = read("names", "zh"), read("names", "en")
    assert names - chinese.keys() == set(gt.data.emoji.STYLES)  # these are brands
    assert all(name == same for name, same in english.items()) and "cook" not in chinese.values()


def test_by_name_and_by_model_the_same():
    name, model = explorer("cgan_shapes", size=0.3), explorer(*gt.load_pretrained("cgan_shapes"), size=0.3)
    assert name.weights == model.weights and name.network == model.network and name.scene == model.scene
    assert name.scene["loader"] == 'gt.load_pretrained("cgan_shapes")'


def test_the_state_says_what_is_shown(generator):
    widget = explorer(generator, CARD, role="pilot", tone=2, seed=3)
    assert widget.state["conditions"] == {"role": 1, "style": 0, "tone": 2.0}
    expected = generate_images(generator, noise=generate_noise(1, 8, seed=3), role="pilot", style=0, tone=2)
    assert widget.image() == pytest.approx(expected[0], abs=1e-4)
    assert (
        widget.still()[:4] == b"\x89PNG"
        and widget.description() == "generated image: role pilot, style 0, tone 2, noise 3"
    )
    for change in ({"seed": 4}, {"truncation": 0.5}, {"strengths": [2, 0, 0, 0]}, {"share": 0.5, "other": 0}):
        before = widget.still()
        widget.state = {**widget.state, **change}
        assert widget.still() != before, change
    data, _ = widget._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]) == widget.still()


def test_a_generator_without_conditions_or_directions():
    plain = explorer(
        gt.build_generator(8, (16, 16, 1), width=4), gt.ModelCard("build_generator", {"image_shape": (16, 16, 1)})
    )
    assert plain.scene["conditions"] == [] and not plain.scene["mixable"] and len(plain.scene["directions"]) == 4
    own = keras.Sequential(
        [keras.Input((3,), name="noise"), keras.layers.Dense(256), keras.layers.Reshape((16, 16, 1))]
    )
    assert explorer(own, gt.ModelCard("build_generator", {"image_shape": (16, 16, 1)})).scene["directions"] == []


class Unknown(keras.layers.Layer):
    def call(self, x):
        return x * 0.5


def ask_kernel(widget, **content):
    """What the page gets for a message of its own."""
    sent = []
    widget.send = lambda message, buffers: sent.append((message, buffers))
    widget._handle_custom_msg(content, [])
    ((message, (buffer,)),) = sent
    return message, np.frombuffer(buffer, np.float32)


def test_the_kernel_computes_what_a_page_cannot(generator):
    odd = keras.Model(generator.inputs, Unknown()(generator.output))
    widget = explorer(odd, CARD, role="pilot")
    assert widget.network is None and not widget.weights and "Unknown" in widget.source.obstacle
    noise = generate_noise(2, 8, seed=5)
    asked = [
        {"noise": noise[0].tolist(), "role": 1, "style": 2, "tone": 3},
        {"noise": noise[1].tolist(), "role": {"0": 0.25, "2": 0.75}, "style": {"1": 0.4, "0": 0.6}, "tone": 3.5},
    ]
    message, values = ask_kernel(widget, draw=7, inputs=asked)
    first, second = values.reshape(2, 16, 16, 3)
    assert message == {"drawn": 7}
    assert first == pytest.approx(generate_images(odd, noise=noise[:1], role=1, style=2, tone=3)[0], abs=1e-5)
    # Only the first condition is mixed there.
    mixed = mix_categories(odd, noise[1:], {"cook": [0.25], 'the "mage"': [0.75]}, style=0, tone=3.5)
    assert second == pytest.approx(mixed[0], abs=1e-5)
    assert widget.still()[:4] == b"\x89PNG" and widget.image().shape == (16, 16, 3)


def test_a_failure_in_the_kernel_is_shown_and_answered(generator):
    widget, sent = explorer(keras.Model(generator.inputs, Unknown()(generator.output)), CARD), []
    widget.send = lambda *message: sent.append(message)
    asked = {"noise": [0] * 8, "role": 9, "style": 0, "tone": 1}
    widget._handle_custom_msg({"draw": 1, "inputs": [asked]}, [])
    assert widget.error == 'ValueError: role 9 is out of range: choose one of: cook, pilot, the "mage"'
    widget._handle_custom_msg({"draw": 2, "inputs": [{**asked, "role": 1}]}, [])
    assert not widget.error and sent[0] == ({"drawn": 1}, []) and len(sent[1][1]) == 1


@pytest.mark.parametrize(
    "options, message",
    [
        ({"role": "king"}, "role cannot be 'king': choose one of: cook, pilot"),
        ({"tone": 9}, "tone 9 is out of range"),
        ({"label": 0}, "this generator takes no label; its conditions: role, style, tone"),
        ({"seed": -1}, "the seed of the noise goes from 0 to 999 here, not -1"),
        (
            {"directions": {"smile": np.ones(3)}},
            "the direction 'smile' must be a vector of 8 numbers, but it has the shape",
        ),
        ({"directions": {"smile": np.zeros(8)}}, "the direction 'smile' must be .* but it is zero or not finite"),
    ],
)
def test_the_explorer_refuses_what_the_generator_does_not_know(generator, options, message):
    with pytest.raises(ValueError, match=message):
        explorer(generator, CARD, **options)


def test_names_and_cards():
    with pytest.raises(ValueError, match="neither .* Did you mean 'cgan_portraits'"):
        explorer("cgan_portrait")
    with pytest.raises(ValueError, match="classifier_shapes is not a generator"):
        explorer("classifier_shapes")
    with pytest.raises(ValueError, match="a model needs its card"):
        explorer(build())


def test_a_measured_direction_is_the_one_along_which_the_measurement_grows(generator):
    rng = np.random.default_rng(1)
    chance = rng.normal(size=500)
    measures = {"brightness": lambda images: images.mean((1, 2, 3)), "chance": lambda images: chance}
    found = measured_directions(generator, measures, n=500, seed=2)
    vector, explained = found["brightness"]
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert 0 <= found["chance"].explained < 0.1 < explained <= 1
    noise, first = generate_noise(200, len(vector), seed=3), {name: 0 for name in interface.conditions(generator)}
    less, more = (generate_images(generator, noise=noise + k * vector, seed=0, **first).mean() for k in (-1, 1))
    assert more > less


def test_principal_directions_change_the_first_layer_most(generator):
    found = principal_directions(generator, 3)
    kernel = generator.get_layer("seed_map").get_weights()[0][:8]
    left, values, _ = np.linalg.svd(kernel.astype(np.float64), full_matrices=False)
    assert np.abs(found @ left[:, :3]) == pytest.approx(np.eye(3), abs=1e-4)
    assert np.linalg.norm(found @ kernel, axis=1) == pytest.approx(values[:3], rel=1e-4)
    # The same sign everywhere.
    assert (np.take_along_axis(found, np.abs(found).argmax(1)[:, None], 1) > 0).all()
    assert png_bytes(np.zeros((1, 4, 4, 1)))[:4] == b"\x89PNG"
