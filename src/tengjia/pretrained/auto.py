"""Models and trainers by the place where they lie, whatever they are.

A place holds either a bundle, as training leaves it, or objects of `ConfigMixin` classes, as `save_pretrained` leaves
them; what comes back is a `PretrainedModel` or `PretrainedTrainer`, or the object itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tengjia.bundle.folder import MODEL_CONFIG, TRAINER_CONFIG
from tengjia.pretrained.sources import located
from tengjia.utilities.garbage import rare_collections


class AutoModelPipeline:
    """Loads models; there are no objects of this class."""

    @staticmethod
    def from_pretrained(
        cache_path: Path | str,
        repo: Path | str | None = None,
        *,
        device: str = "cpu",
        trust_code: bool = False,
        arguments: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Any:
        """A model to call on raw input: `model("...")` or `model([...])`.

        Args:
            cache_path: The cache; without `repo` the folder of the model itself.
            repo: A name in the cache, or where the model comes from (`tengjia.pretrained.sources`).
            device: Where to compute: `cpu`, `cuda`, `cuda:1`, `mps`, `auto`.
            trust_code: Whether to run code that the repository brings (`model_code/`).
            arguments: For the constructor of a `ConfigMixin` class.
            options: How to fetch: `offline`, `revision`, `endpoint`, `token`, `certificates`, `digest` and so on, see
                `tengjia.pretrained.sources.Options`.

        Raises:
            ConfigurationError: `repo` is no name and no address.
            CheckpointError: It is not there, damaged, or brings code that is not trusted.
            DataError: The server cannot be reached, or gives something else.
        """
        folder = located(cache_path, repo, **options)
        if _is_bundle(folder / MODEL_CONFIG):
            # torch holds a million objects: to look through them again and again is half of the time of loading.
            with rare_collections():
                from tengjia.pretrained.model import PretrainedModel

                return PretrainedModel.load(folder, device=device, trust_code=trust_code)
        from tengjia.pretrained.loading import load
        from tengjia.pretrained.mixins import ConfigMixin

        return load(ConfigMixin, folder, trust_code=trust_code, arguments=arguments)


class AutoTrainerPipeline:
    """Loads trainers; there are no objects of this class."""

    @staticmethod
    def from_pretrained(
        cache_path: Path | str,
        repo: Path | str | None = None,
        *,
        device: str = "cpu",
        trust_code: bool = False,
        arguments: Mapping[str, Any] | None = None,
        work: Path | str | None = None,
        **options: Any,
    ) -> Any:
        """A trainer: `init_model(model)`, `train(data, epoch=3)`, `evaluate(data)`, `predict`, `save_pretrained`.

        Args:
            cache_path: As for `AutoModelPipeline`, like all that is not named here.
            repo: See there.
            device: Where a model is loaded to that `init_model` does not give.
            trust_code: See there.
            arguments: See there.
            work: Folder for the runs of training, which stay; `None`: a temporary one.
            options: See there.
        """
        folder = located(cache_path, repo, **options)
        if _is_bundle(folder / TRAINER_CONFIG):
            from tengjia.pretrained.trainer import PretrainedTrainer

            return PretrainedTrainer(
                folder, device=device, trust_code=trust_code, work=Path(work) if work is not None else None
            )
        from tengjia.pretrained.loading import load
        from tengjia.pretrained.mixins import TrainerConfigMixin

        return load(TrainerConfigMixin, folder, trust_code=trust_code, arguments=arguments)


def _is_bundle(config: Path) -> bool:
    """Whether a config is that of a bundle; anything else is left to be told by who loads it."""
    try:
        if config.stat().st_size > 1 << 20:
            return True
        values = json.loads(config.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(values, dict) and "__module__" not in values
