"""Stage `build`: templates and corpus become a bundle that answers; the index is built once and kept there.

python run_modeling.py app=demo_app2 task=chat stage=build
python run_modeling.py app=demo_app2 task=chat stage=build "build.corpus=[my_questions.csv]" index.terms=jieba
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy

from src.modules.chat.corpus import Pair, read_pairs
from src.modules.chat.embedding import embedder_for
from src.modules.chat.robot import Robot, indexed_texts
from src.modules.chat.templates import read_templates
from src.modules.pipelines.chat import save_chat
from tengjia.bundle.record import Record
from tengjia.config import Settings
from tengjia.config.parameters import Limits
from tengjia.data.rejects import RejectsFile
from tengjia.errors import DataError
from tengjia.messages import text
from tengjia.metrics.refusal import best_threshold
from tengjia.retrieval.index import Index
from tengjia.runs import RunFolder
from tengjia.utilities.files import sha256_of_file

log = logging.getLogger(__name__)
USUAL: Final = 0.3
"""Threshold where there is nothing to choose it by."""
_SAMPLES: Final = 20


class Build:
    """What `stage=build` is asked to do."""

    limits: ClassVar[Limits] = {"threshold": (0.0, 1.0), "max_rejects": (0, None)}

    @dataclass(frozen=True)
    class Config:
        """From templates and corpus to a robot."""

        templates: str = "templates.yaml"
        """The templates; relative to the task's folder."""

        corpus: tuple[str, ...] = ()
        """Files of known questions with answers (CSV, TSV, JSON), relative to `dataset_root`; there may be none."""

        question: str = "question"
        """Column or key of the question."""

        answer: str = "answer"
        """Column or key of the answer."""

        threshold: float | None = None
        """What is found by likeness counts from this score on; null: as is best for `development`, 0.3 without it."""

        development: str | None = None
        """File of questions with the right answers, or none where none is right; relative to `dataset_root`."""

        max_rejects: int | None = 0
        """How many rows may be unusable before the stage stops; null: any number, all are told."""


def build(config: Settings, run: RunFolder, *, folder: Path) -> dict[str, Any]:
    """Build the robot, and leave the bundle of the run.

    Args:
        config: The effective config.
        run: The run.
        folder: Folder of the task.

    Returns:
        How much there is of everything, the threshold, and its accuracy on the development questions.

    Raises:
        ConfigurationError: The templates are not as they must be.
        DataError: A file is missing, more rows than allowed make no sense, or there is nothing to say at all.
    """
    if not run.primary:
        return {}  # one process of many builds for all
    wanted = Build.Config(**dict(config.get("build") or {}))
    file = folder / wanted.templates
    templates = read_templates(file)
    paths = [Path(config.dataset_root) / name for name in wanted.corpus]
    with RejectsFile(run.path / "build_rejects.jsonl", wanted.max_rejects) as rejects:
        pairs = list(read_pairs(paths, rejects, question=wanted.question, answer=wanted.answer))
    if not pairs and not templates.templates:
        raise DataError("chat.empty", file=", ".join(map(str, (file, *paths))))
    texts, options = indexed_texts(templates, pairs), Index.Config(**dict(config.get("index") or {}))
    index = Index.build(texts, options, embedder=embedder_for(config, options.terms, texts))
    threshold = USUAL if wanted.threshold is None else wanted.threshold
    robot = Robot(templates, pairs, index, threshold=threshold, seed=config.seed)
    counts: dict[str, Any] = {"templates": len(templates.templates), "pairs": len(pairs), "rejects": rejects.count}
    metrics = _choose_threshold(robot, wanted, Path(config.dataset_root))
    counts |= {"texts": len(texts), "threshold": round(robot.threshold, 4), **metrics}
    sources = sources_of(file, wanted, Path(config.dataset_root))
    record = Record(f"{config.app}/{config.task}", run.id, metrics=metrics, data=counts, train_config=config.plain())
    encoder = (config.get("embedding") or {}).get("bundle")
    samples = texts[:: max(1, len(texts) // _SAMPLES)][:_SAMPLES]
    save_chat(run.bundle, robot, record, sources=sources, encoder=encoder, samples=samples)
    log.info(text("chat.built", **{**counts, "told": rejects.summary() or "-", "folder": run.bundle}).message)
    return counts


def sources_of(templates: Path, wanted: Build.Config, root: Path) -> dict[str, dict[str, str]]:
    """SHA-256 of the files that a robot is built from, by their names in the config."""
    corpus = {name: sha256_of_file(root / name) for name in wanted.corpus}
    return {"templates": {wanted.templates: sha256_of_file(templates)}, "corpus": corpus}


def tell_stale(sources: Mapping[str, Mapping[str, str]], folder: Path, root: Path) -> list[str]:
    """Warn if what a robot was built from is no longer what it was; what is not here cannot be compared.

    Args:
        sources: What it was built from, as its bundle says.
        folder: Folder of the task.
        root: `dataset_root`.

    Returns:
        The names of the files that changed.
    """
    homes = {"templates": folder, "corpus": root}
    files = [(homes[kind] / name, digest) for kind, found in sources.items() for name, digest in found.items()]
    changed = [str(file) for file, digest in files if file.is_file() and sha256_of_file(file) != digest]
    if changed:
        words = text("chat.stale", found=", ".join(changed))
        log.warning(f"{words.message}\n    {words.hint}")
    return changed


def _choose_threshold(robot: Robot, wanted: Build.Config, root: Path) -> dict[str, float]:
    if wanted.threshold is not None or wanted.development is None:
        return {}
    with RejectsFile(None, 0) as rejects:
        names = {"question": wanted.question, "answer": wanted.answer}
        asked = list(read_pairs([root / wanted.development], rejects, **names, unanswered=True))
    rows = [_judged(robot, pair) for pair in asked if robot.by_template(pair.question) is None]
    if not rows:
        return {}
    found = best_threshold(*(numpy.array(column) for column in zip(*rows)))
    robot.threshold = found.value
    return {"development_accuracy": found.accuracy}


def _judged(robot: Robot, pair: Pair) -> tuple[float, bool, bool]:
    """Score of the best by likeness, whether it is right, and whether nothing would be."""
    near = robot.near(pair.question)
    if near is None:
        return 0.0, False, pair.answer is None
    return near.score, near.reply.answer == pair.answer, pair.answer is None
