"""Generators for elsewhere: SavedModel, ONNX, a web page."""

import base64
import json
import re

import jinja2
import keras
import nbformat
import numpy as np
import pytest
import tensorflow as tf
from click.testing import CliRunner

import gan_tutorial as gt
from gan_tutorial.__main__ import main
from gan_tutorial.export import explorer_page, export_model, export_notebook
from gan_tutorial.export.formulas import markdown_to_html
from gan_tutorial.sampling import complete_conditions, generate_images, generate_noise
from gan_tutorial.translations import STRINGS
from gan_tutorial.widgets import explorer

from .browser import KERNEL
from .execute_notebooks import NOTEBOOKS
from .stored import STATE, VIEW, store

CONDITIONS = {"role": ("cook", "</script><b>"), "tone": (0, 5)}
OPTIONS = {"latent_dim": 8, "image_shape": (16, 16, 1), "conditions": CONDITIONS, "width": 4}
CARD = gt.ModelCard("build_generator", OPTIONS, name="mine")


@pytest.fixture(scope="module")
def generator():
    return gt.build_generator(**OPTIONS)


@pytest.fixture
def run(generator, tmp_path):
    """The folder of a run, as far as an export needs it."""
    gt.save_model(generator, tmp_path / "run" / "generator", CARD)
    return tmp_path / "run"


def some(generator):
    noise = generate_noise(3, 8, seed=0)
    asked = complete_conditions(generator, 3, {}, seed=0)
    return {"noise": noise, **asked}, generate_images(generator, noise=noise, **asked)


def test_savedmodel_serves_the_same_images(generator, run, tmp_path):
    path = export_model(run, tmp_path / "new" / "served", "savedmodel")
    inputs, expected = some(generator)
    served = tf.saved_model.load(str(path))
    images = served.serve([tf.constant(values) for values in inputs.values()])
    assert np.asarray(images) == pytest.approx(expected, abs=1e-5)
    # Another one takes its place; what is none, never.
    export_model(generator, path, "savedmodel")
    assert (path / "saved_model.pb").is_file() and len(list(path.parent.iterdir())) == 1
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter").write_text("years of work")
    with pytest.raises(ValueError, match="thesis holds something else"):
        export_model(generator, tmp_path / "thesis", "savedmodel")
    assert (tmp_path / "thesis" / "chapter").is_file()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_onnx_gives_the_same_images(generator, run, tmp_path):
    for name in ("tf2onnx", "onnx", "onnxruntime"):
        pytest.importorskip(name, reason=f"{name} is not installed: pip install -e .[onnx]")
    import onnxruntime

    path = export_model(run, tmp_path / "mine.onnx", "onnx")
    inputs, expected = some(generator)
    session = onnxruntime.InferenceSession(str(path))
    assert [each.name for each in session.get_inputs()] == list(inputs)
    assert session.run(None, inputs)[0] == pytest.approx(expected, abs=1e-4)


def test_onnx_says_what_it_needs(generator, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ValueError, match="ONNX needs onnx and tf2onnx: pip install gan-tutorial"):
        export_model(generator, tmp_path / "mine.onnx", "onnx")
    assert not (tmp_path / "mine.onnx").exists()


def parts(page):
    """The traits and the weights that a page holds."""
    scripts = dict(re.findall(r'<script type="[a-z/-]+" id="(\w+)">(.*?)</script>', page, re.S))
    return json.loads(scripts["traits"]), base64.b64decode(scripts["weights"])


def test_a_page_holds_all_that_an_explorer_needs(generator, run, tmp_path):
    page = export_model(run, tmp_path / "mine.html").read_text("utf-8")
    traits, weights = parts(page)
    shown = explorer(generator, CARD)
    assert traits["network"] == json.loads(json.dumps(shown.network)) and weights == shown.weights
    assert traits["scene"]["conditions"][0]["categories"] == ["cook", "</script><b>"]
    assert "</script><b>" not in page and page.count("<script") == page.count("</script>") == 3
    # Nothing comes from elsewhere.
    assert not re.search(r'(src|href)="|@import|https?://(?!www\.w3\.org)', page)


