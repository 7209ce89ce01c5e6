"""Rows of all ranks end to end, and a batch for a rank that has none, in two gloo processes."""

from __future__ import annotations

import json

import pytest
import torch

from tengjia.distributed import SINGLE
from tengjia.distributed.spare import spare_batch

from .exchange import ROWS, batches, rows
from .group import run_processes


@pytest.mark.slow
def test_two_processes_hear_the_same() -> None:
    first, second = map(json.loads, run_processes("src.tests.trainer.exchange"))
    assert first == second
    expected = [torch.cat([rows(rank, count) for rank, count in enumerate(counts)]).tolist() for counts in ROWS]
    assert first["gathered"] == expected
    assert first["statistics"] == torch.cat([rows(0, 2), rows(1, 3)]).tolist()
    assert first["spare"] == [str(batch) for batch in batches()]
    assert first["none"]


def test_one_process_keeps_its_own() -> None:
    own = rows(0, 3)
    assert SINGLE.gathered(own) is own
    batch = batches()[1]
    assert spare_batch(batch, SINGLE) is batch and spare_batch(None, SINGLE) is None
