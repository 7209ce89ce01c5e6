"""Chinese to English on Tatoeba: sacrebleu of beam search on the fixed list of test pairs, trained from scratch.

    python -m benchmarks.translation --dataset-root ../corpora
    python -m benchmarks.translation --dataset-root ../corpora --part development --seeds 1 trainer.max_epochs=5

By the commands that a user types. Recipes are chosen on the development part; the test part is read once for each seed.
"""

from __future__ import annotations

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

RECIPE: Final = (
    "dataset=tatoeba_cmn_eng",
    "tokenizer.size=4000",
    "model.hidden_size=256",
    "model.encoder_layers=3",
    "model.decoder_layers=3",
    "model.feed_forward_size=1024",
    "model.dropout=0.3",
    "optimizer.lr=2e-3",
    "schedule.warmup=0.05",
    "trainer.max_epochs=13",
    "trainer.batch_size=512",
    "trainer.batch_pieces=3000",
    "trainer.precision=bf16",
    "callbacks.averaging.enabled=true",
)
DEMAND: Final = 20.0


def main() -> None:
    """Train and test each seed, and print BLEU and chrF of all."""
    options = parser(__doc__)
    options.add_argument("--seeds", type=int, default=1, help="how many, from 1")
    options.add_argument("--part", choices=("development", "test"), default="test")
    options.add_argument("overrides", nargs="*", help="changes of the recipe")
    chosen = options.parse_intermixed_args()
    settings = [*RECIPE, f"trainer.threads={chosen.threads}", *chosen.overrides]
    with tempfile.TemporaryDirectory() as folder:
        places = [f"dataset_root={chosen.dataset_root.resolve()}"]
        places += [f"{name}={Path(folder) / name}" for name in ("check_point_root", "log_root", "cache_root")]
        results = [one_seed(settings, places, Path(folder), seed, chosen.part) for seed in range(1, chosen.seeds + 1)]
    scores = [100 * result["bleu"] for result in results]
    report.say(
        "translation",
        unit=f"{chosen.part} BLEU, {results[0]['signature']}",
        mean=round(statistics.mean(scores), 2),
        deviation=round(statistics.stdev(scores), 2) if len(scores) > 1 else None,
        scores=[round(score, 2) for score in scores],
        chrf=[round(100 * result["chrf"], 2) for result in results],
        perplexity=[round(result["best_score"], 3) for result in results],
        training_minutes=[round(result["seconds"] / 60, 1) for result in results],
        steps=[result["steps"] for result in results],
        demand=DEMAND,
        recipe=[*RECIPE, *chosen.overrides],
        threads=chosen.threads,
        command=report.command(),
    )


def one_seed(settings: Sequence[str], places: Sequence[str], folder: Path, seed: int, part: str) -> dict[str, Any]:
    """The results of training and testing with one seed."""
    name = f"seed{seed}"
    _run(["stage=[preprocess,train]", f"seed={seed}", f"run={name}", *places, *settings])
    run = folder / "check_point_root" / "demo_app" / "translation" / name
    asked = ["dataset=tatoeba_cmn_eng", f"tester.part={part}", "generation.by_sentence=false"]
    _run(["stage=test", f"run={run}", *asked, *places])
    trained, tested = (json.loads((run / f"{stage}_result.json").read_text("utf-8")) for stage in ("train", "test"))
    times = json.loads((run / "run.json").read_text("utf-8"))["stages"]["train"]
    seconds = times["finished"] - times["started"]
    found = {**trained, **tested, "best_score": trained["best_score"], "seconds": seconds}
    if not math.isfinite(found["bleu"]):
        raise RuntimeError(f"BLEU of {name} is {found['bleu']}")
    print(f"{name}: {part} BLEU {100 * found['bleu']:.2f}, {seconds / 60:.1f} min", file=sys.stderr, flush=True)
    return found


def _run(words: Sequence[str]) -> None:
    words = [sys.executable, str(ROOT / "run_modeling.py"), "task=translation", *words]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)


if __name__ == "__main__":
    main()
