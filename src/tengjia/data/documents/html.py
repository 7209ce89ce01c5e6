"""HTML: the text of its blocks, with the standard library's parser, which no markup can break.

Scripts and styles are left out; a table gives a row a paragraph, its cells separated by tabs.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from tengjia.contracts import Rejects
from tengjia.data.archives import Source
from tengjia.data.documents import Paragraph
from tengjia.data.lines import text_blocks
from tengjia.errors import DataError

MAX_CHARACTERS: Final = 32 << 20
"""The parser scans what an unclosed comment holds again and again."""

_SILENT: Final = frozenset({"script", "style", "template", "noscript", "svg", "math", "head", "iframe"})
_BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "legend", "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead",
    "tr", "ul",
})  # fmt: skip
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)


def paragraphs(source: Source, rejects: Rejects) -> Iterator[Paragraph]:
    """Yield the blocks of text of a page.

    Raises:
        DataError: The file is empty, binary, or not in the encoding that it states.
    """
    path, parser = source.name, _Blocks()
    length = 0
    for block in text_blocks(source, rejects, encoding=_encoding(source)):
        length += len(block)
        if length > MAX_CHARACTERS:
            raise DataError("data.damaged_document", file=path, reason=f"more than {MAX_CHARACTERS} characters")
        parser.feed(block)
        yield from parser.taken()
    parser.close()
    parser.end_block()
    yield from parser.taken()
    if parser.silent:
        rejects.note("data.unclosed_element", file=path, found=parser.silent[0])


def _encoding(source: Source) -> str:
    """What the page says of itself in its first 4096 bytes, else `auto`."""
    with source.open() as file:
        head = file.read(4096)
    found = _CHARSET.search(head)
    if found is None or head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "auto"
    name = found.group(1).decode("ascii").lower()
    # Pages that say GB2312 hold the characters of its successors; those that say UTF-16 cannot be read by their bytes.
    if name in ("gb2312", "gbk", "gb_2312-80", "x-gbk"):
        return "gb18030"
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return "auto"
    return "cp1252" if known == "iso8859-1" else "auto" if known.startswith("utf-16") else known


class _Blocks(HTMLParser):
    """Gathers text until a block begins or ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[Paragraph] = []
        self._text: list[str] = []
        self._cells: list[str] | None = None
        self._in_cell = False
        self.silent: list[str] = []
        self._raw = 0

    def taken(self) -> list[Paragraph]:
        """The paragraphs that are complete, each given once."""
        found, self._found = self._found, []
        return found

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """`<![CDATA[` and its like; the parser of the library fails at words it does not know."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The end of a head need not be written: the first block ends it.
        if self.silent == ["head"] and tag in _BLOCKS:
            self.silent.clear()
        if self.silent or tag in _SILENT:
            if tag in _SILENT:
                self.silent.append(tag)
            return
        if tag == "tr":
            self._end_row()
            self._cells = []
        elif tag in ("td", "th") and self._cells is not None:
            self._end_cell()
            self._in_cell = True
        elif tag in _BLOCKS:
            self.end_block()
        self._raw += tag == "pre"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.silent and tag in _BLOCKS:
            self.end_block()

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
            return
        if tag in ("td", "th") and self._cells is not None:
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()
        elif tag in _BLOCKS:
            self.end_block()
        if tag == "pre":
            self._raw = max(0, self._raw - 1)

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        self._text.append(data)
        if self._raw and "\n" in data:
            self._end_raw_lines()

    def end_block(self) -> None:
        """What has been gathered is a paragraph, or a part of a cell."""
        if self._cells is not None:
            # A block inside a cell is set off by a blank, and the cell goes on.
            self._text.append(" ")
            return
        if text := self._flush():
            self._found.append(Paragraph(text, 1))

    def _end_row(self) -> None:
        if self._cells is None:
            return self.end_block()
        self._end_cell()
        if any(self._cells):
            self._found.append(Paragraph("\t".join(self._cells), 1, "table"))
        self._cells = None

    def _end_cell(self) -> None:
        # The end of a cell need not be written either.
        assert self._cells is not None
        text = self._flush()
        if self._in_cell or text:
            self._cells.append(text)
        self._in_cell = False

    def _end_raw_lines(self) -> None:
        *lines, rest = "".join(self._text).split("\n")
        for line in lines:
            self._text = [line]
            self.end_block()
        self._text = [rest]

    def _flush(self) -> str:
        text, self._text = _SPACE.sub(" ", "".join(self._text)).strip(" "), []
        return text
