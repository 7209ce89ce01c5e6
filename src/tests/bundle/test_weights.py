"""Weights in files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy
import pytest
import torch

from tengjia.bundle.weights import load_tensors, save_tensors
from tengjia.pretrained import weights


@pytest.mark.skipif(os.name == "nt", reason="modes of files are those of POSIX")
@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077])
@pytest.mark.parametrize("kind", ["torch", "numpy"])
def test_weights_can_be_read_by_whoever_reads_their_neighbours(tmp_path: Path, mask: int, kind: str) -> None:
    before = os.umask(mask)
    try:
        (tmp_path / "neighbour").write_text("")
        values = {"w": torch.ones(2)} if kind == "torch" else {"w": numpy.ones(2)}
        weights.save(values, tmp_path / "weights.safetensors")
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {0o666 & ~mask}


def test_tensors_that_two_names_share_are_written_once(tmp_path: Path) -> None:
    shared = torch.arange(1000.0)
    save_tensors({"a": shared, "b": shared, "c": shared.clone()}, tmp_path / "w.safetensors")
    assert 8000 <= (tmp_path / "w.safetensors").stat().st_size < 9000
    loaded = load_tensors(tmp_path / "w.safetensors")
    assert list(loaded["b"]) == list(loaded["c"]) == list(shared) and loaded["a"].data_ptr() == loaded["b"].data_ptr()
