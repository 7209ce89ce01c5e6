"""Two files that belong together line by line: a text in one, what is to be written for it in the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import ClassVar

from tengjia.config.parameters import Limits
from tengjia.contracts import Rejects
from tengjia.data.archives import locate
from tengjia.data.example import Example
from tengjia.data.lines import BadLine, lines, nonempty
from tengjia.data.options import at_least_one, of_length
from tengjia.errors import DataError
from tengjia.registry import readers


@readers.register("parallel_text")
class ParallelText:
    """Reads one pair a line; the file of texts is the one that is named, the other stands beside it.

    `train.zh` and `train.en`: name `train.zh`, and `reader.target=.en`. A pair of which one line is empty is handed to
    the rejects; files of different length are refused.
    """

    limits: ClassVar[Limits] = {"max_line": (1, None)}

    @dataclass(frozen=True)
    class Config:
        target: str = ".en"
        """Ending of the other file, in the place of the last ending of the first."""

        column: str = "target"
        """Name under which the other text is kept with the example."""

        encoding: str = "auto"
        """Codec of the files, or `auto`."""

        max_line: int = 1000000
        """Characters that a line may have."""

    def __init__(self, config: Config) -> None:
        self.config = config
        at_least_one(max_line=config.max_line)
        of_length("target", config.target, 2, 40, "an ending such as `.en`")

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        """Yield the lines of both files, pair by pair.

        Raises:
            DataError: A file is missing or damaged, or one has more lines than the other.
        """
        return nonempty(self._examples(path, rejects), path)

    def _examples(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        other = path.with_suffix(self.config.target)
        if other == path:
            raise DataError("data.one_file_twice", file=path, key="reader.target", found=self.config.target)
        source, target = locate(path), locate(other)
        limits = {"encoding": self.config.encoding, "max_line": self.config.max_line}
        both = (lines(one, rejects, **limits) for one in (source, target))  # type: ignore[arg-type]
        for one, two in zip_longest(*both):
            if one is None or two is None:
                short, number = (source, two[0]) if one is None else (target, one[0])
                longer = target if one is None else source
                raise DataError("data.unequal_lengths", file=short.name, line=number, other=longer.name)
            number, text, written = one[0], one[1], two[1]
            bad = next((cell for cell in (text, written) if isinstance(cell, BadLine)), None)
            if bad is not None:
                rejects.add(bad.code, file=source.name, line=number, text=bad.text, **bad.values)
            elif not str(text).strip() or not str(written).strip():
                rejects.add("data.half_pair", file=source.name, line=number, text=f"{text} ||| {written}")
            else:
                yield Example(str(text), file=source.name, line=number, extra={self.config.column: str(written)})
