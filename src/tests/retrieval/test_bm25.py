"""BM25 against a brute force that reads the formula aloud."""

from __future__ import annotations

import math
import time
from pathlib import Path

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tengjia.errors import CheckpointError
from tengjia.retrieval.bm25 import BM25
from tengjia.retrieval.ranking import best, reciprocal_rank

TERMS = st.lists(st.sampled_from("abcdefg"), max_size=12)


def brute(documents: list[list[str]], query: list[str], k1: float, b: float) -> list[float]:
    lengths = [len(document) for document in documents]
    mean = sum(lengths) / len(lengths) if any(lengths) else 1.0
    result = []
    for document in documents:
        total = 0.0
        for term in query:
            frequency = sum(term in other for other in documents)
            rarity = math.log(1 + (len(documents) - frequency + 0.5) / (frequency + 0.5))
            times = document.count(term)
            total += rarity * times * (k1 + 1) / (times + k1 * (1 - b + b * len(document) / mean)) if times else 0.0
        result.append(total)
    return result


@settings(deadline=None)
@given(st.lists(TERMS, min_size=1, max_size=8), TERMS, st.floats(0, 3), st.floats(0, 1))
def test_scores_are_those_of_the_formula(documents: list[list[str]], query: list[str], k1: float, b: float):
    index = BM25.build(documents, BM25.Config(k1, b))
    assert index.scores(query) == pytest.approx(brute(documents, query, k1, b), rel=1e-5, abs=1e-6)


@settings(deadline=None)
@given(st.lists(TERMS, min_size=1, max_size=6), st.integers(0, 5))
def test_a_document_asked_for_itself_reaches_its_ideal(documents: list[list[str]], number: int):
    index = BM25.build(documents)
    query = documents[number % len(documents)]
    assert index.scores(query)[number % len(documents)] == pytest.approx(index.ideal(query), rel=1e-5)


def test_nothing_is_no_trouble():
    empty = BM25.build([])
    assert empty.scores(["a"]).shape == (0,) and empty.count == 0
    blank = BM25.build([[], []])
    assert blank.scores(["a"]).tolist() == [0.0, 0.0] and blank.ideal([]) == 0.0
    assert BM25.build([["a"]]).scores([]).tolist() == [0.0]


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), max_size=30), st.integers(0, 35))
def test_the_best_are_those_of_a_stable_sort(scores: list[float], count: int):
    expected = sorted(range(len(scores)), key=lambda number: (-scores[number], number))[:count]
    assert best(numpy.array(scores), count).tolist() == expected


def test_reciprocal_rank():
    fused = reciprocal_rank([[3, 1, 2], [1, 4]], constant=60)
    assert list(fused) == [1, 3, 4, 2]
    assert fused[1] == pytest.approx(1 / 62 + 1 / 61) and fused[2] == pytest.approx(1 / 63)


def test_saved_and_mapped(tmp_path: Path):
    index = BM25.build([["a", "b", "a"], ["b"], []])
    index.save(tmp_path)
    loaded = BM25.load(tmp_path)
    assert isinstance(loaded.weights, numpy.memmap)
    assert loaded.scores(["a", "b", "z"]).tolist() == index.scores(["a", "b", "z"]).tolist()
    assert loaded.ideal(["a", "z"]) == index.ideal(["a", "z"])


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("weights.bin", b"\0\0", "retrieval.other_size"),
        ("pointers.bin", b"", "retrieval.other_size"),
        ("documents.bin", b"\xff\xff\xff\x7f" * 3, "retrieval.bad_index"),
        ("bm25.json", b"[]", "retrieval.bad_index"),
        ("bm25.json", b'{"k1": 1, "b": 1, "count": 2, "mean_length": 0, "terms": []}', "retrieval.bad_index"),
        ("bm25.json", b"{" * 100_000, "retrieval.bad_index"),
    ],
)
def test_damage_is_told(tmp_path: Path, file: str, content: bytes, code: str):
    BM25.build([["a", "b", "a"], ["b"]]).save(tmp_path)
    (tmp_path / file).write_bytes(content)
    with pytest.raises(CheckpointError) as error:
        BM25.load(tmp_path)
    assert error.value.code == code and file in str(error.value)


def test_many_documents_in_milliseconds():
    generator = numpy.random.default_rng(1)
    words = [f"w{number}" for number in range(3000)]
    drawn = generator.zipf(1.3, size=(30_000, 20)).clip(max=3000) - 1
    index = BM25.build([[words[number] for number in row] for row in drawn.tolist()])
    query = [words[number] for number in drawn[7].tolist()]
    index.scores(query)
    began = time.process_time()
    for _ in range(10):
        found = best(index.scores(query), 10)
    assert (time.process_time() - began) / 10 < 0.1, "one search among 30,000 documents"
    assert 7 in found.tolist()
