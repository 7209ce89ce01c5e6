"""When two texts count as the same for splitting and for finding leaks."""

from __future__ import annotations

import hashlib
import unicodedata


def normalised(text: str) -> str:
    """The text without what does not tell texts apart: case, width (NFKC), spaces and punctuation.

    A text of punctuation only keeps it.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(c for c in plain if c.isalnum() or unicodedata.category(c)[0] == "M")
    return letters or "".join(plain.split())


def digest(text: str) -> bytes:
    """Eight bytes that stand for a text (BLAKE2b); half a surrogate pair counts as itself."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
