"""Trains in every process of a group and, when it has left it, says which threads of Gloo's there are still:
`python -m src.tests.trainer.leaving STRATEGY`."""

from __future__ import annotations

import atexit
import json
import sys
from pathlib import Path

from tengjia.distributed import joined

from .group import build


def threads() -> list[str]:
    """Names of Gloo's threads in this process."""
    names = (path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm"))
    return sorted(name for name in names if "gloo" in name)


def main(strategy: str) -> None:
    with joined() as ranks:
        build({"strategy": strategy, "max_steps": 3}, ranks).fit()
    print(json.dumps(threads()))


if __name__ == "__main__":
    atexit.register(lambda: print(json.dumps(threads())))  # registered first, so called last
    main(sys.argv[1])
