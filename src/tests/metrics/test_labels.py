"""Tags and spans: encoding, decoding with every repair, and what a scheme allows, against brute force and seqeval."""

from __future__ import annotations

import itertools
import warnings

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import BILOU, IOB2, IOBES, Entities

from tengjia.data.labels import SCHEMES, LabelSet, types_of, units_of_spans

TYPES = ("LOC", "PER-SON")
SCHEME = st.sampled_from(sorted(SCHEMES))


def spans_of(labels: LabelSet, ids, repair: str) -> list[tuple[int, int, str]]:
    found = labels.decode(numpy.array(ids, numpy.int64), repair=repair)
    return [(s, e, labels.types[t]) for s, e, t in zip(found.start.tolist(), found.end.tolist(), found.type.tolist())]


def by_definition(labels: LabelSet, ids, repair: str) -> list[tuple[int, int, str]]:
    """The words at the head of `labels.py`, tag by tag."""
    first, inner, last, only = SCHEMES[labels.scheme]
    chunks: list[list[tuple[str, str]]] = []
    places: list[int] = []
    before = ("O", "")
    for place, number in enumerate(ids):
        letter, _, name = labels.tags[number].partition("-")
        begins = letter in (first, only)
        follows = before[0] in (first, inner) and before[1] == name
        if letter != "O" and not begins and follows:
            chunks[-1].append((letter, name))
        elif letter != "O":
            chunks.append([(letter, name)])
            places.append(place)
        before = (letter, name)
    result = []
    for chunk, place in zip(chunks, places):
        begins = chunk[0][0] in (first, only)
        ends = last == inner or chunk[-1][0] in (last, only)
        if repair == "lenient" or (begins and (ends or repair == "begun")):
            result.append((place, place + len(chunk), chunk[0][1]))
    return result


def random_ids(maximum: int = 14):
    return SCHEME.flatmap(
        lambda scheme: st.tuples(
            st.just(LabelSet(scheme, TYPES)),
            st.lists(st.integers(0, len(LabelSet(scheme, TYPES)) - 1), max_size=maximum),
        )
    )


@given(random_ids(), st.sampled_from(["strict", "begun", "lenient"]))
def test_decoding_is_as_defined(drawn, repair):
    labels, ids = drawn
    assert spans_of(labels, ids, repair) == by_definition(labels, ids, repair)


@given(random_ids())
def test_lenient_is_seqevals_default(drawn):
    labels, ids = drawn
    letters = {"M": "I", "L": "E", "U": "S"}  # seqeval's default knows only B, I, E and S
    tags = [labels.tags[number] for number in ids]
    tags = [letters.get(tag[0], tag[0]) + tag[1:] for tag in tags]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = [(start, end + 1, name) for name, start, end in get_entities(tags)]
    assert spans_of(labels, ids, "lenient") == expected


@given(random_ids())
def test_strict_is_seqevals_strict(drawn):
    labels, ids = drawn
    scheme = {"bio": IOB2, "bioes": IOBES, "bmes": IOBES, "biluo": BILOU}[labels.scheme]
    tags = [labels.tags[number] for number in ids]
    tags = ["I" + tag[1:] if tag[0] == "M" else tag for tag in tags]
    expected = [(e.start, e.end, e.tag) for e in Entities([tags], scheme).entities[0]] if tags else []
    assert spans_of(labels, ids, "strict") == expected


