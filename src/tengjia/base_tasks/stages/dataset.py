"""The data of a task: encoding, examples, and rows in batches.

Preprocessing is done first if the cache does not hold its result:

    dataset = build_dataset(Encoding, config, run)
    data = dataset.training(batch_size=32, seed=config.seed)
    for step in data.steps(epoch=0):
        ...
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tengjia.base_tasks.stages.base_task import TaskEncoding
from tengjia.base_tasks.stages.corpus import section
from tengjia.base_tasks.stages.preparation import Prepared, prepare, pretrained_vectors
from tengjia.base_tasks.texts.batches import widened
from tengjia.config import Settings
from tengjia.contracts import Inputs
from tengjia.data.batching import Batching, Part
from tengjia.data.example_table import ExampleTable
from tengjia.errors import ConfigurationError, DataError
from tengjia.runs import RunFolder
from tengjia.text.bert_files import known_pieces
from tengjia.utilities.few_sizes import in_eights

if TYPE_CHECKING:
    from tengjia.contracts import Labels, TrainingData, Vectors


class Dataset:
    """What training needs to know of the data.

    Args:
        encoding: That of the base task.
        prepared: What preprocessing left.
        vectors: Pretrained vectors for the pieces, if any.
        encoder: Folder of a Hugging Face encoder, if the model needs one.
    """

    def __init__(
        self,
        encoding: type[TaskEncoding],
        prepared: Prepared,
        *,
        vectors: Vectors | None = None,
        encoder: Path | None = None,
    ) -> None:
        self.prepared = prepared
        self.encoding = encoding.load(prepared.encoded.file("encode"))
        self._vectors, self._encoder = vectors, encoder

    @property
    def labels(self) -> Labels:
        """What a model scores: tags, classes, ..."""
        return self.encoding.labels

    @property
    def fingerprint(self) -> str:
        """Stands for the content of the encoded data."""
        return self.prepared.fingerprint

    @property
    def facts(self) -> Mapping[str, Any]:
        """Counts and files, and what the pretrained vectors cover, as noted in `data.json` of the run."""
        coverage = getattr(self._vectors, "coverage", None)
        return {**self.prepared.facts(), **({"vectors": coverage.facts()} if coverage is not None else {})}

    @cached_property
    def inputs(self) -> Inputs:
        """What a model has to know."""
        table = None
        if self._vectors is not None:
            table = self._vectors.load(self.encoding.texts.vocabulary.pieces)
        return Inputs(
            **self.encoding.inputs(),
            vectors=table,
            vectors_frozen=bool(getattr(getattr(self._vectors, "config", None), "frozen", False)),
            encoder=self._encoder,
        )

    def parts(self) -> tuple[str, ...]:
        """The parts of the corpus: `train`, `development`, `test`."""
        return self.prepared.examples.parts()

    def examples(self, part: str) -> ExampleTable:
        """The examples of a part as they stand in the corpus.

        Raises:
            DataError: There is no such part.
        """
        return self.prepared.examples[part]

    @cached_property
    def encoded(self) -> dict[str, Part]:
        """The encoded rows of each part that has some: `train`, `development`."""
        entry = self.prepared.encoded
        return {part: self.encoding.part(entry.file(f"{part}.arrow")) for part in entry.facts["rows"]}

    def training(
        self,
        *,
        batch_size: int,
        seed: int,
        batch_pieces: int | None = None,
        accumulate: int = 1,
        rank: int = 0,
        world: int = 1,
        workers: int = 0,
        evaluation_batch_size: int | None = None,
        average: Literal["units", "examples"] = "units",
        balance: float = 0.0,
        few_widths: bool = False,
    ) -> TrainingData:
        """Batches to train on and to evaluate with; see `tengjia.data.batching.Batching`.

        Args:
            few_widths: Whether all batches are padded to one of few widths (`utilities.few_sizes.in_eights`).

        Raises:
            DataError: The training part holds nothing to learn from.
        """
        parts = self.encoded
        if "train" not in parts:
            raise DataError("cache.no_rows")
        return Batching(
            parts["train"],
            parts,
            batch_size=batch_size,
            seed=seed,
            batch_pieces=batch_pieces,
            accumulate=accumulate,
            rank=rank,
            world=world,
            workers=workers,
            evaluation_batch_size=evaluation_batch_size,
            average=average,
            balance=balance,
            finish=partial(widened, most=self.encoding.config.always_fits, width=in_eights) if few_widths else None,
        )


def build_dataset(encoding: type[TaskEncoding], config: Settings, run: RunFolder) -> Dataset:
    """The data that a config describes, prepared now if the cache does not hold it.

    Raises:
        DataError: The corpus, the vectors or the encoder folder make no sense.
        ConfigurationError: A window is longer than the encoder takes.
        EnvironmentFault: The device to train on is not there: told now, not after long preprocessing.
    """
    if config.get("trainer") is not None:
        from tengjia.training.devices import resolve_device

        resolve_device(config.trainer.device)
    encoder = encoder_folder(encoding, config)
    dataset = Dataset(encoding, prepare(encoding, config, run), vectors=pretrained_vectors(config), encoder=encoder)
    if encoder is not None:
        _check_pieces(dataset.encoding.texts.vocabulary.pieces, encoder)
    return dataset


def encoder_folder(encoding: type[TaskEncoding], config: Settings) -> Path | None:
    """The folder of the encoder that the model names (`model.encoder`, below `bert_model_root`).

    Raises:
        DataError: It is no folder of an encoder.
        ConfigurationError: `encoding.maximum_length` is more than it takes.
    """
    name = config.model.get("encoder") if config.get("model") is not None else None
    if not name:
        return None
    folder = Path(config.bert_model_root) / str(name)
    try:
        about = json.loads((folder / "config.json").read_text("utf-8"))
        most = about.get("max_position_embeddings")
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise DataError("cache.no_encoder", key="model.encoder", file=folder, reason=error) from None
    length = section(config, "encoding", encoding).maximum_length
    if isinstance(most, int) and length > most:
        raise ConfigurationError(
            "cache.too_long", key="encoding.maximum_length", found=length, allowed=most, folder=folder
        )
    return folder


def _check_pieces(pieces: Sequence[str], encoder: Path) -> None:
    """The pieces that texts are cut in are those that the encoder knows by the same numbers."""
    known = known_pieces(encoder)
    for number, (piece, its) in enumerate(zip(pieces, known or ())):
        if piece != its:
            raise DataError("cache.other_pieces", key="tokenizer", file=encoder, id=number, found=piece, allowed=its)
