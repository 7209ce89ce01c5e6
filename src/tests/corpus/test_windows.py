"""Windows and thinning: nothing is cut, nothing is lost, nothing is shifted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.data.example import Example, Span
from tengjia.data.sampling import Sampling
from tengjia.data.thinning import thinned, thinning
from tengjia.data.windows import consecutive, sampled, window
from tengjia.errors import ConfigurationError
from tests.corpus.strategies import examples

STREAM = Example("零一二三四五六七八九" * 30, tuple(Span(a, a + 4, "X") for a in range(3, 290, 7)))


def surfaces(example: Example) -> list[tuple[str, str]]:
    return [(example.text[s.start : s.end], s.type) for s in example.spans]


def in_whole(piece: Example, whole: Example) -> None:
    """A window is what stands at its place in the whole."""
    offset = int(piece.extra.get("offset", 0))
    assert whole.text[offset : offset + len(piece.text)] == piece.text
    assert all(Span(s.start + offset, s.end + offset, s.type) in whole.spans for s in piece.spans)
    assert all((a + offset, b + offset) in (whole.tokens or ()) for a, b in piece.tokens or ())
    cut = [s for s in whole.spans if s.start < offset < s.end or s.start < offset + len(piece.text) < s.end]
    assert not cut
    inside = [s for s in whole.spans if offset <= s.start and s.end <= offset + len(piece.text)]
    assert len(inside) == len(piece.spans)


@given(examples(minimum=1), st.integers(1, 70))
def test_consecutive_windows_are_the_text(example, size):
    pieces = list(consecutive(example, size))
    assert "".join(piece.text for piece in pieces) == example.text
    assert [found for piece in pieces for found in surfaces(piece)] == surfaces(example)
    longest = max((s.end - s.start for s in example.spans), default=0)
    for piece in pieces:
        in_whole(piece, example)
        assert 0 < len(piece.text) <= max(size, longest)


@given(examples(minimum=1), st.integers(1, 30), st.integers(0, 5))
def test_sampled_windows_cut_nothing(example, size, seed):
    pieces = list(sampled(example, size, 8, seed))
    assert len(pieces) == (8 if len(example.text) > size else 1)
    for piece in pieces:
        in_whole(piece, example)
        assert len(piece.text) <= size or len(piece.spans) == 1 or piece is example
    assert pieces == list(sampled(example, size, 8, seed))


def test_chance_reaches_every_place():
    starts = {int(piece.extra["offset"]) for piece in sampled(STREAM, 20, 3000, 1)}
    allowed = {a for a in range(281) if not any(s.start < a < s.end for s in STREAM.spans)}
    assert starts == allowed
    assert [p.text for p in sampled(STREAM, 20, 9, 1)] != [p.text for p in sampled(STREAM, 20, 9, 2)]


def test_windows_of_windows_know_their_place_in_the_whole():
    inner = window(window(STREAM, 7, 100), 14, 50)
    assert inner.extra["offset"] == "21"
    in_whole(inner, STREAM)


@given(examples(), st.integers(1, 20))
def test_thinning_keeps_every_span_and_its_neighbours(example, longest):
    result = thinned(example, longest)
    assert surfaces(result) == surfaces(example)
    borders = [0, *(p for s in result.spans for p in s[:2]), len(result.text)]
    assert all(end - start <= longest for start, end in zip(borders[::2], borders[1::2]))
    edited = thinning(example, longest)
    if edited is None:
        assert result is example
    else:
        assert all(example.text[a] == c for a, c in zip(edited.starts, edited.text))
        assert len(edited.text) < len(example.text)
    for a, b in result.tokens or ():
        assert result.text[a:b] in [example.text[x:y] for x, y in example.tokens or ()]


@pytest.mark.parametrize(
    ("text", "spans", "longest", "expected"),
    [
        ("一二三四五六甲乙七八九十", [(6, 8)], 2, "五六甲乙七八"),
        ("甲一二三四五六乙", [(0, 1), (7, 8)], 3, "甲一五六乙"),
        ("一二三四五六", [], 4, "一二三四"),
        ("甲一二乙", [(0, 1), (3, 4)], 2, "甲一二乙"),
    ],
)
def test_what_stands_beside_a_span_stays(text, spans, longest, expected):
    assert thinned(Example(text, tuple(Span(a, b, "X") for a, b in spans)), longest).text == expected


def sampling(**values: int) -> Sampling:
    return Sampling(Sampling.Config(**values))


def test_by_default_examples_stay_as_they_are():
    assert list(sampling().apply([STREAM])) == [STREAM]


def test_sampling_cuts_long_texts_only():
    short = Example("短")
    assert [len(e.text) for e in sampling(window=100).apply([short, STREAM])] == [1, 100, 99, 100, 1]
    assert len(list(sampling(window=50, windows_per_text=12).apply([STREAM, short]))) == 13


def test_texts_draw_windows_of_their_own():
    one, two = (list(sampling(window=50, windows_per_text=3).apply(texts)) for texts in ([STREAM], [STREAM, STREAM]))
    assert two[:3] == one and two[3:] != one


def test_windows_and_thinning_together():
    pieces = list(sampling(window=60, longest_outside=1).apply([STREAM]))
    assert [f for piece in pieces for f in surfaces(piece)] == surfaces(STREAM)
    assert max(len(piece.text) for piece in pieces) < 60


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"window": -1}, "sampling.window"),
        ({"longest_outside": -5}, "sampling.longest_outside"),
        ({"windows_per_text": 3}, "sampling.window"),
    ],
)
def test_impossible_numbers(values, key):
    with pytest.raises(ConfigurationError) as caught:
        sampling(**values)
    assert caught.value.code == "corpus.bad_sampling"
    assert caught.value.problem.key == key
