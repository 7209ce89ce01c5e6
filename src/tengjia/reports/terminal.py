"""Tables and bars for a terminal, in which a Chinese character is as wide as two Latin ones."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Sequence
from typing import TextIO

_COLOURS = (36, 33, 35, 32, 34, 31, 96, 93, 95, 92, 94, 91)
_RESET = "\x1b[0m"


def width(text: str) -> int:
    """Columns that a text takes on a terminal (UAX 11: wide and full-width characters take two)."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn", "Me", "Cc"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def padded(text: str, columns: int, align: str = "<") -> str:
    """`text` filled with spaces to `columns`; `align` is `<` or `>`."""
    space = " " * max(0, columns - width(text))
    return text + space if align == "<" else space + text


def shortened(text: str, columns: int) -> str:
    """`text`, cut with an ellipsis if it is wider than `columns`."""
    if width(text) <= columns:
        return text
    taken, room = [], columns - 1
    for character in text:
        room -= _width(character)
        if room < 0:
            break
        taken.append(character)
    return "".join(taken) + "…"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, rules: Sequence[int] = ()) -> str:
    """Lay out a table: the first column to the left, all others to the right.

    Args:
        header: Names of the columns.
        rows: Cells, as many in a row as columns.
        rules: Numbers of the rows before which a line is drawn.
    """
    lines = [header, *rows]
    columns = [max(width(cell) for cell in column) for column in zip(*lines, strict=True)]
    rule = "─" * (sum(columns) + 2 * (len(columns) - 1))
    result = [_line(header, columns), rule]
    for number, row in enumerate(rows):
        if number in rules:
            result.append(rule)
        result.append(_line(row, columns))
    return "\n".join(result)


def _line(cells: Sequence[str], columns: Sequence[int]) -> str:
    parts = [
        padded(cell, column, "<" if number == 0 else ">") for number, (cell, column) in enumerate(zip(cells, columns))
    ]
    return "  ".join(parts).rstrip()


def is_coloured(stream: TextIO = sys.stdout) -> bool:
    """Whether to write colours: a terminal, and neither `NO_COLOR` nor a dumb one."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def coloured(text: str, number: int, *, bold: bool = False) -> str:
    """`text` in one of the colours of the palette, which repeats."""
    return f"\x1b[{'1;' if bold else ''}{_COLOURS[number % len(_COLOURS)]}m{text}{_RESET}"


def printable(text: str) -> str:
    """`text` with every control character made visible, so that no text can steer the terminal."""
    return "".join(
        character if unicodedata.category(character) not in {"Cc", "Cs"} or character == "\t" else _visible(character)
        for character in text
    )


def _visible(character: str) -> str:
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else "�"