def test_a_page_shows_what_the_explorer_shows():
    widget = explorer("gan_fashion_mnist", seed=27)
    traits, _ = parts(explorer_page(widget))
    assert traits["state"]["seed"] == 27 and traits["words"]["new_noise"] == widget.words["new_noise"]


class Unknown(keras.layers.Layer):
    def call(self, x):
        return x


@pytest.mark.parametrize(
    "source, options, message",
    [
        ("cgan_portrait", {}, "neither the folder of a run, nor .* Did you mean 'cgan_portraits'"),
        ("classifier_shapes", {}, "classifier_shapes is not a generator"),
        ("cgan_shapes", {"format": "pages"}, "no format is called 'pages'; there are: savedmodel, onnx, page"),
        ("odd", {"card": CARD}, "a page cannot compute this generator: a layer of kind Unknown"),
        ("odd", {}, "a model needs its card"),
    ],
)
def test_what_cannot_be_exported(generator, tmp_path, source, options, message):
    if source == "odd":
        source = keras.Model(generator.inputs, Unknown()(generator.output))
    with pytest.raises(ValueError, match=message):
        export_model(source, tmp_path / "there.html", **options)
    assert not list(tmp_path.iterdir())


def test_a_file_and_a_folder_are_not_mixed_up(generator, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="folder is a folder"):
        export_model("gan_fashion_mnist", tmp_path / "folder", "page")
    with pytest.raises(ValueError, match="file is a file"):
        export_model(generator, tmp_path / "file", "savedmodel")


def test_the_command_names_its_file_after_the_source(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for arguments, name in (([str(run)], "run.html"), (["gan_fashion_mnist", "--output", "to/a.html"], "to/a.html")):
        done = CliRunner().invoke(main, ["export", *arguments])
        assert done.exit_code == 0 and f"Written: {name}" in done.output
        assert (tmp_path / name).read_text("utf-8").startswith("<!doctype html>")
    failed = CliRunner().invoke(main, ["export", "nowhere"])
    assert failed.exit_code == 2 and failed.output.startswith("Error: 'nowhere' is neither")
    assert "export runs/photos --format page" in CliRunner().invoke(main, ["export", "--help"]).output


def test_a_notebook_becomes_a_page_that_asks_nothing_of_any_server(generator, tmp_path):
    alone, asking = explorer(generator, CARD), gt.course.question("half_everywhere")
    needy = explorer(keras.Model(generator.inputs, Unknown()(generator.output)), CARD)
    assert alone.alone and asking.alone and not needy.alone
    stored = store(tmp_path / "mine.ipynb", alone, asking, needy, source="A formula: $x^2$")
    page = export_notebook(stored, tmp_path / "new" / "mine.html").read_text("utf-8")
    # Addresses in comments of style sheets are never asked for.
    assert "http" not in re.sub(r"/\*.*?\*/", "", page, flags=re.S).replace("http://www.w3.org", "")
    assert "<script src" not in page and "mathjax" not in page.lower()
    assert "A formula: <math" in page
    (state,) = re.findall(rf'<script type="{re.escape(STATE)}">(.*?)</script>', page, re.S)
    models = json.loads(state)["state"]
    assert models.keys() == {alone.model_id, asking.model_id}
    (weights,) = models[alone.model_id]["buffers"]
    assert weights["path"] == ["weights"] and base64.b64decode(weights["data"]) == alone.weights
    # Each has its place, and in it what is shown without scripts.
    assert page.count(f'<script type="{VIEW}">') == page.count(STRINGS["static_still"]) == 3
    assert page.count('src="data:image/png;base64,') == 2 and "<details>" in page
    assert "</script><b>" not in page


def rendered(source):
    environment = jinja2.Environment(autoescape=False)
    environment.filters["markdown2html"] = markdown_to_html
    return environment.from_string("{{ source | markdown2html }}").render(source=source)


def test_formulas_become_mathml_wherever_they_stand():
    formulas = "$a_1 * b_1$ and\n\n$$\\frac{a}{b} < 1$$\n\n\\begin{align}x &= 1\\end{align}"
    page = rendered(formulas)
    assert page.count("<math") == 3 and page.count('display="block"') == 2 and "<mfrac>" in page
    assert "$" not in page and "\\" not in page and "<em>" not in page
    assert "<code>$x$</code>" in rendered("`$x$`")


def test_names_of_functions_stand_apart():
    space = r'<mspace width="0.167em"/>'
    assert f"<mi>p</mi>{space}<mi>log</mi>{space}<mi>p</mi>" in rendered(r"$p \log p$")
    assert re.search(f"<mn>2</mn>{space}<mi>log</mi><mo[^>]*>&#x00028;", rendered(r"$2\log(1 - D)$"))
    assert "<mspace" not in rendered(r"$\left[\log(x)\right]$")


@pytest.mark.parametrize("tex", [r"\nosuch{y}", r"\text{&lt;b>x}"])
def test_a_formula_that_cannot_be_converted_stays_tex(tex):
    assert "<math" not in rendered(f"A ${tex}$.") and "$" in rendered(f"A ${tex}$.")


def test_what_is_no_tex_stays_readable():
    assert "$\\left( x$" in rendered("What is $\\left( x$ here?")


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("[0-9]*.ipynb")), ids=lambda path: path.stem)
def test_each_formula_of_the_course_can_be_written_as_mathml(path):
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "markdown":
            page = re.sub(r"<(pre|code).*?</\1>", "", rendered(cell.source), flags=re.S)
            assert "$" not in page and "\\" not in page, page


