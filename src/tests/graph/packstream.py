"""PackStream, the coding of values in Bolt, written from its specification and not from the driver that it is to test.

Only what statements, their parameters and their rows are made of here: null, boolean, integer, float, string, list, map,
and the structure that every message is.
"""

from __future__ import annotations

import struct
from typing import Any, Final

_SHORT: Final = 16
"""Strings, lists and maps below this size carry it in their first byte."""
_FIXED: Final = {0xC0: None, 0xC2: False, 0xC3: True}
_NUMBERS: Final = {0xC1: ">d", 0xC8: ">b", 0xC9: ">h", 0xCA: ">i", 0xCB: ">q"}
_STRINGS: Final = (0x80, 0xD0)
_LISTS: Final = (0x90, 0xD4)
_MAPS: Final = (0xA0, 0xD8)
_STRUCTURE: Final = 0xB0


def packed(value: Any) -> bytes:
    """A value as bytes."""
    match value:
        case None | True | False:
            return bytes([next(mark for mark, fixed in _FIXED.items() if fixed is value)])
        case int():
            return _integer(value)
        case float():
            return b"\xc1" + struct.pack(">d", value)
        case str():
            data = value.encode("utf-8")
            return _head(_STRINGS, len(data)) + data
        case list() | tuple():
            return _head(_LISTS, len(value)) + b"".join(map(packed, value))
        case dict():
            return _head(_MAPS, len(value)) + b"".join(packed(key) + packed(item) for key, item in value.items())
    raise TypeError(f"no value of Bolt: {value!r}")


def message(tag: int, *fields: Any) -> bytes:
    """A message: a structure of a tag and its fields."""
    return bytes([_STRUCTURE | len(fields), tag]) + b"".join(map(packed, fields))


def read_message(data: bytes) -> tuple[int, list[Any]]:
    """The tag and the fields of a message.

    Raises:
        ValueError: It is none.
    """
    reader = _Reader(data)
    mark = reader.take(1)[0]
    if mark & 0xF0 != _STRUCTURE:
        raise ValueError(f"no message: {mark:#x}")
    tag = reader.take(1)[0]
    fields = [reader.value() for _ in range(mark & 0x0F)]
    if reader.place != len(data):
        raise ValueError(f"{len(data) - reader.place} bytes after the message")
    return tag, fields


def _integer(value: int) -> bytes:
    if -16 <= value < 128:
        return struct.pack(">b", value)
    for mark, size in ((0xC8, 1), (0xC9, 2), (0xCA, 4), (0xCB, 8)):
        if -(1 << 8 * size - 1) <= value < 1 << 8 * size - 1:
            return bytes([mark]) + value.to_bytes(size, "big", signed=True)
    raise OverflowError(f"more than 64 bits: {value}")


def _head(kind: tuple[int, int], size: int) -> bytes:
    short, long = kind
    if size < _SHORT:
        return bytes([short | size])
    power = next(power for power in range(3) if size < 1 << 8 * (1 << power))
    return bytes([long + power]) + size.to_bytes(1 << power, "big")


class _Reader:
    """Values out of bytes, one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def take(self, count: int) -> bytes:
        self.place += count
        if self.place > len(self.data):
            raise ValueError("the message ends too early")
        return self.data[self.place - count : self.place]

    def value(self) -> Any:
        mark = self.take(1)[0]
        if mark < 0x80 or mark >= 0xF0:
            return mark if mark < 0x80 else mark - 0x100
        if mark in _FIXED:
            return _FIXED[mark]
        if mark in _NUMBERS:
            form = _NUMBERS[mark]
            return struct.unpack(form, self.take(struct.calcsize(form)))[0]
        if (size := self._size(mark, _STRINGS)) is not None:
            return self.take(size).decode("utf-8")
        if (size := self._size(mark, _LISTS)) is not None:
            return [self.value() for _ in range(size)]
        if (size := self._size(mark, _MAPS)) is not None:
            return {self.value(): self.value() for _ in range(size)}
        raise ValueError(f"no value: {mark:#x}")

    def _size(self, mark: int, kind: tuple[int, int]) -> int | None:
        short, long = kind
        if mark & 0xF0 == short:
            return mark & 0x0F
        if long <= mark < long + 3:
            return int.from_bytes(self.take(1 << mark - long), "big")
        return None
