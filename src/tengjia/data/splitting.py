"""Takes a development or a test part from the training part where a corpus brings none.

On which side an example falls depends on (seed, its text or group) only: the order of the rows and what other rows
there are change nothing, and texts that differ in case, width, spaces or punctuation only stay together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

from tengjia.config.parameters import Limits
from tengjia.contracts import Corpus, Rejects
from tengjia.data.example import Example
from tengjia.data.normalisation import normalised
from tengjia.errors import ConfigurationError, DataError

PARTS: Final = ("train", "development", "test")
TAKEN: Final = ("test", "development")
"""The parts that can be taken from the training part, in this order."""


class Split:
    """Decides on which side of a split an example falls.

    Raises:
        ConfigurationError: A share is negative, or nothing would be left for training.
    """

    limits: ClassVar[Limits] = {
        "development": (0.0, 1.0),
        "test": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config:
        by: Literal["random", "group", "file"] = "random"
        """What stays together: equal texts, examples with one value of the column `group`, or whole files."""
        group: str = "group"
        """The column that names the group of an example; for `by=group`."""
        development: float = 0.1
        """Share of the training part for development, where the corpus has no such part; 0 for none."""
        test: float = 0.1
        """Share of the training part for the test, where the corpus has no such part; 0 for none."""
        seed: int = 1
        """Chooses among splits. Not the seed of the run: runs with other seeds must share their test part."""

    def __init__(self, config: Config) -> None:
        for key in TAKEN:
            share = getattr(config, key)
            if not 0 <= share < 1:
                raise ConfigurationError("corpus.bad_share", key=f"split.{key}", found=share)
        if config.development + config.test >= 1:
            total = config.development + config.test
            raise ConfigurationError("corpus.bad_share", key="split.development", found=total)
        self.config = config

    def share(self, part: str) -> float:
        """The share of a part that can be taken from the training part."""
        return float(getattr(self.config, part))

    def part(self, example: Example) -> str:
        """Where an example goes, `by` text or group.

        Raises:
            DataError: It has no group.
        """
        if self.config.by == "random":
            return self._side(normalised(example.text))
        group = example.extra.get(self.config.group)
        if group is None:
            columns = ", ".join(example.extra) or "-"
            raise DataError(
                "corpus.no_group", file=example.file, line=example.line, group=self.config.group, columns=columns
            )
        return self._side(group)

    def files(self, files: Sequence[Path], missing: Sequence[str]) -> dict[str, str]:
        """Where whole files go: the share of a part is a share of the files, at least one.

        Args:
            files: The files of the training part.
            missing: The parts to take from them.

        Raises:
            DataError: There are fewer files than parts.
        """
        if len(files) <= len(missing):
            found, parts = len(files), ", ".join(["train", *missing])
            raise DataError("corpus.too_few_files", found=found, parts=parts, key="split.by")
        # By name, not by path: another place of the same corpus gives the same split.
        waiting = sorted(files, key=lambda file: (self._fraction(file.name), file.name, str(file)))
        result: dict[str, str] = {}
        for number, part in enumerate(missing):
            most = len(waiting) - (len(missing) - number)
            quota = min(max(round(len(files) * self.share(part)), 1), most)
            result |= {str(file): part for file in waiting[:quota]}
            waiting = waiting[quota:]
        return result | {str(file): "train" for file in waiting}

    def _side(self, key: str) -> str:
        place = self._fraction(key)
        for part in TAKEN:
            if place < self.share(part):
                return part
            place -= self.share(part)
        return "train"

    def _fraction(self, key: str) -> float:
        """A number in [0, 1) that depends on (seed, key) only, evenly spread."""
        salt = self.config.seed.to_bytes(16, "big", signed=True)
        content = key.encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(content, digest_size=7, salt=salt).digest(), "big") / 2**56


def complete(corpus: Corpus, split: Split) -> Corpus:
    """The corpus with all the parts that `split` asks for; those it brings itself stay as they are."""
    present = corpus.parts()
    missing = [part for part in TAKEN if part not in present and split.share(part) > 0]
    return _SplitCorpus(corpus, split, missing) if missing else corpus


class _SplitCorpus:
    """A corpus whose training part is shared out while it is read."""

    def __init__(self, corpus: Corpus, split: Split, missing: Sequence[str]) -> None:
        self.corpus, self.split, self.missing = corpus, split, missing
        train = corpus.parts().get("train", ())
        self._files = split.files(train, missing) if split.config.by == "file" else None

    def parts(self) -> Mapping[str, Sequence[Path]]:
        present = self.corpus.parts()
        train = present.get("train", ())
        found = {
            part: present[part] if part in present else self._sources(part, train)
            for part in PARTS
            if part in present or part in self.missing
        }
        return found | ({"train": self._sources("train", train)} if "train" in present else {})

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        if part != "train" and part not in self.missing:
            yield from self.corpus.read(part, rejects)
            return
        # A bad row is told once: when the training part is read.
        heard = rejects if part == "train" else AlreadyTold()
        found, count = False, 0
        for example in self.corpus.read("train", heard):
            side, count = self._side(example), count + 1
            if side == part or (part == "train" and side not in self.missing):
                found = True
                yield example
        if not found:
            raise DataError("corpus.empty_part", key=f"split.{part}", part=part, by=self.split.config.by, count=count)

    def _side(self, example: Example) -> str:
        if self._files is None:
            return self.split.part(example)
        # A file inside an archive is named after the archive.
        known = self._files.get(example.file)
        return known or next(part for file, part in self._files.items() if example.file.startswith(file))

    def _sources(self, part: str, train: Sequence[Path]) -> Sequence[Path]:
        files = self._files
        return train if files is None else [file for file in train if files[str(file)] == part]


class AlreadyTold:
    """Takes rows that were set aside before, in another reading of the same file."""

    def add(self, code: str, *, file: object, line: int, text: str, **values: Any) -> None:
        """The row is in the rejects file already."""

    def note(self, code: str, *, file: object, line: int = 0, text: str = "", **values: Any) -> None:
        """So is what was told of it."""
