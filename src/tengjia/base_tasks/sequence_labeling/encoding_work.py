"""What a preprocessing worker does with a chunk of texts: count its pieces, or encode it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

import numpy
import pyarrow as pa

from tengjia.base_tasks.sequence_labeling.alignment import UNSEEN, Spans, flat_spans
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.rows import record_batch
from tengjia.data.cleaning import Cleaning
from tengjia.data.example import Example
from tengjia.data.example_table import ExampleTable, spans_of
from tengjia.data.rejects import CollectedRejects
from tengjia.data.token_arrays import cut
from tengjia.errors import TengjiaError
from tengjia.registry import Scope, set_scope


class Task(NamedTuple):
    """One chunk of a part."""

    step: Literal["count", "encode"]
    part: str
    batch: int


@dataclass(frozen=True)
class Sources:
    """Where a worker finds what it needs; it opens each when it is first asked for it."""

    scope: Scope
    """For the project's own tokenizers."""
    cleaning: Cleaning.Config
    """How texts are cleaned."""
    examples: dict[str, Path]
    """The examples of each part."""
    files: tuple[str, ...]
    """Names of the corpus files."""
    folder: Path
    """Holds the encoding of each step: `count` with the tokenizer alone, `encode` the whole."""
    columns: tuple[str, ...]
    """What the vocabulary is counted from."""
    bigrams: bool
    """Whether to count pairs too."""


class Counts(NamedTuple):
    """How often pieces and pairs of neighbours occur in a chunk."""

    pieces: list[str]
    """The distinct pieces."""
    numbers: numpy.ndarray
    """How often each occurs."""
    pairs: numpy.ndarray
    """`[P, 2]`: left and right piece, as places in `pieces`; `len(pieces)` stands for the end of a text."""
    pair_numbers: numpy.ndarray
    """How often each pair occurs."""


@dataclass
class EncodedChunk:
    """A chunk, ready to be written."""

    batch: pa.RecordBatch
    alignment: dict[str, int]
    """The counts of `Alignment`."""
    rejects: CollectedRejects = field(default_factory=CollectedRejects)


class Worker:
    """Does tasks; built once in every process.

    Args:
        sources: What to work on.
    """

    def __init__(self, sources: Sources) -> None:
        set_scope(sources.scope)
        self._sources = sources
        self._cleaning = None if sources.cleaning == Cleaning.Config() else Cleaning(sources.cleaning)
        self._tables: dict[str, ExampleTable] = {}
        self._encodings: dict[str, Encoding] = {}

    def __call__(self, task: Task) -> Counts | EncodedChunk:
        if task.part not in self._tables:
            self._tables[task.part] = ExampleTable(self._sources.examples[task.part], self._sources.files)
        if task.step not in self._encodings:
            self._encodings[task.step] = Encoding.load(self._sources.folder / task.step)
        table, encoding = self._tables[task.part], self._encodings[task.step]
        if task.step == "count":
            return self._counted(table, task.batch, encoding)
        return self._encoded(table, task.batch, encoding)

    def _counted(self, table: ExampleTable, number: int, encoding: Encoding) -> Counts:
        texts = self._texts(table, number)
        try:
            return counted(encoding, texts, pairs=self._sources.bigrams)
        except TengjiaError:
            raise
        except Exception:  # a poisoned row: leave it out here, `_encoded` will name it
            sound = [text for text in texts if _reason(encoding, text) is None]
            return counted(encoding, sound, pairs=self._sources.bigrams)

    def _texts(self, table: ExampleTable, number: int) -> list[str]:
        """Everything that the vocabulary is counted from."""
        columns = self._sources.columns
        if self._cleaning is None and columns == ("text",):
            texts: list[str] = table.table[number].column("text").to_pylist()
            return texts
        examples = [example for _, example in self._examples(table, number, CollectedRejects())]
        return [
            text
            for example in examples
            for name in columns
            if (text := example.text if name == "text" else example.extra.get(name, ""))
        ]

    def _examples(self, table: ExampleTable, number: int, rejects: CollectedRejects) -> list[tuple[int, Example]]:
        """The examples of a chunk, cleaned, with their numbers."""
        numbered = enumerate(table.chunk(number), table.first(number))
        if self._cleaning is None:
            return list(numbered)
        cleaned = ((i, self._cleaning.example(example, rejects)) for i, example in numbered)
        return [(i, example) for i, example in cleaned if example is not None]

    def _encoded(self, table: ExampleTable, number: int, encoding: Encoding) -> EncodedChunk:
        if self._cleaning is None and (together := _encoded_together(table, number, encoding)) is not None:
            return together
        rejects = CollectedRejects()
        examples = [
            (i, example) for i, example in self._examples(table, number, rejects) if _sound(encoding, example, rejects)
        ]
        spans = flat_spans([example.spans for _, example in examples], encoding.labels)
        numbers = numpy.array([i for i, _ in examples], dtype=numpy.int32)
        chunk = _chunk(encoding, [example.text for _, example in examples], spans, numbers)
        chunk.rejects = rejects
        return chunk


