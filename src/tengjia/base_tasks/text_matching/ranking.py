"""Ranks the texts of a file for other texts: `stage=apply apply.candidates=FILE`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tengjia.base_tasks.stages.answer_formats import JsonLines
from tengjia.base_tasks.stages.file_answers import Asked, answer_file
from tengjia.base_tasks.stages.prompt import answer_prompt, answer_shown
from tengjia.base_tasks.stages.trained import trained_pipeline
from tengjia.base_tasks.text_matching.answers import Match, Ranked
from tengjia.base_tasks.text_matching.application import with_context
from tengjia.base_tasks.text_matching.pipeline import TextMatchingPipeline, ranked_lines
from tengjia.base_tasks.text_matching.report import said
from tengjia.base_tasks.text_matching.task import TASK
from tengjia.bundle.filelist import FILELIST
from tengjia.config import Settings
from tengjia.data.rejects import CollectedRejects
from tengjia.errors import ConfigurationError
from tengjia.reports.terminal import printable, shortened, table
from tengjia.utilities.files import sha256_of_file

if TYPE_CHECKING:
    from tengjia.runs import RunFolder

_WIDEST: Final = 80


def rank_candidates(config: Settings, run: RunFolder, wanted: Any) -> dict[str, Any]:
    """Rank candidates for one text, at a prompt, or for each text of a file.

    Args:
        config: The effective config of the stage.
        run: The run whose bundle is used.
        wanted: The section `apply`.

    Returns:
        For a file, how many texts were answered; else nothing.

    Raises:
        ConfigurationError: Settings contradict one another.
        DataError: A file is missing, or makes no sense.
        Interrupted: A stop was requested while a file was answered.
    """
    if wanted.second is not None:
        raise ConfigurationError("matching.second_and_candidates", key="apply.second", found=wanted.candidates)
    if wanted.text is not None and wanted.input is not None:
        raise ConfigurationError("pipeline.text_and_file", key="apply.text", found=wanted.input)
    if wanted.output is not None and wanted.input is None:
        raise ConfigurationError("pipeline.output_without_input", key="apply.output", found=wanted.output)
    pipeline = trained_pipeline(TASK, config, run, wanted.device)
    with_context(TASK, pipeline, wanted)
    source = Path(wanted.candidates).expanduser()
    ranker = Ranker(pipeline, candidates_of(source, wanted), top=wanted.top, context=wanted.context or "")
    if wanted.input is not None:
        identity = (
            f"{sha256_of_file(run.bundle / FILELIST)} {sha256_of_file(source)} {wanted.top} {wanted.context or ''}"
        )
        return answer_file(RANKING, ranker, Path(wanted.input), wanted, identity)
    if wanted.text is None:
        answer_prompt(RANKING, ranker, wanted, name=run.id)
    else:
        sys.stdout.write(answer_shown(RANKING, ranker, wanted, wanted.text) + "\n")
    return {}


def candidates_of(source: Path, wanted: Any) -> list[str]:
    """The texts of a file; lines that cannot be used are left out.

    Raises:
        ConfigurationError: The kind of the file is not known.
        DataError: It is missing, or holds none.
    """
    rejects = CollectedRejects()
    asked = Asked(RANKING, source, wanted)
    return [example.text for example in asked.examples(rejects)]


class Ranker:
    """Answers a text with the candidates that fit it best; otherwise like a pipeline.

    Args:
        pipeline: Compares.
        candidates: The texts to rank; encoded once.
        top: How many are given.
        context: What all of them belong to, where the encoding has a context.
    """

    labels: tuple[str, ...] = ()

    def __init__(
        self, pipeline: TextMatchingPipeline, candidates: Sequence[str], *, top: int, context: str = ""
    ) -> None:
        self.pipeline, self.top, self.context = pipeline, top, context
        self.device, self.options = pipeline.device, pipeline.options
        self.index = pipeline.index(candidates, context=context)

    def stream(
        self, questions: Iterable[str], *, batch_size: int = 64, check: Callable[[], None] = lambda: None
    ) -> Iterator[list[Ranked]]:
        """The ranking for each text."""
        for text in questions:
            check()
            yield self.pipeline.rank(
                text, self.index, top=self.top, context=self.context, batch_size=batch_size, check=check
            )

    def plain(self, answers: Iterable[Sequence[Ranked]]) -> list[Any]:
        """Rankings as JSON values."""
        return [list(ranked_lines(found)) for found in answers]

    def restored(self, values: Iterable[Any]) -> list[list[Ranked]]:
        """The rankings of which `plain` made these values."""
        return [
            [Ranked(int(one["candidate"]), str(one["text"]), Match.restored(one)) for one in found] for found in values
        ]


def shown_ranking(question: str, answer: Sequence[Ranked], pipeline: Any, *, colours: bool) -> str:
    """A ranking in words."""
    header = [said("second_text"), said("answered_score"), said("fits")]
    rows = [
        [shortened(printable(one.text), _WIDEST), f"{one.match.score:.3f}", said("yes" if one.match.fits else "no")]
        for one in answer
    ]
    return table(header, rows)


RANKING: Final = replace(
    TASK,
    columns={},
    columns_of=None,
    shown=shown_ranking,
    formats={"jsonl": JsonLines(".rankings.jsonl", lambda found: {"ranking": found})},
)
"""The base task as the shared stages see it when texts are answered with rankings."""
