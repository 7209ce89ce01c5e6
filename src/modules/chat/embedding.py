"""Vectors of questions: of a trained twin encoder, or the mean of word vectors; none by default."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy

from tengjia.base_tasks.pipelines import load_pipeline
from tengjia.config import Settings
from tengjia.config.parameters import Limits
from tengjia.errors import CheckpointError, ConfigurationError
from tengjia.registry import vectors
from tengjia.retrieval.terms import TermKind, splitter
from tengjia.retrieval.vectors import AveragedWords, Embedder


class Embedding:
    """What gives a question its vector."""

    limits: ClassVar[Limits] = {"words": (0, None)}

    @dataclass(frozen=True)
    class Config:
        """A trained model; without one and with `vectors=...`, word vectors."""

        bundle: str | None = None
        """Folder of a run, or bundle, of text matching with twin encoders (`base_task: text_matching`)."""

        words: int = 50000
        """With word vectors: so many of the first words of their file are kept besides those of the corpus, to
        understand questions."""


def embedder_for(config: Settings, kind: TermKind, texts: Sequence[str]) -> Embedder | None:
    """The embedder that a config asks for; `None`: none.

    Raises:
        ConfigurationError: Both a bundle and word vectors are asked for.
        CheckpointError: The bundle is damaged, or of something else.
        DataError: The file of vectors is missing, or not as it must be.
    """
    wanted = Embedding.Config(**dict(config.get("embedding") or {}))
    chosen = config.get("vectors")
    if wanted.bundle is not None:
        if chosen:
            raise ConfigurationError("chat.two_embeddings", key="embedding.bundle", found=wanted.bundle)
        return of_bundle(Path(wanted.bundle))
    if not chosen:
        return None
    source: Any = vectors.build(chosen, root=Path(config.word_vector_root), cache=Path(config.cache_root) / "vectors")
    split = splitter(kind)
    words = {term for text in texts for term in split(text)} | set(source.words(wanted.words))
    ordered = sorted(words)
    return AveragedWords.build(kind, ordered, source.load(ordered), texts)


def of_bundle(folder: Path) -> Embedder:
    """The encoder of a bundle.

    Raises:
        CheckpointError: It has none.
    """
    place = folder / "bundle" if (folder / "bundle").is_dir() else folder
    pipeline = load_pipeline(place)
    index: Callable[[Sequence[str]], Any] | None = getattr(pipeline, "index", None)
    if index is None or getattr(pipeline, "together", False):
        raise CheckpointError("chat.no_encoder", file=place)

    def embedder(texts: Sequence[str]) -> numpy.ndarray:
        vectors: numpy.ndarray = index(list(texts)).vectors.float().cpu().numpy()
        return vectors

    return embedder
