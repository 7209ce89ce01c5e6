"""How many spans were matched, predicted and gold: of tag ids, and of the character spans of whole texts.

A predicted span is matched when a gold span has the same start, end and type (CoNLL-2003: "exact match").
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy

from tengjia.metrics.scores import GOLD, MATCHED, PREDICTED

if TYPE_CHECKING:
    from tengjia.data.labels import LabelSet, Repair

TextSpan = tuple[int, int, str]
"""Start, end (exclusive) and type; a `tengjia.data.example.Span` is one."""


def count_tags(
    labels: LabelSet, predicted: numpy.ndarray, gold: numpy.ndarray, lengths: numpy.ndarray, repair: Repair
) -> numpy.ndarray:
    """Counts `[C, 3]` (int64) of sequences laid end to end.

    Args:
        labels: What the tag ids mean.
        predicted: `[N]` tag ids of a model.
        gold: `[N]` tag ids of the corpus.
        lengths: `[B]` units of each sequence, with sum N.
        repair: How rows of tags become spans (`tengjia.data.labels`).
    """
    types = len(labels.types)
    start, end, kind = labels.decode_joined(predicted, lengths, repair)
    gold_start, gold_end, gold_kind = labels.decode_joined(gold, lengths, repair)
    # At most one span starts at a unit, so where it ends and what it is can be looked up by its start.
    lookup = numpy.full(len(gold), -1, numpy.int64)
    lookup[gold_start] = gold_end * types + gold_kind
    matched = kind[lookup[start] == end * types + kind]
    counts = numpy.empty((types, 3), numpy.int64)
    for column, kinds in ((MATCHED, matched), (PREDICTED, kind), (GOLD, gold_kind)):
        counts[:, column] = numpy.bincount(kinds, minlength=types)
    return counts


def count_spans(
    predicted: Sequence[Collection[TextSpan]], gold: Sequence[Collection[TextSpan]], types: Sequence[str]
) -> numpy.ndarray:
    """Counts `[texts, C, 3]` (int64) of the spans of many texts; a span given twice counts once.

    Args:
        predicted: For each text the spans that a system found.
        gold: For each text the spans of the corpus.
        types: The C types, in the order of the result.

    Raises:
        KeyError: A span bears a type that is not among `types`.
        ValueError: The two have not the same number of texts.
    """
    order = {name: number for number, name in enumerate(types)}
    counts = numpy.zeros((len(gold), len(types), 3), numpy.int64)
    for row, found, true in zip(counts, predicted, gold, strict=True):
        unique, true_spans = _unique(found), _unique(true)
        for column, spans in ((MATCHED, unique & true_spans), (PREDICTED, unique), (GOLD, true_spans)):
            for _, _, name in spans:
                row[order[name], column] += 1
    return counts


def _unique(spans: Collection[TextSpan]) -> set[TextSpan]:
    return {(start, end, name) for start, end, name in spans}


def types_in(*systems: Sequence[Collection[TextSpan]]) -> tuple[str, ...]:
    """The sorted types of all spans of all texts of all systems."""
    return tuple(sorted({name for texts in systems for spans in texts for _, _, name in spans}))
