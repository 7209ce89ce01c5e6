"""The pieces of which texts are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class TargetPieces:
    """What a model of sequences scores at each place (`contracts.Labels`)."""

    pieces: tuple[str, ...]
    """In the order of their ids; 0 is padding, 1 unknown."""

    begin: int
    """Id of the piece before every target."""

    end: int
    """Id of the piece after it."""

    unknown: int = 1
    """Id of the piece that stands for all that are not known."""

    shared: bool = True
    """Whether sources are written with the same pieces."""

    chinese: bool = False
    """Whether the targets are Chinese: their words are then counted character by character."""

    spelling: Callable[[Sequence[str]], str] = "".join
    """Text that pieces make together."""

    def __len__(self) -> int:
        return len(self.pieces)

    def text(self, ids: Iterable[int]) -> str:
        """The text of ids, up to an end piece; border pieces and padding leave nothing."""
        found: list[str] = []
        for number in ids:
            if number == self.end:
                break
            if number not in (0, self.begin):
                found.append(self.pieces[number])
        return self.spelling(found)