def written(path, code):
    """A notebook of one cell that was never run."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)], metadata=KERNEL)
    nbformat.write(book, path)
    return path


def test_a_notebook_without_live_widgets_gets_no_script(tmp_path):
    needy = gt.widgets.playground("mode_collapse")
    page = export_notebook(store(tmp_path / "mine.ipynb", needy), tmp_path / "mine.html").read_text("utf-8")
    needy.close()
    assert STRINGS["static_still"] in page and STATE not in page and "<script>" not in page


def test_a_notebook_is_run_in_its_folder_and_stays_as_it_is(tmp_path):
    (tmp_path / "beside.txt").write_text("read from beside")
    path = written(tmp_path / "mine.ipynb", "print(open('beside.txt').read())")
    before = path.read_bytes()
    assert "read from beside</pre>" not in export_notebook(path, tmp_path / "mine.html").read_text("utf-8")
    assert "read from beside" in export_notebook(path, tmp_path / "mine.html", execute=True).read_text("utf-8")
    assert path.read_bytes() == before


def test_what_is_no_notebook(tmp_path):
    with pytest.raises(ValueError, match="there is no notebook .*nowhere.ipynb"):
        export_notebook(tmp_path / "nowhere.ipynb", tmp_path / "a.html")
    (tmp_path / "odd.ipynb").write_text("not JSON")
    with pytest.raises(ValueError, match="odd.ipynb is not a notebook that can be read"):
        export_notebook(tmp_path / "odd.ipynb", tmp_path / "a.html")
    path = written(tmp_path / "fails.ipynb", "1 / 0")
    with pytest.raises(ValueError, match=r"fails.ipynb failed: ZeroDivisionError: division by zero"):
        export_notebook(path, tmp_path / "a.html", execute=True)
    with pytest.raises(ValueError, match="is a folder: choose another name"):
        export_notebook(path, tmp_path)
    assert not (tmp_path / "a.html").exists()


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["nowhere.ipynb"], "Error: there is no notebook nowhere.ipynb"),
        (["a.ipynb", "--format", "onnx"], "Error: a.ipynb is a notebook, and only notebooks become html"),
        (["gan_fashion_mnist", "--format", "html"], "Error: gan_fashion_mnist is no notebook, and only notebooks"),
        (["gan_fashion_mnist", "--execute"], "Error: --execute runs a notebook, and gan_fashion_mnist is none"),
    ],
)
def test_the_command_says_what_cannot_be(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    failed = CliRunner().invoke(main, ["export", *arguments])
    assert failed.exit_code == 2 and failed.output.startswith(message) and not list(tmp_path.iterdir())


def test_the_command_exports_a_notebook(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "mine.ipynb", "6 * 7")
    done = CliRunner().invoke(main, ["export", "mine.ipynb"])
    assert done.exit_code == 0 and done.output == "Written: mine.html\n"
    assert (tmp_path / "mine.html").read_text("utf-8").startswith("<!DOCTYPE html>")
