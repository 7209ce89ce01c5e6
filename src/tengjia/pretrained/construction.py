"""From a config to the object that it describes."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tengjia.bundle.filelist import is_safe
from tengjia.errors import CheckpointError, TengjiaError
from tengjia.messages import text
from tengjia.pretrained.classes import Classes, name_of
from tengjia.pretrained.markers import IGNORE, marked
from tengjia.pretrained.recording import Record
from tengjia.pretrained.values import decode, is_reserved
from tengjia.pretrained.versions import migrated

if TYPE_CHECKING:
    from tengjia.pretrained.mixins import ConfigMixin

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Construction:
    """Builds objects from one config."""

    classes: Classes
    """The classes that may be named."""

    folder: Path | None = None
    """Where the weights lie; `None`: there are none."""

    files: frozenset[str] = field(default_factory=frozenset)
    """What the verified list of the folder holds."""

    def build(self, values: Mapping[str, Any], arguments: Mapping[str, Any] | None = None) -> Any:
        """The object of a config, those in it first.

        Args:
            values: As `read_config` or `described` give it.
            arguments: Given instead of what was saved, or because it never is (`Ignore`).

        Raises:
            CheckpointError: A class is not known or not trusted, an argument is missing, or the class refuses them.
        """
        values = dict(values)
        kind = self.classes.find(values.pop("__module__", None))
        weights = values.pop("__weight__", None)
        positional, keywords = values.pop("__args__", []), values.pop("__kwargs__", {})
        version = values.pop("__config_version__", 1)
        if strange := sorted(filter(is_reserved, values)):
            raise CheckpointError("pretrained.bad_config", key=strange[0], found=strange[0])
        record = Record(
            migrated(kind, {name: decode(value, self.build) for name, value in values.items()}, version),
            tuple(decode(positional, self.build)),
            decode(keywords, self.build),
        )
        made = _called(kind, record, dict(arguments or {}))
        if weights is not None and self.folder is not None:
            self._load(made, weights)
        return made

    def _load(self, made: ConfigMixin, path: Any) -> None:
        if not (isinstance(path, str) and is_safe(path) and path in self.files):
            raise CheckpointError(
                "pretrained.bad_config", file=self.folder or "", key="__weight__", found=repr(path)[:200]
            )
        assert self.folder is not None
        made._load_checkpoint(self.folder / path)


def _called(kind: type[ConfigMixin], record: Record, given: dict[str, Any]) -> ConfigMixin:
    try:
        return kind._made_from(record, given)
    except TengjiaError:
        raise
    except Exception as error:
        found = f"{type(error).__name__}: {error}"
        raise CheckpointError("pretrained.refused_arguments", found=found[:300], kind=name_of(kind)) from error


def fitted(kind: type[ConfigMixin], record: Record, given: dict[str, Any]) -> inspect.BoundArguments:
    """The arguments of a record for the constructor of a class.

    What the constructor does not know is told and left out; what it needs and nobody gives is an error.

    Raises:
        CheckpointError: An argument is missing.
    """
    signature = inspect.signature(kind.__init__)
    _own, *parameters = signature.parameters.values()
    bound = inspect.Signature(parameters).bind_partial()
    ignored = marked(kind.__init__, IGNORE)
    known = {**record.arguments, **given}
    for parameter in parameters:
        if parameter.kind is parameter.VAR_POSITIONAL:
            bound.arguments[parameter.name] = record.positional
        elif parameter.kind is parameter.VAR_KEYWORD:
            bound.arguments[parameter.name] = {**record.keywords}
        elif parameter.name in known:
            bound.arguments[parameter.name] = known.pop(parameter.name)
        elif parameter.default is not parameter.empty:
            bound.arguments[parameter.name] = parameter.default
            if parameter.name not in ignored:
                _tell("pretrained.default_taken", kind, parameter.name)
        else:
            code = "pretrained.ignored_argument" if parameter.name in ignored else "pretrained.missing_argument"
            raise CheckpointError(code, key=parameter.name, kind=name_of(kind))
    if strange := sorted(given.keys() & known.keys()):
        raise CheckpointError("pretrained.unknown_argument", key=strange[0], kind=name_of(kind))
    for name in sorted(known):
        _tell("pretrained.argument_left_out", kind, name)
    return bound


def _tell(code: str, kind: type[ConfigMixin], name: str) -> None:
    _log.warning(text(code, name=name, kind=name_of(kind)).message)
