"""Stage `load`: files of entities and relations into a graph, and the bundle that answers questions about it.

python run_modeling.py task=neo4j stage=[build,load]
python run_modeling.py task=neo4j stage=load "load.entities=[people.csv]" "load.relations=[works_at.csv]"
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

from tqdm import tqdm

from tengjia.bundle.record import Record
from tengjia.config import Settings
from tengjia.config.parameters import Limits
from tengjia.data.rejects import RejectsFile
from tengjia.errors import ConfigurationError, DataError
from tengjia.graph.building import ENTITIES, FOLDER, RELATIONS
from tengjia.graph.contents import read_contents
from tengjia.graph.pipeline import save_graph
from tengjia.graph.templates import read_templates
from tengjia.messages import text
from tengjia.runs import RunFolder
from tengjia.runs.folder import runs_in
from tengjia.utilities.files import sha256_of_file

log = logging.getLogger(__name__)


class Load:
    """What `stage=load` is asked to do."""

    limits: ClassVar[Limits] = {"max_rejects": (0, None), "batch_size": (1, 100000)}

    @dataclass(frozen=True)
    class Config:
        """From files into the graph."""

        entities: tuple[str, ...] = ()
        """Files (CSV, TSV, JSON), relative to `dataset_root`; none: what `stage=build` made."""

        relations: tuple[str, ...] = ()
        """Files of relations, likewise."""

        backend: Literal["ladybug", "neo4j"] = "ladybug"
        """`ladybug`: a file in the bundle; `neo4j`: a server, its password in `NEO4J_PASSWORD`."""

        uri: str = "neo4j://localhost:7687"
        """Address of the server."""

        user: str = "neo4j"
        """User on the server."""

        database: str = "neo4j"
        """Database on the server."""

        templates: str = "templates.yaml"
        """The kinds of questions; relative to the task's folder."""

        batch_size: int = 5000
        """Elements of one transaction."""

        max_rejects: int | None = 0
        """How many rows may be unusable before the stage stops; null: any number, all are told."""


def load(config: Settings, run: RunFolder, *, folder: Path) -> dict[str, Any]:
    """Load a graph, and leave the bundle of the run.

    Args:
        config: The effective config.
        run: The run.
        folder: Folder of the task.

    Returns:
        How many entities and relations there are, and how many rows were set aside.

    Raises:
        ConfigurationError: The templates speak of what the graph has not.
        DataError: A file is missing, or more rows than allowed make no sense.
        EnvironmentFault: The database is not installed or not there.
    """
    if not run.primary:
        return {}  # one process of many loads for all
    wanted = Load.Config(**dict(config.get("load") or {}))
    entities, relations = _files(wanted, Path(config.dataset_root), run)
    with RejectsFile(run.path / "load_rejects.jsonl", wanted.max_rejects) as rejects:
        contents = read_contents(entities, relations, rejects)
    if not contents.entities:
        raise DataError("graph.empty", file=", ".join(map(str, entities)))
    templates = read_templates(folder / wanted.templates, contents.schema())
    counts = {"entities": len(contents.entities), "relations": len(contents.relations), "rejects": rejects.count}
    record = Record(
        name=f"{config.app}/{config.task}",
        run=run.id,
        data={**counts, "files": {path.name: sha256_of_file(path) for path in (*entities, *relations)}},
        train_config=config.plain(),
    )
    with tqdm(total=counts["entities"] + counts["relations"], disable=None, unit="") as bar:
        options: dict[str, Any] = {"batch_size": wanted.batch_size, "done": lambda count: bar.update(count - bar.n)}
        save_graph(run.bundle, contents, templates, _place(wanted), record, **options)
    told = {"told": rejects.summary() or "-", "folder": run.bundle}
    log.info(text("graph.loaded", **counts, **told).message)
    return counts


def _place(wanted: Load.Config) -> dict[str, str]:
    values = asdict(wanted)
    keys = ("backend", "uri", "user", "database") if wanted.backend == "neo4j" else ("backend",)
    return {key: values[key] for key in keys}


def _files(wanted: Load.Config, root: Path, run: RunFolder) -> tuple[list[Path], list[Path]]:
    """The files to load: those that are named, else those of this run, else those that were built last."""
    if wanted.entities:
        return [root / file for file in wanted.entities], [root / file for file in wanted.relations]
    if wanted.relations:
        raise ConfigurationError("graph.relations_alone", key="load.relations", found=", ".join(wanted.relations))
    for one in (run, *reversed(runs_in(run.path.parent))):
        built = one.path / FOLDER
        if (built / ENTITIES).is_file() and (one.path == run.path or one.finished("build")):
            return [built / ENTITIES], [built / RELATIONS]
    raise DataError("graph.nothing_built", file=run.path.parent)
