"""Whether teacher and student read the same pieces, which the matching of layers needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tengjia.errors import ConfigurationError

if TYPE_CHECKING:
    from tengjia.base_tasks.text_classification.encoding import Encoding


def require_same_pieces(teacher: Encoding, student: Encoding) -> None:
    """See that both cut texts in the same pieces, by the same numbers.

    Raises:
        ConfigurationError: They do not; the first difference is told.
    """
    difference = next(_differences(teacher, student), None)
    if difference is not None:
        what, its, own = difference
        raise ConfigurationError(
            "distillation.other_pieces", key="distil.hidden_weight", what=what, found=own, allowed=its
        )


def _differences(teacher: Encoding, student: Encoding) -> Iterator[tuple[str, object, object]]:
    its, own = teacher.texts, student.texts
    yield from _unlike("tokenizer", its.tokenizer_settings.get("name"), own.tokenizer_settings.get("name"))
    yield from _unlike("vocabulary", len(its.vocabulary), len(own.vocabulary))
    pairs = zip(its.vocabulary.pieces, own.vocabulary.pieces)
    for number, (first, second) in enumerate(pairs):
        yield from _unlike(f"vocabulary[{number}]", first, second)
    yield from _unlike("frame", its.frame, own.frame)
    yield from _unlike("maximum_length", teacher.config.maximum_length, student.config.maximum_length)
    yield from _unlike("features", sorted(its.features), sorted(own.features))


def _unlike(what: str, its: object, own: object) -> Iterator[tuple[str, object, object]]:
    if its != own:
        yield what, its, own
