"""Scores of a recipe over seeds, by the commands that a user types; every seed in a process of its own.

Recipes are chosen on the development part only; the test part is read once for each final seed.
"""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.arguments import ROOT, parser


def measure(name: str, about: str | None, recipe: Sequence[str], *, seeds: int, demand: float, goal: float) -> None:
    """Train and test the recipe for each seed, and print mean, deviation and standard error of the test F1.

    Args:
        name: Of the benchmark.
        about: What `--help` says.
        recipe: Overrides of `task=ner`.
        seeds: How many seeds, from 1.
        demand: The F1 to reach, in percent.
        goal: The F1 to aim at.
    """
    options = parser(about)
    options.add_argument("--seeds", type=int, default=seeds)
    options.add_argument("--jobs", type=int, default=1, help="seeds at a time")
    options.add_argument("overrides", nargs="*", help="changes of the recipe")
    chosen = options.parse_args()
    corpora = chosen.dataset_root.resolve()
    settings = [f"dataset_root={corpora}", f"word_vector_root={corpora}", f"trainer.threads={chosen.threads}"]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(chosen.jobs) as executor:
        measured = partial(one_seed, [*recipe, *settings, *chosen.overrides], Path(folder))
        results = list(executor.map(measured, range(1, chosen.seeds + 1)))
    scores = [100 * result["entity_f1"] for result in results]
    deviation = statistics.stdev(scores) if len(scores) > 1 else math.nan
    report.say(
        name,
        unit="test entity F1 (strict), percent",
        mean=round(statistics.mean(scores), 2),
        deviation=None if math.isnan(deviation) else round(deviation, 2),
        standard_error=None if math.isnan(deviation) else round(deviation / math.sqrt(len(scores)), 2),
        scores=[round(score, 2) for score in scores],
        development=[round(100 * result["best_score"], 2) for result in results],
        training_seconds=[round(result["seconds"], 1) for result in results],
        demand=demand,
        goal=goal,
        recipe=list(recipe) + chosen.overrides,
        threads=chosen.threads,
        seeds_at_a_time=chosen.jobs,
        command=report.command(),
    )


def one_seed(settings: Sequence[str], folder: Path, seed: int) -> dict[str, Any]:
    """The results of training and testing with one seed."""
    name = f"seed{seed}"
    places = [f"check_point_root={folder / 'runs'}", f"log_root={folder / 'logs'}", f"cache_root={folder / 'cache'}"]
    training = ["task=ner", "stage=train", f"seed={seed}", f"run={name}", *places, *settings]
    _run(training)
    run = folder / "runs" / "demo_app" / "ner" / name
    testing = [word for word in settings if word.split("=")[0] in {"dataset", "dataset_root"}]
    _run(["task=ner", "stage=test", f"run={run}", *places, *testing])
    trained = json.loads((run / "train_result.json").read_text("utf-8"))
    tested = json.loads((run / "test_result.json").read_text("utf-8"))
    stages = json.loads((run / "run.json").read_text("utf-8"))["stages"]
    seconds = stages["train"]["finished"] - stages["train"]["started"]
    print(
        f"{name}: development {trained['best_score']:.4f}, test {tested['entity_f1']:.4f}", file=sys.stderr, flush=True
    )
    return {**trained, **tested, "best_score": trained["best_score"], "seconds": seconds}


def _run(words: Sequence[str]) -> None:
    subprocess.run([sys.executable, str(ROOT / "run_modeling.py"), *words], check=True, stdout=subprocess.DEVNULL)
