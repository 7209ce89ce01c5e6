"""Whether a version holds texts of a corpus: the golden examples of a bundle that were taken from its test part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tengjia.bundle.folder import GOLDEN, TRAINER_CONFIG
from tengjia.bundle.golden import SAMPLE
from tengjia.bundle.plain import parse_json
from tengjia.errors import CheckpointError
from tengjia.store.manifest import File
from tengjia.utilities.files import read_json

_LARGEST: Final = 64 << 20


def holds_raw_text(files: Mapping[str, File], read: Callable[[File], bytes]) -> bool:
    """Look into every bundle among the files.

    A bundle that says its golden examples are made up is not taken at its word: each must be one that comes with
    Tengjia. One that cannot be read is taken to hold raw text.

    Args:
        files: By path.
        read: Gives the content of a file.
    """
    for path, file in files.items():
        folder, _, name = path.rpartition("/")
        if name == GOLDEN and file.size:
            config = files.get(f"{folder}/{TRAINER_CONFIG}" if folder else TRAINER_CONFIG)
            if config is None or max(file.size, config.size) > _LARGEST or not _made_up(read(config), read(file)):
                return True
    return False


def _made_up(config: bytes, golden: bytes) -> bool:
    try:
        told = parse_json(config, TRAINER_CONFIG)
        texts = [parse_json(line, GOLDEN)["text"] for line in golden.splitlines() if line.strip()]
        return told.get("golden") in {"sample", "none"} and set(texts) <= set(read_json(SAMPLE))
    except (CheckpointError, AttributeError, KeyError, TypeError):
        return False
