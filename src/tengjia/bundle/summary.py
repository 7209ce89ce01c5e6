"""What a bundle says of itself, as values: for `tengjia bundle show` and for programs. Loads no model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tengjia.bundle.folder import CODE, TRAIN_CONFIG, TRAINER_CONFIG, WEIGHTS, Bundle
from tengjia.bundle.golden import read_golden
from tengjia.errors import CheckpointError

ENCODING: Final = "model/encoding.json"


@dataclass(frozen=True)
class Summary:
    """A verified bundle in figures and names; what it does not record is empty."""

    folder: Path
    digest: str
    """SHA-256 of the list of its files: the identity of the bundle."""

    base_task: str
    tengjia: str
    """Version of the library that wrote it."""

    run: str
    metrics: Mapping[str, float] = field(default_factory=dict)
    """Flat names, fractions."""

    data: Mapping[str, Any] = field(default_factory=dict)
    """Fingerprint and counts of the data."""

    modules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Kind -> name and parameters."""

    labels: tuple[str, ...] = ()
    """Names of what it can answer: types of entities, classes, intents."""

    scheme: str = ""
    """How spans are written as tags."""

    parameters: int = 0
    """Numbers in the weights."""

    golden: int = 0
    """Golden examples."""

    golden_source: str = "none"
    raw_text: bool = False
    """Whether texts of the corpus are inside."""

    own_code: Mapping[str, str] = field(default_factory=dict)
    """`kind/name` -> file in `model_code/`."""

    files: Mapping[str, int] = field(default_factory=dict)
    """Path -> bytes, of every file but the root list."""

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(self.files.values())

    def plain(self) -> dict[str, Any]:
        """Everything as JSON values."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return values | {"folder": str(self.folder), "labels": list(self.labels), "size": self.size}


def summarise(bundle: Bundle) -> Summary:
    """Read what a bundle says of itself.

    Raises:
        CheckpointError: A config is no JSON, or the weights are no safetensors.
    """
    trainer, train = bundle.read_config(TRAINER_CONFIG), bundle.read_config(TRAIN_CONFIG)
    encoding = bundle.read_config(ENCODING) if ENCODING in bundle.files else {}
    marked = _mapping(encoding.get("labels"))
    labels = trainer.get("labels", marked.get("types"))  # earlier bundles say it in the encoding alone
    golden = len(read_golden(bundle))
    source = str(trainer.get("golden", "none")) if golden else "none"
    modules = {kind: value for kind, value in train.items() if isinstance(value, Mapping) and "name" in value}
    for kind, value in (("tokenizer", encoding.get("tokenizer")), ("model", bundle.config.get("model"))):
        if isinstance(value, Mapping):
            modules[kind] = value
    return Summary(
        folder=bundle.folder,
        digest=bundle.digest,
        base_task=str(bundle.config.get("base_task", "")),
        tengjia=str(bundle.config.get("tengjia", trainer.get("tengjia", ""))),
        run=str(trainer.get("run", "")),
        metrics={name: float(value) for name, value in _mapping(trainer.get("metrics")).items() if _is_number(value)},
        data=_mapping(trainer.get("data")),
        modules=modules,
        labels=tuple(map(str, labels)) if isinstance(labels, list) else (),
        scheme=str(marked.get("scheme", "")),
        parameters=_parameters(bundle),
        golden=golden,
        golden_source=source,
        raw_text=source not in {"sample", "none"},
        own_code=_own_code(bundle),
        files={path: listed.size for path, listed in sorted(bundle.files.items())},
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _own_code(bundle: Bundle) -> dict[str, str]:
    """What the config says, and every file that is there without being named."""
    named = {str(key): str(value) for key, value in _mapping(bundle.config.get("code")).items()}
    unnamed = bundle.code().keys() - set(named.values())
    return named | {f"{CODE}/{path}": path for path in sorted(unnamed)}


def _parameters(bundle: Bundle) -> int:
    if WEIGHTS not in bundle.files:
        return 0  # nothing was trained
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(bundle.folder / WEIGHTS, "numpy") as opened:
            return sum(math.prod(opened.get_slice(name).get_shape()) for name in opened.keys())  # noqa: SIM118
    except SafetensorError as error:
        raise CheckpointError("bundle.unfit", file=bundle.folder / WEIGHTS, found=str(error)[:200]) from None
