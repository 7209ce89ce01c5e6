"""How preprocessing is run: workers, rejects, chunks. What it makes of a text is said elsewhere, and does not depend
on any of this.

    python run_modeling.py task=ner stage=preprocess preprocess.workers=4
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from tengjia.config.parameters import Limits
from tengjia.data.pool import Work, Workforce
from tengjia.data.rejects import RejectsFile
from tengjia.errors import ConfigurationError, DataError

REJECTS: Final = "rejects.jsonl"
ENCODING_REJECTS: Final = "rejects_encoding.jsonl"


class Preprocessing:
    """Runs the steps of preprocessing as a config says.

    Args:
        config: See `Config`.
        check: Called often; raises to stop.

    Raises:
        ConfigurationError: A number makes no sense.
    """

    limits: ClassVar[Limits] = {
        "workers": (0, None),
        "max_rejects": (0, None),
        "chunk_size": (1, None),
    }

    @dataclass(frozen=True)
    class Config:
        workers: int = 0
        """Processes; 1: this one only; 0: one a core, if the corpus is so large that it pays. All give the same."""

        max_rejects: int = 0
        """Rows that may be set aside (to the rejects file of the run) before preprocessing stops."""

        chunk_size: int = 2000
        """Texts that are encoded and written together."""

        force: bool = False
        """Prepare everything anew, whatever the cache holds."""

    def __init__(self, config: Config, *, check: Callable[[], None] = lambda: None) -> None:
        for key, least in (("workers", 0), ("max_rejects", 0), ("chunk_size", 1)):
            if (found := getattr(config, key)) < least:
                raise ConfigurationError(
                    "cache.bad_number", key=f"preprocess.{key}", found=found, allowed=f">= {least}"
                )
        self.config = config
        self.check = check

    def workforce(self, make: Callable[..., Work], *arguments: Any) -> Workforce:
        """Workers for tasks that `make(*arguments)` does."""
        return Workforce(make, arguments, workers=self.config.workers, check=self.check)

    def rejects(self, folder: Path) -> RejectsFile:
        """The rejects of reading, in the folder of a run; use it as a context manager."""
        return RejectsFile(folder / REJECTS, self.config.max_rejects)

    def encoding_rejects(self, folder: Path) -> RejectsFile:
        """The rejects of cleaning and encoding; use it as a context manager."""
        return RejectsFile(folder / ENCODING_REJECTS, self.config.max_rejects)

    def check_rejects(self, count: int) -> None:
        """Hold cached data to the limit of this run.

        Raises:
            DataError: More rows were set aside when the data was prepared than this run allows.
        """
        if count > self.config.max_rejects:
            raise DataError("cache.rejected", count=count, allowed=self.config.max_rejects)
