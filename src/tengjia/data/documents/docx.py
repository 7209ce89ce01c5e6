"""Word (.docx): paragraphs and table rows in the order of the document, text boxes and content controls included.

A Word file has no pages of its own: they are counted by the breaks that its author set and those that Word left when it
last laid the document out. Deleted text of tracked changes is left out, inserted text is in.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tengjia.contracts import Rejects
from tengjia.data.archives import Source
from tengjia.data.documents import Paragraph
from tengjia.data.documents.joining import joined
from tengjia.data.office import opened_office_file
from tengjia.errors import DataError, EnvironmentFault

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED: Final = frozenset({_FALLBACK, f"{_W}del", f"{_W}moveFrom"})


def paragraphs(source: Source, rejects: Rejects) -> Iterator[Paragraph]:
    """Yield the paragraphs, and the rows of tables as cells separated by tabs (a merged cell once).

    Raises:
        DataError: The file is damaged or refused.
        EnvironmentFault: python-docx is not installed.
    """
    del rejects
    try:
        import docx
    except ImportError:
        raise EnvironmentFault("data.missing_package", found="python-docx", extra="documents") from None
    path = Path(source.name)
    with opened_office_file(path) as file:
        # The parser of a hostile file may raise nearly anything: whatever it is, the file is damaged.
        try:
            body = docx.Document(file).element.body
            yield from _Walk().blocks(body)
        except (DataError, GeneratorExit):
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {str(error)[:200]}"
            raise DataError("data.damaged_document", file=path, reason=reason) from error


class _Walk:
    """Goes through the XML tree and counts the pages that begin on the way."""

    def __init__(self) -> None:
        self.page = 1

    def blocks(self, parent: Any) -> Iterator[Paragraph]:
        """The paragraphs and tables below an element, at whatever depth they stand."""
        for element in parent:
            if element.tag == f"{_W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{_W}tbl":
                yield from self._table(element)
            elif element.tag not in _SKIPPED:
                yield from self.blocks(element)

    def _paragraph(self, element: Any) -> Iterator[Paragraph]:
        pieces: list[str] = []
        boxes: list[Any] = []
        page = self.page
        for kind, value in _pieces(element):
            if kind == "page":
                # A break before the first word moves the whole paragraph; a later one what follows.
                self.page += 1
                page = page if "".join(pieces).strip() else self.page
            elif kind == "box":
                boxes.append(value)
            else:
                pieces.append(value)
        if text := joined("".join(pieces)):
            yield Paragraph(text, page)
        for box in boxes:
            yield from self.blocks(box)

    def _table(self, table: Any) -> Iterator[Paragraph]:
        for row in table.iter(f"{_W}tr"):
            if next(row.iterancestors(f"{_W}tbl")) is not table:
                continue
            page = self.page
            cells = []
            for cell in row.iter(f"{_W}tc"):
                if next(cell.iterancestors(f"{_W}tr")) is row:
                    # A cell may hold paragraphs and tables of its own.
                    cells.append(" ".join(inner.text.replace("\t", " ") for inner in self.blocks(cell)))
            if any(cells):
                yield Paragraph("\t".join(cells), page, "table")


def _pieces(element: Any) -> Iterator[tuple[str, Any]]:
    """What a paragraph is made of: `("text", str)`, `("page", None)`, `("box", element)`."""
    for child in element:
        tag = child.tag
        if tag in _SKIPPED:
            continue
        if tag == f"{_W}t":
            yield "text", child.text or ""
        elif tag in (f"{_W}tab", f"{_W}ptab"):
            yield "text", "\t"
        elif tag == f"{_W}noBreakHyphen":
            yield "text", "-"
        elif tag == f"{_W}lastRenderedPageBreak" or (tag == f"{_W}br" and child.get(f"{_W}type") == "page"):
            yield "page", None
        elif tag in (f"{_W}br", f"{_W}cr"):
            yield "text", "\n"
        elif tag == f"{_W}txbxContent":
            yield "box", child
        elif tag not in (f"{_W}pPr", f"{_W}rPr"):
            yield from _pieces(child)
