"""A model that was loaded by name: called on raw input, saved again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tengjia.base_tasks.pipelines import load_pipeline
from tengjia.bundle.filelist import FILELIST
from tengjia.bundle.folder import Bundle, written_bundle
from tengjia.errors import CheckpointError


class PretrainedModel:
    """The pipeline of a bundle. Made by `AutoModelPipeline.from_pretrained`.

    What the pipeline offers besides (`labels`, `stream`, `plain`) is found here too.

    Args:
        pipeline: Answers (`contracts.Pipeline`).
        folder: The bundle that it was loaded from.
        kept: Keeps the folder there while the model lives.
    """

    def __init__(self, pipeline: Any, folder: Path, kept: Any = None) -> None:
        self.pipeline = pipeline
        self.folder = folder
        self._kept = kept

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu", trust_code: bool = False) -> PretrainedModel:
        """Load a bundle, every file verified first.

        Raises:
            CheckpointError: It is damaged, of an unknown base task, or brings code that is not trusted.
            EnvironmentFault: The device is not there.
        """
        if device != "cpu":
            from tengjia.training.devices import resolve_device

            device = str(resolve_device(device))
        return cls(load_pipeline(folder, device=device, trust_code=trust_code), folder)

    def __call__(self, texts: Any, **options: Any) -> Any:
        """The answer to one input, or to each of a list."""
        return self.pipeline(texts, **options)

    def save_pretrained(self, path: Path | str, *, overwrite: bool = False) -> Path:
        """Write the whole bundle: exactly the files that were loaded, or that training on left.

        Args:
            path: Where it will stand.
            overwrite: Replace what stands there.

        Raises:
            CheckpointError: Something stands there, or the loaded files are gone or changed.
        """
        target = Path(path)
        if target.exists() and not overwrite and (not target.is_dir() or any(target.iterdir())):
            raise CheckpointError("pretrained.exists", file=target)
        bundle = Bundle.open(self.folder)
        with written_bundle(target) as temporary:
            for name in bundle.files:
                if Path(name).name != FILELIST:
                    (temporary / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(self.folder / name, temporary / name)
        return target

    def become(self, other: PretrainedModel) -> None:
        """Answer from now on as another model does."""
        self.pipeline, self.folder, self._kept = other.pipeline, other.folder, other._kept

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or "pipeline" not in self.__dict__:
            raise AttributeError(name)
        return getattr(self.pipeline, name)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({type(self.pipeline).__name__}, {str(self.folder)!r})"
