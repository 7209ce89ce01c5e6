"""Word vectors in text: word2vec and GloVe files, plain or packed with gzip."""

from __future__ import annotations

from dataclasses import dataclass

from tengjia.registry import vectors
from tengjia.text.text_vectors import read_text
from tengjia.text.vector_file import VectorFile


@vectors.register("text")
class TextVectors(VectorFile):
    """Word vectors of a text file, as word2vec and GloVe write it.

    A word and its numbers on each line; a first line with two sizes is understood and not needed.
    """

    read = staticmethod(read_text)

    @dataclass(frozen=True)
    class Config(VectorFile.Config):
        """Options of `TextVectors`."""
