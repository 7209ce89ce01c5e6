"""Randomness that is a function of names, not of history.

What is random in this house depends on `(seed, purpose, epoch, index)` only, so nothing has to be replayed when a run
is resumed, and the number of workers or processes changes nothing.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy


def seed_for(*parts: int | str) -> int:
    """A 63-bit seed that depends on every part and on their order, for instance `seed_for(seed, "order", epoch)`."""
    digest = hashlib.blake2b(repr(parts).encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def generator_for(*parts: int | str) -> numpy.random.Generator:
    """A numpy generator (Philox: counter based, the same on every machine) seeded by `seed_for(*parts)`."""
    import numpy

    return numpy.random.Generator(numpy.random.Philox(seed_for(*parts)))
