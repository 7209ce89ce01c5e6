"""What a bundle tells of its own making; for other folders nothing is known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tengjia.bundle.filelist import FILELIST
from tengjia.bundle.folder import TRAINER_CONFIG
from tengjia.bundle.plain import parse_json
from tengjia.errors import CheckpointError
from tengjia.utilities.files import sha256_of_file

_TOLD = ("run", "base_task", "tengjia", "metrics", "data")
_LARGEST = 4 << 20


def lineage_of(source: object) -> dict[str, Any]:
    """Run, base task, version, metrics and data of a bundle, and the digest that is its identity."""
    if isinstance(source, Mapping):
        return {}
    config, listed = Path(str(source)) / TRAINER_CONFIG, Path(str(source)) / FILELIST
    if not (config.is_file() and listed.is_file()) or config.stat().st_size > _LARGEST:
        return {}
    try:
        told = parse_json(config.read_bytes(), config)
    except CheckpointError:  # not a bundle of ours: nothing is known
        return {}
    known = {key: told[key] for key in _TOLD if key in told} if isinstance(told, dict) else {}
    return {**known, "bundle": sha256_of_file(listed)}
