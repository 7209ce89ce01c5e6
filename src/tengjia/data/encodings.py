"""Which encoding a file has: said by the config, or found out from a sample and told.

UTF-8 and UTF-16 are recognised by their marks and patterns; for the rest charset-normalizer is asked.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Final

from tengjia.data.archives import BoundedStream, Source
from tengjia.errors import DataError

SAMPLE: Final = 1 << 16
"""Bytes that are looked at."""

COMMON: Final = ("utf-8", "gb18030", "utf-16", "big5", "latin-1", "cp1252", "shift_jis", "euc_kr")
"""What is suggested, and, the first apart, what is guessed among."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC: Final = {
    b"%PDF-": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x7fELF": "a program",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"ARROW1": "an Arrow file",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "a database",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"7z\xbc\xaf": "a 7z archive",
    b"PK\x03\x04": "a zip archive inside another",
}


@dataclass(frozen=True)
class Detected:
    """How to read a file."""

    encoding: str
    """Name of the codec, one without a mark of its own."""

    mark: int = 0
    """Bytes of the byte order mark, to be skipped."""

    newline: bytes = b"\n"
    """The bytes that end a line."""

    reason: str = ""
    """Why this encoding was chosen, in words; empty for UTF-8, and if the config says it."""


def detect(source: Source, encoding: str = "auto") -> Detected:
    """Find out how to read a file.

    Args:
        source: The file.
        encoding: A codec name, or `"auto"`.

    Raises:
        DataError: It is empty or binary, or `encoding` names no codec that lines of text can have.
    """
    said = None if encoding == "auto" else _known(encoding, source)
    with source.open() as stream:
        head = _read(stream, SAMPLE)
        if not head:
            raise DataError("data.empty_file", file=source.name)
        for magic, what in _MAGIC.items():
            if said is None and head.startswith(magic):
                raise DataError("data.binary_file", file=source.name, reason=what)
        found, mark = _by_mark(head)
        if said is None and found is None:
            said, reason = _by_content(head, _telling_sample(head, stream), source)
        else:
            reason = "it begins with a byte order mark"
    codec, mark = _agreed(said, found, mark)
    return Detected(codec, mark, _newline(head, codec), "" if encoding != "auto" or codec == "utf-8" else reason)


def _agreed(said: str | None, found: str | None, mark: int) -> tuple[str, int]:
    """The codec to use and the bytes to skip: a mark settles the byte order and belongs only to its own codec."""
    if said is None:
        assert found is not None
        return found, mark
    if said in ("utf-16", "utf-32"):
        return (found, mark) if found is not None and found.startswith(said) else (f"{said}-le", 0)
    return said, mark if said == found else 0


def _known(encoding: str, source: Source) -> str:
    try:
        name = codecs.lookup(encoding).name
        ending = "\n".encode(name)
    except (LookupError, UnicodeError, ValueError):
        name, ending = "", b""
    if name == "utf-8-sig":
        return "utf-8"
    if not ending.strip(b"\0").endswith(b"\n") or name in ("utf-7", "hz", "idna", "punycode"):
        raise DataError(
            "data.unknown_encoding", file=source.name, key="reader.encoding", found=encoding, allowed=", ".join(COMMON)
        )
    return name


def _by_mark(head: bytes) -> tuple[str | None, int]:
    return next(((name, len(mark)) for mark, name in _MARKS if head.startswith(mark)), (None, 0))


def _by_content(head: bytes, sample: bytes, source: Source) -> tuple[str, str]:
    if b"\0" in head:
        return _wide(head, source), "it makes sense as UTF-16 without a mark"
    # A few broken lines do not make it another encoding: they are told one by one, as lines.
    telling = [line for line in sample.split(b"\n") if not line.isascii()]
    if sum(_decodes(line, "utf-8") for line in telling) * 2 >= len(telling):
        return "utf-8", ""
    return _guessed(sample), "guessed from a sample"


def _wide(head: bytes, source: Source) -> str:
    """UTF-16 without a mark: in the right order it has line ends, and hardly a character that makes no sense."""
    texts = {name: head[: len(head) // 2 * 2].decode(name, "replace") for name in ("utf-16-le", "utf-16-be")}
    name, text = max(texts.items(), key=lambda item: (item[1].count("\n"), -_odd(item[1])))
    if "\n" not in text or _odd(text) * 100 > len(text):
        raise DataError("data.binary_file", file=source.name, reason="it holds NUL bytes")
    return name


def _odd(text: str) -> int:
    """How many characters text does not have: controls, unassigned, private, or what could not be decoded."""
    categories = Counter(map(unicodedata.category, text))
    blanks = sum(map(text.count, "\t\n\r"))
    return sum(categories[kind] for kind in ("Cc", "Cn", "Co", "Cs")) - blanks + text.count("\ufffd")


def _guessed(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    candidates = [codecs.lookup(name).name.replace("-", "_") for name in COMMON[1:] if name != "utf-16"]
    best = from_bytes(sample, cp_isolation=candidates).best()
    if best is not None:
        return codecs.lookup(best.encoding).name
    return "gb18030" if _decodes(sample, "gb18030") else "iso8859-1"


def _decodes(sample: bytes, codec: str) -> bool:
    # The sample may end within a character: an incremental decoder waits for the rest.
    try:
        codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _telling_sample(head: bytes, stream: BoundedStream) -> bytes:
    """The first stretch of the file that is not pure ASCII, with the lines whole; `head` if all is ASCII."""
    block = head
    while block.isascii():
        following = _read(stream, SAMPLE)
        if not following:
            return head
        block = block[block.rfind(b"\n") + 1 :] + following if len(block) <= SAMPLE else following
    return block


def _newline(head: bytes, codec: str) -> bytes:
    """Line feed, unless the file knows only carriage returns (old Macintosh)."""
    feed, carriage = "\n".encode(codec), "\r".encode(codec)
    return carriage if feed not in head and carriage in head and len(head) < SAMPLE else feed


def _read(stream: BoundedStream, size: int) -> bytes:
    """Exactly `size` bytes unless the file ends: a compressed stream may give fewer at once."""
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
