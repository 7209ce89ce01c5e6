"""A trained model as it is served: raw input in, answers out, and its bundle.

    pipeline = SomePipeline.load("data/check_points/<application>/<task>/<run>/bundle")
    pipeline("one text"), pipeline(["several", "texts"])

What was evaluated is what is served: `stage=test`, `stage=apply` and every service ask one and the same object. A base
task says how a portion of questions is answered (`answer`) and what an answer is in JSON (`plain`, `restored`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

import torch

import tengjia
from tengjia.base_tasks.stages.answering import AnsweringPipeline
from tengjia.base_tasks.stages.blueprint import Blueprint, build_from_bundle, save_weights
from tengjia.base_tasks.texts.batches import widened
from tengjia.base_tasks.texts.files import DESCRIPTION, checked_config
from tengjia.bundle.folder import CODE, MODEL_CONFIG, WEIGHTS, Bundle, written_bundle
from tengjia.bundle.modules import bundled_modules, check_module, checked_parameters, own_code
from tengjia.bundle.plain import without_places
from tengjia.bundle.record import Record, write_record
from tengjia.config import Settings
from tengjia.data.cleaning import Cleaning
from tengjia.errors import CheckpointError
from tengjia.utilities.files import read_json, write_bytes, write_json

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import TaskEncoding
    from tengjia.base_tasks.stages.dataset import Dataset
    from tengjia.contracts import Batch

CLEANING: Final = "cleaning.json"
FORMAT: Final = 1

Own = TypeVar("Own", bound="BundledPipeline")


class BundledPipeline(AnsweringPipeline):
    """A model with all that stands between it and raw input (`contracts.Pipeline`).

    Args:
        model: It is put on `device` and in evaluation mode.
        encoding: What made its batches in training.
        blueprint: How the model was built; needed to save.
        cleaning: What was done to the texts of the training; the same is done here.
        options: How scores become an answer.
        device: Where to compute.
    """

    base_task: ClassVar[str]
    """Name of the base task, as bundles say it."""

    usage: ClassVar[str]
    """Python lines for the card of a bundle: how to load it and ask."""

    encoding_class: ClassVar[type[TaskEncoding]]
    """Reads the encoding of a bundle."""

    def __init__(
        self,
        model: Any,
        encoding: Any,
        blueprint: Blueprint,
        *,
        cleaning: Cleaning | None = None,
        options: Any = None,
        device: str | torch.device = "cpu",
    ) -> None:
        super().__init__(encoding, cleaning=cleaning, options=options)
        self.device = torch.device(device)
        self.model = model.to(self.device).eval()
        self.blueprint = blueprint

    @classmethod
    def of(cls: type[Own], config: Settings, dataset: Dataset, model: Any) -> Own:
        """The pipeline of a model that was trained with a config on a dataset."""
        return cls(
            model,
            dataset.encoding,
            Blueprint.of(config.model, dataset.inputs),
            cleaning=Cleaning(Cleaning.Config(**dict(config.get("cleaning") or {}))),
            options=cls.options_of(config),
        )

    @classmethod
    def options_of(cls, config: Settings) -> Any:
        """The options that a training config implies."""
        return cls.Options()

    @classmethod
    def sample_questions(cls, texts: Sequence[str]) -> list[Any]:
        """Questions made of sentences that come with Tengjia, for golden examples."""
        return list(texts)

    def modules(self) -> dict[str, Mapping[str, Any]]:
        """The modules that it is made of: kind -> name and parameters."""
        return {"model": self.blueprint.model, "tokenizer": self.encoding.texts.tokenizer_settings}

    def placed(self, batch: Batch) -> Batch:
        """A batch of texts on the device, as wide as one of few widths: memory stays what it is however many batches of
        whatever lengths go through the model."""
        return widened(batch, self.encoding.config.maximum_length).to(self.device)

    def save(self, folder: Path, record: Record | None = None) -> None:
        """Write the bundle, wholly or not at all.

        Args:
            folder: Where it will stand; an older one there is replaced.
            record: Where the model comes from, for the card, and its golden questions.
        """
        chosen = self.modules()
        places, files = own_code({kind: str(values["name"]) for kind, values in chosen.items()})
        with written_bundle(folder) as temporary:
            target = temporary / "model"
            self.encoding.save(target)
            # A path in the settings (a user dictionary) would lead away; what it named is in the folder.
            write_json(target / DESCRIPTION, without_places(read_json(target / DESCRIPTION)))
            config = {
                "format": FORMAT,
                "tengjia": tengjia.__version__,
                "base_task": self.base_task,
                **self.blueprint.save(target),
                "options": asdict(self.options),
                "code": places,
            }
            write_json(temporary / MODEL_CONFIG, config)
            write_json(target / CLEANING, asdict(self.cleaning.config))
            save_weights(self.model, temporary / WEIGHTS)
            for path, content in files.items():
                write_bytes(temporary / CODE / path, content)
            record = replace(record or Record(), base_task=self.base_task)
            write_record(temporary, record, self, modules=chosen, code=tuple(places), usage=self.usage)

    @classmethod
    def load(cls: type[Own], folder: Path | str, *, device: str = "cpu", trust_code: bool = False) -> Own:
        """Read a bundle, every file verified first; nothing is written.

        Args:
            folder: The bundle.
            device: Where to compute.
            trust_code: Whether to run the bundle's own code, if it has any.

        Raises:
            CheckpointError: The bundle is damaged, of another task or format, or brings code that is not trusted.
        """
        bundle = Bundle.open(Path(folder))
        bundle.require(cls.base_task, FORMAT)
        with bundled_modules(bundle, trust_code=trust_code):
            blueprint = Blueprint.load(bundle)
            encoding = _load_encoding(bundle, cls.encoding_class)
            model = build_from_bundle(bundle, blueprint, encoding)
        cleaning = Cleaning(Cleaning.Config(**checked_parameters(bundle, f"model/{CLEANING}", Cleaning)))
        options = _options(bundle, cls.Options)
        return cls(model, encoding, blueprint, cleaning=cleaning, options=options, device=device)


def _load_encoding(bundle: Bundle, kind: type[TaskEncoding]) -> TaskEncoding:
    file = bundle.model_folder / DESCRIPTION
    values = bundle.read_config(f"model/{DESCRIPTION}")
    check_module(bundle, "tokenizer", values.get("tokenizer"), file)
    return kind.load(bundle.model_folder)


def _options(bundle: Bundle, kind: type[Any]) -> Any:
    values = bundle.config.get("options", {})
    try:
        return checked_config(values, kind)
    except (ValueError, TypeError):
        file = bundle.folder / MODEL_CONFIG
        raise CheckpointError("bundle.not_plain", file=file, key="options", found=str(values)[:200]) from None
