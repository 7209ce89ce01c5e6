"""A process of a `torchrun` that is killed ends the others, with words, within a minute."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = """
import os, sys, time
from pathlib import Path
from src.tests.trainer.toy import make_trainer
from tengjia.distributed import joined
from tengjia.errors import TengjiaError
from tengjia.training.callback import Callback

class Slow(Callback):
    def on_step_end(self, context):
        Path(sys.argv[1], f"rank{context.ranks.rank}").write_text(str(os.getpid()))
        time.sleep(0.02)

with joined() as ranks:
    try:
        make_trainer(Path(sys.argv[1], "run"), ranks=ranks, more=[Slow()], max_epochs=10_000).fit()
    except TengjiaError as error:
        print(f"RANK {ranks.rank}: {error}", file=sys.stderr, flush=True)
        sys.exit(error.exit_code)
"""


@pytest.mark.slow
def test_a_killed_rank_ends_the_others(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path]), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [*command, str(program), str(tmp_path)], env=environment, stderr=subprocess.PIPE, text=True
    ) as launcher:
        process = int(_appears(tmp_path / "rank1"))
        killed = time.monotonic()
        os.kill(process, signal.SIGKILL)
        _, words = launcher.communicate(timeout=60)
    assert launcher.returncode != 0
    assert time.monotonic() - killed < 60
    assert "RANK 0: rank 0: another process of this training is gone" in words
    assert "Signal 9 (SIGKILL)" in words, "torchrun itself says which one"
    assert not _alive(int((tmp_path / "rank0").read_text()))


def _appears(file: Path) -> str:
    for _ in range(900):
        if file.is_file() and (content := file.read_text()):
            return content
        time.sleep(0.1)
    raise AssertionError(f"{file} did not appear")


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
