"""Everything between raw text and a batch: tokenizer, vocabulary, labels, windows. The same code trains and serves.

Whoever only serves stores no rows, so pyarrow is imported where rows are.

Long texts go through a model in windows, and a batch is made of windows:

    windows = encoding.windows(encoding.encode("高勇，男"))
    batch = encoding.collate([window.encoded for window in windows])
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy

from tengjia.base_tasks.sequence_labeling import encoded as forms
from tengjia.base_tasks.sequence_labeling.alignment import (
    UNSEEN,
    Alignment,
    Spans,
    align,
    flat_spans,
    inside,
    split_at,
    tags,
)
from tengjia.base_tasks.sequence_labeling.encoded import Arrays, Columns, Encoded, Window
from tengjia.base_tasks.sequence_labeling.pieces import side_by_side, units_of
from tengjia.base_tasks.texts.encoder import TextEncoder
from tengjia.base_tasks.texts.files import checked_config, described, write_description
from tengjia.config.parameters import Limits
from tengjia.data.batching import Part
from tengjia.data.example import Example
from tengjia.data.labels import SCHEMES, LabelSet
from tengjia.data.token_arrays import cut
from tengjia.errors import ConfigurationError, DataError
from tengjia.messages import Text, text

if TYPE_CHECKING:
    import pyarrow as pa

    from tengjia.base_tasks.stages.corpus import Examples
    from tengjia.contracts import Batch, Rejects

FORMAT = 1
PROBE = "a"


class Encoding:
    """Turns texts into batches (`stages.base_task.TaskEncoding`).

    Args:
        config: See `Config`.
        texts: Gives pieces and ids.
        labels: The tags.

    Raises:
        ConfigurationError: Lengths contradict one another.
    """

    limits: ClassVar[Limits] = {"overlap": (0, None)}

    @dataclass(frozen=True)
    class Config(TextEncoder.Config):
        """The section `encoding` of sequence labelling."""

        scheme: Literal["bio", "bioes", "bmes", "biluo"] = "bmes"
        """Tags of the model, whatever the corpus is written in."""

        maximum_length: int = 512
        """At most so many pieces go through the model at once, frame pieces included; longer texts are cut in
        windows."""

        overlap: int = 64
        """Pieces that neighbouring windows share when the model is used. Training takes windows side by side, and
        cuts between entities."""

    def __init__(self, config: Config, texts: TextEncoder, labels: LabelSet) -> None:
        self.config, self.texts, self.labels = config, texts, labels
        if config.overlap < 0 or texts.room < 2 * config.overlap + 1:
            raise ConfigurationError(
                "encoding.too_short",
                key="encoding.maximum_length",
                maximum_length=config.maximum_length,
                room=texts.room,
                frame=2 if texts.frame else 0,
                overlap=config.overlap,
                needed=2 * max(config.overlap, 0) + 1,
            )

    @classmethod
    def learn(cls, config: Config, texts: TextEncoder, examples: Examples, parts: Sequence[str]) -> Encoding:
        """The encoding for a corpus; its tags are of the types that are marked there.

        Raises:
            DataError: None is.
        """
        return cls(config, texts, LabelSet(config.scheme, _types(examples, parts)))

    def check(self, examples: Examples, parts: Sequence[str]) -> None:
        """See that the types of a corpus are known.

        Raises:
            DataError: Some are not, or there are none.
        """
        if strange := sorted(set(_types(examples, parts)) - set(self.labels.types)):
            raise DataError("encoding.other_types", found=", ".join(strange), allowed=", ".join(self.labels.types))

    @classmethod
    def texts_of(cls, config: Config, example: Example) -> list[str]:
        """What the vocabulary is counted from."""
        columns = (
            example.text if name == "text" else example.extra.get(name, "") for name in config.vocabulary_columns
        )
        return [column for column in columns if column]

    @classmethod
    def texts_of_batch(cls, config: Config, batch: pa.RecordBatch) -> list[str] | None:
        """The same for many examples as they stand."""
        if config.vocabulary_columns != ("text",):
            return None
        found: list[str] = batch.column("text").to_pylist()
        return found

    def question(self, example: Example) -> str:
        """What a pipeline is asked: the text."""
        return example.text

    def inputs(self) -> dict[str, Any]:
        """What a model has to know."""
        return {**self.texts.inputs(), "labels": self.labels}

    def facts(self) -> dict[str, Any]:
        """The types, for the record of a run."""
        return {"types": list(self.labels.types)}

    def warnings(self, odd: Mapping[str, int]) -> list[Text]:
        """What of the alignment spoils a score."""
        if not (inexact := odd.get("widened", 0) + odd.get("lost", 0)):
            return []
        left_out = odd.get("lost", 0) + odd.get("collided", 0)
        return [text("cache.inexact", count=inexact, spans=odd["spans"], left_out=left_out)]

    @property
    def has_units(self) -> bool:
        """Whether units are not simply the pieces (words of several pieces)."""
        return cut(self.texts.tokenizer, [PROBE]).words is not None

    def encode(self, text: str, spans: Iterable[tuple[int, int, str]] | None = None) -> Encoded:
        """Encode one text of any length; with labels when `spans` are given."""
        return self.encode_many([text], None if spans is None else [spans])[0]

    def encode_many(
        self, texts: Sequence[str], spans: Sequence[Iterable[tuple[int, int, str]]] | None = None
    ) -> list[Encoded]:
        """Encode many texts at once; each as `encode` does it."""
        marked = None if spans is None else flat_spans(spans, self.labels)
        columns, _ = self.columns(texts, marked, room=None)
        return list(columns.rows())

    def windows(self, encoded: Encoded) -> list[Window]:
        """The windows in which the model sees a text; one for a text that is short enough, none for one without
        units."""
        return forms.windows(encoded, self.texts.room, self.config.overlap)

    def collate(self, rows: Sequence[Encoded]) -> Batch:
        """Join encoded texts or windows to a batch, framed and padded."""
        return forms.collate(rows, self.texts.frame)

    def arrays(self, rows: Sequence[Encoded]) -> Arrays:
        """The same as arrays of numpy, for whom torch is not there."""
        return forms.arrays(rows, self.texts.frame)

    def columns(self, texts: Sequence[str], spans: Spans | None, *, room: int | None) -> tuple[Columns, Alignment]:
        """Encode many texts as flat arrays.

        Args:
            texts: The texts.
            spans: Their marked spans; `None`: no labels.
            room: Cut texts with more pieces in rows of at most so many, side by side, between entities where that is
                possible; `None`: one row a text.

        Returns:
            The rows, and how well the spans fit the units.
        """
        tokens, ids, features = self.texts.encode(texts)
        begins, starts, ends, counts = units_of(tokens.words, tokens.starts, tokens.ends, tokens.counts)
        pieces, rows_of, told = tokens.counts, numpy.arange(len(texts), dtype=numpy.int32), Alignment()
        labels = None
        borders: list[int] = []
        unit_spans = None
        if spans is not None:
            lengths = numpy.fromiter(map(len, texts), dtype=numpy.int64, count=len(texts))
            unit_spans, told = align(spans, starts, ends, counts, lengths)
        if room is not None and pieces.max(initial=0) > room:
            fixed = numpy.zeros(len(starts), bool) if unit_spans is None else inside(unit_spans, len(starts))
            pieces, counts, rows_of, borders = side_by_side(pieces, counts, begins, fixed, room)
        if unit_spans is not None:
            if borders:
                unit_spans, told.cut = split_at(unit_spans, borders)
            labels = tags(unit_spans, len(starts), self.labels)
        units = None
        if tokens.words is not None:
            first_pieces = numpy.repeat(numpy.cumsum(pieces) - pieces, counts)
            units = (begins - first_pieces).astype(numpy.int32)
        return Columns(pieces, counts, rows_of, ids, units, starts, ends, labels, features), told

    def schema(self) -> pa.Schema:
        """Columns of the encoded rows."""
        from tengjia.base_tasks.sequence_labeling import rows as stored

        return stored.schema(list(self.texts.features))

    def rows(
        self, examples: Sequence[Example], numbers: numpy.ndarray, rejects: Rejects
    ) -> tuple[pa.RecordBatch, Mapping[str, int]]:
        """Encode examples with their tags; a text that is too long becomes several rows."""
        spans = flat_spans([example.spans for example in examples], self.labels)
        return self._rows([example.text for example in examples], spans, numbers)

    def rows_of_batch(self, batch: pa.RecordBatch, numbers: numpy.ndarray) -> tuple[pa.RecordBatch, Mapping[str, int]]:
        """The same for a batch of examples as they stand."""
        from tengjia.data.example_table import spans_of

        marked = spans_of(batch)
        known = {name: number for number, name in enumerate(self.labels.types)}
        types = numpy.array([known.get(name, UNSEEN) for name in marked.names], dtype=numpy.int64)
        spans = Spans(marked.counts, marked.starts, marked.ends, types[marked.codes])
        return self._rows(batch.column("text").to_pylist(), spans, numbers)

    def _rows(
        self, texts: Sequence[str], spans: Spans, numbers: numpy.ndarray
    ) -> tuple[pa.RecordBatch, Mapping[str, int]]:
        from tengjia.base_tasks.sequence_labeling import rows as stored

        columns, told = self.columns(texts, spans, room=self.texts.room)
        return stored.record_batch(columns, numbers), asdict(told)

    def part(self, file: Path) -> Part:
        """Encoded rows as something to draw batches from."""
        from tengjia.base_tasks.sequence_labeling import rows as stored

        rows = stored.Rows(file)
        return Part(rows.lengths, rows.units, lambda chosen: self.collate([rows[row] for row in chosen]))

    def save(self, folder: Path) -> None:
        """Write all files that `load` needs."""
        said = self.texts.save(folder)
        labels = {"scheme": self.labels.scheme, "types": self.labels.types}
        write_description(folder, FORMAT, self.config, labels=labels, **said)

    @classmethod
    def load(cls, folder: Path) -> Encoding:
        """Read what `save` wrote.

        Raises:
            DataError: A file is missing, damaged, or of another format.
        """
        with described(folder, FORMAT) as content:
            config = checked_config(content["config"], cls.Config)
            types = tuple(map(str, content["labels"]["types"]))
            labels = LabelSet(str(content["labels"]["scheme"]), types)
            if labels.scheme not in SCHEMES or len(set(types)) < len(types):
                raise ValueError(f"labels = {content['labels']!r}")
            texts = TextEncoder.load(folder, config, content)
        return cls(config, texts, labels)


def _types(examples: Examples, parts: Sequence[str]) -> tuple[str, ...]:
    """The types that are marked in parts of a corpus, sorted.

    Raises:
        DataError: There are none.
    """
    found: set[str] = set()
    for part in parts:
        for batch in examples[part].table:
            found.update(batch.column("types").values.unique().to_pylist())
    if not found:
        raise DataError("encoding.no_types")
    return tuple(sorted(found))
