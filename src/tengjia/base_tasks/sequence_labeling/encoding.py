"""Everything between raw text and a batch: tokenizer, vocabulary, labels, windows. The same code trains and serves.

Long texts go through a model in windows, and a batch is made of windows:

    windows = encoding.windows(encoding.encode("高勇，男"))
    batch = encoding.collate([window.encoded for window in windows])
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy

from tengjia.base_tasks.sequence_labeling import encoded as forms
from tengjia.base_tasks.sequence_labeling.alignment import (
    Alignment,
    Spans,
    align,
    flat_spans,
    inside,
    split_at,
    tags,
)
from tengjia.base_tasks.sequence_labeling.encoded import Arrays, Columns, Encoded, Window
from tengjia.base_tasks.sequence_labeling.features import FEATURES, Feature
from tengjia.base_tasks.sequence_labeling.pieces import side_by_side, units_of
from tengjia.config.parameters import Limits
from tengjia.data.labels import SCHEMES, LabelSet
from tengjia.data.token_arrays import cut
from tengjia.data.vocabulary import Vocabulary
from tengjia.errors import ConfigurationError, DataError
from tengjia.registry import tokenizers
from tengjia.utilities.files import read_json, write_json, write_text

if TYPE_CHECKING:
    from tengjia.contracts import Batch, Tokenizer

FORMAT = 1
PROBE = "a"


class Encoding:
    """Turns texts into batches.

    Args:
        config: See `Config`.
        tokenizer: Cuts the text.
        tokenizer_settings: `name` and parameters that built it, so that `load` can build it again.
        vocabulary: Ids of the pieces.
        labels: The tags.
        features: Further inputs, by their names in `FEATURES`.
        stop_words: Pieces whose id becomes that of `Config.stop_symbol`.

    Raises:
        ConfigurationError: Lengths or symbols contradict one another.
    """

    limits: ClassVar[Limits] = {
        "maximum_length": (1, None),
        "overlap": (0, None),
        "minimum_count": (1, None),
        "maximum_size": (3, None),
        "pieces_from_vectors": (0, None),
        "bigram_minimum_count": (1, None),
        "bigram_maximum_size": (1, None),
    }

    @dataclass(frozen=True)
    class Config:
        scheme: Literal["bio", "bioes", "bmes", "biluo"] = "bmes"
        """Tags of the model, whatever the corpus is written in."""

        maximum_length: int = 512
        """At most so many pieces go through the model at once, frame pieces included; longer texts are cut in
        windows."""

        overlap: int = 64
        """Pieces that neighbouring windows share when the model is used. Training takes windows side by side, and
        cuts between entities."""

        minimum_count: int = 1
        """Pieces that are rarer in the training part are unknown to the model."""

        maximum_size: int | None = None
        """At most so many pieces in the vocabulary, special ones included; null: all."""

        special_symbols: tuple[str, ...] = ()
        """Pieces that get an id whether they occur or not, right after padding and unknown."""

        padding_symbol: str = "<pad>"
        """Name of id 0 in a counted vocabulary."""

        unknown_symbol: str = "<unk>"
        """Name of id 1 in a counted vocabulary."""

        begin_symbol: str | None = None
        """Piece before every text; null: the tokenizer's own (`[CLS]`), if it has one."""

        end_symbol: str | None = None
        """Piece after every text; null: the tokenizer's own (`[SEP]`), if it has one."""

        vocabulary_columns: tuple[str, ...] = ("text",)
        """What the vocabulary is counted from: `text`, and names of further columns that the reader gives."""

        pieces_from_vectors: int = 0
        """Also give ids to so many words of the pretrained vectors, the first of their file that the tokenizer leaves
        whole: what the training part lacks is then known by its vector. 0: none."""

        bigrams: bool = False
        """Also give the model each piece joined with the next one."""

        bigram_minimum_count: int = 2
        """Rarer pairs are unknown."""

        bigram_maximum_size: int | None = None
        """At most so many pairs; null: all."""

        words: Literal["none", "places", "parts_of_speech"] = "none"
        """Also tell the model where each piece stands in the words that jieba finds (begin, middle, end, alone), and
        with `parts_of_speech` which kind of word it is: jieba's dictionary knows persons, places, organisations."""

        word_dictionaries: tuple[str, ...] = ()
        """Files below `dataset_root` with further words for `words`: on each line a word, perhaps a frequency, perhaps
        a tag of your own (`首席科学家 1000 TITLE`). They are saved with the model."""

        stop_words: str | None = None
        """File below `dataset_root`, one word a line. Leaving words out would tear holes in entities, so in sequence
        labelling a stop word keeps its place and its tag, but all stop words look the same to the model."""

        stop_symbol: str = "<stop>"
        """The piece that stands for every stop word."""

    def __init__(
        self,
        config: Config,
        *,
        tokenizer: Tokenizer,
        tokenizer_settings: Mapping[str, Any],
        vocabulary: Vocabulary,
        labels: LabelSet,
        features: Mapping[str, Feature] | None = None,
        stop_words: Iterable[str] = (),
    ) -> None:
        self.config = config
        self.tokenizer = tokenizer
        self.tokenizer_settings = dict(tokenizer_settings)
        self.vocabulary = vocabulary
        self.labels = labels
        self.features = dict(features or {})
        self.stop_words = frozenset(stop_words)
        self.frame = _frame(config, tokenizer, vocabulary)
        self.room = config.maximum_length - (2 if self.frame else 0)
        if config.overlap < 0 or self.room < 2 * config.overlap + 1:
            raise ConfigurationError(
                "encoding.too_short",
                key="encoding.maximum_length",
                maximum_length=config.maximum_length,
                room=self.room,
                frame=2 if self.frame else 0,
                overlap=config.overlap,
                needed=2 * max(config.overlap, 0) + 1,
            )

    @property
    def has_units(self) -> bool:
        """Whether units are not simply the pieces (words of several pieces)."""
        return cut(self.tokenizer, [PROBE]).words is not None

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
        return forms.windows(encoded, self.room, self.config.overlap)

    def collate(self, rows: Sequence[Encoded]) -> Batch:
        """Join encoded texts or windows to a batch, framed and padded."""
        return forms.collate(rows, self.frame)

    def arrays(self, rows: Sequence[Encoded]) -> Arrays:
        """The same as arrays of numpy, for whom torch is not there."""
        return forms.arrays(rows, self.frame)

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
        tokens = cut(self.tokenizer, texts)
        ids = self.ids(tokens.pieces)[tokens.codes]
        features = {name: feature.of_pieces(texts, tokens, ids) for name, feature in self.features.items()}
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

    def ids(self, pieces: Sequence[str]) -> numpy.ndarray:
        """Ids (int32) of pieces, stop words being all one."""
        ids = self.vocabulary.ids(pieces)
        if self.stop_words:
            stop = self.vocabulary.id(self.config.stop_symbol)
            ids[[piece in self.stop_words for piece in pieces]] = stop
        return ids

    def save(self, folder: Path) -> None:
        """Write all files that `load` needs."""
        folder.mkdir(parents=True, exist_ok=True)
        values = {item.name: getattr(self.config, item.name) for item in fields(self.config)}
        description = {
            "format": FORMAT,
            "config": values,
            "tokenizer": self.tokenizer_settings,
            "labels": {"scheme": self.labels.scheme, "types": self.labels.types},
            "features": sorted(self.features),
        }
        write_json(folder / "encoding.json", description)
        self.vocabulary.save(folder / "vocabulary.json")
        for name, feature in self.features.items():
            feature.save(folder / f"{name}.json")
        if self.stop_words:
            write_text(folder / "stop_words.txt", "".join(f"{word}\n" for word in sorted(self.stop_words)))
        (folder / "tokenizer").mkdir(exist_ok=True)
        self.tokenizer.save(folder / "tokenizer")

    @classmethod
    def load(cls, folder: Path) -> Encoding:
        """Read what `save` wrote.

        Raises:
            DataError: A file is missing, damaged, or of another format.
        """
        file = folder / "encoding.json"
        try:
            content = read_json(file)
            if content["format"] != FORMAT:
                raise ValueError(f"format = {content['format']!r}")
            config = cls.Config(**_checked(content["config"]))
            types = tuple(map(str, content["labels"]["types"]))
            labels = LabelSet(str(content["labels"]["scheme"]), types)
            if labels.scheme not in SCHEMES or len(set(types)) < len(types):
                raise ValueError(f"labels = {content['labels']!r}")
            settings = _tuples(dict(content["tokenizer"]))
            kinds = {name: FEATURES[name] for name in content["features"]}
            tokenizer = tokenizers.build(settings)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise DataError("encoding.bad_file", file=file, reason=f"{type(error).__name__}: {error}") from None
        tokenizer.load(folder / "tokenizer")
        stop = folder / "stop_words.txt"
        return cls(
            config,
            tokenizer=tokenizer,
            tokenizer_settings=settings,
            vocabulary=Vocabulary.load(folder / "vocabulary.json"),
            labels=labels,
            features={name: kind.load(folder / f"{name}.json") for name, kind in kinds.items()},
            stop_words=stop.read_text("utf-8").split("\n")[:-1] if stop.is_file() else (),
        )


