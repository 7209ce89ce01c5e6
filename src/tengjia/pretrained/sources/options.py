"""How a repository is fetched."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tengjia.errors import ConfigurationError

OFFLINE: Final = "TENGJIA_OFFLINE"
"""Environment variable: `1` and nothing is ever connected to."""
CERTIFICATES: Final = "TENGJIA_CERTIFICATES"
"""Environment variable: file with the certificates of the authorities to trust (PEM)."""

_DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")
_NO: Final = {"", "0", "false", "no", "off"}


@dataclass(frozen=True)
class Options:
    """Options of `from_pretrained` that say how a repository is fetched."""

    revision: str | None = None
    """Branch, tag, commit, version or alias; may stand in the address instead (`@v1`)."""

    offline: bool | None = None
    """Connect to nothing and use what the cache holds; `None` asks the environment (`TENGJIA_OFFLINE`)."""

    digest: str | None = None
    """SHA-256 of the `filelist.txt` that is expected: exactly this content and no other is loaded."""

    endpoint: str | None = None
    """Address of the hub, for a mirror; `None` asks the environment, then it is the hub's own."""

    token: str | None = field(default=None, repr=False)
    """Told to the server that is asked, and to no other; `None` asks the environment."""

    certificates: Path | str | None = None
    """File with the certificates of the authorities to trust (PEM); `None` asks the environment, then the system."""

    store: Path | str | None = None
    """Where the store of `store://` addresses is; `None`: where the project or the environment says."""

    storage: dict[str, Any] = field(default_factory=dict, repr=False)
    """For the file system of an object store, as fsspec takes them (`endpoint_url`, `key`, `secret`)."""

    allow_http: bool = False
    """Also take addresses that are not encrypted, of hosts other than this one."""

    largest: int = 64 << 30
    """Bytes that a repository may have in all."""

    timeout: float = 30.0
    """Seconds without a byte after which a connection counts as lost."""

    attempts: int = 5
    """How often in a row a connection may fail without a new byte."""

    wait: float = 1.0
    """Seconds before the second attempt; doubled for each further one."""

    def __post_init__(self) -> None:
        numbers = {"attempts": self.attempts, "timeout": self.timeout, "largest": self.largest}
        strange = {name: value for name, value in numbers.items() if not value > 0}
        if self.digest is not None and not _DIGEST.match(self.digest):
            strange["digest"] = self.digest[:100]  # type: ignore[assignment]
        for name, value in strange.items():
            raise ConfigurationError("pretrained.bad_option", key=name, found=ascii(value))

    @property
    def is_offline(self) -> bool:
        """Whether nothing may be connected to."""
        if self.offline is not None:
            return self.offline
        return os.environ.get(OFFLINE, "").strip().lower() not in _NO

    @property
    def trusted(self) -> Path | None:
        """The file of certificates."""
        chosen = self.certificates or os.environ.get(CERTIFICATES)
        return Path(chosen) if chosen else None
