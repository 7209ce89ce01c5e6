"""What word vectors of every file format have in common: the options, the cache, and the search for each piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from tengjia.config.parameters import Limits
from tengjia.text.vector_lookup import Coverage, Forms, first_words, look_up
from tengjia.text.vector_rows import Block, Rejected

if TYPE_CHECKING:
    import numpy


class VectorFile:
    """A file of word vectors; a format says how its rows are read (`contracts.Vectors`).

    Args:
        config: The options.
        root: What a relative `file` is relative to (`word_vector_root`).
        cache: Folder in which the parsed file is kept, found again by its content; `None`: it is parsed every time.
    """

    read: ClassVar[staticmethod[[Path, int | None, Rejected], Iterator[Block]]]
    """Reads the rows of the format."""

    limits: ClassVar[Limits] = {"width": (1, None)}

    @dataclass(frozen=True)
    class Config:
        """The options of every format."""

        file: str = ""
        """The file, relative to `word_vector_root`."""

        frozen: bool = False
        """Whether the vectors stay as they are, or are tuned in training."""

        width: int | None = None
        """Numbers a row that the file must have; null: what it has."""

        lowercase: bool = True
        """Look a piece up in lower case when it is not there as written."""

        half_width: bool = True
        """Look a full-width letter, digit or sign up in half width (`,` for `，`) when nothing else was found."""

        bad_rows: Literal["error", "skip"] = "error"
        """Rows that make no sense stop the run, or are left out and counted."""

    def __init__(self, config: Config, *, root: Path, cache: Path | None = None) -> None:
        self.config = config
        self.path = Path(root) / config.file
        self.cache = cache
        self.coverage: Coverage | None = None
        """Who got a vector at the last `load`."""

    def load(self, pieces: Sequence[str]) -> numpy.ndarray:
        """Vectors `[len(pieces), width]` float32, rows of NaN where there is none.

        Raises:
            DataError: The file is missing, or not as it must be; file, line and what was found are told.
            EnvironmentFault: The cache cannot be written.
        """
        matrix, self.coverage = look_up(
            self.path,
            self.read,
            pieces,
            width=self.config.width,
            forms=Forms(self.config.lowercase, self.config.half_width),
            bad_rows=self.config.bad_rows,
            cache=self.cache,
        )
        return matrix

    def words(self, limit: int) -> list[str]:
        """The words of the first `limit` rows, in the order of the file; errors as of `load`."""
        width, bad_rows = self.config.width, self.config.bad_rows
        return first_words(self.path, self.read, limit, width=width, bad_rows=bad_rows, cache=self.cache)
