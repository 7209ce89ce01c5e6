"""Every fsync and rename of a bundle failing once: the older bundle stays, and nothing is left lying about."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from tengjia.bundle.folder import WEIGHTS, Bundle

from .sample import write_sample_bundle


class Failing:
    """Stands for a system call; the one whose number is `fails` finds the disk full."""

    def __init__(self, name: str) -> None:
        self.real, self.count, self.fails = getattr(os, name), 0, 0

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        self.count += 1
        if self.count == self.fails:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.real(*arguments, **options)


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_each_call_failing_once(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_sample_bundle(tmp_path / "bundle")
    digest = Bundle.open(folder).digest
    call = Failing(name)
    monkeypatch.setattr(os, name, call)
    write_sample_bundle(folder)
    total, failed = call.count, 0
    assert total >= 10
    for number in range(1, total + 1):
        call.count, call.fails = 0, number
        try:
            write_sample_bundle(folder, weights=bytes(100))
        except OSError as error:
            assert error.errno == errno.ENOSPC
            failed += 1
        bundle = Bundle.open(folder)
        if bundle.files[WEIGHTS].size == 100:
            # Only the very last sync may fail when the new bundle is in its place already.
            assert number >= total
            call.count, call.fails = 0, 0
            write_sample_bundle(folder)
        else:
            assert bundle.digest == digest
        assert [path.name for path in tmp_path.iterdir()] == ["bundle"]
    assert failed == total