@pytest.mark.parametrize(
    ("scheme", "tags", "strict", "begun", "lenient"),
    [
        ("bio", "O I-X I-X O", [], [], [(1, 3)]),
        ("bio", "B-X I-X I-Y", [(0, 2)], [(0, 2)], [(0, 2), (2, 3)]),
        ("bioes", "B-X I-X O", [], [(0, 2)], [(0, 2)]),
        ("bioes", "B-X B-X E-X", [(1, 3)], [(0, 1), (1, 3)], [(0, 1), (1, 3)]),
        ("bioes", "S-X E-X", [(0, 1)], [(0, 1)], [(0, 1), (1, 2)]),
        ("bmes", "M-X E-X", [], [], [(0, 2)]),
        ("biluo", "U-X L-X B-X L-X", [(0, 1), (2, 4)], [(0, 1), (2, 4)], [(0, 1), (1, 2), (2, 4)]),
        ("biluo", "O O", [], [], []),
    ],
)
def test_repairs(scheme, tags, strict, begun, lenient):
    labels = LabelSet(scheme, ("X", "Y"))
    ids = [labels.ids[tag] for tag in tags.split()]
    for repair, expected in (("strict", strict), ("begun", begun), ("lenient", lenient)):
        assert [span[:2] for span in spans_of(labels, ids, repair)] == expected


def arrangements(length: int) -> list[list[tuple[int, int, str]]]:
    """All ways to lay spans without overlap."""
    if length == 0:
        return [[]]
    result = list(arrangements(length - 1))
    for size in range(1, length + 1):
        for rest in arrangements(length - size):
            result += [[*rest, (length - size, length, name)] for name in TYPES]
    return result


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_allowed_tags_are_those_that_spans_give(scheme):
    labels = LabelSet(scheme, TYPES)
    start, steps, end = labels.allowed
    possible = {tuple(labels.encode(spans, 3).tolist()) for spans in arrangements(3)}
    for ids in itertools.product(range(len(labels)), repeat=3):
        legal = start[ids[0]] and end[ids[-1]] and all(steps[a, b] for a, b in itertools.pairwise(ids))
        assert legal == (ids in possible), [labels.tags[i] for i in ids]


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
@pytest.mark.parametrize("repair", ["strict", "begun", "lenient"])
def test_what_was_encoded_is_decoded(scheme, repair):
    labels = LabelSet(scheme, TYPES)
    for spans in arrangements(4):
        assert spans_of(labels, labels.encode(spans, 4), repair) == spans


@given(SCHEME, st.data())
def test_a_batch_is_decoded_as_its_rows(scheme, data):
    labels = LabelSet(scheme, TYPES)
    rows, width = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 6))
    size = rows * width
    ids = numpy.array(data.draw(st.lists(st.integers(0, len(labels) - 1), min_size=size, max_size=size)), numpy.int16)
    mask = numpy.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), bool)
    ids, mask = ids.reshape(rows, width), mask.reshape(rows, width)
    found = labels.decode(ids, mask, "lenient")
    expected = [(row, *span) for row in range(rows) for span in spans_of(labels, ids[row][mask[row]], "lenient")]
    names = [labels.types[t] for t in found.type.tolist()]
    assert list(zip(found.sequence.tolist(), found.start.tolist(), found.end.tolist(), names)) == expected


def test_ids_that_are_no_tags_are_refused():
    labels = LabelSet("bio", ("X",))
    for wrong in (-1, 3):
        with pytest.raises(IndexError, match="tag ids must be 0 to 2"):
            labels.decode(numpy.array([0, wrong]))


@pytest.mark.parametrize("spans", [[(0, 0, "LOC")], [(1, 4, "LOC")], [(-1, 1, "LOC")], [(0, 2, "LOC"), (1, 3, "LOC")]])
def test_spans_that_do_not_fit_are_refused(spans):
    with pytest.raises(ValueError, match="does not fit"):
        LabelSet("bio", TYPES).encode(spans, 3)


def test_types_of_tags():
    assert types_of(["O", "B-PER-SON", "I-PER-SON", "S-LOC"]) == ("LOC", "PER-SON")


def test_units_of_spans():
    starts, ends = [0, 3, 4, 9], [3, 4, 8, 10]
    spans = [(0, 1, "A"), (3, 8, "B"), (8, 9, "C"), (2, 4, "D"), (9, 10, "E")]
    assert units_of_spans(spans, starts, ends) == [(0, 1, "A"), (1, 3, "B"), (0, 2, "D"), (3, 4, "E")]
