"""Column files: a token and its tag a line, a blank line between sentences (CoNLL, BIO, BIOES, BMES, BILUO)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tengjia.contracts import Rejects
from tengjia.data.archives import locate
from tengjia.data.example import Example, Span
from tengjia.data.lines import BadLine, lines, nonempty
from tengjia.data.spans import BadRow
from tengjia.data.tags import OUTSIDE, TagScheme
from tengjia.registry import readers

_BLANKS = re.compile("[ \t]+")
_MARKS = {"tab": "\t", "space": " ", "whitespace": " \t"}


@dataclass
class _Sentence:
    """What has been read of a sentence; a fault in it spoils the whole."""

    tokens: list[str] = field(default_factory=list)
    tags: list[tuple[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    part: int = 0
    spoiled: bool = False


@readers.register("columns")
class Columns:
    """Reads sentences of tokens, joined to a text, whose tags become spans.

    A sentence in which something cannot be used goes to the rejects as a whole, with the line of the first fault.
    Examples have `extra["document"]` where the file marks documents, and `extra["part"]` where a sentence was cut.
    """

    @dataclass(frozen=True)
    class Config:
        scheme: Literal["auto", "bio", "iob1", "bioes", "bmes", "biluo"] = "auto"
        """Letters of the tags; `auto` understands them all."""

        separator: Literal["auto", "tab", "space", "whitespace"] = "auto"
        """Between columns: one tab, one space, or any run of both; `auto`: tab if the first row holds one, else
        space."""

        joiner: str = ""
        """What stands between tokens in the text: nothing for characters, a space for words."""

        token_column: int = 0
        """Column of the token, from 0; negative numbers count from the end."""

        tag_column: int | None = -1
        """Column of the tag; null for a file without tags."""

        tag_delimiter: str = "-"
        """Between the letter and the type of a tag; the type may hold it again."""

        untyped: str = "SPAN"
        """Type of spans whose tags are mere letters, as in word segmentation."""

        repair: Literal["begin", "drop", "error"] = "begin"
        """What becomes of a broken sequence: a stray tag begins a span, the span is dropped, or the sentence is
        refused."""

        comment: str = ""
        """Lines that begin so are left out (`# `); empty: there are no comments."""

        document_start: str = "-DOCSTART-"
        """First column of the lines that begin a document."""

        max_tokens: int = 5000
        """A longer sentence (a stream without blank lines) is given in parts, cut where no span is."""

        encoding: str = "auto"
        """Codec of the file, or `auto`."""

        max_line: int = 1000000
        """Characters that a line may have."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._scheme = TagScheme(
            config.scheme, repair=config.repair, delimiter=config.tag_delimiter, untyped=config.untyped
        )

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        """Yield the sentences of a file (plain, `.gz`, or a member of a zip archive)."""
        return nonempty(self._sentences(path, rejects), path)

    def _sentences(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        config, source = self.config, locate(path)
        separator = config.separator
        sentence, document = _Sentence(), 0
        for number, line in lines(source, rejects, encoding=config.encoding, max_line=config.max_line):
            if isinstance(line, BadLine):
                self._spoil(sentence, BadRow(line.code, **line.values), line.text, source.name, number, rejects)
                continue
            is_document = bool(config.document_start) and line.startswith(config.document_start)
            if is_document or not line.strip(" \t"):
                yield from self._finished(sentence, source.name, document, rejects)
                sentence, document = _Sentence(), document + is_document
                continue
            if sentence.spoiled or (config.comment and line.startswith(config.comment)):
                continue
            if separator == "auto":
                separator = "tab" if "\t" in line else "space"
            try:
                self._append(sentence, line, separator, number)
                if len(sentence.tokens) > config.max_tokens:
                    yield from self._cut(sentence, source.name, document, rejects)
            except BadRow as fault:
                self._spoil(sentence, fault, line, source.name, number, rejects)
        yield from self._finished(sentence, source.name, document, rejects)

    def _append(self, sentence: _Sentence, line: str, separator: str, number: int) -> None:
        config = self.config
        fields = _fields(line, separator)
        try:
            token = fields[config.token_column]
            tag = OUTSIDE if config.tag_column is None else fields[config.tag_column]
        except IndexError:
            raise _missing_column(config, fields, separator) from None
        if config.tag_column is not None and len(fields) < 2:
            raise _missing_column(config, fields, separator)
        if not token:
            raise BadRow("data.empty_token")
        sentence.tags.append(self._scheme.parse(tag))
        sentence.tokens.append(token)
        sentence.lines.append(number)

    def _finished(self, sentence: _Sentence, file: str, document: int, rejects: Rejects) -> Iterator[Example]:
        if sentence.tokens and not sentence.spoiled:
            if sentence.part:
                sentence.part += 1
            example = self._example(sentence, file, document, rejects)
            if example is not None:
                yield example

    def _cut(self, sentence: _Sentence, file: str, document: int, rejects: Rejects) -> Iterator[Example]:
        """Give the part of a long sentence that ends with the last token outside of spans."""
        limit = self.config.max_tokens
        end = next((at for at in range(limit, 0, -1) if sentence.tags[at - 1][0] == OUTSIDE), 0)
        if not end:
            raise BadRow("data.sentence_too_long", limit=limit)
        if not sentence.part:
            rejects.note("data.sentence_cut", file=file, line=sentence.lines[0], limit=limit)
        sentence.part += 1
        head = _Sentence(sentence.tokens[:end], sentence.tags[:end], sentence.lines[:end], sentence.part)
        del sentence.tokens[:end], sentence.tags[:end], sentence.lines[:end]
        example = self._example(head, file, document, rejects)
        if example is not None:
            yield example

    def _example(self, sentence: _Sentence, file: str, document: int, rejects: Rejects) -> Example | None:
        tokens, joiner = sentence.tokens, self.config.joiner
        text, line = joiner.join(tokens), sentence.lines[0]
        try:
            units, broken = self._scheme.spans(sentence.tags)
        except BadRow as fault:
            at = fault.values.pop("unit")
            rejects.add(fault.code, file=file, line=sentence.lines[at], text=text, **fault.values)
            return None
        for at in broken:
            rule, number = self.config.repair, sentence.lines[at]
            rejects.note("data.repaired_tags", file=file, line=number, text=text, found=tokens[at], rule=rule)
        offsets, position = [], 0
        for token in tokens:
            offsets.append((position, position + len(token)))
            position += len(token) + len(joiner)
        spans = tuple(Span(offsets[first][0], offsets[after - 1][1], name) for first, after, name in units)
        extra = {"document": str(document)} if document else {}
        if sentence.part:
            extra["part"] = str(sentence.part)
        return Example(text, spans, file, line, tuple(offsets), extra=extra)

    def _spoil(self, sentence: _Sentence, fault: BadRow, line: str, file: str, number: int, rejects: Rejects) -> None:
        if not sentence.spoiled:
            rejects.add(fault.code, file=file, line=number, text=line, **fault.values)
        sentence.spoiled = True
        sentence.tokens.clear()
        sentence.tags.clear()
        sentence.lines.clear()


def _fields(line: str, separator: str) -> list[str]:
    """The columns of a row. Two separators at the very beginning mean that the token is the separator itself."""
    marks = _MARKS[separator]
    if line[0] in marks and len(line) > 2 and line[1] in marks:
        return [line[0], *_fields(line[2:].lstrip(marks), separator)]
    if separator == "tab":
        return line.split("\t")
    line = line.rstrip(marks)
    return line.split(" ") if separator == "space" else _BLANKS.split(line)


def _missing_column(config: Columns.Config, fields: list[str], separator: str) -> BadRow:
    column = config.tag_column if 0 <= config.token_column < len(fields) else config.token_column
    return BadRow("data.missing_column", found=len(fields), column=column, separator=separator)
