"""A small project on disk: a corpus, and runs that left a bundle, as training leaves them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
from tengjia.config import Settings
from tengjia.runs import RunFolder
from tengjia.utilities.files import write_text

from .toy import CHARACTERS, make_pipeline

TEXTS = [CHARACTERS[start : start + 18] + CHARACTERS[start * 3 % 40 :][:10] for start in range(30)]


def settings(root: Path, **values: Any) -> Settings:
    """The config that a stage receives."""
    return Settings(
        {
            "app": "demo_app",
            "task": "ner",
            "seed": 1,
            "compare": None,
            "check_point_root": str(root / "check_points"),
            "dataset_root": str(root / "datasets"),
            "cache_root": str(root / "cache"),
            "dataset": {"name": "files", "train": ["train.txt"], "development": [], "test": ["test.txt"]},
            "reader": {"name": "columns", "scheme": "bmes", "separator": "space"},
            "evaluator": {"name": "entity_f1"},
            "tester": {"name": "default", "device": "cpu", "samples": 200, "compare_samples": 500},
            "split": {"development": 0.0, "test": 0.0},
            "preprocess": {"workers": 0, "max_rejects": 0},
            "apply": {"device": "cpu"},
            **values,
        }
    )


def make_run(root: Path, name: str, pipeline: SequenceLabelingPipeline | None = None) -> RunFolder:
    """A run whose training is finished."""
    run = RunFolder.create(root / "check_points" / "demo_app" / "ner", seed=1, app="demo_app", task="ner", name=name)
    run.begin("train")
    (pipeline or make_pipeline()).save(run.bundle)
    run.finish("train")
    return run


def write_corpus(root: Path, pipeline: SequenceLabelingPipeline, *, spoilt: int = 3) -> None:
    """A corpus whose gold entities are what the pipeline finds, but every `spoilt`-th of the test part is left out."""
    for part, texts in (("train", TEXTS[::2]), ("test", TEXTS)):
        sentences = []
        number = 0
        for text, answer in zip(texts, pipeline(texts)):
            tags = ["O"] * len(text)
            for entity in answer:
                number += 1
                if entity.counts and (part == "train" or number % spoilt):
                    inner = ["M"] * (entity.end - entity.start - 2)
                    letters = ["S"] if entity.end - entity.start == 1 else ["B", *inner, "E"]
                    tags[entity.start : entity.end] = [f"{letter}-{entity.type}" for letter in letters]
            rows = [(char, tag) for char, tag in zip(text, tags)]
            sentences.append("".join(f"{char} {tag}\n" for char, tag in rows))
        write_text(root / "datasets" / f"{part}.txt", "\n".join(sentences))
