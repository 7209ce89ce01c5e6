"""The lines of a text file with their numbers, in constant memory, whatever the file holds.

Lines end at a line feed (a carriage return before it belongs to the end) and nowhere else: the other characters that
`str.splitlines` takes for ends, such as U+2028 or U+0085, occur within real text.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from tengjia.contracts import Rejects
from tengjia.data.archives import BoundedStream, Source
from tengjia.data.encodings import Detected, detect
from tengjia.errors import DataError

Item = TypeVar("Item")
BLOCK: Final = 1 << 18
SHOWN: Final = 200


@dataclass(frozen=True)
class BadLine:
    """A line that is no text, for a reader to hand to the rejects (perhaps with the lines around it)."""

    code: str
    text: str
    values: dict[str, Any] = field(default_factory=dict)


def lines(
    source: Source, rejects: Rejects, *, encoding: str = "auto", max_line: int = 1_000_000
) -> Iterator[tuple[int, str | BadLine]]:
    """Yield `(number from 1, line)` without line ends.

    Args:
        source: The file, as `tengjia.data.archives.locate` finds it.
        rejects: Is told of an encoding that was detected.
        encoding: A codec name or `"auto"`.
        max_line: Characters that a line may have.

    Raises:
        DataError: The file is missing, empty, binary, or damaged.
    """
    for number, block in line_blocks(source, rejects, encoding=encoding, max_line=max_line):
        yield from enumerate(block.split("\n") if isinstance(block, str) else block, number)


def line_blocks(
    source: Source, rejects: Rejects, *, encoding: str = "auto", max_line: int = 1_000_000
) -> Iterator[tuple[int, str | list[str | BadLine]]]:
    """Yield `(number of the first line, lines)`: many together, joined by line feeds, where all of them are text.

    Args and errors are those of `lines`.
    """
    detected = detect(source, encoding)
    tell_encoding(source, detected, rejects)
    number = 1
    try:
        with source.open() as stream:
            stream.read(detected.mark)
            for offset, block in _blocks(stream, detected, 4 * max_line):
                found = _lines_of(block, offset, detected, max_line)
                if found:
                    yield number, found
                    number += found.count("\n") + 1 if isinstance(found, str) else len(found)
    except DataError as error:
        raise _at_line(error, source, number) from error


def good_lines(
    source: Source, rejects: Rejects, *, encoding: str = "auto", max_line: int = 1_000_000
) -> Iterator[tuple[int, str]]:
    """The lines that are text; the others go to the rejects. For formats in which a line is an example."""
    for number, line in lines(source, rejects, encoding=encoding, max_line=max_line):
        if isinstance(line, str):
            yield number, line
        else:
            rejects.add(line.code, file=source.name, line=number, text=line.text, **line.values)


def text_blocks(source: Source, rejects: Rejects, *, encoding: str = "auto") -> Iterator[str]:
    """The whole text of a file in blocks, line ends as they stand. For formats whose values go over lines.

    Raises:
        DataError: The file is missing, empty, binary, or damaged, or some of it cannot be decoded.
    """
    detected = detect(source, encoding)
    tell_encoding(source, detected, rejects)
    decoder = codecs.getincrementaldecoder(detected.encoding)()
    number, offset = 1, detected.mark
    try:
        with source.open() as stream:
            stream.read(detected.mark)
            while block := stream.read(BLOCK):
                text = _decoded(decoder, block, offset, detected)
                number, offset = number + text.count("\n"), offset + len(block)
                yield text
            yield _decoded(decoder, b"", offset, detected)
    except DataError as error:
        raise _at_line(error, source, number) from error


def _decoded(decoder: codecs.IncrementalDecoder, block: bytes, offset: int, detected: Detected) -> str:
    waiting = len(decoder.getstate()[0])
    try:
        return decoder.decode(block, final=not block)
    except UnicodeDecodeError as error:
        found = error.object[error.start : error.start + 4].hex(" ")
        at = offset - waiting + error.start
        raise DataError("data.undecodable", bytes=found, offset=at, encoding=detected.encoding) from None


def tell_encoding(source: Source, detected: Detected, rejects: Rejects) -> None:
    """Say how a file is read, unless it is plain UTF-8."""
    if detected.reason:
        name, reason = detected.encoding, detected.reason
        rejects.note("data.encoding_detected", file=source.name, encoding=name, reason=reason)


def nonempty(examples: Iterable[Item], path: Path) -> Iterator[Item]:
    """The same examples.

    Raises:
        DataError: There was none.
    """
    empty = True
    for example in examples:
        empty = False
        yield example
    if empty:
        raise DataError("data.no_examples", file=path)


def _blocks(stream: BoundedStream, detected: Detected, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Blocks of whole lines with their offsets in the file; `None` for a line of more than `limit` bytes."""
    rest, offset = b"", detected.mark
    skipping = False
    while chunk := stream.read(BLOCK):
        data = rest + chunk
        end = _last_newline(data, detected.newline)
        if skipping and end:
            first = _first_newline(data, detected.newline)
            yield offset, None
            data, end, offset, skipping = data[first:], end - first, offset + first, False
        if skipping or (not end and len(data) > limit):
            skipping, keep = True, len(data) % len(detected.newline)
            offset += len(data) - keep
            rest = data[len(data) - keep :]
            continue
        if end:
            yield offset, data[:end]
        offset, rest = offset + end, data[end:]
    if skipping:
        yield offset, None
    elif rest:
        yield offset, rest


