"""Stage `build`: crawled pages or tables to files of entities and relations.

python run_modeling.py task=neo4j stage=build
python run_modeling.py task=neo4j stage=build build.input=pages.jsonl
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Final

from tengjia.config import Settings
from tengjia.config.parameters import Limits
from tengjia.data.rejects import RejectsFile
from tengjia.errors import ConfigurationError, DataError
from tengjia.graph.elements import Entity, Relation
from tengjia.graph.mapping import build_contents, read_mapping
from tengjia.messages import text
from tengjia.runs import RunFolder
from tengjia.utilities.files import written_atomically

log = logging.getLogger(__name__)
FOLDER: Final = "graph"
"""Where in a run the files stand."""
ENTITIES: Final = "entities.jsonl"
RELATIONS: Final = "relations.jsonl"


class Build:
    """What `stage=build` is asked to do."""

    limits: ClassVar[Limits] = {"max_rejects": (0, None)}

    @dataclass(frozen=True)
    class Config:
        """From rows to entities and relations."""

        mapping: str = "mapping.yaml"
        """What the columns mean; relative to the task's folder."""

        input: str | None = None
        """A file to read in place of those that the mapping names; the mapping then has one source."""

        max_rejects: int | None = 0
        """How many rows may be unusable before the stage stops; null: any number, all are told."""


def build(config: Settings, run: RunFolder, *, folder: Path) -> dict[str, Any]:
    """Write `graph/entities.jsonl` and `graph/relations.jsonl` of the run.

    Args:
        config: The effective config.
        run: The run.
        folder: Folder of the task.

    Returns:
        How many entities and relations there are, and how many rows were set aside.

    Raises:
        ConfigurationError: The mapping is not right.
        DataError: A file is missing, or more rows than allowed make no sense.
    """
    if not run.primary:
        return {}  # one process of many builds for all
    wanted = Build.Config(**dict(config.get("build") or {}))
    sources = read_mapping(folder / wanted.mapping)
    root = Path(config.dataset_root)
    if wanted.input is not None:
        if len(sources) != 1:
            raise ConfigurationError("graph.several_sources", key="build.input", found=len(sources))
        sources, root = (replace(sources[0], files=(str(Path(wanted.input).absolute()),)),), Path()
    with RejectsFile(run.path / "build_rejects.jsonl", wanted.max_rejects) as rejects:
        contents = build_contents(sources, root, rejects)
    if not contents.entities:
        raise DataError("graph.empty", file=", ".join(file for source in sources for file in source.files))
    _write(run.path / FOLDER / ENTITIES, contents.entities.values())
    _write(run.path / FOLDER / RELATIONS, contents.relations.values())
    counts = {"entities": len(contents.entities), "relations": len(contents.relations), "rejects": rejects.count}
    log.info(text("graph.built", **counts, told=rejects.summary() or "-", folder=run.path / FOLDER).message)
    return counts


def _write(path: Path, items: Iterable[Entity | Relation]) -> None:
    with written_atomically(path, "w") as file:
        for item in items:
            file.write(json.dumps(item.plain(), ensure_ascii=False) + "\n")
