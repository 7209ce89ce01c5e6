"""Word vectors in the binary form of word2vec, plain or packed with gzip."""

from __future__ import annotations

from dataclasses import dataclass

from tengjia.registry import vectors
from tengjia.text.binary_vectors import read_binary
from tengjia.text.vector_file import VectorFile


@vectors.register("binary")
class BinaryVectors(VectorFile):
    """Word vectors of a binary word2vec file.

    Two sizes on the first line, then each word with its little-endian float32 numbers.
    """

    read = staticmethod(read_binary)

    @dataclass(frozen=True)
    class Config(VectorFile.Config):
        """Options of `BinaryVectors`."""
