"""The site that passkeys belong to: the studio's host name and origin, as browsers see them."""

from __future__ import annotations

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from ..errors import NoPasskeysHere
from ..service.passkeys import RelyingParty


async def _site(request: Request) -> RelyingParty:
    """`EASEL_PUBLIC_URL`, else the origin that the request names, if it is the host that it came to.

    Raises `NoPasskeysHere` where browsers have no passkeys: at an IP address, or when the two differ.
    """
    public = request.app.state.studio.settings.web.public_url
    named = request.headers.get("origin") or f"{request.url.scheme}://{request.headers.get('host', '')}"
    origin, host = _parts(public or named)
    if public is None:
        if host is None or urlsplit(origin).netloc != request.headers.get("host", "").lower():
            raise NoPasskeysHere
    elif "origin" in request.headers and _parts(named)[0] != origin:
        raise NoPasskeysHere(f"Passkeys work at the studio's own address only: {origin}")
    if host is None or _is_address(host):
        raise NoPasskeysHere("Passkeys need a host name: open the studio by its name, not by its IP address.")
    return RelyingParty(id=host, origin=origin)


def _parts(origin: str) -> tuple[str, str | None]:
    """An origin as browsers write it, without the port that goes without saying, and its host name."""
    try:
        parts = urlsplit(origin.lower())
        port, host = parts.port, parts.hostname
    except ValueError:
        return "", None
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    if not host or usual is None:
        return "", None
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else ""), host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


SiteDep = Annotated[RelyingParty, Depends(_site)]
