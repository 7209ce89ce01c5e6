"""Where each piece stands in the words of a text, and what kind of words they are: knowledge of jieba for the model.

A tagger that reads characters does not see words. Begin, middle and end of the words that a dictionary finds, and their
parts of speech (`nr` a person, `ns` a place, `nt` an organisation, ...), are cheap hints ("softword" features: Zhao and
Kit 2008; Peng and Dredze 2016), and a dictionary of the user's own brings what only the user knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy

from tengjia.contracts import TokenArrays
from tengjia.errors import DataError
from tengjia.text.pieces import encodable
from tengjia.text.segmenter import segmenter
from tengjia.text.word_lists import LARGEST_FILE, Entry
from tengjia.utilities.files import write_text

_NAMES: Final = (
    "a ad ag an b c d df dg e en eng f g h i j k l m mg mq n ng nr nrfg nrt ns nt nz o p q r rg rr rz s t tg u ud ug uj"
    " ul uv uz v vd vg vi vn vq x y yg z zg"
)
PARTS_OF_SPEECH: Final = tuple(_NAMES.split())
"""Tags of jieba's dictionary."""

_FIRST: Final = 2  # 0 is padding, 1 unknown
_BEGIN, _MIDDLE, _END, _SINGLE = range(4)


class WordPlaces:
    """Gives each piece the id of its place in a word, and of the word's part of speech.

    Args:
        entries: Words of the user's own; their tags are parts of speech like any other.
        tags: The parts of speech that are told apart, those of the entries included; empty: none, only places are told.
    """

    def __init__(self, entries: Iterable[Entry] = (), tags: Iterable[str] = ()) -> None:
        self.entries = tuple({entry.word: entry for entry in entries}.values())
        self.tags = tuple(tags)
        self._numbers = {tag: number for number, tag in enumerate(self.tags)}
        self._segmenter: Any = None

    @classmethod
    def made(cls, entries: Iterable[Entry], *, parts_of_speech: bool) -> WordPlaces:
        """With jieba's parts of speech and those of the entries, or with places only."""
        entries = tuple(entries)
        own = sorted({entry.tag for entry in entries if entry.tag} - set(PARTS_OF_SPEECH))
        return cls(entries, (*PARTS_OF_SPEECH, *own) if parts_of_speech else ())

    def __len__(self) -> int:
        return _FIRST + 4 * max(1, len(self.tags))

    def of_pieces(self, texts: Sequence[str], tokens: TokenArrays, ids: numpy.ndarray) -> numpy.ndarray:
        """An id (int32) for each piece of the texts: that of the place of its first character."""
        del ids  # what the piece itself is does not matter
        if not len(tokens.starts):
            return numpy.empty(0, numpy.int32)
        places = numpy.concatenate([self._places(text) for text in texts])
        lengths = numpy.fromiter(map(len, texts), numpy.int64, len(texts))
        first_characters = numpy.repeat(numpy.cumsum(lengths) - lengths, tokens.counts)
        found: numpy.ndarray = places[first_characters + tokens.starts]
        return found

    def _places(self, text: str) -> numpy.ndarray:
        """An id for each character of a text."""
        if self._segmenter is None:
            self._segmenter = segmenter(self.entries)
        words = self._segmenter.tag(encodable(text), True)
        lengths = numpy.fromiter((len(word) for word, _ in words), numpy.int64, len(words))
        ends = numpy.cumsum(lengths)
        places = numpy.full(len(text), _MIDDLE, numpy.int32)
        places[ends - lengths] = _BEGIN
        places[ends - 1] = numpy.where(lengths == 1, _SINGLE, _END)
        if not self.tags:
            return places + _FIRST
        numbers = numpy.fromiter((self._numbers.get(tag, -1) for _, tag in words), numpy.int32, len(words))
        of_words = numpy.repeat(numbers, lengths)
        return numpy.where(of_words < 0, 1, places + _FIRST + 4 * of_words).astype(numpy.int32)

    def save(self, file: Path) -> None:
        """Write a JSON document."""
        content = {"tags": self.tags, "entries": self.entries}
        write_text(file, json.dumps(content, ensure_ascii=True, indent=1) + "\n")

    @classmethod
    def load(cls, file: Path) -> WordPlaces:
        """Read what `save` wrote.

        Raises:
            DataError: The file is missing, damaged or too large.
        """
        try:
            if file.stat().st_size > LARGEST_FILE:
                raise ValueError(f"> {LARGEST_FILE} bytes")
            content = json.loads(file.read_text("utf-8"))
            tags, entries = content["tags"], [_entry(values) for values in content["entries"]]
            if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
                raise ValueError("`tags`: list[str]")
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise DataError("encoding.bad_file", file=file, reason=f"{type(error).__name__}: {error}") from None
        return cls(entries, tags)

    def __getstate__(self) -> dict[str, Any]:
        # The segmenter lives in Rust and does not travel to other processes; it is made again there.
        return {**self.__dict__, "_segmenter": None}


def _entry(values: Any) -> Entry:
    word, frequency, tag = values
    whole = frequency is None or (isinstance(frequency, int) and not isinstance(frequency, bool) and frequency >= 0)
    if not (isinstance(word, str) and word and whole and (tag is None or isinstance(tag, str))):
        raise ValueError(f"`entries`: {values!r}"[:200])
    return Entry(word, frequency, tag)
