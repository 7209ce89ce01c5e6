"""Padding in an epoch of default batches: `make bench BENCH=padding` (`dataset_root=FOLDER` for ResumeNER).

Without `dataset_root` the committed sample is measured. Beside it stands what batches of random rows would waste.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy

from benchmarks.report import command, say
from tengjia.base_tasks.sequence_labeling import Dataset, build_dataset
from tengjia.config import Settings
from tengjia.data.batching import batches_of_epoch, padding_waste
from tengjia.runs import RunFolder

SAMPLE = Path(__file__).parents[1] / "resources" / "datasets"
DEMAND = 0.08
BATCH_SIZE = 32
EPOCHS = 5


def dataset_of(folder: Path, root: str | None) -> Dataset:
    """ResumeNER below `root`, or the committed sample."""
    sample = {"name": "files", "train": ["ner/train.txt"], "development": ["ner/development.txt"]}
    values: dict[str, Any] = {
        "dataset_root": root or str(SAMPLE),
        "bert_model_root": str(folder),
        "cache_root": str(folder / "cache"),
        "dataset": {"name": "resume_ner"} if root else sample,
        "reader": None if root else {"name": "columns", "scheme": "bmes"},
        "tokenizer": {"name": "character"},
        "model": {"name": "bilstm_crf"},
        "split": {"test": 0.0},
    }
    return build_dataset(Settings(values), RunFolder.create(folder / "runs", seed=1, app="benchmark", task="padding"))


def main() -> dict[str, Any]:
    """Measure, and give the line."""
    options = dict(argument.split("=", 1) for argument in sys.argv[1:])
    root = options.get("dataset_root")
    with tempfile.TemporaryDirectory() as folder:
        lengths = dataset_of(Path(folder), root).rows("train").lengths.copy()
    plans = [batches_of_epoch(lengths, BATCH_SIZE, seed=1, epoch=epoch) for epoch in range(EPOCHS)]
    waste = [padding_waste(lengths, plan) for plan in plans]
    shuffled = numpy.random.default_rng(1).permutation(len(lengths))
    plain = padding_waste(lengths, numpy.split(shuffled, range(BATCH_SIZE, len(lengths), BATCH_SIZE)))
    return say(
        "padding",
        corpus="resume_ner" if root else "sample",
        batch_size=BATCH_SIZE,
        waste=round(float(numpy.mean(waste)), 4),
        worst_epoch=round(max(waste), 4),
        random_batches=round(plain, 4),
        ratio=round(plain / float(numpy.mean(waste)), 2),
        demand=DEMAND,
        command=command(),
    )


if __name__ == "__main__":
    main()
