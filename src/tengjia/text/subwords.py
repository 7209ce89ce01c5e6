"""What the tokenizers that learn their pieces from a corpus share: how text is split before, and their file.

Text is split at white space in runs of Chinese characters, of kana, of other letters with their marks, and of numbers;
whatever else there is stands alone. Pieces never cross such a border. The `tokenizers` package does the work, in code
points of the original text. (Its own splitting by script loses characters of unknown script at the start of a word.)

Where texts are put together from pieces again (`spaces`), white space is not lost: the piece after it begins with `▁`
(as in SentencePiece, Kudo and Richardson 2018).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tengjia.errors import DataError
from tengjia.text.characters import half_width
from tengjia.text.pieces import encodable
from tengjia.text.word_lists import LARGEST_FILE
from tengjia.utilities.files import read_json, write_json

if TYPE_CHECKING:
    import tokenizers

PADDING: Final = "[PAD]"
UNKNOWN: Final = "[UNK]"
SPECIAL: Final = [PADDING, UNKNOWN]
"""The pieces of ids 0 and 1."""

SPACE: Final = "▁"
"""Stands for a space before a piece."""

_RUNS: Final = (r"\p{{Han}}+", r"[\p{{Hiragana}}\p{{Katakana}}ー]+", r"{numbers}", r"[\p{{L}}\p{{M}}]+", r".")
_WHITE: Final = re.compile(r"\s")


def prepared(text: str, *, fold_width: bool, spaces: bool = False) -> str:
    """The text as the `tokenizers` package gets it; of the same length."""
    text = half_width(encodable(text)) if fold_width else encodable(text)
    return _WHITE.sub(" ", text) if spaces else text


def assembled(model: Any, *, lowercase: bool, split_digits: bool, spaces: bool = False) -> tokenizers.Tokenizer:
    """A tokenizer around a model of pieces."""
    from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers

    tokenizer = Tokenizer(model)
    if lowercase:
        tokenizer.normalizer = normalizers.Lowercase()
    before = f"{SPACE}?" if spaces else ""
    runs = "|".join(before + run for run in _RUNS).format(numbers=r"\p{N}" if split_digits else r"\p{N}+")
    white = pre_tokenizers.Metaspace(SPACE, "never", split=False) if spaces else pre_tokenizers.WhitespaceSplit()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([white, pre_tokenizers.Split(Regex(runs), "isolated")])
    return tokenizer


def joined(pieces: Iterable[str], *, spaces: bool) -> str:
    """The text that pieces make together; without `spaces` none are known of."""
    text = "".join(pieces)
    return text.replace(SPACE, " ") if spaces else text


def counted_words(tokenizer: tokenizers.Tokenizer, texts: Iterable[str]) -> Counter[str]:
    """How often each stretch occurs between the borders that no piece crosses."""
    counts: Counter[str] = Counter()
    for text in texts:
        normal = tokenizer.normalizer.normalize_str(text) if tokenizer.normalizer else text
        counts.update(word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal))
    return counts


def not_empty(texts: Iterable[str]) -> Iterator[str]:
    """The texts, which must not be none.

    Raises:
        DataError: There is no text with anything in it.
    """
    any_text = False
    for text in texts:
        any_text = any_text or (not text.isspace() and bool(text))
        yield text
    if not any_text:
        raise DataError("text.nothing_to_learn")


def save_pieces(file: Path, **content: Any) -> None:
    """Write what was learnt."""
    write_json(file, content)


def load_pieces(file: Path, *names: str) -> list[Any]:
    """Take back the named parts of what `save_pieces` wrote, all of them lists.

    Raises:
        DataError: The file is missing, too large, or has other content.
    """
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise DataError("text.word_list_size", file=file, limit=LARGEST_FILE)
        content = read_json(file)
        parts = [content[name] for name in names]
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise DataError("text.bad_tokenizer_file", file=file, reason=f"{type(error).__name__}: {error}") from error
    if set(content) != set(names) or not all(isinstance(part, list) for part in parts):
        raise DataError("text.bad_tokenizer_file", file=file, reason=f"{sorted(content)}")
    return parts


def checked_pieces(file: Path, pieces: list[Any]) -> list[str]:
    """Pieces from a file: padding and unknown first, all different, none empty.

    Raises:
        DataError: They are not so.
    """
    good = all(isinstance(piece, str) and piece and encodable(piece) == piece for piece in pieces)
    if not good or pieces[:2] != SPECIAL or len(set(pieces)) < len(pieces):
        raise DataError("text.bad_tokenizer_file", file=file, reason="pieces")
    return list(pieces)


def checked_scores(file: Path, scores: list[Any], count: int) -> list[float]:
    """Logarithms of probabilities from a file, one for each piece.

    Raises:
        DataError: They are not numbers up to 0, or not so many.
    """
    good = all(isinstance(score, float | int) and math.isfinite(score) and score <= 0 for score in scores)
    if not good or len(scores) != count:
        raise DataError("text.bad_tokenizer_file", file=file, reason="scores")
    return [float(score) for score in scores]
