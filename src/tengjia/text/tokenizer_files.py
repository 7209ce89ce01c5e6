"""The `tokenizer.json` of a Hugging Face folder: plain data, read by the package `tokenizers`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tengjia.errors import DataError
from tengjia.text.word_lists import LARGEST_FILE

if TYPE_CHECKING:
    import tokenizers

DESCRIPTION: Final = "tokenizer.json"
_PROBE: Final = "a"


def read_tokenizer(file: Path) -> tokenizers.Tokenizer:
    """The tokenizer of a file, without truncation and padding of its own.

    Raises:
        DataError: The file is missing, too large, or describes no tokenizer.
    """
    from tokenizers import Tokenizer

    try:
        if file.stat().st_size > LARGEST_FILE:
            raise DataError("text.word_list_size", file=file, limit=LARGEST_FILE)
        tokenizer = Tokenizer.from_str(file.read_text("utf-8"))
    except DataError:
        raise
    except Exception as error:  # what the package raises has no class of its own
        reason = f"{type(error).__name__}: {error}"[:200]
        raise DataError("text.bad_tokenizer_file", file=file, reason=reason) from None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def pieces_of(tokenizer: tokenizers.Tokenizer, file: Path) -> list[str]:
    """All pieces in the order of their ids.

    Raises:
        DataError: An id is missing, or stands for several pieces.
    """
    ids = tokenizer.get_vocab(with_added_tokens=True)
    pieces = sorted(ids, key=ids.__getitem__)
    if [ids[piece] for piece in pieces] != list(range(len(pieces))) or not pieces:
        raise DataError("text.bad_tokenizer_file", file=file, reason="ids")
    return pieces


def borders_of(tokenizer: tokenizers.Tokenizer) -> tuple[str, str] | None:
    """The pieces that it puts before and after a text, where there is one on either side."""
    plain = tokenizer.encode(_PROBE, add_special_tokens=False).tokens
    whole = tokenizer.encode(_PROBE, add_special_tokens=True).tokens
    framed = len(whole) == len(plain) + 2 and whole[1:-1] == plain
    return (whole[0], whole[-1]) if framed else None
