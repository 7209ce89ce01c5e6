"""From the command to the first optimizer step, with a warm cache, above `import torch`.

python -m benchmarks.start_up
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.arguments import ROOT

FIRST_STEP = """
import os, runpy, sys
sys.path.insert(0, "src")
from tengjia.training.state import State
State.finish_step = lambda *_: os._exit(0)
sys.argv = ["run_modeling.py", *sys.argv[1:]]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""The true command, ended at once by the first step."""


def main(rounds: int = 7) -> dict[str, Any]:
    """Measure both, interleaved, and print the line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        places = [
            f"check_point_root={folder / 'runs'}",
            f"log_root={folder / 'logs'}",
            f"cache_root={folder / 'cache'}",
        ]
        command = [sys.executable, "-c", FIRST_STEP, "task=ner", "stage=train", *places]
        commands = {"first_step": command, "import_torch": [sys.executable, "-c", "import torch"]}
        seconds: dict[str, list[float]] = {key: [] for key in commands}
        for number in range(rounds + 1):
            for key, words in commands.items():
                start = time.perf_counter()
                subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
                if number:  # the first round fills the cache
                    seconds[key].append(time.perf_counter() - start)
    first, bare = (report.median(seconds[key]) for key in commands)
    return report.say(
        "start_up",
        unit="s",
        first_step=first,
        import_torch=bare,
        above=round(first - bare, 3),
        spread={key: report.spread(values) for key, values in seconds.items()},
        demand=2.0,
        command=report.command(),
    )


if __name__ == "__main__":
    main()
