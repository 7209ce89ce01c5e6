"""The few arguments that benchmarks on real corpora share."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def parser(about: str | None) -> argparse.ArgumentParser:
    """`--dataset-root`, also by the variable TENGJIA_CORPORA; where the corpora of the catalogue lie."""
    result = argparse.ArgumentParser(description=about)
    default = os.environ.get("TENGJIA_CORPORA", str(ROOT / "resources/datasets"))
    result.add_argument(
        "--dataset-root", type=Path, default=Path(default), help="folder of resume_ner, cluener2020, ..."
    )
    result.add_argument("--threads", type=int, default=2, help="threads of torch")
    return result
