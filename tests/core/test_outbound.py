"""Requests on behalf of users reach the open internet only, whatever names, redirects and resolvers say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address, ip_network

import pytest

from easel.base.open_internet import AddressRefused, GuardedTransport, is_public
from easel.core.outbound import RemoteFailed, RemoteTooLarge, fetch

pytestmark = pytest.mark.anyio

HERE = ip_network("127.0.0.1/32")
"""What tests allow; every other loopback address stays forbidden."""

Answer = Callable[[str], bytes]


class Seen(list[str]):
    """The requests that a server got, whole, and its port."""

    port: int


@asynccontextmanager
async def answering(answer: Answer, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Seen]:
    """A server that gives `answer(path)`, head and all, and closes."""
    seen = Seen()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        seen.append(head)
        writer.write(answer(head.split()[1]))
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, host, port)
    seen.port = server.sockets[0].getsockname()[1]
    async with server:
        yield seen


def ok(body: bytes = b"hello", **headers: str) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/plain; charset=utf-8", *lines])
    return f"{head}\r\nConnection: close\r\n\r\n".encode() + body


def to(location: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def guarded(*answers: Sequence[str]) -> tuple[GuardedTransport, list[str]]:
    """A transport that may go to 127.0.0.1, whose resolver gives these answers in turn, the last for ever."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        try:
            return [str(ip_address(host))]
        except ValueError:
            return answers[min(len(asked), len(answers)) - 1]

    return GuardedTransport(also=[HERE], resolve=resolve), asked


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *(
            "100.64.0.1",
            "100.100.100.200",
            "192.0.0.192",
            "168.63.129.16",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "240.0.0.1",
        ),
        *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "::7f00:1"),
    ],
)
def test_what_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111"])
def test_what_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1"),
        *("[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "0.0.0.0", "10.0.0.1"),
    ],
)
async def test_by_any_spelling_this_machine_is_refused(host: str) -> None:
    async with answering(lambda _: ok()) as seen:
        with pytest.raises(AddressRefused):
            await fetch(f"http://{host}:{seen.port}/", max_bytes=100)
        assert seen == []


@pytest.mark.parametrize(
    "url", ["ftp://example.com/", "file:///etc/passwd", "http://", "nothing", "http://[", "//x"]
)
async def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        await fetch(url, max_bytes=100)


async def test_a_host_that_does_not_exist_is_refused() -> None:
    async def nobody(host: str, port: int) -> Sequence[str]:
        raise OSError("no such host")

    with pytest.raises(AddressRefused, match="There is no host"):
        await fetch("http://nowhere.example/", max_bytes=100, transport=GuardedTransport(resolve=nobody))


async def test_fetches_under_the_hosts_own_name() -> None:
    transport, _ = guarded(["127.0.0.1"])
    async with answering(lambda _: ok(b"a picture")) as seen:
        got = await fetch(
            f"http://pictures.example:{seen.port}/a.png?b=c", max_bytes=100, transport=transport
        )
    assert (got.content, got.media_type) == (b"a picture", "text/plain")
    assert got.url.startswith("http://pictures.example:")
    assert seen[0].startswith("GET /a.png?b=c HTTP/1.1\r\n")
    assert f"host: pictures.example:{seen.port}" in seen[0].lower()
    assert "cookie" not in seen[0].lower()


async def test_a_name_that_changes_its_mind_is_asked_once() -> None:
    transport, asked = guarded(["127.0.0.1"], ["127.0.0.2"])
    async with (
        answering(lambda _: ok(b"first")) as seen,
        answering(lambda _: ok(b"second"), host="127.0.0.2", port=seen.port) as inside,
    ):
        url = f"http://rebinding.example:{seen.port}/"
        assert (await fetch(url, max_bytes=100, transport=transport)).content == b"first"
        assert asked == ["rebinding.example"]
        transport, _ = guarded(["127.0.0.2"])
        with pytest.raises(AddressRefused):
            await fetch(url, max_bytes=100, transport=transport)
        assert inside == []


async def test_of_several_addresses_a_public_one_is_taken() -> None:
    transport, _ = guarded(["10.0.0.1", "::1", "127.0.0.1"])
    async with answering(lambda _: ok()) as seen:
        assert (await fetch(f"http://many.example:{seen.port}/", max_bytes=100, transport=transport)).content


async def test_every_redirect_is_checked() -> None:
    transport, _ = guarded(["127.0.0.1"])
    async with answering(lambda _: ok(b"secret"), host="127.0.0.2") as inside:

        def answer(path: str) -> bytes:
            return to("/on") if path == "/" else to(f"http://127.0.0.2:{inside.port}/")

        async with answering(answer) as seen:
            with pytest.raises(AddressRefused):
                await fetch(f"http://friendly.example:{seen.port}/", max_bytes=100, transport=transport)
        assert len(seen) == 2
        assert inside == []


@pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://x/", "/"])
async def test_redirects_lead_to_the_web_and_end(location: str) -> None:
    transport, _ = guarded(["127.0.0.1"])
    async with answering(lambda _: to(location)) as seen:
        with pytest.raises((AddressRefused, RemoteFailed)):
            await fetch(f"http://friendly.example:{seen.port}/", max_bytes=100, transport=transport)
        assert len(seen) <= 6


async def test_too_much_is_refused_declared_or_not() -> None:
    for answer in (ok(b"", Content_Length="101"), ok(b"x" * 101)):
        transport, _ = guarded(["127.0.0.1"])
        async with answering(lambda _, answer=answer: answer) as seen:  # type: ignore[misc]
            with pytest.raises(RemoteTooLarge):
                await fetch(f"http://big.example:{seen.port}/", max_bytes=100, transport=transport)


async def test_what_comes_packed_or_is_an_error_is_not_taken() -> None:
    for answer in (
        ok(b"\x1f\x8b", Content_Encoding="gzip"),
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    ):
        transport, _ = guarded(["127.0.0.1"])
        async with answering(lambda _, answer=answer: answer) as seen:  # type: ignore[misc]
            with pytest.raises(RemoteFailed):
                await fetch(f"http://odd.example:{seen.port}/", max_bytes=100, transport=transport)


async def test_who_never_ends_is_left() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ok(b"x"))
        await reader.read()  # until the other side has had enough
        writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    async with server:
        transport, _ = guarded(["127.0.0.1"])
        url = f"http://slow.example:{server.sockets[0].getsockname()[1]}/"
        with pytest.raises(RemoteFailed, match=r"within 0\.5 seconds"):
            await fetch(url, max_bytes=100, seconds=0.5, transport=transport)
