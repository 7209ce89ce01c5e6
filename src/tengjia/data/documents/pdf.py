"""PDF: the text boxes that pdfminer.six finds on each page, page by page, in its reading order."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

from tengjia.contracts import Rejects
from tengjia.data.archives import Source
from tengjia.data.documents import Paragraph
from tengjia.data.documents.joining import joined
from tengjia.data.office import seekable
from tengjia.errors import DataError, EnvironmentFault

# What pdfminer.six writes for a character whose font does not say which it is.
_UNMAPPED: Final = re.compile(r"\(cid:\d+\)")


def paragraphs(source: Source, rejects: Rejects) -> Iterator[Paragraph]:
    """Yield the text boxes of a document; pages without text (scans) are told.

    Raises:
        DataError: It is damaged or wants a password.
        EnvironmentFault: pdfminer.six is not installed.
    """
    try:
        from pdfminer.high_level import extract_pages
        from pdfminer.layout import LTTextContainer
    except ImportError:
        raise EnvironmentFault("data.missing_package", found="pdfminer.six", extra="documents") from None
    # What it grumbles about is of no use to a user; what stops it is told as an error.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    path = Path(source.name)
    with seekable(source) as file:
        if b"%PDF-" not in file.read(1024):
            raise DataError("data.damaged_document", file=path, reason="it does not begin as a PDF does")
        file.seek(0)
        pages = iter(extract_pages(cast(io.IOBase, file)))
        number = 0
        while (page := _following(pages, path, number + 1)) is not None:
            number += 1
            texts = [joined(box.get_text(), hyphens=True) for box in page if isinstance(box, LTTextContainer)]
            found = [text for text in texts if text]
            if not found:
                rejects.note("data.page_without_text", file=path, line=0, page=number)
            for text in found:
                if _UNMAPPED.search(text):
                    rejects.add("data.unmapped_characters", file=path, line=0, text=text, page=number)
                else:
                    yield Paragraph(text, number)
    if not number:
        raise DataError("data.damaged_document", file=path, reason="it has no pages")


def _following(pages: Iterator[Any], path: Path, number: int) -> Any:
    # The parser of a hostile file may raise nearly anything: whatever it is, the file is damaged.
    try:
        return next(pages, None)
    except Exception as error:
        reason = f"page {number}: {type(error).__name__} {str(error)[:200]}".rstrip()
        raise DataError("data.damaged_document", file=path, reason=reason) from error
