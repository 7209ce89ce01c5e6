"""How long the command takes to answer, as whole processes: `python benchmarks/command_speed.py [repeats=15]`.

One JSON line. Limits: `--help` 0.35 s, a config error 0.6 s (medians, on two cores).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIMITS = {"help": 0.35, "config_error": 0.6}
COMMANDS = {
    "help": ["run_modeling.py", "--help"],
    "config_error": ["run_modeling.py", "task=ner", "optimizer.lrr=1", "model=bilstm_crff", "trainer.monitor=x"],
    "show_config": ["run_modeling.py", "task=ner", "--cfg", "job"],
    "bare_python": ["-c", "pass"],
}


def seconds(words: list[str], environment: dict[str, str]) -> float:
    """Time of one process."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, check=False)
    return time.perf_counter() - started


def main(repeats: int = 15) -> dict[str, object]:
    """Medians over interleaved processes."""
    environment = {**os.environ, "TENGJIA_LANG": "en"}
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for turn in range(repeats + 1):
        for name, words in COMMANDS.items():
            taken = seconds(words, environment)
            if turn:  # the first round only fills the caches of the file system
                times[name].append(taken)
    result: dict[str, object] = {"benchmark": "command_speed", "repeats": repeats}
    for name, taken in times.items():
        result[f"{name}_seconds"] = round(statistics.median(taken), 3)
        result[f"{name}_worst"] = round(max(taken), 3)
    for name, limit in LIMITS.items():
        result[f"{name}_limit"] = limit
        result[f"{name}_ratio"] = round(statistics.median(times[name]) / limit, 3)
    return result


if __name__ == "__main__":
    options = dict(word.split("=", 1) for word in sys.argv[1:])
    print(json.dumps(main(int(options.get("repeats", 15)))))
