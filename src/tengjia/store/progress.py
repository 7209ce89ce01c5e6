"""The bar that long work shows on a terminal."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from tengjia.store.gathering import Report

_WORTH_A_BAR = 32 << 20


@contextlib.contextmanager
def progress(total: int, about: str) -> Iterator[Report]:
    """A function that takes in bytes as they are done; small work shows nothing."""
    if total < _WORTH_A_BAR:
        yield lambda count: None
        return
    from tqdm import tqdm

    with tqdm(total=total, desc=about, unit="B", unit_scale=True, disable=None, leave=False) as bar:
        yield bar.update
