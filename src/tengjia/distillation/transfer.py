"""What a student learns from: the texts of the training part, changed texts beside them, and the teacher's scores.

Every text is answered once; rows and scores are kept in the cache, found again by all that they depend on:

    <cache_root>/rounds/<fingerprint>/rows.arrow             texts of the training part, then changed ones, encoded
    <cache_root>/scores/<fingerprint>/scores.safetensors     what a teacher says of texts, whoever learns from it
"""

from __future__ import annotations

import hashlib
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
from tengjia.data.cache import Cache
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

ROUNDS: Final = "rounds"
ROWS: Final = "rows.arrow"
SCORES: Final = "scores"


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

    def watched(self, check: Callable[[], None]) -> Transfer:
        """The same, with `check` called often."""
        return Transfer(self.config, self.dataset, self.teacher, batch_size=self.batch_size, check=check)

    @property
    def rounds(self) -> int:
        """How many different ones there are."""
        return self.augmentation.rounds if self.augmentation.copies else 1

    def round(self, number: int) -> Taught:
        """One of them.

        Raises:
            EnvironmentFault: The cache cannot be written.
        """
        rows = self.cache.obtain(ROUNDS, self._parts(number), lambda folder: self._fill(folder, number))
        scores = [self._scores(self._originals, lambda: self._texts)]
        if self.augmentation.copies:
            scores.append(self._scores(str(rows.facts["changed"]), lambda: self._changed(number)))
        return Taught(self.dataset.encoding.part(rows.file(ROWS)), torch.cat(scores), len(self.examples))

    @cached_property
    def examples(self) -> list[Example]:
        """Those of the training part that were encoded, cleaned as they were then."""
        rows = RowTable(self.dataset.prepared.encoded.file("train.arrow"))
        table, cleaning = self.dataset.examples("train"), Cleaning(section(self.config, "cleaning", Cleaning))
        cleaned = (cleaning.example(table[int(number)], CollectedRejects()) for number in rows.numbers("example"))
        return [example for example in cleaned if example is not None]

    @cached_property
    def _pools(self) -> WordPools:
        return WordPools.of(self._texts)

    @cached_property
    def _texts(self) -> list[str]:
        return [example.text for example in self.examples]

    @cached_property
    def _originals(self) -> str:
        return _digest(self._texts)

    def _parts(self, number: int) -> dict[str, Any]:
        """What the rows of a round depend on."""
        copies = self.augmentation.copies
        settings = {name: value for name, value in asdict(self.augmentation).items() if name not in {"rounds", "seed"}}
        sources = tuple(Path(str(module.__file__)) for module in (augmentation, words))
        return {
            "data": self.dataset.fingerprint,
            "round": number if copies else 0,
            "seed": self._seed if copies else 0,
            "augmentation": settings if copies else {},
            "code": dict(code_behind(sources, scope().root)),
        }

    @property
    def _seed(self) -> int:
        own = self.augmentation.seed
        return int(self.config.seed) if own is None else own

    def _fill(self, folder: Path, number: int) -> Mapping[str, Any]:
        copies = self.augmentation.copies
        changed = self._changed(number) if copies else []
        more = [replace(example, text=text) for example, text in zip(self.examples * copies, changed)]
        rows = write_table(folder / ROWS, self.dataset.encoding.schema(), self._encoded([*self.examples, *more]))
        return {"rows": rows, "changed": _digest(changed)}

    def _changed(self, number: int) -> list[str]:
        """The changed texts of a round, whoever changes them."""
        size = self.preprocessing.config.chunk_size
        chunks = list(chunks_of(self._texts, number, self.augmentation.copies, size))
        with self.preprocessing.workforce(Changes, self.augmentation, self._pools, self._seed) as workforce:
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

    def _scores(self, digest: str, texts: Callable[[], Sequence[str]]) -> torch.Tensor:
        """The teacher's scores of texts, which it is asked for only if the cache has none.

        Args:
            digest: Stands for the texts.
            texts: Gives them.
        """
        parts = {"teacher": self.teacher.digest, "texts": digest}
        entry = self.cache.obtain(SCORES, parts, lambda folder: self._answered(folder, texts()))
        return load_tensors(entry.file(f"{SCORES}.safetensors"))[SCORES]

    def _answered(self, folder: Path, texts: Sequence[str]) -> Mapping[str, Any]:
        with tqdm(total=len(texts), desc="teacher", unit=" texts", disable=None) as bar:

            def told(count: int) -> None:
                self.check()
                bar.update(count)

            scores = self.teacher.scores(texts, batch_size=self.batch_size, check=told)
        save_tensors({SCORES: scores}, folder / f"{SCORES}.safetensors")
        return {"texts": len(texts)}


def _digest(texts: Sequence[str]) -> str:
    """Stands for texts in their order."""
    content = "\0".join(texts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()
