"""The cache of fetched repositories. Many processes may load one repository at once, on NFS too: there is no lock.

    <cache>/hf/owner/name/
        references/v1.json                    what `v1` meant when it was last asked
        <first 32 digits of the identity>/    the content: complete, or absent

A repository is fetched into a folder of the process's own and renamed. Who comes second finds the place taken and drops
its own copy. A folder whose process is gone is taken over by one rename, which succeeds for one taker only; what it
holds is verified like anything else that was fetched.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tengjia.errors import CheckpointError, DataError, EnvironmentFault, StoreError
from tengjia.messages import text
from tengjia.pretrained.sources.options import Options
from tengjia.pretrained.sources.source import Source
from tengjia.utilities.files import TEMPORARY_PREFIX, read_json, sync_folder, write_json

_IDENTITY: Final = re.compile(r"[0-9a-f]{64}\Z")
_SHOWN: Final = 32
_STAGING: Final = re.compile(
    re.escape(TEMPORARY_PREFIX) + r"fetch-([0-9a-f]{32})\.([A-Za-z0-9_-]+)\.(\d+)\.([0-9a-f]{8})\Z"
)
_FORSAKEN: Final = 24 * 3600.0
"""Seconds after which the unfinished folder of another machine counts as left behind."""
_AWAY: Final = frozenset({"pretrained.unreachable", "pretrained.busy", "store.unreachable"})
"""Errors of a connection, as opposed to an answer that is final."""
_active: Final[set[str]] = set()
"""Staging folders that threads of this process are filling."""
_log = logging.getLogger(__name__)


def fetched(source: Source, cache: Path, options: Options) -> Path:
    """The folder of a repository in the cache, fetched now if it is not there or the reference means another content.

    Raises:
        CheckpointError: Offline, and the cache does not hold it; or it is not the expected one.
        DataError: The server cannot be reached, and the cache does not hold it.
        EnvironmentFault: The cache cannot be written.
    """
    shelf = cache / source.place
    known = _known(shelf, source)
    if options.digest is not None and (shelf / options.digest[:_SHOWN]).is_dir():
        known = options.digest
    if known is not None and (options.is_offline or source.fixed or known == options.digest):
        return _expected(known, source, options, shelf)
    if options.is_offline:
        raise CheckpointError("pretrained.offline", file=shelf, found=source.address)
    try:
        identity = source.identity()
    except (DataError, StoreError) as failure:
        if known is None or failure.code not in _AWAY:
            raise
        told = text("pretrained.cached_instead", found=source.address, reason=failure.message)
        _log.warning("%s\n    %s", told.message, told.hint)
        return _expected(known, source, options, shelf)
    if not _IDENTITY.match(identity):
        raise CheckpointError("pretrained.bad_identity", file=source.address, found=repr(identity)[:100])
    folder = _expected(identity, source, options, shelf)
    try:
        if not folder.is_dir():
            _fill(source, shelf, identity)
    except OSError as failure:
        raise EnvironmentFault("pretrained.cannot_write", file=shelf, reason=failure.strerror or failure) from None
    try:
        _remember(shelf, source, identity)
    except OSError as failure:
        _log.debug("a cache that can only be read: %s", failure)
    return folder


def _expected(identity: str, source: Source, options: Options, shelf: Path) -> Path:
    if options.digest is not None and options.digest != identity:
        raise CheckpointError(
            "pretrained.other_digest", file=source.address, found=identity, expected=options.digest[:64]
        )
    return shelf / identity[:_SHOWN]


def _reference(shelf: Path, source: Source) -> Path:
    return shelf / "references" / f"{source.reference.replace('/', '%2F')}.json"


def _known(shelf: Path, source: Source) -> str | None:
    """What the reference meant when it was last asked, if its content is here."""
    try:
        noted = read_json(_reference(shelf, source))
        identity = noted["identity"]
        if noted["reference"] != source.reference:  # `V1` and `v1` may be one file
            return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if not (isinstance(identity, str) and _IDENTITY.match(identity) and (shelf / identity[:_SHOWN]).is_dir()):
        return None
    return identity


def _remember(shelf: Path, source: Source, identity: str) -> None:
    if _known(shelf, source) != identity:
        content = {"source": source.address, "reference": source.reference, "identity": identity}
        write_json(_reference(shelf, source), content)


def _fill(source: Source, shelf: Path, identity: str) -> None:
    shelf.mkdir(parents=True, exist_ok=True)
    staging = _staging(shelf, identity)
    try:
        source.fill(staging)  # when it fails, what came is kept, to go on with
        sync_folder(staging)
        _publish(staging, shelf / identity[:_SHOWN])
    finally:
        _active.discard(staging.name)


def _publish(staging: Path, folder: Path) -> None:
    try:
        staging.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(staging, ignore_errors=True)  # another process was quicker, with the same content
        return
    sync_folder(folder.parent)


def _staging(shelf: Path, identity: str) -> Path:
    """A folder to fill: one that was left behind half full, else a new one."""
    own = f"{TEMPORARY_PREFIX}fetch-{identity[:_SHOWN]}.{_machine()}.{os.getpid()}.{secrets.token_hex(4)}"
    _active.add(own)
    for left in _left_behind(shelf, identity):
        try:
            left.rename(shelf / own)
            return shelf / own
        except OSError:
            continue  # somebody else took it
    (shelf / own).mkdir()
    return shelf / own


def _left_behind(shelf: Path, identity: str) -> Iterator[Path]:
    for folder in sorted(shelf.glob(f"{TEMPORARY_PREFIX}fetch-{identity[:_SHOWN]}.*")):
        match = _STAGING.fullmatch(folder.name)
        if match and folder.name not in _active and not folder.is_symlink() and _is_left(folder, match):
            yield folder


def _is_left(folder: Path, match: re.Match[str]) -> bool:
    if match[2] != _machine():
        try:
            return time.time() - folder.stat().st_mtime > _FORSAKEN
        except OSError:
            return False
    return not _alive(int(match[3]))


def _alive(process: int) -> bool:
    if process == os.getpid():
        return False  # an earlier process of a container, where numbers repeat: ours are in `_active`
    if os.name == "nt":
        return True  # signal 0 would end it there
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _machine() -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", socket.gethostname())[:40] or "_"
