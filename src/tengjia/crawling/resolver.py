"""Names of hosts become addresses only if these may be entered: a name that leads into a private network is refused.

What is checked is what is connected to, so a name server that changes its mind between the two finds no gap.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from tengjia.crawling.addresses import host_and_port, is_private


class GuardedResolver(CachingThreadedResolver):
    """Resolves names, and refuses private addresses.

    Args:
        reactor: Twisted's.
        private: Hosts that may have a private address, as `host` or `host:port`.
        timeout: Seconds for a name.
    """

    def __init__(self, reactor: Any, private: Iterable[str], timeout: float) -> None:
        super().__init__(reactor, cache_size=1000, timeout=timeout)
        self._private = frozenset(host_and_port(one)[0] for one in private)
        self.refused: set[str] = set()
        """Names that led to a private address."""

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        """The address of a host.

        Raises:
            DNSLookupError: Through the deferred: there is none, or a private one.
        """
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if is_private(address) and name.lower() not in self._private:
            self.refused.add(name.lower())
            raise DNSLookupError(f"{name} has the private address {address}")
        return address
