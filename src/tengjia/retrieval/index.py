"""Texts that are found by their words, their vectors, or both; built once, saved, mapped when it is used.

<folder>/
    index.json                   options, fingerprint of the texts, counts
    bm25.json, *.bin             the words
    vectors.bin                  `[texts, width]` float32, if there are vectors
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar, Final, Literal, NamedTuple

import numpy

from tengjia.config.parameters import Limits
from tengjia.errors import CheckpointError, ConfigurationError
from tengjia.retrieval.arrays import map_array, write_array
from tengjia.retrieval.bm25 import BM25
from tengjia.retrieval.ranking import best, reciprocal_rank
from tengjia.retrieval.terms import splitter
from tengjia.retrieval.vectors import Embedder, normalised
from tengjia.utilities.files import read_json, write_json

FORMAT: Final = 1


class Hit(NamedTuple):
    """A text that was found."""

    number: int
    """Which one."""

    score: float
    """How well it fits, 0 to 1: a mean of the two below, or the first alone."""

    lexical: float
    """Share of the query's BM25 score that it reaches, 0 to 1."""

    cosine: float
    """Cosine of its vector and the query's; 0 without vectors."""


class Index:
    """Texts, to be found.

    Args:
        config: See `Config`.
        words: Finds them by their words.
        vectors: `[texts, H]` of length 1; `None` without.
        embedder: Gives the vector of a query; needed with `vectors`.
        fingerprint: Of the texts and options.
    """

    limits: ClassVar[Limits] = {
        "k1": (0.0, None),
        "b": (0.0, 1.0),
        "vector_weight": (0.0, 1.0),
        "candidates": (1, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Options of an index."""

        terms: Literal["characters", "jieba", "words"] = "characters"
        """What texts are found by: characters and pairs of them, words as jieba finds them, or words between blanks."""

        k1: float = 1.2
        """BM25: how much it counts that a term occurs again."""

        b: float = 0.75
        """BM25: how much long texts are held to be merely wordy."""

        fusion: Literal["weighted", "reciprocal_rank"] = "weighted"
        """With vectors: order by the weighted mean of both scores, or by the ranks in both (Cormack et al. 2009)."""

        vector_weight: float = 0.5
        """With vectors: their share in the score."""

        candidates: int = 100
        """With `reciprocal_rank`: places of each ranking that are looked at."""

    def __init__(
        self,
        config: Config,
        *,
        words: BM25,
        vectors: numpy.ndarray | None = None,
        embedder: Embedder | None = None,
        fingerprint: str = "",
    ) -> None:
        if vectors is not None and embedder is None:
            raise ConfigurationError("retrieval.no_embedder", key="embedder")
        self.config, self.words, self.vectors = config, words, vectors
        self.embedder, self.fingerprint = embedder, fingerprint
        self._split = splitter(config.terms)

    def __len__(self) -> int:
        return self.words.count

    @classmethod
    def build(cls, texts: Sequence[str], config: Config | None = None, *, embedder: Embedder | None = None) -> Index:
        """Index texts.

        Args:
            texts: The texts; there may be none.
            config: Options.
            embedder: Gives their vectors; `None`: they are found by their words alone.
        """
        config = config or cls.Config()
        split = splitter(config.terms)
        words = BM25.build((split(text) for text in texts), BM25.Config(config.k1, config.b))
        vectors = normalised(embedder(texts)) if embedder is not None and texts else None
        embedder = None if vectors is None else embedder
        return cls(config, words=words, vectors=vectors, embedder=embedder, fingerprint=fingerprint(texts, config))

    def search(self, query: str, count: int = 1) -> list[Hit]:
        """The texts that fit best, the best first; those that share nothing with the query are no hits."""
        lexical = self._lexical(query)
        cosines = self._cosines(query)
        if cosines is None:
            scores, order = lexical, best(lexical, count)
        else:
            share = numpy.float32(self.config.vector_weight)
            scores = (1 - share) * lexical + share * numpy.clip(cosines, 0.0, 1.0)
            order = best(scores, count) if self.config.fusion == "weighted" else self._by_ranks(lexical, cosines, count)
        return [
            Hit(
                number,
                float(scores[number]),
                float(lexical[number]),
                0.0 if cosines is None else float(cosines[number]),
            )
            for number in order.tolist()
            if scores[number] > 0
        ]

    def _lexical(self, query: str) -> numpy.ndarray:
        terms = self._split(query)
        ideal = self.words.ideal(terms)
        shares: numpy.ndarray = numpy.minimum(self.words.scores(terms) / (ideal or 1.0), 1.0)
        return shares

    def _cosines(self, query: str) -> numpy.ndarray | None:
        if self.vectors is None or self.embedder is None:
            return None
        cosines: numpy.ndarray = self.vectors @ normalised(self.embedder([query]))[0]
        return cosines

    def _by_ranks(self, lexical: numpy.ndarray, cosines: numpy.ndarray, count: int) -> numpy.ndarray:
        rankings = [
            [number for number in best(scores, self.config.candidates).tolist() if scores[number] > 0]
            for scores in (lexical, cosines)
        ]
        return numpy.array(list(reciprocal_rank(rankings))[:count], numpy.int64)

    def save(self, folder: Path) -> None:
        """Write all files that `load` needs into a folder that takes its place at the end (a bundle, say)."""
        folder.mkdir(parents=True, exist_ok=True)
        self.words.save(folder)
        width = None
        if self.vectors is not None:
            width = self.vectors.shape[1]
            write_array(folder / "vectors.bin", self.vectors, "<f4")
        facts = {"format": FORMAT, "config": asdict(self.config), "fingerprint": self.fingerprint, "width": width}
        write_json(folder / "index.json", facts)

    @classmethod
    def load(cls, folder: Path, *, embedder: Embedder | None = None) -> Index:
        """Read what `save` wrote; the large arrays are mapped.

        Args:
            folder: Where it stands.
            embedder: The one that the vectors were made by.

        Raises:
            CheckpointError: A file is missing, not as it was written, or of another version.
            ConfigurationError: There are vectors, and no embedder.
        """
        file = folder / "index.json"
        try:
            facts = read_json(file)
            if facts["format"] != FORMAT:
                raise CheckpointError("retrieval.other_format", file=file, found=facts["format"], allowed=FORMAT)
            config, width = cls.Config(**facts["config"]), facts["width"]
            splitter(config.terms)
            count = int(config.candidates)
            if not (0.0 <= config.vector_weight <= 1.0 and count >= 1 and (width is None or width > 0)):
                raise ValueError(str(facts["config"])[:200])
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise CheckpointError("retrieval.bad_index", file=file, found=f"{type(error).__name__}: {error}") from None
        words = BM25.load(folder)
        vectors = None if width is None else map_array(folder / "vectors.bin", "<f4", [words.count, int(width)])
        return cls(config, words=words, vectors=vectors, embedder=embedder, fingerprint=str(facts["fingerprint"]))


def fingerprint(texts: Sequence[str], config: Index.Config) -> str:
    """SHA-256 of texts and options: an index whose fingerprint is another one is stale."""
    digest = hashlib.sha256(repr(sorted(asdict(config).items())).encode())
    for text in texts:
        encoded = text.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    return digest.hexdigest()
