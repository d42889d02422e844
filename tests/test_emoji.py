"""The portraits and emoji: the stored files, what the loaders make of them, and how they were split."""

import hashlib
import io
import re
import shutil
import tarfile
from collections import Counter
from itertools import combinations, product
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from gan_tutorial import data
from gan_tutorial.data.emoji import GENDERS, STYLES, TONES
from tools import emoji_splits, make_portraits

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "data" / "emoji"
HIDDEN = {"bowing", "facepalming", "detective", "ninja"}
FILES = ("portraits.webp", "portraits.csv", "emoji.webp", "emoji.csv")


@pytest.fixture(scope="module")
def portraits():
    return {split: data.load_portraits(split) for split in ("train", "test", "new_roles")}


@pytest.fixture(scope="module")
def everybody():
    return data.load_portraits(hidden=True)


@pytest.fixture(scope="module")
def emoji():
    return {split: data.load_emoji(split) for split in ("train", "test")}


def rows_of(name):
    table = data.load_table(name)
    return [dict(zip(table, row)) for row in zip(*(values.tolist() for values in table.values()))]


def facts_of(people):
    """A tuple (role, style, gender, tone), in words, for each image."""
    style, gender, tone = (people.attributes[name] for name in ("style", "gender", "tone"))
    return [
        (people.class_names[label], STYLES[s], GENDERS[g], str(int(t)))
        for label, s, g, t in zip(people.labels, style, gender, tone)
    ]


def check_images(d, n):
    assert d.images.shape == (n, 64, 64, 3) and d.images.dtype == np.float32
    assert (d.images.min(), d.images.max()) == (-1, 1)
    assert d.labels.dtype == np.int32 and d.labels.shape == (n,)
    assert 0 <= d.labels.min() and d.labels.max() < d.num_classes
    for name, values in d.attributes.items():
        assert values.shape == (n,) and values.dtype == (np.float32 if name == "tone" else np.int32)
        assert np.array_equal(d.conditions[name].column(values, n), values)


def test_sums_hold():
    sums = dict(reversed(line.split()) for line in (FOLDER / "SHA256SUMS").read_text().splitlines())
    assert sums == {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in FILES}


def test_portraits_are_images_of_their_rows_in_the_table(portraits):
    rows = [row for row in rows_of("portraits") if row["face"] == "seen"]
    for split, people in portraits.items():
        expected = [row for row in rows if row["split"] == split]
        check_images(people, len(expected))
        assert facts_of(people) == [(row["role"], row["style"], row["gender"], row["tone"]) for row in expected]
        assert list(people.conditions) == ["role", "style", "gender", "tone"] and people.num_classes == (
            47 if split == "new_roles" else 43
        )
        assert people.class_names[:43] == portraits["train"].class_names
        assert (people.conditions["tone"].low, people.conditions["tone"].high) == TONES


def test_skin_is_darker_the_higher_the_tone(portraits):
    # The same drawing, and so the same place in it: were rows and pictures out of step, this would fail.
    people = portraits["train"]
    middles = dict(zip(facts_of(people), people.images[:, 30:40, 26:38].mean((1, 2, 3))))
    pairs = [(fact, (*fact[:3], "5")) for fact in middles if fact[3] == "1"]
    darker = [middles[light] > middles[dark] for light, dark in pairs if dark in middles]
    assert len(darker) > 300 and all(darker)


def test_a_picture_is_where_the_table_says(everybody):
    # Cut out by hand: there are 64 pictures in a row.
    with Image.open(FOLDER / "portraits.webp") as atlas:
        tile = np.asarray(atlas.convert("RGB").crop((5 * 64, 20 * 64, 6 * 64, 21 * 64)))
    row = rows_of("portraits")[20 * 64 + 5]
    assert row["split"] == "train"
    found = everybody.images[facts_of(everybody).index((row["role"], row["style"], row["gender"], row["tone"]))]
    assert np.array_equal(np.round((found + 1) * 127.5), tile)


def test_no_combination_is_in_two_splits(portraits):
    facts = {split: facts_of(people) for split, people in portraits.items()}
    everything = [fact for found in facts.values() for fact in found]
    assert len(everything) == len(set(everything))
    assert len(facts["test"]) == round(0.1 * (len(facts["train"]) + len(facts["test"])))


def test_every_value_and_pair_of_values_that_is_tested_is_in_training_twice(portraits):
    def parts(fact):
        return [(names, tuple(fact[i] for i in names)) for n in (1, 2) for names in combinations(range(4), n)]

    seen = Counter(part for fact in facts_of(portraits["train"]) for part in parts(fact))
    tested = {part for fact in facts_of(portraits["test"]) for part in parts(fact)}
    assert len(tested) > 500 and min(seen[part] for part in tested) >= 2


