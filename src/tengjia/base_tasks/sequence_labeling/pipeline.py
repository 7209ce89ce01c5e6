"""Raw text in, entities out: what `stage=test`, `stage=apply` and every service share.

    pipeline = SequenceLabelingPipeline.load(Path("data/check_points/demo_app/ner/<run>/bundle"))
    pipeline("林清远毕业于云山大学。")       # [Entity("林清远", "NAME", 0, 3, score=0.99, ...), ...]

A text that is longer than the model takes goes through it in windows that overlap. What is joined is not the answers
but the scores that the model gives each tag at each unit, each from the window in which the unit stands farther from
the edge; the best row of tags is then looked for in the whole text at once. So no entity is lost, doubled or cut at a
seam, and where half an overlap is context enough for the model the answer is that on the whole text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, overload

import numpy
import torch

import tengjia
from tengjia.base_tasks.sequence_labeling.blueprint import Blueprint, build_from_bundle, save_weights
from tengjia.base_tasks.sequence_labeling.encoded import Encoded, Window
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.entities import LEAST_SCORE, Entity, in_original, read_entities
from tengjia.bundle.folder import CODE, MODEL_CONFIG, WEIGHTS, Bundle, written_bundle
from tengjia.bundle.modules import bundled_modules, check_module, checked_parameters, own_code
from tengjia.bundle.plain import without_places
from tengjia.bundle.record import Record, write_record
from tengjia.config import Settings
from tengjia.data.cleaning import Cleaning
from tengjia.data.labels import Repair
from tengjia.errors import CheckpointError
from tengjia.utilities.files import read_json, write_bytes, write_json

if TYPE_CHECKING:
    from tengjia.base_tasks.sequence_labeling.dataset import Dataset

BASE_TASK: Final = "sequence_labeling"
CLEANING: Final = "cleaning.json"
FORMAT: Final = 1
BATCH_SIZE: Final = 64
USAGE: Final = """from pathlib import Path
from tengjia.base_tasks.sequence_labeling import SequenceLabelingPipeline

