"""Stage `test`: score the pipeline that training left on raw text, say how sure the scores are, show the errors."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tengjia.base_tasks.sequence_labeling.corpus import Examples, read_examples
from tengjia.base_tasks.sequence_labeling.error_report import terminal_table, verdict, write_report
from tengjia.base_tasks.sequence_labeling.loading import load_pipeline, require_model, tell_differences
from tengjia.base_tasks.sequence_labeling.provenance import corpus_differences
from tengjia.base_tasks.sequence_labeling.scoring import Outcome
from tengjia.config import Settings
from tengjia.data.example import Example
from tengjia.errors import DataError
from tengjia.messages import text
from tengjia.metrics.resampling import Difference
from tengjia.metrics.span_errors import known_surfaces
from tengjia.registry import testers
from tengjia.reports.words import word
from tengjia.runs import RunFolder, select_run

logger = logging.getLogger(__name__)


def test(config: Settings, run: RunFolder) -> dict[str, Any]:
    """Score a run on a part of the corpus.

    Args:
        config: The effective config of the stage.
        run: The run whose bundle is tested; result and report are added to it, and replace nothing.

    Returns:
        Flat names and fractions, as in `test_result.json`.

    Raises:
        DataError: The part is not there or empty.
        CheckpointError: A run or its bundle is missing or damaged.
        Interrupted: A stop was requested.
    """
    if not run.primary:
        return {}  # one process of many answers for all
    tester = testers.build(config.tester)
    part = tester.config.part
    require_model(run)
    examples = read_examples(config, run)
    if part not in examples.parts() or not examples.count(part):
        raise DataError("pipeline.no_part", found=part, allowed=", ".join(examples.parts()) or "-")
    notes = [note for one in _runs(config, run) for note in _notes(config, one, examples)]
    chosen, known = list(examples[part]), _known(examples, part)
    outcome = _outcome(config, run, tester, chosen, known)
    other = _compared(config, run, tester, chosen)
    result = {"part": part, **outcome.flat()}
    comparison: tuple[str, Difference] | None = None
    if other is not None:
        difference = outcome.difference(other[1], samples=tester.config.compare_samples)
        comparison = other[0], difference
        result |= {"compare_run": other[0]}
        result |= {f"compare_f1_{name}": value for name, value in difference._asdict().items()}
    _publish(config, run, outcome, result, comparison, part, tester.config.worst, notes)
    return result


def _runs(config: Settings, run: RunFolder) -> list[RunFolder]:
    """The run that is tested, and the one it is compared with."""
    return [run, *([select_run(run.path.parent, str(config.compare))] if config.get("compare") else [])]


def _notes(config: Settings, run: RunFolder, examples: Examples) -> list[str]:
    """What a reader of the scores must know; told now, and in the report."""
    differences = corpus_differences(config, run, examples)
    if not differences:
        return []
    words = text("pipeline.other_corpus", run=run.id, found="; ".join(differences))
    logger.warning(f"{words.message}\n    {words.hint}")
    return [f"{words.message} {words.hint}"]


def _outcome(
    config: Settings,
    run: RunFolder,
    tester: Any,
    examples: Sequence[Example],
    known: dict[str, set[str]] | None = None,
) -> Outcome:
    pipeline = load_pipeline(config, run, tester.config.device)
    tell_differences(pipeline, run)
    repair = (config.get("evaluator") or {}).get("repair", pipeline.options.repair)
    if repair != pipeline.options.repair:
        logger.warning(word("other_repair", found=repair, trained=pipeline.options.repair))
        pipeline.options = replace(pipeline.options, repair=repair)
    answers = tester.answers(pipeline, [example.text for example in examples], run.id)
    return Outcome(
        examples,
        answers,
        pipeline.labels,
        known,
        seed=config.seed,
        samples=tester.config.samples,
        level=tester.config.level,
    )


def _known(examples: Examples, part: str) -> dict[str, set[str]] | None:
    """What was marked in the training part, if there is one besides the part that is tested."""
    if part == "train" or "train" not in examples.parts():
        return None
    train = examples["train"]
    return known_surfaces([example.text for example in train], [example.spans for example in train])


def _compared(config: Settings, run: RunFolder, tester: Any, examples: Sequence[Example]) -> tuple[str, Outcome] | None:
    if not config.get("compare"):
        return None
    other = _runs(config, run)[1]
    return other.id, _outcome(config, other, tester, examples)


def _publish(
    config: Settings,
    run: RunFolder,
    outcome: Outcome,
    result: dict[str, Any],
    comparison: tuple[str, Difference] | None,
    part: str,
    worst: int,
    notes: Sequence[str],
) -> None:
    file = run.write_result("test", result)
    report = write_report(
        run.reports / f"{file.stem.replace('_result', '_report')}.html",
        outcome,
        run=run.id,
        place=f"{config.app} · {config.task} · {part}",
        model=_model_name(run),
        worst=worst,
        comparison=comparison,
        notes=notes,
    )
    say(f"\n{terminal_table(outcome)}\n")
    if comparison is not None:
        say(f"{verdict(*comparison, outcome.level)}\n")
    say(word("where_report", result=_shown(file), report=_shown(report)))


def _model_name(run: RunFolder) -> str:
    from tengjia.bundle.folder import Bundle

    return str(Bundle.open(run.bundle).config["model"]["name"])


def _shown(file: Path) -> str:
    return str(file.relative_to(Path.cwd())) if file.is_relative_to(Path.cwd()) else str(file)


def say(line: str) -> None:
    """Write a line for the person who started the stage."""
    sys.stdout.write(f"{line}\n")


test.__test__ = False  # type: ignore[attr-defined]  # a stage, not a test for pytest to collect
