"""A folder on a web server that holds a repository with its `filelist.txt`."""

from __future__ import annotations

import contextlib
import http.client
import os
import time
import urllib.error
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tengjia.bundle.filelist import FILELIST, Listed
from tengjia.data import download
from tengjia.data.sources import SourceFile
from tengjia.errors import CheckpointError, DataError, EnvironmentFault
from tengjia.pretrained.sources.addresses import Address
from tengjia.pretrained.sources.options import Options
from tengjia.pretrained.sources.source import ListedSource
from tengjia.utilities.web import RefusedRedirect, opener, request

TOKEN: Final = "TENGJIA_TOKEN"
"""Environment variable: told to web servers that are not asked as a hub."""
_BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_ABSENT: Final = frozenset({404, 410})


class WebFolder(ListedSource):
    """Files below one web address.

    Args:
        address: Of the folder.
        options: How to fetch.
    """

    def __init__(self, address: Address, options: Options) -> None:
        super().__init__(str(address), f"{address.scheme}/{address.path.replace(':', '_')}", options.largest)
        self.options = options
        token = options.token or os.environ.get(TOKEN)
        self.secrets = {"Authorization": f"Bearer {token}"} if token else {}

    def url(self, path: str) -> str:
        """Where a file of the repository is."""
        return f"{self.address}/{urllib.parse.quote(path)}"

    def read_list(self, most: int) -> bytes:
        """The list, in one request."""
        return read(self.url(FILELIST), most, self.options, self.secrets, repository=self.address)

    def fetch(self, path: str, listed: Listed, folder: Path) -> None:
        """Fetch one file with the downloader of corpora: resumed, verified, by one rename."""
        target = folder / path
        file = SourceFile(target.name, self.url(path), listed.sha256, listed.size)
        chosen = download.Options(
            timeout=self.options.timeout,
            attempts=self.options.attempts,
            wait=self.options.wait,
            secrets=self.secrets,
            certificates=self.options.trusted,
        )
        with _told(self.address):
            download.fetch(file, target.parent, file.url, chosen)


def read(url: str, most: int, options: Options, secrets: Mapping[str, str], *, repository: str) -> bytes:
    """The first `most` bytes of what is at an address.

    Args:
        url: The address.
        most: Not more than so many bytes.
        options: How to fetch.
        secrets: Headers for the host that is asked alone.
        repository: What is being fetched, for messages.

    Raises:
        CheckpointError: There is nothing.
        DataError: The server cannot be reached or refuses.
        EnvironmentFault: The file of certificates cannot be read.
    """
    with _told(repository):
        made = opener(options.trusted)
    for attempt in range(1, options.attempts + 1):
        try:
            with made.open(request(url, secrets=secrets), timeout=options.timeout) as answer:
                content: bytes = answer.read(most)
                if len(content) < min(most, int(answer.headers.get("Content-Length") or 0)):
                    raise ConnectionError("the connection was closed too early")
                return content
        except RefusedRedirect as failure:
            raise DataError("pretrained.bad_redirect", url=url, found=failure.target) from None
        except urllib.error.HTTPError as failure:
            failure.close()
            if failure.code in _ABSENT:
                raise CheckpointError("pretrained.not_there", file=repository, url=url) from None
            reason: Any = failure
            final = failure.code not in _BUSY
        except (OSError, http.client.HTTPException) as failure:
            reason, final = failure, False
        if final or attempt == options.attempts:
            raise _refusal(url, reason)
        time.sleep(min(options.wait * 2 ** (attempt - 1), 60))
    raise AssertionError("attempts are at least one")


def _refusal(url: str, reason: Any) -> DataError:
    if isinstance(reason, urllib.error.HTTPError):
        code = "pretrained.busy" if reason.code in _BUSY else "pretrained.not_served"
        return DataError(code, url=url, status=reason.code)
    return DataError("pretrained.unreachable", url=url, reason=getattr(reason, "reason", None) or reason)


@contextlib.contextmanager
def _told(repository: str) -> Iterator[None]:
    """What the downloader of corpora says, in the words of this room."""
    try:
        yield
    except DataError as failure:
        values = failure.problem.values
        codes = {
            "corpus.unreachable": "pretrained.unreachable",
            "corpus.bad_redirect": "pretrained.bad_redirect",
            "corpus.not_served": "pretrained.not_served",
        }
        code = codes.get(failure.code, "pretrained.wrong_content")
        raise DataError(code, **{"found": repository, **values}) from None
    except EnvironmentFault as failure:
        values = failure.problem.values
        raise EnvironmentFault("pretrained.cannot_write", file=failure.problem.file, **values) from None
    except (FileNotFoundError, PermissionError) as failure:
        raise EnvironmentFault("pretrained.no_certificates", file=failure.filename or "", reason=failure) from None
