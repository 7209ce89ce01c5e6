"""A trainer that was loaded by name: trains the model of a bundle on, and leaves a bundle again."""

from __future__ import annotations

import logging
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from tengjia.base_tasks.fine_tuning import fine_tuning
from tengjia.bundle.folder import TRAIN_CONFIG, Bundle
from tengjia.bundle.modules import bundled_modules
from tengjia.config import Settings
from tengjia.distributed import joined
from tengjia.errors import ConfigurationError, TrainingError
from tengjia.messages import text
from tengjia.pretrained.data import Given, corpus, given, saved_corpus
from tengjia.pretrained.model import PretrainedModel
from tengjia.pretrained.settings import composed
from tengjia.runs import RunFolder

_FEWEST: Final = 50
"""From so many different texts on, some are kept aside to choose the best weights by."""
_JUDGING: Final = ("evaluation", "early_stopping")
_log = logging.getLogger(__name__)


class _Place:
    """A folder; a temporary one goes when nothing refers to it any more."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else Path(tempfile.mkdtemp(prefix="tengjia-"))
        if folder is None:
            weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)


class PretrainedTrainer:
    """Made by `AutoTrainerPipeline.from_pretrained`.

    Args:
        folder: The bundle whose settings are taken.
        device: Where a model is loaded to that nobody gives.
        trust_code: Whether to run the bundle's own code, if it has any.
        work: Folder for runs and caches, which stay; `None`: one that goes with the last model that needs it.
    """

    def __init__(
        self, folder: Path, *, device: str = "cpu", trust_code: bool = False, work: Path | None = None
    ) -> None:
        self.bundle = Bundle.open(folder)
        self.device, self.trust_code = device, trust_code
        self.base_task = fine_tuning(str(self.bundle.config.get("base_task")))
        self.model: PretrainedModel | None = None
        self.result: dict[str, Any] = {}
        self._work = work

    @cached_property
    def _place(self) -> _Place:
        return _Place() if self._work is None else _Place(self._work)

    @property
    def work(self) -> Path:
        """Where runs and caches are written."""
        return self._place.folder

    def init_model(self, model: Any) -> None:
        """Give it the model to train on: one of `AutoModelPipeline`, or a pipeline of the same base task.

        Raises:
            ConfigurationError: It is neither.
        """
        if not isinstance(model, PretrainedModel):
            model = PretrainedModel(model, self.bundle.folder)
        if not hasattr(model.pipeline, "encoding") or not callable(model.pipeline):
            raise ConfigurationError("pretrained.no_model", found=type(model.pipeline).__qualname__)
        self.model = model

    def train(
        self,
        data: Any = None,
        *,
        development: Any = None,
        test: Any = None,
        reader: str | Mapping[str, Any] | None = None,
        dataset_root: Path | str | None = None,
        **settings: Any,
    ) -> dict[str, Any]:
        """Train the model on; from then on it answers with the best weights.

        Args:
            data: A file or several, or examples `(text, answer)`; `None`: the files that the model was trained with,
                below `dataset_root`.
            development: To choose the best weights by; `None`: a share of `data` (`split.development`).
            test: Kept aside, for golden examples if the settings say so.
            reader: Name of a reader, or its name and options; `None`: as the model was trained, or by the ending.
            dataset_root: Folder with the files of the saved settings.
            settings: Win over the saved ones: `epoch`, `learning_rate`, `batch_size`, `seed`, `device`, any section
                (`optimizer={"name": "sgd"}`), any key (`**{"trainer.clip_norm": 1.0}`).

        Returns:
            Flat results, as in `train_result.json`.

        Raises:
            ConfigurationError: A setting is not known, of another type, or part of the model.
            DataError: The data makes no sense, or marks types that the model does not know.
            TrainingError: Training cannot go on, or no weights met the thresholds.
        """
        model = self._model()
        named = {"train": data, "development": development, "test": test}
        values = self._settings(settings)
        run = self._run(values["seed"], "fine_tuning")
        parts = [self._given(part, what, run) for part, what in named.items() if what is not None]
        config = self._config(values, parts, reader, dataset_root)
        run.write("config", {"config": config.plain()})
        run.begin("train")
        with bundled_modules(self.bundle, trust_code=self.trust_code):
            self.result = self.base_task.fine_tune(model.pipeline, config, run)
        run.finish("train")
        if not run.bundle.is_dir():
            raise TrainingError("pretrained.nothing_kept", metrics=str(self.result.get("best_score")))
        trained = PretrainedModel.load(run.bundle, device=str(model.pipeline.device), trust_code=self.trust_code)
        model.become(PretrainedModel(trained.pipeline, run.bundle, self._place))
        with joined() as ranks:
            ranks.barrier()  # the folder may be a temporary one of the first process: all have read it now
        if run.primary:
            shutil.rmtree(run.checkpoints, ignore_errors=True)
        return self.result

    def evaluate(self, data: Any, *, reader: str | Mapping[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
        """Score the model on raw input, as `stage=test` does.

        Args:
            data: As for `train`.
            reader: As for `train`.
            settings: As for `train`.

        Returns:
            Flat names and fractions.
        """
        values = self._settings(settings)
        run = self._run(values["seed"], "evaluation")
        test = self._given("test", data, run)
        config = self._config(values, [test], reader, None)
        result: dict[str, Any] = self.base_task.evaluate(self._model().pipeline, config, run)
        return result

    def predict(self, texts: Any, **options: Any) -> Any:
        """The answer of the model to one input, or to each of a list."""
        return self._model()(texts, **options)

    def save_pretrained(self, path: Path | str, *, overwrite: bool = False) -> Path:
        """Write the model as a bundle, with the settings that it was trained with last.

        Raises:
            CheckpointError: Something stands there, and `overwrite` was not said.
        """
        return self._model().save_pretrained(path, overwrite=overwrite)

    def _model(self) -> PretrainedModel:
        if self.model is None:
            self.model = PretrainedModel.load(self.bundle.folder, device=self.device, trust_code=self.trust_code)
        return self.model

    def _run(self, seed: int, task: str) -> RunFolder:
        """A new run: one for all processes that `torchrun` started."""
        with joined() as ranks:
            if not ranks.primary:
                return RunFolder(Path(ranks.same_text("")), primary=False)
            run = RunFolder.create(self.work, seed=seed, app="pretrained", task=task)
            ranks.same_text(str(run.path))
            return run

    def _given(self, part: str, data: Any, run: RunFolder) -> Given:
        return given(part, data, run.path, self.base_task, self._model().pipeline.encoding)

    def _settings(self, passed: Mapping[str, Any]) -> dict[str, Any]:
        return composed(self.bundle.read_config(TRAIN_CONFIG), passed, self.base_task, self.work)

    def _config(
        self,
        values: dict[str, Any],
        parts: list[Given],
        reader: str | Mapping[str, Any] | None,
        dataset_root: Path | str | None,
    ) -> Settings:
        names = {each.part for each in parts}
        if names:
            options = self.base_task.row_options(self._model().pipeline.encoding)
            values = {**values, **corpus(parts, reader, values.get("reader"), options)}
        elif dataset_root is None:
            raise ConfigurationError("pretrained.no_corpus", found=str(values.get("dataset"))[:200])
        else:
            values = {**values, **saved_corpus(values)}
        if dataset_root is not None:
            values["dataset_root"] = str(Path(dataset_root).expanduser().absolute())
        if names == {"test"}:
            values["split"] = {**values["split"], "development": 0.0, "test": 0.0}
        elif "train" in names:
            values = _for_training(values, {each.part: each for each in parts})
        return Settings({"app": "pretrained", "task": "fine_tuning", **values})


def _for_training(values: dict[str, Any], parts: Mapping[str, Given]) -> dict[str, Any]:
    """The settings for data that may lack a development part, or a test part for golden examples."""
    share, callbacks = 0.0, values["callbacks"]
    if "development" not in parts:
        share = values["split"].get("development", 0.0) or 0.1
        distinct = parts["train"].distinct
        if distinct is not None and distinct < _FEWEST:
            share = 0.0
            _log.warning(text("pretrained.few_examples", found=distinct, fewest=_FEWEST).message)
            silent = {name: {**callbacks[name], "enabled": False} for name in _JUDGING if name in callbacks}
            callbacks = {**callbacks, **silent}
    golden = values.get("golden", {})
    if "test" not in parts and golden.get("source") == "test":
        golden = {**golden, "source": "sample"}
    split = {**values["split"], "test": 0.0, "development": share}
    return {**values, "callbacks": callbacks, "golden": golden, "split": split}
