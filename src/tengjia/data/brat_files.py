"""brat's files: which belong together, what an annotation line says.

T1<TAB>Person 0 5<TAB>Alice            a span; several pieces are `0 5;10 15` (one for each line, or a real gap)
R1<TAB>Employs Arg1:T2 Arg2:T1         relations, events (E), attributes (A, M), notes (#, N), equivalences (*)
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from tengjia.contracts import Rejects
from tengjia.data.archives import Source, is_zip, locate, members, missing
from tengjia.data.example import Span
from tengjia.data.lines import good_lines, text_blocks
from tengjia.data.spans import BadRow, checked_span, checked_surface, shown
from tengjia.errors import DataError

_LINE_END: Final = re.compile("[\r\n]")
OTHERS: Final = {"R": "relations", "E": "events", "A": "attributes", "M": "attributes", "N": "normalizations"}


@dataclass(frozen=True)
class Mark:
    """One text-bound annotation, as it stands."""

    line: int
    pieces: tuple[tuple[int, int], ...]
    type: str
    surface: str

    def span(self, text: str) -> Span:
        """The span, if its pieces are the lines of one stretch of text and it covers what it says.

        Raises:
            BadRow: It is made of pieces with something between them, outside the text, or covers something else.
        """
        for (_, end), (start, _) in pairwise(self.pieces):
            if text[end:start].strip("\r\n") or end >= start:
                raise BadRow("data.discontinuous_span", found=self.surface[:60], count=len(self.pieces))
        span = checked_span(text, self.pieces[0][0], self.pieces[-1][1], self.type)
        if not self.fits(text):
            checked_surface(text, span, self.surface)
        return span

    def fits(self, text: str) -> bool:
        """Whether the text at these offsets is what it says; line ends count as blanks."""
        covered = " ".join(text[start:end] for start, end in self.pieces)
        return _LINE_END.sub(" ", covered) == _LINE_END.sub(" ", self.surface)


def documents(path: Path, rejects: Rejects) -> Iterator[tuple[Source, Source | None]]:
    """The texts under a folder, in a zip archive or a folder in one, or one text, with their annotations.

    Args:
        path: Folder, archive, `archive.zip/folder`, or `.txt` file.
        rejects: Takes annotations without a text.

    Raises:
        DataError: There is nothing of the kind.
    """
    found = _files(path)
    for name, source in found.items():
        if name.endswith(".ann") and f"{name[:-4]}.txt" not in found:
            rejects.add("data.no_text", file=source.name, line=0, text="", expected=f"{name[:-4]}.txt")
    texts = [name for name in found if name.endswith(".txt")]
    if not texts:
        raise DataError("data.no_examples", file=path)
    for name in texts:
        yield found[name], found.get(f"{name[:-4]}.ann")


def _files(path: Path) -> dict[str, Source]:
    if path.is_dir():
        walked = (Path(folder, name) for folder, _, names in os.walk(path) for name in names)
        wanted = sorted(file for file in walked if file.suffix in (".txt", ".ann"))
        return {file.relative_to(path).as_posix(): Source(file) for file in wanted}
    archive = next((place for place in (path, *path.parents) if place.is_file()), None)
    if archive is None:
        raise missing(path)
    if is_zip(archive):
        prefix = "" if archive == path else path.relative_to(archive).as_posix()
        inside = [name for name in members(archive) if name == prefix or name.startswith(prefix and f"{prefix}/")]
        return {name: Source(archive, name) for name in inside if name.endswith((".txt", ".ann"))}
    beside = path.with_suffix(".ann")
    files = {f"{path.stem}.txt": locate(path)}
    return files | ({f"{path.stem}.ann": Source(beside)} if beside.is_file() else {})


def whole_text(source: Source, rejects: Rejects, *, encoding: str, limit: int) -> str:
    """The text of a document, line ends as they stand.

    Raises:
        BadRow: It is empty, longer than `limit`, or holds NUL characters (it was not written to its end).
        DataError: It cannot be read.
    """
    pieces, length = [], 0
    try:
        for block in text_blocks(source, rejects, encoding=encoding):
            pieces.append(block)
            length += len(block)
            if length > limit:
                raise BadRow("data.document_too_long", limit=limit)
            if "\0" in block:
                raise BadRow("data.nul_character")
    except DataError as error:
        if error.code != "data.empty_file":
            raise
        raise BadRow("data.bad_text", found="''") from None
    return "".join(pieces)


def marks(source: Source, rejects: Rejects, *, encoding: str) -> list[Mark]:
    """The spans of an annotation file; lines that make no sense go to the rejects."""
    ignored: Counter[str] = Counter()
    found = []
    try:
        for number, line in good_lines(source, rejects, encoding=encoding):
            if not line.strip():
                continue
            try:
                if line.startswith("T"):
                    found.append(_mark(line, number))
                else:
                    ignored[_kind(line)] += 1
            except BadRow as fault:
                rejects.add(fault.code, file=source.name, line=number, text=line, **fault.values)
    except DataError as error:
        # A document without a single span has an empty file.
        if error.code != "data.empty_file":
            raise
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(ignored.items()) if kind != "notes")
    if told:
        rejects.note("data.ignored", file=source.name, found=told)
    return found


def _kind(line: str) -> str:
    if line[0] in "#*":
        return "notes" if line[0] == "#" else "equivalences"
    kind = OTHERS.get(line[0])
    if kind is None or "\t" not in line:
        raise BadRow("data.bad_annotation", found=shown(line))
    return kind


def _mark(line: str, number: int) -> Mark:
    parts = line.split("\t", 2)
    name, _, offsets = parts[1].partition(" ") if len(parts) == 3 else ("", "", "")
    pieces = [piece.split(" ") for piece in offsets.split(";")]
    if not name or any(len(piece) != 2 or not all(map(_is_number, piece)) for piece in pieces):
        raise BadRow("data.bad_annotation", found=shown(line))
    return Mark(number, tuple((int(start), int(end)) for start, end in pieces), name, parts[2])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 12


def fitted(text: str, found: list[Mark]) -> str:
    """The text with the line ends that the offsets count: some tools count a carriage return before a line feed,
    some do not, and the marked words tell."""
    if "\r\n" not in text:
        return text
    plain = text.replace("\r\n", "\n")
    return plain if _fit(plain, found) > _fit(text, found) else text


def _fit(text: str, found: list[Mark]) -> int:
    return sum(mark.fits(text) for mark in found)
