"""Files that belong together line by line: tokens in one, tags in another, the class in a third (Snips, ATIS)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, ClassVar, Literal

from tengjia.config.parameters import Limits
from tengjia.contracts import Rejects
from tengjia.data.archives import locate
from tengjia.data.example import Example, Span
from tengjia.data.lines import BadLine, lines, nonempty
from tengjia.data.options import at_least_one
from tengjia.data.spans import BadRow, checked_label
from tengjia.data.tags import TagScheme
from tengjia.errors import DataError
from tengjia.registry import readers

_BLANKS = re.compile("[ \t]+")


@readers.register("parallel")
class Parallel:
    """Reads one example a line; the file of tokens is the one that is named, the others stand beside it."""

    limits: ClassVar[Limits] = {"max_line": (1, None)}

    @dataclass(frozen=True)
    class Config:
        tags: str | None = "seq.out"
        """Name of the file of tags beside the file of tokens; null: there is none."""

        label: str | None = "label"
        """Name of the file of classes; null: there is none."""

        scheme: Literal["auto", "bio", "iob1", "bioes", "bmes", "biluo"] = "auto"
        """Letters of the tags; `auto` understands them all."""

        joiner: str = " "
        """What stands between tokens in the text."""

        repair: Literal["lenient", "strict", "error"] = "lenient"
        """What becomes of a broken sequence: a stray tag begins a span, the span is dropped, or the row is refused."""

        encoding: str = "auto"
        """Codec of the files, or `auto`."""

        max_line: int = 1000000
        """Characters that a line may have."""

    def __init__(self, config: Config) -> None:
        self.config = config
        at_least_one(max_line=config.max_line)
        self._scheme = TagScheme(config.scheme, repair=config.repair)

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        """Yield the lines of the file of tokens with what stands in the same lines of the others."""
        return nonempty(self._examples(path, rejects), path)

    def _examples(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        names = {"tokens": path.name, "tags": self.config.tags, "label": self.config.label}
        sources = {role: locate(path.with_name(name)) for role, name in names.items() if name is not None}
        options: dict[str, Any] = {"encoding": self.config.encoding, "max_line": self.config.max_line}
        files = [lines(source, rejects, **options) for source in sources.values()]
        for row in zip_longest(*files):
            number = next(cell[0] for cell in row if cell is not None)
            cells = dict(zip(sources, (cell and cell[1] for cell in row)))
            short = next((role for role, cell in cells.items() if cell is None), None)
            if short is not None:
                raise DataError("data.unequal_lengths", file=sources[short].name, line=number, other=path.name)
            try:
                example = self._example(cells, sources["tokens"].name, number, rejects)
            except BadRow as fault:
                rejects.add(fault.code, file=path, line=number, text=str(cells["tokens"]), **fault.values)
            else:
                yield example

    def _example(self, cells: dict[str, str | BadLine | None], file: str, number: int, rejects: Rejects) -> Example:
        good = {role: _good(cell) for role, cell in cells.items()}
        tokens = _pieces(good["tokens"])
        if not tokens:
            raise BadRow("data.bad_text", found=repr(good["tokens"][:60]))
        joiner, offsets, position = self.config.joiner, [], 0
        for token in tokens:
            offsets.append((position, position + len(token)))
            position += len(token) + len(joiner)
        text = joiner.join(tokens)
        spans: tuple[Span, ...] = ()
        if "tags" in good:
            tags = [self._scheme.parse(tag) for tag in _pieces(good["tags"])]
            if len(tags) != len(tokens):
                raise BadRow("data.unequal_tokens", tokens=len(tokens), tags=len(tags))
            units, broken = self._scheme.spans(tags)
            for at in broken:
                rule = self.config.repair
                rejects.note("data.repaired_tags", file=file, line=number, text=text, found=tokens[at], rule=rule)
            spans = tuple(Span(offsets[first][0], offsets[after - 1][1], name) for first, after, name in units)
        label = checked_label(good["label"].strip(" \t")) if "label" in good else None
        return Example(text, spans, file, number, tuple(offsets), label)


def _good(cell: str | BadLine | None) -> str:
    if isinstance(cell, BadLine):
        raise BadRow(cell.code, **cell.values)
    return cell or ""


def _pieces(line: str) -> list[str]:
    return [piece for piece in _BLANKS.split(line) if piece]
