"""What a preprocessing worker does with a chunk of examples: count the pieces of its texts, or encode it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy
import pyarrow as pa

from tengjia.base_tasks.stages.base_task import TaskEncoding
from tengjia.base_tasks.texts.tally import Counts, counted
from tengjia.contracts import Tokenizer
from tengjia.data.cleaning import Cleaning
from tengjia.data.example import Example
from tengjia.data.example_table import ExampleTable
from tengjia.data.rejects import CollectedRejects
from tengjia.errors import TengjiaError
from tengjia.registry import Scope, set_scope, tokenizers


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
    encoding: type[TaskEncoding]
    """How examples become rows."""
    config: Any
    """The section `encoding`."""
    cleaning: Cleaning.Config
    """How texts are cleaned."""
    tokenizer: Mapping[str, Any]
    """What builds the tokenizer; its files lie in `folder/tokenizer` while pieces are counted."""
    examples: Mapping[str, Path]
    """The examples of each part."""
    files: tuple[str, ...]
    """Names of the corpus files."""
    folder: Path
    """Holds `tokenizer` (to count) and the whole encoding as `encode`."""


@dataclass
class EncodedChunk:
    """A chunk, ready to be written."""

    batch: pa.RecordBatch
    odd: Mapping[str, int]
    """Counts of what was found odd."""
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
        self._tokenizer: Tokenizer | None = None
        self._encoding: TaskEncoding | None = None

    def __call__(self, task: Task) -> Counts | EncodedChunk:
        if task.part not in self._tables:
            self._tables[task.part] = ExampleTable(self._sources.examples[task.part], self._sources.files)
        table = self._tables[task.part]
        return self._counted(table, task.batch) if task.step == "count" else self._encoded(table, task.batch)

    def _counted(self, table: ExampleTable, number: int) -> Counts:
        if self._tokenizer is None:
            self._tokenizer = tokenizers.build(self._sources.tokenizer)
            self._tokenizer.load(self._sources.folder / "tokenizer")
        texts, pairs = self._texts(table, number), self._sources.config.bigrams
        try:
            return counted(self._tokenizer, texts, pairs=pairs)
        except TengjiaError:
            raise
        except Exception:  # a poisoned text: leave it out here, `_encoded` will name its row
            sound = [text for text in texts if _is_cut(self._tokenizer, text)]
            return counted(self._tokenizer, sound, pairs=pairs)

    def _texts(self, table: ExampleTable, number: int) -> list[str]:
        """Everything that the vocabulary is counted from."""
        of_batch = getattr(self._sources.encoding, "texts_of_batch", None)
        if self._cleaning is None and of_batch is not None:
            found: list[str] | None = of_batch(self._sources.config, table.table[number])
            if found is not None:
                return found
        texts_of, config = self._sources.encoding.texts_of, self._sources.config
        examples = (example for _, example in self._examples(table, number, CollectedRejects()))
        return [text for example in examples for text in texts_of(config, example)]

    def _examples(self, table: ExampleTable, number: int, rejects: CollectedRejects) -> Iterable[tuple[int, Example]]:
        """The examples of a chunk, cleaned, with their numbers."""
        numbered = enumerate(table.chunk(number), table.first(number))
        if self._cleaning is None:
            return numbered
        cleaned = ((i, self._cleaning.example(example, rejects)) for i, example in numbered)
        return [(i, self._wholly(example)) for i, example in cleaned if example is not None]

    def _wholly(self, example: Example) -> Example:
        """A cleaned example with its further texts cleaned too."""
        further = getattr(self._sources.encoding, "further_texts", lambda config: ())(self._sources.config)
        if not further:
            return example
        assert self._cleaning is not None
        texts = {name: self._cleaning.clean(example.extra[name]).text for name in further if name in example.extra}
        return replace(example, extra={**example.extra, **texts})

    def _encoded(self, table: ExampleTable, number: int) -> EncodedChunk:
        if self._encoding is None:
            self._encoding = self._sources.encoding.load(self._sources.folder / "encode")
        if self._cleaning is None and (together := _together(self._encoding, table, number)) is not None:
            return together
        rejects = CollectedRejects()
        found = list(self._examples(table, number, rejects))
        chunk = _chunk(self._encoding, [example for _, example in found], [i for i, _ in found])
        chunk.rejects.records[:0] = rejects.records
        return chunk


def _together(encoding: TaskEncoding, table: ExampleTable, number: int) -> EncodedChunk | None:
    """A chunk as it stands, where the encoding has a quick way; `None` if it has none, or if a row is poisoned, so
    that each must be looked at."""
    many = getattr(encoding, "rows_of_batch", None)
    if many is None:
        return None
    batch = table.table[number]
    numbers = numpy.arange(batch.num_rows, dtype=numpy.int32) + numpy.int32(table.first(number))
    try:
        return EncodedChunk(*many(batch, numbers))
    except TengjiaError:
        raise
    except Exception:
        return None


def _chunk(encoding: TaskEncoding, examples: Sequence[Example], numbers: Sequence[int]) -> EncodedChunk:
    """Encode a chunk; if a row is poisoned, one by one, and tell which."""
    rejects = CollectedRejects()
    try:
        return EncodedChunk(*encoding.rows(examples, numpy.array(numbers, numpy.int32), rejects), rejects)
    except TengjiaError:
        raise
    except Exception as error:
        if len(examples) == 1:
            [example] = examples
            refused = CollectedRejects()
            reason = f"{type(error).__name__}: {error}"
            refused.add("cache.bad_row", file=example.file, line=example.line, text=example.text, reason=reason)
            return EncodedChunk(pa.RecordBatch.from_pylist([], schema=encoding.schema()), {}, refused)
    half = len(examples) // 2
    return _joined([_chunk(encoding, examples[part], numbers[part]) for part in (slice(half), slice(half, None))])


def _joined(chunks: Sequence[EncodedChunk]) -> EncodedChunk:
    rejects, odd = CollectedRejects(), dict[str, int]()
    for chunk in chunks:
        rejects.records += chunk.rejects.records
        for name, count in chunk.odd.items():
            odd[name] = odd.get(name, 0) + count
    return EncodedChunk(pa.concat_batches([chunk.batch for chunk in chunks]), odd, rejects)


def _is_cut(tokenizer: Tokenizer, text: str) -> bool:
    try:
        tokenizer.tokenize(text)
    except TengjiaError:
        raise
    except Exception:
        return False
    return True
