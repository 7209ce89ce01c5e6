"""Everything between raw text and a batch: tokenizer, vocabulary, classes, truncation. The same code trains and serves.

cut = encoding.cut(["本科毕业于北京大学"])
batch = encoding.collate(list(cut.rows()))

Whoever only serves stores no rows, so pyarrow is imported where rows are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy

from tengjia.base_tasks.text_classification.class_names import ClassNames, joined_by, spellings
from tengjia.base_tasks.texts.batches import text_batch
from tengjia.base_tasks.texts.encoder import TextEncoder
from tengjia.base_tasks.texts.files import checked_config, described, write_description
from tengjia.base_tasks.texts.truncation import kept
from tengjia.data.batching import Part
from tengjia.data.classes import Classes
from tengjia.data.example import Example
from tengjia.errors import ConfigurationError, DataError
from tengjia.messages import Text, text
from tengjia.utilities.files import read_json, write_json

if TYPE_CHECKING:
    import pyarrow as pa
    import torch

    from tengjia.base_tasks.stages.corpus import Examples
    from tengjia.base_tasks.texts.row_table import RowTable
    from tengjia.contracts import Batch, Rejects

FORMAT = 1
CLASSES = "classes.json"
UNKNOWN = -1
"""Stands for the class of a text that the training part does not have."""


class Row(NamedTuple):
    """A text as the model reads it."""

    ids: numpy.ndarray
    """`[pieces]` int32."""

    features: Mapping[str, numpy.ndarray]
    """`[pieces]` int32 each."""


@dataclass(frozen=True)
class CutTexts:
    """Many texts as the model reads them: N pieces in all, text after text."""

    counts: numpy.ndarray
    """`[texts]` int64."""

    ids: numpy.ndarray
    """`[N]` int32."""

    features: Mapping[str, numpy.ndarray]
    """`[N]` int32 each."""

    shortened: int
    """How many texts were too long."""

    def rows(self) -> Iterator[Row]:
        """Text by text."""
        ends = numpy.cumsum(self.counts)
        for start, end in zip((ends - self.counts).tolist(), ends.tolist()):
            yield Row(self.ids[start:end], {name: values[start:end] for name, values in self.features.items()})


class Encoding:
    """Turns texts into batches (`stages.base_task.TaskEncoding`).

    Args:
        config: See `Config`.
        texts: Gives pieces and ids.
        labels: The classes.

    Raises:
        ConfigurationError: No piece of a text would be left.
    """

    @dataclass(frozen=True)
    class Config(TextEncoder.Config):
        """The section `encoding` of text classification."""

        maximum_length: int = 512
        """At most so many pieces of a text go through the model, frame pieces included; longer texts are cut."""

        truncation: Literal["head", "tail", "head_and_tail"] = "head"
        """What stays of a longer text: its beginning, its end, or three quarters of it and the end."""

        separator: str = ""
        """What stands between the classes of a text that may have several (`|`); empty: a text has one class."""

        nothing: str = "-"
        """What a label says of a text that has none of several classes."""

        outside: str = ""
        """The class of texts that belong to no other (`oos`): an answer that is not sure enough is this one, learnt or
        not. Empty: there is none."""

    def __init__(self, config: Config, texts: TextEncoder, labels: Classes) -> None:
        self.config, self.texts, self.labels = config, texts, labels
        if texts.room < 1:
            raise ConfigurationError(
                "classification.no_room", key="encoding.maximum_length", found=config.maximum_length, frame=2
            )

    @cached_property
    def names(self) -> ClassNames:
        """What the labels of a corpus mean."""
        return ClassNames(self.labels.names, self.config.separator, self.config.nothing)

    @property
    def outside(self) -> str | None:
        """The class of texts that belong to no other, as the model spells it; `None`: there is none."""
        said = self.config.outside
        return (self.names.known(said) or said) if said else None

    @classmethod
    def learn(cls, config: Config, texts: TextEncoder, examples: Examples, parts: Sequence[str]) -> Encoding:
        """The encoding for a corpus; its classes are those of the training part.

        Raises:
            DataError: There are none, or only one where each text has one.
        """
        counted = _labels(examples, "train")
        names = ClassNames(spellings(counted, config.separator, config.nothing), config.separator, config.nothing)
        if not names.names:
            raise DataError("classification.no_classes")
        if len(names.names) == 1 and not config.separator:
            raise DataError("classification.one_class", found=names.names[0], count=sum(counted.values()))
        each = (names.of(label) for label, count in counted.items() for _ in range(count))
        return cls(config, texts, Classes.counted(each, multiple=bool(config.separator)))

    def check(self, examples: Examples, parts: Sequence[str]) -> None:
        """See that the classes of the training part are known.

        Raises:
            DataError: Some are not, or there are none.
        """
        found = {name for label in _labels(examples, "train") for name in self.names.of(label)}
        if not found:
            raise DataError("classification.no_classes")
        if strange := sorted(found - set(self.labels.names)):
            known = ", ".join(self.labels.names[:50])
            raise DataError("classification.other_classes", found=", ".join(strange[:20]), allowed=known)

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
        """The classes, for the record of a run."""
        return {"classes": list(self.labels.names)}

    def warnings(self, odd: Mapping[str, int]) -> list[Text]:
        """What was found odd about texts and classes."""
        told = []
        if cut := odd.get("shortened", 0):
            values = {"length": self.config.maximum_length, "truncation": self.config.truncation}
            told.append(text("classification.shortened", count=cut, texts=odd["texts"], **values))
        if unknown := odd.get("unknown_class", 0):
            told.append(text("classification.unknown_class", count=unknown))
        if respelled := odd.get("respelled", 0):
            told.append(text("classification.respelled", count=respelled))
        if not self.labels.multiple and (sign := joined_by(self.labels.names)):
            told.append(text("classification.looks_joined", sign=sign))
        if self.labels.multiple and self.labels.texts == sum(self.labels.counts.values()):
            told.append(text("classification.never_several", separator=self.config.separator))
        return told

    def cut(self, texts: Sequence[str]) -> CutTexts:
        """Cut texts in pieces, give their ids, and leave out what is too much."""
        tokens, ids, features = self.texts.encode(texts)
        stays, counts, shortened = kept(tokens.counts, self.texts.room, self.config.truncation)
        if not shortened:
            return CutTexts(tokens.counts, ids, features, 0)
        return CutTexts(counts, ids[stays], {name: values[stays] for name, values in features.items()}, shortened)

    def collate(
        self, rows: Sequence[Row], index: Sequence[int] | None = None, target: torch.Tensor | None = None
    ) -> Batch:
        """Join texts to a batch, framed and padded."""
        features = {name: [row.features[name] for row in rows] for name in self.texts.features}
        return text_batch([row.ids for row in rows], features, self.texts.frame, index=index, target=target)

    def schema(self) -> pa.Schema:
        """Columns of the encoded rows."""
        import pyarrow as pa

        ids = pa.list_(pa.int32())
        lists = [pa.field(name, ids, nullable=False) for name in ("ids", *self.texts.features, "classes")]
        return pa.schema([pa.field("example", pa.int32(), nullable=False), *lists])

    def rows(
        self, examples: Sequence[Example], numbers: numpy.ndarray, rejects: Rejects
    ) -> tuple[pa.RecordBatch, Mapping[str, int]]:
        """Encode texts with their classes; those without a label are set aside."""
        import pyarrow as pa

        from tengjia.data.arrow_tables import list_column

        odd: Counter[str] = Counter()
        labelled = []
        for number, example in zip(numbers.tolist(), examples):
            if example.label is None:
                rejects.add("classification.no_label", file=example.file, line=example.line, text=example.text)
            else:
                labelled.append((number, example.text, self._ids(example.label, odd)))
        places, texts, classes = zip(*labelled) if labelled else ((), (), ())
        cut = self.cut(texts)
        odd.update(texts=len(texts), shortened=cut.shortened)
        flat = numpy.fromiter((one for ids in classes for one in ids), numpy.int32)
        columns = [
            pa.array(places, pa.int32()),
            list_column(cut.counts, cut.ids.astype(numpy.int32)),
            *(list_column(cut.counts, cut.features[name].astype(numpy.int32)) for name in self.texts.features),
            list_column(numpy.fromiter(map(len, classes), numpy.int64), flat),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema()), odd

    def _ids(self, label: str, odd: Counter[str]) -> list[int]:
        """Ids of the classes of a label; one class that is not known is `UNKNOWN`, of several it is left out."""
        names = self.names.of(label)
        ids = [self.labels.ids.get(name, UNKNOWN) for name in names]
        odd["unknown_class"] += any(one == UNKNOWN and name != self.outside for one, name in zip(ids, names))
        odd["respelled"] += self.config.separator.join(names) != label and not self.labels.multiple
        return [one for one in ids if one != UNKNOWN] if self.labels.multiple else ids[:1] or [UNKNOWN]

    def part(self, file: Path) -> Part:
        """Encoded rows as something to draw batches from."""
        from tengjia.base_tasks.texts.row_table import RowTable

        table = RowTable(file)
        numbers = table.numbers("example")

        def batch(chosen: numpy.ndarray) -> Batch:
            lists = [table.lists(row) for row in chosen]
            rows = [Row(one["ids"], {name: one[name] for name in self.texts.features}) for one in lists]
            target = self._target([one["classes"] for one in lists])
            return self.collate(rows, numbers[chosen].tolist(), target)

        lengths = numpy.maximum(table.lengths("ids"), 1) + (2 if self.texts.frame else 0)
        return Part(lengths, numpy.ones(len(table), numpy.int64), batch, self._rarest(table))

    def _target(self, classes: Sequence[numpy.ndarray]) -> torch.Tensor:
        """`[B]` ids, or `[B, C]` of 0 and 1."""
        import torch

        if not self.labels.multiple:
            return torch.tensor([int(ids[0]) for ids in classes], dtype=torch.int64)
        target = torch.zeros(len(classes), len(self.labels))
        for row, ids in zip(target, classes):
            row[torch.from_numpy(ids.astype(numpy.int64))] = 1.0
        return target

    def _rarest(self, table: RowTable) -> numpy.ndarray:
        """The class by which each row is balanced: its rarest."""
        counts = numpy.array([self.labels.counts.get(name, 0) for name in self.labels.names])
        each = (table.lists(row)["classes"] for row in range(len(table)))
        return numpy.fromiter((min(ids, key=lambda one: counts[one], default=UNKNOWN) for ids in each), numpy.int64)

    def save(self, folder: Path) -> None:
        """Write all files that `load` needs."""
        said = self.texts.save(folder)
        counts = [self.labels.counts.get(name, 0) for name in self.labels.names]
        # In a file of their own: they may be any words, and a description in a bundle holds plain values only.
        write_json(folder / CLASSES, {"names": self.labels.names, "counts": counts, "texts": self.labels.texts})
        write_description(folder, FORMAT, self.config, **said)

    @classmethod
    def load(cls, folder: Path) -> Encoding:
        """Read what `save` wrote.

        Raises:
            DataError: A file is missing, damaged, or of another format.
        """
        with described(folder, FORMAT) as content:
            config = checked_config(content["config"], cls.Config)
            labels = _classes(read_json(folder / CLASSES), multiple=bool(config.separator))
            texts = TextEncoder.load(folder, config, content)
        return cls(config, texts, labels)


def _classes(said: Mapping[str, Any], *, multiple: bool) -> Classes:
    """The classes of a file."""
    names, counts = tuple(said["names"]), list(said["counts"])
    if not names or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise ValueError(f"names = {list(names[:20])!r}")
    return Classes(names, multiple, dict(zip(names, map(int, counts), strict=True)), int(said["texts"]))


def _labels(examples: Examples, part: str) -> Counter[str]:
    """How many examples of a part have each label."""
    counted: Counter[str] = Counter()
    for batch in examples[part].table:
        counted.update(label for label in batch.column("label").to_pylist() if label is not None)
    return counted
