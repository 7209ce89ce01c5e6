"""PDF, Word and HTML documents: an unlabelled example a paragraph, with its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tengjia.config.parameters import Limits
from tengjia.contracts import Rejects
from tengjia.data.documents import convert, documents_under
from tengjia.data.example import Example
from tengjia.data.lines import nonempty
from tengjia.registry import readers


@readers.register("documents")
class Documents:
    """Reads a document, or all documents under a folder or in a zip archive, gzipped ones too.

    PDF and Word need the extra `documents`.
    """

    limits: ClassVar[Limits] = {"shortest": (0, None)}

    @dataclass(frozen=True)
    class Config:
        shortest: int = 1
        """Characters that a paragraph must have; shorter ones (page numbers) are left out."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        """Yield the paragraphs, with `extra["page"]`, `["paragraph"]` and `["kind"]` (`text` or `table`)."""
        return nonempty(self._examples(path, rejects), path)

    def _examples(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        for file in documents_under(path):
            for example in convert(file, rejects):
                if len(example.text) >= self.config.shortest:
                    yield example
