"""What `tengjia store ACTION` does and prints: `do_<action>(store, arguments) -> exit code`."""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tengjia.errors import StoreError
from tengjia.messages import text
from tengjia.store import File, PlacedStore, Store, Version
from tengjia.store.names import shown

_GIB: Final = 1 << 30
_MOST_SHOWN: Final = 50


def do_ls(store: Store, arguments: argparse.Namespace) -> int:
    """List models, or the versions of one."""
    if arguments.model is None:
        models = {name: store.state(name) for name in store.models()}
        if arguments.json:
            print(
                json.dumps([{"model": n, "versions": len(s.versions)} for n, s in models.items()], ensure_ascii=False)
            )
            return 0
        if not models:
            print(text("store.empty", place=store.url).message)
        _table((n, str(len(s.versions)), size(s.size), s.visibility) for n, s in models.items())
        return 0
    versions = store.versions(arguments.model)
    aliases = _aliases(store, arguments.model)
    if arguments.json:
        rows = [{**v._asdict(), "aliases": aliases.get(v.name, [])} for v in versions]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    _table(_row(version, aliases.get(version.name, [])) for version in versions)
    return 0


def do_show(store: Store, arguments: argparse.Namespace) -> int:
    """Show a version: its files, notes, lineage."""
    version = store.resolve(arguments.model, arguments.version)
    manifest = store.read_manifest(arguments.model, version.manifest)
    if arguments.json:
        files = [dataclasses.asdict(file) for file in manifest.files]
        whole = {**version._asdict(), "lineage": dict(manifest.lineage), "file_list": files}
        print(json.dumps(whole, ensure_ascii=False, indent=2))
        return 0
    print(f"{arguments.model} ", end="")
    _table([_row(version, _aliases(store, arguments.model).get(version.name, []))])
    for line in filter(None, [version.note, _mark("store.holds_raw_text", version.raw_text)]):
        print(line)
    _table(_lineage_rows(manifest.lineage))
    _table(_file_row(file) for file in manifest.files[:_MOST_SHOWN])
    if len(manifest.files) > _MOST_SHOWN:
        print(text("store.more", count=len(manifest.files) - _MOST_SHOWN).message)
    return 0


def do_push(store: Store, arguments: argparse.Namespace) -> int:
    """Push a folder."""
    version = store.push(
        arguments.model, arguments.version, arguments.source, exclude=arguments.exclude, raw_text=arguments.raw_text
    )
    if arguments.note is not None:
        store.note(arguments.model, version.name, arguments.note)
    if arguments.publish:
        store.publish(arguments.model, version.name)
    if arguments.alias is not None:
        store.alias(arguments.model, arguments.alias, version.name)
    _say("store.pushed", arguments.model, version)
    return 0


def do_pull(store: Store, arguments: argparse.Namespace) -> int:
    """Pull a version to a folder."""
    version = store.pull(arguments.model, arguments.version, arguments.folder, replace=arguments.replace)
    _say("store.pulled", arguments.model, version, folder=arguments.folder)
    return 0


def do_publish(store: Store, arguments: argparse.Namespace) -> int:
    """Make a version immutable."""
    _say("store.was_published", arguments.model, store.publish(arguments.model, arguments.version))
    return 0


def do_alias(store: Store, arguments: argparse.Namespace) -> int:
    """Move an alias, or tell where it was."""
    if arguments.version is not None or arguments.remove:
        store.alias(arguments.model, arguments.alias, None if arguments.remove else arguments.version)
    moves = store.alias_history(arguments.model, arguments.alias)
    _table((move.version or "-", move.time, move.by) for move in moves)
    return 0


def do_tag(store: Store, arguments: argparse.Namespace) -> int:
    """Add and remove tags."""
    version = store.tag(arguments.model, arguments.version, add=arguments.add, remove=arguments.remove)
    print(" ".join(version.tags) or "-")
    return 0


def do_note(store: Store, arguments: argparse.Namespace) -> int:
    """Write a note."""
    print(store.note(arguments.model, arguments.version, arguments.note).note)
    return 0


def do_diff(store: Store, arguments: argparse.Namespace) -> int:
    """Tell what differs; exit code 1 when something does."""
    found = store.diff(arguments.model, arguments.first, arguments.second)
    for file in found.added:
        print(f"+ {file.path}  {size(file.size)}")
    for file in found.removed:
        print(f"- {file.path}  {size(file.size)}")
    for old, new in found.moved:
        print(f"> {old.path} -> {new.path}")
    for old, new in found.changed:
        print(f"* {new.path}  {size(old.size)} -> {size(new.size)}")
    for key, (first, second) in found.lineage.items():
        print(f"  {key}: {first} -> {second}")
    print(text("store.same_files", count=found.same).message)
    return 1 if found else 0


def do_log(store: Store, arguments: argparse.Namespace) -> int:
    """Tell everything that happened to a model."""
    events = list(store.history(arguments.model))
    if arguments.json:
        print(json.dumps(events, ensure_ascii=False, indent=2))
        return 0
    told = ("alias", "version", "tags", "note", "visibility", "quota")
    _table(
        (
            str(event["number"]),
            event["time"],
            event["event"],
            _short([event[key] for key in told if key in event]),
            event["by"],
        )
        for event in events
    )
    return 0


