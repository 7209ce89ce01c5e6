"""Fetches public corpora: `tengjia data get NAME`.

A file is known by its SHA-256, so it does not matter which server gives it: the address its authors published it at,
or a mirror. A mirror (`TENGJIA_MIRROR=http://host/path`) is any web server that serves a copy of a `dataset_root`. What
was received before a failure is kept beside the target and continued (Range with If-Range, RFC 9110 sections 13, 14).
"""

from __future__ import annotations

import contextlib
import http.client
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from filelock import FileLock
from tqdm import tqdm

from tengjia.data.sources import Source, SourceFile, source_of
from tengjia.errors import ConfigurationError, DataError, EnvironmentFault
from tengjia.registry import datasets
from tengjia.utilities.files import TEMPORARY_PREFIX, read_json, sha256_of_file, sync_folder, write_json
from tengjia.utilities.nearest import nearest
from tengjia.utilities.web import RefusedRedirect, opener, request

MIRROR: Final = "TENGJIA_MIRROR"
"""Environment variable with the address of a mirror."""

_BLOCK: Final = 1 << 16
_BUSY: Final = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class Options:
    """How to fetch."""

    mirror: str | None = None
    """Address of a server with a copy of a `dataset_root`; `None` asks the environment, then the authors' address."""

    timeout: float = 30.0
    """Seconds without a byte after which a connection counts as lost."""

    attempts: int = 5
    """How often in a row a connection may fail without a new byte."""

    wait: float = 1.0
    """Seconds before the second attempt; doubled for each further one."""

    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Headers for the host that is asked and for no other (`Authorization`)."""

    certificates: Path | None = None
    """File with the certificates of the authorities to trust (PEM); `None`: those of the system."""


def sources() -> dict[str, Source]:
    """The corpora that can be fetched, by the names of their dataset modules."""
    found = {name: source_of(datasets.load(name)) for name in datasets.entries()}
    return {name: source for name, source in found.items() if source is not None}


def state(source: Source, root: Path) -> str:
    """`"present"`, `"partial"` or `"absent"`; goes by names and sizes, not by content."""
    folder = root / source.folder
    there = [(path := folder / file.name).is_file() and path.stat().st_size == file.size for file in source.files]
    if all(there):
        return "present"
    return "partial" if any(there) or any(_part(folder / file.name).exists() for file in source.files) else "absent"


def get(name: str, root: Path, options: Options | None = None) -> Path:
    """Fetch what is missing of a corpus and check everything.

    Args:
        name: Name of a dataset module that has a source.
        root: `dataset_root`.
        options: How to fetch.

    Returns:
        The folder of the corpus.

    Raises:
        ConfigurationError: Nothing of that name can be fetched, or the mirror is no web address.
        DataError: The server cannot be reached, has no such file, gives another one; or another file is in the way.
        EnvironmentFault: The file cannot be written.
    """
    known = sources()
    if name not in known:
        near = ", ".join(nearest(name, known)) or "-"
        raise ConfigurationError("corpus.no_source", found=name, nearest=near, allowed=", ".join(known))
    source, options = known[name], options or Options()
    with _alone(root):
        for file in source.files:
            fetch(file, root / source.folder, _address(source, file, options), options)
    return root / source.folder


def fetch(file: SourceFile, folder: Path, url: str, options: Options) -> None:
    """Fetch one file to `folder`, going on where an earlier attempt stopped; nothing to do if it is there.

    Raises:
        DataError, EnvironmentFault: As `get`.
    """
    target = folder / _safe(file.name)
    _check_address(url)
    if target.is_file():
        if sha256_of_file(target) != file.sha256:
            raise DataError("corpus.other_content", file=target, expected=file.sha256)
        return
    with _writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    transfer = _Transfer(file, target, url, options)
    transfer.complete()
    if transfer.damaged():
        # Perhaps two versions of the file were joined: once more, from its beginning.
        transfer.complete()
        if transfer.damaged():
            raise DataError("corpus.wrong_content", file=target, url=url, expected=file.sha256)
    transfer.finish()


class _Transfer:
    """One file on its way: `.tengjia-NAME.part` holds what came, `.tengjia-NAME.part.json` which version it is of."""

    def __init__(self, file: SourceFile, target: Path, url: str, options: Options) -> None:
        self.file, self.target, self.url, self.options = file, target, url, options
        self.part = _part(target)
        self.notes = self.part.with_name(self.part.name + ".json")

    def complete(self) -> None:
        """Ask until all bytes are there."""
        failures, most = 0, self._received()
        with tqdm(total=self.file.size, desc=self.file.name, unit="B", unit_scale=True, disable=None) as bar:
            while self._received() < self.file.size:
                try:
                    self._ask(self._received(), bar)
                    continue
                except (OSError, http.client.HTTPException) as failure:
                    reason = failure
                # Only more than there ever was counts as progress, else a bad server could keep us for ever.
                failures = failures + 1 if self._received() <= most else 1
                most = max(most, self._received())
                if _is_final(reason) or failures >= self.options.attempts:
                    raise self._refusal(reason)
                time.sleep(min(self.options.wait * 2 ** (failures - 1), 60))

    def damaged(self) -> bool:
        """Whether what came is not the file; it is then removed."""
        if self._received() == self.file.size and sha256_of_file(self.part) == self.file.sha256:
            return False
        self._forget()
        return True

    def finish(self) -> None:
        """Give the file its name."""
        with _writing(self.target):
            self.part.replace(self.target)
            sync_folder(self.target.parent)
            self._forget()

    def _received(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _forget(self) -> None:
        for path in (self.part, self.notes):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()

    def _ask(self, start: int, bar: Any) -> None:
        """Request what is missing from byte `start` on, and take in as much as comes."""
        try:
            answer = opener(self.options.certificates).open(self._request(start), timeout=self.options.timeout)
        except RefusedRedirect as failure:
            raise DataError("corpus.bad_redirect", url=failure.url, found=failure.target) from None
        except urllib.error.HTTPError as failure:
            failure.close()
            if failure.code == 416 and start:
                self._forget()
                raise ConnectionError("the file there is shorter than what was received") from None
            raise
        with answer:
            continued = answer.status == 206
            if continued and _first_byte(answer.headers.get("Content-Range")) != start:
                self._forget()
                raise ConnectionError("the server gives another range than it was asked for")
            bar.n = start if continued else 0
            self._note(answer.headers)
            self._receive(answer, continued, bar)

    def _request(self, start: int) -> urllib.request.Request:
        headers = {}
        if start:
            headers["Range"] = f"bytes={start}-"
            if validator := self._validator():
                headers["If-Range"] = validator
        return request(self.url, headers, self.options.secrets)

    def _receive(self, answer: Any, continued: bool, bar: Any) -> None:
        with _writing(self.part):
            sink = open(self.part, "ab" if continued else "wb")  # noqa: SIM115
        with sink:
            room = self.file.size - sink.tell()
            while block := answer.read(min(_BLOCK, room + 1)):
                if len(block) > room:
                    raise DataError("corpus.too_long", file=self.target, url=self.url, expected=self.file.size)
                with _writing(self.part):
                    sink.write(block)
                room -= len(block)
                bar.update(len(block))
            with _writing(self.part):
                sink.flush()
                os.fsync(sink.fileno())
        if room:
            raise ConnectionError("the connection was closed too early")

    def _note(self, headers: Any) -> None:
        tag = headers.get("ETag") or ""
        # A weak tag may stand for two versions that differ in bytes: of no use for If-Range.
        validator = tag if tag.startswith('"') else headers.get("Last-Modified")
        with _writing(self.notes):
            write_json(self.notes, {"url": self.url, "validator": validator})

    def _validator(self) -> str | None:
        try:
            notes = read_json(self.notes)
            found = notes["validator"] if notes["url"] == self.url else None
        except (OSError, ValueError, KeyError, TypeError):
            return None  # without it the whole is still checked by its hash
        return found if isinstance(found, str) and found.isprintable() else None

    def _refusal(self, reason: Exception) -> DataError:
        values: dict[str, Any] = {
            "file": self.target,
            "url": self.url,
            "size": self.file.size,
            "received": self._received(),
        }
        if isinstance(reason, urllib.error.HTTPError):
            return DataError("corpus.not_served", **values, status=reason.code, mirror=MIRROR)
        cause = getattr(reason, "reason", None) or reason
        return DataError("corpus.unreachable", **values, reason=cause, mirror=MIRROR)


def _address(source: Source, file: SourceFile, options: Options) -> str:
    mirror = options.mirror or os.environ.get(MIRROR)
    return f"{mirror.rstrip('/')}/{urllib.parse.quote(f'{source.folder}/{file.name}')}" if mirror else file.url


def _check_address(url: str) -> None:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError("corpus.bad_address", found=url)


def _safe(name: str) -> str:
    parts = name.split("/")  # some corpora have a folder for each part
    if PurePosixPath(name).is_absolute() or any(part in {"", ".", ".."} for part in parts) or set("\\:") & set(name):
        raise DataError("corpus.bad_name", found=name)
    return name


def _part(target: Path) -> Path:
    return target.with_name(f"{TEMPORARY_PREFIX}{target.name}.part")


def _first_byte(content_range: str | None) -> int | None:
    unit, _, span = (content_range or "").partition(" ")
    first = span.partition("-")[0]
    return int(first) if unit == "bytes" and first.isascii() and first.isdigit() else None


def _is_final(failure: Exception) -> bool:
    return isinstance(failure, urllib.error.HTTPError) and failure.code not in _BUSY


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One process at a time: two that write to the same partial file would spoil it for each other."""
    with _writing(root):
        root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(root / f"{TEMPORARY_PREFIX}fetch.lock")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        raise EnvironmentFault("corpus.cannot_write", file=path, reason=failure.strerror or failure) from failure
