"""Run benchmarks one after another, each in a process of its own: `python -m benchmarks [NAME ...]`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

NOT_BENCHMARKS = {"__init__", "__main__", "arguments", "quality", "report"}


def names() -> list[str]:
    """Every benchmark."""
    return sorted(file.stem for file in Path(__file__).parent.glob("[a-z]*.py") if file.stem not in NOT_BENCHMARKS)


def main(chosen: list[str]) -> int:
    """Run the chosen benchmarks, or all; the exit code says whether each came to its end."""
    unknown = set(chosen) - set(names())
    if unknown:
        print(f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    codes = [
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
        for name in chosen or names()
    ]
    return max(codes, default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
