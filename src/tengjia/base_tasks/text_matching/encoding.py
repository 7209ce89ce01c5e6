"""Two texts, or three, and how well they fit, as rows and batches. The same code trains and serves."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy

from tengjia.base_tasks.text_matching.columns import GIVEN, GIVEN_VALUES, TextColumns, given_by
from tengjia.base_tasks.texts.encoder import TextEncoder
from tengjia.base_tasks.texts.files import checked_config, described, write_description
from tengjia.base_tasks.texts.truncation import kept
from tengjia.config.parameters import Limits
from tengjia.data.normalisation import normalised
from tengjia.data.scale import Scale
from tengjia.data.token_arrays import cut
from tengjia.errors import ConfigurationError, DataError
from tengjia.messages import Text, text

if TYPE_CHECKING:
    import pyarrow as pa

    from tengjia.base_tasks.stages.corpus import Examples
    from tengjia.contracts import Rejects
    from tengjia.data.batching import Part
    from tengjia.data.example import Example

FORMAT = 1
JOINER = " "
"""Between the columns that make one text."""


class Encoding:
    """Turns pairs of texts into batches (`stages.base_task.TaskEncoding`).

    Args:
        config: See `Config`.
        texts: Gives pieces and ids.
        scale: The scale of the scores.

    Raises:
        ConfigurationError: The settings contradict one another.
    """

    limits: ClassVar[Limits] = {}

    @dataclass(frozen=True)
    class Config(TextEncoder.Config):
        """The section `encoding` of text matching."""

        maximum_length: int = 256
        """At most so many pieces of a text go through the model, frame pieces included; of two texts that a cross
        encoder reads as one, at most so many together, the longer one being cut first."""

        first: tuple[str, ...] = ("text",)
        """Columns that make the first text: `text`, or further columns that the reader gives (`reader.extra`)."""

        second: tuple[str, ...] = ("second",)
        """Columns that make the second text."""

        third: tuple[str, ...] = ()
        """Columns of a text that fits worse than the second, where the corpus gives triplets; empty: none."""

        context: tuple[str, ...] = ()
        """Columns of a text that the others belong to (a question): the model is told which of their pieces stand in it
        too (the further input `given`), for what repeats a question answers nothing; empty: none."""

        score: str | None = "score"
        """Column that says how well first and second text fit, as a number; null: all pairs fit."""

        low: float | None = None
        """The least score that there can be; null: the least in the corpus."""

        high: float | None = None
        """The greatest score that there can be; null: the greatest in the corpus."""

        group: str | None = None
        """Column of what stays together in a ranking; null: pairs with the same first text."""

        truncation: Literal["head", "tail", "head_and_tail"] = "head"
        """Which pieces stay of a text that is too long: the first, the last, or both ends."""

    def __init__(self, config: Config, texts: TextEncoder, scale: Scale) -> None:
        self.config, self.texts, self.labels = config, texts, scale
        if texts.room < 2:
            raise ConfigurationError(
                "matching.too_short", key="encoding.maximum_length", found=config.maximum_length, allowed=5
            )

    @classmethod
    def learn(cls, config: Config, texts: TextEncoder, examples: Examples, parts: Sequence[str]) -> Encoding:
        """The encoding for a corpus; its scale is as given, or reaches as far as the scores do.

        Raises:
            DataError: A column is not there, or there is no score.
            ConfigurationError: The scale ends below where it begins.
        """
        require_columns(config, examples, parts)
        return cls(config, texts, learnt_scale(config, examples, parts))

    def check(self, examples: Examples, parts: Sequence[str]) -> None:
        """See that a corpus has the columns; scores beyond the scale are set aside row by row.

        Raises:
            DataError: A column is not there.
        """
        require_columns(self.config, examples, parts)

    @classmethod
    def texts_of(cls, config: Config, example: Example) -> list[str]:
        """What the vocabulary is counted from: all texts that are compared, and `vocabulary_columns`."""
        columns = (*_columns(config), *config.vocabulary_columns)
        return [found for name in dict.fromkeys(columns) if (found := column(example, name) or "")]

    @classmethod
    def further_texts(cls, config: Config) -> tuple[str, ...]:
        """Columns that are texts besides `text`: they are cleaned too."""
        return tuple(dict.fromkeys(name for name in _columns(config) if name != "text"))

    def question(self, example: Example) -> tuple[str, ...]:
        """What a pipeline is asked: how well these two fit, with the context where there is one."""
        config = self.config
        asked = (config.first, config.second, config.context) if config.context else (config.first, config.second)
        return tuple(joined_columns(example, columns) for columns in asked)

    def inputs(self) -> dict[str, Any]:
        """What a model has to know."""
        said = self.texts.inputs()
        further = {GIVEN: GIVEN_VALUES} if self.config.context else {}
        return {**said, "features": {**said["features"], **further}, "labels": self.labels}

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the further inputs of each text."""
        return (*self.texts.features, GIVEN) if self.config.context else tuple(self.texts.features)

    def facts(self) -> dict[str, Any]:
        """The scale, for the record of a run."""
        return {"scale": [self.labels.low, self.labels.high]}

    def warnings(self, odd: Mapping[str, int]) -> list[Text]:
        """What a person should know before training."""
        told = []
        if cut := odd.get("cut", 0):
            told.append(text("matching.cut", count=cut, allowed=self.config.maximum_length))
        if alone := odd.get("alone", 0):
            told.append(text("matching.no_context", count=alone, columns=", ".join(self.config.context)))
        if odd.get("scored", 0) and not odd.get("middling", 0) and not (odd.get("best", 0) and odd.get("worst", 0)):
            told.append(text("matching.one_score"))
        return told

    def score(self, example: Example) -> float | None:
        """The score of an example on the scale of the data; `None` where none is known.

        Raises:
            ValueError: It is no number, or beyond the scale.
        """
        if self.config.score is None or (said := column(example, self.config.score)) is None or not said.strip():
            return None
        value = float(said)
        if not self.labels.low <= value <= self.labels.high:  # a NaN is nowhere
            raise ValueError(said)
        return value

    def group(self, example: Example) -> int:
        """A number below 2**48 that examples of one group share."""
        name = self.config.group
        key = normalised(joined_columns(example, self.config.first)) if name is None else column(example, name) or ""
        return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=6).digest(), "big")

    def schema(self) -> pa.Schema:
        """Columns of the encoded rows."""
        from tengjia.base_tasks.text_matching import rows as stored

        return stored.schema(self.names, self.features)

    @property
    def names(self) -> tuple[str, ...]:
        """`first`, `second`, and `third` where there is one."""
        return ("first", "second", "third") if self.config.third else ("first", "second")

    def rows(
        self, examples: Sequence[Example], numbers: numpy.ndarray, rejects: Rejects
    ) -> tuple[pa.RecordBatch, Mapping[str, int]]:
        """Encode examples; those without one of the texts, or with a score that makes no sense, are set aside."""
        from tengjia.base_tasks.text_matching.rows import record_batch

        usable = [number for number, example in enumerate(examples) if self._is_usable(example, rejects)]
        chosen = [examples[number] for number in usable]
        scores = [math.nan if (value := self.score(example)) is None else value for example in chosen]
        targets = self.labels.to_unit(numpy.array(scores, numpy.float64))
        groups = numpy.array([self.group(example) for example in chosen], numpy.int64)
        columns, too_long = {}, 0
        contexts = [joined_columns(one, self.config.context) for one in chosen]
        for name in self.names:
            texts = [joined_columns(one, getattr(self.config, name)) for one in chosen]
            columns[name], more = self.encoded(texts, contexts)
            too_long += more
        odd = {
            "cut": too_long,
            "alone": sum(not context.strip() for context in contexts) if self.config.context else 0,
            "scored": int(numpy.isfinite(targets).sum()),
            "best": int((targets == 1).sum()),
            "worst": int((targets == 0).sum()),
            "middling": int(((targets > 0) & (targets < 1)).sum()),
        }
        return record_batch(columns, targets, groups, numpy.asarray(numbers)[usable], self.schema()), odd

    def _is_usable(self, example: Example, rejects: Rejects) -> bool:
        place: dict[str, Any] = {"file": example.file, "line": example.line, "text": example.text}
        for name in self.names:
            columns = getattr(self.config, name)
            if not joined_columns(example, columns).strip():
                rejects.add("matching.no_text", **place, name=name, columns=", ".join(columns))
                return False
        try:
            known = self.score(example) is not None
        except ValueError:
            assert self.config.score is not None
            allowed = f"{self.labels.low:g} - {self.labels.high:g}"
            found = column(example, self.config.score)
            rejects.add("matching.bad_score", **place, column=self.config.score, found=found, allowed=allowed)
            return False
        if not known and self.config.score is not None:
            rejects.add("matching.no_score", **place, column=self.config.score)
            return False
        return True

    def encoded(self, texts: Sequence[str], contexts: Sequence[str]) -> tuple[TextColumns, int]:
        """Ids of texts without the frame, those that are too long cut; and how many were.

        Args:
            texts: Any number.
            contexts: What each belongs to; not looked at where the encoding has no context.
        """
        tokens, ids, features = self.texts.encode(texts)
        if self.config.context:
            numbers = {context: number for number, context in enumerate(dict.fromkeys(contexts))}
            belongs = numpy.array([numbers[context] for context in contexts], numpy.int64)
            features = {**features, GIVEN: given_by(cut(self.texts.tokenizer, list(numbers)), tokens, belongs)}
        left = kept(tokens.counts, self.texts.room, self.config.truncation)
        stays = {name: values[left.pieces] for name, values in features.items()}
        return TextColumns(left.counts, ids[left.pieces], stays), left.cut

    def part(self, file: Path) -> Part:
        """Encoded rows as something to draw batches from."""
        from tengjia.base_tasks.text_matching.rows import PairRows
        from tengjia.data.batching import Part

        rows = PairRows(file, self.names, self.features, self.texts.frame)
        return Part(rows.lengths, numpy.ones(len(rows), numpy.int64), rows)

    def save(self, folder: Path) -> None:
        """Write all files that `load` needs."""
        said = self.texts.save(folder)
        scale = {"low": self.labels.low, "high": self.labels.high}
        write_description(folder, FORMAT, self.config, scale=scale, **said)

    @classmethod
    def load(cls, folder: Path) -> Encoding:
        """Read what `save` wrote.

        Raises:
            DataError: A file is missing, damaged, or of another format.
        """
        with described(folder, FORMAT) as content:
            config = checked_config(content["config"], cls.Config)
            low, high = float(content["scale"]["low"]), float(content["scale"]["high"])
            if not -1e12 < low < high < 1e12:
                raise ValueError(f"scale = {low}, {high}")
            texts = TextEncoder.load(folder, config, content)
        return cls(config, texts, Scale(low, high))


