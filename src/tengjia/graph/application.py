"""Stage `apply`: ask the graph, at a prompt, one question, some features, or a file of questions.

python run_modeling.py task=neo4j stage=apply
python run_modeling.py task=neo4j stage=apply apply.text=并发有哪些问题
python run_modeling.py task=neo4j stage=apply "apply.features=[Python,并发]"
python run_modeling.py task=neo4j stage=apply apply.input=questions.txt
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from tengjia.base_tasks.pipelines import load_pipeline
from tengjia.config import Settings
from tengjia.config.parameters import Limits
from tengjia.data.archives import locate
from tengjia.data.lines import good_lines
from tengjia.data.rejects import RejectsFile
from tengjia.data.spans import BadRow
from tengjia.errors import CheckpointError, ConfigurationError
from tengjia.graph.answering import RETRIEVAL_KIND, Answer, Recogniser
from tengjia.graph.pipeline import GraphPipeline
from tengjia.graph.retrieval import Retrieved
from tengjia.graph.rows import JSON, TABLES, read_rows
from tengjia.messages import text
from tengjia.reports.terminal import printable, shortened
from tengjia.runs import RunFolder
from tengjia.utilities.files import written_atomically

QUIT: Final = frozenset({"q", "quit", "exit", "退出"})
_MOST_SHOWN: Final = 50
_WIDEST: Final = 400


class Application:
    """What `stage=apply` is asked to do."""

    limits: ClassVar[Limits] = {"max_rejects": (0, None), "candidates": (1, 10000), "questions": (1, 10000)}

    @dataclass(frozen=True)
    class Config:
        """Questions, and where the answers go."""

        text: str | None = None
        """One question; null: ask at a prompt, or read a file."""

        features: tuple[str, ...] = ()
        """Features to find questions for, with their answers."""

        candidates: int = 20
        """Questions about the features that are looked at."""

        questions: int = 5
        """Questions that are taken; default questions fill up."""

        input: str | None = None
        """File of questions: `.txt` (one a line), `.csv`, `.tsv`, `.jsonl`, `.json`."""

        output: str | None = None
        """File to write, an answer a line (JSON); null: the input's name with `.answers.jsonl`."""

        column: str = "text"
        """Column or key of the question in tables and JSON."""

        recogniser: str | None = None
        """Folder of a run, or bundle, of named entity recognition: finds names in questions that the graph has not."""

        max_rejects: int | None = None
        """How many rows of the input may be unusable before the stage stops; null: any number, all are told."""


def apply(config: Settings, run: RunFolder) -> dict[str, Any]:
    """Answer at a prompt, one question, some features, or a file.

    Returns:
        For a file, how many questions were asked, answered and not understood; else nothing worth keeping.

    Raises:
        ConfigurationError: Two things are asked at once.
        CheckpointError: The run left no graph.
        DataError: The file is missing, or makes no sense.
    """
    if not run.primary:
        return {}  # one process of many answers for all
    wanted = Application.Config(**dict(config.get("apply") or {}))
    given = [name for name in ("text", "features", "input") if getattr(wanted, name)]
    if len(given) > 1:
        raise ConfigurationError("graph.asked_twice", key=f"apply.{given[1]}", found=" + ".join(given))
    if wanted.output is not None and wanted.input is None:
        raise ConfigurationError("pipeline.output_without_input", key="apply.output", found=wanted.output)
    if not run.bundle.is_dir():
        raise CheckpointError("graph.not_loaded", file=run.path)
    pipeline = GraphPipeline.load(run.bundle)
    try:
        pipeline.answerer.recogniser = _recogniser(wanted.recogniser)
        return _answer(pipeline, wanted)
    finally:
        pipeline.close()


def _answer(pipeline: GraphPipeline, wanted: Application.Config) -> dict[str, Any]:
    if wanted.input is not None:
        return answer_file(pipeline, Path(wanted.input), wanted)
    if wanted.features:
        found = pipeline.retrieve(wanted.features, candidates=wanted.candidates, questions=wanted.questions)
        sys.stdout.write(_retrieved(found) + "\n")
    elif wanted.text is not None:
        sys.stdout.write(shown(pipeline(wanted.text)) + "\n")
    else:
        for line in _lines(pipeline.answerer.templates.defaults):
            sys.stdout.write(shown(pipeline(line)) + "\n\n")
            sys.stdout.flush()
    return {}