def _lines_of(block: bytes | None, offset: int, detected: Detected, max_line: int) -> str | list[str | BadLine]:
    """The lines of a block, joined by line feeds if all are text."""
    if block is None:
        return [BadLine("data.line_too_long", "", {"limit": max_line})]
    try:
        text = block.decode(detected.encoding)
    except UnicodeDecodeError:
        return list(_line_by_line(block, offset, detected, max_line))
    ending = detected.newline.decode(detected.encoding)
    if ending == "\n" and "\r" in text:
        text = text.replace("\r\n", "\n").removesuffix("\r")
    joined = text.removesuffix(ending)
    if joined and len(text) <= max_line and "\0" not in text and (ending == "\n" or "\n" not in text):
        return joined.replace(ending, "\n")
    parts = text.split(ending)
    if not parts[-1]:
        parts.pop()
    return [_checked(line, max_line) for line in parts]


def _checked(line: str, max_line: int) -> str | BadLine:
    if len(line) > max_line:
        return BadLine("data.line_too_long", line[:SHOWN], {"limit": max_line})
    if "\0" in line:
        return BadLine("data.nul_character", line[:SHOWN].rstrip("\0"))
    return line


def _line_by_line(block: bytes, offset: int, detected: Detected, max_line: int) -> Iterator[str | BadLine]:
    """The lines of a block in which something cannot be decoded."""
    at = 0
    while at < len(block):
        end = _first_newline(block, detected.newline, at) or len(block)
        line = block[at:end]
        try:
            line.decode(detected.encoding)
        except UnicodeDecodeError as error:
            found = line[error.start : error.start + 4].hex(" ")
            values = {"bytes": found, "offset": offset + at + error.start, "encoding": detected.encoding}
            text = line[: 4 * SHOWN].decode(detected.encoding, "backslashreplace")[:SHOWN]
            yield BadLine("data.undecodable", text.rstrip("\r\n"), values)
        else:
            sound = _lines_of(line, 0, detected, max_line)
            yield from [sound] if isinstance(sound, str) else sound
        at = end


def _first_newline(data: bytes, newline: bytes, start: int = 0) -> int:
    """Offset after the first line end from `start` on that begins at a whole character; 0 if there is none."""
    at = data.find(newline, start)
    while at >= 0 and at % len(newline):
        at = data.find(newline, at + 1)
    return at + len(newline) if at >= 0 else 0


def _last_newline(data: bytes, newline: bytes) -> int:
    """Offset after the last line end that begins at a whole character; 0 if there is none."""
    at = data.rfind(newline)
    while at >= 0 and at % len(newline):
        at = data.rfind(newline, 0, at + len(newline) - 1)
    return at + len(newline) if at >= 0 else 0


def _at_line(error: DataError, source: Source, number: int) -> DataError:
    if error.problem.line:
        return error
    return DataError(error.code, file=source.name, line=number, **error.problem.values)
