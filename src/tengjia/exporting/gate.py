"""The gate that an export has to pass: it answers as the bundle does, or it is not written."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from tengjia.base_tasks.sequence_labeling.entity_pipeline import EntityPipeline
from tengjia.bundle.folder import Bundle
from tengjia.bundle.golden import SAMPLE, read_golden, verify_golden
from tengjia.errors import CheckpointError
from tengjia.exporting.parity import Comparison, compare
from tengjia.utilities.files import read_json

_LONG: Final = 2.5
"""Windows of a long text."""


class Questions(NamedTuple):
    """What is asked."""

    golden: list[str]
    long: list[str]
    """Texts of several windows, made of the golden ones."""


@dataclass(frozen=True)
class Timing:
    """Median seconds of a text that is asked alone."""

    before: float
    """By the bundle."""

    after: float
    """By the export."""


@dataclass(frozen=True)
class Passage:
    """How near the answers are to those of the bundle."""

    golden: Comparison
    long: Comparison
    timing: Timing


def questions_for(bundle: Bundle, pipeline: EntityPipeline) -> Questions:
    """The golden examples, and long texts made of them; where a bundle has none, the sentences of Tengjia.

    Raises:
        CheckpointError: The bundle itself does not answer as it once did.
    """
    differences = verify_golden(bundle, pipeline.plain_answers)
    if differences:
        raise CheckpointError(
            "bundle.golden_differs", file=bundle.folder, count=len(differences), found=differences[0].text[:60]
        )
    golden = [example.text for example in read_golden(bundle)] or list(read_json(SAMPLE))
    filled = [text for text in golden if text.strip()] or [text for text in read_json(SAMPLE) if text]
    turns = sorted({0, len(filled) // 2})
    return Questions(golden, [_long(filled[first:] + filled[:first], pipeline) for first in turns])


def _long(texts: Sequence[str], pipeline: EntityPipeline) -> str:
    """Texts joined again and again until they fill several windows."""
    enough = _LONG * pipeline.encoding.texts.room
    # A text that gives no pieces (characters that the tokenizer drops) must not be waited for: it counts as one.
    sizes = [max(1, len(row.ids)) for row in pipeline.encoding.encode_many(texts)]
    total = itertools.accumulate(itertools.cycle(sizes))
    count = next(number for number, pieces in enumerate(total, 1) if pieces >= enough)
    return " ".join(itertools.islice(itertools.cycle(texts), count))


def pass_gate(
    folder: Path,
    before: EntityPipeline,
    after: EntityPipeline,
    questions: Questions,
    *,
    tolerance: float,
    entities_only: bool,
) -> Passage:
    """Ask both pipelines, all golden examples together and one by one, and the long texts.

    Args:
        folder: The bundle, for the error.
        before: Its pipeline.
        after: The pipeline of the export.
        questions: What to ask.
        tolerance: How far a score may be off.
        entities_only: Whether the golden examples must give the same entities and nothing more is asked for: what was
            passed over, and long texts, are told and not judged.

    Raises:
        CheckpointError: The export answers otherwise.
    """

    def compared(texts: Sequence[str], expected: Sequence[Any], found: Sequence[Any]) -> Comparison:
        border = before.options.least_score
        return compare(texts, expected, found, tolerance=tolerance, least_score=border, suspicions=not entities_only)

    expected = before.plain_answers(questions.golden)
    together = compared(questions.golden, expected, after.plain_answers(questions.golden))
    alone = compared(questions.golden, expected, [after.plain_answers([text])[0] for text in questions.golden])
    long = compared(questions.long, before.plain_answers(questions.long), after.plain_answers(questions.long))
    for comparison in (together, alone) if entities_only else (together, alone, long):
        if comparison.disagreements:
            number, text, how = comparison.disagreements[0]
            count, total = len(comparison.disagreements), comparison.texts
            raise CheckpointError(
                "exporting.differs", file=folder, count=count, total=total, number=number, found=text[:80], how=how
            )
    golden = max(together, alone, key=lambda comparison: comparison.largest)
    return Passage(golden, long, _timing(before, after, questions.golden))


def _timing(before: EntityPipeline, after: EntityPipeline, texts: Sequence[str]) -> Timing:
    """How long a text takes; the two take turns, so that a busy machine is busy for both."""
    spent: tuple[list[float], list[float]] = ([], [])
    for text in texts:
        for pipeline, seconds in zip((before, after), spent, strict=True):
            start = time.perf_counter()
            pipeline(text)
            seconds.append(time.perf_counter() - start)
    return Timing(*map(statistics.median, spent))
