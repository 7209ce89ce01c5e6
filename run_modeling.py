"""Run stages of a task: `python run_modeling.py task=ner stage=train` (`--help` tells the rest)."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

if __name__ == "__main__":
    from tengjia.command.modeling import main

    sys.exit(main(ROOT))
