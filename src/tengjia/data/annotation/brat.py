"""Writes a folder for brat: a `.txt` and a `.ann` file for each example, and `annotation.conf` with the types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tengjia.data.annotation import Prediction, paired
from tengjia.data.example import Example, Span
from tengjia.errors import DataError
from tengjia.utilities.files import write_text

_LINE_END = re.compile("\n+")


def write(folder: Path, examples: Iterable[Example], predictions: Iterable[Sequence[Prediction]] | None = None) -> int:
    """Write examples, in constant memory.

    Args:
        folder: A folder that does not exist or is empty: old documents would mix with the new ones.
        examples: One document each, in the order of their names. Class and `extra` have no place in brat.
        predictions: A model's spans, to be written instead of the examples' own; each score becomes a note.

    Returns:
        How many documents were written.

    Raises:
        DataError: The folder is not empty, a type holds blanks, a text has NUL characters or is empty, or examples and
            predictions do not pair up.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DataError("data.folder_not_empty", file=folder)
    number, types = 0, set[str]()
    for number, example, found in paired(examples, predictions):
        if not example.text or "\0" in example.text:
            raise DataError("data.bad_text", file=example.file, line=example.line, found=repr(example.text[:60]))
        marks = example.spans if found is None else [Span(e.start, e.end, e.type) for e in found]
        types.update(mark.type for mark in marks)
        scores = [] if found is None else [float(entity.score) for entity in found]
        lines = list(_lines(example, marks, scores))
        # A text that begins with what would be taken for a byte order mark gets one more.
        mark = "\ufeff" if example.text.startswith("\ufeff") else ""
        write_text(folder / f"{number:08d}.txt", mark + example.text)
        write_text(folder / f"{number:08d}.ann", "".join(line + "\n" for line in lines))
    entities = "".join(name + "\n" for name in sorted(types))
    write_text(folder / "annotation.conf", f"[entities]\n{entities}\n[relations]\n\n[events]\n\n[attributes]\n")
    return number


def _lines(example: Example, marks: Sequence[Span], scores: Sequence[float]) -> Iterator[str]:
    for at, (start, end, name) in enumerate(marks, 1):
        if not name or re.search(r"\s", name):
            raise DataError("data.blank_in_type", file=example.file, line=example.line, found=name)
        pieces = list(_pieces(example.text, start, end))
        offsets = ";".join(f"{first} {after}" for first, after in pieces)
        surface = re.sub("[\r\n]", " ", " ".join(example.text[first:after] for first, after in pieces))
        yield f"T{at}\t{name} {offsets}\t{surface}"
    for at, score in enumerate(scores, 1):
        yield f"#{at}\tAnnotatorNotes T{at}\tscore {score:.6f}"


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """brat's own way with spans over line ends: a piece for each line, unless a line end is at the border."""
    surface = text[start:end]
    if surface.startswith("\n") or surface.endswith("\n"):
        yield start, end
        return
    at = start
    for match in _LINE_END.finditer(surface):
        yield at, start + match.start()
        at = start + match.end()
    yield at, end
