"""Cuts a corpus in folds: each example is held out once, and what belongs together is never in two parts.

Training and development part are cut; a test part that the corpus brings stays untouched for the very end. Who belongs
together (equal texts, a group, a file) is dealt out whole, in an order that depends on the seed only, always to the
fold that has fewest examples so far: folds are as equal in size as their groups allow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Literal

from tengjia.contracts import Corpus, Rejects
from tengjia.data.example import Example
from tengjia.data.normalisation import normalised
from tengjia.data.splitting import AlreadyTold
from tengjia.errors import DataError

CUT: Final = ("train", "development")
"""The parts of a corpus that are cut in folds."""


@dataclass(frozen=True)
class Fold:
    """One of the folds of a corpus."""

    folds: int
    """How many there are."""

    number: int
    """Which one is held out, from 0."""

    by: Literal["text", "group", "file"] = "text"
    """What stays together: examples with equal texts, with one value of the column `group`, or of one file."""

    group: str = ""
    """The column that names the group of an example; for `by="group"`."""

    texts: tuple[str, ...] = ()
    """The further columns that are texts; for `by="text"`."""

    development: float = 0.1
    """Share of the other folds that is held back for development; 0 for none."""

    seed: int = 1
    """Chooses among ways to cut."""

    def key(self, example: Example) -> bytes:
        """What stands for all examples that stay together, in the order in which they are dealt out.

        Raises:
            DataError: The example has no group.
        """
        salt = self.seed.to_bytes(16, "big", signed=True)
        return blake2b(self._name(example).encode("utf-8", "surrogatepass"), digest_size=12, salt=salt).digest()

    def _name(self, example: Example) -> str:
        if self.by == "file":
            return Path(example.file).name
        if self.by == "text":
            return "\n".join(normalised(text) for text in (example.text, *map(example.extra.get, self.texts)) if text)
        group = example.extra.get(self.group)
        if group is None:
            place: dict[str, Any] = {"file": example.file, "line": example.line}
            columns = ", ".join(example.extra) or "-"
            raise DataError("corpus.no_group_of_fold", **place, key="group", group=self.group, columns=columns)
        return group


def fold_of(corpus: Corpus, fold: Fold) -> Corpus:
    """The corpus with one fold as its test part, and the others as its training and development part."""
    return _FoldCorpus(corpus, fold)


class _FoldCorpus:
    """A corpus that is dealt out while it is read."""

    def __init__(self, corpus: Corpus, fold: Fold) -> None:
        self.corpus, self.fold = corpus, fold

    def parts(self) -> Mapping[str, Sequence[Path]]:
        present = self.corpus.parts()
        files = [file for part in CUT for file in present.get(part, ())]
        names = ("train", *(("development",) if self.fold.development > 0 else ()), "test")
        return dict.fromkeys(names, files)

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        # A bad row is told once: when the training part is read.
        for example in self._all(rejects if part == "train" else AlreadyTold()):
            if self._sides[self.fold.key(example)] == part:
                yield example

    def _all(self, rejects: Rejects) -> Iterator[Example]:
        present = self.corpus.parts()
        for part in CUT:
            if part in present:
                yield from self.corpus.read(part, rejects)

    @cached_property
    def _sides(self) -> dict[bytes, str]:
        """Key -> part."""
        fold = self.fold
        sizes = Counter(map(fold.key, self._all(AlreadyTold())))
        dealt = deal(sizes, fold.folds)
        if len(sizes) < fold.folds:
            raise DataError("corpus.too_few_groups", key="folds", found=len(sizes), allowed=fold.folds, by=fold.by)
        sides = {key: "test" if number == fold.number else "train" for key, number in dealt.items()}
        others = sorted((key for key, side in sides.items() if side == "train"), key=self._shuffled)
        wanted, taken = fold.development * sum(sizes[key] for key in others), 0
        for key in others[: len(others) - 1]:
            if taken >= wanted:
                break
            sides[key] = "development"
            taken += sizes[key]
        return sides

    def _shuffled(self, key: bytes) -> bytes:
        """An order of its own for each fold, so that the development parts of the folds are not all alike."""
        return blake2b(key, digest_size=12, salt=self.fold.number.to_bytes(16, "big")).digest()


def deal(sizes: Mapping[bytes, int], folds: int) -> dict[bytes, int]:
    """Key -> number of its fold, as equal in size as may be.

    Args:
        sizes: Key of each group -> how many examples it has.
        folds: How many folds.
    """
    filled = [0] * folds
    dealt: dict[bytes, int] = {}
    for key in sorted(sizes):
        number = filled.index(min(filled))
        dealt[key] = number
        filled[number] += sizes[key]
    return dealt
