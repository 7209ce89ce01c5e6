"""A folder served as a site on this machine while a crawl runs: a config is tried without a network."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tengjia.crawling.addresses import as_address, joined, place_of
from tengjia.crawling.section import Crawl
from tengjia.errors import ConfigurationError, EnvironmentFault


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing about it."""

    def log_message(self, format: str, *values: object) -> None:
        """What became of each page is in the record of the crawl."""


@contextlib.contextmanager
def served(wanted: Crawl.Config, dataset_root: Path) -> Iterator[None]:
    """Serve the folder `serve` at the first start page, if there is one.

    Raises:
        ConfigurationError: There is no such folder, or the start page is not of this machine.
        EnvironmentFault: Another program uses the port.
    """
    if not wanted.serve:
        yield
        return
    folder = dataset_root / wanted.serve
    host, port = place_of(joined(wanted.start_urls[0], ""))
    address = as_address(host)
    if address is None or not address.is_loopback:
        raise ConfigurationError("crawling.serve_elsewhere", key="crawl.serve", found=host)
    if not folder.is_dir():
        raise ConfigurationError("crawling.no_site", key="crawl.serve", found=folder)
    try:
        server = ThreadingHTTPServer((host, port), functools.partial(_Quiet, directory=str(folder)))
    except OSError as error:
        raise EnvironmentFault("crawling.port_in_use", found=f"{host}:{port}", reason=error.strerror or error) from None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
