"""What a student learns from: the texts of the training part, changed texts beside them, and the teacher's scores.

Every text is answered once; rows and scores are kept in the cache, found again by all that they depend on:

    <cache_root>/taught/<fingerprint>/scores.safetensors     of the texts of the training part
    <cache_root>/taught/<fingerprint>/...                    of each round: rows.arrow, scores.safetensors
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy
import pyarrow as pa
import torch
from tqdm import tqdm

from tengjia.base_tasks.stages.corpus import section
from tengjia.base_tasks.stages.dataset import Dataset
from tengjia.base_tasks.texts.row_table import RowTable
from tengjia.bundle.weights import load_tensors, save_tensors
from tengjia.config import Settings
from tengjia.data.arrow_tables import write_table
from tengjia.data.batching import Part
from tengjia.data.cache import Cache, Entry
from tengjia.data.cleaning import Cleaning
from tengjia.data.example import Example
from tengjia.data.fingerprints import code_behind
from tengjia.data.preprocessing import Preprocessing
from tengjia.data.rejects import CollectedRejects
from tengjia.distillation import augmentation, words
from tengjia.distillation.augmentation import Augmentation, Changes, chunks_of
from tengjia.distillation.teacher import Teacher
from tengjia.distillation.unit import TaughtBatch
from tengjia.distillation.words import WordPools
from tengjia.registry import scope

KIND: Final = "taught"
ROWS: Final = "rows.arrow"
SCORES: Final = "scores.safetensors"


@dataclass(frozen=True)
class Taught:
    """One round: rows to draw from, and what the teacher says of them."""

    part: Part
    scores: torch.Tensor
    """`[rows, C]` float32."""
    originals: int
    """So many rows, the first, are texts of the training part; the others are changed."""

    def training_part(self) -> Part:
        """The rows, as a trainer draws them."""
        return replace(self.part, batch=self._batch)

    def _batch(self, rows: numpy.ndarray) -> Any:
        batch, chosen = self.part.batch(rows), torch.from_numpy(rows.astype(numpy.int64))
        target: torch.Tensor = batch.target  # type: ignore[assignment]
        known = (target >= 0) if target.ndim == 1 else torch.ones(len(target), dtype=torch.bool)
        return TaughtBatch(batch, self.scores[chosen], (chosen < self.originals) & known, chosen)  # type: ignore[arg-type]


class Transfer:
    """Makes the rounds, or finds them in the cache.

    Args:
        config: The effective config of the student.
        dataset: Its encoded corpus.
        teacher: Who is asked.
        batch_size: How many texts it answers at once.
        check: Called often; raises to stop.
    """

    def __init__(
        self,
        config: Settings,
        dataset: Dataset,
        teacher: Teacher,
        *,
        batch_size: int,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self.config, self.dataset, self.teacher, self.batch_size = config, dataset, teacher, batch_size
        self.augmentation: Augmentation.Config = section(config, "augmentation", Augmentation)
        self.preprocessing = Preprocessing(section(config, "preprocess", Preprocessing), check=check)
        self.cache = Cache(Path(config.cache_root), check=check)
        self.check = check

    @property
    def rounds(self) -> int:
        """How many different ones there are."""
        return self.augmentation.rounds if self.augmentation.copies else 1

    def round(self, number: int) -> Taught:
        """One of them.

        Raises:
            EnvironmentFault: The cache cannot be written.
        """
        entry = self.cache.obtain(KIND, self._parts(number), lambda folder: self._fill(folder, number))
        scores = [self._scores_of(self._originals())]
        if self.augmentation.copies:
            scores.append(self._scores_of(entry))
        return Taught(self.dataset.encoding.part(entry.file(ROWS)), torch.cat(scores), len(self.examples))

    @cached_property
    def examples(self) -> list[Example]:
        """Those of the training part that were encoded, cleaned as they were then."""
        rows = RowTable(self.dataset.prepared.encoded.file("train.arrow"))
        table, cleaning = self.dataset.examples("train"), Cleaning(section(self.config, "cleaning", Cleaning))
        cleaned = (cleaning.example(table[int(number)], CollectedRejects()) for number in rows.numbers("example"))
        return [example for example in cleaned if example is not None]

    @cached_property
    def _pools(self) -> WordPools:
        return WordPools.of(example.text for example in self.examples)

    def _originals(self) -> Entry:
        """The teacher's scores of the texts as they stand."""
        texts = [example.text for example in self.examples]
        return self.cache.obtain(KIND, self._parts(None), lambda folder: self._answered(folder, texts))

    def _parts(self, number: int | None) -> dict[str, Any]:
        """What scores and rows depend on; `None`: the originals alone."""
        parts: dict[str, Any] = {"data": self.dataset.fingerprint, "teacher": self.teacher.digest}
        if number is None:
            return {**parts, "what": "originals"}
        settings = {name: value for name, value in asdict(self.augmentation).items() if name != "rounds"}
        sources = tuple(Path(str(module.__file__)) for module in (augmentation, words))
        return {
            **parts,
            "what": "round",
            "round": number if self.augmentation.copies else 0,
            "seed": self.config.seed,
            "augmentation": settings if self.augmentation.copies else {},
            "code": dict(code_behind(sources, scope().root)),
        }

    def _fill(self, folder: Path, number: int) -> Mapping[str, Any]:
        changed = self._changed(number) if self.augmentation.copies else []
        copies = [
            replace(example, text=text) for example, text in zip(self.examples * self.augmentation.copies, changed)
        ]
        encoding = self.dataset.encoding
        rows = write_table(folder / ROWS, encoding.schema(), self._encoded([*self.examples, *copies]))
        if changed:
            self._answered(folder, changed)
        return {"rows": rows, "changed": len(changed)}

    def _changed(self, number: int) -> list[str]:
        """The changed texts of a round, whoever changes them."""
        texts = [example.text for example in self.examples]
        size = self.preprocessing.config.chunk_size
        chunks = list(chunks_of(texts, number, self.augmentation.copies, size))
        with self.preprocessing.workforce(Changes, self.augmentation, self._pools, self.config.seed) as workforce:
            return [
                text for found in workforce.map(chunks, lambda chunk: f"{chunk.round}.{chunk.copy}") for text in found
            ]

    def _encoded(self, examples: Sequence[Example]) -> Iterator[pa.RecordBatch]:
        size = self.preprocessing.config.chunk_size
        for first in range(0, len(examples), size):
            self.check()
            chunk = examples[first : first + size]
            numbers = numpy.arange(first, first + len(chunk), dtype=numpy.int32)
            yield self.dataset.encoding.rows(chunk, numbers, CollectedRejects())[0]

    def _answered(self, folder: Path, texts: Sequence[str]) -> Mapping[str, Any]:
        with tqdm(total=len(texts), desc="teacher", unit=" texts", disable=None) as bar:

            def told(count: int) -> None:
                self.check()
                bar.update(count)

            scores = self.teacher.scores(texts, batch_size=self.batch_size, check=told)
        save_tensors({"scores": scores}, folder / SCORES)
        return {"texts": len(texts)}

    def _scores_of(self, entry: Entry) -> torch.Tensor:
        return load_tensors(entry.file(SCORES))["scores"]
