"""Network addresses: reading them as people and proxies write them, and the networks they are in."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](?::\d+)?|(?P<four>[^:\[\]]+):\d+")


def parsed(text: str) -> IPv4Address | IPv6Address | None:
    """The address in `text`, with or without a port; None where there is none. IPv4 in IPv6's dress is undressed."""
    text = text.strip()
    if match := _WITH_PORT.fullmatch(text):
        text = match["six"] or match["four"]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def network_of(address: str | None, *, four: int, six: int) -> str | None:
    """The network of an address by the lengths of its prefix, such as ``203.0.113.0/24``; None for no address."""
    found = parsed(address or "")
    if found is None:
        return None
    if isinstance(found, IPv4Address):
        return str(IPv4Network((found, four), strict=False))
    return str(IPv6Network((found.packed, six), strict=False))