def answer_file(pipeline: GraphPipeline, path: Path, wanted: Application.Config) -> dict[str, Any]:
    """Answer the questions of a file, in memory that does not grow with it.

    Args:
        pipeline: Answers.
        path: The file.
        wanted: Column, output and rejects.

    Returns:
        Counts.
    """
    output = Path(wanted.output) if wanted.output else path.with_name(f"{path.name}.answers.jsonl")
    counts = {"questions": 0, "answered": 0, "not_understood": 0}
    rejects = RejectsFile(output.with_name(f"{output.name}.rejects.jsonl"), wanted.max_rejects)
    with rejects, written_atomically(output, "w") as file:
        for line, question in _questions(path, wanted.column, rejects):
            answer = pipeline(question)
            counts["questions"] += 1
            counts["answered"] += bool(answer.answers)
            counts["not_understood"] += not answer.kind
            file.write(json.dumps({"line": line, **answer.plain()}, ensure_ascii=False) + "\n")
    told = {"file": output, "rejects": rejects.count, "told": rejects.summary() or "-"}
    sys.stdout.write(text("graph.answered", **counts, **told).message + "\n")
    return {**counts, "rejects": rejects.count}


def _questions(path: Path, column: str, rejects: RejectsFile) -> Iterator[tuple[int, str]]:
    if path.suffix.lower() not in (*TABLES, *JSON):
        yield from ((number, line) for number, line in good_lines(locate(path), rejects) if line.strip())
        return
    for row in read_rows(path, rejects):
        try:
            question = row.one(column)
            if not question:
                raise BadRow("graph.no_question", column=column)
        except BadRow as fault:
            rejects.add(fault.code, file=row.file, line=row.line, text=row.text, **fault.values)
        else:
            yield row.line, question


def _recogniser(run: str | None) -> Recogniser | None:
    """Names that a run of sequence labelling finds."""
    if run is None:
        return None
    folder = Path(run)
    pipeline = load_pipeline(folder / "bundle" if (folder / "bundle").is_dir() else folder)
    return lambda question: [entity.text for entity in pipeline(question) if entity.counts]


def _lines(defaults: Sequence[str]) -> Iterator[str]:
    """Lines that say something; asked for at a terminal, else just read."""
    interactive = sys.stdin.isatty()
    if interactive:
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  # gives `input` history and line editing, where the system has it
        sys.stdout.write(text("graph.greeting", examples=" / ".join(defaults[:3]) or "-").message + "\n")
    while True:
        try:
            line = input("? ") if interactive else sys.stdin.readline()
        except (EOFError, KeyboardInterrupt):
            sys.stdout.write("\n")
            return
        if (not interactive and not line) or line.strip().lower() in QUIT:
            return
        if line.strip():
            yield line.strip()


def shown(answer: Answer) -> str:
    """An answer for a terminal."""
    if answer.kind == RETRIEVAL_KIND and answer.retrieved is not None:
        return _retrieved(answer.retrieved)
    if answer.answers:
        lines = [_item(each) for each in answer.answers[:_MOST_SHOWN]]
        if len(answer.answers) > _MOST_SHOWN:
            lines.append(text("graph.more", count=len(answer.answers) - _MOST_SHOWN).message)
        if answer.ambiguous:
            lines.append(text("graph.ambiguous", found=_joined(answer.ambiguous)).message)
        return "\n".join(lines)
    understood = _joined([f"{name} ({home})" for name, home in answer.understood]) or "-"
    if answer.kind:
        return text("graph.no_answer", kind=answer.kind, understood=understood).message
    lines = [text("graph.not_understood", understood=understood).message]
    if answer.near:
        lines.append(text("graph.near", found=_joined(answer.near)).message)
    if answer.defaults:
        lines.append(text("graph.could_ask", found=_joined(answer.defaults[:5])).message)
    return "\n".join(lines)


def _retrieved(found: Retrieved) -> str:
    lines = []
    for question, answers, features in zip(found.questions, found.answers, found.features):
        about = f"  [{_joined(features)}]" if features else ""
        lines.append(f"{_item(question)}{about}")
        lines += [f"    {_item(answer)}" for answer in answers]
    if found.expanded:
        lines.append(text("graph.expanded", found=_joined(found.expanded[:20])).message)
    return "\n".join(lines)


def _joined(names: Sequence[str]) -> str:
    return ", ".join(map(_item, names))


def _item(words: str) -> str:
    return shortened(printable(words), _WIDEST)
