"""Examples in Arrow: what cleaning and splitting left of a corpus, memory-mapped."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

import numpy
import pyarrow as pa

from tengjia.data.arrow_tables import RowIndex, Table, list_column, numbers, values_of
from tengjia.data.example import Example, Span

SCHEMA: Final = pa.schema(
    [
        pa.field("text", pa.string(), nullable=False),
        pa.field("starts", pa.list_(pa.int32()), nullable=False),
        pa.field("ends", pa.list_(pa.int32()), nullable=False),
        pa.field("types", pa.list_(pa.string()), nullable=False),
        pa.field("file", pa.int32(), nullable=False),
        pa.field("line", pa.int64(), nullable=False),
        pa.field("label", pa.string()),
        pa.field("extra", pa.string()),
    ]
)


class Files:
    """Numbers for the files that examples come from, in the order in which they appear.

    Args:
        root: Files below this folder are named relative to it, so that the corpus may move.
    """

    def __init__(self, root: Path) -> None:
        self._prefix = f"{root}{os.sep}"
        self.numbers: dict[str, int] = {}

    def number(self, file: str) -> int:
        """The number of a file."""
        return self.numbers.setdefault(file.removeprefix(self._prefix), len(self.numbers))


class ExampleBlock(NamedTuple):
    """Examples of one file as flat arrays, for readers that find many at once. They have neither label nor extras."""

    texts: pa.StringArray
    counts: numpy.ndarray
    """`[texts]`: spans of each text."""
    starts: numpy.ndarray
    ends: numpy.ndarray
    types: pa.StringArray
    file: str
    lines: numpy.ndarray
    """`[texts]`: the line at which each begins."""


class Gathering:
    """Gathers examples of one file, that have neither label nor extras, to a block.

    Args:
        file: The file.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._texts: list[str] = []
        self._spans: list[tuple[Span, ...]] = []
        self._lines: list[int] = []

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, text: str, spans: tuple[Span, ...], line: int) -> None:
        """Take in an example."""
        self._texts.append(text)
        self._spans.append(spans)
        self._lines.append(line)

    def taken(self) -> Iterator[ExampleBlock]:
        """What has been gathered, if anything; the next example begins another block."""
        if not self._texts:
            return
        starts, ends, types = zip(*flat) if (flat := list(chain.from_iterable(self._spans))) else ((), (), ())
        yield ExampleBlock(
            pa.array(self._texts, pa.string()),
            numpy.fromiter(map(len, self._spans), numpy.int64, len(self._spans)),
            numpy.array(starts, numpy.int32),
            numpy.array(ends, numpy.int32),
            pa.array(types, pa.string()),
            self._file,
            numpy.array(self._lines, numpy.int64),
        )
        self._texts, self._spans, self._lines = [], [], []


def example_batches(examples: Iterable[Example | ExampleBlock], size: int, files: Files) -> Iterator[pa.RecordBatch]:
    """Pack examples, `size` to a batch; the numbers of their files are taken from `files`."""
    packed: list[pa.RecordBatch] = []
    rows = 0
    singles: list[Example] = []
    for item in examples:
        if isinstance(item, ExampleBlock):
            packed += [_batch(singles, files), _block_batch(item, files)] if singles else [_block_batch(item, files)]
            rows += len(singles) + len(item.lines)
            singles = []
        else:
            singles.append(item)
        if rows + len(singles) < size:
            continue
        if singles:
            packed.append(_batch(singles, files))
            rows += len(singles)
            singles = []
        *full, rest = _cut(packed, size)
        yield from full
        packed, rows = ([rest], rest.num_rows) if rest.num_rows else ([], 0)
    if singles:
        packed.append(_batch(singles, files))
    if packed:
        yield from (batch for batch in _cut(packed, size) if batch.num_rows)


