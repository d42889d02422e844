"""Conditions: how they are written, and what they accept."""

import json

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import kstest

from gan_tutorial.data.conditions import Condition, as_condition, as_conditions

ROLE = as_condition("role", ("Cook", "pilot", "judge"))
TONE = as_condition("tone", (1, 5))
DIGIT = as_condition("digit", 10)


def test_the_three_ways_to_write_a_condition():
    assert ROLE == Condition("role", ("Cook", "pilot", "judge")) and not ROLE.is_range
    assert DIGIT.categories == tuple("0123456789") and as_condition("digit", np.int64(10)) == DIGIT
    assert TONE == Condition("tone", low=1.0, high=5.0) and TONE.is_range
    assert as_condition("tone", np.float32([1, 5])) == TONE
    assert as_condition("role", ROLE) == ROLE


def test_names_and_numbers_mean_the_same():
    assert ROLE.numbers(["cook", " PILOT ", "2"]).tolist() == ROLE.numbers([0, 1, 2]).tolist() == [0, 1, 2]
    assert TONE.numbers(["1", "2.5"]).tolist() == TONE.numbers([1, 2.5]).tolist() == [1, 2.5]
    assert DIGIT.numbers("7") == DIGIT.numbers(7) == 7


@pytest.mark.parametrize(
    "values, shape", [(1, ()), ("pilot", ()), (np.array(1), ()), (np.uint8([1]), (1,)), ([[1]], (1, 1))]
)
def test_numbers_keep_the_shape(values, shape):
    numbers = ROLE.numbers(values)
    assert numbers.dtype == np.int32 and numbers.shape == shape and (numbers == 1).all()
    if isinstance(values, str):
        return
    numbers = TONE.numbers(values)
    assert numbers.dtype == np.float32 and numbers.shape == shape and (numbers == 1).all()


@pytest.mark.parametrize(
    "condition, values, message",
    [
        (ROLE, "piilot", "^role cannot be 'piilot': choose one of: Cook, pilot, judge. Did you mean 'pilot'?"),
        (ROLE, ["pilot", "1.5"], r"^role cannot be '1.5': choose one of: Cook, pilot, judge\.$"),
        (ROLE, [0, 3, 7], "^role 3 is out of range: choose one of: Cook, pilot, judge$"),
        (ROLE, "-1", "^role -1 is out of range"),
        (ROLE, [0.0, 1.0], "^roles must be names or integers, not float64$"),
        (ROLE, True, "^roles must be names or integers, not bool$"),
        (ROLE, None, "^role cannot be 'None'"),
        (DIGIT, 10, "^digit 10 is out of range: there are 10, numbered 0 to 9$"),
        (TONE, [1, 5.01], "^tone 5.01 is out of range: it goes from 1 to 5$"),
        (TONE, 0.99, "^tone 0.99 is out of range"),
        (TONE, np.nan, "^tone nan is out of range"),
        (TONE, "dark", r"^tone cannot be 'dark': it goes from 1 to 5\.$"),
    ],
)
def test_what_there_is_not_is_named(condition, values, message):
    with pytest.raises(ValueError, match=message):
        condition.numbers(values)


def test_the_ends_of_a_range_belong_to_it():
    tenths = as_condition("size", (0.1, 0.3))
    # 0.1 and 0.3 in float32 are slightly more than in float64.
    assert tenths.numbers(np.float32([0.1, 0.3])).tolist() == np.float32([0.1, 0.3]).tolist()


def test_a_column_has_one_value_for_each_image():
    assert ROLE.column(["judge", "cook"], 2).tolist() == [2, 0]
    for values, found in (("judge", r"\(\)"), (["judge"] * 3, r"\(3,\)"), ([["judge"], ["cook"]], r"\(2, 1\)")):
        with pytest.raises(ValueError, match=rf"^roles must have the shape \(2,\), one for each image, not {found}$"):
            ROLE.column(values, 2)


def test_knots_are_the_categories_the_whole_numbers_or_the_quarters():
    assert ROLE.knots.tolist() == [0, 1, 2] and TONE.knots.tolist() == [1, 2, 3, 4, 5]
    assert as_condition("tone", (0, 5)).knots.tolist() == [0, 1, 2, 3, 4, 5]
    assert as_condition("size", (0, 1)).knots.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert ROLE.knots.dtype == TONE.knots.dtype == np.float32