def test_new_roles_are_new(portraits):
    roles = {split: {people.class_names[i] for i in people.labels} for split, people in portraits.items()}
    assert roles["new_roles"] == set(emoji_splits.NEW_ROLES) == {"judge", "artist", "vampire", "mechanic"}
    assert not roles["new_roles"] & (roles["train"] | roles["test"]) and roles["train"] == roles["test"]
    # Each in full: three genders, four styles, six tones.
    expected = set(product(roles["new_roles"], STYLES, GENDERS, "012345"))
    assert set(facts_of(portraits["new_roles"])) == expected


def test_hidden_faces_are_there_when_asked_for(portraits, everybody):
    known = portraits["train"].class_names
    assert everybody.class_names[: len(known)] == known and set(everybody.class_names[len(known) :]) == HIDDEN
    added = Counter(facts_of(everybody)) - Counter(facts_of(portraits["train"]))
    assert {fact[0] for fact in added} == HIDDEN and len(everybody) - len(portraits["train"]) == added.total() == 240
    assert facts_of(data.load_portraits("test", hidden=True)) == facts_of(portraits["test"])


def test_emoji_come_style_by_style_in_one_order(emoji):
    rows = rows_of("emoji")
    for split, things in emoji.items():
        expected = [row for row in rows if row["split"] == split]
        check_images(things, len(expected))
        assert [things.class_names[i] for i in things.labels] == [row["group"] for row in expected]
        assert [STYLES[i] for i in things.attributes["style"]] == [row["style"] for row in expected]
        codes = np.reshape([row["code"] for row in expected], (4, -1))
        assert (codes == codes[0]).all() and len(set(codes[0])) == codes.shape[1]
        assert (things.attributes["style"].reshape(4, -1) == np.arange(4)[:, np.newaxis]).all()
        assert list(things.conditions) == ["group", "style"]


def test_one_thing_looks_alike_in_the_two_fluent_styles(emoji):
    things = emoji["test"].images.reshape(4, -1, 64, 64, 3)
    fluent, flat = (
        things[STYLES.index(style), :, ::4, ::4].reshape(things.shape[1], -1) for style in ("fluent", "flat")
    )
    nearest = np.square(fluent[:, np.newaxis] - flat).mean(-1).argmin(1)
    assert (nearest == np.arange(len(nearest))).mean() > 0.7


def test_no_thing_is_in_both_splits():
    codes = {split: {row["code"] for row in rows_of("emoji") if row["split"] == split} for split in ("train", "test")}
    assert not codes["train"] & codes["test"]
    assert len(codes["test"]) == round(0.1 * len(codes["train"] | codes["test"]))


@pytest.mark.parametrize("name, choose", [("portraits", "choose_splits"), ("emoji", "choose_pair_splits")])
def test_the_stored_splits_are_those_that_the_tool_chooses(name, choose):
    rows = rows_of(name)
    assert getattr(emoji_splits, choose)(rows) == [row["split"] for row in rows]


def test_unknown_names_are_explained():
    with pytest.raises(ValueError, match="split must be one of train, test, new_roles, not 'valid'"):
        data.load_portraits("valid")
    with pytest.raises(ValueError, match="split must be one of train, test, not 'new_roles'"):
        data.load_emoji("new_roles")
    with pytest.raises(ValueError, match="no table is called 'people'; choose one of: portraits, emoji"):
        data.load_table("people")


@pytest.fixture
def copied_data(tmp_path, monkeypatch):
    shutil.copytree(FOLDER, tmp_path / "emoji")
    monkeypatch.setenv("GAN_TUTORIAL_DATA", str(tmp_path))
    return tmp_path / "emoji"


@pytest.mark.parametrize("name", FILES)
def test_damaged_file_is_named_with_both_sums(copied_data, name):
    file, load = copied_data / name, data.load_portraits if name.startswith("portraits") else data.load_emoji
    expected = hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    with pytest.raises(ValueError, match=f"{name} is damaged.* {expected} but is {found}.*git checkout -- data/emoji"):
        load()


@pytest.mark.parametrize("name", ["portraits.webp", "portraits.csv", "SHA256SUMS"])
def test_missing_file_is_named(copied_data, name):
    (copied_data / name).unlink()
    with pytest.raises(FileNotFoundError, match=f"{name} is missing. To restore it: `git checkout -- data/emoji`"):
        data.load_portraits()


