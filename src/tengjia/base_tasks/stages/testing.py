"""Stage `test`: score the pipeline that training left on raw input, say how sure the scores are, show the errors."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tengjia.base_tasks.stages.corpus import Examples, read_examples
from tengjia.base_tasks.stages.loading import require_model, tell_differences
from tengjia.base_tasks.stages.provenance import corpus_differences
from tengjia.base_tasks.stages.trained import trained_pipeline
from tengjia.config import Settings
from tengjia.data.example import Example
from tengjia.errors import DataError
from tengjia.messages import text
from tengjia.metrics.resampling import Difference
from tengjia.registry import testers
from tengjia.reports.comparison import verdict
from tengjia.reports.head import ReportHead
from tengjia.reports.words import word
from tengjia.runs import RunFolder, select_run

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import BaseTask, Outcome

logger = logging.getLogger(__name__)


def test(task: BaseTask, config: Settings, run: RunFolder) -> dict[str, Any]:
    """Score a run on a part of the corpus.

    Args:
        task: The base task.
        config: The effective config of the stage.
        run: The run whose bundle is tested; result and report are added to it, and replace nothing.

    Returns:
        Flat names and fractions, as in `test_result.json`.

    Raises:
        DataError: The part is not there or empty.
        CheckpointError: A run or its bundle is missing, damaged, or of another base task.
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
    asked = _Asked(task, config, tester, list(examples[part]), _training(examples, part))
    runs = [run, *([select_run(run.path.parent, str(config.compare))] if config.get("compare") else [])]
    notes = [note for one in runs for note in _notes(config, one, examples)]
    outcome, *others = [asked.outcome(one) for one in runs]
    result = {"part": part, **outcome.flat()}
    comparison: tuple[str, Difference] | None = None
    if others:
        comparison = runs[1].id, outcome.difference(others[0], samples=tester.config.compare_samples)
        result |= {"compare_run": runs[1].id}
        result |= {f"compare_{outcome.measure}_{name}": value for name, value in comparison[1]._asdict().items()}
    _publish(config, run, outcome, result, comparison, notes)
    return result


def _training(examples: Examples, part: str) -> Sequence[Example] | None:
    """The training part, if there is one besides the part that is tested."""
    return examples["train"] if part != "train" and "train" in examples.parts() else None


def _notes(config: Settings, run: RunFolder, examples: Examples) -> list[str]:
    """What a reader of the scores must know; told now, and in the report."""
    differences = corpus_differences(config, run, examples)
    if not differences:
        return []
    words = text("pipeline.other_corpus", run=run.id, found="; ".join(differences))
    logger.warning(f"{words.message}\n    {words.hint}")
    return [f"{words.message} {words.hint}"]


class _Asked:
    """The examples that runs are asked about."""

    def __init__(
        self,
        task: BaseTask,
        config: Settings,
        tester: Any,
        examples: Sequence[Example],
        training: Sequence[Example] | None,
    ) -> None:
        self.task, self.config, self.tester = task, config, tester
        self.examples, self.training = examples, training

    def outcome(self, run: RunFolder) -> Outcome:
        """What the answers of a run's model are worth."""
        task, wanted = self.task, self.tester.config
        pipeline = trained_pipeline(task, self.config, run, wanted.device)
        tell_differences(pipeline, run)
        if task.adjust is not None:
            task.adjust(self.config, pipeline)
        questions = [pipeline.encoding.question(example) for example in self.examples]
        return task.outcome(
            self.examples,
            self.tester.answers(pipeline, questions, run.id),
            pipeline,
            training=self.training,
            seed=self.config.seed,
            samples=wanted.samples,
            level=wanted.level,
        )


def _publish(
    config: Settings,
    run: RunFolder,
    outcome: Outcome,
    result: dict[str, Any],
    comparison: tuple[str, Difference] | None,
    notes: Sequence[str],
) -> None:
    file = run.write_result("test", result)
    head = ReportHead(
        run=run.id,
        place=f"{config.app} · {config.task} · {result['part']}",
        model=_model_name(run),
        worst=testers.build(config.tester).config.worst,
        comparison=comparison,
        notes=notes,
    )
    report = outcome.write_report(run.reports / f"{file.stem.replace('_result', '_report')}.html", head)
    say(f"\n{outcome.terminal_table()}\n")
    if comparison is not None:
        say(f"{verdict(*comparison, outcome.level, outcome.measure)}\n")
    say(word("where_report", result=shown(file), report=shown(report)))


def _model_name(run: RunFolder) -> str:
    from tengjia.bundle.folder import Bundle

    return str(Bundle.open(run.bundle).config["model"]["name"])


def shown(file: Path) -> str:
    """A file as a person who started the stage would name it."""
    return str(file.relative_to(Path.cwd())) if file.is_relative_to(Path.cwd()) else str(file)


def say(line: str) -> None:
    """Write a line for the person who started the stage."""
    sys.stdout.write(f"{line}\n")


test.__test__ = False  # type: ignore[attr-defined]  # a stage, not a test for pytest to collect