def _encoded_together(table: ExampleTable, number: int, encoding: Encoding) -> EncodedChunk | None:
    """A chunk as it stands; `None` if one of its rows is poisoned, so that each must be looked at."""
    batch = table.table[number]
    numbers = numpy.arange(batch.num_rows, dtype=numpy.int32) + numpy.int32(table.first(number))
    try:
        return _chunk(encoding, batch.column("text").to_pylist(), _spans(batch, encoding), numbers)
    except TengjiaError:
        raise
    except Exception:
        return None


def counted(encoding: Encoding, texts: Sequence[str], *, pairs: bool) -> Counts:
    """Count the pieces of texts, and the pairs of neighbours."""
    tokens = cut(encoding.tokenizer, texts)
    distinct = len(tokens.pieces)
    numbers = numpy.bincount(tokens.codes, minlength=distinct)
    if not pairs:
        return Counts(tokens.pieces, numbers, numpy.empty((0, 2), numpy.int64), numpy.empty(0, numpy.int64))
    following = numpy.append(tokens.codes[1:], distinct).astype(numpy.int64)
    following[numpy.cumsum(tokens.counts)[tokens.counts > 0] - 1] = distinct
    keys, pair_numbers = numpy.unique(tokens.codes * numpy.int64(distinct + 1) + following, return_counts=True)
    return Counts(tokens.pieces, numbers, numpy.stack(numpy.divmod(keys, distinct + 1), axis=1), pair_numbers)


@dataclass
class Tally:
    """The counts of many chunks; the order of the chunks changes nothing."""

    pieces: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    """With `None` for the end of a text."""

    def add(self, counts: Counts) -> None:
        """Add a chunk."""
        self.pieces.update(dict(zip(counts.pieces, counts.numbers.tolist())))
        if len(counts.pairs):
            names = [*counts.pieces, None]
            for (left, right), number in zip(counts.pairs.tolist(), counts.pair_numbers.tolist()):
                self.pairs[counts.pieces[left], names[right]] += number


def _chunk(encoding: Encoding, texts: Sequence[str], spans: Spans, numbers: numpy.ndarray) -> EncodedChunk:
    columns, told = encoding.columns(texts, spans, room=encoding.room)
    return EncodedChunk(record_batch(columns, numbers), asdict(told))


def _spans(batch: pa.RecordBatch, encoding: Encoding) -> Spans:
    marked = spans_of(batch)
    known = {name: number for number, name in enumerate(encoding.labels.types)}
    types = numpy.array([known.get(name, UNSEEN) for name in marked.names], dtype=numpy.int64)
    return Spans(marked.counts, marked.starts, marked.ends, types[marked.codes])


def _sound(encoding: Encoding, example: Example, rejects: CollectedRejects) -> bool:
    reason = _reason(encoding, example.text)
    if reason is not None:
        rejects.add("cache.bad_row", file=example.file, line=example.line, text=example.text, reason=reason)
    return reason is None


def _reason(encoding: Encoding, text: str) -> str | None:
    """Why a text cannot be encoded."""
    try:
        encoding.columns([text], None, room=encoding.room)
    except TengjiaError:
        raise
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None