def test_the_card_has_the_numbers_of_the_tables():
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    people, things = rows_of("portraits"), rows_of("emoji")
    splits = Counter(row["split"] for row in people)
    seen = Counter(row["split"] for row in people if row["face"] == "seen")
    roles, drawings = {row["role"] for row in people}, {(row["role"], row["gender"]) for row in people}
    for sentence in (
        f"{len(people):,} pictures, {len(people) // 4} in each style: {len(roles)} roles, 3 genders, 6 tones",
        f"{len(things):,} pictures: {len(things) // 4:,} things in each style, in {len({r['group'] for r in things})} groups",
        *(f"| {split} | {splits[split]:,} | {seen[split]:,} |" for split in splits),
        f"{sum(row['cut'] == '1' for row in people)} pictures |",
        f"ninja: {sum(row['face'] == 'hidden' for row in people)} pictures)",
        f"{len(drawings)} per style",
        f'The split "test" holds {sum(row["split"] == "test" for row in things) // 4} things',
    ):
        assert sentence in card, sentence


def test_the_card_leads_to_every_licence():
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\((LICENSE[^)]*)\)", card))
    assert linked == {path.name for path in FOLDER.glob("LICENSE*")} and len(linked) == 4
    for name, words in {
        "LICENSE-Apache-2.0.txt": "Apache License",
        "LICENSE-CC-BY-4.0.txt": "Creative Commons Attribution 4.0 International Public License",
        "LICENSE-MIT-fluent-emoji.txt": "Copyright (c) Microsoft Corporation",
        "LICENSE-MIT-emojibase-data.txt": "Copyright (c) 2017-2019 Miles Johnson",
    }.items():
        assert words in (FOLDER / name).read_text(encoding="utf-8")
    assert "Copyright 2020 Twitter, Inc and other contributors" in card
    assert "https://creativecommons.org/licenses/by/4.0/" in card


def test_a_package_is_unpacked_whole_or_not_at_all(tmp_path, monkeypatch):
    def pack(command, cwd, **_):
        """As npm does, but of the second package nothing that can be unpacked."""
        name = f"{calls.append(command[-1]) or len(calls)}.tgz"
        Path(cwd, name).write_bytes(whole if len(calls) != 2 else whole[: len(whole) // 2])
        return SimpleNamespace(stdout=f"{name}\n")

    buffer, calls = io.BytesIO(), []
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for i in range(2):
            entry = tarfile.TarInfo(f"package/{i}.json")
            entry.size = 100_000
            archive.addfile(entry, io.BytesIO(np.random.default_rng(i).bytes(100_000)))
    whole = buffer.getvalue()
    monkeypatch.setattr(make_portraits.subprocess, "run", pack)
    with pytest.raises(EOFError):
        make_portraits.fetch_packages(tmp_path)
    packages = [*make_portraits.STYLES.values(), make_portraits.NAMES]
    assert [package for package in packages if (tmp_path / package).exists()] == packages[:1]
    make_portraits.fetch_packages(tmp_path)
    assert calls == [packages[0], packages[1], *packages[1:]]
    assert all((tmp_path / package / "package" / "1.json").stat().st_size == 100_000 for package in packages)
    assert {path.name for path in tmp_path.iterdir()} == {package.partition("/")[0] for package in packages}


def test_the_check_compares_pixels_and_the_bytes_of_tables():
    tiles = np.random.default_rng(0).integers(0, 256, (70, 64, 64, 3), dtype=np.uint8)
    stored = make_portraits.atlas_bytes(tiles, lossless=True)
    buffer = io.BytesIO()
    Image.open(io.BytesIO(stored)).save(buffer, "webp", lossless=True, method=0)
    assert buffer.getvalue() != stored and not make_portraits.differs("portraits.webp", stored, buffer.getvalue())
    tiles[69, 5, 5] ^= 1
    assert make_portraits.differs("portraits.webp", stored, make_portraits.atlas_bytes(tiles, lossless=True))
    # Of the compressed ones, small differences of all pictures are none, but one other picture is.
    assert not make_portraits.differs("emoji.webp", stored, make_portraits.atlas_bytes(tiles ^ 1, lossless=True))
    tiles[69] = tiles[0]
    assert make_portraits.differs("emoji.webp", stored, make_portraits.atlas_bytes(tiles, lossless=True))
    assert make_portraits.differs("emoji.webp", stored, make_portraits.atlas_bytes(tiles[:3], lossless=True))
    assert make_portraits.differs("emoji.csv", b"a,b\n", b"a,c\n") and not make_portraits.differs("a.csv", b"a", b"a")


def test_the_stored_sums_are_those_that_the_tool_writes():
    stored = {name: (FOLDER / name).read_bytes() for name in (*FILES, "SHA256SUMS")}
    assert make_portraits.sums_bytes(stored) == stored["SHA256SUMS"]
