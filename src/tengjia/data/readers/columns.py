"""Column files: a token and its tag a line, a blank line between sentences (CoNLL, BIO, BIOES, BMES, BILUO)."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, cast

from tengjia.config.parameters import Limits
from tengjia.contracts import Rejects
from tengjia.data.archives import locate
from tengjia.data.example import Example, Span
from tengjia.data.lines import BadLine, line_blocks, nonempty
from tengjia.data.options import at_least_one, of_length
from tengjia.data.sentence_blocks import Sentence, SentenceParser
from tengjia.data.spans import BadRow
from tengjia.data.tags import OUTSIDE, TagScheme
from tengjia.registry import readers

if TYPE_CHECKING:
    from tengjia.data.example_table import ExampleBlock

_BLANKS = re.compile("[ \t]+")
_Tag = tuple[str, str]
_MARKS = {"tab": "\t", "space": " ", "whitespace": " \t"}


@dataclass
class _Sentence:
    """The rows of a sentence as they stand; a fault in one spoils the whole."""

    separator: str
    document: int = 0
    rows: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    size: int = 0
    part: int = 0
    spoiled: bool = False

    @property
    def is_fresh(self) -> bool:
        """Whether nothing of it was seen yet."""
        return not (self.rows or self.part or self.spoiled)

    def spoil(self) -> None:
        self.rows, self.lines, self.size, self.spoiled = [], [], 0, True


@readers.register("columns")
class Columns:
    """Reads sentences of tokens, joined to a text, whose tags become spans.

    A sentence in which something cannot be used goes to the rejects as a whole, with the line of the first fault.
    Examples have `extra["document"]` where the file marks documents, and `extra["part"]` where a sentence was cut.
    """

    limits: ClassVar[Limits] = {"max_tokens": (1, None), "max_line": (1, None)}

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

        repair: Literal["lenient", "strict", "error"] = "lenient"
        """What becomes of a broken sequence: a stray tag begins a span, the span is dropped, or the sentence is
        refused."""

        comment: str = ""
        """Lines that begin so are left out (`# `); empty: there are no comments."""

        document_start: str = "-DOCSTART-"
        """First column of the lines that begin a document."""

        max_tokens: int = 5000
        """A longer sentence (a stream without blank lines) is given in parts, cut after a token that is in no span."""

        encoding: str = "auto"
        """Codec of the file, or `auto`."""

        max_line: int = 1000000
        """Characters that a line may have; a sentence with more is given in parts too."""

    def __init__(self, config: Config) -> None:
        self.config = config
        at_least_one(max_tokens=config.max_tokens, max_line=config.max_line)
        of_length("tag_delimiter", config.tag_delimiter, 1, 10, "one or more characters")
        of_length("untyped", config.untyped, 1, 100, "a name")
        self._scheme = TagScheme(
            config.scheme, repair=config.repair, delimiter=config.tag_delimiter, untyped=config.untyped
        )
        self._parser: SentenceParser | None = None
        if config.tag_column is not None:
            self._parser = SentenceParser(
                self._scheme, token_column=config.token_column, tag_column=config.tag_column, joiner=config.joiner
            )

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        """Yield the sentences of a file (plain, `.gz`, or a member of a zip archive)."""
        return nonempty(cast("Iterator[Example]", self._sentences(path, rejects, together=False)), path)

    def read_together(self, path: Path, rejects: Rejects) -> Iterator[Example | ExampleBlock]:
        """The same, but sentences that are as most are come in blocks: several times as fast."""
        return nonempty(self._sentences(path, rejects, together=True), path)

    def _sentences(self, path: Path, rejects: Rejects, *, together: bool) -> Iterator[Example | ExampleBlock]:
        config, source = self.config, locate(path)
        sentence, file = _Sentence(config.separator), source.name
        for number, block in line_blocks(source, rejects, encoding=config.encoding, max_line=config.max_line):
            if isinstance(block, str):
                way = self._stretch if together and not self._holds_others(block) else self._block
                sentence = yield from way(number, block, sentence, file, rejects)
            else:
                sentence = yield from self._rows(enumerate(block, number), sentence, file, rejects)
        yield from self._finished(sentence, file, rejects)

    def _stretch(
        self, number: int, block: str, sentence: _Sentence, file: str, rejects: Rejects
    ) -> Generator[Example | ExampleBlock, None, _Sentence]:
        """As `_block`, all whole sentences together if they are as most are."""
        head, _, rest = block.partition("\n\n")
        body, _, tail = rest.rpartition("\n\n")
        if not body.strip("\n"):
            return (yield from self._block(number, block, sentence, file, rejects))
        sentence = yield from self._rows(enumerate([*head.split("\n"), ""], number), sentence, file, rejects)
        number += head.count("\n") + 2
        found = self._together(body, number, sentence.separator, file) if not sentence.document else None
        if found is not None:
            yield found
        else:
            sentence = yield from self._block(number, f"{body}\n\n", sentence, file, rejects)
        number += body.count("\n") + 2
        return (yield from self._rows(enumerate(tail.split("\n"), number), sentence, file, rejects))

    def _together(self, rows: str, number: int, separator: str, file: str) -> ExampleBlock | None:
        from tengjia.data.sentence_tables import block_of

        config = self.config
        if config.token_column not in (0, -2) or config.tag_column not in (1, -1) or separator not in ("tab", "space"):
            return None
        mark = _MARKS[separator]
        return block_of(rows, file, number, mark, self._scheme, joiner=config.joiner, most=config.max_tokens)

    def _block(
        self, number: int, block: str, sentence: _Sentence, file: str, rejects: Rejects
    ) -> Generator[Example, None, _Sentence]:
        """Give the sentences that a block completes, those that are as most are without a look at each row.

        Returns:
            The sentence that the next block goes on with.
        """
        parts, unusual = block.split("\n\n"), self._holds_others(block)
        for place, part in enumerate(parts, 1):
            count, is_whole = part.count("\n") + 1, place < len(parts) and sentence.is_fresh
            is_usual = is_whole and count <= self.config.max_tokens and not (unusual and self._holds_others(part))
            if is_usual and (quick := self._quick_sentence(part, sentence.separator)) is not None:
                extra = {"document": str(sentence.document)} if sentence.document else {}
                text, spans, tokens = quick
                yield Example(text, spans, file, number, tokens, extra=extra)
            else:
                rows = [*part.split("\n"), *([""] if place < len(parts) else [])]
                sentence = yield from self._rows(enumerate(rows, number), sentence, file, rejects)
            number += count + 1
        return sentence

    def _holds_others(self, rows: str) -> bool:
        """Whether some line may be other than a row: blank though not empty, a comment, the beginning of a document."""
        marks = [" ", "\t", self.config.comment, self.config.document_start]
        return any(mark and (f"\n{mark}" in rows or rows.startswith(mark)) for mark in marks)

    def _quick_sentence(self, rows: str, separator: str) -> Sentence | None:
        if self._parser is None or separator not in ("tab", "space"):
            return None
        return self._parser.parse(rows, _MARKS[separator])

    def _rows(
        self, rows: Iterable[tuple[int, str | BadLine]], sentence: _Sentence, file: str, rejects: Rejects
    ) -> Generator[Example, None, _Sentence]:
        """Take in lines one by one; give the sentences that they complete, and return the one that is not."""
        # What a line begins with tells nearly always that it is a row.
        config = self.config
        special = {" ", "\t", config.comment[:1], config.document_start[:1]}
        for number, line in rows:
            if isinstance(line, BadLine):
                if not sentence.spoiled:
                    rejects.add(line.code, file=file, line=number, text=line.text, **line.values)
                sentence.spoil()
            elif line and (line[0] not in special or self._is_row(line)):
                if not sentence.spoiled:
                    sentence.rows.append(line)
                    sentence.lines.append(number)
                    sentence.size += len(line)
                    if len(sentence.rows) > config.max_tokens or sentence.size > config.max_line:
                        yield from self._cut(sentence, file, rejects)
            elif not (line and config.comment and line.startswith(config.comment)):
                yield from self._finished(sentence, file, rejects)
                begins = bool(line) and bool(config.document_start) and line.startswith(config.document_start)
                sentence = _Sentence(sentence.separator, sentence.document + begins)
        return sentence

    def _is_row(self, line: str) -> bool:
        """Whether a line is neither blank nor a comment nor the beginning of a document."""
        comment, start = self.config.comment, self.config.document_start
        is_other = (comment and line.startswith(comment)) or (start and line.startswith(start))
        return bool(line.strip(" \t")) and not is_other

    def _finished(self, sentence: _Sentence, file: str, rejects: Rejects) -> Iterator[Example]:
        if not sentence.rows:
            return
        sentence.part += bool(sentence.part)
        parsed = self._parsed(sentence, file, rejects)
        example = None if parsed is None else self._example(*parsed, sentence, file, rejects)
        if example is not None:
            yield example

    def _cut(self, sentence: _Sentence, file: str, rejects: Rejects) -> Iterator[Example]:
        """Give the part of a long sentence that ends with the last token outside of spans."""
        limit = self.config.max_tokens
        parsed = self._parsed(sentence, file, rejects)
        if parsed is None:
            return
        tokens, tags = parsed
        end = next((at for at in range(min(len(tags), limit), 0, -1) if tags[at - 1][0] == OUTSIDE), 0)
        if not end:
            line, text = sentence.lines[-1], sentence.rows[-1]
            rejects.add("data.sentence_too_long", file=file, line=line, text=text, limit=len(tags) - 1)
            sentence.spoil()
            return
        if not sentence.part:
            rejects.note("data.sentence_cut", file=file, line=sentence.lines[0], limit=limit)
        sentence.part += 1
        example = self._example(tokens[:end], tags[:end], sentence, file, rejects)
        del sentence.rows[:end], sentence.lines[:end]
        sentence.size = sum(map(len, sentence.rows))
        if example is not None:
            yield example

    def _parsed(self, sentence: _Sentence, file: str, rejects: Rejects) -> tuple[list[str], list[_Tag]] | None:
        """Tokens and tags of the rows; `None`, and the first fault in the rejects, if one cannot be used."""
        if sentence.separator == "auto":
            sentence.separator = "tab" if "\t" in sentence.rows[0] else "space"
        # All rows at once, which is quick; only when something is unusual one by one, to see what and where.
        if (quick := self._quick(sentence.rows, sentence.separator)) is not None:
            return quick
        tokens, tags = [], []
        for number, row in zip(sentence.lines, sentence.rows):
            try:
                token, tag = self._row(row, sentence.separator)
            except BadRow as fault:
                rejects.add(fault.code, file=file, line=number, text=row, **fault.values)
                sentence.spoil()
                return None
            tokens.append(token)
            tags.append(tag)
        return tokens, tags

    def _quick(self, rows: list[str], separator: str) -> tuple[list[str], list[_Tag]] | None:
        """Tokens and tags of rows that are as most are; `None` at the first doubt."""
        token_column, tag_column, known = self.config.token_column, self.config.tag_column, self._scheme.known
        if tag_column is None or separator == "whitespace":
            return None
        mark = _MARKS[separator]
        fields = [row.split(mark) for row in rows]
        try:
            tokens = [columns[token_column] for columns in fields]
            tags = [known[columns[tag_column]] for columns in fields]
        except (IndexError, KeyError):
            return None
        return None if "" in tokens or len(min(fields, key=len)) < 2 else (tokens, tags)

    def _row(self, row: str, separator: str) -> tuple[str, _Tag]:
        """Token and tag of one row.

        Raises:
            BadRow: A column is missing, the token is empty, or the tag is none of the scheme.
        """
        config, fields = self.config, _fields(row, separator)
        count = len(fields)
        for column, least in ((config.token_column, 1), (config.tag_column, 2)):
            if column is not None and not (-count <= column < count and count >= least):
                raise BadRow("data.missing_column", found=count, column=column, separator=separator)
        if not fields[config.token_column]:
            raise BadRow("data.empty_token")
        tag = OUTSIDE if config.tag_column is None else fields[config.tag_column]
        return fields[config.token_column], self._scheme.parse(tag)

    def _example(
        self, tokens: list[str], tags: list[_Tag], sentence: _Sentence, file: str, rejects: Rejects
    ) -> Example | None:
        joiner, numbers = self.config.joiner, sentence.lines
        text = joiner.join(tokens)
        try:
            units, broken = self._scheme.spans(tags)
        except BadRow as fault:
            at = fault.values.pop("unit")
            rejects.add(fault.code, file=file, line=numbers[at], text=text, **fault.values)
            return None
        for at in broken:
            rule = self.config.repair
            rejects.note("data.repaired_tags", file=file, line=numbers[at], text=text, found=tokens[at], rule=rule)
        gap = len(joiner)
        starts = list(accumulate((len(token) + gap for token in tokens), initial=0))
        offsets = tuple((start, after - gap) for start, after in pairwise(starts))
        spans = tuple(Span(offsets[first][0], offsets[after - 1][1], name) for first, after, name in units)
        extra = {"document": str(sentence.document)} if sentence.document else {}
        if sentence.part:
            extra["part"] = str(sentence.part)
        return Example(text, spans, file, numbers[0], offsets, extra=extra)


def _fields(row: str, separator: str) -> list[str]:
    """The columns of a row. Two separators at the very beginning mean that the token is the separator itself."""
    marks = _MARKS[separator]
    if row[0] in marks and len(row) > 2 and row[1] in marks:
        return [row[0], *_fields(row[2:].lstrip(marks), separator)]
    if separator == "tab":
        return row.split("\t")
    row = row.rstrip(marks)
    return row.split(" ") if separator == "space" else _BLANKS.split(row)
