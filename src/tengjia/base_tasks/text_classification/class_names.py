"""The classes that the labels of a corpus name, however they are written: `" Ａ类 "` is `"A类"`."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

SEPARATORS: Final = ("|", ";", ",", "、", "，", "；", "/", "+")
"""What people write between classes."""


def key_of(name: str) -> str:
    """What two spellings of a class have in common: its width (NFKC) and its blanks do not count."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


@dataclass(frozen=True)
class ClassNames:
    """Classes by the names that labels give them.

    Args:
        names: The classes, as the model knows them.
        separator: Between the classes of a label; empty: a label is one class.
        nothing: Stands in a label for no class at all; only with a separator.
    """

    names: tuple[str, ...]
    separator: str = ""
    nothing: str = ""

    @cached_property
    def _known(self) -> Mapping[str, str]:
        return {key_of(name): name for name in self.names}

    def known(self, name: str) -> str | None:
        """The class of a name, if there is one."""
        return self._known.get(key_of(name))

    def of(self, label: str) -> tuple[str, ...]:
        """The classes of a label, each once; one that is not known is given as it is written."""
        found = split(label, self.separator, self.nothing)
        return tuple(dict.fromkeys(self.known(name) or name for name in found))


def split(label: str, separator: str, nothing: str) -> list[str]:
    """The names that a label is made of, as they are written but for blanks around them; none of one for nothing."""
    parts = label.split(separator) if separator else [label]
    names = [part.strip() for part in parts]
    return [name for name in names if name and not (separator and key_of(name) == key_of(nothing))]


def spellings(labels: Mapping[str, int], separator: str, nothing: str) -> tuple[str, ...]:
    """The classes that labels name, sorted; of several spellings the most frequent one.

    Args:
        labels: Label -> how many texts have it.
        separator: See `ClassNames`.
        nothing: See `ClassNames`.
    """
    written: dict[str, Counter[str]] = {}
    for label, count in labels.items():
        for name in split(label, separator, nothing):
            written.setdefault(key_of(name), Counter())[name] += count
    return tuple(sorted(min(found, key=lambda name: (-found[name], name)) for found in written.values()))


def joined_by(names: Iterable[str]) -> str:
    """The sign that seems to stand between several classes in one name, because its parts are names too; or none."""
    known = {key_of(name) for name in names}
    for sign in SEPARATORS:
        for name in known:
            parts = [key_of(part) for part in name.split(sign)]
            if len(parts) > 1 and all(part in known for part in parts):
                return sign
    return ""
