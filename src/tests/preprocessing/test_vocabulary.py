"""Pieces, pairs and their ids."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.data.vocabulary import PairVocabulary, Vocabulary
from tengjia.errors import DataError


def test_the_most_frequent_come_first_and_equal_ones_in_the_order_of_characters():
    vocabulary = Vocabulary.counted({"b": 2, "a": 2, "c": 5, "d": 1}, minimum_count=2)
    assert vocabulary.pieces == ("<pad>", "<unk>", "c", "a", "b")
    assert vocabulary.ids(["c", "d", "a"]).tolist() == [2, 1, 3]


@pytest.mark.parametrize(
    ("options", "pieces"),
    [
        ({"maximum_size": 3}, ("<pad>", "<unk>", "a")),
        ({"maximum_size": 1}, ("<pad>", "<unk>")),
        ({"special": ("<num>", "a")}, ("<pad>", "<unk>", "<num>", "a", "b")),
        ({"minimum_count": 9, "special": ("b",)}, ("<pad>", "<unk>", "b")),
        ({"padding": "[PAD]", "unknown": "[UNK]"}, ("[PAD]", "[UNK]", "a", "b")),
    ],
)
def test_size_and_symbols(options, pieces):
    assert Vocabulary.counted({"a": 3, "b": 2}, **options).pieces == pieces


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 5), max_size=20), st.randoms())
def test_the_order_of_counting_changes_nothing(counts, chance):
    shuffled = list(counts.items())
    chance.shuffle(shuffled)
    assert Vocabulary.counted(dict(shuffled)) == Vocabulary.counted(counts)


@given(
    st.lists(st.text(min_size=1, max_size=4), unique=True, max_size=30).filter(lambda p: not {"<pad>", "<unk>"} & {*p})
)
def test_whatever_is_saved_comes_back(tmp_path_factory, pieces):
    file = tmp_path_factory.mktemp("vocabulary") / "vocabulary.json"
    vocabulary = Vocabulary(["<pad>", "<unk>", *pieces])
    vocabulary.save(file)
    loaded = Vocabulary.load(file)
    assert loaded == vocabulary and loaded.fingerprint == vocabulary.fingerprint


def test_lone_surrogates_and_line_ends_survive(tmp_path):
    vocabulary = Vocabulary(["<pad>", "<unk>", "\ud800", "\n", "\u2028", '"'])
    vocabulary.save(tmp_path / "v.json")
    assert Vocabulary.load(tmp_path / "v.json").pieces == vocabulary.pieces


def test_fingerprint_is_of_the_content():
    first = Vocabulary(["<pad>", "<unk>", "a"])
    assert first.fingerprint != Vocabulary(["<pad>", "<unk>", "b"]).fingerprint
    assert first.fingerprint != Vocabulary(["<pad>", "<unk>", "a"], unknown=2).fingerprint


def test_a_vocabulary_that_a_tokenizer_brings_keeps_its_ids():
    vocabulary = Vocabulary.given(["[PAD]", "a", "[UNK]", "b"])
    assert vocabulary.unknown == 2
    assert vocabulary.ids(["b", "?"]).tolist() == [3, 2]


def test_extended_keeps_ids():
    vocabulary = Vocabulary(["<pad>", "<unk>", "a"]).extended(["b", "a", "c", "b"])
    assert vocabulary.pieces == ("<pad>", "<unk>", "a", "b", "c")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "Expecting value"),
        ("[]", "`pieces`: list[str]"),
        ('{"pieces": ["a", 1], "unknown": 0}', "`pieces`: list[str]"),
        ('{"pieces": ["a", "b"], "unknown": true}', "`unknown`: int"),
        ('{"pieces": ["a", "b"], "unknown": 2}', "unknown = 2, size = 2"),
        ('{"pieces": ["a", "b"], "unknown": -1}', "unknown = -1"),
        ('{"pieces": ["a", "a"], "unknown": 1}', "'a' x 2"),
        ("[" * 100_000, "recursion"),
        ("\x00", "Expecting value"),
    ],
)
def test_hostile_files_are_refused(tmp_path, content, reason):
    (tmp_path / "v.json").write_text(content)
    with pytest.raises(DataError, match="encoding.bad_") as caught:
        Vocabulary.load(tmp_path / "v.json")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "content", ["{", "[[1]]", "[[1, -2]]", "[[1, 2.5e300]]", "[[0, 9999999999]]", '[["a", "b"]]', "{}x"]
)
def test_hostile_pairs_are_refused(tmp_path, content):
    (tmp_path / "p.json").write_text(content)
    with pytest.raises(DataError, match="encoding.bad_file"):
        PairVocabulary.load(tmp_path / "p.json")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(DataError, match="No such file"):
        Vocabulary.load(tmp_path / "v.json")


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 4)), max_size=40), st.integers(1, 4))
def test_pairs_against_a_counter(counted, minimum):
    truth: Counter[tuple[int, int]] = Counter()
    for left, right, number in counted:
        truth[left, right] += number
    table = numpy.array([row[:2] for row in counted], dtype=numpy.int64).reshape(-1, 2)
    pairs = PairVocabulary.counted(table, numpy.array([row[2] for row in counted], int), minimum_count=minimum)
    kept = sorted((pair for pair, number in truth.items() if number >= minimum), key=lambda p: (-truth[p], p))
    assert [tuple(pair) for pair in pairs.pairs.tolist()] == kept
    grid = numpy.array([(left, right) for left in range(8) for right in range(8)])
    expected = [kept.index((a, b)) + 2 if (a, b) in kept else 1 for a, b in grid.tolist()]
    assert pairs.ids(grid[:, 0], grid[:, 1]).tolist() == expected


def test_pairs_are_limited_and_saved(tmp_path: Path):
    pairs = PairVocabulary.counted(
        numpy.array([[2, 3], [2, 0], [4, 4]]), numpy.array([3, 5, 1]), minimum_count=1, maximum_size=4
    )
    assert len(pairs) == 4 and pairs.pairs.tolist() == [[2, 0], [2, 3]]
    pairs.save(tmp_path / "p.json")
    assert json.loads((tmp_path / "p.json").read_text()) == [[2, 0], [2, 3]]
    assert PairVocabulary.load(tmp_path / "p.json").ids(numpy.array([2]), numpy.array([3])).tolist() == [3]
