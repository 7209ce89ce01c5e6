"""Plain text: an unlabelled example a line, or a class and a text a line (`5 How far is it ...`, `__label__x ...`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tengjia.config.parameters import Limits
from tengjia.contracts import Rejects
from tengjia.data.archives import locate
from tengjia.data.example import Example
from tengjia.data.lines import good_lines, nonempty
from tengjia.data.options import at_least_one
from tengjia.data.spans import BadRow, checked_text
from tengjia.registry import readers


@readers.register("text")
class Text:
    """Reads one example a line; blank lines are left out, blanks around a text stay."""

    limits: ClassVar[Limits] = {"max_line": (1, None)}

    @dataclass(frozen=True)
    class Config:
        label_end: str = ""
        """What ends the class at the beginning of a line (a space, a tab); empty: lines have no class."""

        label_prefix: str = ""
        """What stands before every class and is taken off (`__label__`)."""

        encoding: str = "auto"
        """Codec of the file, or `auto`."""

        max_line: int = 1000000
        """Characters that a line may have."""

    def __init__(self, config: Config) -> None:
        self.config = config
        at_least_one(max_line=config.max_line)

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        """Yield the lines of a file (plain, `.gz`, or a member of a zip archive)."""
        return nonempty(self._examples(path, rejects), path)

    def _examples(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        config, source = self.config, locate(path)
        for number, line in good_lines(source, rejects, encoding=config.encoding, max_line=config.max_line):
            if not line.strip():
                continue
            try:
                label, text = self._parts(line)
                yield Example(checked_text(text), (), source.name, number, label=label)
            except BadRow as fault:
                rejects.add(fault.code, file=source.name, line=number, text=line, **fault.values)

    def _parts(self, line: str) -> tuple[str | None, str]:
        config = self.config
        if not config.label_end:
            return None, line
        label, mark, text = line.partition(config.label_end)
        name = label.removeprefix(config.label_prefix)
        if not mark or not name or not label.startswith(config.label_prefix):
            raise BadRow("data.no_label", found=label[:60], prefix=config.label_prefix, end=config.label_end)
        return name, text
