"""Readers of bytes from outside refuse what is damaged; `python -m tests.fuzz` tries many more cases."""

import gzip
import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from gan_tutorial.data import fashion_mnist
from gan_tutorial.pretrained import ModelCard, storage
from gan_tutorial.pretrained.storage import read_arrays

from . import fuzz


def test_damaged_files_are_only_ever_refused():
    results = fuzz.fuzz(300, seed=1)
    assert len(results) == 11
    for name, found in results.items():
        assert set(found) <= {"read", "refused"} and found["refused"] > found.total() / 4, (name, found)


@pytest.mark.parametrize(
    ("error", "kind"),
    [(KeyError("x"), "KeyError"), (ValueError("no name"), "refused without a name"), (ValueError("a.txt"), "refused")],
)
def test_the_fuzzer_tells_documented_errors_from_others(tmp_path, error, kind):
    def read():
        raise error

    file = tmp_path / "a.txt"
    file.write_text("content")
    assert fuzz.outcome(fuzz.Reader([file], read), np.random.default_rng(0))[0] == kind
    assert file.read_text() == "content"


def _card_of(path: Path) -> ModelCard:
    return ModelCard("build_generator", {}, sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def test_weights_that_would_fill_the_memory_are_refused_before_they_are_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "MAX_BYTES", 10**6)
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, kernel=np.zeros(250_000, np.float32))
    assert path.stat().st_size < 10_000
    with pytest.raises(
        ValueError, match=r"bomb\.npz is not a file of weights \(unpacked it would have 1,000,128 bytes"
    ):
        read_arrays(tmp_path / "bomb", _card_of(path))


def test_an_array_that_says_it_is_huge_is_refused(tmp_path):
    path, header = tmp_path / "liar.npz", io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": (10**9, 10**6)})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kernel.npy", header.getvalue() + bytes(64))
    with pytest.raises(ValueError, match=r"liar\.npz is not a file of weights"):
        read_arrays(tmp_path / "liar", _card_of(path))


def test_weights_are_floating_point_numbers(tmp_path):
    path = tmp_path / "texts.npz"
    np.savez(path, kernel=np.array(["a", "b"]))
    with pytest.raises(ValueError, match="kernel is of type <U1"):
        read_arrays(tmp_path / "texts", _card_of(path))


def test_a_compressed_file_cannot_fill_the_memory(tmp_path, monkeypatch):
    folder = tmp_path / "fashion_mnist"
    folder.mkdir()
    file = folder / "train-images-idx3-ubyte.gz"
    file.write_bytes(gzip.compress(bytes(16 + 784 * 2000)))
    monkeypatch.setattr(fashion_mnist, "_MAX_BYTES", 10**6)
    (folder / "SHA256SUMS").write_text(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n")
    monkeypatch.setenv("GAN_TUTORIAL_DATA", str(tmp_path))
    with pytest.raises(ValueError, match=r"train-images-idx3-ubyte\.gz is damaged \(it unpacks to more than"):
        fashion_mnist.load_fashion_mnist()
