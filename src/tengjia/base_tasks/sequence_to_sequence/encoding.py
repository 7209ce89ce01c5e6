"""A text and the text to be written for it, as rows and batches. The same code trains and serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

import numpy

from tengjia.base_tasks.sequence_to_sequence import rows as stored
from tengjia.base_tasks.sequence_to_sequence.rows import SequenceRows
from tengjia.base_tasks.sequence_to_sequence.spelling import is_mostly_chinese, prepared, speller
from tengjia.base_tasks.sequence_to_sequence.vocabularies import Borders, bordered, second_encoder
from tengjia.base_tasks.texts.encoder import TextEncoder
from tengjia.base_tasks.texts.files import checked_config, described, write_description
from tengjia.config.parameters import Limits
from tengjia.data.batching import Part
from tengjia.data.target_pieces import TargetPieces
from tengjia.errors import ConfigurationError, DataError
from tengjia.messages import Text, text

if TYPE_CHECKING:
    import pyarrow as pa

    from tengjia.base_tasks.stages.corpus import Examples
    from tengjia.contracts import Batch, Rejects
    from tengjia.data.example import Example

FORMAT: Final = 1
TARGET: Final = "target"
"""Folder of the encoder of targets, where they have pieces of their own."""
_LOOKED_AT: Final = 1000
"""Targets that tell whether they are Chinese."""


class Encoding:
    """Turns pairs of texts into batches (`stages.base_task.TaskEncoding`).

    Args:
        config: See `Config`.
        texts: Gives pieces and ids of sources, and of targets, too, where both have the same.
        borders: The pieces before and after every target.
        chinese: Whether targets are Chinese.
        targets: Gives those of targets, where they have pieces of their own.

    Raises:
        ConfigurationError: The settings contradict one another.
    """

    limits: ClassVar[Limits] = {"target_maximum_length": (3, None)}

    @dataclass(frozen=True)
    class Config(TextEncoder.Config):
        """The section `encoding` of sequence to sequence."""

        maximum_length: int = 256
        """At most so many pieces of a source go through the model, border pieces included."""

        target_maximum_length: int = 256
        """The same of a target."""

        source: str = "text"
        """Column that is read: `text`, or a further column that the reader gives (`reader.extra`)."""

        target: str = "target"
        """Column that is to be written."""

        reverse: bool = False
        """Whether to read `target` and write `source` instead."""

        joint: bool = True
        """Whether sources and targets are cut in the same pieces, learnt from both; else a second tokenizer of the
        same kind is learnt from the targets."""

        source_frame: Literal["end", "both", "none"] = "end"
        """Which border pieces stand around a source."""

        too_long: Literal["reject", "cut"] = "reject"
        """What becomes of training pairs that are too long: set aside, or cut (a model then learns to stop early)."""

        @property
        def always_fits(self) -> int:
            """So many pieces both a source and a target may have."""
            return min(self.maximum_length, self.target_maximum_length)

    def __init__(
        self, config: Config, texts: TextEncoder, borders: Borders, *, chinese: bool, targets: TextEncoder | None = None
    ) -> None:
        self.config, self.texts, self.borders, self.chinese = config, texts, borders, chinese
        self.target_texts = texts if targets is None else targets
        if texts.features:
            raise ConfigurationError("generation.features", key="encoding", found=", ".join(sorted(texts.features)))
        around = {"none": 0, "end": 1, "both": 2}[config.source_frame]
        self.room, self.target_room = config.maximum_length - around, config.target_maximum_length - 2
        for name, room in (("maximum_length", self.room), ("target_maximum_length", self.target_room)):
            if room < 1:
                found = getattr(config, name)
                raise ConfigurationError(
                    "generation.too_short", key=f"encoding.{name}", found=found, allowed=found - room + 1
                )
        begin, end = (texts.vocabulary.id(symbol) for symbol in borders)
        self._around = {"none": ([], []), "end": ([], [end]), "both": ([begin], [end])}[config.source_frame]
        vocabulary = self.target_texts.vocabulary
        self.labels = TargetPieces(
            vocabulary.pieces,
            vocabulary.id(borders.begin),
            vocabulary.id(borders.end),
            unknown=vocabulary.unknown,
            shared=targets is None,
            chinese=chinese,
            spelling=speller(self.target_texts.tokenizer),
        )

    @classmethod
    def learn(cls, config: Config, texts: TextEncoder, examples: Examples, parts: Sequence[str]) -> Encoding:
        """The encoding for a corpus.

        Raises:
            DataError: A column is not there.
        """
        _require_columns(config, examples, parts)
        _, written = columns_of(config)
        chinese = is_mostly_chinese(column(one, written) or "" for one in islice(examples["train"], _LOOKED_AT))
        targets = None
        if not config.joint:
            targets = second_encoder(config, texts, (prepared(column(one, written) or "") for one in examples["train"]))
        borders = Borders.of(config, texts.tokenizer)
        return cls(
            config,
            bordered(texts, borders),
            borders,
            chinese=chinese,
            targets=None if targets is None else bordered(targets, borders),
        )

    def check(self, examples: Examples, parts: Sequence[str]) -> None:
        """See that a corpus has the columns.

        Raises:
            DataError: A column is not there.
        """
        _require_columns(self.config, examples, parts)

    @classmethod
    def texts_of(cls, config: Config, example: Example) -> list[str]:
        """What the pieces are learnt from: sources, with targets where both have the same, `vocabulary_columns`."""
        read, written = columns_of(config)
        names = dict.fromkeys((read, *([written] if config.joint else ()), *config.vocabulary_columns))
        return [prepared(found) for name in names if (found := column(example, name))] or [""]

    @classmethod
    def further_texts(cls, config: Config) -> tuple[str, ...]:
        """Columns that are texts besides `text`: they are cleaned too."""
        return tuple(name for name in (config.source, config.target) if name != "text")

    def question(self, example: Example) -> str:
        """What a pipeline is asked: the source."""
        return column(example, columns_of(self.config)[0]) or ""

    def reference(self, example: Example) -> str:
        """What it should answer."""
        return column(example, columns_of(self.config)[1]) or ""

    def inputs(self) -> dict[str, Any]:
        """What a model has to know."""
        return {**self.texts.inputs(), "labels": self.labels}

    def facts(self) -> dict[str, Any]:
        """What the run notes: which pieces stand around targets."""
        return {"borders": list(self.borders)}

    def warnings(self, odd: Mapping[str, int]) -> list[Text]:
        """What a person should know before training."""
        told = []
        if cut := odd.get("cut", 0):
            told.append(text("generation.cut", count=cut))
        pieces, unknown = odd.get("target_pieces", 0), odd.get("unknown_target_pieces", 0)
        if unknown * 100 > pieces:
            told.append(text("generation.unknown", share=f"{100 * unknown / max(1, pieces):.1f}"))
        return told

    def schema(self) -> pa.Schema:
        """Columns of the encoded rows."""
        return stored.schema()

    def rows(
        self, examples: Sequence[Example], numbers: numpy.ndarray, rejects: Rejects
    ) -> tuple[pa.RecordBatch, Mapping[str, int]]:
        """Encode pairs; those without one of the texts, and those too long, are set aside (or cut)."""
        full = [number for number, example in enumerate(examples) if self._is_full(example, rejects)]
        chosen = [examples[number] for number in full]
        sources = self.encoded([self.question(example) for example in chosen])
        targets = self.encoded([self.reference(example) for example in chosen], self.target_texts)
        over = [len(one) > self.room or len(other) > self.target_room for one, other in zip(sources, targets)]
        if self.config.too_long == "reject":
            for example in (example for example, long in zip(chosen, over) if long):
                rejects.add(
                    "generation.too_long",
                    file=example.file,
                    line=example.line,
                    text=example.text,
                    allowed=self.config.maximum_length,
                    target_allowed=self.config.target_maximum_length,
                )
            kept = [number for number, long in enumerate(over) if not long]
        else:
            kept = list(range(len(chosen)))
        sources = [sources[number][: self.room] for number in kept]
        targets = [targets[number][: self.target_room] for number in kept]
        unknown = sum(int((ids == self.labels.unknown).sum()) for ids in targets)
        odd = {
            "cut": 0 if self.config.too_long == "reject" else sum(over),
            "target_pieces": sum(map(len, targets)),
            "unknown_target_pieces": unknown,
        }
        places = numpy.asarray(numbers)[full][kept]
        return stored.record_batch(sources, targets, places), odd

    def _is_full(self, example: Example, rejects: Rejects) -> bool:
        for name in columns_of(self.config):
            if not (column(example, name) or "").strip():
                rejects.add("generation.no_text", file=example.file, line=example.line, text=example.text, column=name)
                return False
        return True

    def encoded(self, texts: Sequence[str], encoder: TextEncoder | None = None) -> list[numpy.ndarray]:
        """Ids of each text, without border pieces, of any length."""
        tokens, ids, _ = (encoder or self.texts).encode([prepared(one) for one in texts])
        return numpy.split(ids, numpy.cumsum(tokens.counts)[:-1]) if len(texts) else []

    def source_batch(self, sources: Sequence[numpy.ndarray]) -> Batch:
        """Ids of sources as a batch, with their border pieces."""
        return stored.source_batch(sources, *self._around)

    def part(self, file: Path) -> Part:
        """Encoded rows as something to draw batches from."""
        rows = SequenceRows(file, self._around, (self.labels.begin, self.labels.end))
        return Part(rows.lengths, rows.weights, rows)

    def save(self, folder: Path) -> None:
        """Write all files that `load` needs."""
        said = self.texts.save(folder)
        if self.target_texts is not self.texts:
            self.target_texts.save(folder / TARGET)
        write_description(folder, FORMAT, self.config, borders=list(self.borders), chinese=self.chinese, **said)

    @classmethod
    def load(cls, folder: Path) -> Encoding:
        """Read what `save` wrote.

        Raises:
            DataError: A file is missing, damaged, or of another format.
        """
        with described(folder, FORMAT) as content:
            config = checked_config(content["config"], cls.Config)
            borders, chinese = Borders(*map(str, content["borders"])), bool(content["chinese"])
            texts = TextEncoder.load(folder, config, content)
            targets = None if config.joint else TextEncoder.load(folder / TARGET, config, content)
        return cls(config, texts, borders, chinese=chinese, targets=targets)


def column(example: Example, name: str) -> str | None:
    """A column of an example: `text`, or one of its further ones."""
    return example.text if name == "text" else example.extra.get(name)


def columns_of(config: Encoding.Config) -> tuple[str, str]:
    """The column that is read, and the one that is written."""
    return (config.target, config.source) if config.reverse else (config.source, config.target)


def _require_columns(config: Encoding.Config, examples: Examples, parts: Sequence[str]) -> None:
    for part in parts:
        example = next(iter(examples[part]), None)
        for key in ("source", "target"):
            name = getattr(config, key)
            if example is not None and column(example, name) is None:
                allowed = ", ".join(["text", *example.extra])
                raise DataError(
                    "generation.no_column", file=example.file, key=f"encoding.{key}", found=name, allowed=allowed
                )
