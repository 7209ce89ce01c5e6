"""Opens web addresses, and nothing else: no file, no ftp, wherever an address comes from.

Certificates are always verified. A redirect is followed to the same scheme, or from http to https; what is secret among
the headers goes to the host that was asked, and never on to another.
"""

from __future__ import annotations

import ssl
import urllib.parse
import urllib.request
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from tengjia import __version__


class RefusedRedirect(OSError):
    """A server leads to an address that is not followed."""

    def __init__(self, url: str, target: str) -> None:
        super().__init__(f"{url} leads to {target}")
        self.url, self.target = url, target


def request(
    url: str, headers: Mapping[str, str] | None = None, secrets: Mapping[str, str] | None = None
) -> urllib.request.Request:
    """A request for an address.

    Args:
        url: `http` or `https`.
        headers: What is said to every host that a redirect leads to.
        secrets: What is said only to the host that is asked (`Authorization`).
    """
    made = urllib.request.Request(
        url, headers={"User-Agent": f"tengjia/{__version__}", "Accept-Encoding": "identity", **(headers or {})}
    )
    for name, value in (secrets or {}).items():
        made.add_unredirected_header(name, value)
    return made


def opener(certificates: Path | None = None) -> urllib.request.OpenerDirector:
    """Opens requests.

    Args:
        certificates: File with the certificates (PEM) of the authorities to trust; `None`: those of the system.
    """
    context = _context(certificates, certificates.stat().st_mtime_ns if certificates else 0)
    made = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=context),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(),
    ):
        made.add_handler(handler)
    return made


@lru_cache(maxsize=4)
def _context(certificates: Path | None, _changed: int) -> ssl.SSLContext:
    # Reading the authorities of a system takes longer than a small download.
    return ssl.create_default_context(cafile=str(certificates) if certificates else None)


class _Redirects(urllib.request.HTTPRedirectHandler):
    def http_error_302(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        """Check the address before it is followed."""
        target = urllib.parse.urljoin(req.full_url, headers.get("Location") or "")
        before, after = (urllib.parse.urlsplit(url).scheme.lower() for url in (req.full_url, target))
        if after not in {before, "https"}:
            fp.close()
            raise RefusedRedirect(req.full_url, target)
        return super().http_error_302(req, fp, code, msg, headers)

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """The next request; to the same host it may say what is secret again."""
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None and _origin(newurl) == _origin(req.full_url):
            for name, value in req.unredirected_hdrs.items():
                if name not in {"Host", "Content-length", "Content-type"}:
                    following.add_unredirected_header(name, value)
        return following


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urllib.parse.urlsplit(url)
    return parts.scheme.lower(), parts.hostname, parts.port
