"""Raw text in, entities out: what `stage=test`, `stage=apply` and every service share.

    pipeline = SequenceLabelingPipeline.load("data/check_points/demo_app/ner/<run>/bundle")
    pipeline("林清远毕业于云山大学。")       # [Entity("林清远", "NAME", 0, 3, score=0.99, ...), ...]

What becomes of long texts is told in `entity_pipeline`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy
import torch

import tengjia
from tengjia.base_tasks.sequence_labeling.blueprint import Blueprint, build_from_bundle, save_weights
from tengjia.base_tasks.sequence_labeling.encoded import Encoded
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.entity_pipeline import EntityPipeline, Options
from tengjia.bundle.folder import CODE, MODEL_CONFIG, WEIGHTS, Bundle, written_bundle
from tengjia.bundle.modules import bundled_modules, check_module, checked_parameters, own_code
from tengjia.bundle.plain import without_places
from tengjia.bundle.record import Record, write_record
from tengjia.config import Settings
from tengjia.data.cleaning import Cleaning
from tengjia.errors import CheckpointError
from tengjia.utilities.files import read_json, write_bytes, write_json

if TYPE_CHECKING:
    from tengjia.base_tasks.sequence_labeling.dataset import Dataset

BASE_TASK: Final = "sequence_labeling"
CLEANING: Final = "cleaning.json"
FORMAT: Final = 1
USAGE: Final = """\
from tengjia.base_tasks.sequence_labeling import SequenceLabelingPipeline

pipeline = SequenceLabelingPipeline.load("this/folder")
for entity in pipeline("..."):
    print(entity.text, entity.type, entity.start, entity.end, entity.score, entity.status)"""


class SequenceLabelingPipeline(EntityPipeline):
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
        super().__init__(encoding, cleaning=cleaning, options=options)
        self.device = torch.device(device)
        self.model = model.to(self.device).eval()
        self.blueprint = blueprint

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

    @torch.inference_mode()
    def _forward(self, windows: Sequence[Encoded]) -> numpy.ndarray:
        given: numpy.ndarray = self.model(self.encoding.collate(windows).to(self.device)).float().cpu().numpy()
        return given

    @torch.inference_mode()
    def _decode(self, scores: numpy.ndarray, mask: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        given, where = torch.from_numpy(scores).to(self.device), torch.from_numpy(mask).to(self.device)
        tags: numpy.ndarray = self.model.decode(given, where).cpu().numpy()
        probabilities: numpy.ndarray = _probabilities(self.model, given, where).cpu().numpy()
        return tags, probabilities

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
    def load(cls, folder: Path | str, *, device: str = "cpu", trust_code: bool = False) -> SequenceLabelingPipeline:
        """Read a bundle, every file verified first; nothing is written.

        Args:
            folder: The bundle.
            device: Where to compute.
            trust_code: Whether to run the bundle's own code, if it has any.

        Raises:
            CheckpointError: The bundle is damaged, of another task or format, or brings code that is not trusted.
        """
        folder = Path(folder)
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