def _columns(config: Encoding.Config) -> tuple[str, ...]:
    """The columns of all texts."""
    return (*config.first, *config.second, *config.third, *config.context)


def column(example: Example, name: str) -> str | None:
    """A column of an example: `text`, `label`, or one of its further ones."""
    if name == "text":
        return example.text
    if name in example.extra:
        return example.extra[name]
    return example.label if name == "label" else None


def joined_columns(example: Example, names: Sequence[str]) -> str:
    """The text that columns make together; missing ones are left out."""
    return JOINER.join(found for name in names if (found := column(example, name)))


def require_columns(config: Encoding.Config, examples: Examples, parts: Sequence[str]) -> None:
    """See that the columns which the config names are there at all.

    Raises:
        DataError: The first example of a part lacks one.
    """
    wanted = {name: key for key in ("first", "second", "third", "context") for name in getattr(config, key)}
    wanted |= {getattr(config, key): key for key in ("score", "group") if getattr(config, key) is not None}
    for part in parts:
        example = next(iter(examples[part]), None)
        for name, key in wanted.items():
            if example is not None and column(example, name) is None:
                columns = ", ".join(["text", *example.extra])
                raise DataError(
                    "matching.no_column", file=example.file, key=f"encoding.{key}", found=name, allowed=columns
                )


def learnt_scale(config: Encoding.Config, examples: Examples, parts: Sequence[str]) -> Scale:
    """The scale of a corpus.

    Raises:
        DataError: No score is a number.
        ConfigurationError: The scale ends below where it begins.
    """
    low, high = config.low, config.high
    if config.score is not None and (low is None or high is None):
        found = _ends(config.score, examples, parts)
        if found is None:
            raise DataError("matching.no_scores", key="encoding.score", found=config.score)
        low, high = found[0] if low is None else low, found[1] if high is None else high
        if low == high:  # one score alone says nothing of the scale; the usual one at least holds it
            low, high = min(low, 0.0), max(high, 1.0)
    scale = Scale(0.0 if low is None else low, 1.0 if high is None else high)
    if not scale.low < scale.high:
        raise ConfigurationError("matching.bad_scale", key="encoding.low", found=scale.low, high=scale.high)
    return scale


def _ends(name: str, examples: Examples, parts: Sequence[str]) -> tuple[float, float] | None:
    low, high = math.inf, -math.inf
    for part in parts:
        for example in examples[part]:
            try:
                value = float(column(example, name) or "nan")
            except ValueError:
                continue  # told when the row is encoded
            if math.isfinite(value):
                low, high = min(low, value), max(high, value)
    return (low, high) if low <= high else None
