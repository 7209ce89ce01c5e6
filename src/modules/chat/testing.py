"""Stage `test`: are the answers right, and is refused what has none?

python run_modeling.py app=demo_app2 task=chat stage=test
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from src.modules.chat.application import load_robot
from src.modules.chat.corpus import Pair, read_pairs
from src.modules.chat.robot import Reply, Robot
from tengjia.config import Settings
from tengjia.config.parameters import Limits
from tengjia.data.rejects import RejectsFile
from tengjia.errors import DataError
from tengjia.messages import text
from tengjia.runs import RunFolder
from tengjia.utilities.files import written_atomically

log = logging.getLogger(__name__)
ERRORS: Final = "reports/chat_errors.jsonl"


class Testing:
    """What `stage=test` is asked to do."""

    __test__ = False  # no test for pytest to collect
    limits: ClassVar[Limits] = {"places": (1, 1000), "max_rejects": (0, None)}

    @dataclass(frozen=True)
    class Config:
        """Questions with the right answers."""

        questions: str | None = None
        """File of questions (CSV, TSV, JSON), relative to `dataset_root`; one without answer is to be refused."""

        question: str = "question"
        """Column or key of the question."""

        answer: str = "answer"
        """Column or key of the right answer."""

        places: int = 5
        """Also measured: how often the right answer is among so many that were found by likeness."""

        max_rejects: int | None = 0
        """How many rows may be unusable before the stage stops; null: any number, all are told."""


def test(config: Settings, run: RunFolder, *, folder: Path) -> dict[str, float]:
    """Ask the questions of a file, and write what went wrong to `reports/chat_errors.jsonl` of the run.

    Args:
        config: The effective config.
        run: The run whose robot is asked.
        folder: Folder of the task.

    Returns:
        Measures, as fractions; those of which there is no question are left out.

    Raises:
        DataError: The file is missing, or makes no sense.
        CheckpointError: The run left no robot.
    """
    wanted = Testing.Config(**dict(config.get("test") or {}))
    if wanted.questions is None:
        raise DataError("chat.no_test", key="test.questions")
    file = Path(config.dataset_root) / wanted.questions
    with RejectsFile(run.path / "test_rejects.jsonl", wanted.max_rejects) as rejects:
        names = {"question": wanted.question, "answer": wanted.answer}
        pairs = list(read_pairs([file], rejects, **names, unanswered=True))
    if not pairs:
        raise DataError("data.no_examples", file=file)
    robot = load_robot(config, run, folder).robot
    robot.service = None  # what is outside is not on trial
    replies = [robot(pair.question) for pair in pairs]
    _write_errors(run.path / ERRORS, pairs, replies)
    result = measures(robot, pairs, replies, wanted.places)
    sources = ", ".join(f"{name} {count}" for name, count in Counter(reply.source for reply in replies).items())
    shown = ", ".join(f"{name} {value:.4f}" for name, value in result.items())
    log.info(text("chat.tested", count=len(pairs), measures=shown, sources=sources, file=run.path / ERRORS).message)
    return result


def measures(robot: Robot, pairs: list[Pair], replies: list[Reply], places: int) -> dict[str, float]:
    """What replies are worth.

    `recall_at_1`: right answers of the questions that have one; `refused`: refused of those that have none;
    `accuracy`: rightly answered or refused of all; `recall_at_N`: the right answer among the first N found, before any
    threshold, of those that have one and that no expression answers.
    """
    right = [_right(pair, reply) for pair, reply in zip(pairs, replies)]
    answerable = [one for one, pair in zip(right, pairs) if pair.answer is not None]
    refusable = [one for one, pair in zip(right, pairs) if pair.answer is None]
    searched = [pair for pair in pairs if pair.answer is not None and robot.by_template(pair.question) is None]
    found = [pair.answer in robot.nearest_answers(pair.question, places) for pair in searched]
    shares = {"accuracy": right, "recall_at_1": answerable, "refused": refusable, f"recall_at_{places}": found}
    return {name: sum(values) / len(values) for name, values in shares.items() if values}


def _right(pair: Pair, reply: Reply) -> bool:
    return not reply.known if pair.answer is None else reply.known and reply.answer == pair.answer


def _write_errors(file: Path, pairs: list[Pair], replies: list[Reply]) -> None:
    with written_atomically(file, "w") as out:
        for pair, reply in zip(pairs, replies):
            if not _right(pair, reply):
                row: dict[str, Any] = {"question": pair.question, "right": pair.answer, **reply.plain()}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")


test.__test__ = False  # type: ignore[attr-defined]  # a stage, not a test for pytest to collect
