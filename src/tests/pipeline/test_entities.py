"""Confirmed and suspected: the rules, one case a line."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tengjia.base_tasks.sequence_labeling.encoded import Encoded
from tengjia.base_tasks.sequence_labeling.entities import Entity, read_entities
from tengjia.data.labels import LabelSet, Repair

LABELS = {scheme: LabelSet(scheme, ("NAME", "ORG-A")) for scheme in ("bio", "bioes", "bmes", "biluo")}
TEXT = "甲乙丙丁戊己庚辛"


def read(
    tags: str, rough: str | None = None, scheme: str = "bioes", sure: float = 0.9, repair: Repair = "lenient"
) -> list[Entity]:
    """Entities of a row of tags (N: NAME, A: ORG-A), each unit being `sure` of its tag in `rough` (else in `tags`)."""
    labels = LABELS[scheme]
    best, likely = (_ids(row, labels) for row in (tags, rough or tags))
    probabilities = numpy.full((len(best), len(labels)), (1 - sure) / (len(labels) - 1))
    probabilities[numpy.arange(len(best)), likely] = sure
    return _entities(best, probabilities, labels, repair)


def _entities(
    tags: numpy.ndarray, probabilities: numpy.ndarray, labels: LabelSet, repair: Repair = "lenient"
) -> list[Entity]:
    """The entities of one row, read in the company of a longer one."""
    places = numpy.arange(len(tags), dtype=numpy.int32)
    encoded = Encoded(places, None, places, places + 1)
    padded = numpy.zeros((2, len(tags) + 2), tags.dtype), numpy.zeros((2, len(tags) + 2, len(labels)))
    padded[0][1, : len(tags)], padded[1][1, : len(tags)] = tags, probabilities
    return read_entities(["", TEXT[: len(tags)]], [encoded] * 2, *padded, labels, repair=repair)[1]


def _ids(row: str, labels: LabelSet) -> numpy.ndarray:
    names = {"N": "NAME", "A": "ORG-A"}
    return numpy.array([labels.ids["O" if tag == "O" else f"{tag[0]}-{names[tag[1]]}"] for tag in row.split()])


CASES = [
    ("BN IN EN O", ["甲乙丙 NAME confirmed"]),
    ("SN O O", ["甲 NAME confirmed"]),
    ("BN EN SA BA EA", ["甲乙 NAME confirmed", "丙 ORG-A confirmed", "丁戊 ORG-A confirmed"]),
    ("O BN IN EN", ["乙丙丁 NAME confirmed"]),
    ("O O SN", ["丙 NAME confirmed"]),
    ("O BN", ["乙 NAME suspected broken_tags"]),
    ("BN O", ["甲 NAME suspected broken_tags"]),
    ("BN IN O EN", ["甲乙 NAME suspected broken_tags", "丁 NAME suspected broken_tags"]),
    ("O IN EN", ["乙丙 NAME suspected broken_tags"]),
    ("BN EA", ["甲 NAME suspected broken_tags", "乙 ORG-A suspected broken_tags"]),
    ("BN BN EN", ["甲 NAME suspected broken_tags", "乙丙 NAME confirmed"]),
    ("BN SN", ["甲 NAME suspected broken_tags", "乙 NAME confirmed"]),
    ("EN", ["甲 NAME suspected broken_tags"]),
    ("O O O", []),
]


def _told(entities: list[Entity]) -> list[str]:
    return [f"{e.text} {e.type} {e.status} {e.reason}".strip() for e in entities]


@pytest.mark.parametrize(("tags", "expected"), CASES)
def test_rules(tags: str, expected: list[str]) -> None:
    assert _told(read(tags)) == expected


@pytest.mark.parametrize(
    ("tags", "rough", "expected"),
    [
        ("O O O O", "O BN IN O", ["乙丙 NAME suspected passed_over"]),
        ("O O O O", "O SN O O", ["乙 NAME suspected passed_over"]),
        ("BN EN O O", "BN EN O IA", ["甲乙 NAME confirmed", "丁 ORG-A suspected passed_over"]),
        ("BN EN O O", "O IN O O", ["甲乙 NAME suspected low_score"]),
        ("O BN EN O", "EA BN EN O", ["甲 ORG-A suspected passed_over", "乙丙 NAME confirmed"]),
    ],
)
def test_what_the_best_row_passes_over_is_suspected(tags: str, rough: str, expected: list[str]) -> None:
    entities = read(tags, rough)
    assert _told(entities) == expected
    assert [e.counts for e in entities] == ["passed_over" not in line for line in expected]


def test_scores() -> None:
    assert read("BN EN", sure=0.75)[0].score == 0.75
    assert _told(read("BN EN", sure=0.45)) == ["甲乙 NAME suspected low_score"]
    assert read("BN EN O O", "O EN O O")[0].score == pytest.approx(0.0125, abs=1e-4)


@pytest.mark.parametrize(
    ("repair", "counted"), [("lenient", ["甲", "丙丁"]), ("begun", ["丙丁"]), ("strict", []), ("strict", [])]
)
def test_repair_decides_what_counts(repair: Repair, counted: list[str]) -> None:
    entities = read("EN O BA IA O", repair=repair)
    assert [e.text for e in entities] == ["甲", "丙丁"]
    assert [e.text for e in entities if e.counts] == counted
    assert {e.status for e in entities} == {"suspected"}


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(sorted(LABELS)))
def test_nothing_is_lost_doubled_or_out_of_order(data: st.DataObject, scheme: str) -> None:
    labels = LABELS[scheme]
    length = data.draw(st.integers(1, 8))
    tags = numpy.array(data.draw(st.lists(st.integers(0, len(labels) - 1), min_size=length, max_size=length)))
    weights = data.draw(st.lists(st.floats(0.01, 1), min_size=length * len(labels), max_size=length * len(labels)))
    probabilities = numpy.array(weights).reshape(length, -1)
    probabilities /= probabilities.sum(-1, keepdims=True)
    entities = _entities(tags, probabilities, labels)
    covered = [place for entity in entities for place in range(entity.start, entity.end)]
    assert covered == sorted(set(covered))
    assert set(numpy.flatnonzero(tags)) <= set(covered)
    assert all(entity.score <= 1 and (entity.status == "confirmed") == (not entity.reason) for entity in entities)
    strict, lenient = (labels.decode(tags, repair=repair).start.tolist() for repair in ("strict", "lenient"))
    assert (strict != lenient) == ("broken_tags" in {entity.reason for entity in entities})
