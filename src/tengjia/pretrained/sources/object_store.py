"""A folder in an object store (`s3://bucket/path` and its kin), read through fsspec."""

from __future__ import annotations

import hashlib
import importlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from tengjia.bundle.filelist import FILELIST, Listed
from tengjia.errors import CheckpointError, DataError, EnvironmentFault
from tengjia.pretrained.sources.addresses import Address
from tengjia.pretrained.sources.options import Options
from tengjia.pretrained.sources.source import ListedSource
from tengjia.utilities.files import TEMPORARY_PREFIX, sync_folder

_BLOCK: Final = 1 << 20


class ObjectStore(ListedSource):
    """Objects below one prefix.

    Args:
        address: Bucket and prefix.
        options: How to fetch.

    Raises:
        EnvironmentFault: The package for this kind of store is not installed.
    """

    def __init__(self, address: Address, options: Options) -> None:
        super().__init__(str(address), f"{address.scheme}/{address.path}", options.largest)
        self.options, self.path = options, address.path
        self.scheme = address.scheme
        self._system: Any = None

    @property
    def system(self) -> Any:
        """The file system, opened when first used: a cached repository needs none."""
        if self._system is None:
            try:
                fsspec = importlib.import_module("fsspec")
                self._system = fsspec.filesystem(self.scheme, **self.options.storage)
            except (ImportError, ValueError) as missing:
                raise EnvironmentFault(
                    "pretrained.no_file_system", found=self.scheme, reason=" ".join(str(missing).split())[:200]
                ) from None
        return self._system

    def read_list(self, most: int) -> bytes:
        """The list."""
        content = b"".join(self._blocks(FILELIST, 0, most))
        return content[:most]

    def fetch(self, path: str, listed: Listed, folder: Path) -> None:
        """Read one object into a partial file, go on with it when it is there, and give it its name."""
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{TEMPORARY_PREFIX}{target.name}.part")
        for _ in range(2):  # perhaps two versions were joined: once more, from the beginning
            self._complete(path, listed, part)
            if _digest(part) == listed.sha256:
                part.replace(target)
                sync_folder(target.parent)
                return
            part.unlink()
        raise DataError("pretrained.wrong_content", found=f"{self.address}/{path}")

    def _complete(self, path: str, listed: Listed, part: Path) -> None:
        with (
            open(part, "ab") as sink,
            tqdm(total=listed.size, desc=path, unit="B", unit_scale=True, disable=None) as bar,
        ):
            if sink.tell() > listed.size:
                sink.truncate(0)
            bar.update(sink.tell())
            for block in self._blocks(path, sink.tell(), listed.size - sink.tell() + 1):
                if sink.tell() + len(block) > listed.size:
                    raise DataError("pretrained.wrong_content", found=f"{self.address}/{path}")
                sink.write(block)
                bar.update(len(block))

    def _blocks(self, path: str, start: int, most: int) -> Iterator[bytes]:
        """Content of an object from a byte on; a connection that breaks is made anew."""
        failures, end = 0, start + most
        while start < end:
            try:
                with self.system.open(f"{self.path}/{path}", "rb") as opened:
                    opened.seek(start)
                    while block := opened.read(min(_BLOCK, end - start)):
                        start, failures = start + len(block), 0
                        yield block
                return
            except (FileNotFoundError, IsADirectoryError):
                raise CheckpointError("pretrained.not_there", file=self.address, url=f"{self.address}/{path}") from None
            except (PermissionError, OSError) as failure:
                failures += 1
                if isinstance(failure, PermissionError) or failures >= self.options.attempts:
                    raise DataError(
                        "pretrained.unreachable",
                        url=f"{self.address}/{path}",
                        reason=" ".join(str(failure).split())[:200],
                    ) from None
            time.sleep(min(self.options.wait * 2 ** (failures - 1), 60))


def _digest(file: Path) -> str:
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
