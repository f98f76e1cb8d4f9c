"""Whose address a request comes from when proxies stand between.

Every proxy appends the address that it saw to a header. Only what trusted proxies appended can be believed, so the
list is read from its end, for as long as the address read so far is a trusted proxy's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from easel.base.networks import parsed

log = structlog.get_logger("easel.http")

Network = IPv4Network | IPv6Network

_FOR = re.compile(r'(?:^|;)\s*for\s*=\s*("[^"]*"|[^;,"\s]*)', re.IGNORECASE)


class ClientAddress:
    """Puts the client's address in `scope["client"]`, found behind the proxies of the `trusted` networks.

    `header` is the one that these proxies write, ``x-forwarded-for`` or ``forwarded`` (RFC 7239); the other could be
    the client's own invention.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[Network], header: str) -> None:
        self.app = app
        self.trusted = tuple(trusted)
        self.header = header
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.get("client"):
            peer = scope["client"][0]
            lines = Headers(scope=scope).getlist(self.header)
            found = self._behind(peer, lines)
            if found != peer:
                # In the same scope: layers further out read there what routing adds.
                scope["client"] = (found, 0)
            elif lines and not self._warned and not self._is_trusted(parsed(peer)):
                self._warned = True
                log.warning(
                    "http.proxy_not_trusted",
                    peer=peer,
                    hint="if this is your proxy, set EASEL_TRUSTED_PROXIES",
                )
        await self.app(scope, receive, send)

    def _behind(self, peer: str, lines: Sequence[str]) -> str:
        hops = [hop for line in lines for hop in line.split(",")]
        address = parsed(peer)
        while hops and self._is_trusted(address):
            hop = hops.pop()
            told = parsed(_named(hop) if self.header == "forwarded" else hop)
            if told is None:  # the proxy did not know, or would not say
                break
            address = told
        return str(address) if address is not None else peer

    def _is_trusted(self, address: IPv4Address | IPv6Address | None) -> bool:
        return address is not None and any(address in network for network in self.trusted)


def _named(element: str) -> str:
    match = _FOR.search(element)
    return match[1].strip('"') if match else ""
