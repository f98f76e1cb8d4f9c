"""Clients that connect and then say nothing, or half of something, hold nobody up."""

from __future__ import annotations

import asyncio
import sys
from urllib.parse import urlsplit

import pytest

from tests.plugins.studio import Server

pytestmark = pytest.mark.anyio

# A process of its own, for a process may only open so many files: this one's server needs as many.
_HOLDER = """
import socket, sys
port, number = int(sys.argv[1]), int(sys.argv[2])
says = (b"", b"GET /healthz HTTP/1.1\\r\\nHost: a\\r\\nX-Slow: ", b"POST /api/auth/login HTTP/1.1\\r\\nHost: a\\r\\n"
        b"Content-Type: application/json\\r\\nContent-Length: 500\\r\\n\\r\\n{")
held = []
for index in range(number):
    one = socket.create_connection(("127.0.0.1", port), timeout=60)
    one.sendall(says[index % 3])
    held.append(one)
print(len(held), flush=True)
sys.stdin.read()
"""


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "number", [pytest.param(300, id="300"), pytest.param(10_000, id="10,000", marks=pytest.mark.faults)]
)
async def test_idle_connections_hold_up_nobody(server: Server, number: int) -> None:
    port = urlsplit(server.url).port
    client = await server.member()
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _HOLDER, str(port), str(number)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert int(await holder.stdout.readline()) == number
        for _ in range(20):
            assert (await client.get("/api/auth/me")).status_code == 200
        assert (await server.client().get("/readyz")).status_code == 200
    finally:
        holder.kill()
        await holder.wait()
    assert (await client.get("/api/images")).status_code == 200
