"""Known questions and their answers, from tables and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tengjia.contracts import Rejects
from tengjia.data.spans import BadRow
from tengjia.graph.rows import Row, read_rows

LONGEST = 10_000
"""Characters of a question or an answer."""


@dataclass(frozen=True)
class Pair:
    """A question with its answer; without one, a question that is not to be answered (in files for tests)."""

    question: str
    answer: str | None


def read_pairs(
    files: Sequence[Path], rejects: Rejects, *, question: str, answer: str, unanswered: bool = False
) -> Iterator[Pair]:
    """The pairs of files, in their order; rows that make no sense go to the rejects.

    Args:
        files: CSV, TSV, JSON lines or arrays.
        rejects: For what cannot be used.
        question: Column or key of the question.
        answer: Column or key of the answer.
        unanswered: Whether there may be none.

    Raises:
        DataError: A file is missing, empty, of an unknown kind, or no text.
    """
    for file in files:
        for row in read_rows(file, rejects):
            try:
                yield _pair(row, question, answer, unanswered)
            except BadRow as fault:
                rejects.add(fault.code, file=row.file, line=row.line, text=row.text, **fault.values)


def _pair(row: Row, question: str, answer: str, unanswered: bool) -> Pair:
    asked, said = row.one(question), row.one(answer)
    if not asked:
        raise BadRow("chat.no_question", column=question)
    if not said and not unanswered:
        raise BadRow("chat.no_answer", column=answer)
    for words in (asked, said):
        if len(words) > LONGEST:
            raise BadRow("chat.too_long", found=len(words), allowed=LONGEST)
    return Pair(asked, said or None)