pipeline = SequenceLabelingPipeline.load(Path("this/folder"))
for entity in pipeline("..."):
    print(entity.text, entity.type, entity.start, entity.end, entity.score, entity.status)"""
_ORDINARY_LENGTH: Final = 512
_TEXTS_AT_ONCE: Final = 2048
_CHARACTERS_AT_ONCE: Final = 400_000


@dataclass(frozen=True)
class Options:
    """How scores become an answer; kept in the bundle."""

    repair: Repair = "lenient"
    """Which broken rows of tags count as entities."""

    least_score: float = LEAST_SCORE
    """Below it an entity is only suspected."""


class SequenceLabelingPipeline:
    """A model with all that stands between it and raw text (`contracts.Pipeline`).

    Args:
        model: A tagger; it is put on `device` and in evaluation mode.
        encoding: What made its batches in training.
        blueprint: How the model was built; needed to save.
        cleaning: What was done to the texts of the training; the same is done here, and offsets lead back.
        options: How scores become an answer.
        device: Where to compute.
    """

    def __init__(
        self,
        model: Any,
        encoding: Encoding,
        blueprint: Blueprint,
        *,
        cleaning: Cleaning | None = None,
        options: Options | None = None,
        device: str | torch.device = "cpu",
    ) -> None:
        self.device = torch.device(device)
        self.model = model.to(self.device).eval()
        self.encoding = encoding
        self.blueprint = blueprint
        self.cleaning = cleaning or Cleaning(Cleaning.Config())
        self.options = options or Options()
        self._cleans = self.cleaning.config != Cleaning.Config()

    @classmethod
    def of(cls, config: Settings, dataset: Dataset, model: Any) -> SequenceLabelingPipeline:
        """The pipeline of a model that was trained with a config on a dataset."""
        return cls(
            model,
            dataset.encoding,
            Blueprint.of(config.model, dataset.inputs),
            cleaning=Cleaning(Cleaning.Config(**dict(config.get("cleaning") or {}))),
            options=Options(repair=config.evaluator.get("repair", "lenient")),
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """The types of entities that it knows."""
        return self.encoding.labels.types

    @overload
    def __call__(self, texts: str, *, batch_size: int = BATCH_SIZE) -> list[Entity]: ...  # type: ignore[overload-overlap]

    @overload
    def __call__(self, texts: Sequence[str], *, batch_size: int = BATCH_SIZE) -> list[list[Entity]]: ...

    def __call__(
        self, texts: str | Sequence[str], *, batch_size: int = BATCH_SIZE
    ) -> list[Entity] | list[list[Entity]]:
        """The entities of one text, or of each text of a list.

        Args:
            texts: Texts of any length.
            batch_size: How many texts or windows go through the model at once.
        """
        if isinstance(texts, str):
            return next(self.stream([texts], batch_size=batch_size))
        return list(self.stream(texts, batch_size=batch_size))

    def stream(
        self, texts: Iterable[str], *, batch_size: int = BATCH_SIZE, check: Callable[[], None] = lambda: None
    ) -> Iterator[list[Entity]]:
        """The entities of each text, in the order of the texts, in memory that does not grow with their number.

        Args:
            texts: Texts of any length.
            batch_size: How many texts or windows go through the model at once.
            check: Called before every batch; may raise to stop.
        """
        for chunk in _chunks(texts):
            yield from self._answer(chunk, batch_size, check)

    def _answer(self, originals: Sequence[str], batch_size: int, check: Callable[[], None]) -> list[list[Entity]]:
        edited = [self.cleaning.clean(text) for text in originals] if self._cleans else None
        texts = originals if edited is None else [each.text for each in edited]
        encoded = self.encoding.encode_many(texts)
        scores = self._scores(encoded, batch_size, check)
        answers: list[list[Entity]] = [[] for _ in originals]
        filled = [number for number, row in enumerate(encoded) if row.length]
        for numbers in _batches(filled, [row.length for row in encoded], batch_size):
            tags, probabilities = self._decode([scores[number] for number in numbers])
            found = read_entities(
                [texts[number] for number in numbers],
                [encoded[number] for number in numbers],
                tags,
                probabilities,
                self.encoding.labels,
                repair=self.options.repair,
                least_score=self.options.least_score,
            )
            for number, entities in zip(numbers, found):
                answers[number] = in_original(entities, edited[number], originals[number]) if edited else entities
        return answers

    @torch.inference_mode()
    def _scores(self, encoded: Sequence[Encoded], batch_size: int, check: Callable[[], None]) -> list[numpy.ndarray]:
        """Scores `[T, C]` of each text, joined from its windows."""
        windows: list[tuple[int, Window]] = [
            (number, window) for number, row in enumerate(encoded) for window in self.encoding.windows(row)
        ]
        width = len(self.encoding.labels)
        scores = [numpy.empty((row.length, width), numpy.float32) for row in encoded]
        lengths = [len(window.encoded.ids) for _, window in windows]
        for numbers in _batches(range(len(windows)), lengths, batch_size):
            check()
            batch = self.encoding.collate([windows[number][1].encoded for number in numbers]).to(self.device)
            given = self.model(batch).float().cpu().numpy()
            for row, number in enumerate(numbers):
                text, window = windows[number]
                begin, end = window.own
                scores[text][begin:end] = given[row, begin - window.first : end - window.first]
        return scores

    @torch.inference_mode()
    def _decode(self, scores: Sequence[numpy.ndarray]) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Tags `[B, T]` and probabilities `[B, T, C]` of whole texts."""
        longest = max(map(len, scores))
        padded = numpy.zeros((len(scores), longest, scores[0].shape[1]), numpy.float32)
        mask = numpy.zeros((len(scores), longest), bool)
        for row, values in enumerate(scores):
            padded[row, : len(values)] = values
            mask[row, : len(values)] = True
        given, where = torch.from_numpy(padded).to(self.device), torch.from_numpy(mask).to(self.device)
        tags: numpy.ndarray = self.model.decode(given, where).cpu().numpy()
        probabilities: numpy.ndarray = _probabilities(self.model, given, where).cpu().numpy()
        return tags, probabilities

    def plain(self, texts: Sequence[str]) -> list[list[dict[str, Any]]]:
        """The answers as JSON values."""
        return [[entity.plain() for entity in answer] for answer in self(texts)]

    def save(self, folder: Path, record: Record | None = None) -> None:
        """Write the bundle, wholly or not at all.

        Args:
            folder: Where it will stand; an older one there is replaced.
            record: Where the model comes from, for the card, and its golden texts.
        """
        chosen = {"model": self.blueprint.model, "tokenizer": self.encoding.tokenizer_settings}
        places, files = own_code({kind: str(values["name"]) for kind, values in chosen.items()})
        with written_bundle(folder) as temporary:
            target = temporary / "model"
            self.encoding.save(target)
            # A path in the settings (a user dictionary) would lead away; what it named is in the folder.
            write_json(target / "encoding.json", without_places(read_json(target / "encoding.json")))
            config = {
                "format": FORMAT,
                "tengjia": tengjia.__version__,
                "base_task": BASE_TASK,
                **self.blueprint.save(target),
                "options": {"repair": self.options.repair, "least_score": self.options.least_score},
                "code": places,
            }
            write_json(temporary / MODEL_CONFIG, config)
            write_json(target / CLEANING, asdict(self.cleaning.config))
            save_weights(self.model, temporary / WEIGHTS)
            for path, content in files.items():
                write_bytes(temporary / CODE / path, content)
            record = replace(record or Record(), base_task=BASE_TASK)
            write_record(temporary, record, self, modules=chosen, code=tuple(places), usage=USAGE)

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu", trust_code: bool = False) -> SequenceLabelingPipeline:
        """Read a bundle, every file verified first; nothing is written.

        Args:
            folder: The bundle.
            device: Where to compute.
            trust_code: Whether to run the bundle's own code, if it has any.

        Raises:
            CheckpointError: The bundle is damaged, of another task or format, or brings code that is not trusted.
        """
        bundle = Bundle.open(folder)
        config = bundle.config
        if config.get("base_task") != BASE_TASK:
            raise CheckpointError("bundle.other_task", file=folder, found=config.get("base_task"), allowed=BASE_TASK)
        if config.get("format") != FORMAT:
            raise CheckpointError("bundle.other_format", file=folder, found=config.get("format"), allowed=FORMAT)
        with bundled_modules(bundle, trust_code=trust_code):
            blueprint = Blueprint.load(bundle)
            encoding = _load_encoding(bundle)
            model = build_from_bundle(bundle, blueprint, encoding)
        cleaning = Cleaning(Cleaning.Config(**checked_parameters(bundle, f"model/{CLEANING}", Cleaning)))
        return cls(model, encoding, blueprint, cleaning=cleaning, options=_options(bundle), device=device)