def _frame(config: Encoding.Config, tokenizer: Tokenizer, vocabulary: Vocabulary) -> tuple[int, int] | None:
    if (config.begin_symbol is None) != (config.end_symbol is None):
        raise ConfigurationError(
            "encoding.half_frame", key="encoding", begin=config.begin_symbol, end=config.end_symbol
        )
    symbols = getattr(tokenizer, "frame", None)
    if config.begin_symbol is not None and config.end_symbol is not None:
        symbols = (config.begin_symbol, config.end_symbol)
    return None if symbols is None else (vocabulary.id(symbols[0]), vocabulary.id(symbols[1]))


def _checked(values: Any) -> dict[str, Any]:
    """Config values from a file, each of the kind that its default or its annotation asks for."""
    known = {item.name: item for item in fields(Encoding.Config)}
    checked = _tuples(dict(values))
    for name, value in checked.items():
        if name not in known:
            raise ValueError(f"config.{name}?")
        allowed = _KINDS[str(known[name].type).removesuffix(" | None")]
        optional = str(known[name].type).endswith("| None")
        if not (isinstance(value, allowed) and isinstance(value, bool) == (allowed is bool)) and not (
            optional and value is None
        ):
            raise ValueError(f"config.{name} = {value!r}")
    if checked.get("scheme", "bmes") not in SCHEMES:
        raise ValueError(f"config.scheme = {checked['scheme']!r}")
    return checked


_KINDS: dict[str, type] = {
    "int": int,
    "str": str,
    "bool": bool,
    "tuple[str, ...]": tuple,
    "Literal['bio', 'bioes', 'bmes', 'biluo']": str,
    "Literal['none', 'places', 'parts_of_speech']": str,
}


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
