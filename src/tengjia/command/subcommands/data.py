"""`tengjia data list|get`: public corpora, what they are and where; fetch one, resumable and verified."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tengjia.errors import ConfigurationError
from tengjia.messages import language, text

if TYPE_CHECKING:
    from tengjia.data.sources import Source


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--root", type=Path, help=text("corpus.help_root").message)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help=text("corpus.help_list").message)
    listing.add_argument("--json", action="store_true", help=text("corpus.help_json").message)
    getting = actions.add_parser("get", help=text("corpus.help_get").message)
    getting.add_argument("names", nargs="+", metavar="NAME")
    getting.add_argument("--mirror", metavar="URL", help=text("corpus.help_mirror").message)
    getting.add_argument(
        "--timeout", type=float, default=30.0, metavar="SECONDS", help=text("corpus.help_timeout").message
    )


def run(arguments: argparse.Namespace) -> int:
    """List the corpora, or fetch some."""
    from tengjia.data.download import Options, get, sources

    root = dataset_root(arguments.root)
    if arguments.action == "list":
        print(as_json(sources(), root) if arguments.json else as_text(sources(), root))
        return 0
    options = Options(mirror=mirror(arguments.mirror), timeout=arguments.timeout)
    for name in arguments.names:
        folder = get(name, root, options)
        print(text("corpus.fetched", name=name, folder=folder).message)
    return 0


def dataset_root(said: Path | None) -> Path:
    """Where corpora lie: as said, else as the project's config says.

    Raises:
        ConfigurationError: Nothing is said, and there is no project here.
    """
    if said is not None:
        return said.resolve()
    from tengjia.command.project import find_root
    from tengjia.config.project import Project
    from tengjia.registry import Scope, set_scope

    project = find_root()
    set_scope(Scope(project))
    return (project / str(_said_in(project, "dataset_root") or Project.dataset_root)).resolve()


def mirror(said: str | None) -> str | None:
    """The mirror: as said, else as the environment says, else as the project's config says; none without a project."""
    from tengjia.command.project import PROJECT_FILE, find_root
    from tengjia.data.download import MIRROR

    if said or os.environ.get(MIRROR):
        return said or os.environ[MIRROR]
    try:
        project = find_root()
    except ConfigurationError:
        return None
    found = _said_in(project, "mirror")
    if found is not None and not isinstance(found, str):
        raise ConfigurationError("corpus.bad_address", found=found, file=PROJECT_FILE, key="mirror")
    return found


def _said_in(project: Path, key: str) -> Any:
    from tengjia.command.project import PROJECT_FILE
    from tengjia.config.documents import read_document

    document = read_document(project / PROJECT_FILE, PROJECT_FILE)
    if document.problems:
        raise ConfigurationError(document.problems)
    return document.data.get(key)


def as_text(sources: dict[str, Source], root: Path) -> str:
    """A paragraph for each corpus."""
    from tengjia.data.download import state

    chinese = language() == "zh"
    return "\n".join(
        text(
            "corpus.listed",
            name=name,
            state=text(f"corpus.{state(source, root)}").message,
            about=(chinese and source.about_chinese) or source.about,
            size=f"{sum(file.size for file in source.files) / 1e6:.1f} MB",
            origin=source.origin,
            licence=(chinese and source.licence_chinese) or source.licence,
            citation=source.citation,
            folder=root / source.folder,
        ).message
        for name, source in sorted(sources.items())
    )


def as_json(sources: dict[str, Source], root: Path) -> str:
    """Everything that is known of each corpus."""
    from tengjia.data.download import state

    content = {name: {"state": state(source, root), **asdict(source)} for name, source in sorted(sources.items())}
    return json.dumps(content, ensure_ascii=False, indent=2)