def _probabilities(model: Any, scores: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Probability `[B, T, C]` of each tag, from the model itself or as its decoder has it (`contracts.Model`)."""
    if hasattr(model, "probabilities"):
        given: torch.Tensor = model.probabilities(scores, mask)
    elif model.decoder == "crf":
        given = model.crf.marginals(scores, mask)
    else:
        given = scores.softmax(-1).masked_fill(~mask[..., None], 0.0)
    return given


def _load_encoding(bundle: Bundle) -> Encoding:
    file = bundle.model_folder / "encoding.json"
    values = bundle.read_config("model/encoding.json")
    check_module(bundle, "tokenizer", values.get("tokenizer"), file)
    return Encoding.load(bundle.model_folder)


def _options(bundle: Bundle) -> Options:
    values = bundle.config.get("options", {})
    repair, least_score = values.get("repair"), values.get("least_score")
    if repair not in ("strict", "begun", "lenient") or not isinstance(least_score, int | float):
        raise CheckpointError("bundle.not_plain", file=bundle.folder / MODEL_CONFIG, key="options", found=values)
    return Options(repair, float(least_score))


def _batches(numbers: Iterable[int], lengths: Sequence[int], batch_size: int) -> Iterator[list[int]]:
    """Numbers in groups of like length, the longest first: little is padded, and want of memory shows at once.

    A group of very long texts is smaller: with its padding it holds no more than an ordinary one.
    """
    ordered = sorted(numbers, key=lambda number: -lengths[number])
    first = 0
    while first < len(ordered):
        count = max(1, min(batch_size, batch_size * _ORDINARY_LENGTH // lengths[ordered[first]]))
        yield ordered[first : first + count]
        first += count


def _chunks(texts: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    characters = 0
    for text in texts:
        chunk.append(text)
        characters += len(text)
        if len(chunk) >= _TEXTS_AT_ONCE or characters >= _CHARACTERS_AT_ONCE:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk
