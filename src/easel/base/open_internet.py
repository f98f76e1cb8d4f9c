"""The open internet: which addresses are of it, and requests that go nowhere else.

A name is resolved once, its addresses are checked, and the connection goes to the address that was checked: a name
that means something else a moment later changes nothing. Every redirect is a request of its own. After OWASP's cheat
sheet on server-side request forgery.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

import httpx

from easel.base.errors import EaselError
from easel.base.networks import parsed

Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""`(host, port) -> addresses`, as the system's resolver would say."""

# Addresses of IPv6 that carry one of IPv4 inside: where they end is up to routers.
_DISGUISES = tuple(
    ip_network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)
# Where clouds tell a machine its secrets, besides 169.254.0.0/16 and fd00::/8: Oracle's and Azure's.
_CLOUDS_OWN = (ip_network("192.0.0.0/24"), ip_network("168.63.129.16/32"))


class AddressRefused(EaselError):
    """The address leads to where this studio sends nobody's requests."""

    status = 422
    code = "address_refused"


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """A host's addresses by the system's resolver, without holding up the loop. Raises `OSError`."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the open internet: no private, loopback, link-local or metadata address."""
    if any(address in network for network in (*_DISGUISES, *_CLOUDS_OWN)):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


@cache
def tls() -> ssl.SSLContext:
    """The way to trust servers, made once: reading all certificates takes time and memory."""
    return httpx.create_ssl_context(trust_env=False)


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends requests to public addresses only, and to those of the networks `also`.

    Connections are not kept: one that was opened for a name must not serve another name at the same address.
    """

    def __init__(self, *, also: Sequence[Network] = (), resolve: Resolve = system_resolve) -> None:
        self._also = tuple(also)
        self._resolve = resolve
        self._inner = httpx.AsyncHTTPTransport(
            verify=tls(), trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Raises `AddressRefused` before anything is sent, and httpx's errors."""
        url = request.url
        if url.scheme not in ("http", "https") or not url.host:
            raise AddressRefused("Only http and https addresses can be fetched.")
        address = await self._checked(url.host, url.port or (443 if url.scheme == "https" else 80))
        # The name stays in the header and, for TLS, in the certificate's check.
        direct = httpx.Request(
            request.method,
            url.copy_with(host=str(address)),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        return await self._inner.handle_async_request(direct)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _checked(self, host: str, port: int) -> IPv4Address | IPv6Address:
        try:
            said = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise AddressRefused(f"There is no host {host}.") from error
        for text in said:
            address = parsed(text)
            if address is not None and self._may(address):
                return address
        # Not which address it was: that would map the network behind this machine.
        raise AddressRefused(f"{host} is not a host of the open internet.")

    def _may(self, address: IPv4Address | IPv6Address) -> bool:
        return is_public(address) or any(address in network for network in self._also)
