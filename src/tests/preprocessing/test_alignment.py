"""Character spans to unit spans to tags, against the plain functions for one text."""

from __future__ import annotations

import itertools

import numpy
from hypothesis import given
from hypothesis import strategies as st

from tengjia.base_tasks.sequence_labeling.alignment import align, flat_spans, inside, split_at, tags
from tengjia.data.labels import SCHEMES, LabelSet, units_of_spans

TYPES = ("NAME", "ORG")


@st.composite
def texts(draw):
    """A length, units inside it (with gaps), and spans that do not overlap."""
    length = draw(st.integers(1, 30))
    edges = sorted(draw(st.sets(st.integers(0, length), max_size=12)))
    units = [(a, b) for a, b in itertools.pairwise(edges) if draw(st.booleans())]
    marks = sorted(draw(st.sets(st.integers(0, length), max_size=8)))
    kinds = st.sampled_from([*TYPES, "OTHER"])
    spans = [(a, b, draw(kinds)) for a, b in zip(marks[::2], marks[1::2])]
    return length, units, spans


def expected(units, spans):
    """What the flat functions must give for one text, by the plain ones."""
    found, reached, counts = [], 0, {"lost": 0, "widened": 0, "collided": 0, "unseen": 0}
    for span in spans:
        place = units_of_spans([span], [a for a, _ in units], [b for _, b in units])
        if span[2] not in TYPES:
            counts["unseen"] += 1
        elif not place:
            counts["lost"] += 1
        else:
            first, after, _ = place[0]
            counts["widened"] += (units[first][0], units[after - 1][1]) != span[:2]
            if first < reached:
                counts["collided"] += 1
            else:
                found.append(place[0])
                reached = after
    return found, counts


@given(st.lists(texts(), max_size=5), st.sampled_from(sorted(SCHEMES)))
def test_many_texts_at_once_equal_each_alone(group, scheme):
    labels = LabelSet(scheme, TYPES)
    starts = numpy.array([a for _, units, _ in group for a, _ in units], dtype=numpy.int32)
    ends = numpy.array([b for _, units, _ in group for _, b in units], dtype=numpy.int32)
    counts = numpy.array([len(units) for _, units, _ in group], dtype=numpy.int64)
    lengths = numpy.array([length for length, _, _ in group], dtype=numpy.int64)
    spans, told = align(flat_spans([s for _, _, s in group], labels), starts, ends, counts, lengths)
    result = tags(spans, len(starts), labels)
    truth, totals = [], {"lost": 0, "widened": 0, "collided": 0, "unseen": 0}
    for _, units, own in group:
        found, counted = expected(units, own)
        truth.extend(labels.encode(found, len(units)).tolist())
        totals = {name: totals[name] + counted[name] for name in totals}
    assert result.tolist() == truth
    assert {name: getattr(told, name) for name in totals} == totals
    assert told.spans == sum(len(s) for _, _, s in group)
    letters = [labels.tags[tag][0] for tag in result]
    goes_on = [letter in {SCHEMES[scheme][1], SCHEMES[scheme][2]} - {SCHEMES[scheme][0]} for letter in letters]
    if scheme != "bio":
        assert inside(spans, len(starts)).tolist() == goes_on


def test_a_span_that_is_cut_becomes_legal_parts():
    labels = LabelSet("bmes", TYPES)
    spans, _ = align(
        flat_spans([[(0, 6, "NAME")], [(1, 3, "ORG")]], labels),
        numpy.array([0, 1, 2, 3, 4, 5, 0, 1, 2]),
        numpy.array([1, 2, 3, 4, 5, 6, 1, 2, 3]),
        numpy.array([6, 3]),
        numpy.array([6, 3]),
    )
    parts, cut = split_at(spans, [2, 5])
    assert cut == 1
    names = [labels.tags[tag] for tag in tags(parts, 9, labels)]
    assert names == ["B-NAME", "E-NAME", "B-NAME", "M-NAME", "E-NAME", "S-NAME", "O", "B-ORG", "E-ORG"]
