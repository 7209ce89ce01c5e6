"""One JSON line for a benchmark, with the machine, the date and the command."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


def say(name: str, **figures: Any) -> dict[str, Any]:
    """Print and return the line of a benchmark."""
    line = {"benchmark": name, **figures, "machine": machine(), "date": time.strftime("%Y-%m-%d")}
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return line


def machine() -> str:
    """Processor and number of cores in use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_processor()}, {cores} cores, Python {platform.python_version()}"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def interleaved(candidates: dict[str, Callable[[], Any]], rounds: int = 7) -> dict[str, list[float]]:
    """Seconds of each candidate, A B A B ...; one uncounted round first."""
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for number in range(rounds + 1):
        for name, run in candidates.items():
            start = time.perf_counter()
            run()
            if number:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def median(seconds: Sequence[float]) -> float:
    """The median, in four significant digits."""
    return float(f"{statistics.median(seconds):.4g}")


def spread(seconds: Sequence[float]) -> list[float]:
    """Lowest and highest."""
    return [float(f"{value:.4g}") for value in (min(seconds), max(seconds))]


def command() -> str:
    """How this process was started, for the record."""
    return " ".join(["python", "-m", f"benchmarks.{Path(sys.argv[0]).stem}", *sys.argv[1:]])
