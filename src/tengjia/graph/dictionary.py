"""Names of a graph, found in a text: what is asked about.

Texts and names are compared after one normalisation: full and half width, case, blanks and punctuation do not count.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from tengjia.graph.elements import Entity
from tengjia.utilities.nearest import nearest

_KEPT: Final = frozenset("#*&")
"""Punctuation that is part of names (`C#`)."""
_ALPHABET: Final = frozenset("PZC")
_MOST_COMPARED: Final = 2000


class Entry(NamedTuple):
    """What a name may mean."""

    slot: str
    """Label of the entity, or name of the property whose value it is."""

    id: str
    """Id of the entity, or the value."""

    name: str


class Mention(NamedTuple):
    """A name that was found in a text."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    """What it may mean; more than one: it is ambiguous."""


def normalised(text: str) -> str:
    """A text as it is compared."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        character
        for place, character in enumerate(folded)
        if unicodedata.category(character)[0] not in _ALPHABET or character in _KEPT or _inner_dot(folded, place)
    )


def _inner_dot(text: str, place: int) -> bool:
    """A dot before a letter or a digit is part of a name (`.NET`, `2.0`)."""
    return text[place] == "." and place + 1 < len(text) and text[place + 1].isalnum()


class Dictionary:
    """All names, found by their beginning.

    Args:
        entities: The entities of the graph.
        values: Name of a property -> the values that it takes.
    """

    def __init__(self, entities: Iterable[Entity], values: dict[str, list[str]] | None = None) -> None:
        self._entries: dict[str, list[Entry]] = defaultdict(list)
        for entity in entities:
            for surface in (entity.name, *entity.aliases):
                self._add(surface, Entry(entity.label, entity.id, entity.name))
        for slot, found in (values or {}).items():
            for value in found:
                self._add(value, Entry(slot, value, value))
        lengths: dict[str, set[int]] = defaultdict(set)
        for surface in self._entries:
            lengths[surface[0]].add(len(surface))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def _add(self, surface: str, entry: Entry) -> None:
        key = normalised(surface)
        if key and entry not in self._entries[key]:
            self._entries[key].append(entry)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, surface: str) -> bool:
        return normalised(surface) in self._entries

    def at(self, text: str, place: int) -> Iterator[Mention]:
        """The names that begin at a place of a normalised text, the longest first."""
        for length in self._lengths.get(text[place], ()) if place < len(text) else ():
            entries = self._entries.get(text[place : place + length]) if place + length <= len(text) else None
            if entries:
                yield Mention(place, place + length, tuple(entries))

    def find(self, text: str) -> list[Mention]:
        """Names in a normalised text from left to right, always the longest, none over another."""
        found: list[Mention] = []
        place = 0
        while place < len(text):
            mention = next(self.at(text, place), None)
            if mention is not None:
                found.append(mention)
            place = mention.end if mention is not None else place + 1
        return found

    def near(self, text: str, limit: int = 3) -> list[str]:
        """Names that are like a text, or like a part of it: some of their characters stand in it one after another."""
        wanted = normalised(text)
        pairs = {wanted[place : place + 2] for place in range(len(wanted) - 1)}
        scored = sorted(
            ((_shared(surface, pairs), surface) for surface in self._entries if len(surface) > 1),
            key=lambda scored: (-scored[0], -len(scored[1]), scored[1]),
        )
        close = [surface for score, surface in scored[:_MOST_COMPARED] if score >= 0.5]
        if not close:
            close = nearest(wanted, [surface for score, surface in scored[:_MOST_COMPARED] if score > 0], limit)
        return [self._entries[surface][0].name for surface in close[:limit]]


def _shared(surface: str, pairs: set[str]) -> float:
    own = [surface[place : place + 2] for place in range(len(surface) - 1)]
    return sum(pair in pairs for pair in own) / len(own)