@pytest.mark.parametrize("high, knots", [(14, 15), (15, 16), (16, 16), (360, 16), (1e9, 16)])
def test_a_wide_range_has_few_knots(high, knots):
    wide = as_condition("angle", (0, high)).knots
    assert len(wide) == knots and (wide[0], wide[-1]) == (0, high)
    assert np.diff(wide) == pytest.approx(high / (knots - 1))


@pytest.mark.parametrize("condition", [ROLE, TONE, DIGIT])
def test_random_values_follow_the_seed(condition):
    values = condition.sample(np.random.default_rng(0), 500)
    assert values.shape == (500,) and values.dtype == (np.float32 if condition.is_range else np.int32)
    assert np.array_equal(values, condition.numbers(values))
    assert np.array_equal(values, condition.sample(np.random.default_rng(0), 500))
    assert not np.array_equal(values, condition.sample(np.random.default_rng(1), 500))
    assert condition.sample(np.random.default_rng(0), 0).shape == (0,)


def test_random_values_are_all_categories_and_the_whole_range_alike():
    counts = np.bincount(ROLE.sample(np.random.default_rng(0), 3000))
    assert counts == pytest.approx([1000] * 3, abs=100)
    tones = TONE.sample(np.random.default_rng(0), 3000)
    assert len(np.unique(tones)) > 2900 and kstest(tones, "uniform", (1, 4)).pvalue > 0.01


@pytest.mark.parametrize(
    "specification, message",
    [
        (1, r"'style' needs at least two categories, all different, not \('0',\)"),
        (-1, "'style' needs at least two categories"),
        ((), "'style' needs at least two categories"),
        (("noto",), r"at least two categories, all different, not \('noto',\)"),
        ("noto", r"at least two categories, all different, not \('noto',\)"),  # not n, o, t and o
        ("ab", "at least two categories"),
        (("noto", "flat", "noto"), r"all different, not \('noto', 'flat', 'noto'\)"),
        (("Noto", "noto"), "all different"),  # `numbers` could not tell them apart
        ((1, 2, 3), r"'style' must be names, a number of categories or a range \(low, high\), not \(1, 2, 3\)"),
        ((5, 1), r"or a range \(low, high\), not \(5, 1\)"),
        ((1, 1), "or a range"),
        ((0, np.nan), "or a range"),
        ((0, np.inf), "or a range"),
        (("noto", 1), r"or a range \(low, high\), not \('noto', 1\)"),
        (3.5, r"not \(3.5,\)"),
        (None, r"not \(None,\)"),
    ],
)
def test_bad_specifications_are_explained(specification, message):
    with pytest.raises(ValueError, match=message):
        as_condition("style", specification)


@pytest.mark.parametrize(
    "name",
    ["two words", "2nd", "", "class", "noise", "n", "labels", "seed", "image", "instance_noise", "help", "directions"],
)
def test_a_name_must_be_free_and_a_keyword(name):
    with pytest.raises(ValueError, match=f"a condition cannot be called {name!r}: it must be a name"):
        as_condition(name, 3)


def test_num_classes_is_short_for_the_condition_label():
    conditions = as_conditions(10, {"size": (0, 1)})
    assert list(conditions) == ["label", "size"] and conditions["label"] == as_condition("label", 10)
    assert as_conditions() == {}
    with pytest.raises(ValueError, match="num_classes must be at least 2, or None for no labels, not 1"):
        as_conditions(1)


_FINITE = st.floats(-1e6, 1e6)
_SPECIFICATIONS = st.one_of(
    st.integers(2, 100),
    st.lists(st.text(min_size=1), min_size=2, max_size=8, unique_by=str.lower).map(tuple),
    st.tuples(_FINITE, _FINITE).filter(lambda ends: ends[0] < ends[1]),
)


@given(_SPECIFICATIONS)
def test_a_specification_survives_json(specification):
    condition = as_condition("style", specification)
    assert as_condition("style", json.loads(json.dumps(condition.specification))) == condition


@given(st.integers(2, 100))
def test_a_number_of_categories_is_each_category_by_name_and_number(n):
    condition, all_of_them = as_condition("digit", n), np.arange(n)
    assert np.array_equal(condition.numbers(all_of_them), all_of_them)
    assert np.array_equal(condition.numbers([str(i) for i in all_of_them]), all_of_them)


def test_a_condition_under_another_name_is_called_by_that():
    tone = as_condition("tone", (0, 5))
    skin = as_condition("skin", tone)
    assert skin.name == "skin" and skin.specification == tone.specification
    with pytest.raises(ValueError, match="cannot be called 'noise'"):
        as_condition("noise", tone)
