"""Base classes of objects that save their settings and load themselves.

class Tagger(ConfigMixin):
    @save_config
    def __init__(self, size: int, words: SubFolder = None): ...

Tagger(3).save_pretrained("tagger")          # tagger/model/config.json, filelist.txt, and weights, if there are any
Tagger.from_pretrained("tagger")
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from tengjia.bundle.filelist import is_safe
from tengjia.errors import ConfigurationError
from tengjia.pretrained import classes

if TYPE_CHECKING:
    from typing import Self

    from tengjia.pretrained.recording import Record


class _Config:
    """`instance.config`; gives way to an attribute of that name, which many classes have."""

    def __get__(self, instance: ConfigMixin | None, owner: type[ConfigMixin]) -> Any:
        from tengjia.pretrained.config_files import described

        return self if instance is None else described(instance)


class ConfigMixin:
    """An object whose constructor is recorded (`@save_config`), to be saved and loaded."""

    __prefix__: ClassVar[str] = "model"
    """Folder of config and weights."""

    __weight__: ClassVar[str] = "weights.safetensors"
    """File of the weights."""

    __save_name__: ClassVar[str] = "config.json"
    """File of the config."""

    __config_version__: ClassVar[int] = 1
    """Raised when the arguments change their meaning; `migrate_config` then reads older ones."""

    config = _Config()
    """The settings with those of all objects in it, as one dictionary that `from_config` takes."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in (cls.__prefix__, cls.__weight__, cls.__save_name__):
            if "/" in name or not is_safe(name):
                raise ConfigurationError("pretrained.bad_name", found=str(name)[:200])
        classes.register(cls)

    def save_config(self, path: Path | str, *, overwrite: bool = False) -> Path:
        """Write the settings alone, to `path/<__prefix__>/`.

        Returns:
            The config file.

        Raises:
            CheckpointError: There is such a file already, and `overwrite` was not said.
            ConfigurationError: The constructor of the class is not recorded.
        """
        from tengjia.pretrained.saving import save_config

        return save_config(self, Path(path), overwrite=overwrite)

    def save_pretrained(self, path: Path | str, *, overwrite: bool = False, code: bool = False) -> Path:
        """Write settings, weights and file list to `path/<__prefix__>/`: all of it, or nothing.

        Args:
            path: What will be loaded; a model and its trainer may be saved to one path.
            overwrite: Replace what was saved there before.
            code: Also write the files that define the classes, to `path/model_code/`: who loads it with
                `trust_code=True` needs none of them. Code that came with a loaded object is always written.

        Raises:
            CheckpointError: Something was saved there before, and `overwrite` was not said.
            ConfigurationError: The constructor of a class is not recorded, or its weights are no tensors.
        """
        from tengjia.pretrained.saving import save_pretrained

        return save_pretrained(self, Path(path), overwrite=overwrite, code=code)

    @classmethod
    def load_config(cls, path: Path | str) -> dict[str, Any]:
        """The settings that were saved to a path, those of sub-folders put in, as one dictionary.

        Raises:
            CheckpointError: Nothing was saved there, or it is damaged.
        """
        from tengjia.pretrained.config_files import read_config

        return read_config(Path(path) / cls.__prefix__, name=cls.__save_name__)

    @classmethod
    def from_config(cls, config: Mapping[str, Any], *, arguments: Mapping[str, Any] | None = None) -> Any:
        """The object of a dictionary that `config` or `load_config` gave; it has no weights of its own yet.

        A dictionary that names no class is one of this class; on `ConfigMixin` itself it is given back as it is.

        Raises:
            CheckpointError: It names a class that is not known, or that is none of this kind.
        """
        from tengjia.pretrained.loading import from_config

        return from_config(cls, config, arguments)

    @classmethod
    def from_pretrained(
        cls,
        path: Path | str,
        repo: str | Path | None = None,
        *,
        trust_code: bool = False,
        arguments: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Self:
        """Load an object with its weights; every file is verified first.

        Args:
            path: The folder that it was saved to; with `repo`, the folder of the cache.
            repo: See `tengjia.pretrained.sources`.
            trust_code: Whether to run the folder's own code (`model_code/`), if its classes are not known here.
            arguments: Given to the constructor instead of what was saved, or because it never is (`Ignore`).
            options: How to fetch `repo`: `tengjia.pretrained.sources.Options`.

        Raises:
            CheckpointError: It is damaged, names a class that is not known or not trusted, or one of another kind.
        """
        from tengjia.pretrained.loading import from_pretrained

        loaded: Self = from_pretrained(cls, path, repo, trust_code=trust_code, arguments=arguments, options=options)
        return loaded

    @classmethod
    def migrate_config(cls, arguments: dict[str, Any], version: int) -> Mapping[str, Any]:
        """Arguments that an older version of this class saved, as this one takes them. To be overridden.

        Args:
            arguments: By name.
            version: The `__config_version__` of the class that saved them.
        """
        from tengjia.errors import CheckpointError

        raise CheckpointError(
            "pretrained.other_class_version", found=version, allowed=cls.__config_version__, kind=cls.__qualname__
        )

    @classmethod
    def _made_from(cls, record: Record, given: dict[str, Any]) -> ConfigMixin:
        """A new object from recorded arguments."""
        from tengjia.pretrained.construction import fitted

        if cls.__init__ is object.__init__:
            return cls()
        bound = fitted(cls, record, given)
        return cls(*bound.args, **bound.kwargs)

    def _save_checkpoint(self, file: Path) -> bool:
        """Write the weights; whether there are any. May be overridden, together with `_load_checkpoint`."""
        from tengjia.pretrained import weights

        found = weights.weights_of(self)
        if not found:
            return False
        weights.save(found, file)
        return True

    def _load_checkpoint(self, file: Path) -> None:
        """Read what `_save_checkpoint` wrote."""
        from tengjia.pretrained import weights

        weights.load(self, file)


class TrainerConfigMixin(ConfigMixin):
    """A trainer that saves its settings and loads itself; it stands in `trainer/`, beside its model."""

    __prefix__ = "trainer"

    def init_model(self, model: Any) -> None:
        """Give it the model to train."""
        self.model = model
