"""Development F1 of the NER sample with one process and with two (`torchrun`, DDP, gloo), float32, several seeds.

Dropout differs by rank, so single figures differ; the means must lie within the spread of the seeds. (In float64
without dropout the weights are equal to 1e-9: `src/tests/trainer/test_distributed.py`.)

    python -m benchmarks.distributed
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.arguments import ROOT, parser

LAUNCHERS = {
    "one_process": [sys.executable],
    "two_processes": [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"],
}


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Train each way with each seed and print the line."""
    options = parser(__doc__)
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--epochs", type=int, default=4)
    chosen = options.parse_args(arguments)
    scores: dict[str, list[float]] = {name: [] for name in LAUNCHERS}
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, chosen.seeds + 1):
            for name in LAUNCHERS:
                scores[name].append(trained(name, seed, chosen.epochs, Path(folder)))
    means = {name: statistics.mean(values) for name, values in scores.items()}
    spread = max(statistics.stdev(values) for values in scores.values())
    difference = means["two_processes"] - means["one_process"]
    return report.say(
        "distributed",
        **{name: round(mean, 4) for name, mean in means.items()},
        difference=round(difference, 4),
        spread=round(spread, 4),
        within_spread=abs(difference) <= spread,
        scores={name: [round(value, 4) for value in values] for name, values in scores.items()},
        epochs=chosen.epochs,
        command=report.command(),
    )


def trained(name: str, seed: int, epochs: int, folder: Path) -> float:
    """The best development F1 of one training."""
    run = f"{name}-{seed}"
    roots = [f"{key}={folder / key}" for key in ("check_point_root", "log_root", "cache_root")]
    settings = ["task=ner", "stage=train", f"seed={seed}", f"run={run}", f"trainer.max_epochs={epochs}", *roots]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [*LAUNCHERS[name], str(ROOT / "run_modeling.py"), *settings]
    subprocess.run(command, check=True, env=environment, capture_output=True, cwd=ROOT)
    result = json.loads((folder / "check_point_root/demo_app/ner" / run / "train_result.json").read_text("utf-8"))
    return float(result["best_score"])


if __name__ == "__main__":
    main()
