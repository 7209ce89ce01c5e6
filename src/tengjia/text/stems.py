"""The first letters of each piece: what inflected forms of a word share (`simulate`, `simulates`, `simulating`).

So words are found again that the vocabulary does not hold, in languages whose words change at their ends. Stems are
numbered by a hash, as the n-grams of fastText are (Bojanowski et al. 2017): nothing is counted, none is unknown.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy

from tengjia.contracts import TokenArrays
from tengjia.errors import DataError
from tengjia.utilities.files import write_text

COUNT: Final = 2**16
"""How many ids there are; two stems share one by chance."""
_FIRST: Final = 2  # 0 is padding, 1 unknown
_LONGEST: Final = 4096
"""Bytes; the file holds one number."""


class Stems:
    """Gives each piece the id of its first letters, in lower case.

    Args:
        letters: How many.
    """

    def __init__(self, letters: int) -> None:
        self.letters = letters

    def __len__(self) -> int:
        return COUNT

    def of_pieces(self, texts: Sequence[str], tokens: TokenArrays, ids: numpy.ndarray) -> numpy.ndarray:
        """An id (int32) for each piece of the texts."""
        del texts, ids  # only the letters of the pieces matter
        found = numpy.fromiter(map(self._number, tokens.pieces), numpy.int32, len(tokens.pieces))
        result: numpy.ndarray = found[tokens.codes]
        return result

    def _number(self, piece: str) -> int:
        stem = piece.casefold()[: self.letters].encode("utf-8", "surrogatepass")
        return _FIRST + zlib.crc32(stem) % (COUNT - _FIRST)

    def save(self, file: Path) -> None:
        """Write a JSON document."""
        write_text(file, json.dumps({"letters": self.letters}) + "\n")

    @classmethod
    def load(cls, file: Path) -> Stems:
        """Read what `save` wrote.

        Raises:
            DataError: The file is missing or damaged.
        """
        try:
            if file.stat().st_size > _LONGEST:
                raise ValueError(f"> {_LONGEST} bytes")
            letters = json.loads(file.read_text("utf-8"))["letters"]
            if isinstance(letters, bool) or not isinstance(letters, int) or letters < 1:
                raise ValueError(f"letters = {letters!r}")
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise DataError("encoding.bad_file", file=file, reason=f"{type(error).__name__}: {error}") from None
        return cls(letters)
