"""`dataset=files`: the user's own files, read by the chosen `reader`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tengjia.contracts import Reader, Rejects
from tengjia.data.archives import exists
from tengjia.data.example import Example
from tengjia.errors import ConfigurationError, DataError
from tengjia.registry import datasets
from tengjia.utilities.nearest import nearest

if TYPE_CHECKING:
    from tengjia.data.example_table import ExampleBlock


@datasets.register("files")
class Files:
    """Files of each part. A part without files is taken from the training part as `split` says, or does not exist.

    Args:
        reader: Reads one file.
        root: What paths are relative to (`dataset_root`).

    Raises:
        ConfigurationError: No reader is chosen.
    """

    @dataclass(frozen=True)
    class Config:
        train: tuple[str, ...] = ()
        """Files to learn from: paths relative to `dataset_root`, or patterns such as `ner/train-*.txt`."""
        development: tuple[str, ...] = ()
        """Files to choose the best model by."""
        test: tuple[str, ...] = ()
        """Files to score the chosen model on."""

    needs_reader = True

    def __init__(self, config: Config, *, reader: Reader | None, root: Path) -> None:
        if reader is None:
            raise ConfigurationError("corpus.no_reader", key="reader")
        self.config, self.reader, self.root = config, reader, root

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """The files of each part that has some.

        Raises:
            DataError: A file is missing, or stands in two parts.
        """
        given = {part: getattr(self.config, part) for part in ("train", "development", "test")}
        parts = {part: self._found(part, patterns) for part, patterns in given.items() if patterns}
        owner: dict[Path, str] = {}
        for part, files in parts.items():
            for file in files:
                if (other := owner.setdefault(file.resolve(), part)) != part:
                    raise DataError("corpus.file_in_two_parts", file=file, key=f"dataset.{part}", other=other)
        return parts

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        """The examples of a part, file after file.

        Raises:
            DataError: The part has no files, or one is missing.
        """
        for file in self._files(part):
            yield from self.reader.read(file, rejects)

    def read_together(self, part: str, rejects: Rejects) -> Iterator[Example | ExampleBlock]:
        """The same, in blocks where the reader has a quick way to give many at once."""
        read: Callable[..., Iterator[Example | ExampleBlock]]
        read = getattr(self.reader, "read_together", self.reader.read)
        for file in self._files(part):
            yield from read(file, rejects)

    def _files(self, part: str) -> list[Path]:
        patterns = getattr(self.config, part)
        if not patterns:
            raise DataError("corpus.no_files", key=f"dataset.{part}", part=part)
        return self._found(part, patterns)

    def _found(self, part: str, patterns: Sequence[str]) -> list[Path]:
        """The files (members of archives, folders) that patterns mean, each once, those of one pattern by name."""
        files: dict[Path, None] = {}
        for pattern in patterns:
            path = self.root / pattern
            matches = [path] if path.is_dir() or exists(path) else self._matching(path)
            if not matches:
                raise self._missing(part, pattern, path)
            files.update(dict.fromkeys(matches))
        return list(files)

    def _matching(self, path: Path) -> list[Path]:
        anchor = Path(path.anchor)
        inner = str(path.relative_to(anchor))
        if not any(sign in inner for sign in "*?["):
            return []
        return sorted(file for file in anchor.glob(inner) if file.is_file())

    def _missing(self, part: str, pattern: str, path: Path) -> DataError:
        folder = path.parent
        beside = [file.name for file in folder.iterdir() if file.is_file()] if folder.is_dir() else []
        return DataError(
            "corpus.file_missing",
            key=f"dataset.{part}",
            found=pattern,
            path=path,
            nearest=", ".join(nearest(path.name, beside)) or "-",
        )