def do_remove(store: Store, arguments: argparse.Namespace) -> int:
    """Remove a version."""
    store.remove(arguments.model, arguments.version, even_published=arguments.even_published)
    print(text("store.was_removed", model=arguments.model, version=arguments.version).message)
    return 0


def do_visibility(store: Store, arguments: argparse.Namespace) -> int:
    """Make a model public or private."""
    store.set_visibility(arguments.model, arguments.visibility == "public", raw_text=arguments.raw_text)
    print(store.state(arguments.model).visibility)
    return 0


def do_quota(store: Store, arguments: argparse.Namespace) -> int:
    """Limit a model."""
    store.set_quota(arguments.model, None if arguments.quota is None else int(arguments.quota * _GIB))
    state = store.state(arguments.model)
    print(f"{size(state.size)} / {'-' if state.quota is None else size(state.quota)}")
    return 0


def do_verify(store: Store, arguments: argparse.Namespace) -> int:
    """Look whether everything is whole; exit code 7 when something is not."""
    found = _placed(store).verify(arguments.model, quick=arguments.quick)
    for problem in found.problems:
        print(problem, file=sys.stderr)
    counts = {"models": found.models, "versions": found.versions, "objects": found.objects, "size": size(found.size)}
    print(text("store.verified", **counts, problems=len(found.problems)).message)
    return StoreError.exit_code if found.problems else 0


def do_gc(store: Store, arguments: argparse.Namespace) -> int:
    """Take away what nothing refers to."""
    found = _placed(store).gc(dry_run=arguments.dry_run)
    values = {
        "kept": found.kept,
        "young": found.young,
        "trashed": len(found.trashed),
        "trashed_size": size(sum(found.trashed.values())),
        "freed": len(found.freed),
        "freed_size": size(sum(found.freed.values())),
    }
    print(text("store.would_collect" if arguments.dry_run else "store.collected", **values).message)
    return 0


def do_token(store: Store, arguments: argparse.Namespace) -> int:
    """List, make, remove tokens."""
    from tengjia.store.tokens import add_token, remove_token, tokens

    placed = _placed(store)
    if arguments.verb == "add":
        patterns = arguments.model or ["*"]
        token, secret = add_token(placed, arguments.scope, models=patterns, days=arguments.days, note=arguments.note)
        print(text("store.token_made", id=token.id).message, file=sys.stderr)
        print(secret)
    elif arguments.verb == "remove":
        remove_token(placed, arguments.id or "")
    else:
        _table((t.id, t.scope, " ".join(t.models), t.expires or "-", t.note) for t in tokens(placed))
    return 0


def do_serve(store: Store, arguments: argparse.Namespace) -> int:
    """Serve the store until told to stop."""
    from tengjia.store.http.server import Options, StoreServer

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    options = Options(
        host=arguments.host,
        port=arguments.port,
        certificate=Path(arguments.certificate) if arguments.certificate else None,
        key=Path(arguments.key) if arguments.key else None,
        insecure=arguments.insecure,
        connections=arguments.connections,
        largest=int(arguments.largest * _GIB),
    )
    with StoreServer(_placed(store), options) as server:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        print(text("store.serving", place=store.url, url=server.url).message, flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print(text("store.stopped").message)
    return 0


def size(count: float) -> str:
    """Bytes for people."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024 or unit == "GiB":
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return ""


def _placed(store: Store) -> PlacedStore:
    if not isinstance(store, PlacedStore):
        raise StoreError("store.only_there", found=store.url)
    return store


def _aliases(store: Store, model: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for alias, version in store.aliases(model).items():
        found.setdefault(version, []).append(alias)
    return found


def _row(version: Version, aliases: list[str]) -> tuple[str, ...]:
    state = text("store.state_published" if version.published else "store.state_draft").message
    marks = " ".join([*(f"<- {alias}" for alias in aliases), *(f"#{tag}" for tag in version.tags)])
    return version.name, f"r{version.revision}", state, size(version.size), version.pushed, version.by, marks


def _file_row(file: File) -> tuple[str, ...]:
    return file.path, size(file.size), file.sha256[:12]


def _lineage_rows(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, ...]]:
    """Where a version came from, one line a value; scores of single types only stand in `--json`."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _lineage_rows(value, f"{prefix}{key}.")
        elif value is not None and "/" not in key:
            said = f"{value:.4f}" if isinstance(value, float) else value
            yield shown(f"{prefix}{key}"), shown(", ".join(map(str, said)) if isinstance(said, list) else str(said))


def _mark(code: str, wanted: bool) -> str:
    return text(code).message if wanted else ""


def _short(values: list[Any]) -> str:
    return " ".join(map(str, values))[:60].replace("\n", " ")


def _say(code: str, model: str, version: Version, **values: object) -> None:
    print(text(code, model=model, version=version.name, files=version.files, size=size(version.size), **values).message)


def _table(rows: Iterable[tuple[str, ...]]) -> None:
    """Columns as wide as their widest cell."""
    from tengjia.reports.terminal import padded, width

    cells = list(rows)
    widths = [max(map(width, column)) for column in zip(*cells)]
    for row in cells:
        print("  ".join(padded(cell, size) for cell, size in zip(row, widths)).rstrip())
