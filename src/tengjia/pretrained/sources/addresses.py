"""What `repo` may be: a name in the cache, or an address. One strict reader for all.

What passes can be put into a path and a URL as it stands. An address is taken literally: `%2e` is three characters,
none of which is allowed.
"""

from __future__ import annotations

import re
import urllib.parse
from dataclasses import dataclass
from typing import Final

from tengjia.errors import ConfigurationError
from tengjia.pretrained.sources.options import Options

OBJECT_STORES: Final = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oss", "obs", "memory"})
"""Schemes that fsspec opens; those of local files, and chains of schemes, are left out."""

_PART: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\Z")
_CACHED: Final = re.compile(r"\w[\w.-]{0,127}\Z")
_HUB: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?\Z")
_REVISION: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.+-]*)*\Z")
_HOST: Final = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\Z")
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# Devices of Windows, whatever ending they bear (Microsoft, "Naming Files, Paths, and Namespaces").
_DEVICE: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?\Z", re.IGNORECASE
)
_LONGEST: Final = 1000
_DEEPEST: Final = 8
_ALLOWED: Final = (
    "NAME, https://HOST/PATH, hf://OWNER/NAME[@REVISION], modelscope://OWNER/NAME[@REVISION], store://MODEL[@VERSION], "
    "s3://BUCKET/PATH"
)


@dataclass(frozen=True)
class Address:
    """Where a repository is."""

    scheme: str
    """`cache`, `https`, `http`, `hf`, `modelscope`, `store`, or one of `OBJECT_STORES`."""

    path: str
    """What follows the scheme, without the revision."""

    revision: str | None = None

    def __str__(self) -> str:
        at = f"@{self.revision}" if self.revision else ""
        return self.path if self.scheme == "cache" else f"{self.scheme}://{self.path}{at}"


def read_address(repo: str, options: Options | None = None) -> Address:
    """Read what was given as `repo`.

    Args:
        repo: A name or an address.
        options: Of them, `revision` and `allow_http`.

    Raises:
        ConfigurationError: It is neither.
    """
    options = options or Options()
    if not isinstance(repo, str) or not 0 < len(repo) <= _LONGEST:
        raise _refused(repo, "empty or too long" if isinstance(repo, str) else type(repo).__name__)
    scheme, separator, rest = repo.partition("://")
    if not separator:
        return _in_cache(repo, options)
    if scheme in {"https", "http"}:
        return _on_the_web(repo, scheme, options)
    if scheme in {"hf", "modelscope", "store"}:
        return _by_name(repo, scheme, rest, options)
    if scheme in OBJECT_STORES:
        _check_revision_unsaid(repo, options)
        return Address(scheme, _parts(repo, rest, at_least=1))
    raise _refused(repo, f"unknown scheme `{scheme[:30]}`")


def _in_cache(repo: str, options: Options) -> Address:
    parts = repo.split("/")
    if len(parts) > 3 or not all(_CACHED.match(part) and not _is_odd(part) for part in parts):
        raise _refused(repo, "not a name (a folder elsewhere is given as a pathlib.Path)")
    _check_revision_unsaid(repo, options)
    return Address("cache", repo)


def _on_the_web(repo: str, scheme: str, options: Options) -> Address:
    try:
        parts = urllib.parse.urlsplit(repo)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refused(repo, str(error)) from None
    if "?" in repo or "#" in repo:
        raise _refused(repo, "`?` and `#` lead to no folder")
    if "@" in parts.netloc:
        raise _refused(repo.replace(parts.netloc, "..."), "a name or password in the address; use token=")
    if not (_HOST.match(host) or host == "::1") or (port is not None and not 0 < port < 65536):
        raise _refused(repo, "no host")
    if scheme == "http" and host not in _LOCAL and not options.allow_http:
        raise _refused(repo, "not encrypted; use https, or say allow_http=True")
    _check_revision_unsaid(repo, options)
    path = parts.path.strip("/")
    checked = _parts(repo, path) if path else ""
    return Address(scheme, f"{parts.netloc.lower()}/{checked}".rstrip("/"))


def _by_name(repo: str, scheme: str, rest: str, options: Options) -> Address:
    name, at, revision = rest.partition("@")
    parts = name.split("/")
    wanted = 1 if scheme == "store" else 2
    if len(parts) != wanted or not all(_HUB.match(part) and ".." not in part and not _is_odd(part) for part in parts):
        raise _refused(repo, "not OWNER/NAME" if wanted == 2 else "not the name of a model")
    given = options.revision
    if at and given is not None and given != revision:
        raise _refused(repo, f"another revision is said too: {given[:100]}")
    chosen = revision if at else given
    if chosen is not None and (not _REVISION.match(chosen) or ".." in chosen or len(chosen) > 200):
        raise _refused(repo, "no revision")
    return Address(scheme, name, chosen)


def _parts(repo: str, path: str, at_least: int = 0) -> str:
    parts = path.rstrip("/").split("/")
    if len(parts) < at_least or len(parts) > _DEEPEST:
        raise _refused(repo, "too deep or too short")
    if not all(_PART.match(part) and not _is_odd(part) for part in parts):
        raise _refused(repo, "a part of it is no name: letters, digits, `.`, `_`, `-`")
    return "/".join(parts)


def _is_odd(part: str) -> bool:
    return bool(_DEVICE.match(part)) or part.endswith(".")


def _check_revision_unsaid(repo: str, options: Options) -> None:
    if options.revision is not None:
        raise _refused(repo, "has no revisions")


def _refused(repo: object, reason: str) -> ConfigurationError:
    shown = str(repo)[:200].encode("unicode_escape", "backslashreplace").decode("ascii")
    return ConfigurationError("pretrained.bad_address", found=shown, reason=reason, allowed=_ALLOWED)
