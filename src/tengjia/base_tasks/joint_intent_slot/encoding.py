"""Texts with slots and an intent as batches: the encoding of sequence labelling, and a class beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy

from tengjia.base_tasks.sequence_labeling.encoding import Encoding as TagEncoding
from tengjia.base_tasks.text_classification.class_names import ClassNames, spellings
from tengjia.base_tasks.texts.encoder import TextEncoder
from tengjia.base_tasks.texts.files import checked_config, described, write_description
from tengjia.config.parameters import Limits
from tengjia.data.batching import Part
from tengjia.data.classes import Classes
from tengjia.data.example import Example
from tengjia.data.joint_labels import JointLabels
from tengjia.data.labels import SCHEMES, LabelSet
from tengjia.errors import DataError
from tengjia.messages import Text, text

if TYPE_CHECKING:
    import pyarrow as pa

    from tengjia.base_tasks.stages.corpus import Examples
    from tengjia.contracts import Batch, Rejects

FORMAT = 1
UNKNOWN = -1
"""Stands for an intent that the training part does not have."""
_COLUMN = "class"


class Encoding:
    """Turns texts into batches (`stages.base_task.TaskEncoding`).

    Args:
        slots: All about the text and its slots.
        classes: The intents.

    Raises:
        ConfigurationError: Lengths contradict one another.
    """

    limits: ClassVar[Limits] = {}

    @dataclass(frozen=True)
    class Config(TagEncoding.Config):
        """The section `encoding` of joint intent and slots."""

        outside: str = ""
        """The intent of texts that are no request (`out_of_scope`): an answer that is not sure enough is this one,
        learnt or not. Empty: there is none."""

    def __init__(self, slots: TagEncoding, classes: Classes) -> None:
        self.config: Any = slots.config
        self.slots, self.classes = slots, classes
        self.labels = JointLabels(slots.labels, classes)

    @property
    def texts(self) -> TextEncoder:
        """Cuts texts in pieces and gives them ids."""
        return self.slots.texts

    @cached_property
    def names(self) -> ClassNames:
        """What the labels of a corpus mean."""
        return ClassNames(self.classes.names)

    @property
    def outside(self) -> str | None:
        """The intent of texts that are no request, as the model spells it; `None`: there is none."""
        said: str = self.config.outside
        return (self.names.known(said) or said) if said else None

    @classmethod
    def learn(cls, config: Config, texts: TextEncoder, examples: Examples, parts: Sequence[str]) -> Encoding:
        """The encoding for a corpus: slots of the types that are marked, intents of the training part.

        Raises:
            DataError: There are no slots, no intents, or only one intent.
        """
        counted = _labels(examples)
        names = spellings(counted, "", "")
        if not names:
            raise DataError("joint.no_intents")
        if len(names) == 1:
            raise DataError("joint.one_intent", found=names[0], count=sum(counted.values()))
        known = ClassNames(names)
        each = (known.of(label) for label, count in counted.items() for _ in range(count))
        return cls(TagEncoding.learn(config, texts, examples, parts), Classes.counted(each))

    def check(self, examples: Examples, parts: Sequence[str]) -> None:
        """See that slots and intents of a corpus are known.

        Raises:
            DataError: Some are not, or there are none.
        """
        self.slots.check(examples, parts)
        found = {name for label in _labels(examples) for name in self.names.of(label)}
        if not found:
            raise DataError("joint.no_intents")
        if strange := sorted(found - set(self.classes.names)):
            allowed = ", ".join(self.classes.names[:50])
            raise DataError("joint.other_intents", found=", ".join(strange[:20]), allowed=allowed)

    @classmethod
    def texts_of(cls, config: Config, example: Example) -> list[str]:
        """What the vocabulary is counted from."""
        return TagEncoding.texts_of(config, example)

    @classmethod
    def texts_of_batch(cls, config: Config, batch: pa.RecordBatch) -> list[str] | None:
        """The same for many examples as they stand."""
        return TagEncoding.texts_of_batch(config, batch)

    def question(self, example: Example) -> str:
        """What a pipeline is asked: the text."""
        return example.text

    def inputs(self) -> dict[str, Any]:
        """What a model has to know."""
        return {**self.slots.inputs(), "classes": self.classes}

    def facts(self) -> dict[str, Any]:
        """Types of slots and intents with their counts, for the record of a run."""
        counts = dict(self.classes.counts)
        return {**self.slots.facts(), "classes": list(self.classes.names), "class_counts": counts}

    def warnings(self, odd: Mapping[str, int]) -> list[Text]:
        """What of slots and intents was found odd."""
        told = self.slots.warnings(odd)
        return told + [
            text(f"joint.{name}", count=count)
            for name in ("unknown_intent", "respelled")
            if (count := odd.get(name, 0))
        ]

    def schema(self) -> pa.Schema:
        """Columns of the encoded rows."""
        import pyarrow as pa

        return self.slots.schema().append(pa.field(_COLUMN, pa.int32(), nullable=False))

    def rows(
        self, examples: Sequence[Example], numbers: numpy.ndarray, rejects: Rejects
    ) -> tuple[pa.RecordBatch, Mapping[str, int]]:
        """Encode examples with tags and class; those without an intent are set aside."""
        odd: Counter[str] = Counter()
        kept, classes = [], []
        for place, example in enumerate(examples):
            if example.label is None or not example.label.strip():
                rejects.add("joint.no_intent", file=example.file, line=example.line, text=example.text)
            else:
                kept.append(place)
                classes.append(self._id(example.label, odd))
        # The rows first bear the number of their text in this chunk: there may be several of a text, or none.
        chosen = [examples[place] for place in kept]
        batch, told = self.slots.rows(chosen, numpy.arange(len(chosen), dtype=numpy.int32), rejects)
        odd.update(told)
        return self._completed(batch, numbers[kept], numpy.array(classes, numpy.int32)), odd

    def _completed(self, batch: pa.RecordBatch, numbers: numpy.ndarray, classes: numpy.ndarray) -> pa.RecordBatch:
        import pyarrow as pa

        place = batch.schema.get_field_index("example")
        texts = batch.column(place).to_numpy()
        columns = batch.columns
        columns[place] = pa.array(numbers[texts].astype(numpy.int32))
        return pa.RecordBatch.from_arrays([*columns, pa.array(classes[texts])], schema=self.schema())

    def _id(self, label: str, odd: Counter[str]) -> int:
        name = self.names.of(label)[0]
        number = self.classes.ids.get(name, UNKNOWN)
        odd["unknown_intent"] += number == UNKNOWN and name != self.outside
        odd["respelled"] += name != label.strip()
        return number

    def part(self, file: Path) -> Part:
        """Encoded rows as something to draw batches from."""
        from tengjia.base_tasks.texts.row_table import RowTable

        slots, classes = self.slots.part(file), RowTable(file).numbers(_COLUMN).astype(numpy.int64)

        def batch(chosen: numpy.ndarray) -> Any:
            import torch

            made: Batch = slots.batch(chosen)  # type: ignore[assignment]
            made.target = torch.from_numpy(classes[chosen])
            return made

        return Part(slots.lengths, slots.weights, batch, classes)

    def save(self, folder: Path) -> None:
        """Write all files that `load` needs."""
        said = self.texts.save(folder)
        tags = self.slots.labels
        classes = {"names": self.classes.names, "counts": dict(self.classes.counts), "texts": self.classes.texts}
        labels = {"scheme": tags.scheme, "types": tags.types}
        write_description(folder, FORMAT, self.config, labels=labels, classes=classes, **said)

    @classmethod
    def load(cls, folder: Path) -> Encoding:
        """Read what `save` wrote.

        Raises:
            DataError: A file is missing, damaged, or of another format.
        """
        with described(folder, FORMAT) as content:
            config = checked_config(content["config"], cls.Config)
            tags = LabelSet(str(content["labels"]["scheme"]), tuple(map(str, content["labels"]["types"])))
            said = content["classes"]
            counts = {str(name): int(count) for name, count in said["counts"].items()}
            classes = Classes(tuple(map(str, said["names"])), counts=counts, texts=int(said["texts"]))
            names = (tags.types, classes.names)
            if tags.scheme not in SCHEMES or any(not one or len(set(one)) < len(one) for one in names):
                raise ValueError(f"labels = {str(names)[:200]}")
            texts = TextEncoder.load(folder, config, content)
        return cls(TagEncoding(config, texts, tags), classes)


def _labels(examples: Examples) -> Counter[str]:
    """How many texts of the training part have each label."""
    counted: Counter[str] = Counter()
    for batch in examples["train"].table:
        counted.update(label for label in batch.column("label").to_pylist() if label is not None and label.strip())
    return counted
