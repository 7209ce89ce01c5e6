"""Two texts as one: by hand, truncation of the longer one first, padding."""

from __future__ import annotations

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from tengjia.base_tasks.text_matching.columns import FRAME, marked_batch
from tengjia.base_tasks.text_matching.joining import joined

BEGIN, END = 2, 3
TEXTS = some.lists(some.integers(10, 99), max_size=12)


def batch(texts: list[list[int]], framed: bool):
    rows = [numpy.array(text, numpy.int32) for text in texts]
    return marked_batch(rows, {"bigrams": [row + 100 for row in rows]}, (BEGIN, END) if framed else None)


def by_hand(first: list[int], second: list[int], framed: bool, longest: int) -> tuple[list[int], list[int]]:
    """Pieces and segments: a piece at a time is taken from the end of the longer one (the first among equals)."""
    first, second = list(first), list(second)
    room = longest - (3 if framed else 0)
    half = (room + 1) // 2
    while len(first) + len(second) > room:
        (first if len(first) > half and len(first) + len(second) > room and len(first) >= len(second) else second).pop()
    if framed:
        return [BEGIN, *first, END, *second, END], [0] * (len(first) + 2) + [1] * (len(second) + 1)
    return first + second, [0] * len(first) + [1] * len(second)


@given(some.lists(some.tuples(TEXTS, TEXTS), min_size=1, max_size=5), some.booleans(), some.integers(7, 30))
def test_as_by_hand(pairs: list[tuple[list[int], list[int]]], framed: bool, longest: int):
    if not framed:  # a text of nothing has one unknown piece then
        pairs = [(first or [1], second or [1]) for first, second in pairs]
    found = joined(*(batch([pair[side] for pair in pairs], framed) for side in (0, 1)), longest=longest)
    for row, (first, second) in enumerate(pairs):
        ids, segments = by_hand(first, second, framed, longest)
        count = int(found.mask[row].sum())
        assert found.mask[row, :count].all()
        assert found.ids[row, :count].tolist() == ids
        assert found.features["segments"][row, :count].tolist() == segments
        assert not found.ids[row, count:].any()
        own = [piece for piece in ids if piece > END]
        bigrams = found.features["bigrams"][row, :count]
        assert [value for value in bigrams.tolist() if value] == [piece + 100 for piece in own] or not framed
    assert found.ids.shape[1] <= longest
    frame = found.features.get(FRAME)
    assert (frame is not None) is framed
    if frame is not None:
        assert [int(row.sum()) for row in frame] == [3] * len(pairs)


@pytest.mark.parametrize("framed", [True, False])
def test_padding_of_either_text_changes_nothing(framed: bool):
    first, second = batch([[10, 11, 12]], framed), batch([[20, 21]], framed)
    together = [batch([[10, 11, 12], [30] * 9], framed), batch([[20, 21], [40] * 9], framed)]
    alone, beside = joined(first, second, longest=40), joined(*together, longest=40)
    count = alone.ids.shape[1]
    torch.testing.assert_close(beside.ids[:1, :count], alone.ids)
    assert not beside.mask[0, count:].any()
