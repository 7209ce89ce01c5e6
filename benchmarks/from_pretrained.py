"""`AutoModelPipeline.from_pretrained` of a cached BiLSTM-CRF bundle, and its first answer, above `import torch`.

python -m benchmarks.from_pretrained
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.arguments import ROOT

LOAD = """
import sys
from tengjia.pretrained import AutoModelPipeline
model = AutoModelPipeline.from_pretrained(sys.argv[1], "ner")
"""
ANSWER = LOAD + 'assert isinstance(model("林清远毕业于云山大学。"), list)\n'


def main(rounds: int = 9) -> dict[str, Any]:
    """Train a bundle once, measure whole processes, interleaved, and print the line."""
    with tempfile.TemporaryDirectory() as name:
        cache = Path(name) / "models"
        _train(Path(name) / "runs", cache / "ner")
        commands = {
            "load": [sys.executable, "-c", LOAD, str(cache)],
            "load_and_answer": [sys.executable, "-c", ANSWER, str(cache)],
            "import_torch": [sys.executable, "-c", "import torch"],
        }
        wall: dict[str, list[float]] = {key: [] for key in commands}
        processor: dict[str, list[float]] = {key: [] for key in commands}
        for number in range(rounds + 1):
            for key, words in commands.items():
                elapsed, seconds = _measured(words)
                if number:  # the first round fills the cache of the disk
                    wall[key].append(elapsed)
                    processor[key].append(seconds)
    medians = {key: report.median(values) for key, values in wall.items()}
    used = {key: report.median(values) for key, values in processor.items()}
    return report.say(
        "from_pretrained",
        unit="s",
        **medians,
        above=round(medians["load"] - medians["import_torch"], 3),
        above_with_answer=round(medians["load_and_answer"] - medians["import_torch"], 3),
        processor={**used, "above": round(used["load"] - used["import_torch"], 3)},
        spread={key: report.spread(values) for key, values in wall.items()},
        demand=0.3,
        command=report.command(),
    )


def _measured(words: list[str]) -> tuple[float, float]:
    """Seconds of a process: by the clock, and of the processor, which other programs disturb less."""
    before, start = os.times(), time.perf_counter()
    subprocess.run(words, check=True)
    elapsed, after = time.perf_counter() - start, os.times()
    return elapsed, after.children_user + after.children_system - before.children_user - before.children_system


def _train(runs: Path, bundle: Path) -> None:
    """The default model of the sample task, hardly trained: loading takes as long for a good one."""
    places = [f"check_point_root={runs}", f"log_root={runs}", f"cache_root={runs / 'cache'}"]
    command = [sys.executable, "run_modeling.py", "task=ner", "stage=train", "trainer.max_steps=20", *places]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (made,) = runs.glob("*/*/*/bundle")
    bundle.parent.mkdir(parents=True)
    shutil.copytree(made, bundle)


if __name__ == "__main__":
    main()
