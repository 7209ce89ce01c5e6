"""Trains small tasks in every process of a group: `python -m src.tests.base_tasks.training ROOT`.

Each base task is trained without dropout, and leaves the metrics of its last evaluation and a bundle.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from tengjia.command.notebook import compose
from tengjia.distributed import is_primary
from tengjia.runs import RunFolder

from .project import KITS


def quiet(base: str) -> list[str]:
    """Settings without any draw in the model, so that two processes compute what one does."""
    from tengjia.registry import models

    parameters = models.schema(KITS[base].model["name"]).parameters
    dropped = [f"model.{name}=0.0" for name in parameters if "dropout" in name and name != "variational_dropout"]
    # Not Adam: it makes a whole step of a gradient that is nothing but rounding.
    return [*dropped, "optimizer=sgd", "optimizer.lr=0.1", "trainer.max_steps=6", "callbacks.evaluation.every=6"]


def train(root: Path, base: str, name: str) -> dict[str, Any]:
    """Train one; gives its results."""
    package = importlib.import_module(f"tengjia.base_tasks.{base}")
    config = compose(root, [f"task={base}", "stage=train", *quiet(base)])
    folder = root / "runs" / "kit" / base / name
    folder.mkdir(parents=True, exist_ok=True)
    run = RunFolder(folder, primary=is_primary())
    dataset = package.build_dataset(config, run)
    result: dict[str, Any] = package.train(config, run, dataset, package.build_model(config, dataset))
    return result


if __name__ == "__main__":
    for base in KITS:
        result = train(Path(sys.argv[1]), base, "together")
        if is_primary():
            print(json.dumps({"name": base, **result}))
