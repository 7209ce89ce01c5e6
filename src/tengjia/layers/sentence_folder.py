"""What the folder of a sentence encoder (sentence-transformers) says beside the encoder itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tengjia.errors import CheckpointError

POOLING_FILE: Final = "1_Pooling/config.json"
_KINDS: Final = {
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_cls_token": "first",
}


def pooling_of(folder: Path | None) -> str:
    """How a sentence encoder makes the vector of a text from those of its pieces; `mean` where the folder is silent.

    That it scales the vectors to length 1 (`2_Normalize`) need not be asked: a cosine does so in any case.

    Raises:
        CheckpointError: The file is damaged, or asks for a way that is not known here.
    """
    file = None if folder is None else folder / POOLING_FILE
    if file is None or not file.is_file():
        return "mean"
    try:
        values: Any = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError("model.bad_pooling_file", file=file, found=error) from None
    wanted = _wanted(values) if isinstance(values, Mapping) else []
    if len(wanted) != 1 or wanted[0] not in _KINDS.values():
        allowed = ", ".join(_KINDS)
        raise CheckpointError("model.unknown_pooling", file=file, found=", ".join(wanted) or "-", allowed=allowed)
    return wanted[0]


def _wanted(values: Mapping[str, Any]) -> list[str]:
    """The ways that are switched on, as this house names them where it knows them."""
    modern = values.get("pooling_mode")  # newer folders name it in one word
    if isinstance(modern, str):
        return [{"cls": "first"}.get(modern, modern)]
    return [_KINDS.get(key, key) for key, value in values.items() if key.startswith("pooling_mode_") and value is True]
