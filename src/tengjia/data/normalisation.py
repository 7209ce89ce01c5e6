"""When two texts count as the same for splitting and for finding leaks."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache


@cache
def _between_words() -> re.Pattern[str]:
    """Runs of punctuation, symbols, blanks and control characters of the basic plane (emoji are further up)."""
    signs = (c for c in map(chr, range(0x10000)) if unicodedata.category(c) in _SIGNS)
    return re.compile(f"[{re.escape(''.join(signs))}]+")


_SIGNS = frozenset(("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf"))


def normalised(text: str) -> str:
    """The text without what does not tell texts apart: case, width (NFKC), blanks and punctuation.

    A text of nothing else keeps its punctuation.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _between_words().sub("", plain) or "".join(plain.split())


def digest(text: str) -> bytes:
    """Eight bytes that stand for a text (BLAKE2b); half a surrogate pair counts as itself."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
