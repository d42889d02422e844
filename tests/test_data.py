import hashlib
import shutil
import time

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from gan_tutorial import data
from gan_tutorial.data import paths, registry
from gan_tutorial.data.shapes import COLOURS, PALETTE, RADIUS_RANGE, SHAPES, SYMMETRY_DEGREES


def check_dataset(d):
    assert d.images.dtype == np.float32 and d.labels.dtype == np.int32
    assert -1 <= d.images.min() and d.images.max() <= 1
    assert len(d.images) == len(d.labels) == len(d)
    assert 0 <= d.labels.min() and d.labels.max() < d.num_classes
    assert d.values.keys() == d.conditions.keys()
    for name, condition in d.conditions.items():
        assert d.values[name].dtype == (np.float32 if condition.is_range else np.int32)
        assert np.array_equal(condition.column(d.values[name], len(d)), d.values[name])


@pytest.mark.parametrize("split, n", [("train", 60_000), ("test", 10_000)])
def test_fashion_mnist_is_whole_and_balanced(split, n):
    d = data.load_fashion_mnist(split)
    check_dataset(d)
    assert d.images.shape == (n, 28, 28, 1) and (d.images.min(), d.images.max()) == (-1, 1)
    assert (np.bincount(d.labels) == n // 10).all()


@pytest.fixture
def copied_data(tmp_path, monkeypatch):
    source = data.data_folder() / "fashion_mnist"
    shutil.copytree(source, tmp_path / "fashion_mnist")
    monkeypatch.setenv("GAN_TUTORIAL_DATA", str(tmp_path))
    return tmp_path / "fashion_mnist"


def test_damaged_file_is_named_with_both_sums(copied_data):
    file = copied_data / "t10k-labels-idx1-ubyte.gz"
    expected = hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(ValueError, match=f"t10k-labels.*{expected} but is [0-9a-f]{{64}}.*git checkout"):
        data.load_fashion_mnist("test")


def test_missing_file_is_named(copied_data):
    (copied_data / "t10k-images-idx3-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match="t10k-images-idx3-ubyte.gz is missing.*restore"):
        data.load_fashion_mnist("test")


def test_installed_package_finds_its_own_data_or_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("GAN_TUTORIAL_DATA", raising=False)
    package = tmp_path / "site-packages" / "gan_tutorial"
    (package / "_bundled" / "weights").mkdir(parents=True)
    monkeypatch.setattr(paths, "PACKAGE", package)
    assert data.data_folder("weights") == package / "_bundled" / "weights"
    with pytest.raises(FileNotFoundError, match="fashion_mnist: set GAN_TUTORIAL_DATA to the `data` folder of a clone"):
        data.load_fashion_mnist("test")
    monkeypatch.setenv("GAN_TUTORIAL_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="there is no folder .*nowhere"):
        data.data_folder()


def test_shapes_are_those_of_earlier_versions():
    """Of those with one label for kind and colour: so weights and stored numbers stay comparable."""
    d = data.make_shapes(20)
    assert (len(COLOURS) * d.labels + d.values["colour"])[:8].tolist() == [20, 15, 12, 6, 7, 0, 1, 0]
    assert d.images.mean() == pytest.approx(-0.6544617, abs=1e-5)


def test_shapes_are_reproducible_and_splits_differ():
    a, b = data.make_shapes(50, seed=3), data.make_shapes(50, seed=3)
    check_dataset(a)
    assert a.images.shape == (50, 64, 64, 3) and a.class_names == SHAPES
    assert a.conditions["colour"].categories == tuple(COLOURS)
    assert np.array_equal(a.images, b.images)
    assert all(np.array_equal(a.values[name], b.values[name]) for name in a.conditions)
    assert a.labels.dtype == a.attributes["colour"].dtype == np.int32
    # Each image has the colour that its values say; `measure_shapes` is tested with the rest.
    centre = a.images[:, 32, 32]
    assert np.abs(centre - PALETTE[a.attributes["colour"]]).max() < 1e-5
    assert not np.array_equal(a.images, data.make_shapes(50, seed=4).images)
    assert not np.array_equal(a.images, data.make_shapes(50, "test", seed=3).images)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(SHAPES), st.sampled_from(list(COLOURS)), st.floats(0, 1), st.floats(0, 1))
def test_shape_has_the_area_and_colour_it_was_drawn_with(shape, colour, size, rotation):
    image = data.draw_shapes([SHAPES.index(shape)], [list(COLOURS).index(colour)], [size], [rotation])[0]
    background = image[0, 0]
    paint = np.array(COLOURS[colour]) / 127.5 - 1
    coverage = ((image - background) @ (paint - background)) / ((paint - background) @ (paint - background))
    radius = RADIUS_RANGE[0] + size * np.ptp(RADIUS_RANGE)
    assert coverage.sum() == pytest.approx(np.pi * radius**2, rel=0.03)
    assert image[32, 32] == pytest.approx(paint, abs=1e-5)


@pytest.mark.parametrize("shape", ["square", "triangle", "cross"])
def test_a_turn_by_the_symmetry_angle_changes_nothing(shape):
    kind = SHAPES.index(shape)
    start, end = data.draw_shapes([kind] * 2, [2, 2], [0.7, 0.7], [0, 1])
    half = data.draw_shapes([kind], [2], [0.7], [0.5])[0]
    assert np.abs(start - end).max() < 1e-3
    assert np.abs(start - half).max() > 0.5
    assert 360 % SYMMETRY_DEGREES[shape] == 0


def test_shapes_that_there_are_not_are_refused():
    for kinds, colours, reason in (
        ([4], [0], "kind 4 is out of range: choose one of: circle, square, triangle, cross"),
        ([0], [-1], "colour -1 is out of range: choose one of: orange"),
        ([0, 1], [0], r"colours must have the shape \(2,\), one for each image, not \(1,\)"),
    ):
        with pytest.raises(ValueError, match=reason):
            data.draw_shapes(kinds, colours, [0.5] * len(kinds), [0.5] * len(kinds))


@pytest.mark.slow
def test_ten_thousand_shapes_are_quick():
    start = time.perf_counter()
    data.make_shapes(10_000)
    # The aim is 3 s; the bound leaves room for a busy machine.
    assert time.perf_counter() - start < 15


@pytest.mark.parametrize("name", data.POINTS)
def test_points_follow_their_density(name):
    d = data.make_points(name, 20_000, seed=1)
    check_dataset(d)
    ticks = np.linspace(-1.2, 1.2, 241)
    grid = np.stack(np.meshgrid(ticks, ticks, indexing="ij"), -1)
    mass = data.points_density(name, grid) * (ticks[1] - ticks[0]) ** 2
    assert mass.sum() == pytest.approx(1, abs=1e-6)
    # Moments of the sample against those of the density.
    assert d.images.mean(0) == pytest.approx((grid * mass[..., None]).sum((0, 1)), abs=0.02)
    assert (d.images**2).mean(0) == pytest.approx((grid**2 * mass[..., None]).sum((0, 1)), abs=0.02)


@pytest.fixture
def photos(tmp_path):
    """A folder with two classes in many formats, modes and sizes."""
    folder = tmp_path / "photos"
    for name, colour in (("cats", (255, 0, 0)), ("dogs", (0, 0, 255))):
        (folder / name).mkdir(parents=True)
        Image.new("RGB", (90, 60), colour).save(folder / name / "a.jpg", quality=95)
        Image.new("RGBA", (40, 70), (*colour, 0)).save(folder / name / "b.png")
        Image.new("L", (33, 33), 128).save(folder / name / "c.bmp")
        Image.fromarray(np.full((20, 20), 65535, np.uint16)).save(folder / name / "d.png")
        Image.new("P", (50, 50), 0).save(folder / name / "e.gif")
        (folder / name / ".hidden").write_text("not an image")
    return folder


def test_folder_reads_every_mode(photos):
    d = data.load_folder(photos, size=32)
    check_dataset(d)
    assert d.images.shape == (10, 32, 32, 3) and d.class_names == ("cats", "dogs")
    assert d.images[0].mean((0, 1)) == pytest.approx([1, -1, -1], abs=0.05)  # red JPEG
    assert d.images[1] == pytest.approx(1)  # transparent on white
    assert d.images[3] == pytest.approx(1)  # 16-bit white
    assert data.load_folder(photos, size=16, channels=1).images.shape == (10, 16, 16, 1)


def test_folder_splits_are_disjoint_and_whole(photos):
    parts = [data.load_folder(photos, 16, split=split) for split in ("train", "test")]
    assert [len(part) for part in parts] == [9, 1]


def test_exif_rotation_is_applied(tmp_path):
    image = Image.new("RGB", (40, 40), "black")
    image.paste("white", (0, 0, 40, 20))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    image.save(tmp_path / "a.jpg", exif=exif, quality=95)
    d = data.load_folder(tmp_path, size=16)
    assert d.images[0, 0].mean() < -0.9 and d.images[0, -1].mean() > 0.9


def test_flat_folder_is_one_class(photos):
    d = data.load_folder(photos / "cats", size=16)
    assert d.class_names == ("cats",) and set(d.labels) == {0}


def test_bad_folders_are_explained(photos, tmp_path):
    with pytest.raises(FileNotFoundError, match="is not a folder"):
        data.load_folder(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="no image files in"):
        data.load_folder(tmp_path / "empty")
    with pytest.raises(ValueError, match="channels must be"):
        data.load_folder(photos, channels=2)
    shutil.rmtree(photos / "dogs")
    with pytest.raises(ValueError, match="single class folder, 'cats'"):
        data.load_folder(photos)
    (photos / "dogs").mkdir()
    with pytest.raises(ValueError, match="no image files in these class folders.*dogs"):
        data.load_folder(photos)


def test_bad_files_are_all_named(photos, monkeypatch):
    (photos / "cats" / "text.png").write_text("I am a letter")
    whole = (photos / "dogs" / "a.jpg").read_bytes()
    (photos / "dogs" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    monkeypatch.setattr("gan_tutorial.data.folder.MAX_PIXELS", 6000)
    Image.new("RGB", (100, 100)).save(photos / "dogs" / "huge.png")
    with pytest.raises(ValueError) as error:
        data.load_folder(photos, size=16)
    message = str(error.value)
    assert "3 of 13 files" in message
    assert "text.png: not an image" in message and "cut.jpg: " in message and "huge.png: 100×100 pixels" in message


def test_unknown_names_are_explained():
    with pytest.raises(ValueError, match="neither a data set nor a folder.*fashion_mnist"):
        data.load_dataset("fashion")
    with pytest.raises(ValueError, match="'fashion_mist' is neither.*Did you mean 'fashion_mnist'?"):
        data.load_dataset("fashion_mist")
    with pytest.raises(ValueError) as error:
        data.load_dataset("qqq")
    assert "Did you mean" not in str(error.value)
    with pytest.raises(ValueError, match="split must be one of"):
        data.load_dataset("shapes", "valid")
    with pytest.raises(ValueError, match="choose one of: ring"):
        data.make_points("circle")


def test_a_registered_data_set_is_loaded_by_its_name(monkeypatch):
    monkeypatch.setattr(registry, "DATASETS", dict(registry.DATASETS))
    monkeypatch.setattr(registry, "_LOADERS", dict(registry._LOADERS))

    @data.register_dataset("stripes", "two stripes; generated")
    def load_stripes(split="train"):
        images = np.zeros((6 if split == "train" else 2, 16, 16, 1), np.float32)
        return data.Dataset("stripes", images, np.zeros(len(images), np.int32), ("stripe",))

    assert registry.DATASETS["stripes"] == "two stripes; generated"
    assert len(data.load_dataset("stripes")) == 6 and len(data.load_held_out("stripes")) == 2
    assert load_stripes("test").images.shape == (2, 16, 16, 1)  # the function stays as it was
    with pytest.raises(ValueError, match="Did you mean 'stripes'"):
        data.load_dataset("strips")


def test_every_listed_name_has_its_loader():
    assert list(data.DATASETS)[:4] == ["fashion_mnist", "portraits", "emoji", "shapes"] and set(data.POINTS) < set(
        data.DATASETS
    )
    assert set(registry.DATASETS) == set(registry._LOADERS)


def test_no_internet_is_explained(monkeypatch):
    import keras

    def offline():
        raise Exception("URL fetch failure: no route to host")

    monkeypatch.setattr(keras.datasets.mnist, "load_data", offline)
    with pytest.raises(ConnectionError, match="no route to host.*Connect to the internet once"):
        data.load_dataset("mnist")


def test_downloads_take_the_common_form(monkeypatch):
    import keras

    raw = np.arange(3 * 32 * 32 * 3, dtype=np.uint8).reshape(3, 32, 32, 3), np.array([[1], [2], [9]])
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", lambda: (raw, raw))
    d = data.load_dataset("cifar10")
    check_dataset(d)
    assert d.images.shape == (3, 32, 32, 3) and d.labels.tolist() == [1, 2, 9]


def test_of_class_reads_a_class_as_conditions_do():
    """A name wins over a number: the folder "1" is what `--label 1` asks for."""
    images, names = np.zeros((3, 4, 4, 1), np.float32), ("cat", "Dog", "1")
    d = data.Dataset("pets", images, np.int32([0, 1, 2]), names)
    for asked, label in (("dog", 1), ("0", 0), (0, 0), ("1", 2), (1, 1), ("2", 2)):
        assert d.of_class(asked).labels.tolist() == [label], asked
        assert d.conditions["label"].numbers(asked) == label
    with pytest.raises(ValueError, match="label 3 is out of range: choose one of: cat, Dog, 1"):
        d.of_class(3)
    with pytest.raises(ValueError, match="label cannot be 'cow': choose one of: cat, Dog, 1"):
        d.of_class("cow")
    assert len(data.Dataset("dots", images, np.int32([0, 0, 0]), ("dot",)).of_class("dot")) == 3


def test_take_keeps_everything_together():
    d = data.make_shapes(40)
    part = d.of_class("circle")
    assert set(part.labels) == {0} and len(part.attributes["size"]) == len(part)
    assert {name: len(values) for name, values in part.values.items()} == dict.fromkeys(d.conditions, len(part))


def test_a_data_set_says_what_its_images_can_be_asked_for():
    images, labels = np.zeros((3, 16, 16, 1), np.float32), np.int32([0, 1, 1])
    attributes = {"style": np.int32([0, 1, 0]), "tone": np.float32([0, 2.5, 5]), "size": np.float32([0, 0.5, 1])}
    scales = {"style": ("flat", "glossy"), "tone": (0, 5)}
    d = data.Dataset("faces", images, labels, ("cook", "pilot"), attributes, scales, "role")
    assert list(d.conditions) == list(d.values) == ["role", "style", "tone", "size"]
    assert d.conditions["role"].categories == ("cook", "pilot") and d.conditions["style"].categories == scales["style"]
    assert [(d.conditions[n].low, d.conditions[n].high) for n in ("tone", "size")] == [(0, 5), (0, 1)]
    assert d.values["role"] is labels
    part = d.take(np.array([2, 0]))
    assert part.conditions == d.conditions
    assert [values.tolist() for values in part.values.values()] == [[1, 0], [0, 0], [5, 0], [1, 0]]
    # One class is nothing to ask for.
    assert list(data.Dataset("cooks", images, labels * 0, ("cook",)).conditions) == []
    assert list(data.make_shapes(2).conditions) == ["kind", "colour", "size", "rotation"]
