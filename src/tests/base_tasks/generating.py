"""Trains writers that generate in every evaluation, in each process of a group: `python -m src.tests.base_tasks.generating ROOT NAME STRATEGY`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tengjia.base_tasks import sequence_to_sequence as base
from tengjia.command.notebook import compose
from tengjia.distributed import is_primary
from tengjia.runs import RunFolder

TRANSFORMER = {
    "hidden_size": 16,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "heads": 2,
    "feed_forward_size": 32,
    "dropout": 0.0,
}
# An odd number of batches, so that one process judges more of them than the other; in float64, so that the likeliest
# piece is the same whatever is summed in which order.
_WORDS = (
    "evaluator=bleu",
    "trainer.monitor=chrf",
    "trainer.precision=float64",
    "trainer.max_steps=12",
    "optimizer=sgd",
    "optimizer.lr=0.5",
    "callbacks.evaluation.part=train",
    "callbacks.evaluation.every=6",
)


def train(root: Path, name: str, strategy: str, *more: str) -> dict[str, Any]:
    """Train one in a folder of that name; gives its results."""
    words = ["task=sequence_to_sequence", "stage=train", f"trainer.strategy={strategy}", *_WORDS, *more]
    config = compose(root, words)
    folder = root / "runs" / "kit" / "sequence_to_sequence" / name
    folder.mkdir(parents=True, exist_ok=True)
    run = RunFolder(folder, primary=is_primary())
    dataset = base.build_dataset(config, run)
    result: dict[str, Any] = base.train(config, run, dataset, base.build_model(config, dataset))
    return result


if __name__ == "__main__":
    result = train(Path(sys.argv[1]), *sys.argv[2:])
    if is_primary():
        print(json.dumps(result))
