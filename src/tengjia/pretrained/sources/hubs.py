"""Hubs of models: Hugging Face and ModelScope, or a mirror of them.

Asked by their plain HTTP interfaces with the same downloader as everything else: one way to verify, to resume, to trust
certificates and to stay offline, one cache without links, and no package to install. What a hub must have is a
repository of Tengjia, that is one with a `filelist.txt`.
"""

from __future__ import annotations

import json
import os
import re
import urllib.parse
from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Final

from tengjia.errors import ConfigurationError, DataError
from tengjia.pretrained.sources.addresses import Address, read_address
from tengjia.pretrained.sources.options import Options
from tengjia.pretrained.sources.web import WebFolder, read

_COMMIT: Final = re.compile(r"[0-9a-f]{40}\Z")
_MOST: Final = 8 << 20


class Hub(WebFolder):
    """A repository on a hub.

    Args:
        address: `OWNER/NAME`, perhaps with a revision.
        options: How to fetch.

    Raises:
        ConfigurationError: The endpoint is no web address.
    """

    home: ClassVar[str]
    """Address of the hub itself."""
    first: ClassVar[str]
    """Revision that is meant where none is said."""
    endpoints: ClassVar[tuple[str, ...]]
    """Environment variables with the address of a mirror."""
    tokens: ClassVar[tuple[str, ...]]
    """Environment variables with a token."""

    def __init__(self, address: Address, options: Options) -> None:
        super().__init__(address, options)
        self.name, self.reference = address.path, address.revision or self.first
        self.place = f"{address.scheme}/{address.path}"
        self.fixed = bool(_COMMIT.match(self.reference))
        self.endpoint = self._endpoint(options)
        token = options.token or _environment(self.tokens)
        self.secrets = {"Authorization": f"Bearer {token}"} if token else {}

    def _endpoint(self, options: Options) -> str:
        chosen = options.endpoint or _environment(self.endpoints) or self.home
        if "://" not in chosen:
            chosen = f"https://{chosen}"
        found = read_address(chosen.rstrip("/"), Options(allow_http=options.allow_http))
        if found.scheme not in {"https", "http"}:
            raise ConfigurationError("pretrained.bad_endpoint", found=chosen[:200])
        return str(found)

    @abstractmethod
    def url(self, path: str) -> str:
        """Where a file of the repository is."""


class HuggingFace(Hub):
    """The Hugging Face hub (https://huggingface.co/docs/hub/api)."""

    home = "https://huggingface.co"
    first = "main"
    endpoints = ("TENGJIA_HF_ENDPOINT", "HF_ENDPOINT")
    tokens = ("HF_TOKEN",)

    @cached_property
    def commit(self) -> str:
        """The commit that the revision means; asked once, so that all files are of one."""
        if self.fixed:
            return self.reference
        revision = urllib.parse.quote(self.reference, safe="")
        url = f"{self.endpoint}/api/models/{self.name}/revision/{revision}"
        answer = _json(read(url, _MOST, self.options, self.secrets, repository=self.address), url)
        commit = answer.get("sha")
        if not (isinstance(commit, str) and _COMMIT.match(commit)):
            raise DataError("pretrained.strange_answer", url=url, found=f"sha = {str(commit)[:60]!r}")
        return commit

    def url(self, path: str) -> str:
        """Where a file of the repository is."""
        return f"{self.endpoint}/{self.name}/resolve/{self.commit}/{urllib.parse.quote(path)}"


class ModelScope(Hub):
    """ModelScope. It names no commit; a change between two files shows in their hashes."""

    home = "https://modelscope.cn"
    first = "master"
    endpoints = ("TENGJIA_MODELSCOPE_ENDPOINT", "MODELSCOPE_DOMAIN")
    tokens = ("MODELSCOPE_API_TOKEN",)

    def url(self, path: str) -> str:
        """Where a file of the repository is."""
        query = urllib.parse.urlencode({"Revision": self.reference, "FilePath": path})
        return f"{self.endpoint}/api/v1/models/{self.name}/repo?{query}"


HUBS: Final[Mapping[str, type[Hub]]] = {"hf": HuggingFace, "modelscope": ModelScope}


def _environment(names: tuple[str, ...]) -> str | None:
    return next((value for name in names if (value := os.environ.get(name))), None)


def _json(content: bytes, url: str) -> Mapping[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, Mapping):
        raise DataError("pretrained.strange_answer", url=url, found=ascii(content[:60]))
    return value
