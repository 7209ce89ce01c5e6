"""A column corpus as lists of ids, for peers that know nothing of our readers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Encoded:
    """Sentences as ids of characters (0 is padding) and of tags."""

    characters: list[list[int]]
    tags: list[list[int]]
    vocabulary_size: int
    tag_count: int

    @property
    def tokens(self) -> int:
        """Characters in all."""
        return sum(map(len, self.characters))


def encode(file: Path) -> Encoded:
    """Read `character TAG` lines with blank lines between sentences."""
    vocabulary: dict[str, int] = {}
    labels: dict[str, int] = {}
    characters, tags = [], []
    for block in file.read_text("utf-8").split("\n\n"):
        rows = [line.split() for line in block.splitlines() if line.strip()]
        if rows:
            characters.append([vocabulary.setdefault(row[0], len(vocabulary) + 1) for row in rows])
            tags.append([labels.setdefault(row[-1], len(labels)) for row in rows])
    return Encoded(characters, tags, len(vocabulary) + 1, len(labels))
