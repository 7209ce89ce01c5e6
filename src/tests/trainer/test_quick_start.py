"""A training starts without the compiler of torch, and runs with an allocator that keeps freed memory."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from src.tests.trainer.toy import make_trainer
from tengjia.utilities.allocator import keep_freed_memory
make_trainer(None, max_epochs=1, callbacks={"ema": {}, "adversarial": {}}).fit()
print("torch._dynamo" in sys.modules, keep_freed_memory())
"""


def test_no_compiler_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=True)
    # Should this fail after an upgrade of torch: see `tengjia/training/quick_start.py`.
    assert done.stdout.split() == ["False", str(sys.platform == "linux")]
