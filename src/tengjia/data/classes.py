"""The classes of whole texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Classes:
    """Names of the classes, in the order of their ids."""

    names: tuple[str, ...]

    multiple: bool = False
    """Whether a text may have several classes, or none."""

    counts: Mapping[str, int] = field(default_factory=dict)
    """How many training texts have each class."""

    texts: int = 0
    """How many training texts there are, with a class or without."""

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def ids(self) -> dict[str, int]:
        """Name to id."""
        return {name: number for number, name in enumerate(self.names)}

    @classmethod
    def counted(cls, found: Iterable[Iterable[str]], *, multiple: bool = False) -> Classes:
        """The classes of texts, sorted by name, with their counts; each text gives its classes."""
        counts: dict[str, int] = {}
        texts = 0
        for names in found:
            texts += 1
            for name in names:
                counts[name] = counts.get(name, 0) + 1
        return cls(tuple(sorted(counts)), multiple, dict(sorted(counts.items())), texts)
