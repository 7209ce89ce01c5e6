"""Whether a test reads the corpus that its run was trained with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tengjia.base_tasks.stages.corpus import Examples
from tengjia.config import Settings
from tengjia.runs import RunFolder
from tengjia.utilities.files import read_json

KINDS = ("dataset", "reader")
SHOWN = 3
"""Names of files that are told of each part."""


def corpus_differences(config: Settings, run: RunFolder, examples: Examples) -> list[str]:
    """What of the corpus is not as it was in training: content of files, and how they are read.

    Args:
        config: The effective config of the test.
        run: The run that is tested.
        examples: What the test reads.

    Returns:
        One phrase for each difference; nothing when all is the same or the run noted nothing.
    """
    return [*_files(run, examples), *_reading(config, run)]


def _files(run: RunFolder, examples: Examples) -> Iterator[str]:
    """Parts whose content is another; the same content under another name is the same."""
    before: Mapping[str, Mapping[str, str]] = _noted(run, "data").get("files") or {}
    now: Mapping[str, Mapping[str, str]] = examples.entry.parts["data"]
    for part in now if before else ():
        old, new = before.get(part, {}), now[part]
        if sorted(old.values()) != sorted(new.values()):
            yield f"{part}: {_names(old)} -> {_names(new)}"


def _names(files: Mapping[str, str]) -> str:
    names = [f"{name} ({digest[:8]})" for name, digest in files.items()]
    return ", ".join(names[:SHOWN]) + (" ..." if len(names) > SHOWN else "") or "-"


def _reading(config: Settings, run: RunFolder) -> Iterator[str]:
    trained = _noted(run, "config").get("config") or {}
    tested = config.plain()
    for kind in KINDS if trained else ():
        old, new = trained.get(kind) or {}, tested.get(kind) or {}
        for key in sorted({"name", *(new if kind == "reader" else ())}):
            if old.get(key) != new.get(key):
                yield f"{kind}.{key}: {old.get(key)} -> {new.get(key)}"


def _noted(run: RunFolder, name: str) -> Mapping[str, Any]:
    file = run.path / f"{name}.json"
    found = read_json(file) if file.is_file() else {}
    return found if isinstance(found, Mapping) else {}