def _cut(batches: Sequence[pa.RecordBatch], size: int) -> list[pa.RecordBatch]:
    """The rows in batches of `size`, and a last one with what is left, perhaps nothing."""
    whole = batches[0] if len(batches) == 1 else pa.concat_batches(batches)
    return [whole.slice(start, size) for start in range(0, whole.num_rows + (whole.num_rows % size == 0), size)]


def _block_batch(block: ExampleBlock, files: Files) -> pa.RecordBatch:
    count = len(block.lines)
    nothing = pa.nulls(count, pa.string())
    columns = [
        block.texts,
        list_column(block.counts, pa.array(block.starts, pa.int32())),
        list_column(block.counts, pa.array(block.ends, pa.int32())),
        list_column(block.counts, block.types),
        pa.array(numpy.full(count, files.number(block.file), numpy.int32)),
        pa.array(block.lines, pa.int64()),
        nothing,
        nothing,
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _batch(chunk: Sequence[Example], files: Files) -> pa.RecordBatch:
    spans = list(chain.from_iterable(example.spans for example in chunk))
    counts = numpy.fromiter((len(example.spans) for example in chunk), numpy.int64, len(chunk))
    columns = [
        pa.array([example.text for example in chunk], pa.string()),
        list_column(counts, pa.array([span.start for span in spans], pa.int32())),
        list_column(counts, pa.array([span.end for span in spans], pa.int32())),
        list_column(counts, pa.array([span.type for span in spans], pa.string())),
        pa.array([files.number(example.file) for example in chunk], pa.int32()),
        pa.array([example.line for example in chunk], pa.int64()),
        pa.array([example.label for example in chunk], pa.string()),
        pa.array([_packed(example) for example in chunk], pa.string()),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _packed(example: Example) -> str | None:
    return json.dumps(dict(example.extra), ensure_ascii=False, sort_keys=True) if example.extra else None


class ExampleTable(Sequence[Example]):
    """The examples of a part.

    Args:
        file: The Arrow file.
        files: Names of the corpus files, by their numbers.
    """

    def __init__(self, file: Path, files: Sequence[str]) -> None:
        self.file = file
        self.table = Table(file)
        self.files = tuple(files)
        self._index = RowIndex([batch.num_rows for batch in self.table])

    def __len__(self) -> int:
        return len(self._index)

    def __getitem__(self, number: int) -> Example:  # type: ignore[override]  # no slices
        if not 0 <= number < len(self):
            raise IndexError(number)
        batch, row = self._index.locate(number)
        return next(self._examples(self.table[batch].slice(row, 1)))

    def __iter__(self) -> Iterator[Example]:
        for batch in self.table:
            yield from self._examples(batch)

    def first(self, batch: int) -> int:
        """Number of the first example of a batch."""
        return self._index.first(batch)

    def chunk(self, batch: int) -> Iterator[Example]:
        """The examples of a batch."""
        return self._examples(self.table[batch])

    def _examples(self, batch: pa.RecordBatch) -> Iterator[Example]:
        for row in batch.to_pylist():
            yield Example(
                row["text"],
                tuple(map(Span, row["starts"], row["ends"], row["types"])),
                self.files[row["file"]],
                row["line"],
                None,
                row["label"],
                json.loads(row["extra"]) if row["extra"] else {},
            )


class BatchSpans(NamedTuple):
    """The spans of a batch as flat arrays."""

    counts: numpy.ndarray
    """`[texts]`: spans of each text."""
    starts: numpy.ndarray
    ends: numpy.ndarray
    names: list[str]
    """The distinct types."""
    codes: numpy.ndarray
    """Which of `names` each span is of."""


def spans_of(batch: pa.RecordBatch) -> BatchSpans:
    """The spans of a batch of examples."""
    offsets, starts = values_of(batch.column("starts"))
    _, ends = values_of(batch.column("ends"))
    types = batch.column("types").values.dictionary_encode()
    return BatchSpans(numpy.diff(offsets), starts, ends, types.dictionary.to_pylist(), numbers(types.indices))
